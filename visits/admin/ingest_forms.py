"""The forms of the review of a release: what it tells, value by value, to be accepted, changed or left out."""

import json
from collections import defaultdict
from contextlib import suppress
from functools import cache

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.extraction.proposal import Part, Span, Value
from visits.ingest.writing import PROPOSED, identity
from visits.models import Body, Child, Country, Edition
from visits.models.fields import PartialDateFormField, RichTextField

from .forms import RowForm

NEW_VISIT = "new"
TEXT_ROWS = 3


class UploadForm(forms.Form):
    """A release, as a file or as text."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        allow_empty_file=True,
        help_text=gettext_lazy("A text, a saved web page, a PDF or a Word document (.docx)."),
    )
    text = forms.CharField(
        label=gettext_lazy("Or its text"),
        required=False,
        strip=False,
        widget=AdminTextareaWidget(attrs={"rows": 12}),
        help_text=gettext_lazy("Paste it as it stands on the page, from the title to the last line."),
    )
    url = forms.URLField(
        label=gettext_lazy("Address of the page"),
        required=False,
        max_length=500,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"class": "vURLField", "autocomplete": "off"}),
    )

    def clean(self):
        cleaned = super().clean()
        has_file, has_text = "file" in self.files, bool(cleaned.get("text", "").strip())
        if has_file and has_text:
            self.add_error("text", _("Give either a file or a text: which of the two is to be read cannot be told."))
        elif not has_file and not has_text and not self.errors:
            self.add_error("file", _("Choose a file, or paste the text of the release below."))
        return cleaned


class Terms:
    """The vocabularies, each read once for a page: by natural key the term, and as choices."""

    def __init__(self):
        self.of = cache(self.of)

    def of(self, model) -> tuple[dict, list]:
        rows = {str(row.natural_key()[0]): row for row in model.objects.filter(replaced_by=None)}
        return rows, [("", "–"), *((key, label_of(row)) for key, row in rows.items())]


def label_of(term) -> str:
    return f"{term.acronym} – {term.name}" if isinstance(term, Body) else str(term)


class TermField(forms.Field):
    """A term of a vocabulary, by its natural key."""

    widget = forms.Select
    default_error_messages = {"invalid_choice": gettext_lazy("Choose a term of the vocabulary.")}

    def __init__(self, terms: tuple[dict, list], **kwargs):
        super().__init__(**kwargs)
        self.rows, self.widget.choices = terms

    def prepare_value(self, value):
        return value.natural_key()[0] if hasattr(value, "natural_key") else value

    def to_python(self, value):
        if value in self.empty_values:
            return None
        if str(value) not in self.rows:
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return self.rows[str(value)]


class PassagesField(forms.Field):
    """Which words of the document each value of a row rests on, as JSON: field, start, end and quote of each.

    Gives spans by field. `text` is what the document says, `fields` what a row of this kind has.
    """

    widget = forms.HiddenInput
    default_error_messages = {
        "malformed": gettext_lazy("The passages of this row cannot be read. Reload the page."),
        "moved": gettext_lazy("The document does not say “%(quote)s” there. Select the passage once more."),
    }

    def __init__(self, text: str, fields: tuple[str, ...], **kwargs):
        super().__init__(required=False, **kwargs)
        self.text, self.fields = text, fields

    def prepare_value(self, value):
        """As JSON. Of what was posted, only what can be shown: the rest has to be selected once more."""
        if isinstance(value, str):
            with suppress(ValidationError):
                return self.written(each for each in self.given(value) if self.stands(*each))
            return "[]"
        return self.written((name, span, span.of(self.text)) for name, spans in (value or {}).items() for span in spans)

    def written(self, passages) -> str:
        entries = [
            {"field": name, "start": span.start, "end": span.end, "quote": quote} for name, span, quote in passages
        ]
        return json.dumps(entries, ensure_ascii=False)

    def given(self, value: str) -> list[tuple[str, Span, str]]:
        try:
            found = [(each["field"], Span(each["start"], each["end"]), each["quote"]) for each in json.loads(value)]
        except (ValueError, TypeError, KeyError, RecursionError):
            found = None
        if found is None or any(
            name not in self.fields or not all(type(number) is int for number in span) for name, span, _quote in found
        ):
            raise ValidationError(self.error_messages["malformed"], code="malformed")
        return found

    def stands(self, _name: str, span: Span, quote: str) -> bool:
        return 0 <= span.start < span.end <= len(self.text) and span.of(self.text) == quote

    def to_python(self, value) -> dict[str, tuple[Span, ...]]:
        spans = defaultdict(dict)
        for name, span, quote in self.given(value or "[]"):
            if not self.stands(name, span, quote):
                params = {"quote": str(quote)[:80]}
                raise ValidationError(self.error_messages["moved"], code="moved", params=params)
            spans[name][span] = True
        return {name: tuple(given) for name, given in spans.items()}

    def has_changed(self, initial, data):
        return (data or "[]") != self.prepare_value(initial)


class PartForm(RowForm):
    """One part of a proposed record. `proposed` is what the rules read, where the row is not one that was added."""

    proposed: Part | None = None

    def __init__(self, *args, terms: Terms, text: str, **kwargs):
        super().__init__(*args, **kwargs)
        model = self._meta.model
        for name in model.CONTENT_FIELDS:
            field, old = model._meta.get_field(name), self.fields[name]
            if field.is_relation:
                choices = terms.of(field.related_model)
                self.fields[name] = TermField(choices, required=old.required, label=old.label)
            elif isinstance(field, RichTextField):
                self.fields[name] = field.formfield(widget=AdminTextareaWidget)
            elif isinstance(old, PartialDateFormField):
                old.help_text = ""
        self.fields["passages"] = PassagesField(text, model.CONTENT_FIELDS)

    def part(self) -> Part:
        """What is accepted: the values that stand in the form, each with its passages."""
        model, spans = self._meta.model, self.cleaned_data["passages"]
        values = {}
        for name in model.CONTENT_FIELDS:
            value = self.cleaned_data[name]
            value = value.natural_key()[0] if hasattr(value, "natural_key") else value
            values[name] = Value(value, spans.get(name, ()) if value not in ("", None) else ())
        return Part(model._meta.model_name, values)


class EditionPartForm(PartForm):
    """The record's own texts, the State, and whether this is a visit that is recorded already.

    `offered` carries the visits that the page asks about.
    """

    accepted = forms.BooleanField(required=False, label=gettext_lazy("Create this draft"))
    about = forms.ChoiceField(label=gettext_lazy("What this text is about"), required=False)
    offered = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Edition
        fields = Edition.CONTENT_FIELDS
        widgets = {name: AdminTextareaWidget(attrs={"rows": TEXT_ROWS}) for name in ("summary", "aim")}

    def __init__(self, *args, terms: Terms, text: str, **kwargs):
        super().__init__(*args, terms=terms, text=text, **kwargs)
        self.fields["title"].required = False
        country = TermField(terms.of(Country), label=_("Country"))
        self.fields = {"country": country} | self.fields

    def offer(self, visits: list) -> None:
        """Ask whether it is one of these visits; that of the very same dates is taken for it."""
        keys = [str(visit.pk) for visit in visits]
        self.fields["about"].choices = [(key, key) for key in (*keys, NEW_VISIT)]
        same = next((str(visit.pk) for visit in visits if visit.same_dates), NEW_VISIT)
        self.initial |= {"about": same, "offered": ",".join(keys)}
        if self.is_bound:
            self.data = self.data.copy()
            self.data[self.add_prefix("offered")] = ",".join(keys)

    @property
    def asked_about(self) -> set[int]:
        """The visits that the page had asked about when it was posted."""
        keys = self.data.get(self.add_prefix("offered"), "") if self.is_bound else ""
        return {int(key) for key in keys.split(",") if key.isdecimal() and key.isascii()}

    @property
    def is_accepted(self) -> bool:
        """Also of a form that is not valid: what is not wanted need not be."""
        return self.add_prefix("accepted") in self.data if self.is_bound else True


class PartFormSet(forms.BaseFormSet):
    """The proposed rows of one kind; to delete one is to leave it out."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Leave out")

    @property
    def accepted(self) -> list[PartForm]:
        return [form for form in self.forms if form not in self.deleted_forms and form.has_changed()]

    def clean(self):
        held = set()
        for form in self.forms:
            if form.errors or self._should_delete_form(form) or not form.has_changed():
                continue
            key = identity(form.instance)
            if key in held:
                form.add_error(None, _("Another row says this already. Leave one of the two out."))
            held.add(key)


def form_of(model: type[Child]) -> type[PartForm]:
    widgets = {name: AdminTextareaWidget(attrs={"rows": TEXT_ROWS}) for name in ("description", "text")}
    return forms.modelform_factory(model, form=PartForm, fields=model.CONTENT_FIELDS, widgets=widgets)


FORMSETS = {
    model: forms.formset_factory(form_of(model), formset=PartFormSet, extra=1, can_delete=True, can_delete_extra=True)
    for model in PROPOSED
}


def initial_of(part: Part) -> dict:
    """What a form shows of a part before anybody has changed it."""
    values = {name: value.value for name, value in part.values.items() if value.value is not None}
    return values | {"passages": {name: value.spans for name, value in part.values.items() if value.spans}}


def heading_of(model: type[Child]) -> str:
    return capfirst(model._meta.verbose_name_plural)
