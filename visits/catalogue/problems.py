"""What is wrong with a query string: told by parameter, with what could be asked and what may have been meant."""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_filters import FilterSet

from visits.text.fold import fold

from .facets import NONE
from .filters import GroupFilter
from .wording import number

TRACKING_NAMES = {"fbclid", "gclid", "msclkid", "mc_cid", "mc_eid", "ref"}
TRACKING_PREFIXES = ("utm_",)


@dataclass(frozen=True)
class Problem:
    """A parameter that cannot be answered: why, what could be asked, and what may have been meant."""

    parameter: str
    value: str
    sentence: str
    valid: tuple[str, ...] = ()
    nearest: str = ""


def unknown_names(filterset: FilterSet) -> list[str]:
    """Names in the query that are no parameter of this filterset."""
    return [name for name in filterset.data if name not in filterset.filters and not is_tracking(name)]


def wrong_values(filterset: FilterSet) -> list[Problem]:
    """What takes one value and was given several, and what its filter does not know."""
    asked, form = filterset.data, filterset.form
    problems = [
        repeated(name, asked.getlist(name))
        for name, declared in filterset.filters.items()
        if not isinstance(declared, GroupFilter) and len(asked.getlist(name)) > 1
    ]
    for name, errors in form.errors.as_data().items():
        choices = [*getattr(form.fields[name], "choices", ())]
        aliases = [*getattr(filterset.filters[name], "aliases", tuple)()]
        # Years have no vocabulary, only those that visits are of.
        offered = choices if len(choices) != 1 else [*aliases, *choices]
        valid = tuple(str(value) for value, _label in offered if value)
        for error in errors:
            value = str((error.params or {}).get("value", asked.get(name, "")))
            close = nearest(value, [*choices, *aliases])
            problems.append(Problem(name, value, " ".join(error.messages), valid, close))
    return problems


def is_tracking(name: str) -> bool:
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)


def unknown_name(name: str, value: str, valid: Iterable[str]) -> Problem:
    valid = tuple(valid)
    return Problem(name, value, _("There is no parameter of this name."), valid, nearest_of(name, valid))


def repeated(name: str, values: list[str]) -> Problem:
    return Problem(name, ", ".join(values), _("This parameter takes one value."))


def beyond(page: int, pages: int) -> Problem:
    """Of a page that comes after the last one."""
    sentence = ngettext("The list has only %(count)s page.", "The list has only %(count)s pages.", pages)
    return Problem("page", str(page), sentence % {"count": number(pages)}, nearest=str(pages))


def side_by_side(params: QueryDict, name: str) -> list[str]:
    """The values of a parameter that may be written with commas between them, repeated, or both."""
    return [value.strip() for written in params.getlist(name) if written for value in written.split(",")]


def nearest_of(value: str, keys: Iterable[str]) -> str:
    return nearest(value, ((key, key) for key in keys))


def nearest(value: str, known) -> str:
    """The key closest to what was asked, among pairs of key and name; empty when none is close."""
    keys = {}
    for key, name in known:
        if key == NONE:
            continue
        keys |= {fold(str(key)): str(key), fold(str(name)): str(key)}
    close = difflib.get_close_matches(fold(value), keys, n=1)
    return keys[close[0]] if close else ""
