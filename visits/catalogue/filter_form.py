"""The filters beside a list as a reader sees them: groups of options, days, order, and what was wrong with any."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django_filters import FilterSet

from .facets import NONE, Tally
from .filters import RELEVANCE, GroupFilter

# A group with more options than this has a field to find one in, where scripts run.
LONG = 12


@dataclass(frozen=True)
class Option:
    """`visits`: how many there would be with it; None where that was not counted."""

    value: str
    label: str
    selected: bool
    visits: int | None = None


@dataclass(frozen=True)
class Group:
    """Options of which any number can be chosen."""

    name: str
    label: str
    options: tuple[Option, ...]
    problems: tuple

    @property
    def selected(self) -> int:
        return sum(option.selected for option in self.options)

    @property
    def is_long(self) -> bool:
        return len(self.options) > LONG


@dataclass(frozen=True)
class Day:
    name: str
    label: str
    value: str
    problems: tuple


@dataclass(frozen=True)
class Words:
    """What is searched for."""

    text: str
    problems: tuple


@dataclass(frozen=True)
class FilterForm:
    """`has_numbers`: whether its options tell how many visits there would be."""

    words: Words
    groups: tuple[Group, ...]
    days: tuple[Day, ...]
    as_of: Day | None
    sort: tuple[Option, ...]
    page_size: str
    has_numbers: bool

    @property
    def is_wrong(self) -> bool:
        fields = (self.words, *self.groups, *self.days, *filter(None, [self.as_of]))
        return any(field.problems for field in fields)


def filter_form(
    filterset: FilterSet, counts: Mapping[str, Mapping[str, Tally]] | None = None, *, sort: str = "", problems=()
) -> FilterForm:
    """The form of this filterset, with what was asked in it and each problem beside its filter.

    With `counts`, of every group's values, it offers what some visit has; without, all there is. `sort` is the order
    that the list now has, where none was asked for.
    """

    def asked(name: str) -> list[str]:
        return filterset.data.getlist(name) if name in filterset.data else []

    def wrong_with(name: str) -> tuple:
        return tuple(problem for problem in problems if problem.parameter == name)

    def options(name: str, declared: GroupFilter) -> tuple[Option, ...]:
        chosen = {value.lower() for value in asked(name)}
        labels = {str(value): label for value, label in declared.choices()}
        tallies = counts[name] if counts else {}
        # Years have no vocabulary: there are those that visits are of, and those asked for.
        years = {*tallies, *filter(declared.field.valid_value, asked(name))} - labels.keys() - {NONE}
        labels |= {year: year for year in sorted(years, reverse=True)}
        # Last of all, and not beside a value that says the same.
        labels.pop(NONE, None)
        if name != "assessment" or NONE in chosen:
            labels[NONE] = _("Not recorded")
        return tuple(
            Option(value, str(label), value.lower() in chosen, tallies[value].visits if value in tallies else None)
            for value, label in labels.items()
            if value.lower() in chosen or not counts or (value in tallies and tallies[value].own)
        )

    def day(name: str) -> Day:
        return Day(name, str(filters[name].label), iso_day(asked(name)), wrong_with(name))

    filters = filterset.filters
    return FilterForm(
        words=Words("".join(asked("q")[:1]), wrong_with("q")),
        groups=tuple(
            Group(name, str(declared.label), options(name, declared), wrong_with(name))
            for name, declared in filters.items()
            if isinstance(declared, GroupFilter)
        ),
        days=tuple(day(name) for name in ("from", "to") if name in filters),
        as_of=day("as_of") if "as_of" in filters else None,
        sort=orders(filters["sort"].field.choices, sort or "".join(asked("sort")[:1]), has_words="".join(asked("q"))),
        page_size="".join(asked("page_size")[:1]),
        has_numbers=bool(counts),
    )


def orders(choices, asked: str, *, has_words: str) -> tuple[Option, ...]:
    """The default comes first, without a value: whoever sends the form with new words has not chosen an order."""
    offered = [(value, str(label)) for value, label in choices if value and (value != RELEVANCE or has_words)]
    default = RELEVANCE if has_words else offered[0][0]
    offered.sort(key=lambda choice: choice[0] != default)
    return tuple(Option("" if value == default else value, label, value == asked) for value, label in offered)


def iso_day(values: list[str]) -> str:
    """What a date field can show again: browsers drop what is no day, and the problem beside it quotes it."""
    try:
        return datetime.date.fromisoformat(values[0]).isoformat() if values else ""
    except ValueError:
        return ""
