"""What a query string asks of the API: read strictly, with everything that is wrong told at once."""

import re
from collections.abc import Callable, Iterable

from django.conf import settings
from django.http import QueryDict
from django.utils.translation import gettext as _

from visits.catalogue.filters import LARGEST_PAGE, PAGE_SIZE
from visits.catalogue.problems import Problem, is_tracking, nearest_of, repeated, side_by_side, unknown_name
from visits.exceptions import InvalidParameters

LANGUAGE = "lang"
LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
LONGEST_NUMBER = 9
SLUG = r"^[-a-zA-Z0-9_]+$"


def language_of(params: QueryDict) -> str:
    """The language asked for, English where none is or where there is no such language."""
    asked = params.get(LANGUAGE)
    return asked if asked in LANGUAGES else settings.LANGUAGE_CODE


class Query:
    """Reads parameters one by one and remembers what is wrong with them; `check` raises InvalidParameters with it all.

    `names`: every parameter that there is here, besides the language; `may_be_empty`: those of them that mean
    something without a value.
    """

    def __init__(self, params: QueryDict, names: Iterable[str], may_be_empty: Iterable[str] = ()):
        self.params, self.names = params, (*names, LANGUAGE)
        self.problems = [unknown_name(name, params[name], self.names) for name in params if self.is_unknown(name)]
        # A form sends what was left empty; of a program it is a value that is missing.
        needed = [name for name in self.names if name not in may_be_empty]
        self.problems += [missing(name) for name in needed if "" in params.getlist(name)]
        self.choice(LANGUAGE, LANGUAGES)

    def is_unknown(self, name: str) -> bool:
        return name not in self.names and not is_tracking(name)

    def one(self, name: str) -> str:
        """The value, empty where there is none or several."""
        values = self.params.getlist(name)
        if len(values) > 1:
            self.problems.append(repeated(name, values))
        return values[0] if len(values) == 1 else ""

    def choice(self, name: str, valid: tuple[str, ...]) -> str:
        value = self.one(name)
        if value and value not in valid:
            self.problems.append(no_such(name, value, valid))
        return value

    def several(self, name: str, valid: tuple[str, ...]) -> tuple[str, ...]:
        """Values with commas between them, in the order asked for."""
        asked = side_by_side(self.params, name)
        self.problems += [no_such(name, value, valid) for value in asked if value not in valid]
        return tuple(dict.fromkeys(asked))

    def slug(self, name: str) -> str:
        value = self.one(name)
        if value and not re.fullmatch(SLUG, value):
            self.problems.append(no_such(name, value))
        return value

    def number(self, name: str, default: int, most: int) -> int:
        written = self.one(name)
        if not written:
            return default
        is_number = written.isascii() and written.isdigit() and len(written) <= LONGEST_NUMBER
        if not (is_number and 1 <= int(written) <= most):
            sentence = _("Write a whole number from 1 to %(most)d.") % {"most": most}
            self.problems.append(Problem(name, written, sentence))
            return default
        return int(written)

    def page(self) -> tuple[int, int]:
        """Which page, and how many entries it has."""
        return self.number("page", 1, 10**LONGEST_NUMBER - 1), self.number("page_size", PAGE_SIZE, LARGEST_PAGE)

    def attempt(self, read: Callable):
        """What `read` gives; what it refuses is remembered with the rest."""
        try:
            return read()
        except InvalidParameters as refused:
            self.problems += refused.data["problems"]
            return None

    def rest(self, names: Iterable[str]) -> QueryDict:
        """The parameters of these names alone."""
        kept = QueryDict(mutable=True)
        for name in names:
            if name in self.params:
                kept.setlist(name, self.params.getlist(name))
        return kept

    def check(self) -> None:
        if self.problems:
            raise InvalidParameters(problems=self.problems)


def missing(name: str) -> Problem:
    return Problem(name, "", _("This parameter has no value: give it one, or leave it out."))


def no_such(name: str, value: str, valid: tuple[str, ...] = ()) -> Problem:
    sentence = _("There is no “%(value)s” to choose here.") % {"value": value}
    return Problem(name, value, sentence, valid, nearest_of(value, valid))
