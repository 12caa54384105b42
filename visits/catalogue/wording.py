"""How stored values are worded for readers: names in their language, partial dates, texts with the language they
really are in."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from visits.models import SOURCE_LANGUAGE
from visits.text import dates
from visits.text.fold import alphabetical
from visits.text.marks import Piece


@dataclass(frozen=True, slots=True)
class Text:
    """A text and the language it is in, which need not be that of the page.

    `pieces`: the same text, each part with whether it is what was searched for; none where nothing was.
    `is_older`: a translation of a wording that has been changed since.
    """

    text: str
    language: str = SOURCE_LANGUAGE
    pieces: tuple[Piece, ...] = ()
    is_older: bool = False

    def __str__(self):
        return self.text

    def __bool__(self):
        return bool(self.text)

    @property
    def direction(self) -> str:
        return "rtl" if translation.get_language_info(self.language)["bidi"] else "ltr"


def name_of(row, field: str = "name") -> Text:
    """A name in the active language, or in English where there is none, which the Text then says."""
    language = translation.get_language()
    wanted = getattr(row, f"{field}_{language.replace('-', '_')}")
    return Text(wanted, language) if wanted else Text(getattr(row, f"{field}_{SOURCE_LANGUAGE}") or "")


def in_alphabet(name: Text | str) -> str:
    """Sort key of a name on a page in the active language: databases know one alphabet, or none."""
    return alphabetical(str(name), translation.get_language())


def number(value: int) -> str:
    """A number as the active language writes it: 1,000 or 1 000."""
    # Most are small, and there are hundreds on a page.
    return str(value) if value < 1000 else number_format(value)


def listed(words) -> str:
    return pgettext("between the words of a list", ", ").join(words)


def day_in_words(day: date, form: str = "DATE_FORMAT") -> str:
    said = date_format(day, form)
    # The one ordinal number among dates: 1er juin.
    if translation.get_language() == "fr" and day.day == 1 and said.split()[0] == "1":
        return f"1er{said[1:]}"
    return said


def year_format() -> str:
    return "Y年" if translation.get_language() == "zh-hans" else "Y"


def partial_date(value: str) -> str:
    """`2018-05-29`, `2018-05` or `2018` in words, no more precise than it is."""
    day = dates.first_day(value)
    precision = len(dates.parse(value))
    return day_in_words(day, ["", year_format(), "YEAR_MONTH_FORMAT", "DATE_FORMAT"][precision]) if day else ""


def period(start: str, end: str) -> str:
    """The days, months or years between two partial dates, in words. What both share is said once."""
    return period_in(translation.get_language(), start, end)


# Lists name the same periods again and again, and Django looks up each part of a date by itself.
@lru_cache(8192)
def period_in(language: str, start: str, end: str) -> str:
    """`language`: the active one."""
    if not start and not end:
        return _("date not recorded")
    if not start:
        return _("ended %(end)s") % {"end": partial_date(end)}
    if not end:
        return _("from %(start)s; end not recorded") % {"start": partial_date(start)}
    if start == end:
        return partial_date(start)
    short_start, short_end = shortened(start, end)
    return pgettext("period", "%(start)s to %(end)s") % {"start": short_start, "end": short_end}


def shortened(start: str, end: str) -> tuple[str, str]:
    """Both ends of a period, the year left out of the one that the other explains."""
    first, last = dates.parse(start), dates.parse(end)
    whole = partial_date(start), partial_date(end)
    if first[0] != last[0] or len(first) == 1 or len(first) != len(last):
        return whole
    short = "MONTH_DAY_FORMAT" if len(first) == 3 else "F"
    # Chinese names the year first, the others last.
    if translation.get_language() == "zh-hans":
        return whole[0], day_in_words(dates.first_day(end), short)
    if first[:2] == last[:2]:
        short = "j"
    return day_in_words(dates.first_day(start), short), whole[1]
