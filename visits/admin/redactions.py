"""Redactions: proposed on one page that shows every place it would reach, decided by another person on another."""

import json
from dataclasses import dataclass

from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.editorial import redaction as redacting
from visits.editorial import rules
from visits.enums import RedactionState
from visits.exceptions import Refused, RegisterError
from visits.models import Child, Redaction
from visits.text.marks import Piece

from .base import arrived, number_in, reasons_of, typed, with_plain_newlines
from .record import HistoryOfEvents, ReadOnlyAdmin

# So many places are shown, and the others counted.
SHOWN = 300
AROUND = 60


class ProposalForm(forms.ModelForm):
    class Meta:
        model = Redaction
        fields = ("text", "reason")
        widgets = {"text": forms.Textarea({"rows": 4}), "reason": forms.Textarea({"rows": 3})}


@dataclass(frozen=True)
class ShownPlace:
    """A place in words: what kind of record, which, where in it, and the passage with what would go."""

    kind: str
    record: str
    address: str
    field: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Scope:
    numbers: list[tuple[str, int]]
    places: list[ShownPlace]
    more: int
    digest: str


def scope_of(text: str) -> Scope | None:
    """What a redaction of this text would reach; None where it reaches nothing."""
    search = redacting.Search(text)
    places = search.places()
    if not places:
        return None
    return Scope(
        numbers=in_words(redacting.numbers(places)),
        places=[shown(place, search) for place in places[:SHOWN]],
        more=max(0, len(places) - SHOWN),
        digest=redacting.scope_of(places),
    )


def in_words(numbers: dict[str, int]) -> list[tuple[str, int]]:
    named = {model._meta.model_name: model._meta.verbose_name_plural for model in apps.get_models()}
    return [(str(named.get(kind, kind)), number) for kind, number in numbers.items()]


def shown(place: redacting.Place, search: redacting.Search) -> ShownPlace:
    row = place.row
    record = row.edition if isinstance(row, Child) else row
    field = row._meta.get_field(place.field).verbose_name
    return ShownPlace(str(row._meta.verbose_name), str(record), address_of(record), str(field), passage(place, search))


def address_of(record) -> str:
    try:
        return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])
    except NoReverseMatch:
        return ""


def passage(place: redacting.Place, search: redacting.Search) -> tuple[Piece, ...]:
    """The first words that would go, with those around them; of a person whose name goes, the whole column."""
    is_text = isinstance(place.before, str)
    text = place.before if is_text else json.dumps(place.before, ensure_ascii=False)
    found = search.pattern.search(text)
    if found is None:
        return ((text[: 2 * AROUND], True),)
    start, stop = found.span()
    before, after = text[max(0, start - AROUND) : start], text[stop : stop + AROUND]
    return (before, False), (text[start:stop], True), (after, False)


@admin.register(Redaction)
class RedactionAdmin(HistoryOfEvents, ReadOnlyAdmin):
    list_display = ("name", "state_badge", "reason", "proposed_by", "proposed_at", "decided_by", "decided_at")
    list_filter = ("state",)
    list_per_page = 50

    @admin.display(description=gettext_lazy("redaction"), ordering="pk")
    def name(self, redaction):
        return str(redaction)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_badge(self, redaction):
        return format_html('<span class="state">{}</span>', redaction.get_state_display())

    def has_add_permission(self, request):
        return rules.may(request.user, redacting.PROPOSE)

    def add_view(self, request, form_url="", extra_context=None):
        """What is typed is sent by POST from the beginning: addresses are logged."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        data = with_plain_newlines(request.POST) if request.method == "POST" else None
        form, scope, refusals = ProposalForm(data), None, []
        if form.is_bound and form.is_valid():
            typed = form.cleaned_data["text"], form.cleaned_data["reason"]
            try:
                if "propose" in data:
                    return self.proposed(request, redacting.propose(*typed, by=request.user))
                if reasons := list(redacting.why_not_propose(*typed, request.user)):
                    raise Refused(reasons)
                scope = scope_of(typed[0])
            except RegisterError as refusal:
                refusals = reasons_of(refusal)
        context = {
            "title": _("Propose a redaction"),
            "form": form,
            "scope": scope,
            "is_nowhere": form.is_bound and form.is_valid() and not refusals and scope is None,
            "refusals": refusals,
        }
        return self.page(request, "propose", context, 409 if refusals else 200)

    def proposed(self, request, redaction):
        arrived(request, _("The redaction has been proposed. Another person has to approve it."))
        return HttpResponseRedirect(reverse("admin:visits_redaction_change", args=[redaction.pk]))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What was proposed, what it reaches now, and the decision."""
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        redaction = self.get_object(request, unquote(object_id))
        if redaction is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, redaction):
            raise PermissionDenied
        note, refusals = typed(request), []
        if request.method == "POST":
            try:
                return self.decide(request, redaction, note)
            except RegisterError as refusal:
                refusals = reasons_of(refusal)
                redaction.refresh_from_db()
        is_open = redaction.state == RedactionState.PROPOSED
        context = {
            "title": str(redaction),
            "original": redaction,
            "is_open": is_open,
            "scope": scope_of(redaction.text) if is_open else None,
            "found": in_words(redaction.found),
            "reasons": redacting.why_not_approve(redaction, request.user) if is_open else [],
            "note": note,
            "refusals": refusals,
        }
        return self.page(request, "decide", context, 409 if refusals else 200)

    def decide(self, request, redaction, note):
        version = number_in(request.POST.get("version", "")) or 0
        if "decline" in request.POST:
            redacting.decline(redaction, by=request.user, note=note, version=version)
            arrived(request, _("The redaction has been declined, and its text forgotten."))
        else:
            # Without its button nothing is approved: no scope is that of the register.
            scope = request.POST.get("scope", "") if "approve" in request.POST else ""
            redacting.approve(redaction, by=request.user, scope=scope, version=version)
            arrived(request, _("It has been redacted everywhere, and its text forgotten."))
        return HttpResponseRedirect(reverse("admin:visits_redaction_change", args=[redaction.pk]))

    def page(self, request, name, context, status):
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/visits/redaction/{name}.html", context, status=status)
