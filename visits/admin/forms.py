"""The form of an edition and those of its rows."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import UniqueConstraint
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.models import CHILDREN, DocumentLink, Edition, Evidence

from .conflicts import VersionedForm


class EditionForm(VersionedForm):
    class Meta:
        widgets = {name: AdminTextareaWidget(attrs={"rows": 4}) for name in ("summary", "aim", "change_note")}


class KnownAutocomplete(AutocompleteSelect):
    """Django's autocomplete, told the labels of what is selected instead of querying for each row."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Shared by all rows of a form set: widgets are copied shallowly.
        self.known = {}

    def optgroups(self, name, value, attr=None):
        chosen = [str(key) for key in value if key not in self.choices.field.empty_values]
        if not all(key in self.known for key in chosen):
            return super().optgroups(name, value, attr)
        labels = [(key, self.known[key]) for key in chosen]
        if not self.is_required:
            labels.insert(0, ("", ""))
        options = [
            self.create_option(name, key, label, key in chosen, index) for index, (key, label) in enumerate(labels)
        ]
        return [(None, options, 0)]


class RowForm(forms.ModelForm):
    """A row of an edition. It also keeps the rules over columns that no form has, such as the days dates can mean."""

    def _post_clean(self):
        super()._post_clean()
        if not self.errors:
            try:
                self.instance.validate_constraints(exclude={"edition"})
            except ValidationError as error:
                self.add_error(None, error)


class ChildFormSet(forms.BaseInlineFormSet):
    """The rows of one kind under an edition that was read whole (`models.content.whole`), so without own queries."""

    def get_queryset(self):
        if not hasattr(self, "_queryset"):
            rows = list(getattr(self.instance, self.get_default_prefix()).all())
            self._queryset = self.as_posted(rows) if self.is_bound else rows
        return self._queryset

    def as_posted(self, rows):
        """Beside each posted row the stored one. Where somebody else has deleted it meanwhile, that stands: what was
        typed is shown, marked for deletion."""
        stored = {str(row.pk): row for row in rows}
        aligned = []
        for index in range(self.initial_form_count()):
            row = stored.pop(self.data.get(f"{self.add_prefix(index)}-id"), None)
            if row is None:
                row = self.model(edition=self.instance)
                self.data[f"{self.add_prefix(index)}-DELETE"] = "on"
            aligned.append(row)
        return aligned + list(stored.values())

    def _existing_object(self, pk):
        return next((row for row in self.get_queryset() if row.pk == pk), None)

    def add_fields(self, form, index):
        super().add_fields(form, index)
        for name, field in form.fields.items():
            widget = getattr(field.widget, "widget", field.widget)
            if isinstance(widget, KnownAutocomplete) and form.instance.pk and (target := getattr(form.instance, name)):
                widget.known[str(target.pk)] = str(target)

    @cached_property
    def once(self) -> set[str]:
        """The fields of a row in which no other row of the edition may hold the same."""
        rules = (rule for rule in self.model._meta.constraints if isinstance(rule, UniqueConstraint))
        names = {name.name for rule in rules for name in rule.expressions} - {self.fk.name}
        return names & self.form.base_fields.keys()

    def clean(self):
        super().clean()
        held = set()
        for form in self.forms if self.once else ():
            if form.errors or self._should_delete_form(form):
                continue
            key = tuple(form.cleaned_data.get(name) for name in sorted(self.once))
            if key in held:
                form.add_error(sorted(self.once)[-1], _("This is recorded in another row already."))
            # A row that was added and left empty holds nothing.
            held |= {key} if all(key) else set()

    def moves(self, form) -> bool:
        return bool(self.once & set(form.changed_data))

    def save_existing_objects(self, commit=True):
        # Rows may trade what only one of them can hold: whatever leaves its place leaves it before a row takes it.
        changed = [form for form in self.initial_forms if self.moves(form) or self._should_delete_form(form)]
        if changed:
            self.model.objects.filter(pk__in=[form.instance.pk for form in changed]).delete()
        return super().save_existing_objects(commit)

    def save_existing(self, form, obj, commit=True):
        obj._state.adding = self.moves(form)
        return super().save_existing(form, obj, commit)

    def save_new(self, form, commit=True):
        last = max((row.position for row in self.get_queryset()), default=0)
        form.instance.position = last + 1 + len(self.new_objects)
        return super().save_new(form, commit)


