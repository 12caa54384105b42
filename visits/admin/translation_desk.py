"""The form in which a record is translated into one language: each text beside its original."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from visits.catalogue.history import FieldChange, PartChange, without_tags
from visits.catalogue.wording import SOURCE_LANGUAGE
from visits.editorial.translating import Key, Work
from visits.models import Edition, Event, Translation, digest_of
from visits.models.content import texts_of, with_texts
from visits.models.fields import RichTextField
from visits.text import diff

from .conflicts import Difference, Held, changes_of


@dataclass(frozen=True)
class Language:
    code: str
    name: str
    direction: str

    @classmethod
    def of(cls, code: str, name: str) -> "Language":
        return cls(code, name, "rtl" if get_language_info(code)["bidi"] else "ltr")


@dataclass(frozen=True)
class Entry:
    """A text of the record. `latest`: its translation that is in work, or else public; `public`: the one that is, where
    another one is in work beside it."""

    row: object
    key: Key
    latest: Translation | None
    public: Translation | None

    @property
    def name(self) -> str:
        return ".".join(self.key)

    @property
    def field(self):
        return self.row._meta.get_field(self.key[1])

    @property
    def is_rich(self) -> bool:
        return isinstance(self.field, RichTextField)

    @property
    def text(self) -> str:
        return getattr(self.row, self.key[1])

    @property
    def label(self) -> str:
        return capfirst(self.field.verbose_name)

    @property
    def part(self) -> str:
        """Which part of the record it belongs to, in words."""
        if isinstance(self.row, Edition):
            return _("The record itself")
        name = self.row.get_kind_display() if hasattr(self.row, "kind") else self.row
        return f"{capfirst(self.row._meta.verbose_name)}: {name}"

    @property
    def is_older(self) -> bool:
        return self.latest is not None and self.latest.source_digest != digest_of(self.text)

    def words(self, text: str) -> str:
        return without_tags(text) if self.is_rich else text

    def shown(self, text: str):
        # Sanitised on every way into the database, see RichTextField.
        return mark_safe(text) if self.is_rich else format_html('<p class="as-written">{}</p>', text)  # noqa: S308


def entries_of(work: Work, edition: Edition) -> list[Entry]:
    return [
        Entry(row, key, work.latest(key), work.reviewed.get(key) if key in work.in_work else None)
        for row, *parts in texts_of(edition)
        if (key := tuple(parts))
    ]


def by_part(entries: Iterable[Entry]) -> Iterable[list[Entry]]:
    return (list(group) for _uid, group in groupby(entries, key=lambda entry: entry.key[0]))


def former_originals(work: Work, entries: Iterable[Entry]) -> dict[Key, str]:
    """Of the translations that are older than their original, the wording that they were made from: it stands in an
    edition of the visit."""
    wanted = {entry.key: entry.latest.source_digest for entry in entries if entry.is_older}
    found = {}
    if wanted:
        for edition in with_texts(Edition.objects.filter(visit=work.visit).exclude(number=None)):
            for row, *key in texts_of(edition):
                text = getattr(row, key[1])
                if wanted.get(tuple(key)) == digest_of(text):
                    found[tuple(key)] = text
    return found


class DeskForm(forms.Form):
    """`seen` is the latest event about the translation and `edition` the one whose texts stand beside it, both as the
    page was opened."""

    seen = Held()
    edition = Held()

    def __init__(self, data, work: Work, edition: Edition, language: Language):
        self.work, self.entries = work, entries_of(work, edition)
        initial = {entry.name: entry.latest.text for entry in self.entries if entry.latest}
        super().__init__(data, initial=initial | {"seen": work.events.latest_pk(), "edition": edition.pk})
        former = former_originals(work, self.entries)
        for entry in self.entries:
            self.add(entry, language, former.get(entry.key))

    def add(self, entry: Entry, language: Language, former: str | None) -> None:
        attrs = {"rows": min(12, 2 + len(entry.text) // 80), "lang": language.code, "dir": language.direction}
        attrs["aria-describedby"] = f"original-{entry.name}"
        options = {"required": False, "label": entry.label}
        if entry.is_rich:
            field = entry.field.formfield(**options, widget=AdminTextareaWidget)
            field.widget.attrs |= attrs
        else:
            field = forms.CharField(**options, widget=AdminTextareaWidget(attrs))
        field.entry, field.confirm = entry, None
        self.fields[entry.name] = field
        if entry.is_older:
            field.runs = former is not None and diff.words(entry.words(former), entry.words(entry.text))
            field.confirm = f"right.{entry.name}"
            self.fields[field.confirm] = forms.BooleanField(
                required=False, label=_("The translation is right for this wording too")
            )

    def parts(self):
        """The fields by the part of the record that they belong to, each with what stands beside it."""
        for entries in by_part(self.entries):
            yield entries[0].part, [self.side_by_side(entry) for entry in entries]

    def side_by_side(self, entry: Entry) -> dict:
        field = self.fields[entry.name]
        return {
            "entry": entry,
            "original": entry.shown(entry.text),
            "runs": getattr(field, "runs", None),
            "field": self[entry.name],
            "confirm": self[field.confirm] if field.confirm else None,
            "translation": entry.shown(entry.latest.text) if entry.latest else "",
            "public": entry.shown(entry.public.text) if entry.public else "",
        }

    @property
    def texts(self) -> dict[Key, str]:
        """What was posted: a field that the page did not have is left alone."""
        return {entry.key: self.cleaned_data[entry.name] for entry in self.entries if entry.name in self.data}

    @property
    def confirmed(self) -> list[Key]:
        return [entry.key for entry in self.entries if entry.is_older and self.cleaned_data[f"right.{entry.name}"]]

    def against(self, since: list[Event]) -> tuple[dict, list[Difference]]:
        """The data to go on with after what others have saved, and what stands otherwise in it than in theirs. Where
        nothing was typed, theirs is taken."""
        data, found = self.data.copy(), []
        data["seen"] = str(self.work.events.latest_pk())
        by_key = {entry.key: entry for entry in self.entries}
        for change in changes_of(since):
            entry = by_key.get((change["uid"], change["field"]))
            if entry is None:
                continue
            typed, stored = self.cleaned_data[entry.name], change["new"]
            if typed == change["old"]:
                data[entry.name] = stored
            elif typed != stored:
                runs = diff.words(entry.words(stored), entry.words(typed))
                found.append(Difference(f"{entry.part}: {entry.label}", runs, True))
        return data, found


def changes(work: Work) -> list[PartChange]:
    """What a review of what is in work makes different for the public."""
    entries = [entry for entry in entries_of(work, work.edition) if entry.key in work.in_work]
    return [
        PartChange("changed", str(group[0].part), "", tuple(map(field_change, group))) for group in by_part(entries)
    ]


def field_change(entry: Entry) -> FieldChange:
    before = entry.words(entry.public.text) if entry.public else ""
    return FieldChange(entry.label, tuple(diff.words(before, entry.words(entry.latest.text))))


SOURCE = Language.of(SOURCE_LANGUAGE, "English")
