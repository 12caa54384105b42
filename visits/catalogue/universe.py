"""All States with what is recorded for each: a table to order and to filter, and one equal tile for each of them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

import django_filters
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy
from pyroaring import BitMap

from visits.enums import KindOfVisit, Membership
from visits.exceptions import InvalidParameters
from visits.models import Country, Edition

from . import facets
from .countries import continent, periods, years_since
from .facets import NONE
from .filter_form import FilterForm, filter_form
from .filters import GroupFilter, SortFilter, place, terms
from .problems import unknown_names, wrong_values
from .wording import Text, in_alphabet, listed, name_of

# What the table can be ordered by has a name; so that those without a visit come last, only names ascend.
COLUMNS = (
    ("name", gettext_lazy("State")),
    ("", gettext_lazy("Region")),
    ("visits", gettext_lazy("Visits")),
    ("last", gettext_lazy("Last visit")),
    ("", gettext_lazy("Years since")),
    ("", gettext_lazy("Kinds")),
)
DESCENDING = {
    "visits": lambda row: row.visits,
    "last": lambda row: row.latest or date.min,
}
SHORT_KINDS = {
    KindOfVisit.INITIAL: pgettext_lazy("kind of visit", "initial"),
    KindOfVisit.FOLLOW_UP: pgettext_lazy("kind of visit", "follow-up"),
    KindOfVisit.FOCUSED: pgettext_lazy("kind of visit", "focused"),
    KindOfVisit.COMPREHENSIVE: pgettext_lazy("kind of visit", "comprehensive"),
    KindOfVisit.REGIONAL: pgettext_lazy("kind of visit", "regional"),
    KindOfVisit.HIGH_LEVEL: pgettext_lazy("kind of visit", "high-level"),
    KindOfVisit.CONSULTATION: pgettext_lazy("kind of visit", "consultation"),
    KindOfVisit.ADVOCACY: pgettext_lazy("kind of visit", "advocacy"),
    NONE: gettext_lazy("kind not recorded"),
}


class StateFilterSet(django_filters.FilterSet):
    region = GroupFilter(
        **place(*(f"region__{above}slug" for above in ("", "parent__", "parent__parent__"))),
        **terms("region"),
        label=gettext_lazy("Region"),
    )
    sort = SortFilter(label=gettext_lazy("Order"), choices=[column for column in COLUMNS if column[0]])

    class Meta:
        model = Country
        fields = []


@dataclass(frozen=True)
class Tile:
    """A State by the number of visits recorded here. `step` is the least number that looks like this one."""

    key: str
    name: Text
    visits: int

    @property
    def step(self) -> int:
        return max(step for step in (0, 1, 2, 3, 5) if step <= self.visits)


@dataclass(frozen=True)
class TileBlock:
    """The Member States of a continent, or of no region (without a name); observers have no key either."""

    key: str
    name: Text
    tiles: tuple[Tile, ...]

    @property
    def recorded(self) -> int:
        return sum(tile.visits > 0 for tile in self.tiles)


@dataclass(frozen=True)
class StateRow:
    """A State in the table. `latest` is the last day that its last visit can mean, `last` how much of it is known."""

    key: str
    name: Text
    region: Text
    visits: int
    latest: date | None
    last: str
    since: str
    kinds: str


@dataclass(frozen=True)
class Column:
    """A heading of the table. `query` orders by it, where one can; `order` is which way the table now is."""

    label: str
    query: str | None
    order: str


@dataclass(frozen=True)
class AllStates:
    """`members` are those recorded and those not recorded here; observers are counted apart from them.

    `query`: what this page is known by among all queries that ask for it; `list_query`: that of its visits.
    """

    blocks: tuple[TileBlock, ...]
    columns: tuple[Column, ...]
    rows: tuple[StateRow, ...]
    members: int
    recorded: int
    unrecorded: int
    observers: int
    observers_recorded: int
    visits: int
    query: str
    list_query: str
    regions: str
    filters: FilterForm
    ignored: tuple[str, ...]


def all_states(params: QueryDict) -> AllStates:
    """Every State that has not been replaced, of the regions asked for, in the order asked for.

    Raises InvalidParameters with all `problems` and the `filters` they stand beside.
    """
    index = facets.current(wait=True)
    filterset = StateFilterSet(params, queryset=current_states())
    if problems := wrong_values(filterset):
        raise InvalidParameters(problems=problems, filters=filter_form(filterset, problems=problems))
    asked, filters = filterset.form.cleaned_data, filter_form(filterset)
    countries, visits = alphabetical(filterset.qs), index.sets["country"]
    rows = rows_of(countries, index)
    if asked["sort"] in DESCENDING:
        rows.sort(key=DESCENDING[asked["sort"]], reverse=True)
    members = [len(visits[country.iso3]) for country in countries if country.membership == Membership.MEMBER]
    observers = [len(visits[country.iso3]) for country in countries if country.membership == Membership.OBSERVER]
    return AllStates(
        blocks=blocks_of(countries, visits),
        columns=tuple(columns(asked["region"], asked["sort"] or "name")),
        rows=tuple(rows),
        members=len(members),
        recorded=sum(number > 0 for number in members),
        unrecorded=members.count(0),
        observers=len(observers),
        observers_recorded=sum(number > 0 for number in observers),
        visits=sum(members) + sum(observers),
        query=query(sorted(set(asked["region"])), asked["sort"]).removeprefix("?"),
        list_query=query(asked["region"]),
        regions=listed(option.label for group in filters.groups for option in group.options if option.selected),
        filters=filters,
        ignored=tuple(unknown_names(filterset)),
    )


def tile_map() -> tuple[TileBlock, ...]:
    """Every State that has not been replaced: members by continent, then the observers."""
    return blocks_of(alphabetical(current_states()), facets.current(wait=True).sets["country"])


def current_states() -> QuerySet[Country]:
    return Country.objects.filter(replaced_by=None).select_related("region__parent__parent")


def alphabetical(countries: Iterable[Country]) -> list[Country]:
    return sorted(countries, key=lambda country: in_alphabet(name_of(country)))


def blocks_of(countries: list[Country], visits: dict[str, BitMap]) -> tuple[TileBlock, ...]:
    members, observers = defaultdict(list), []
    for country in countries:
        tile = Tile(country.iso3, name_of(country), len(visits[country.iso3]))
        of_kind = observers if country.membership == Membership.OBSERVER else members[continent(country)]
        of_kind.append(tile)
    blocks = [
        TileBlock(region.slug if region else NONE, name_of(region) if region else Text(""), tuple(tiles))
        for region, tiles in members.items()
    ]
    blocks.sort(key=lambda block: in_alphabet(block.name) or "\uffff")
    return (*blocks, TileBlock("", Text(""), tuple(observers))) if observers else tuple(blocks)


def rows_of(countries: list[Country], index: facets.Index) -> list[StateRow]:
    visits, today = index.sets["country"], timezone.now().date()
    last = {country.iso3: index.begin.page(visits[country.iso3], 0, 1) for country in countries}
    newest = Edition.objects.published().filter(visit__in=[visit for page in last.values() for visit in page])
    editions = {edition.visit_id: edition for edition in newest.prefetch_related("segments")}
    return [
        row_of(country, visits[country.iso3], editions.get(*last[country.iso3] or [0]), index, today)
        for country in countries
    ]


def row_of(country: Country, visits: BitMap, last: Edition | None, index: facets.Index, today: date) -> StateRow:
    return StateRow(
        key=country.iso3,
        name=name_of(country),
        region=name_of(country.region) if country.region else Text(""),
        visits=len(visits),
        latest=last.latest if last else None,
        last=listed(periods(last)) if last else "",
        since=years_since(last.latest, today) if last else "",
        kinds=listed(kinds_of(visits, index)),
    )


def kinds_of(visits: BitMap, index: facets.Index) -> Iterable[str]:
    """The kinds of these visits in words, each with its number where there are several."""
    for kind, word in SHORT_KINDS.items():
        number = visits.intersection_cardinality(index.sets["kind"].get(kind, BitMap()))
        if number:
            yield str(word) if number == 1 else f"{word} ({number})"


def columns(regions: list[str], current: str) -> Iterable[Column]:
    for sort, label in COLUMNS:
        order = "descending" if sort in DESCENDING else "ascending"
        yield Column(str(label), query(regions, sort) if sort else None, order if sort == current else "")


def query(regions: list[str], sort: str = "name") -> str:
    pairs = [("region", region) for region in regions] + ([("sort", sort)] if sort in DESCENDING else [])
    return "?" + urlencode(pairs) if pairs else ""
