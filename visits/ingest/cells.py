"""What a cell of the table may hold: each function gives the cell's value, or raises Misfit with what was expected."""

import re
from collections.abc import Callable, Iterable

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from visits.text import dates

from .tables import Misfit

LONGEST_TITLE = 250


def slug(cell: str) -> str:
    if re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", cell):
        return cell
    raise Misfit(_("the address of a visit, such as denmark-2018"))


def term(known: Iterable[str], expected: str) -> Callable[[str], str]:
    def parse(cell: str) -> str:
        if cell in known:
            return cell
        raise Misfit(expected)

    return parse


def choice(values: Iterable[str]) -> Callable[[str], str]:
    return term(values, _("one of %(values)s") % {"values": ", ".join(values)})


def several(parse: Callable[[str], str]) -> Callable[[str], tuple[str, ...]]:
    def parse_all(cell: str) -> tuple[str, ...]:
        values = tuple(parse(value) for value in cell.split(";")) if cell else ()
        if len(set(values)) < len(values):
            raise Misfit(_("each value once"))
        return values

    return parse_all


def partial_date(cell: str) -> str:
    try:
        dates.parse(cell)
    except ValueError:
        raise Misfit(_("a day (2018-05-29), a month (2018-05), a year (2018) or nothing")) from None
    return cell


def day(cell: str) -> str:
    with_day = _("a day (2018-05-29) or nothing")
    try:
        if len(dates.parse(cell)) in (0, 3):
            return cell
    except ValueError:
        pass
    raise Misfit(with_day)


def ordinal(cell: str) -> int | None:
    if not cell:
        return None
    if re.fullmatch(r"[1-9]|10", cell):
        return int(cell)
    raise Misfit(_("a number from 1 to 10 or nothing"))


def words(cell: str) -> str:
    if cell != " ".join(cell.split()):
        raise Misfit(_("text with single spaces and none around it"))
    return cell


def optional(parse: Callable[[str], object]) -> Callable[[str], object]:
    """Nothing is a value too."""
    return lambda cell: parse(cell) if cell else ""


def text(longest: int | None = None) -> Callable[[str], str]:
    def parse(cell: str) -> str:
        if longest and len(cell) > longest:
            raise Misfit(_("a text of at most %(count)d characters") % {"count": longest})
        return cell

    return parse


def written_date(cell: str) -> str:
    """A date as tables write it, or as sources do: `29 May 2018`."""
    return partial_date(dates.from_words(cell))


def addresses(cell: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(address, cell.split())))


def address(cell: str) -> str:
    try:
        URLValidator(schemes=("http", "https"))(cell)
    except ValidationError:
        raise Misfit(_("the address of a web page")) from None
    if len(without_scheme(cell)) > LONGEST_TITLE:
        raise Misfit(_("an address of at most %(count)d characters") % {"count": LONGEST_TITLE})
    return cell


def without_scheme(url: str) -> str:
    return url.partition("://")[2].rstrip("/")