class Fixed(forms.Widget):
    """A value that is shown and never posted."""

    def render(self, name, value, attrs=None, renderer=None):
        return format_html('<span class="fixed">{}</span>', value)


def parts_of(edition: Edition) -> dict[str, tuple[type, str]]:
    """What evidence can be about: uid → model and label, for the edition itself and each of its children."""
    parts = {str(edition.visit.uid): (Edition, _("The record itself"))}
    for model in CHILDREN:
        if model in (DocumentLink, Evidence):
            continue
        for child in getattr(edition, model._meta.get_field("edition").remote_field.related_name).all():
            label = f"{model._meta.verbose_name}: {Truncator(str(child)).chars(60)}"
            parts[str(child.uid)] = (model, label[0].upper() + label[1:])
    return parts


def label_of(evidence: Evidence, parts) -> str:
    model, label = parts.get(str(evidence.child_uid), (None, _("A part that is no longer there")))
    return f"{field_of(model, evidence.field) if model and evidence.field else evidence.field} ({label})"


def field_of(model, name: str) -> str:
    return capfirst(model._meta.get_field(name).verbose_name)


def locate(text: str, quote: str, start: int | None) -> int:
    """Where `quote` begins in `text`; `start` decides where it stands there more than once."""
    places, at = [], text.find(quote)
    while at >= 0:
        places.append(at)
        at = text.find(quote, at + 1)
    if not places:
        raise ValidationError(
            _("The document does not say this. Copy the passage from its text, letter by letter."), code="not_there"
        )
    if start in places:
        return start
    if len(places) > 1:
        raise ValidationError(
            _("The document says this more than once, from the characters %(places)s. Quote more, or give one of them.")
            % {"places": ", ".join(map(str, places))},
            code="ambiguous",
        )
    return places[0]


class EvidenceForm(forms.ModelForm):
    """A passage and what it shows. Where the passage stands in the document is found, not typed."""

    about = forms.ChoiceField(label=gettext_lazy("what it shows"))
    source = forms.TypedChoiceField(label=gettext_lazy("document"), coerce=int)
    quote = forms.CharField(
        label=gettext_lazy("passage"), strip=False, widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"})
    )
    span_start = forms.IntegerField(
        label=gettext_lazy("from character"),
        required=False,
        min_value=0,
        help_text=gettext_lazy("Only where the document says it more than once."),
    )
    # The documents of the edition by their key; set by the form set.
    documents: dict

    class Meta:
        model = Evidence
        fields = ["quote", "span_start"]

    def clean(self):
        cleaned = super().clean()
        document, quote = self.documents.get(cleaned.get("source")), cleaned.get("quote")
        if self.instance._state.adding and cleaned.get("about"):
            self.instance.child_uid, self.instance.field = cleaned["about"].split(":")
        if document and quote:
            if quote not in document.text:
                quote = quote.strip()
            try:
                start = locate(document.text, quote, cleaned.get("span_start"))
            except ValidationError as error:
                self.add_error("quote", error)
            else:
                self.instance.document, self.instance.span_end = document, start + len(quote)
                cleaned |= {"quote": quote, "span_start": start}
        return cleaned


class EvidenceFormSet(ChildFormSet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.parts = parts_of(self.instance)
        rows = (self.instance.documentlinks.all(), self.instance.evidence.all())
        linked, quoted = ({row.document_id: row.document for row in found} for found in rows)
        # Linked documents come first, and are here with their text.
        self.documents = linked | quoted | linked
        self.sources = [(pk, str(document)) for pk, document in self.documents.items()]
        self.choices = [("", "")] + [
            # Once it is chosen, an option stands there without the label of its group.
            (label, [(f"{uid}:{name}", f"{field_of(model, name)} ({label})") for name in model.CONTENT_FIELDS])
            for uid, (model, label) in self.parts.items()
        ]

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.documents = self.documents
        form.fields["source"].choices = self.sources if len(self.sources) == 1 else [("", ""), *self.sources]
        if form.instance.pk:
            form.initial |= {"about": label_of(form.instance, self.parts), "source": form.instance.document_id}
            form.fields["about"] = forms.CharField(
                label=form.fields["about"].label, required=False, disabled=True, widget=Fixed
            )
        else:
            form.fields["about"].choices = self.choices
            if len(self.sources) == 1:
                form.initial["source"] = self.sources[0][0]
