"""What a column of a download is: its name, how to read it, where its values come from. `tables` has them all.

Names are for programs and never change; labels and meanings are for people, in the language of the page.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from operator import attrgetter

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visits.catalogue.rows import FindingRow, VisitRow

from .addresses import Site


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
    Type.LIST: _("Several values: an array in JSON, else one text with a vertical line between them."),
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
    """`value(row, site)` gives a str, an int, a date, a datetime, a list of str, or None where nothing is recorded."""

    name: str
    type: Type
    origin: Origin
    label: Promise
    meaning: Promise
    value: Callable

    @property
    def reading(self):
        return READING[self.type]


def column(name, type, origin, label, meaning, value) -> Column:
    """`value`: the name of an attribute of the row, or a function of the row, or of the row and the site."""
    if isinstance(value, str):
        attribute = attrgetter(value)
        return Column(name, type, origin, label, meaning, lambda row, site: attribute(row))
    takes_site = value.__code__.co_argcount == 2
    return Column(name, type, origin, label, meaning, value if takes_site else lambda row, site: value(row))


def cells(columns: tuple[Column, ...], row: VisitRow | FindingRow, site: Site) -> list:
    return [column.value(row, site) for column in columns]
