"""The table of visits that staff take out, edit and bring back: the columns of the register's own, and some texts.

A row is a dated part of a visit, rows with the same `visit` are parts of one, and what is said of a visit as a whole
may stand in any of them. `visit` is its address, or where it was never published its permanent identifier; any other
name stands for a new visit. What a table does not hold, be it a column or all that has none, is left alone.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import attrgetter

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from visits.enums import Modality, PersonRole
from visits.extraction import facts
from visits.models import (
    Body,
    Country,
    DocumentLink,
    Edition,
    Focus,
    Kind,
    Participation,
    Person,
    Resolution,
    ResolutionLink,
    Topic,
    Visit,
)
from visits.models.content import rows_name
from visits.text.spreadsheets import held

from . import cells
from .register_csv import DOCUMENT_KINDS, LEADER, Vocabulary, check_agreement, check_period
from .register_csv import columns as columns_of_register
from .tables import Misfit, Row, Table, fill

# More at a time make queries that SQLite refuses.
BATCH = 500
TEXTS = ("title", "summary", "aim", "mandate")
DATES = ("modality", "modality_inferred", "start", "end", "places")
PERSON = ("head_name", "head_title")
# Said once of a visit, in whichever of its rows.
ONCE = ("ordinal", *PERSON, *TEXTS)
# Shown with a visit, but no part of its editions.
FIXED = ("iso3", "publication_date", "notes")
COLUMNS = (
    *("visit", "iso3", *TEXTS, *DATES, "kinds", "ordinal", *PERSON, "bodies", "resolutions", "topics"),
    *("source_url", "source_kind", "publication_date", "notes"),
)


def address_of(link: DocumentLink) -> str:
    """The address of a source as far as a table can name it."""
    try:
        return cells.address(link.document.url)
    except Misfit:
        return ""


# Column → the rows that it names, and how it names one.
NAMED: dict[str, tuple[type, Callable]] = {
    "kinds": (Kind, attrgetter("kind")),
    "bodies": (Participation, attrgetter("body.acronym")),
    "resolutions": (ResolutionLink, lambda row: str(row.resolution.number)),
    "topics": (Focus, attrgetter("topic.slug")),
    "source_url": (DocumentLink, address_of),
}
PREFETCHED = (
    *("segments", "kinds", "people", "participations__body", "resolutionlinks__resolution", "focuses__topic"),
    "documentlinks__document",
)


def vocabulary() -> Vocabulary:
    """All terms, also those that others have replaced: editions keep them."""
    countries, bodies = (model.objects.values_list("slug", "name_en") for model in (Country, Body))
    return Vocabulary(
        countries={row[0]: facts.Country(*row) for row in countries.values_list("iso3", "slug", "name_en")},
        bodies={row[0]: facts.Body(*row) for row in bodies.values_list("acronym", "slug", "name_en")},
        topics=frozenset(Topic.objects.values_list("slug", flat=True)),
        resolutions={str(n): f"{n} ({year})" for n, year in Resolution.objects.values_list("number", "year")},
    )


def columns(terms: Vocabulary) -> dict[str, Callable]:
    """As in the register's own table, but that a draft may lack anything."""
    strict = columns_of_register(terms)
    own = {
        "iso3": cells.optional(strict["iso3"]),
        "modality": cells.optional(strict["modality"]),
        "modality_inferred": lambda cell: bool(cell) and strict["modality_inferred"](cell),
        "start": cells.written_date,
        "end": cells.written_date,
        "head_name": cells.text(Person._meta.get_field("name").max_length),
        "head_title": cells.text(Person._meta.get_field("title").max_length + len(f", {LEADER}")),
        "source_url": cells.addresses,
        "source_kind": cells.optional(strict["source_kind"]),
        "notes": cells.text(),
        "places": cells.text(250),
        **{name: cells.text(Edition._meta.get_field(name).max_length) for name in TEXTS},
    }
    return {name: own.get(name) or strict[name] for name in COLUMNS}


# What an edition says, as the table says it


