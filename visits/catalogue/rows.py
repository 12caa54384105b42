"""Whole lists for programs: every visit or finding that a list holds, with all that is recorded in columns.

A list is pinned first: the primary keys of what it holds. Then it is read in shares of them, so that a hundred
thousand visits take no more memory than a thousand. What is withdrawn in between is left out; nothing else of it can
change. Rows are made of plain columns: as objects of models they would take ten times as long.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from typing import NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import get_language

from visits.enums import ASSESSMENT_KINDS, READABLE, Assessment, Disclosure, PersonRole
from visits.models import (
    Country,
    DocumentLink,
    Edition,
    Finding,
    Focus,
    Kind,
    Participation,
    Person,
    ResolutionLink,
    Segment,
)
from visits.text import dates

from . import translations, vocabulary
from .keys import Keys
from .wording import Text

SHARE = 1000


class Named(NamedTuple):
    """A term. `short`: an acronym, or what else it is called for short."""

    key: str
    name: Text
    short: str


class Place(NamedTuple):
    """A State. `region`: the region it lies in, None where it lies in none."""

    iso3: str
    iso2: str
    name: Text
    region: Named | None


class DatedPart(NamedTuple):
    """A dated part of a visit; `start` and `end` are partial dates, see `visits.text.dates`."""

    start: str
    end: str
    modality: str
    is_inferred: bool | int

    @property
    def interval(self) -> str:
        """Both bounds as ISO 8601 writes an interval, `..` for one that is not known."""
        return f"{self.start or '..'}/{self.end or '..'}"


class SourceRow(NamedTuple):
    title: Text
    url: str
    symbol: str
    published_on: date | None


class VisitRow(NamedTuple):
    """What the register says of a visit, as far as columns hold it. `edition` is the number of the edition that says
    it; `findings`: the kind of each."""

    uid: UUID
    slug: str
    edition: int
    published_at: datetime
    redacted_at: datetime | None
    change_note: str
    title: Text
    summary: Text
    aim: Text
    mandate: Text
    country: Place
    earliest: date
    latest: date
    parts: Sequence[DatedPart]
    kinds: Sequence[tuple[str, int | None]]
    topics: Sequence[tuple[Named, str]]
    resolutions: Sequence[Named]
    bodies: Sequence[tuple[Named, str]]
    heads: Sequence[str]
    sources: Sequence[SourceRow]
    findings: Sequence[str]

    @property
    def start(self) -> str:
        """The first day as far as it is stated, that of the earliest part."""
        return min(self.parts, key=begin_of).start if self.parts else ""

    @property
    def end(self) -> str:
        return max(self.parts, key=end_of).end if self.parts else ""

    @property
    def assessment(self) -> str:
        if not self.kinds:
            return Assessment.UNKNOWN.value
        is_one = any(kind in ASSESSMENT_KINDS for kind, _ordinal in self.kinds)
        return (Assessment.YES if is_one else Assessment.NO).value


class FindingRow(NamedTuple):
    """A finding and the visit it comes from. `edition`: the number of the edition that holds it."""

    uid: UUID
    kind: str
    direction: str
    topic: Named | None
    text: Text
    speaker: Text
    slug: str
    edition: int
    title: Text
    country: Place
    earliest: date
    latest: date
    parts: Sequence[DatedPart]

    start = VisitRow.start
    end = VisitRow.end


def begin_of(part: DatedPart) -> date:
    return dates.first_day(part.start) or dates.first_day(part.end) or date.max


def end_of(part: DatedPart) -> date:
    return dates.last_day(part.end) or dates.last_day(part.start) or date.min


def visits(keys: Sequence[int]) -> Iterator[VisitRow]:
    """The visits of these editions, in this order, as far as they can still be read; `Listing.keys` gives them all."""
    terms = Terms()
    for share in shares(keys):
        yield from visits_of(share, terms)


def findings(keys: Sequence[int]) -> Iterator[FindingRow]:
    """These findings, in this order, as far as they can still be read; `FindingList.keys` gives them all."""
    terms = Terms()
    for share in shares(keys):
        yield from findings_of(share, terms)


def shares(keys: Sequence[int], size: int = SHARE) -> Iterator[Sequence[int]]:
    return (keys[start : start + size] for start in range(0, len(keys), size))


class Missing(dict):
    """A mapping that makes what it has not been asked for yet."""

    def __init__(self, make: Callable):
        self.make = make

    def __missing__(self, key):
        value = self[key] = self.make(key)
        return value


class Terms:
    """Terms by primary key as rows name them, each worded once in the active language."""

    def __init__(self):
        self.vocabulary = vocabulary.latest()
        self.of = {group: Missing(partial(self.named, group)) for group in vocabulary.MODELS}
        self.places = Missing(self.place)

    def named(self, group: str, pk: int) -> Named:
        row = self.vocabulary.row(group, pk)
        short = row.acronym if group == "body" else row.symbol if group == "resolution" else ""
        name = Text(str(row)) if group == "resolution" else self.vocabulary.name(group, pk)
        return Named(vocabulary.key_of(row), name, short)

    def place(self, pk: int) -> Place:
        state: Country = self.vocabulary.row("country", pk)
        region = self.of["region"][state.region_id] if state.region_id else None
        return Place(state.iso3, state.iso2, self.vocabulary.name("country", pk), region)


NONE: tuple = ()
TEXTS = ("title", "summary", "aim", "mandate")
OF_EDITION = ("pk", "visit", "visit__uid", "state", *TEXTS)
OF_VISIT = ("visit__slug", "number", "published_at", "redacted_at", "change_note")
OF_PART = ("start", "end", "modality", "modality_inferred")
DISCLOSED = DocumentLink.objects.exclude(document__disclosure=Disclosure.NONE)
OF_SOURCE = tuple(f"document__{name}" for name in ("title", "language", "url", "symbol", "published_on"))
OF_DATES = ("visit__country", "earliest", "latest")


class Said(NamedTuple):
    """An edition as far as `Translations` asks for it."""

    pk: int
    visit: "Identity"
    state: str
    title: str
    summary: str
    aim: str
    mandate: str


class Identity(NamedTuple):
    pk: int
    uid: UUID


def visits_of(keys: Sequence[int], terms: Terms) -> Iterator[VisitRow]:
    editions = Edition.objects.filter(pk__in=Keys(keys), state__in=READABLE).order_by()
    found = {row[0]: row for row in editions.values_list(*OF_EDITION, *OF_VISIT, *OF_DATES)}
    said = {pk: Said(pk, Identity(*row[1:3]), *row[3:8]) for pk, row in found.items()}
    translated = translations.of_lists((each.visit for each in said.values()), *TEXTS)
    parts, kinds = grouped(Segment, keys, *OF_PART), grouped(Kind, keys, "kind", "ordinal")
    topics = grouped(Focus, keys, "topic", "role")
    resolutions = grouped(ResolutionLink, keys, "resolution")
    bodies = grouped(Participation, keys, "body", "role")
    heads = grouped(Person.objects.filter(role=PersonRole.HEAD), keys, "name", "title")
    sources, told = grouped(DISCLOSED, keys, *OF_SOURCE), grouped(Finding, keys, "kind")
    named_topics, named_bodies, named_resolutions = (terms.of[group] for group in ("topic", "body", "resolution"))
    language, places = get_language(), terms.places
    for key in keys:
        if key not in found:
            continue
        texts, (slug, number, published_at, redacted_at, note, country, earliest, latest) = said[key], found[key][8:]
        yield VisitRow(
            texts.visit.uid,
            slug,
            number,
            published_at,
            redacted_at,
            note,
            *(translated.text(texts, name, language=language) for name in TEXTS),
            places[country],
            earliest,
            latest,
            [DatedPart(*values[1:]) for values in parts.get(key, NONE)],
            [(kind, ordinal) for _key, kind, ordinal in kinds.get(key, NONE)],
            [(named_topics[pk], role) for _key, pk, role in topics.get(key, NONE)],
            [named_resolutions[pk] for _key, pk in resolutions.get(key, NONE)],
            [(named_bodies[pk], role) for _key, pk, role in bodies.get(key, NONE)],
            [name or title for _key, name, title in heads.get(key, NONE)],
            [source(*values[1:]) for values in sources.get(key, NONE)],
            [kind for _key, kind in told.get(key, NONE)],
        )


class SaidFinding(NamedTuple):
    """A finding as far as `Translations` asks for it."""

    uid: UUID
    text: str
    speaker: str


def findings_of(keys: Sequence[int], terms: Terms) -> Iterator[FindingRow]:
    rows = Finding.objects.filter(pk__in=Keys(keys), edition__state__in=READABLE).order_by()
    of_edition = [
        f"edition__{name}" for name in ("pk", "visit", "visit__uid", "state", "title", "visit__slug", "number")
    ]
    of_finding = ("pk", "uid", "text", "speaker", "kind", "direction", "topic")
    found = {
        row[0]: row for row in rows.values_list(*of_finding, *of_edition, *(f"edition__{name}" for name in OF_DATES))
    }
    said = {row[7]: Said(row[7], Identity(*row[8:10]), *row[10:12], "", "", "") for row in found.values()}
    visits = [each.visit for each in said.values()]
    translated = translations.of_lists(visits, "title", parts=[row[1] for row in found.values()])
    parts, language = grouped(Segment, list(said), *OF_PART), get_language()
    for key in keys:
        if key not in found:
            continue
        _pk, uid, text, speaker, kind, direction, topic, edition = found[key][:8]
        slug, number, country, earliest, latest = found[key][12:]
        finding = SaidFinding(uid, text, speaker)
        yield FindingRow(
            uid,
            kind,
            direction,
            terms.of["topic"][topic] if topic else None,
            translated.text(said[edition], "text", finding, language),
            translated.text(said[edition], "speaker", finding, language),
            slug,
            number,
            translated.text(said[edition], "title", language=language),
            terms.places[country],
            earliest,
            latest,
            [DatedPart(*values[1:]) for values in parts.get(edition, NONE)],
        )


def grouped(rows, keys: Sequence[int], *columns: str) -> dict[int, list[tuple]]:
    """Of each of these editions, these columns of its rows, in their order. `rows`: a kind of child, or some of it.

    As the driver gives them: no column may be one that Django converts.
    """
    queryset: QuerySet = rows if isinstance(rows, QuerySet) else rows.objects.all()
    sql, params = queryset.filter(edition__in=Keys(keys)).values_list("edition", *columns).query.sql_with_params()
    found = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        for row in cursor.fetchall():
            found[row[0]].append(row)
    return found


def source(title: str, language: str, url: str, symbol: str, published_on: date | str | None) -> SourceRow:
    # SQLite knows no dates.
    day = date.fromisoformat(published_on) if isinstance(published_on, str) else published_on
    return SourceRow(Text(title, language), url, symbol, day)
