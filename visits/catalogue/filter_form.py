"""The filters beside a list as a reader sees them: groups of options, days, order, and what was wrong with any."""

import datetime
from dataclasses import dataclass

from .filters import DayFilter, GroupFilter, SortFilter, Unoffered, VisitFilterSet


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    selected: bool


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
class FilterForm:
    groups: tuple[Group, ...]
    days: tuple[Day, ...]
    sort: tuple[Option, ...]
    page_size: str

    @property
    def is_used(self) -> bool:
        """Whether anything in it was chosen, or is wrong."""
        return any(group.selected or group.problems for group in self.groups) or any(
            day.value or day.problems for day in self.days
        )


def filter_form(filterset: VisitFilterSet, problems=()) -> FilterForm:
    """The form of this filterset, with what was asked in it and each problem beside its filter."""

    def asked(name: str) -> list[str]:
        return filterset.data.getlist(name) if name in filterset.data else []

    def wrong_with(name: str) -> tuple:
        return tuple(problem for problem in problems if problem.parameter == name)

    def options(name: str, declared, chosen: list[str]) -> tuple[Option, ...]:
        chosen = {value.lower() for value in chosen}
        return tuple(
            Option(str(value), str(label), str(value).lower() in chosen)
            for value, label in declared.field.choices
            if not isinstance(label, Unoffered) or str(value).lower() in chosen
        )

    filters = filterset.filters
    return FilterForm(
        groups=tuple(
            Group(name, str(declared.label), options(name, declared, asked(name)), wrong_with(name))
            for name, declared in filters.items()
            if isinstance(declared, GroupFilter)
        ),
        days=tuple(
            Day(name, str(declared.label), iso_day(asked(name)), wrong_with(name))
            for name, declared in filters.items()
            if isinstance(declared, DayFilter)
        ),
        sort=tuple(
            option
            for name, declared in filters.items()
            if isinstance(declared, SortFilter)
            for option in options(name, declared, asked(name) or ["newest"])
        ),
        page_size="".join(asked("page_size")[:1]),
    )


def iso_day(values: list[str]) -> str:
    """What a date field can show again: browsers drop what is no day, and the problem beside it quotes it."""
    try:
        return datetime.date.fromisoformat(values[0]).isoformat() if values else ""
    except ValueError:
        return ""
