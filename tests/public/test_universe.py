"""The page of all States as a visitor reads it."""

import re
from urllib.parse import urljoin

import pytest

from tests.factories import make_country, make_edition, make_region
from visits.enums import State

pytestmark = pytest.mark.django_db


@pytest.fixture
def register():
    europe = make_region()
    make_edition(State.PUBLISHED, country=make_country(region=make_region("Northern Europe", "154", parent=europe)))
    make_country("Spain", "ESP", "ES", region=europe)
    make_country("Chad", "TCD", "TD", region=make_region("Africa", "002"))


def listed(page) -> list[str]:
    return re.findall(r'<th><a href="(\w+)/">', page.text)


def test_a_region_of_the_list_filters_the_states_too(register, client):
    assert listed(client.get("/countries/")) == ["tcd", "dnk", "esp"]
    assert listed(client.get("/countries/?region=europe")) == ["dnk", "esp"]
    assert listed(client.get("/countries/?region=northern-europe&region=africa&sort=visits")) == ["dnk", "tcd"]
    assert "2 States" not in client.get("/countries/?region=africa").text


def test_each_number_leads_to_the_visits_it_counts(register, client):
    page = client.get("/countries/?region=europe").text

    assert '<a href="/visits/?country=DNK">1 visit</a>' in page
    assert '<a href="/visits/?region=europe">1 visit in all</a>' in page
    assert "country=ESP" not in page
    for address in ("/visits/?country=DNK", "/visits/?region=europe"):
        assert "1 visit found" in client.get(address).text


def test_a_tile_is_a_link_named_by_state_and_number_here_and_on_the_home_page(register, client):
    for address in ("/", "/countries/", "/ar/", "/fr/countries/"):
        page = client.get(address).text
        tiles = re.findall(
            r'<li><a( class="t\d")? href="(\w[^"]*)">(?:<bdi>)?(\w+)(?:</bdi>)? (\d+) <b>(?:<span [^>]+>)?(\w+)', page
        )
        found = {urljoin(address, href): (shade.strip(), *named) for shade, href, *named in tiles}
        countries = f"{address.removesuffix('countries/')}countries/"
        assert found[f"{countries}dnk/"] == ('class="t1"', "DNK", "1", "Denmark"), address
        assert found[f"{countries}esp/"] == ("", "ESP", "0", "Spain"), address


def test_no_state_is_said_never_to_have_been_visited(register, client):
    page = client.get("/countries/").text

    assert page.count('<td colspan="4">no visit recorded here') == 2
    assert "the register is not complete" in page
    assert "never" not in page


def test_the_column_that_orders_the_table_says_so(register, client):
    def order(query):
        return re.findall(
            r'aria-sort="(\w+)"><a href="[^"]*#table">([^<]+)</a>', client.get(f"/countries/{query}").text
        )

    assert order("") == [("ascending", "State")]
    assert order("?sort=visits") == [("descending", "Visits")]
    assert order("?sort=last") == [("descending", "Last visit")]


def test_a_value_that_cannot_be_answered_is_400_and_told_beside_its_filter(register, client):
    page = client.get("/countries/?region=afrca")

    assert page.status_code == 400
    assert "Did you mean “africa”?" in page.text
    assert '<form class="filters" method="get" action="/countries/">' in page.text
    assert (listed(page), 'id="problem-region"' in page.text) == ([], True)
    assert client.get("/countries/?sort=oldest").status_code == 400


def test_an_unknown_name_is_listed_as_ignored(register, client):
    page = client.get("/countries/?regoin=europe&utm_campaign=x")

    assert (page.status_code, len(listed(page))) == (200, 3)
    assert "<code>regoin</code>" in page.text
    assert "utm_campaign</code>" not in page.text


def test_applying_regions_keeps_the_order_and_the_language_bar_keeps_both(register, client):
    page = client.get("/countries/?region=europe&sort=last").text

    assert '<input type="hidden" name="sort" value="last">' in page
    assert 'href="/ar/countries/?region=europe&amp;sort=last"' in page
    assert '<input type="checkbox" name="region" value="europe" checked>' in page


@pytest.mark.parametrize("count", [1, 50])
@pytest.mark.parametrize(("query", "queries"), [("", 4), ("?region=europe&sort=last", 4)])
def test_the_database_is_asked_as_often_for_one_visit_as_for_fifty(
    register, client, django_assert_num_queries, count, query, queries
):
    for year in range(1970, 1970 + count - 1):
        make_edition(State.PUBLISHED, start=str(year), end=str(year))

    client.get("/countries/")

    with django_assert_num_queries(queries):
        assert client.get(f"/countries/{query}").status_code == 200
