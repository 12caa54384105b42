import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.text import dates

DAYS = st.dates()


def forms(day: datetime.date) -> list[str]:
    """The day as sources give it, coarsest first."""
    return ["", f"{day:%Y}".zfill(4), f"{day:%Y}".zfill(4) + f"-{day:%m}", day.isoformat()]


PARTIAL = st.builds(lambda day, precision: forms(day)[precision], DAYS, st.integers(0, 3))


@given(DAYS)
def test_parse_gives_the_parts_that_are_stated(day):
    parts = (day.year, day.month, day.day)

    assert [dates.parse(form) for form in forms(day)] == [parts[:precision] for precision in range(4)]


@given(DAYS.filter(lambda day: day.year > 999))
def test_dates_as_sources_write_them_are_read(day):
    written = f"{day.day} {day:%B %Y}"

    assert dates.from_words(written) == dates.from_words(written.upper()) == day.isoformat()
    assert dates.from_words(f"{day:%B %Y}") == day.isoformat()[:7]


@given(st.one_of(PARTIAL, st.text(), st.sampled_from(["29 Mai 2018", "29/05/2018", "May", "29 May", "29th May 2018"])))
def test_what_is_not_written_so_stays_as_it_is(text):
    assert dates.from_words(text) == text


@given(DAYS)
def test_every_form_may_mean_the_day_it_was_made_from(day):
    for form in forms(day)[1:]:
        assert dates.first_day(form) <= day <= dates.last_day(form)


@given(DAYS)
def test_a_stated_day_means_itself_alone(day):
    assert dates.first_day(day.isoformat()) == dates.last_day(day.isoformat()) == day


@given(DAYS)
def test_the_more_a_source_says_the_less_it_may_mean(day):
    _, year, month, exact = forms(day)

    assert dates.first_day(year) <= dates.first_day(month) <= dates.first_day(exact)
    assert dates.last_day(exact) <= dates.last_day(month) <= dates.last_day(year)


@given(PARTIAL.filter(bool))
def test_the_days_before_and_after_are_not_meant(value):
    def told(day):
        return day.isoformat()[: len(value)]

    first, last = dates.first_day(value), dates.last_day(value)
    assert first <= last
    assert told(first) == told(last) == value
    if first > datetime.date.min:
        assert told(first - datetime.timedelta(1)) != value
    if last < datetime.date.max:
        assert told(last + datetime.timedelta(1)) != value


def test_nothing_means_no_day():
    assert (dates.parse(""), dates.first_day(""), dates.last_day("")) == ((), None, None)


@given(st.text(max_size=12))
def test_parse_takes_only_what_is_written_as_a_partial_date(value):
    written_so = value == "" or re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", value)
    if not written_so:
        with pytest.raises(ValueError, match="is not YYYY"):
            dates.parse(value)


@given(st.integers(0, 9999), st.integers(0, 99), st.integers(0, 99))
def test_parse_takes_a_day_exactly_when_the_calendar_has_it(year, month, day):
    value = f"{year:04}-{month:02}-{day:02}"
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        with pytest.raises(ValueError):  # noqa: PT011 - the calendar's own words
            dates.parse(value)
    else:
        assert dates.parse(value) == (year, month, day)


@pytest.mark.parametrize(
    "value",
    [
        "2018-02-29", "2018-13", "2018-00", "2018-05-00", "0000", "218", "20180", "2018-5", "2018-05-9", "2018/05/29",
        "2018-05-29T00:00", " 2018", "2018 ", "2018\n", "-2018", "2018-", "May 2018", "٢٠١٨", "２０１８",
        "2018-0٥", "²018",
    ],
)  # fmt: skip
def test_what_is_no_day_month_or_year_is_refused(value):
    for function in (dates.parse, dates.first_day, dates.last_day):
        with pytest.raises(ValueError):  # noqa: PT011
            function(value)


def test_february_ends_when_it_ends_that_year():
    ends = {"2016-02": 29, "2018-02": 28, "1900-02": 28, "2000-02": 29}

    assert {month: dates.last_day(month).day for month in ends} == ends
