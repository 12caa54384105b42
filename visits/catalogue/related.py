"""What is recorded together with a term or a State: tallies of its visits, each with the list of what it counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.enums import State
from visits.models import Participation, Resolution

from . import facets
from .facets import NONE, Index
from .findings import FindingCard, FindingList
from .vocabulary import key_of
from .wording import Text, name_of

# As many are named; how many others there are is said.
SHOWN = 8
LABELS = {
    "year": gettext_lazy("Years"),
    "region": gettext_lazy("Regions"),
    "country": gettext_lazy("States visited most often"),
    "topic": gettext_lazy("Topics recorded most often"),
    "resolution": gettext_lazy("Resolutions"),
    "body": gettext_lazy("Bodies that took part"),
}


@dataclass(frozen=True)
class Tally:
    """`visits`: how many have both. `query` lists them; where no list can, because a choice of two values of one filter
    means either of them, it is empty."""

    key: str
    name: Text
    visits: int
    query: str


@dataclass(frozen=True)
class Tallies:
    """Values of one group, the most frequent first but for years; `more` are left out."""

    group: str
    label: str
    rows: tuple[Tally, ...]
    more: int


@dataclass(frozen=True)
class Related:
    """`findings`: the newest of these visits; `named_as`: how sources call a body, with the number of visits."""

    tallies: tuple[Tallies, ...]
    findings: tuple[FindingCard, ...]
    named_as: tuple[tuple[str, int], ...]
    query: str


def related(group: str, key: str, groups: Iterable[str]) -> Related:
    """What is recorded together with this value of a filter, in these groups."""
    index, selection = facets.current(wait=True), {group: key}
    counted = (tallies(index, selection, other) for other in groups)
    return Related(
        tallies=tuple(each for each in counted if each.rows),
        findings=tuple(FindingList(QueryDict(urlencode(selection | {"page_size": SHOWN}))).cards),
        named_as=wordings(index.vocabulary.groups["body"].get(key, ())) if group == "body" else (),
        query="?" + urlencode(selection),
    )


def tallies(index: Index, selection: Mapping[str, str], group: str) -> Tallies:
    visits = index.found({name: [value] for name, value in selection.items()})
    numbers = {
        value: visits.intersection_cardinality(index.sets[group][value])
        for value in values_of(index, group)
        if value != NONE and value != selection.get(group)
    }
    names = named(index, group)
    found = [
        Tally(value, names(value), number, "" if group in selection else "?" + urlencode({**selection, group: value}))
        for value, number in numbers.items()
        if number
    ]
    if group == "year":
        return Tallies(group, str(LABELS[group]), tuple(sorted(found, key=lambda tally: tally.key, reverse=True)), 0)
    # Already in the order of their vocabulary: that stays among equals.
    found.sort(key=lambda tally: -tally.visits)
    label = _("Bodies seen together with it") if group in selection else str(LABELS[group])
    label = _("Topics recorded together with it") if group == "topic" and group in selection else label
    return Tallies(group, label, tuple(found[:SHOWN]), max(0, len(found) - SHOWN))


def values_of(index: Index, group: str) -> Iterable[str]:
    if group == "region":
        return (key_of(row) for row in index.vocabulary.rows["region"] if row.parent_id is None)
    if group in index.vocabulary.groups:
        return index.vocabulary.offered(group)
    return index.offered[group]


def named(index: Index, group: str):
    rows = {key_of(row): row for row in index.vocabulary.rows.get(group, ())}

    def name(value: str) -> Text:
        row = rows.get(value)
        return Text(value) if row is None or isinstance(row, Resolution) else name_of(row)

    return name


def wordings(bodies: Iterable[int]) -> tuple[tuple[str, int], ...]:
    rows = Participation.objects.filter(edition__state=State.PUBLISHED, body__in=bodies).exclude(named_as="")
    counted = rows.order_by().values_list("named_as").annotate(visits=Count("edition")).order_by("-visits", "named_as")
    return tuple(counted[:SHOWN])
