"""Dates as releases write them, in six languages: where one stands, and which days it can mean.

`29 May to 1 June 2018`, `9 – 11 April`, `18 and 19 March`, `September 17-21, 2007`, `January-February 2009`, `du 11 au
15 mars 2019`, `с 10 по 14 апреля 2017 года`, `من 5 إلى 9 آذار/مارس 2018`, `2019年3月18日至22日`, `2022-06-03`, `2005`.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from visits.extraction.phrases import Phrases
from visits.extraction.proposal import Span

YEAR = r"(?:19[4-9]|20[0-4])[0-9]"
DAY = r"(?:0?[1-9]|[12][0-9]|3[01])"
DASH = r"\s?[-‐-―]\s?"
CHINESE = re.compile(
    rf"(?:(?P<y1>{YEAR})\s?年\s?)?(?P<m1>1[0-2]|[1-9])\s?月(?:\s?(?P<d1>{DAY})\s?日)?"
    rf"(?:\s?(?:至|到|—|-|－|–|~|和|、)\s?(?:(?P<y2>{YEAR})\s?年\s?)?(?:(?P<m2>1[0-2]|[1-9])\s?月)?(?:\s?(?P<d2>{DAY})\s?日)?(?<=[月日]))?"
)
ISO = re.compile(rf"(?<![\d/])({YEAR})-(0[1-9]|1[0-2])-({DAY})(?!\d)")
# A day before a month, as everywhere but in the United States.
NUMERIC = re.compile(rf"(?<![\d./])(?P<d1>{DAY})[./](?P<m1>0?[1-9]|1[0-2])[./](?P<y1>{YEAR})(?!\d)")
ALONE = re.compile(rf"(?<![\w/(.,-])({YEAR})(?![\w/)]|[.,]\d)")


@dataclass(frozen=True)
class Moment:
    """A bound as far as it is written. A year of 0 and a month of 0 are not."""

    span: Span
    year: int = 0
    month: int = 0
    day: int = 0

    @property
    def partial(self) -> str:
        """As a partial date, empty without a year or where the calendar has no such day."""
        if not self.year:
            return ""
        parts = [self.year, *([self.month] if self.month else []), *([self.day] if self.day and self.month else [])]
        try:
            date(*(*parts, 1, 1)[:3])
        except ValueError:
            return ""
        return "-".join([f"{parts[0]:04}", *(f"{part:02}" for part in parts[1:])])


@dataclass(frozen=True)
class Period:
    """A date or a range of dates in a text; of a single date both bounds are the same."""

    span: Span
    start: Moment
    end: Moment

    @property
    def is_range(self) -> bool:
        return self.start != self.end

    @property
    def has_days(self) -> bool:
        return bool(self.start.day and self.end.day)

    def in_year(self, year: int) -> "Period":
        """The same days, in this year where none is written."""
        if self.end.year:
            return self
        return replace(self, start=replace(self.start, year=year), end=replace(self.end, year=year))


@lru_cache(maxsize=16)
def grammar(phrases: Phrases) -> tuple[re.Pattern, re.Pattern]:
    """The patterns of a language: day before month, and month before day or alone."""
    month = "|".join(f"(?P<M@{number}>{names})" for number, names in enumerate(phrases.months, start=1))
    to = f"(?:{DASH}|,?\\s(?:{phrases.between})\\s?)"
    fill = f"(?:\\s(?:{phrases.of}))?" if phrases.of else ""
    suffix = f"(?:{phrases.day_suffix})?" if phrases.day_suffix else ""
    lead = f"(?:{phrases.day_lead}\\s)?" if phrases.day_lead else ""
    year = f"(?:{fill},?\\s(?P<y@>{YEAR})\\b)"
    months = f"(?:{month})\\b\\.?"
    day = f"{lead}(?P<d@>{DAY})(?![0-9]){suffix}"

    def numbered(template: str, position: int) -> str:
        return template.replace("@", str(position) + "x")

    first = (
        f"(?<![\\w/]){numbered(day, 1)}(?:,\\s{DAY}(?![0-9]))*(?:{fill}\\s{numbered(months, 1)}{numbered(year, 1)}?)?"
    )
    second = f"{numbered(day, 2)}{fill}\\s{numbered(months, 2)}{numbered(year, 2)}?"
    # With one day there is one month, so it has to follow.
    single = f"(?<![\\w/]){numbered(day, 3)}{fill}\\s{numbered(months, 3)}{numbered(year, 3)}?"
    day_first = re.compile(f"{first}{to}{second}|{single}", re.IGNORECASE)
    american = (
        f"{numbered(months, 1)}\\s{numbered(day, 1)}{to}(?:{numbered(months, 2)}\\s)?{numbered(day, 2)}"
        f"{numbered(year, 2)}?"
        f"|{numbered(months, 3)}\\s(?P<d3x>{DAY})(?![0-9]){suffix}{numbered(year, 3)}?"
    )
    monthly = (
        f"\\b{numbered(months, 4)}{numbered(year, 4)}?{to}{numbered(months, 5)}{numbered(year, 5)}"
        f"|\\b{numbered(months, 6)}{numbered(year, 6)}"
    )
    return day_first, re.compile(f"{american}|{monthly}", re.IGNORECASE)


def periods(text: str, phrases: Phrases) -> list[Period]:
    """Every date and range in a text, in order. Years alone count too."""
    text = western(text)
    found: list[Period] = []
    taken: list[Span] = []
    for period in candidates(text, phrases):
        if not any(period.span.start < span.end and span.start < period.span.end for span in taken):
            found.append(period)
            taken.append(period.span)
    return sorted(found, key=lambda period: period.span)


def candidates(text: str, phrases: Phrases) -> Iterator[Period]:
    for match in ISO.finditer(text):
        span = Span(*match.span())
        moment = Moment(span, *map(int, match.groups()))
        yield Period(span, moment, moment)
    if phrases.code == "zh-hans":
        yield from map(chinese, CHINESE.finditer(text))
    for pattern in grammar(phrases) if phrases.months else ():
        yield from map(written, pattern.finditer(text))
    for match in NUMERIC.finditer(text):
        span = Span(*match.span())
        moment = Moment(span, *(int(match[name]) for name in ("y1", "m1", "d1")))
        yield Period(span, moment, moment)
    for match in ALONE.finditer(text):
        span = Span(*match.span())
        moment = Moment(span, int(match[1]))
        yield Period(span, moment, moment)


def written(match: re.Match) -> Period:
    bounds = []
    for position in range(1, 7):
        day, year = group(match, f"d{position}x"), group(match, f"y{position}x")
        months = [n for n in range(1, 13) if group(match, f"M{position}x{n}")]
        if day or months:
            begin = min(place(match, name, 0) for name in names_at(match, position))
            end = max(place(match, name, 1) for name in names_at(match, position))
            month = months[0] if months else 0
            bounds.append(Moment(Span(begin, end), int(year or 0), month, int(day or 0)))
    start, end = bounds[0], bounds[-1]
    whole = Span(start.span.start, end.span.end)
    # What the first bound does not say it shares with the second, the day aside; its passage is the whole then.
    if start is not end:
        if start.month == 0 or (start.day and end.day and start.year == 0):
            shared = replace(start, span=whole, month=start.month or end.month, year=start.year or end.year)
            if shared.month > end.month > 0 and not start.year and end.year:
                shared = replace(shared, year=end.year - 1)
            start = shared
        elif start.year == 0:
            start = replace(start, span=whole, year=end.year)
        if not end.month:
            end = replace(end, month=start.month, year=end.year or start.year)
            start = replace(start, year=start.year or end.year)
    return Period(whole, start, end)


def chinese(match: re.Match) -> Period:
    span = Span(*match.span())
    numbers = {name: int(value) for name, value in match.groupdict().items() if value}
    start = Moment(span, numbers.get("y1", 0), numbers["m1"], numbers.get("d1", 0))
    if not {"m2", "d2"} & numbers.keys():
        return Period(span, start, start)
    end = Moment(span, numbers.get("y2", start.year), numbers.get("m2", start.month), numbers.get("d2", 0))
    return Period(span, start, end)


def group(match: re.Match, name: str) -> str | None:
    return match[name] if name in match.re.groupindex else None


def place(match: re.Match, name: str, side: int) -> int:
    return match.span(name)[side]


def names_at(match: re.Match, position: int) -> list[str]:
    names = [f"d{position}x", f"y{position}x", *(f"M{position}x{number}" for number in range(1, 13))]
    return [name for name in names if group(match, name)]


def western(text: str) -> str:
    """The same text with the digits that English uses, character for character."""
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() and not char.isascii() else char for char in text)
