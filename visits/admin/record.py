"""The register's own memory, for reading: what was done to a record, in sentences, narrowed down and exported."""

import csv
from datetime import date

from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from visits.enums import Verb
from visits.models import Edition, Event, Visit
from visits.text.spreadsheets import guarded

from .exports import Exporting
from .sentences import Sentence, Teller, groups_of, name_of_group

PER_PAGE = 50


class HistoryForm(forms.Form):
    """How a history is narrowed down. What can be chosen is what stands in it."""

    who = forms.ChoiceField(label=pgettext_lazy("of a history", "Person"), required=False)
    verb = forms.ChoiceField(label=gettext_lazy("What was done"), required=False)
    part = forms.ChoiceField(label=gettext_lazy("What it was done to"), required=False)
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, data, events: list[Event]):
        super().__init__(data)
        every = [("", _("all"))]
        people = sorted({event.actor_name for event in events})
        self.fields["who"].choices = every + [(name, name) for name in people]
        verbs = {event.verb for event in events}
        self.fields["verb"].choices = every + [(verb.value, capfirst(verb.label)) for verb in Verb if verb in verbs]
        groups = sorted((capfirst(name_of_group(group)), group) for event in events for group in groups_of(event))
        self.fields["part"].choices = every + [(group, name) for name, group in dict.fromkeys(groups)]

    def fits(self, event: Event) -> bool:
        asked, day = self.cleaned_data, timezone.localdate(event.at)
        return (
            asked["who"] in ("", event.actor_name)
            and asked["verb"] in ("", event.verb)
            and (not asked["part"] or asked["part"] in groups_of(event))
            and (asked["since"] or date.min) <= day <= (asked["until"] or date.max)
        )


def told(events: list[Event], part: str = "") -> list[tuple[Event, list[Sentence]]]:
    """Each event with its sentences; where a part was chosen, with those about it."""
    teller = Teller(events)
    return [
        (event, [sentence for sentence in teller.sentences(event) if part in ("", sentence.group)]) for event in events
    ]


def as_csv(record, events: list[tuple[Event, list[Sentence]]]) -> HttpResponse:
    """A line for each sentence. For spreadsheets: marked as UTF-8, and nothing in it is a formula."""
    name = f"history-{record._meta.model_name}-{record.pk}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(answer)
    writer.writerow(
        [_("Time"), _("Person"), _("What was done"), _("Record"), _("Field"), _("Before"), _("After"), _("In words"),
         _("Note")]
    )  # fmt: skip
    for event, sentences in events:
        of_event = [event.at.isoformat(), event.actor_name, event.get_verb_display()]
        for sentence in sentences:
            told_of = [subject_of(event), sentence.label, sentence.old, sentence.new, sentence.text, event.note]
            writer.writerow([guarded(str(cell)) for cell in (*of_event, *told_of)])
    return answer


def subject_of(event: Event) -> str:
    return str(event.edition) if event.edition else event.subject


class HistoryOfEvents:
    """The history of a record from the register's own events; Django's log of admin clicks is no record."""

    def history_view(self, request, object_id, extra_context=None):
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        record = obj.visit if isinstance(obj, Edition) else obj
        events = record.events.all() if isinstance(record, Visit) else Event.objects.about(record)
        events = list(events.select_related("edition__visit__country"))
        form = HistoryForm(request.GET, events)
        fitting = [event for event in events if form.fits(event)] if form.is_valid() else []
        part = form.cleaned_data.get("part", "")
        if request.GET.get("format") == "csv" and form.is_valid():
            return as_csv(record, told(fitting, part))
        page = Paginator(fitting, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("History of %(record)s") % {"record": record},
            "list_address": reverse(f"admin:visits_{record._meta.model_name}_changelist"),
            "list_name": record._meta.verbose_name_plural,
            "form": form,
            "is_narrowed": any(form.cleaned_data.values()),
            "page": page,
            "pages": page.paginator.get_elided_page_range(page.number),
            "events": told(page.object_list, part),
            "opts": self.opts,
            "original": obj,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/visits/history.html", context)


class ReadOnlyAdmin(Exporting, admin.ModelAdmin):
    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("at", "actor_name", "verb", "subject", "note")
    list_filter = ("verb", ("actor", admin.RelatedOnlyFieldListFilter), "at")
    date_hierarchy = "at"
    search_fields = ("actor_name", "subject", "note")
    list_per_page = 50
    fields = ("at", "actor_name", "verb", "subject", "note", "changes_in_words")

    @admin.display(description=gettext_lazy("changes"))
    def changes_in_words(self, event):
        [(event, sentences)] = told([event])
        return render_to_string("admin/visits/_sentences.html", {"sentences": sentences})
