"""What some steps ask for besides a note: the moment of a publication, the visit that another has become part of."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.validators import MaxValueValidator, MinValueValidator
from django.forms.utils import from_current_timezone
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.enums import State, Verb
from visits.models import Event, Visit


class ScheduleForm(forms.Form):
    """A moment as somebody thinks of it: a day and a time in some place."""

    day = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        # At either end of the calendar there is no such time in other zones.
        validators=[MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))],
    )
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput({"type": "time"}, format="%H:%M"))
    zone = forms.ChoiceField(label=_("Time zone"))

    def __init__(self, data=None, *, user, edition, admin_site):
        zone = last_zone(user) or settings.OFFICE_TIME_ZONE
        # The next full hour but one: nobody is hurried.
        moment = timezone.now().astimezone(ZoneInfo(zone)) + timedelta(hours=2)
        super().__init__(data, initial={"day": moment.date(), "time": moment.replace(minute=0).time(), "zone": zone})
        self.fields["zone"].choices = [(name, name) for name in sorted(available_timezones())]

    def clean(self):
        cleaned = super().clean()
        if not self.errors:
            # Refuses hours that the clocks there skip or repeat on that day.
            with timezone.override(cleaned["zone"]):
                cleaned["moment"] = from_current_timezone(datetime.combine(cleaned["day"], cleaned["time"]))
        return cleaned

    def details(self) -> dict:
        return {"moment": self.cleaned_data["moment"], "zone": self.cleaned_data["zone"]}


def last_zone(user) -> str | None:
    """The zone in which this person last thought of a moment."""
    scheduled = Event.objects.filter(actor=user, verb=Verb.SCHEDULE)
    return scheduled.values_list("edition__scheduled_zone", flat=True).first()


class WithdrawalForm(forms.Form):
    consolidated_into = forms.ModelChoiceField(
        label=_("Consolidated into (may stay empty)"),
        queryset=Visit.objects.none(),
        required=False,
        help_text=_("Where this record has become part of that of another visit, its addresses lead there for good."),
    )

    def __init__(self, data=None, *, user, edition, admin_site):
        super().__init__(data)
        field = self.fields["consolidated_into"]
        field.queryset = Visit.objects.filter(editions__state=State.PUBLISHED).exclude(pk=edition.visit_id)
        field.widget = AutocompleteSelect(Visit._meta.get_field("consolidated_into"), admin_site, choices=field.choices)

    def details(self) -> dict:
        return self.cleaned_data
