"""Whatever is asked, every format holds the same visits in the same order, and says the same total.

A format takes part by one line in the tables of readers.
"""

import csv
import functools
import io
import json
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from openpyxl import load_workbook

from tests.catalogue.test_listing import GROUPS, make_register
from tests.crawler import Browser
from tests.opendata import readers
from tests.opendata.readers_api import api

# What a format says is found, in its order, and its total.
Answered = tuple[list[str], int]
SMALL_PAGES = "page_size=2"


def get(browser: Browser, address: str):
    answer = browser.get(address)
    assert answer.status == 200, f"{address}: {answer.body[:500]}"
    return answer


def pages(browser: Browser, page: str, query: str, items: str, key: str) -> Answered:
    """Every page of a list: each leads to the next one. `items`: where the links to what is found are; `key`: what
    stands in them."""
    found, totals, address = [], set(), f"/{page}/?{query}&{SMALL_PAGES}"
    while address:
        document = html.fromstring(get(browser, address).content)
        found += [re.search(key, href)[1] for href in document.xpath(items)]
        totals.add(int(re.match(r"\d+", document.xpath("string(//*[@id='found'])").strip())[0]))
        following = document.xpath("//a[@rel='next']/@href")
        address = f"/{page}/{following[0]}" if following else None
    (total,) = totals
    return found, total


def visits_in_html(browser: Browser, query: str) -> Answered:
    return pages(browser, "visits", query, "//h3[@class='card__title']/a/@href", r"^/visits/([\w-]+)/$")


def findings_in_html(browser: Browser, query: str) -> Answered:
    return pages(browser, "findings", query, "//a[@class='finding']/@href", r"#finding-(.+)$")


def in_json(file: str, key: str) -> Callable[[Browser, str], Answered]:
    def read(browser, query):
        told = json.loads(get(browser, f"/{file}.json?{query}").content)
        return [row[key] for row in told["results"]], told["count"]

    return read


def in_csv(file: str, key: str) -> Callable[[Browser, str], Answered]:
    def read(browser, query):
        answer = get(browser, f"/{file}.csv?{query}")
        found = csv.DictReader(io.StringIO(answer.content.decode(), newline=""), strict=True)
        return [row[key] for row in found], int(answer.headers["X-Total-Count"])

    return read


def in_xlsx(file: str) -> Callable[[Browser, str], Answered]:
    def read(browser, query):
        answer = get(browser, f"/{file}.xlsx?{query}")
        sheet = load_workbook(io.BytesIO(answer.content)).active
        # The first column is the key.
        return [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)], int(answer.headers["X-Total-Count"])

    return read


def told_by(read: Callable[[Browser, str], list[str]], file: str = "") -> Callable[[Browser, str], Answered]:
    """`file`: what tells its total before it is read; the others end where their last page does."""

    def of_reader(browser, query):
        found = read(browser, query)
        return found, int(get(browser, f"/{file}?{query}").headers["X-Total-Count"]) if file else len(found)

    return of_reader


VISITS = {
    "html": visits_in_html,
    "json": in_json("visits", "slug"),
    "csv": in_csv("visits", "slug"),
    "xlsx": in_xlsx("visits"),
    "ics": told_by(readers.ics, "visits.ics"),
    "ris": told_by(readers.ris, "visits.ris"),
    "bib": told_by(readers.bib, "visits.bib"),
    "csl": told_by(readers.csl, "visits.csl.json"),
    "atom": told_by(readers.atom),
    # Forms send what nobody chose; a program that does is told so.
    "api": told_by(lambda browser, query: api(browser, urlencode(parse_qsl(query)))),
}
# Whatever order is asked for, the latest news come first.
OWN_ORDER = {"atom"}
FINDINGS = {
    "html": findings_in_html,
    "json": in_json("findings", "uid"),
    "csv": in_csv("findings", "uid"),
    "xlsx": in_xlsx("findings"),
}
# More filters at once leave nothing of so few visits.
filters = st.lists(st.sampled_from(list(GROUPS)), max_size=2, unique=True).flatmap(
    lambda groups: st.fixed_dictionaries(
        {group: st.lists(st.sampled_from(GROUPS[group]), min_size=1, max_size=3) for group in groups}
    )
)
days = st.sampled_from(["2010-06-01", "2018-06-01", "2019-04-25", "2021-04-01"])
words = st.sampled_from(["visit", "denmark", "customs", "1373", "norway gender", "nothing of this kind"])
others = st.just({}) | st.fixed_dictionaries({"from": days}) | st.fixed_dictionaries({"q": words})
order = st.fixed_dictionaries({"sort": st.sampled_from(["oldest", "country", "newest", ""])})
questions = st.builds(lambda *parts: functools.reduce(dict.__or__, parts), filters, others, order)


@pytest.fixture
def browser(db):
    make_register()
    return Browser()


@pytest.mark.parametrize("formats", [VISITS, FINDINGS], ids=["visits", "findings"])
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=questions)
def test_every_format_holds_the_same(browser, formats, asked):
    query = urlencode(asked, doseq=True)

    told = {format: read(browser, query) for format, read in formats.items()}

    slugs, total = told["html"]
    in_any_order = {format: (sorted(told[format][0]), told[format][1]) for format in OWN_ORDER & told.keys()}
    assert told | in_any_order == dict.fromkeys(formats, (slugs, total)) | dict.fromkeys(
        in_any_order, (sorted(slugs), total)
    )
    assert len(slugs) == total
