"""What a column of a download is: its name, how to read it, where its values come from. `tables` has them all.

Names are for programs and never change; labels and meanings are for people, in the language of the page.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from operator import attrgetter

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visits.catalogue.problems import Problem, nearest, side_by_side
from visits.catalogue.rows import FindingRow, VisitRow
from visits.exceptions import InvalidParameters

from .addresses import Site

FIELDS = "fields"


class Type(StrEnum):
    """How a value is written; what each means for a reader is told by `READING`."""

    TEXT = "text"
    INTEGER = "integer"
    DATE = "date"
    PARTIAL_DATE = "partial-date"
    MOMENT = "moment"
    LIST = "list"
    BOOLEAN = "boolean"


READING = {
    Type.TEXT: _("Text in Unicode; empty where nothing is recorded."),
    Type.INTEGER: _("A whole number."),
    Type.DATE: _("A day of the calendar: 2018-05-29."),
    Type.PARTIAL_DATE: _("A day, a month or a year, only as far as the source says: 2018-05-29, 2018-05 or 2018."),
    Type.MOMENT: _("A moment in universal time: 2018-05-29T12:00:00Z."),
    Type.LIST: _(
        "Several values: an array in JSON, else one text with a vertical line between them, where a vertical line or a "
        "backslash that belongs to a value has a backslash before it."
    ),
    Type.BOOLEAN: _("true or false."),
}


class Origin(StrEnum):
    """Where a value comes from; see `ORIGINS`."""

    STATED = "stated"
    INFERRED = "inferred"
    DERIVED = "derived"
    REGISTER = "register"


ORIGINS = {
    Origin.STATED: _("A source says so."),
    Origin.INFERRED: _("No source says so in words; it follows from what they tell."),
    Origin.DERIVED: _("Worked out by the register from other columns."),
    Origin.REGISTER: _("About the record itself, not about the visit."),
}


@dataclass(frozen=True)
class Column:
    """`value(row)` or, where it names pages, `value(row, site)` gives a str, an int, a date, a datetime, a list of str,
    or None where nothing is recorded."""

    name: str
    type: Type
    origin: Origin
    label: Promise
    meaning: Promise
    value: Callable
    names_pages: bool

    @property
    def reading(self):
        return READING[self.type]

    def reader(self, site: Site) -> Callable:
        """A function that gives the value of a row."""
        return partial(on_site, self.value, site) if self.names_pages else self.value


def on_site(value: Callable, site: Site, row):
    return value(row, site)


def column(name, type, origin, label, meaning, value) -> Column:
    """`value`: the name of an attribute of the row, or a function of the row, or of the row and the site."""
    if isinstance(value, str):
        return Column(name, type, origin, label, meaning, attrgetter(value), names_pages=False)
    return Column(name, type, origin, label, meaning, value, names_pages=value.__code__.co_argcount == 2)


def cells(columns: Iterable[Column], rows: Iterable[VisitRow | FindingRow], site: Site) -> Iterator[list]:
    """Of each row, the values of these columns."""
    readers = [column.reader(site) for column in columns]
    return ([read(row) for read in readers] for row in rows)


def chosen(columns: Sequence[Column], names: Iterable[str]) -> tuple[Column, ...]:
    """Those of these names, in their order; all where none is named. Raises InvalidParameters for other names."""
    known = {column.name: column for column in columns}
    names = list(dict.fromkeys(names))
    if wrong := [name for name in names if name not in known]:
        sentence = _("There is no column of this name.")
        choices = [(column.name, column.label) for column in columns]
        raise InvalidParameters(
            problems=[Problem(FIELDS, name, sentence, tuple(known), nearest(name, choices)) for name in wrong]
        )
    return tuple(known[name] for name in names) or tuple(columns)


def fields_of(params: QueryDict) -> list[str]:
    """The names of columns that a query string asks for: any number of them, with commas between."""
    return list(filter(None, side_by_side(params, FIELDS)))
