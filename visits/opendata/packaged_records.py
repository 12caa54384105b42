"""The tables of the data package that records give: visits and findings as lists have them, and every other part."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from visits.catalogue.records import Record
from visits.catalogue.rows import FindingRow, Named
from visits.catalogue.wording import Text

from .columns import Column, column
from .packaged import TableOfRecords
from .tables import BOOLEAN, DATE, FINDINGS, INTEGER, PARTIAL_DATE, REGISTER, STATED, TEXT, VISITS


class Row(NamedTuple):
    """A part of a record. `position`: its place among those of its kind, from 1."""

    visit: str
    position: int
    part: object


class Passage(NamedTuple):
    part: str
    field: str
    quote: str
    document: str


def rows_of(record: Record, parts: Iterable) -> Iterator[Row]:
    return (Row(record.row.slug, position, part) for position, part in enumerate(parts, start=1))


def parts(kind: str, record: Record) -> Iterator[Row]:
    return rows_of(record, record.parts[kind])


def attribute(kind: str, record: Record) -> Iterator[Row]:
    return rows_of(record, getattr(record, kind))


def passages(record: Record) -> Iterator[Row]:
    quotes = [(str(record.row.uid), quote) for quote in record.evidence]
    quotes += [(part.uid, quote) for found in record.parts.values() for part in found for quote in part.evidence]
    return rows_of(record, (Passage(uid, *quote) for uid, quote in quotes))


def findings(record: Record) -> Iterator[FindingRow]:
    visit = record.row
    for part in record.parts["findings"]:
        said = part.values
        yield FindingRow(
            *(visit.share, visit.key, UUID(part.uid)),
            *(said[name] for name in ("kind", "direction", "topic", "text", "speaker")),
            visit.slug,
            *(visit.edition, visit.title, visit.country, visit.earliest, visit.latest),
        )


# Columns


def of_visit(listed: Column) -> Column:
    """The same column for a whole record."""
    return replace(listed, value=lambda record, *site: listed.value(record.row, *site))


def plain(value):
    if isinstance(value, Text):
        return value.text
    return value.key if isinstance(value, Named) else value


def stored(name: str, label, meaning, type=TEXT, origin=STATED) -> Column:
    """A value of a part of the record, as it is stored."""
    return column(name, type, origin, label, meaning, lambda row: plain(row.part.values[name]))


def told(name: str, label, meaning, type=TEXT, origin=REGISTER) -> Column:
    """What a document, link or passage says of itself."""
    return column(name, type, origin, label, meaning, lambda row: plain(getattr(row.part, name)))


VISIT = column("visit", TEXT, REGISTER, _("Visit"), _("What the visit is called in addresses."), "visit")
POSITION = column(
    "position", INTEGER, REGISTER, _("Position"), _("The place of the row in its record, from 1."), "position"
)
UID = column(
    "uid",
    TEXT,
    REGISTER,
    _("Identifier"),
    _("Identifier of this part of the record. It is the same in every edition of the visit."),
    "part.uid",
)
OF_PART = (VISIT, POSITION, UID)
TO_VISIT = {"visit": ("visits", "slug")}


def of_records(name, label, meaning, kind, *columns, **foreign) -> TableOfRecords:
    """A kind of part of the record."""
    return TableOfRecords(
        name, label, meaning, (*OF_PART, *columns), ("visit", "uid"), TO_VISIT | foreign, partial(parts, kind)
    )


RECORDS: tuple[TableOfRecords, ...] = (
    TableOfRecords(
        "visits",
        _("Visits"),
        _("A row for each published visit."),
        (
            *map(of_visit, VISITS),
            column(
                "uid",
                TEXT,
                REGISTER,
                _("Identifier"),
                _("Identifier of the visit. It never changes."),
                lambda record: str(record.row.uid),
            ),
            column(
                "text",
                TEXT,
                STATED,
                _("Text"),
                _("The account of the visit as the source gives it, in HTML."),
                "text.text",
            ),
        ),
        ("slug",),
        {"country_iso3": ("countries", "iso3")},
        lambda record: (record,),
    ),
    TableOfRecords(
        "findings",
        _("Findings"),
        _("A row for each finding of a published visit."),
        FINDINGS,
        ("uid",),
        TO_VISIT | {"topic": ("topics", "slug"), "country_iso3": ("countries", "iso3")},
        findings,
    ),
    of_records(
        "visit_dates",
        _("Dates"),
        _("The dated parts of visits."),
        "dates",
        stored(
            "modality", _("Modality"), _("on-site, virtual or unknown; the next column tells whether it is inferred.")
        ),
        stored(
            "modality_inferred",
            _("Modality is inferred"),
            _("Whether no source says in words how this part was held."),
            BOOLEAN,
            REGISTER,
        ),
        stored("start", _("First day"), _("When this part began, as far as it is stated."), PARTIAL_DATE),
        stored("end", _("Last day"), _("When this part ended, as far as it is stated."), PARTIAL_DATE),
        stored("places", _("Places"), _("Where it took place.")),
    ),
    of_records(
        "visit_kinds",
        _("Kinds"),
        _("What kind of visit the sources call it; a visit can be of several kinds or of none."),
        "kinds",
        stored("kind", _("Kind of visit"), _("The kind, as filters name it.")),
        stored("ordinal", _("Ordinal"), _("“Second follow-up visit” is 2 of its kind."), INTEGER),
    ),
    of_records(
        "visit_topics",
        _("Topics of visits"),
        _("Topics of visits and the part they had in the talks."),
        "topics",
        stored("topic", _("Topic"), _("Topic by its name in addresses.")),
        stored("role", _("Role"), _("focus, cross-cutting or mentioned.")),
        topic=("topics", "slug"),
    ),
    of_records(
        "visit_resolutions",
        _("Resolutions of visits"),
        _("Resolutions whose implementation visits were about."),
        "resolutions",
        stored("resolution", _("Resolution"), _("Number of the resolution."), INTEGER),
        resolution=("resolutions", "number"),
    ),
    of_records(
        "visit_bodies",
        _("Participating bodies"),
        _("Bodies in the delegations."),
        "bodies",
        stored("body", _("Body"), _("Body by its name in addresses.")),
        stored("role", _("Role"), _("lead or member of the delegation.")),
        stored("named_as", _("Named as"), _("The wording of the source.")),
        body=("bodies", "slug"),
    ),
    of_records(
        "visit_people",
        _("People"),
        _("Heads of delegations, hosts and others, as public sources name them."),
        "people",
        stored("name", _("Name"), _("Name of the person; empty where only the title is given.")),
        stored("title", _("Title"), _("Title as the source gives it.")),
        stored("department", _("Department"), _("Department as the source gives it.")),
        stored("organisation", _("Organization"), _("Organization as the source gives it.")),
        stored("role", _("Role"), _("head, host or other.")),
    ),
    of_records(
        "visit_engagements",
        _("Engagements"),
        _("What the delegations did on visits: meetings, and visits to sites."),
        "engagements",
        stored("kind", _("Kind"), _("government-meeting, on-site-visit, side-meeting or civil-society-meeting.")),
        stored("site_kind", _("Kind of site"), _("Of a visit to a site: airport, border, port, prison and others.")),
        stored("description", _("What was done"), _("What was done, as the source tells it.")),
        stored("counterpart", _("With whom"), _("Whom the delegation met.")),
        stored("body", _("Body met"), _("Body by its name in addresses, where one is recorded.")),
        stored("place", _("Place"), _("Where it was; empty where not stated.")),
        body=("bodies", "slug"),
    ),
    TableOfRecords(
        "visit_documents",
        _("Documents"),
        _("The disclosed documents that records were made from."),
        (
            VISIT,
            POSITION,
            column("kind", TEXT, REGISTER, _("Kind"), _("press-release, report, summary or web-page."), "part.key"),
            told("title", _("Title"), _("Title of the document, in its own language."), origin=STATED),
            column(
                "title_language",
                TEXT,
                REGISTER,
                _("Language"),
                _("The language of the document."),
                "part.title.language",
            ),
            told("url", _("Address"), _("Where it was published.")),
            told("symbol", _("Symbol"), _("Its United Nations symbol."), origin=STATED),
            told("published_on", _("Published"), _("When it was published."), DATE, STATED),
            told("category", _("Category"), _("As the publisher files it."), origin=STATED),
            told("sha256", _("SHA-256"), _("Digest of the text that was read; empty where none was kept.")),
        ),
        ("visit", "position"),
        TO_VISIT,
        partial(attribute, "documents"),
    ),
    TableOfRecords(
        "visit_links",
        _("Links between visits"),
        _("How published visits stand to each other, told from both ends."),
        (
            VISIT,
            POSITION,
            column("kind", TEXT, STATED, _("Kind"), _("follows, followed-by or same-mission."), "part.key"),
            column(
                "linked_visit",
                TEXT,
                STATED,
                _("Other visit"),
                _("The other visit by its name in addresses."),
                "part.slug",
            ),
        ),
        ("visit", "position"),
        TO_VISIT | {"linked_visit": ("visits", "slug")},
        partial(attribute, "links"),
    ),
    TableOfRecords(
        "evidence",
        _("Evidence"),
        _("The words of disclosed documents that values rest on."),
        (
            VISIT,
            POSITION,
            told(
                "part", _("Part"), _("Identifier of the visit, or of the part of its record that the value belongs to.")
            ),
            told("field", _("Field"), _("Name of the value’s column.")),
            told("quote", _("Quote"), _("What the document says there."), origin=STATED),
            told("document", _("Document"), _("Address of the document.")),
        ),
        ("visit", "position"),
        TO_VISIT,
        passages,
    ),
)
