"""How many visits each value of each filter leaves: set arithmetic over what is published.

Every process keeps one set of visits per value. When the generation has moved, the sets are renewed for the visits
that changed since and for no others; where that cannot be told, and at the start, they are read as a whole. A large
register is read in the background: until then `current` has nothing, and the database is asked instead.
"""

import threading
from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count
from pyroaring import BitMap

from visits.enums import ASSESSMENT_KINDS, Assessment, State
from visits.models import (
    Edition,
    Engagement,
    Event,
    Finding,
    Focus,
    Generation,
    Kind,
    Participation,
    ResolutionLink,
    Segment,
    Visit,
)
from visits.models.unhurried import unhurried

from . import vocabulary
from .keys import Keys
from .order import Order

NONE = "none"
# Up to as many visits whoever asks first waits for the sets; it takes less than a second.
READ_AT_ONCE = 20_000
CHUNK = 10_000
# After more changes than this it is quicker to read everything.
MOST_CHANGES = 1000
MOST_CARDS = 1000
ROWS = {
    "topic": (Focus, "topic_id"),
    "resolution": (ResolutionLink, "resolution_id"),
    "body": (Participation, "body_id"),
    "kind": (Kind, "kind"),
    "finding": (Finding, "kind"),
    "modality": (Segment, "modality"),
    "body met": (Engagement, "body_id"),
    "topic of a finding": (Finding, "topic_id"),
}
# No filters, but found by the names of their terms.
ONLY_FOUND = {"body met": "body", "topic of a finding": "topic"}
# Of each group: what records hold → the visits; None for those that have nothing of it.
Sets = dict[str, dict[object, BitMap]]


@dataclass(frozen=True)
class Tally:
    """`visits`: how many there are once the value is chosen; `own`: how many of them have it."""

    visits: int
    own: int


Counts = dict[str, dict[str, Tally]]


class Index:
    """Everything published, by what it can be found by, as it stood at a generation. Never changed once made.

    `sets`: of each group, value of the filter → visits. `begin`, `end`: the visits by their earliest first and latest
    last day. `parts`: the dated parts of those visits that have more than one.
    """

    def __init__(self, generation: int, visits: BitMap, raw: Sets, begin: Order, end: Order, parts: dict):
        self.generation, self.visits, self.raw = generation, visits, raw
        self.begin, self.end, self.parts = begin, end, parts
        self.cards: dict[str, dict] = defaultdict(dict)
        self.earlier: tuple[datetime, Index] | None = None
        self.vocabulary = vocabulary.current(generation)
        self.sets = {group: self.named(group, values) for group, values in raw.items()}
        self.sets["region"] = self.named("region", raw["country"])
        self.sets["region"][NONE] = visits - union(self.sets["region"].values())
        # A term that another has replaced is counted there.
        gone = self.vocabulary.replaced
        self.offered = {
            group: [value for value in values if value not in gone.get(group, ())]
            for group, values in self.sets.items()
            if group not in ONLY_FOUND
        }

    def named(self, group: str, values: dict[object, BitMap]) -> dict[str, BitMap]:
        terms = self.vocabulary.groups.get(ONLY_FOUND.get(group, group))
        if terms is None:
            return {NONE if value is None else str(value): visits for value, visits in values.items()}
        sets = {key: union(values[pk] for pk in pks if pk in values) for key, pks in terms.items()}
        return sets | {NONE: values.get(None, BitMap())}

    def cards_in(self, language: str) -> dict[int, object]:
        """What `catalogue.listing` keeps of visits as lists show them in this language, as long as this index lasts."""
        if len(self.cards[language]) > MOST_CARDS:
            self.cards[language] = {}
        return self.cards[language]

    def having(self, group: str, values: Iterable[str]) -> BitMap:
        """The visits with any of these values."""
        return union(self.sets[group][value] for value in values if value in self.sets[group])

    def overlapping(self, since: date | None, until: date | None) -> BitMap:
        """The visits with a dated part that may overlap these days; None leaves that side open."""
        found = self.visits.copy()
        if since:
            found &= self.end.from_rank(rank(since))
        if until:
            # The day after, which of the last day of all there is none.
            found -= self.begin.from_rank((until.toordinal() + 1) << 24)
        first, last = since or date.min, until or date.max
        between = (
            visit
            for visit, parts in self.parts.items()
            if visit in found and not any(start <= last and end >= first for start, end in parts)
        )
        return found - BitMap(between)

    def found(self, selection: Mapping[str, Iterable[str]], among: BitMap | None = None) -> BitMap:
        """The visits that have, of every group asked for, one of the values."""
        found = self.visits if among is None else among
        for group, values in selection.items():
            found = found & self.having(group, values)
        return found

    def counts(
        self, selection: Mapping[str, Iterable[str]], among: BitMap | None = None
    ) -> dict[str, dict[str, Tally]]:
        """For every value of every group, what choosing it besides this selection gives."""
        found = self.found(selection, among)

        def numbers(group: str, base: BitMap) -> dict[str, int]:
            if base is self.visits:
                return {value: len(self.sets[group][value]) for value in self.offered[group]}
            return {value: base.intersection_cardinality(self.sets[group][value]) for value in self.offered[group]}

        counts = {group: tallies(numbers(group, found)) for group in self.offered if group not in selection}
        for group, chosen in selection.items():
            others = {other: values for other, values in selection.items() if other != group}
            base = self.found(others, among)
            counts[group] = tallies(numbers(group, base), len(found), numbers(group, found), chosen)
        return counts

    def with_changes(self, generation: int, changed: BitMap) -> "Index":
        """The index with these visits read again."""
        published = Edition.objects.published().filter(visit__in=Keys(changed))
        return self.with_parts(generation, changed, read(generation, published))

    def as_of(self, moment: datetime) -> "Index":
        """What was public at that moment, as far as it may still be read, under the terms of today."""
        if self.earlier is None or self.earlier[0] != moment:
            since = Edition.objects.published().filter(published_at__gt=moment).values_list("visit", flat=True)
            instead = read(self.generation, Edition.objects.as_of(moment).filter(state=State.SUPERSEDED))
            # Only the last one asked for: it may take as much memory as the index itself.
            self.earlier = moment, self.with_parts(self.generation, BitMap(since), instead)
        return self.earlier[1]

    def with_parts(self, generation: int, changed: BitMap, fresh: "Index") -> "Index":
        """The index with what `fresh` has of these visits in the place of its own."""
        return Index(
            generation,
            (self.visits - changed) | fresh.visits,
            {group: merged(values, fresh.raw[group], changed) for group, values in self.raw.items()},
            self.begin.with_changes(changed, fresh.begin),
            self.end.with_changes(changed, fresh.end),
            {visit: parts for visit, parts in self.parts.items() if visit not in changed} | fresh.parts,
        )


