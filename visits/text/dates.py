"""Dates as sources give them: a day, a month, a year, or nothing. No day is ever invented.

A partial date is the text `YYYY-MM-DD`, `YYYY-MM`, `YYYY` or the empty string (ISO 8601 reduced precision).
"""

import calendar
import datetime
import re

# Not \d, which takes the digits of every script.
PATTERN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")

# fmt: off
MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
          "december"]
# fmt: on
WRITTEN = re.compile(rf"(?:([0-9]{{1,2}}) )?({'|'.join(MONTHS)}) ([0-9]{{4}})", re.IGNORECASE)


def from_words(text: str) -> str:
    """The partial date that English words such as `29 May 2018` or `May 2018` name; any other text as it is."""
    match = WRITTEN.fullmatch(text)
    if not match:
        return text
    day, month, year = match.groups()
    numbers = [year, f"{MONTHS.index(month.lower()) + 1:02}", *([f"{int(day):02}"] if day else [])]
    return "-".join(numbers)


def parse(value: str) -> tuple[int, ...]:
    """The parts of a partial date, coarsest first: () for the empty string.

    Raises ValueError when the text is not a partial date or names no day of the calendar.
    """
    if not value:
        return ()
    match = PATTERN.fullmatch(value)
    if not match:
        raise ValueError(f"{value!r} is not YYYY, YYYY-MM or YYYY-MM-DD")
    parts = tuple(int(part) for part in match.groups() if part)
    datetime.date(*(*parts, 1, 1)[:3])
    return parts


def first_day(value: str) -> datetime.date | None:
    """The earliest day that a partial date can mean, None when it is empty."""
    parts = parse(value)
    return datetime.date(*(*parts, 1, 1)[:3]) if parts else None


def last_day(value: str) -> datetime.date | None:
    """The latest day that a partial date can mean, None when it is empty."""
    parts = parse(value)
    if not parts:
        return None
    year, month = (*parts, 12)[:2]
    return datetime.date(year, month, parts[2] if len(parts) == 3 else calendar.monthrange(year, month)[1])
