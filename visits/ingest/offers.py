"""What a table of visits would change: visit by visit, cell by cell, against the editions that stand for them now."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from visits.editorial import rules
from visits.enums import WORKING, State, Verb
from visits.exceptions import RegisterError, WrongState
from visits.extraction import facts, sentences
from visits.extraction.proposal import Part, Value
from visits.models import Document, Edition, Import, User, Visit

from . import pipeline
from .register_csv import Vocabulary, head
from .tables import Fault, Table
from .visit_table import (
    BATCH,
    DATES,
    NAMED,
    TEXTS,
    Entry,
    Said,
    fixed,
    of_edition,
    read,
    standing,
    vocabulary,
    without_faults,
    written,
)

# Which of the visit's own a row gives where it adds or leaves out a part in time.
WHOLE_PART = "dates"


@dataclass(frozen=True)
class Change:
    """One cell that differs. `segment`: which part in time it is about; `value`: None where that part is left out."""

    column: str
    line: int
    old: str
    new: str
    value: object
    segment: int | None = None

    @property
    def key(self) -> str:
        return self.column if self.segment is None else f"{self.column}.{self.segment}"


@dataclass
class Offer:
    """What the table says of one visit and the register does not. `edition`: the one that it was compared with, None
    for a new visit."""

    entry: Entry
    country: facts.Country
    edition: Edition | None
    changes: list[Change]

    @property
    def line(self) -> int:
        return self.entry.line

    @property
    def verb(self) -> Verb:
        if self.edition is None:
            return Verb.START
        return Verb.SAVE if self.edition.state in WORKING else Verb.NEW_EDITION

    def why_not(self, user: User) -> list[RegisterError]:
        """What stands against taking it."""
        if self.edition is None:
            return []
        if self.edition.state == State.IN_REVIEW:
            # Who may change it all the same does so on its own page, with the whole text before them.
            return [WrongState(state=self.edition.get_state_display(), done=self.verb.label)]
        return rules.why_not(self.verb, self.edition, user)

    @cached_property
    def similar(self) -> list[Visit]:
        """Visits that a new one may be."""
        if self.edition is not None:
            return []
        return pipeline.similar(self.country.iso3, (dated(part) for part in self.entry.said.parts))

    def base(self) -> str:
        """What it was compared with: whoever takes the offer says that they read this."""
        if self.edition is not None:
            return f"{self.edition.pk}:{self.edition.version}"
        return "new:{}".format(",".join(str(visit.pk) for visit in self.similar))


def dated(part: dict) -> Part:
    return Part("segment", {name: Value(part.get(name, "")) for name in ("start", "end")})


@dataclass
class Comparison:
    """All that a table offers. `same`: how many of its visits are as the register has them."""

    faults: list[Fault]
    offers: list[Offer] = field(default_factory=list)
    same: int = 0
    terms: Vocabulary | None = None


def compare(imported: Import) -> Comparison:
    terms, sheet = vocabulary(), imported.table
    table, entries = read(sheet["name"], sheet["rows"], terms)
    recorded = standing_of(entries)
    documents = dict(Document.objects.exclude(url="").values_list("url", "pk"))
    for entry in entries:
        check_what_stays(table, entry, recorded.get(entry.name), documents.keys())
    found = Comparison([], terms=terms)
    for entry in without_faults(table, entries):
        edition = recorded.get(entry.name)
        iso3 = edition.visit.country.iso3 if edition else entry.first("iso3")
        changes = changes_of(entry, of_edition(edition), terms if edition is None else None)
        if changes or edition is None:
            found.offers.append(Offer(entry, terms.countries[iso3], edition, changes))
        else:
            found.same += 1
    found.faults = sorted(table.faults, key=lambda fault: fault.line)
    return found


def standing_of(entries: Iterable[Entry]) -> dict[str, Edition]:
    """By the name in the table, the edition that stands for the visit."""
    names, found = iter({entry.name for entry in entries}), {}
    while batch := list(islice(names, BATCH)):
        visits = Visit.objects.filter(Q(slug__in=batch) | Q(uid__in=filter(is_uid, batch)))
        for edition in standing(visits):
            found |= {edition.visit.slug: edition, str(edition.visit.uid): edition}
    return found


def is_uid(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def check_what_stays(table: Table, entry: Entry, edition: Edition | None, documents) -> None:
    """Country, notes and publication date of a recorded visit are shown in the table, and changed elsewhere."""
    if edition is None:
        if is_uid(entry.name):
            table.blame_cell(entry.rows[0], "visit", _("the identifier of a visit in the register"))
        elif not entry.first("iso3"):
            table.blame(entry.line, "iso3", "", _("the code of the State, as for every new visit,"))
        return
    if edition.state == State.DISCARDED:
        table.blame_cell(entry.rows[0], "visit", _("a visit that has more than discarded drafts"))
    stored = fixed(edition.visit, edition)
    for row in entry.rows:
        checked = ["iso3", "notes"]
        if documents >= set(row["source_url"] or ()):
            checked.append("publication_date")
        for column in checked:
            known = [stored[column], *stored[column].splitlines(), *dates_of(edition, column)]
            if row[column] and row[column] not in known:
                expected = _("“%(value)s” as recorded, which is changed on a page of its own and not by an import,")
                table.blame_cell(row, column, expected % {"value": stored[column]})


def dates_of(edition: Edition, column: str) -> list[str]:
    if column != "publication_date":
        return []
    return [str(link.document.published_on) for link in edition.documentlinks.all() if link.document.published_on]


def changes_of(entry: Entry, stored: Said, composing: Vocabulary | None = None) -> list[Change]:
    """Cell by cell; `composing`: the terms to say title and summary of a new visit with."""
    said = entry.said
    values = dict(said.values)
    if composing is not None:
        values |= composed(entry, values, composing)
    found = []
    for column in (*TEXTS, *NAMED, "ordinal", "head_name", "head_title"):
        if column in values and not same(values[column], stored.values[column]):
            old, new = (written(column, value) for value in (stored.values[column], values[column]))
            found.append(Change(column, entry.line, old, new, values[column]))
    if not entry.rows[0].raw.keys().isdisjoint(DATES):
        found += changes_of_parts(entry, stored)
    return found


def same(one, other) -> bool:
    """The order of terms says nothing."""
    return set(one) == set(other) if isinstance(one, tuple) else one == other


def changes_of_parts(entry: Entry, stored: Said) -> list[Change]:
    """Rows that say the same belong together whatever their order, then those that are left, in their order."""
    left = list(enumerate(stored.parts))
    unlike = []
    for line, part in zip(entry.said.lines, entry.said.parts, strict=True):
        alike = next((each for each in left if part.items() <= each[1].items()), None)
        if alike:
            left.remove(alike)
        else:
            unlike.append((line, part))
    found = []
    for (line, part), (number, old) in zip(unlike, left, strict=False):
        found += [
            Change(name, line, written(name, old[name]), written(name, value), value, number)
            for name, value in part.items()
            if value != old[name]
        ]
    for further, (line, part) in enumerate(unlike[len(left) :], start=len(stored.parts)):
        found.append(Change(WHOLE_PART, line, "", in_words(part), part, further))
    for number, old in left[len(unlike) :]:
        found.append(Change(WHOLE_PART, entry.line, in_words(old), "", None, number))
    return found


def in_words(part: dict) -> str:
    return "; ".join(f"{name}: {written(name, value)}" for name, value in part.items() if value not in ("", False))


def composed(entry: Entry, values: dict, terms: Vocabulary) -> dict[str, str]:
    """Title and summary as the register's own are made of facts, where the table gives none and knows the dates."""
    parts = entry.said.parts
    if not parts or not all(part.get("start") or part.get("end") for part in parts):
        return {}
    visit = facts.Recorded(
        slug=entry.name,
        country=terms.countries[entry.first("iso3")],
        parts=tuple(
            facts.Part(
                part.get("modality", ""),
                part.get("modality_inferred", False),
                part.get("start", ""),
                part.get("end", ""),
            )
            for part in parts
        ),
        kinds=values.get("kinds", ()),
        ordinal=values.get("ordinal"),
        head=head(values.get("head_name", ""), values.get("head_title", "")),
        bodies=tuple(terms.bodies[acronym] for acronym in values.get("bodies", ())),
        resolutions=tuple(terms.resolutions[number] for number in values.get("resolutions", ())),
        topics=values.get("topics", ()),
        sources=(),
        notes=(),
    )
    made = {"title": sentences.title(visit), "summary": sentences.summary(visit)}
    return {name: text for name, text in made.items() if not values.get(name)}
