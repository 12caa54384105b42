"""The whole working edition on one page, and the list of all editions."""

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from js_asset import Media

from visits.editorial import actions, checks, redaction, rules, scheduling
from visits.enums import State, Verb
from visits.exceptions import Refused
from visits.models import Edition
from visits.models.content import whole

from .base import RefusingAdmin, arrived, is_changed, number_in
from .checking import shown
from .forms import EditionForm
from .home import DeskFilter
from .inlines import INLINES
from .life import LifeOfRecords
from .reading import Reading
from .record import HistoryOfEvents
from .transitions import Transitions, claim_of
from .visits import COUNTRY_NAMES, address_of, badge


@admin.register(Edition)
class EditionAdmin(LifeOfRecords, Transitions, Reading, HistoryOfEvents, RefusingAdmin):
    """One edition on one page, in reading order. Fixed ones, and those of others to decide on, are only shown."""

    form = EditionForm
    inlines = INLINES
    fieldsets = (
        (None, {"fields": ("title", "summary", "aim", "mandate", "text")}),
        (gettext_lazy("What changed"), {"fields": ("change_note",)}),
    )
    list_display = ("listed_title", "country", "state_badge", "number", "created_at")
    list_select_related = ("visit__country",)
    list_filter = (DeskFilter, "state", "awaits_approval", ("visit__country", admin.RelatedOnlyFieldListFilter))
    list_per_page = 50
    search_fields = ["title", "visit__slug", *COUNTRY_NAMES]
    search_help_text = gettext_lazy("Country by any of its names, title, or address")
    ordering = ("-pk",)

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def listed_title(self, edition):
        return edition.title or _("Without a title")

    @admin.display(description=gettext_lazy("country"), ordering="visit__country__name")
    def country(self, edition):
        return edition.visit.country

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, edition):
        return badge(edition)

    @admin.display(description=gettext_lazy("text"))
    def account(self, edition):
        # Sanitised on every way into the database, see RichTextField.
        return mark_safe(edition.text) if edition.text else "–"  # noqa: S308

    def get_fieldsets(self, request, obj=None):
        if self.has_change_permission(request, obj):
            return self.fieldsets
        return ((None, {"fields": ("title", "summary", "aim", "mandate", "account")}), *self.fieldsets[1:])

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return super().has_change_permission(request)
        # After a refusal the form is shown once more with what was typed; it saves nothing (see VersionedForm).
        return hasattr(request, "refusal") or not rules.why_not(Verb.SAVE, obj, request.user)

    def get_object(self, request, object_id, from_field=None):
        edition = super().get_object(request, object_id, from_field)
        return edition and whole(Edition.objects.filter(pk=edition.pk)).get()

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method == "POST" and object_id:
            self.keep_what_comes_too_late(request, unquote(object_id))
        return super().changeform_view(request, object_id, form_url, extra_context)

    def keep_what_comes_too_late(self, request, object_id):
        """When somebody took the edition further while this form was open, refuse it rather than the whole page."""
        edition = super().get_object(request, object_id)
        if edition is None or not self.has_change_permission(request):
            return
        reasons = rules.why_not(Verb.SAVE, edition, request.user)
        held = number_in(request.POST.get("version", ""))
        if reasons and held is not None and held < edition.version:
            request.refusal = Refused(reasons)

    def save_model(self, request, obj, form, change):
        """Nothing yet: `save_related` writes the edition together with its rows."""

    def save_related(self, request, form, formsets, change):
        edition = form.instance
        edition.was_saved = is_changed(form, formsets)
        if not edition.was_saved:
            # Who presses “Save” on an untouched form has had no hand in the edition, and may still publish it.
            super().save_related(request, form, formsets, change)
            return
        with actions.saving(edition, by=request.user):
            edition.save()
            super().save_related(request, form, formsets, change)
            gone = [row.uid for formset in formsets for row in formset.deleted_objects if hasattr(row, "uid")]
            # Evidence goes with what it was about.
            edition.evidence.filter(child_uid__in=gone).delete()
            # The rows that were read at first are not those that are stored now.
            edition.refresh_from_db()

    def response_change(self, request, obj):
        if obj.was_saved:
            arrived(request, _("“%(title)s” has been saved.") % {"title": obj.title})
        else:
            arrived(request, _("Nothing was different, so nothing was saved."), messages.INFO)
        if "_check" in request.POST:
            return HttpResponseRedirect(f"{request.path}?checked=1#checks")
        if "_save" in request.POST:
            return HttpResponseRedirect(reverse("admin:visits_visit_changelist"))
        return HttpResponseRedirect(request.path)

    def neighbours(self, edition):
        """What is recorded of other visits to that State, so that none is entered twice."""
        others = Edition.objects.standing().filter(visit__country=edition.visit.country).exclude(visit=edition.visit)
        return [
            {"edition": other, "badge": badge(other), "at_the_same_time": overlap(edition, other)}
            for other in others.order_by("-earliest", "-pk")
        ]

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        visit = obj.visit
        editable = not rules.why_not(Verb.SAVE, obj, request.user)
        context |= {
            "title": _("Edition of a visit to %(country)s") % {"country": visit.country},
            "subtitle": obj.title or _("Without a title"),
            "badge": badge(obj),
            "visit": visit,
            "editable": editable,
            "claim": claim_of(obj, request.user),
            "steps": self.steps(obj, request.user, context["adminform"].form.initial["seen"]),
            "schedule": schedule_of(obj),
            "sent_back": obj.events.filter(verb=Verb.SEND_BACK).first() if obj.state == State.DRAFT else None,
            "siblings": [(edition, badge(edition)) for edition in visit.editions.order_by("-pk") if edition != obj],
            "neighbours": self.neighbours(obj) if editable else (),
            "slips": shown(checks.slips(obj), obj) if "checked" in request.GET else None,
            "forced": obj.events.filter(verb=Verb.FORCE_PUBLISH).first() if obj.awaits_approval else None,
            "may_redact": request.user.has_perm(redaction.PROPOSE),
            "public_address": address_of(visit) if obj.state == State.PUBLISHED else None,
            "show_save": editable,
            "show_save_and_continue": editable,
        }
        if self.has_change_permission(request, obj):
            # The nonce lets the editor's import map through the content security policy.
            context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))
        return super().render_change_form(request, context, add, change, form_url, obj)


def schedule_of(edition: Edition) -> dict | None:
    """When it is published by itself, and what stands against that if it should have been."""
    if edition.state != State.SCHEDULED:
        return None
    late = next(scheduling.overdue(pk=edition.pk), None)
    moment = scheduling.in_words(edition.scheduled_for, edition.scheduled_zone)
    return {"moment": moment, "by": scheduling.scheduled_by(edition), "late": late}


def overlap(one: Edition, other: Edition) -> bool:
    if not (one.earliest and other.earliest):
        return False
    return one.earliest <= other.latest and other.earliest <= one.latest