def tallies(own: dict, total: int = 0, found: dict | None = None, chosen: Iterable[str] = ()) -> dict[str, Tally]:
    """`own`: visits of each value as the other groups leave them; `total` and `found`: what this group leaves of them.

    Inside a group choices add up: what both have is counted once.
    """
    chosen = set(chosen)
    return {
        value: Tally(number if value in chosen or found is None else total + number - found.get(value, 0), number)
        for value, number in own.items()
    }


def union(sets: Iterable[BitMap]) -> BitMap:
    sets = tuple(sets)
    return sets[0] if len(sets) == 1 else BitMap.union(BitMap(), *sets)


def merged(old: dict[object, BitMap], fresh: dict[object, BitMap], changed: BitMap) -> dict[object, BitMap]:
    kept = {value: visits - changed if visits.intersect(changed) else visits for value, visits in old.items()}
    for value, visits in fresh.items():
        kept[value] = kept[value] | visits if value in kept else visits
    return {value: visits for value, visits in kept.items() if visits}


def rank(first: date, then: date | None = None) -> int:
    """One number to order visits by two days."""
    return first.toordinal() << 24 | (then.toordinal() if then else 0)


# Reading


def read(generation: int, only=None) -> Index:
    """The index of everything published, or of the editions `only`, at most one of each visit.

    Table by table and without joins: of a million visits, those took minutes.
    """
    editions = Edition.objects.published() if only is None else only
    keys, visits, begins, ends, years = array("Q"), array("I"), array("Q"), array("I"), gathering()
    in_order = editions.order_by("earliest", "latest", "visit").values_list("pk", "visit", "earliest", "latest")
    for key, visit, earliest, latest in in_order.iterator(chunk_size=CHUNK):
        keys.append(key)
        visits.append(visit)
        begins.append(rank(earliest, latest))
        ends.append(latest.toordinal())
        years[earliest.year].append(visit)
    everything = BitMap(visits)
    visit_of = array("I", bytes(4 * (max(keys, default=0) + 1)))
    for key, visit in zip(keys, visits, strict=True):
        visit_of[key] = visit

    def children(model, *columns: str, **lookups) -> Iterator[tuple]:
        """Of these editions' rows: the visit, and what stands in these columns."""
        rows = model.objects.filter(**lookups)
        rows = rows if only is None else rows.filter(edition__in=Keys(keys))
        for edition, *values in rows.order_by().values_list("edition", *columns).iterator(chunk_size=CHUNK):
            if edition < len(visit_of) and visit_of[edition]:
                yield visit_of[edition], *values

    raw = {"country": countries(everything, is_part=only is not None), "year": as_sets(years)}
    for group, (model, column) in ROWS.items():
        values = gathering()
        for visit, value in children(model, column):
            values[value].append(visit)
        raw[group] = as_sets(values)
        raw[group][None] = everything - union(found for value, found in raw[group].items() if value is not None)
    raw["assessment"] = assessments(raw["kind"], everything)
    several = Segment.objects.order_by().values("edition").annotate(parts=Count("pk")).filter(parts__gt=1)
    by_end = sorted(end << 32 | visit for end, visit in zip(ends, visits, strict=True))
    return Index(
        generation,
        everything,
        raw,
        begin=Order.of(zip(begins, visits, strict=True)),
        end=Order.of((packed >> 32 << 24, packed & 0xFFFFFFFF) for packed in by_end),
        parts=dated_parts(
            children(
                Segment,
                "start_earliest",
                "start_latest",
                "end_earliest",
                "end_latest",
                edition__in=several.values("edition"),
            )
        ),
    )


