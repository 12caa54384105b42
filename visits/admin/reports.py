"""Errors that readers reported: what they wrote, and what comes of it."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext_lazy as _

from visits.editorial import reports, rules
from visits.enums import ReportState, ReportStep
from visits.exceptions import RegisterError, StaleVersion
from visits.models import ErrorReport, Event

from .base import arrived, number_in, reasons_of, typed
from .conflicts import events_since, told
from .record import HistoryOfEvents, ReadOnlyAdmin
from .transitions import Step

STEPS = {
    ReportStep.TAKE_UP: Step(
        _("Take up"),
        _("Others see that you look into it. It stays open until it is answered or dismissed."),
        _("You have taken up report %(report)s."),
        "main",
    ),
    ReportStep.ANSWER: Step(
        _("Answer"),
        _(
            "The report is closed. Say what you found and what was corrected; staff read it here. If the reader gave "
            "an address, write to it yourself: it is erased 30 days from now."
        ),
        _("Report %(report)s is answered."),
        "main",
    ),
    ReportStep.DISMISS: Step(
        _("Dismiss"),
        _("The report is closed and nothing comes of it. Say why; staff read it here."),
        _("Report %(report)s is dismissed."),
        "grave",
    ),
}


def address_of(report: ErrorReport, page: str = "change", **query) -> str:
    return reverse(f"admin:visits_errorreport_{page}", args=[report.pk], query=query or None)


@admin.register(ErrorReport)
class ErrorReportAdmin(HistoryOfEvents, ReadOnlyAdmin):
    """What a reader wrote is for reading; what staff decide is a step with a page of its own."""

    list_display = ("reference", "at", "about", "excerpt", "state", "handled_by")
    list_filter = ("state", ("handled_by", admin.RelatedOnlyFieldListFilter), "at")
    list_select_related = ("handled_by",)
    search_fields = ("about", "text", "source", "note")
    list_per_page = 50
    fields = (
        *("state", "handled_by", "closed_at", "note"),
        *("page", "text", "source", "reader", "language", "at"),
    )

    @admin.display(description=_("number"), ordering="pk")
    def reference(self, report):
        return report.reference

    @admin.display(description=_("what is wrong"))
    def excerpt(self, report):
        return Truncator(report.text).chars(80)

    @admin.display(description=_("page"))
    def page(self, report):
        # Typed by anybody: only what leads into this site is a link.
        if report.about.startswith("/") and url_has_allowed_host_and_scheme(report.about, allowed_hosts=None):
            return format_html('<a href="{0}">{0}</a>', report.about)
        return report.about

    @admin.display(description=_("reader’s address"))
    def reader(self, report):
        if not report.email:
            return _("none given, or erased")
        return format_html('<a href="mailto:{0}?subject={1}">{0}</a>', report.email, report.reference)

    def get_urls(self):
        return [
            path(
                f"<int:pk>/{step.value}/",
                self.admin_site.admin_view(self.step_view),
                {"step": step},
                name=f"visits_errorreport_{step.value}",
            )
            for step in STEPS
        ] + super().get_urls()

    def render_change_form(self, request, context, *args, **kwargs):
        report = context["original"]
        context["steps"] = [
            {"step": words, "url": address_of(report, step.value, version=report.version)}
            for step, words in STEPS.items()
            if rules.may(request.user, reports.CHANGE) and report.state == ReportState.OPEN
        ]
        return super().render_change_form(request, context, *args, **kwargs)

    def step_view(self, request, pk, step):
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        report = self.get_object(request, str(pk))
        if report is None:
            raise Http404
        if not self.has_view_permission(request, report) or not rules.may(request.user, reports.CHANGE):
            raise PermissionDenied
        note, refusals = typed(request), []
        is_post = request.method == "POST"
        if is_post:
            # Without a version that can be read nobody can say what was on the page: never the stored one.
            version = number_in(request.POST.get("version", "")) or 0
            try:
                reports.take(step, report, by=request.user, note=note, version=version)
            except RegisterError as refusal:
                refusals = reasons_of(refusal)
                report = self.get_object(request, str(pk))
            else:
                arrived(request, STEPS[step].done % {"report": report})
                return HttpResponseRedirect(address_of(report))
        standing = reports.why_not(step, report, request.user)
        read = number_in(request.GET.get("version", ""))
        if not is_post and read not in (None, report.version):
            refusals = [StaleVersion(row=report, held=read, stored=report.version)]
        seen = number_in((request.POST or request.GET).get("seen", ""))
        is_stale = any(isinstance(refusal, StaleVersion) for refusal in refusals)
        context = {
            **self.admin_site.each_context(request),
            "title": capfirst(STEPS[step].button),
            "subtitle": str(report),
            "trail": [
                (reverse("admin:visits_errorreport_changelist"), capfirst(self.opts.verbose_name_plural)),
                (address_of(report), report),
            ],
            "version": report.version,
            "seen": Event.objects.about(report).latest_pk(),
            "happened": told(events_since(report, seen)) if is_stale else [],
            "opts": self.opts,
            "original": report,
            "step": STEPS[step],
            "reasons": refusals if is_post else refusals + standing,
            "was_refused": is_post,
            "possible": not standing,
            "note": note,
            "note_required": reports.STEPS[step].reason_required,
        }
        return TemplateResponse(request, "admin/visits/confirm.html", context, status=409 if is_post else 200)
