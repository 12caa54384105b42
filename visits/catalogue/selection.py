"""The visits that a list holds, in its order, and what each further choice would leave: from the sets kept in memory,
or, where there are none, from the database with the same answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Count, F
from django.db.models.functions import Coalesce, ExtractYear
from pyroaring import BitMap

from visits.models import Edition, Finding, Focus, Kind, Participation, ResolutionLink, Segment

from . import vocabulary
from .facets import NONE, Counts, Index, tallies
from .filters import RELEVANCE, GroupFilter, VisitFilterSet
from .keys import Keys
from .search import Hits


@dataclass(frozen=True)
class Asked:
    """What a list is asked for. `chosen`: of each group that is filtered by, the values."""

    chosen: dict[str, list[str]]
    since: date | None
    until: date | None
    sort: str


class InMemory:
    """The selection by set arithmetic from `base`, the editions that the index is of; `hits` is what a search found."""

    def __init__(self, index: Index, base, asked: Asked, hits: Hits | None = None):
        self.index, self.base, self.asked, self.hits = index, base, asked, hits

    @cached_property
    def among(self) -> BitMap | None:
        """What is left before any group is chosen; None for everything."""
        return self.dated(self.hits.visits if self.hits else None)

    def dated(self, among: BitMap | None) -> BitMap | None:
        if not (self.asked.since or self.asked.until):
            return among
        dated = self.index.overlapping(self.asked.since, self.asked.until)
        return dated if among is None else among & dated

    @cached_property
    def found(self) -> BitMap:
        return self.index.found(self.asked.chosen, self.among)

    @cached_property
    def total(self) -> int:
        return len(self.found)

    @cached_property
    def counts(self) -> Counts:
        return self.index.counts(self.asked.chosen, self.among)

    def leaves_some_of(self, visits: BitMap) -> bool:
        """Whether the filters leave any of these visits, whatever is searched for."""
        return bool(self.index.found(self.asked.chosen, self.dated(visits)))

    def page(self, start: int, stop: int) -> list[Edition]:
        """The editions from place `start` up to `stop`."""
        return self.editions_of(self.visits(start, stop))

    def editions_of(self, visits: list[int]) -> list[Edition]:
        rows = self.base.for_list(with_text=self.hits is not None)
        editions = {row.visit_id: row for row in rows.filter(visit__in=visits)}
        return [editions[visit] for visit in visits if visit in editions]

    def keys(self) -> list[int]:
        """The primary keys of all editions found, in order."""
        visits = self.visits(0, self.total)
        keys = dict(self.base.filter(visit__in=Keys(visits)).order_by().values_list("visit", "pk"))
        return [keys[visit] for visit in visits if visit in keys]

    def visits(self, start: int, stop: int) -> list[int]:
        visits, newest_first = [], self.asked.sort != "oldest"
        for part in self.parts():
            size = len(part)
            if start < size:
                visits += self.index.begin.page(part, start, stop, newest_first=newest_first)
            start, stop = max(0, start - size), stop - size
            if stop <= 0:
                break
        return visits

    def parts(self) -> Iterable[BitMap]:
        """What is found, in parts that follow each other in the list; each of them is ordered by date."""
        if self.asked.sort == "country":
            return (self.found & self.index.sets["country"][key] for key in self.index.vocabulary.offered("country"))
        if self.asked.sort == RELEVANCE and self.hits:
            return (self.found & tier for tier in self.hits.tiers)
        return (self.found,)


class InDatabase:
    """The selection by SQL from `base`, while the sets are still being read: of many visits it takes seconds."""

    def __init__(self, filterset: VisitFilterSet, base, asked: Asked):
        self.filterset, self.base, self.asked = filterset, base, asked

    @cached_property
    def editions(self):
        return self.filterset.filter_queryset(self.base)

    @cached_property
    def total(self) -> int:
        return self.editions.count()

    def page(self, start: int, stop: int) -> list[Edition]:
        return list(self.editions.for_list()[start:stop])

    def keys(self) -> list[int]:
        return list(self.editions.values_list("pk", flat=True))

    @cached_property
    def counts(self) -> Counts:
        groups = {name: bound for name, bound in self.filterset.filters.items() if isinstance(bound, GroupFilter)}
        found = {name: numbers(name, declared, self.editions) for name, declared in groups.items()}
        counts = {name: tallies(own) for name, own in found.items()}
        for name, chosen in self.asked.chosen.items():
            own = numbers(name, groups[name], self.filterset.filter_queryset(self.base, but=name))
            counts[name] = tallies(own, self.total, found[name], chosen)
        return counts


# Of each group: the rows that hold its values, and where; an edition itself has one country and one year.
VALUES = {
    "topic": (Focus, Coalesce("topic__replaced_by", "topic")),
    "country": (Edition, Coalesce("visit__country__replaced_by", "visit__country")),
    "region": (Edition, F("visit__country")),
    "resolution": (ResolutionLink, Coalesce("resolution__replaced_by", "resolution")),
    "body": (Participation, Coalesce("body__replaced_by", "body")),
    "kind": (Kind, F("kind")),
    "modality": (Segment, F("modality")),
    "finding": (Finding, F("kind")),
    "year": (Edition, ExtractYear("earliest")),
}


def numbers(group: str, declared: GroupFilter, editions) -> dict[str, int]:
    """How many of these editions have each value of the group, and how many none."""
    editions = editions.order_by()
    none = {NONE: editions.filter(declared.nothing()).count()}
    if group not in VALUES:
        return none | {value: editions.filter(declared.any_of([value])).count() for value, _label in declared.choices()}
    model, value = VALUES[group]
    rows, edition = (editions, "pk") if model is Edition else (model.objects.filter(edition__in=editions), "edition")
    counted = rows.order_by().annotate(value=value).values_list("value").annotate(Count(edition, distinct=True))
    found = {value: number for value, number in counted if value is not None}
    terms = vocabulary.latest()
    if group not in terms.groups:
        return none | {str(value): number for value, number in found.items()}
    if group == "region":
        return none | {key: sum(found.get(pk, 0) for pk in pks) for key, pks in terms.groups[group].items()}
    # The first key of a term is its own.
    return none | {key: found.get(pks[0], 0) for key, pks in terms.groups[group].items()}