def gathering() -> defaultdict:
    return defaultdict(lambda: array("I"))


def as_sets(values: defaultdict) -> dict[object, BitMap]:
    return {value: BitMap(visits) for value, visits in values.items()}


def countries(published: BitMap, *, is_part: bool) -> dict[object, BitMap]:
    visits = Visit.objects.filter(pk__in=Keys(published)) if is_part else Visit.objects.all()
    found = gathering()
    for visit, country in visits.order_by().values_list("pk", "country").iterator(chunk_size=CHUNK):
        if visit in published:
            found[country].append(visit)
    return as_sets(found)


def assessments(kinds: dict[object, BitMap], visits: BitMap) -> dict[object, BitMap]:
    yes = union(found for kind, found in kinds.items() if kind in ASSESSMENT_KINDS)
    unknown = kinds[None]
    return {
        Assessment.YES.value: yes,
        Assessment.NO.value: visits - yes - unknown,
        Assessment.UNKNOWN.value: unknown,
        None: unknown,
    }


def dated_parts(segments: Iterable[tuple]) -> dict[int, list[tuple[date, date]]]:
    """Of each visit, the first and last possible day of each dated part."""
    parts = defaultdict(list)
    for visit, first, first_latest, last_earliest, last in segments:
        if first or last_earliest:
            parts[visit].append((first or last_earliest, last or first_latest))
    return dict(parts)


# Keeping


def changed_between(before: int, now: int) -> BitMap | None:
    """The visits that changed for the public between two generations, None where that is not recorded."""
    if not 0 <= now - before <= MOST_CHANGES:
        return None
    events = Event.objects.filter(generation__gt=before, generation__lte=now).order_by()
    recorded = list(events.values_list("generation", "visit_id"))
    if len({generation for generation, _visit in recorded}) < now - before:
        return None
    return BitMap({visit for _generation, visit in recorded if visit})


class Keeper:
    """The index of this process, renewed when somebody asks for it."""

    def __init__(self):
        self.index: Index | None = None
        self.lock = threading.Lock()
        self.reader: threading.Thread | None = None

    def current(self, *, wait: bool = False) -> Index | None:
        """The index of this generation or a later one; None while it is still being read, unless told to `wait`."""
        # Before the data: an index may be newer than it says, never older.
        generation = Generation.current()
        while True:
            with self.lock:
                if self.is_fresh(generation) or self.renew(generation):
                    return self.index
                reader = self.reader
            if not wait:
                return None
            reader.join()

    def is_fresh(self, generation: int) -> bool:
        return self.index is not None and self.index.generation >= generation

    def renew(self, generation: int) -> bool:
        """Bring the index to this generation, or have somebody begin to."""
        changed = changed_between(self.index.generation, generation) if self.index else None
        if changed is not None:
            self.index = self.index.with_changes(generation, changed)
        elif Edition.objects.published()[READ_AT_ONCE:].exists():
            if not (self.reader and self.reader.is_alive()):
                self.reader = threading.Thread(target=self.read_aside, args=(generation,), daemon=True)
                self.reader.start()
        else:
            self.index = read(generation)
        return self.is_fresh(generation)

    def read_aside(self, generation: int) -> None:
        try:
            with unhurried():
                index = read(generation)
            with self.lock:
                self.index = index
        finally:
            connection.close()

    def forget(self) -> None:
        """For tests, where the rows of another test are gone and the generation begins again."""
        self.__init__()


keeper = Keeper()
current, forget = keeper.current, keeper.forget
