"""Editions for reading: as the public would see one, and what is different between two of a visit."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from visits.catalogue.pages import visit_page
from visits.catalogue.wording import SOURCE_LANGUAGE
from visits.enums import WORKING, State
from visits.models import Edition, Event
from visits.models.content import snapshot

from .base import edition_url, number_in
from .comparing import compare, counted
from .transitions import claim_of
from .visits import badge

LANGUAGES = dict(settings.LANGUAGES)


class Reading:
    """Adds to EditionAdmin the pages `<pk>/preview/` and `<pk>/compare/`. Neither changes anything."""

    def get_urls(self):
        views = {"preview": self.preview_view, "compare": self.compare_view}
        return [
            path(f"<path:object_id>/{name}/", self.admin_site.admin_view(view), name=f"visits_edition_{name}")
            for name, view in views.items()
        ] + super().get_urls()

    def read(self, request, object_id) -> Edition:
        edition = self.get_object(request, object_id)
        if edition is None:
            raise Http404
        if not self.has_view_permission(request, edition):
            raise PermissionDenied
        return edition

    def preview_view(self, request, object_id):
        """The public page of that edition, whatever its state, in any language."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        edition = self.read(request, object_id)
        language = request.GET.get("language")
        language = language if language in LANGUAGES else SOURCE_LANGUAGE
        with translation.override(language):
            context = {
                "page": visit_page(edition),
                "addresses": {code: f"?language={code}" for code in LANGUAGES},
                "preview_of": edition_url(edition),
            }
            page = render(request, "visits/visit.html", context)
        page.headers["Content-Language"] = language
        return page

    def compare_view(self, request, object_id):
        """Word by word, against another edition of the visit: the one asked for, or else the one before it."""
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        edition = self.read(request, object_id)
        editions = list(edition.visit.editions.order_by("-pk"))
        asked = {name: number_in(request.GET.get(name, "")) for name in ("edition", "with")}
        if asked["edition"] not in (None, edition.pk) and asked["edition"] in {each.pk for each in editions}:
            query = {"with": asked["with"]} if asked["with"] else None
            return HttpResponseRedirect(reverse("admin:visits_edition_compare", args=[asked["edition"]], query=query))
        others = [other for other in editions if other != edition]
        before = next((other for other in others if other.pk == asked["with"]), None) or edition_before(edition, others)
        groups = compare(snapshot(before) if before else {}, snapshot(edition))
        seen = Event.objects.about(edition).latest_pk()
        context = {
            **self.admin_site.each_context(request),
            # Two texts in one need the width.
            "is_nav_sidebar_enabled": False,
            "title": _("What is different"),
            "subtitle": edition.title or str(edition.visit),
            "opts": self.opts,
            "original": edition,
            "edition": edition,
            "badge": badge(edition),
            "claim": claim_of(edition, request.user),
            "before": before,
            "editions": editions,
            "choices": [("with", _("Before"), before), ("edition", _("After"), edition)],
            "groups_different": [group for group in groups if group.different],
            "groups_same": [group for group in groups if not group.different],
            "counted": counted(groups) if before else [],
            "languages": LANGUAGES.items(),
            "steps": self.steps(edition, request.user, seen) if edition.state in WORKING else [],
        }
        return TemplateResponse(request, "admin/visits/compare.html", context)


def edition_before(edition: Edition, others: list[Edition]) -> Edition | None:
    """What the public reads instead of it; of an edition that is or was public itself, the one it replaced."""
    if edition.number is None:
        return next((other for other in others if other.state == State.PUBLISHED), None) or edition.copied_from
    return next((other for other in others if other.number == edition.number - 1), None)
