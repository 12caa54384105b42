"""Whole lists for programs: every visit or finding that a list holds, with all that is recorded in columns.

A list is pinned first: the primary keys of what it holds. Then it is read in shares of them, so that a hundred
thousand visits take no more memory than a thousand. What is withdrawn in between is left out; nothing else of it can
change. Rows are made of plain columns: as objects of models they would take ten times as long.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from functools import partial
from operator import itemgetter
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
    stored_uid: UUID | str

    @property
    def interval(self) -> str:
        """Both bounds as ISO 8601 writes an interval, `..` for one that is not known."""
        return f"{self.start or '..'}/{self.end or '..'}"

    @property
    def uid(self) -> UUID:
        return UUID(str(self.stored_uid))


class SourceRow(NamedTuple):
    title: Text
    url: str
    symbol: str
    published_on: date | None


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


class Share:
    """Editions that are read together: `found` has what was read of what hangs on them, see `Hanging`."""

    def __init__(self, keys: Sequence[int], terms: Terms):
        self.keys, self.terms, self.found = list(keys), terms, {}


class Hanging:
    """What hangs on an edition, in the order of the record: a property of its row.

    It is read for a whole share as soon as one row of it is asked for it. `rows`: a kind of child, or some of it.
    `make`, given the terms, makes a value of the key of the edition and `columns`, as the driver has them: none may be
    one that Django converts.
    """

    def __init__(self, rows, *columns: str, make: Callable):
        self.rows, self.columns, self.make = rows, columns, make
        # By the kind of database: wording a question takes as long as answering it.
        self.worded: dict[str, tuple[str, list]] = {}

    def __get__(self, row, owner=None):
        if row is None:
            return self
        found = row.share.found.get(self)
        if found is None:
            found = row.share.found[self] = self.of_share(row.share)
        return found.get(row.key, NONE)

    def of_share(self, share: Share) -> dict[int, list]:
        sql, params = self.question()
        found, make = defaultdict(list), self.make(share.terms.of)
        with connection.cursor() as cursor:
            cursor.execute(sql, [*params, json.dumps(share.keys)])
            for row in cursor.fetchall():
                found[row[0]].append(make(row))
        return found

    def question(self) -> tuple[str, list]:
        """SQL, and its parameters but for the keys."""
        if connection.vendor not in self.worded:
            queryset: QuerySet = self.rows if isinstance(self.rows, QuerySet) else self.rows.objects.all()
            asked = queryset.filter(edition__in=Keys([])).values_list("edition", *self.columns)
            sql, (*params, _keys) = asked.query.sql_with_params()
            self.worded[connection.vendor] = sql, params
        return self.worded[connection.vendor]


def source(row: tuple) -> SourceRow:
    _key, title, language, url, symbol, published_on = row
    # SQLite knows no dates.
    day = date.fromisoformat(published_on) if isinstance(published_on, str) else published_on
    return SourceRow(Text(title, language), url, symbol, day)


NONE: tuple = ()
OF_PART = ("start", "end", "modality", "modality_inferred", "uid")
HEADS = Person.objects.filter(role=PersonRole.HEAD)
DISCLOSED = DocumentLink.objects.exclude(document__disclosure=Disclosure.NONE)
OF_SOURCE = tuple(f"document__{name}" for name in ("title", "language", "url", "symbol", "published_on"))


class Dated:
    """What has dated parts."""

    parts = Hanging(Segment, *OF_PART, make=lambda _terms: lambda row: DatedPart._make(row[1:]))

    @property
    def start(self) -> str:
        """The first day as far as it is stated, that of the earliest part."""
        parts = self.parts
        if len(parts) < 2:
            return parts[0].start if parts else ""
        return min(parts, key=begin_of).start

    @property
    def end(self) -> str:
        parts = self.parts
        if len(parts) < 2:
            return parts[0].end if parts else ""
        return max(parts, key=end_of).end


class VisitFields(NamedTuple):
    """`share` and `key`: what the edition is read with, and its primary key."""

    share: Share
    key: int
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


class VisitRow(Dated, VisitFields):
    """What the register says of a visit, as far as columns hold it. `edition` is the number of the edition that says
    it; `kinds` with their ordinals, `topics` and `bodies` with their roles; `findings`: the kind of each."""

    __slots__ = ()

    kinds = Hanging(Kind, "kind", "ordinal", make=lambda _terms: itemgetter(1, 2))
    topics = Hanging(Focus, "topic", "role", make=lambda terms: lambda row: (terms["topic"][row[1]], row[2]))
    resolutions = Hanging(ResolutionLink, "resolution", make=lambda terms: lambda row: terms["resolution"][row[1]])
    bodies = Hanging(Participation, "body", "role", make=lambda terms: lambda row: (terms["body"][row[1]], row[2]))
    heads = Hanging(HEADS, "name", "title", make=lambda _terms: lambda row: row[1] or row[2])
    sources = Hanging(DISCLOSED, *OF_SOURCE, make=lambda _terms: source)
    findings = Hanging(Finding, "kind", make=lambda _terms: itemgetter(1))

    @property
    def changed_at(self) -> datetime:
        """When what it says was changed last: by publishing it, or by taking something out of it."""
        return max(filter(None, (self.published_at, self.redacted_at)))

    @property
    def assessment(self) -> str:
        if not self.kinds:
            return Assessment.UNKNOWN.value
        is_one = any(kind in ASSESSMENT_KINDS for kind, _ordinal in self.kinds)
        return (Assessment.YES if is_one else Assessment.NO).value


class FindingFields(NamedTuple):
    """`share` and `key`: what its edition is read with, and the primary key of that."""

    share: Share
    key: int
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


class FindingRow(Dated, FindingFields):
    """A finding and the visit it comes from. `edition`: the number of the edition that holds it."""

    __slots__ = ()


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


def shares(keys: Sequence[int], size: int = 0) -> Iterator[Sequence[int]]:
    size = size or SHARE
    return (keys[start : start + size] for start in range(0, len(keys), size))


TEXTS = ("title", "summary", "aim", "mandate")
OF_EDITION = ("pk", "visit", "visit__uid", "state", *TEXTS)
OF_VISIT = ("visit__slug", "number", "published_at", "redacted_at", "change_note")
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
    translated = translations.of_lists((Identity(*row[1:3]) for row in found.values()), *TEXTS)
    share, language, places = Share(list(found), terms), get_language(), terms.places
    for key in keys:
        if key in found:
            row = found[key]
            said = Said(key, Identity(*row[1:3]), *row[3:8])
            texts = (translated.text(said, name, language=language) for name in TEXTS)
            yield VisitRow(share, key, row[2], *row[8:13], *texts, places[row[13]], *row[14:])


class SaidFinding(NamedTuple):
    """A finding as far as `Translations` asks for it."""

    uid: UUID
    text: str
    speaker: str


OF_FINDING = ("pk", "uid", "text", "speaker", "kind", "direction", "topic")
ITS_EDITION = ("pk", "visit", "visit__uid", "state", "title", "visit__slug", "number", *OF_DATES)


def findings_of(keys: Sequence[int], terms: Terms) -> Iterator[FindingRow]:
    rows = Finding.objects.filter(pk__in=Keys(keys), edition__state__in=READABLE).order_by()
    columns = [*OF_FINDING, *(f"edition__{name}" for name in ITS_EDITION)]
    found = {row[0]: (row[1:7], row[7:]) for row in rows.values_list(*columns)}
    visits = (Identity(*edition[1:3]) for _finding, edition in found.values())
    translated = translations.of_lists(visits, "title", parts=(finding[0] for finding, _edition in found.values()))
    share, language = Share({edition[0] for _finding, edition in found.values()}, terms), get_language()
    for key in keys:
        if key in found:
            (uid, *texts, kind, direction, topic), (edition, visit, visit_uid, state, title, *place) = found[key]
            said, finding = (
                Said(edition, Identity(visit, visit_uid), state, title, "", "", ""),
                SaidFinding(uid, *texts),
            )
            slug, number, country, earliest, latest = place
            yield FindingRow(
                share,
                edition,
                uid,
                kind,
                direction,
                terms.of["topic"][topic] if topic else None,
                translated.text(said, "text", finding, language),
                translated.text(said, "speaker", finding, language),
                slug,
                number,
                translated.text(said, "title", language=language),
                terms.places[country],
                earliest,
                latest,
            )
