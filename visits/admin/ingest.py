"""From a release to drafts: the page that takes it in, and the review of what it tells."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from js_asset import Media

from visits.editorial import rules
from visits.exceptions import RegisterError
from visits.ingest import pipeline
from visits.models import Document, Edition

from .base import arrived, edition_url, reasons_of, with_plain_newlines
from .ingest_forms import UploadForm
from .ingest_sheets import Review
from .translation_desk import Language


class Ingesting:
    """Adds to DocumentAdmin the pages `read/` and `<pk>/review/`."""

    read_file = staticmethod(pipeline.read)
    propose = staticmethod(pipeline.propose)

    def get_urls(self):
        views = {"read": ("read/", self.read_view), "review": ("<int:pk>/review/", self.review_view)}
        return [
            path(route, self.admin_site.admin_view(view), name=f"visits_document_{name}")
            for name, (route, view) in views.items()
        ] + super().get_urls()

    # Taking in

    def read_view(self, request):
        if not self.has_add_permission(request) or not rules.may(request.user, rules.ADD):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        form = UploadForm()
        if request.method == "POST":
            form = UploadForm(with_plain_newlines(request.POST), request.FILES)
            if form.is_valid() and (document := self.taken_in(request, form)):
                return HttpResponseRedirect(reverse("admin:visits_document_review", args=[document.pk]))
        context = {**self.admin_site.each_context(request), "title": _("Read a release"), "opts": self.opts}
        return TemplateResponse(request, "admin/visits/ingest/upload.html", context | {"form": form})

    def taken_in(self, request, form) -> Document | None:
        """The stored text; None where there is none, which the form then says."""
        file, text = form.cleaned_data["file"], form.cleaned_data["text"]
        name = file.name if file else ""
        try:
            reading = self.read_file(name or _("The pasted text"), file.read() if file else text.encode())
            document, is_new = pipeline.store(
                reading, by=request.user, name=name, url=form.cleaned_data["url"], propose=self.propose
            )
        except RegisterError as unreadable:
            form.add_error("file" if file else "text", unreadable.sentence)
            return None
        if not is_new:
            sentence = _("The register has this text already, as the document “%(title)s”: it is used again.")
            messages.info(request, sentence % {"title": document.title})
        return document

    # Reviewing

    def review_view(self, request, pk):
        document = self.get_object(request, str(pk))
        if document is None:
            raise Http404
        may_create = rules.may(request.user, rules.ADD)
        is_post = request.method == "POST"
        if not self.has_view_permission(request, document) or (is_post and not may_create):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        review = Review(document, self.propose(document), with_plain_newlines(request.POST) if is_post else None)
        refusals = []
        if is_post and review.is_valid():
            try:
                editions = review.carry_out(by=request.user)
            except RegisterError as refusal:
                refusals = reasons_of(refusal)
            else:
                tell(request, editions)
                return HttpResponseRedirect(edition_url(editions[0]))
        context = {
            **self.admin_site.each_context(request),
            # The two texts side by side need the width.
            "is_nav_sidebar_enabled": False,
            "title": _("Review what the release tells"),
            "subtitle": document.title,
            "opts": self.opts,
            "document": document,
            "review": review,
            "source": spoken(document.language),
            "refusals": refusals,
            "has_errors": is_post and not refusals,
            "may_create": may_create,
            # The nonce lets the editor's import map through the content security policy.
            "media": Media.from_media(review.media, nonce=str(request.csp_nonce)),
        }
        status = 409 if refusals else 200
        return TemplateResponse(request, "admin/visits/ingest/review.html", context, status=status)


def spoken(language: str) -> Language:
    """How a text is written; what is not known runs from left to right."""
    try:
        return Language.of(language, language)
    except KeyError:
        return Language(language, language, "ltr")


def tell(request, editions: list[Edition]) -> None:
    message = ngettext(
        "The draft has been created. Read it once more, then submit it for review.",
        "%(count)d drafts have been created. This is the first of them.",
        len(editions),
    ) % {"count": len(editions)}
    others = format_html_join("", ' <a href="{}">{}</a>', ((edition_url(each), each) for each in editions[1:]))
    arrived(request, format_html("{}{}", message, others))
