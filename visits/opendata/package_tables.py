"""The tables of the data package: those of visits and findings as lists have them, the parts of records, the
vocabularies, what was translated and what has changed."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visits.catalogue.records import Record
from visits.catalogue.reference import LANGUAGES, TermRow
from visits.catalogue.rows import FindingRow, Named
from visits.catalogue.wording import Text

from .columns import Column, column
from .tables import (
    BOOLEAN,
    DATE,
    DERIVED,
    FINDINGS,
    INTEGER,
    LIST,
    MOMENT,
    PARTIAL_DATE,
    REGISTER,
    STATED,
    TEXT,
    VISITS,
)


@dataclass(frozen=True)
class PackagedTable:
    """`key`: the columns that no two rows have in common; `foreign`: column → table and column that it names."""

    name: str
    label: Promise
    meaning: Promise
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    foreign: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class TableOfRecords(PackagedTable):
    """`rows`: those that a record gives."""

    rows: Callable[[Record], Iterable]


@dataclass(frozen=True)
class Vocabulary(PackagedTable):
    """`group`: the kind of term, as the catalogue names it."""

    group: str


# Rows of records


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
            told("kind", _("Kind"), _("press-release, report, summary or web-page.")),
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


# Vocabularies


def in_language(attribute: str, code: str) -> Callable:
    return lambda row: getattr(row, attribute)[code]


def names(label: str) -> Iterator[Column]:
    """The name of a term in each language, and who stands behind it."""
    for code in LANGUAGES:
        suffix = code.replace("-", "_")
        yield column(
            f"{label}_{suffix}",
            TEXT,
            REGISTER,
            _("Name in one language"),
            _("What the term is called in the language at the end of the column’s name; empty where it has no name."),
            in_language("names", code),
        )
        yield column(
            f"{label}_{suffix}_origin",
            TEXT,
            REGISTER,
            _("Origin of the name"),
            _("Who stands behind that wording: un, cldr, or own for this register alone."),
            in_language("origins", code),
        )


def definitions() -> Iterator[Column]:
    for code in LANGUAGES:
        yield column(
            f"definition_{code.replace('-', '_')}",
            TEXT,
            REGISTER,
            _("Definition in one language"),
            _("What the topic takes in, in the language at the end of the column’s name."),
            in_language("definitions", code),
        )


def of_term(name: str, label, meaning, value: str, type=TEXT) -> Column:
    return column(name, type, REGISTER, label, meaning, value)


def first_above(row: TermRow) -> str:
    return row.above[0] if row.above else ""


def vocabulary(group, name, label, meaning, key: Column, *columns, called="name", **foreign) -> Vocabulary:
    shared = (
        column(
            "aliases",
            LIST,
            REGISTER,
            _("Other names"),
            _("Other names that it is found by, in any language."),
            "aliases",
        ),
        column(
            "replaced_by",
            key.type,
            REGISTER,
            _("Replaced by"),
            _("The term that took its place, by its key; empty while it stands."),
            lambda row: key.value(row._replace(key=row.replaced_by), None) if row.replaced_by else None,
        ),
    )
    every = (key, *columns, *names(called), *shared)
    return Vocabulary(name, label, meaning, every, (key.name,), foreign | {"replaced_by": (name, key.name)}, group)


SLUG = of_term("slug", _("Name in addresses"), _("What the term is called in addresses and filters."), "key")
VOCABULARIES: tuple[Vocabulary, ...] = (
    vocabulary(
        "region",
        "regions",
        _("Regions"),
        _("Regions of the UN M49 standard."),
        SLUG,
        of_term("m49", _("M49 code"), _("Code of the region in the UN M49 standard."), "code"),
        column("parent", TEXT, REGISTER, _("Part of"), _("The region that it is part of."), first_above),
        parent=("regions", "slug"),
    ),
    vocabulary(
        "country",
        "countries",
        _("Countries"),
        _("Member States and observer States of the United Nations."),
        of_term("iso3", _("Country code"), _("ISO 3166-1 alpha-3 code of the State."), "key"),
        of_term("iso2", _("Short country code"), _("ISO 3166-1 alpha-2 code of the State."), "code"),
        of_term("membership", _("Membership"), _("member or observer."), "kind"),
        column("region", TEXT, REGISTER, _("Region"), _("The region in which the State lies."), first_above),
        region=("regions", "slug"),
    ),
    vocabulary(
        "topic",
        "topics",
        _("Topics"),
        _("Focus areas of the talks."),
        SLUG,
        of_term(
            "cross_cutting", _("Cross-cutting"), _("Whether it cuts across other topics."), "cross_cutting", BOOLEAN
        ),
        *definitions(),
    ),
    vocabulary(
        "resolution",
        "resolutions",
        _("Resolutions"),
        _("Resolutions of the Security Council."),
        column("number", INTEGER, REGISTER, _("Number"), _("Number of the resolution."), lambda row: int(row.key)),
        of_term("symbol", _("Symbol"), _("Its United Nations symbol."), "code"),
        of_term("year", _("Year"), _("The year in which it was adopted."), "year", INTEGER),
        of_term(
            "adopted_on", _("Adopted"), _("The day on which it was adopted, where it is recorded."), "adopted_on", DATE
        ),
        of_term("url", _("Address"), _("Where it can be read."), "url"),
        called="subject",
    ),
    vocabulary(
        "body",
        "bodies",
        _("Bodies"),
        _("Organizations, offices and institutions that took part in visits or were met on them."),
        SLUG,
        of_term("acronym", _("Acronym"), _("What it is called for short."), "code"),
        of_term("kind", _("Kind"), _("What kind of body it is."), "kind"),
        column(
            "member_of",
            LIST,
            REGISTER,
            _("Member of"),
            _("The bodies that it belongs to."),
            lambda row: list(row.above),
        ),
        of_term("url", _("Address"), _("Its own site."), "url"),
    ),
)

# What stands beside records

TRANSLATIONS = PackagedTable(
    "translations",
    _("Translations"),
    _("Reviewed translations of texts of published visits; the other tables hold the originals, in English."),
    (
        column("visit", TEXT, REGISTER, _("Visit"), _("What the visit is called in addresses."), "slug"),
        column(
            "part",
            TEXT,
            REGISTER,
            _("Part"),
            _("Identifier of the visit, or of the part of its record that the text belongs to."),
            "part",
        ),
        column("field", TEXT, REGISTER, _("Field"), _("Name of the text’s column."), "field"),
        column("language", TEXT, REGISTER, _("Language"), _("The language of the translation."), "language"),
        column("text", TEXT, STATED, _("Text"), _("The translation."), "text"),
        column(
            "is_older",
            BOOLEAN,
            DERIVED,
            _("Older than the original"),
            _("Whether the original has been changed since it was translated."),
            "is_older",
        ),
    ),
    ("visit", "part", "field", "language"),
    TO_VISIT,
)
CHANGES = PackagedTable(
    "changes",
    _("Changes"),
    _("What was published, corrected, withdrawn, withheld, released or redacted since the package before this one."),
    (
        column(
            "generation",
            INTEGER,
            REGISTER,
            _("Generation"),
            _("Number of the change: it rises with everything that changes for the public."),
            "generation",
        ),
        column("at", MOMENT, REGISTER, _("Time"), _("When it was done."), "at"),
        column("visit", TEXT, REGISTER, _("Visit"), _("What the visit is called in addresses."), "slug"),
        column("edition", INTEGER, REGISTER, _("Edition"), _("Number of the edition."), "edition"),
        column(
            "change",
            TEXT,
            REGISTER,
            _("Change"),
            _("published, corrected, withdrawn, withheld, released or redacted."),
            "done",
        ),
        column("note", TEXT, REGISTER, _("Note"), _("Why: the change note of a correction, or the reason."), "note"),
        column(
            "url",
            TEXT,
            REGISTER,
            _("Permanent address"),
            _("The page of this very edition, or what stands there now."),
            lambda row, site: site.edition(row.slug, row.edition),
        ),
    ),
    ("generation", "visit", "edition"),
    {},
)
TABLES: tuple[PackagedTable, ...] = (*VOCABULARIES, *RECORDS, TRANSLATIONS, CHANGES)
