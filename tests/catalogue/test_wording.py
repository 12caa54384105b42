"""Partial dates in words: no more precise than they are, in every language."""

import pytest
from django.utils import translation

from visits.catalogue.wording import Text, number, period, shortened


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2018-05-29", "2018-06-01", "29 May to 1 June 2018"),
        ("2018-05-29", "2018-05-31", "29 to 31 May 2018"),
        ("2018-05-29", "2018-05-29", "29 May 2018"),
        ("2018-12-30", "2019-01-02", "30 December 2018 to 2 January 2019"),
        ("2021-03", "2021-04", "March to April 2021"),
        ("2021-03", "2021-03", "March 2021"),
        ("2021-12", "2022-01", "December 2021 to January 2022"),
        ("2005", "2005", "2005"),
        ("2005", "2006", "2005 to 2006"),
        ("2021-03", "2021-04-09", "March 2021 to 9 April 2021"),
        ("", "2019-04-25", "ended 25 April 2019"),
        ("2021-04-30", "", "from 30 April 2021; end not recorded"),
        ("", "", "date not recorded"),
    ],
)
def test_periods_say_what_both_ends_share_once(start, end, words):
    assert period(start, end) == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("ar", "1 حزيران/يونيه 2018"),
        ("zh-hans", "2018年6月1日"),
        ("fr", "1er juin 2018"),
        ("ru", "1 июня 2018 г."),
        ("es", "1 de junio de 2018"),
    ],
)
def test_days_are_written_as_the_language_does(language, words):
    with translation.override(language):
        assert period("2018-06-01", "2018-06-01") == words


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", ("2018年5月29日", "6月1日")),
        ("fr", ("29 mai", "1er juin 2018")),
        ("ru", ("29 мая", "1 июня 2018 г.")),
        ("es", ("29 de mayo", "1 de junio de 2018")),
    ],
)
def test_periods_name_what_both_ends_share_where_the_language_does(language, words):
    with translation.override(language):
        assert shortened("2018-05-29", "2018-06-01") == words


def test_a_text_knows_its_direction():
    assert (Text("نص", "ar").direction, Text("text", "en").direction) == ("rtl", "ltr")


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "1,000,000"), ("fr", "1\xa0000\xa0000"), ("zh-hans", "1,000,000"), ("ru", "1\xa0000\xa0000")],
)
def test_numbers_are_parted_as_the_language_does(language, words):
    with translation.override(language):
        assert (number(999), number(1_000_000)) == ("999", words)


def test_a_year_alone_says_in_chinese_that_it_is_one():
    with translation.override("zh-hans"):
        assert period("2005", "2005") == "2005年"
