"""The page of statistics: each number leads to exactly the visits that it counts."""

import re
from html import unescape

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from tests.factories import make_edition
from visits.catalogue import facets, vocabulary
from visits.enums import State
from visits.models import Topic

pytestmark = pytest.mark.django_db

LINK = re.compile(r'<a href="(/visits/(?:\?[^"]*)?)">(\d+)</a>')
PREFIXES = ["", "/ar", "/zh-hans", "/fr", "/ru", "/es"]
GROUPS = {"year", "region", "kind", "assessment", "topic", "resolution", "body"}


@pytest.fixture(scope="module")
def pages(django_db_setup, django_db_blocker):
    """Of the register as it is shipped the page in every language, and half of what it leads to: it takes seconds."""
    client, found = Client(), {}
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_register", verbosity=0)
        facets.forget()
        vocabulary.forget()
        for prefix in PREFIXES:
            found[f"{prefix}/statistics/"] = client.get(f"{prefix}/statistics/").text
        for address in list(links(found["/statistics/"]))[::2]:
            found[address] = client.get(address).text
        transaction.set_rollback(True)
    return found


def links(page: str) -> dict[str, int]:
    """What each number of the tables leads to."""
    return {unescape(address): int(number) for address, number in LINK.findall(page)}


def test_every_number_leads_to_as_many_visits(pages):
    followed = {address: number for address, number in links(pages["/statistics/"]).items() if address in pages}

    assert len(followed) == 173
    assert {name for address in followed for name in re.findall(r"[?&](\w+)=", address)} == GROUPS
    told = {address: re.search(r"(\d+) visits? found</span>", pages[address]) for address in followed}
    assert {address: int(sentence[1]) for address, sentence in told.items()} == followed


def test_the_chart_says_and_links_what_the_table_does(pages):
    page = pages["/statistics/"]
    chart = re.search(r'<svg class="columns".*?</svg>', page, re.DOTALL)[0]
    bars = re.findall(r'<a href="([^"]*)" tabindex="-1">.*?<title>(\d+): (\d+)</title>', chart)

    table = {address: number for address, number in links(page).items() if address.startswith("/visits/?year=")}
    assert {address: int(number) for address, _year, number in bars} == table
    assert [f"/visits/?year={year}" for _address, year, _number in bars] == list(table)


def test_no_visits_have_no_link(pages):
    assert pages["/statistics/"].count("<td>0<") > 200
    assert re.findall(r"<a [^>]*>0</a>", pages["/statistics/"]) == []


def test_numbers_of_the_counting_rule_are_those_of_the_tables(pages):
    page = pages["/statistics/"]
    found = links(page)

    assert found["/visits/"] == 108
    assert f"{found['/visits/?assessment=yes']} assessment visits to 52 States" in page.replace("\n", " ")
    assert f"{found['/visits/?assessment=no']} more visits are known to be of another kind" in page
    assert f"The kind of {found['/visits/?assessment=unknown']} more visits is not recorded" in page


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_language_has_the_same_numbers_with_links_of_its_own(pages, prefix):
    page = pages[f"{prefix}/statistics/"]

    assert links(page.replace(f'href="{prefix}/', 'href="/')) == links(pages["/statistics/"])


def test_years_run_from_right_to_left_in_arabic(pages):
    places, mirrored = (
        [int(x) for x in re.findall(r'<rect x="(\d+)"', pages[f"{prefix}/statistics/"])] for prefix in ("", "/ar")
    )

    assert places == sorted(places)
    assert mirrored == sorted(mirrored, reverse=True)
    assert len(mirrored) == len(places) == 22


def test_drafts_and_withdrawn_visits_are_not_counted(client):
    make_edition(State.PUBLISHED, start="2018", end="2018")
    make_edition(State.WITHDRAWN, start="2017", end="2017")
    make_edition(State.DRAFT, start="2016", end="2016")

    found = links(client.get("/statistics/").text)

    assert {address: number for address, number in found.items() if "year" in address} == {
        "/visits/?year=2018": 1,
        "/visits/?topic=none&year=2018": 1,
    }


def test_nothing_recorded_is_said(client):
    assert "No visit is recorded here yet." in client.get("/statistics/").text


@pytest.mark.parametrize("count", [1, 50])
def test_the_page_asks_the_database_twice_however_much_it_counts(client, django_assert_num_queries, count):
    for number in range(count):
        make_edition(State.PUBLISHED, start=str(1990 + number % 30), end=str(1990 + number % 30))
        Topic.objects.create(slug=f"topic-{number}", name=f"Topic {number}")
    # Whoever comes first after a publication has the sets renewed.
    client.get("/statistics/")

    with django_assert_num_queries(2):
        assert client.get("/statistics/").status_code == 200


@pytest.mark.parametrize("address", ["/", "/visits/"])
def test_other_pages_lead_here(client, address):
    assert 'href="/statistics/"' in client.get(address).text
