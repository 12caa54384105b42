"""Two people at one record: a form knows what it was opened at, refuses to save over what somebody else saved since,
and shows both."""

from dataclasses import dataclass

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from visits.catalogue.wording import SOURCE_LANGUAGE
from visits.exceptions import RegisterError, StaleVersion
from visits.models import CHILDREN, Edition, Event
from visits.text import diff

from .sentences import label_of_change, labels_of, model_of
from .words import Words, label_of


class Held(forms.IntegerField):
    """A number that the page carries from its opening to its saving; nobody types it."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def has_changed(self, initial, data):
        return False


class VersionedForm(forms.ModelForm):
    """Refuses to save over what somebody else saved after the form was opened; everything typed stays in it.

    `version` is the row's, `seen` the latest event about it: an account has no version and goes by its events alone.
    `refusal` is why an earlier attempt of the same request was refused by `editorial`. The form then saves nothing.
    """

    version = Held()
    seen = Held()
    refusal: RegisterError | None = None
    was_refused = False
    # What others did since the form was opened; None as long as nobody was in the way.
    since: list[Event] | None = None

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance._state.adding:
            del self.fields["version"], self.fields["seen"]
            return
        self.initial["seen"] = Event.objects.about(self.instance).latest_pk()
        if hasattr(self.instance, "version"):
            self.initial["version"] = self.instance.version
        else:
            del self.fields["version"]

    def clean(self):
        cleaned = super().clean()
        stale = any(self.cleaned_data.get(name) != self.initial[name] for name in self.compared())
        if self.refusal and not isinstance(self.refusal, StaleVersion):
            keep = _("Nothing was saved. What you typed still stands here: copy from it what you need.")
            if stale:
                self.since = self.events_since()
            self.refuse(self.refusal.sentence, *told(self.since or []), keep)
        elif stale or self.refusal:
            self.tell_conflict()
        return cleaned

    def compared(self) -> tuple[str, ...]:
        """Where a row has a version that alone decides: it also knows of writes that no event tells of."""
        return tuple(name for name in ("version", "seen") if name in self.fields)[:1]

    def refuse(self, *sentences):
        self.was_refused = True
        self.add_error(None, ValidationError(list(sentences), code="refused"))

    def tell_conflict(self):
        self.since = self.events_since()
        self.refuse(StaleVersion(row=self.instance).sentence, *told(self.since))
        for name in self.moved() & set(self.changed_data):
            value = worded(self, name, self.get_initial_for_field(self.fields[name], name)) or _("nothing")
            self.add_error(name, _("Stored now: “%(value)s”. Yours stands in the field.") % {"value": value})
        # Whoever has read what changed may save over it: the form shown next is one of the stored version.
        self.data = self.data.copy()
        for name in ("version", "seen"):
            if name in self.fields:
                self.data[name] = self.initial[name]

    def events_since(self) -> list[Event]:
        return events_since(self.instance, self.cleaned_data.get("seen"))

    def moved(self) -> set[str]:
        """The fields that somebody else changed; any of them where no event tells."""
        if not self.since:
            return set(self.changed_data)
        own = (None, Edition._meta.model_name)
        return {change["field"] for event in self.since for change in event.changes if change.get("part") in own} & set(
            self.fields
        )


def events_since(row, seen: int | None) -> list[Event]:
    return list(Event.objects.about(row).filter(pk__gt=seen or 0).order_by("pk"))


def told(events: list[Event]) -> list[str]:
    """What happened, in sentences."""
    sentences = []
    for event in events:
        words = {
            "name": event.actor_name,
            "time": date_format(timezone.localtime(event.at), "DATETIME_FORMAT"),
            "done": event.get_verb_display(),
            "parts": ", ".join(labels_of(event)),
        }
        sentences.append(
            _("%(name)s, %(time)s: %(done)s. Changed: %(parts)s.") % words
            if words["parts"]
            else _("%(name)s, %(time)s: %(done)s.") % words
        )
    return sentences


@dataclass(frozen=True)
class Difference:
    """`theirs` against `mine`, or, where the person at the form typed nothing, what the others made of a value."""

    label: str
    runs: list[diff.Run]
    is_mine: bool


def differences(form: VersionedForm, formsets=()) -> list[Difference]:
    """Word by word, each value that somebody else changed since the form was opened."""
    rows = {str(row.instance.uid): row for formset in formsets for row in formset.initial_forms}
    found = [
        difference(change, form if is_own(change) else rows.get(change.get("uid")))
        for change in changes_of(form.since)
        # What a form does not show cannot stand against what was typed in it.
        if not is_own(change) or change["field"] in form.fields or "part" in change
    ]
    if not form.since:
        found = [difference({"field": name}, form) for name in form.changed_data]
    return [each for each in found if any(run.op != "same" for run in each.runs)]


def is_own(change: dict) -> bool:
    return change.get("part") in (None, Edition._meta.model_name)


def changes_of(events: list[Event]) -> list[dict]:
    """What became of each value over all these events."""
    merged = {}
    for event in events:
        for change in event.changes:
            key = (change.get("part"), change.get("uid"), change["field"])
            told = {"model": model_of(event, change), "label": label_of_change(event, change)}
            merged[key] = change | told | {"old": merged.get(key, change).get("old")}
    # A name stands once per language, and once more in the column that Django sees, which says nothing new.
    return [
        change for (part, uid, name), change in merged.items() if (part, uid, f"{name}_{SOURCE_LANGUAGE}") not in merged
    ]


def difference(change: dict, form=None) -> Difference:
    name, model = change["field"], change.get("model")
    label = change.get("label", name)
    if form is not None and name in form.fields and "part" not in change:
        label = str(form.fields[name].label)
    elif model in CHILDREN:
        label = f"{label}: {label_of(model, name)}"
    label = capfirst(label)
    if form is None or name not in form.changed_data:
        values = [change.get(when) for when in ("old", "new")]
        words = Words((model, name, value) for value in values if model)
        return Difference(label, diff.words(*(words.of(model, name, value) for value in values)), False)
    stored = worded(form, name, form.get_initial_for_field(form.fields[name], name))
    return Difference(label, diff.words(stored, worded(form, name, typed(form, name))), True)


def typed(form, name: str):
    """What stands in the field, also where it could not be read as a value."""
    return form.cleaned_data[name] if name in getattr(form, "cleaned_data", {}) else form[name].data


def worded(form, name: str, value) -> str:
    """A value of that field as people read it."""
    field = form.fields[name]
    if value is None or value == "":
        return ""
    if isinstance(field, forms.ModelMultipleChoiceField):
        keys = [getattr(each, "pk", each) for each in value]
        return ", ".join(map(str, field.queryset.filter(pk__in=keys)))
    if isinstance(field, forms.ModelChoiceField):
        chosen = value if hasattr(value, "pk") else field.queryset.filter(pk=value).first()
        return str(chosen or "")
    if isinstance(field, forms.ChoiceField):
        labels = dict(forms.ChoiceField(choices=field.choices).choices)
        return str(labels.get(value, value))
    if isinstance(field, forms.BooleanField):
        return _("yes") if value else _("no")
    return strip_tags(str(value))
