"""The phrases of each language say no more than those of English, and the grammar of dates reads dates in it."""

import re
import tomllib

import pytest

from tests.ingest.test_samples import LABELLED, TEXTS, labels, text
from visits.extraction import phrases
from visits.extraction.rules.calendar import periods

# Plain words one after the other in a pattern; so many say what only one text says.
PLAIN_WORDS = re.compile(r"[^\W\d_]+(?: [^\W\d_]+){4,}")


def tables(code: str) -> dict:
    return tomllib.loads((phrases.FOLDER / f"{code}.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("code", phrases.LANGUAGES)
def test_every_pattern_can_be_compiled(code):
    assert phrases.of(code).patterns


@pytest.mark.parametrize("code", phrases.LANGUAGES)
def test_a_language_has_the_entries_of_english(code):
    ours, english = tables(code), tables("en")
    unknown = {(name, key) for name, table in ours.items() for key in table if key not in english.get(name, {})}
    # Only these two scripts have no capital letters that names could be known by.
    assert unknown <= {("people", "name")}


@pytest.mark.parametrize("code", phrases.LANGUAGES)
@pytest.mark.parametrize("group", ["edition.mandate:whom", "people.title_before:title", "people.title_after:title"])
def test_what_a_rule_takes_out_of_a_match_is_named_in_it(code, group):
    entry, name = group.split(":")
    assert name in phrases.of(code)[entry].groupindex


@pytest.mark.parametrize(
    ("code", "words", "start", "end"),
    [
        ("fr", "du 11 au 15 mars 2019", "2019-03-11", "2019-03-15"),
        ("fr", "du 1er au 4 juillet 2014", "2014-07-01", "2014-07-04"),
        ("fr", "du 28 février au 4 mars 2022", "2022-02-28", "2022-03-04"),
        ("fr", "les 14 et 15 juin 2021", "2021-06-14", "2021-06-15"),
        ("fr", "le mardi 9 août 2016", "2016-08-09", "2016-08-09"),
        ("fr", "en décembre 2009", "2009-12", "2009-12"),
        ("es", "del 3 al 6 de octubre de 2022", "2022-10-03", "2022-10-06"),
        ("es", "del 28 de febrero al 3 de marzo de 2022", "2022-02-28", "2022-03-03"),
        ("es", "los días 9 y 10 de febrero de 2021", "2021-02-09", "2021-02-10"),
        ("es", "el 1.º de setiembre de 2015", "2015-09-01", "2015-09-01"),
        ("es", "entre abril y mayo del 2012", "2012-04", "2012-05"),
        ("ru", "с 10 по 14 апреля 2017 года", "2017-04-10", "2017-04-14"),
        ("ru", "14–15 июня 2021 г.", "2021-06-14", "2021-06-15"),
        ("ru", "с 28 февраля по 3 марта 2022 года", "2022-02-28", "2022-03-03"),
        ("ru", "7 и 8 мая 2019 года", "2019-05-07", "2019-05-08"),
        ("ru", "в октябре 2013 года", "2013-10", "2013-10"),
        ("ar", "من 5 إلى 9 آذار/مارس 2018", "2018-03-05", "2018-03-09"),
        ("ar", "بين 10 و14 أكتوبر 2022", "2022-10-10", "2022-10-14"),
        ("ar", "من ٢٨ فبراير إلى ٣ مارس ٢٠٢٢", "2022-02-28", "2022-03-03"),
        ("ar", "5-9 ماي 2017", "2017-05-05", "2017-05-09"),
        ("ar", "من 29 تشرين الأول/أكتوبر إلى 2 تشرين الثاني/نوفمبر 2012", "2012-10-29", "2012-11-02"),
        ("ar", "في كانون الأول/ديسمبر 2009", "2009-12", "2009-12"),
        ("ar", "4 جويلية 2016", "2016-07-04", "2016-07-04"),
        ("zh-hans", "2019年3月18日至22日", "2019-03-18", "2019-03-22"),
        ("zh-hans", "2022年2月28日至3月3日", "2022-02-28", "2022-03-03"),
        ("zh-hans", "2012年6月", "2012-06", "2012-06"),
        ("fr", "du 28 décembre au 2 janvier 2016", "2015-12-28", "2016-01-02"),
    ],
)
def test_dates_are_read(code, words, start, end):
    (period,) = periods(words, phrases.of(code))
    assert (period.start.partial, period.end.partial) == (start, end)


@pytest.mark.parametrize("code", phrases.LANGUAGES)
def test_no_rule_holds_words_of_a_sample(code):
    written = (phrases.FOLDER / f"{code}.toml").read_text(encoding="utf-8")
    runs = set(PLAIN_WORDS.findall(re.sub(r"\\\\\w", " | ", written)))
    samples = [" ".join(text(number).split()).casefold() for number in TEXTS]
    people = {
        word for number in LABELLED for one in labels(number) for who in one["people"] for word in who["name"].split()
    }

    assert {run for run in runs for sample in samples if run.casefold() in sample} == set()
    assert {name for name in people if re.search(rf"\b{re.escape(name)}\b", written)} == set()