@dataclass
class Said:
    """What is said of one visit: by column, and by part of it in time. `lines`: where in a table each part stands."""

    values: dict[str, object] = field(default_factory=dict)
    parts: list[dict[str, object]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


def of_edition(edition: Edition | None) -> Said:
    if edition is None:
        return Said(dict.fromkeys(TEXTS + PERSON, "") | dict.fromkeys(NAMED, ()) | {"ordinal": None})
    values = {name: as_cell(getattr(edition, name)) for name in TEXTS}
    for column, (model, name_of) in NAMED.items():
        names = map(name_of, getattr(edition, rows_name(model)).all())
        values[column] = tuple(dict.fromkeys(name for name in names if name not in ("", LEADER)))
    kinds = list(edition.kinds.all())
    values["ordinal"] = kinds[0].ordinal if len(kinds) == 1 and kinds[0].ordinal in range(1, 11) else None
    person = head_of(edition)
    values["head_name"] = as_cell(person.name) if person else ""
    values["head_title"] = as_cell(titled(person)) if person else ""
    parts = [
        {name: value if name == "modality_inferred" else as_cell(value) for name, value in zip(DATES, row, strict=True)}
        for row in map(attrgetter(*DATES), edition.segments.all())
    ]
    return Said(values, parts)


def as_cell(text: str) -> str:
    return held(text).strip()


def head_of(edition: Edition) -> Person | None:
    return next((person for person in edition.people.all() if person.role == PersonRole.HEAD), None)


def titled(person: Person) -> str:
    """The inverse of `register_csv.head`."""
    return f"{person.title}, {LEADER}" if person.title and person.organisation == LEADER else person.title


def fixed(visit: Visit, edition: Edition) -> dict[str, str]:
    """What the table shows beside the content of the edition."""
    document = next((link.document for link in edition.documentlinks.all() if address_of(link)), None)
    published = document.published_on if document else None
    return {
        "iso3": visit.country.iso3,
        "notes": as_cell(visit.internal_notes),
        "publication_date": published.isoformat() if published else "",
        "source_kind": kind_in_table(document.kind) if document else "",
    }


def kind_in_table(kind: str) -> str:
    return next((name for name, each in DOCUMENT_KINDS.items() if each == kind), "other")


def name_of(visit: Visit) -> str:
    return visit.slug or str(visit.uid)


def rows_of(editions: Iterable[Edition]) -> Iterator[list[str]]:
    """The table of these editions, a row for each part of each."""
    for edition in editions:
        said, visit = of_edition(edition), edition.visit
        beside = {"visit": name_of(visit), "iso3": visit.country.iso3}
        first = said.values | fixed(visit, edition) | beside
        for number, part in enumerate(said.parts or [{}]):
            row = (first if number == 0 else beside) | part
            yield [written(name, row.get(name, "")) for name in COLUMNS]


def standing(visits: QuerySet) -> Iterator[Edition]:
    """The edition that stands for each of the visits, in their order, with all that the table shows."""
    keys = visits.prefetch_related(None).values_list("pk", flat=True).iterator()
    while batch := list(islice(keys, BATCH)):
        editions = Edition.objects.standing().filter(visit__in=batch)
        rows = editions.select_related("visit__country").prefetch_related(*PREFETCHED)
        by_visit = {edition.visit_id: edition for edition in rows}
        yield from (by_visit[visit] for visit in batch if visit in by_visit)


def written(column: str, value) -> str:
    """A value as its cell holds it."""
    if isinstance(value, tuple):
        return (" " if column == "source_url" else ";").join(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


# What a table says


@dataclass
class Entry:
    """The rows of one visit. `beside`: the columns of `FIXED`, by row."""

    name: str
    rows: list[Row]
    said: Said

    @property
    def line(self) -> int:
        return self.rows[0].line

    def first(self, column: str):
        return next((row[column] for row in self.rows if row[column]), None)


def read(name: str, rows: Iterable[tuple[int, list[str]]], terms: Vocabulary) -> tuple[Table, list[Entry]]:
    """The visits of a table that have no fault; what is wrong with the others stands in the table."""
    table = Table(name)
    fill(table, rows, columns(terms), needed=["visit"])
    by_visit: dict[str, list[Row]] = defaultdict(list)
    for row in table.rows:
        check_period(table, row)
        if row["visit"]:
            by_visit[row["visit"]].append(row)
    for rows_of_visit in by_visit.values():
        check(table, rows_of_visit)
    entries = [Entry(visit, of_visit, said_in(of_visit)) for visit, of_visit in by_visit.items()]
    return table, without_faults(table, entries)


def without_faults(table: Table, entries: Iterable[Entry]) -> list[Entry]:
    faulty = {fault.line for fault in table.faults}
    return [entry for entry in entries if faulty.isdisjoint(row.line for row in entry.rows)]


def check(table: Table, rows: list[Row]) -> None:
    """What its rows say of the visit as a whole agrees."""
    for column in ("iso3", *ONCE):
        check_agreement(table, [row for row in rows if row[column]], column)
    kinds = {kind for row in rows for kind in row["kinds"] or ()}
    for row in rows:
        if row["ordinal"] and "kinds" in row.raw and len(kinds) != 1:
            table.blame_cell(row, "ordinal", _("nothing, or one kind that it counts,"))


def said_in(rows: list[Row]) -> Said:
    given, said = rows[0].raw, Said()
    for column in NAMED.keys() & given:
        said.values[column] = tuple(dict.fromkeys(value for row in rows for value in row[column] or ()))
    for column in ONCE:
        if column in given:
            empty = None if column == "ordinal" else ""
            said.values[column] = next((row[column] for row in rows if row[column]), empty)
    for row in rows:
        part = {name: row[name] for name in DATES if name in given}
        if any(part.values()):
            if "modality" in part:
                part["modality"] = part["modality"] or Modality.UNKNOWN.value
            said.parts.append(part)
            said.lines.append(row.line)
    return said
