"""The filters beside a list as a reader sees them: groups of options, days, order, and what was wrong with any."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from .facets import Tally
from .filters import RELEVANCE, DayFilter, GroupFilter, VisitFilterSet


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


@dataclass(frozen=True)
class Day:
    name: str
    label: str
    value: str
    problems: tuple


@dataclass(frozen=True)
class Words:
    """What was searched for."""

    text: str
    problems: tuple


@dataclass(frozen=True)
class FilterForm:
    words: Words
    groups: tuple[Group, ...]
    days: tuple[Day, ...]
    sort: tuple[Option, ...]
    page_size: str

    @property
    def is_used(self) -> bool:
        """Whether anything in it was chosen, or is wrong."""
        return (
            bool(self.words.text)
            or any(group.selected or group.problems for group in self.groups)
            or any(day.value or day.problems for day in self.days)
        )


def filter_form(
    filterset: VisitFilterSet, counts: Mapping[str, Mapping[str, Tally]] | None = None, *, sort: str = "", problems=()
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
        labels = {str(value): str(label) for value, label in declared.field.choices}
        tallies = counts[name] if counts else {}
        # Years have no vocabulary: there are those that visits are of.
        labels = {year: year for year in sorted(tallies.keys() - labels, reverse=True)} | labels
        return tuple(
            Option(value, label, value.lower() in chosen, tallies[value].visits if value in tallies else None)
            for value, label in labels.items()
            if value.lower() in chosen or not counts or (value in tallies and tallies[value].own)
        )

    filters = filterset.filters
    return FilterForm(
        words=Words("".join(asked("q")[:1]), wrong_with("q")),
        groups=tuple(
            Group(name, str(declared.label), options(name, declared), wrong_with(name))
            for name, declared in filters.items()
            if isinstance(declared, GroupFilter)
        ),
        days=tuple(
            Day(name, str(declared.label), iso_day(asked(name)), wrong_with(name))
            for name, declared in filters.items()
            if isinstance(declared, DayFilter)
        ),
        sort=tuple(
            Option(value, str(label), value == (sort or "".join(asked("sort")[:1])))
            for value, label in filters["sort"].field.choices
            if value and (value != RELEVANCE or asked("q"))
        ),
        page_size="".join(asked("page_size")[:1]),
    )


def iso_day(values: list[str]) -> str:
    """What a date field can show again: browsers drop what is no day, and the problem beside it quotes it."""
    try:
        return datetime.date.fromisoformat(values[0]).isoformat() if values else ""
    except ValueError:
        return ""
