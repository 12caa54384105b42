"""The API says what the pages say: the same visits in the same order, with as much of each as is asked for."""

import json
from datetime import date
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogue.test_listing import ask, make_register, queries
from tests.crawler import Browser
from tests.examples import fill_every_part
from tests.factories import make_country, make_edition, make_next_edition, make_user, translate
from tests.public.test_facets import form_of
from visits.catalogue.findings import FindingList
from visits.editorial import actions
from visits.enums import Role, State
from visits.models import Country, Edition, Finding
from visits.opendata.api.shapes import EXPANDED, names
from visits.opendata.records import NAMES, OF_FINDING

from .readers_api import api

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"


@pytest.fixture
def register(db):
    return make_register()


def get(client, address: str, status: int = 200) -> dict:
    answer = client.get(ROOT + address)
    assert answer.status_code == status, answer.content
    return json.loads(answer.content)


def results(client, address: str) -> list[dict]:
    return get(client, address)["results"]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=queries,
    sort=st.sampled_from(["newest", "oldest", "country"]),
    page_size=st.integers(1, 4),
    language=st.sampled_from(["en", "fr", "zh-hans"]),
)
def test_all_pages_together_are_the_list_whatever_is_asked(register, asked, sort, page_size, language):
    query = urlencode([(group, value) for group, values in asked.items() for value in values] + [("sort", sort)])
    expected = [card.slug for card in ask(query).cards]

    assert api(Browser(), f"{query}&page_size={page_size}&lang=en&utm_source=x") == expected
    if sort != "country":
        assert api(Browser(), f"{query}&page_size={page_size}&lang={language}") == expected


def test_a_search_is_in_the_order_of_the_page(register):
    expected = [card.slug for card in ask("q=denmark").cards]

    assert len(expected) == 2
    assert api(Browser(), "q=denmark&page_size=1") == expected


def test_a_list_leads_to_its_other_pages_with_all_that_was_asked(client, register):
    first = get(client, "/visits/?page_size=2&fields=slug&lang=fr")
    assert (first["count"], first["previous"]) == (5, None)

    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()

    assert [len(page["results"]) for page in (first, second, third)] == [2, 2, 1]
    assert [list(visit) for visit in third["results"]] == [["slug"]]
    assert third["next"] is None
    assert client.get(third["previous"]).json() == second


def test_a_row_is_that_of_the_file(client, register):
    of_file = json.loads(b"".join(client.get("/visits.json").streaming_content))

    assert get(client, "/visits/") == of_file | {"next": None, "previous": None}


def test_the_list_as_it_stood_on_a_day_has_the_editions_of_that_day(client):
    edition = make_edition(State.PUBLISHED)
    Edition.objects.filter(pk=edition.pk).update(published_at="2019-01-01T00:00Z")
    make_next_edition(edition)

    assert [visit["edition"] for visit in results(client, f"/visits/?as_of={date.today()}")] == [2]  # noqa: DTZ011
    assert [visit["edition"] for visit in results(client, "/visits/?as_of=2019-06-01")] == [1]


# As much of each as is asked for


def test_only_the_members_asked_for_come_in_their_order(client, register):
    assert [list(visit) for visit in results(client, "/visits/?fields=title,slug")] == [["title", "slug"]] * 5
    assert [list(found) for found in results(client, "/findings/?fields=kind&fields=uid")] == [["kind", "uid"]] * 4
    assert list(get(client, "/visits/denmark-2018/?fields=parts,slug")) == ["parts", "slug"]
    assert get(client, "/countries/dnk/?fields=name,visits") == {"name": "Denmark", "visits": 2}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_list_expanded_has_of_each_visit_what_its_own_address_has(client, lang):
    for country in (make_country(), make_country("Norway", "NOR", "NO")):
        translate(make_edition(State.PUBLISHED, country=country, fill=fill_every_part), "fr")

    found = results(client, f"/visits/?expand={','.join(EXPANDED)}&lang={lang}")

    assert len(found) == 2
    for visit in found:
        whole = get(client, f"/visits/{visit['slug']}/?lang={lang}")
        assert visit == {name: whole[name] for name in (*NAMES, "parts", "links", "documents")}
    plain = results(client, f"/visits/?lang={lang}")
    assert results(client, f"/visits/?expand=people&lang={lang}")[0] == plain[0] | {
        "parts": {"people": found[0]["parts"]["people"]}
    }
    assert list(results(client, "/visits/?fields=slug&expand=links")[0]) == ["slug", "links"]


def test_a_visit_is_told_as_far_as_the_shape_of_it_says(client):
    translate(make_edition(State.PUBLISHED, fill=fill_every_part), "fr")

    assert set(get(client, "/visits/denmark-2018/")) == set(names("Visit"))
    assert get(client, "/visits/denmark-2018/?lang=fr")["title"].startswith("fr: ")
    assert get(client, "/visits/denmark-2018/?lang=fr")["url"] == "http://testserver/fr/visits/denmark-2018/"
    assert client.get(f"{ROOT}/visits/denmark-2018/?lang=fr").headers["Content-Language"] == "fr"


def test_names_and_labels_are_in_the_language_asked_for(client):
    make_edition(State.PUBLISHED)
    Country.objects.filter(iso3="DNK").update(name_fr="Danemark")

    assert get(client, "/countries/DNK/?lang=fr")["name"] == "Danemark"
    assert results(client, "/visits/?lang=fr")[0]["country"] == "Danemark"
    assert get(client, "/countries/DNK/")["name_language"] == "en"
    labels = [option["label"] for option in get(client, "/facets/?lang=fr")["country"]]
    assert labels == ["Danemark"]


# Editions and findings


def test_every_edition_answers_at_its_own_address_and_the_current_one_at_that_of_the_visit(client):
    edition = make_edition(State.PUBLISHED, title="First")
    make_next_edition(edition, title="Second")

    first, second = get(client, "/editions/denmark-2018/1/"), get(client, "/editions/denmark-2018/2/")

    assert (first["title"], first["is_current"], second["title"], second["is_current"]) == (
        *("First", False),
        *("Second", True),
    )
    assert second == get(client, "/visits/denmark-2018/")


def test_the_list_of_editions_tells_what_became_of_each(client):
    admin = make_user(Role.ADMINISTRATOR)
    first = make_edition(State.PUBLISHED)
    second = make_next_edition(first, change_note="Better.")
    make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO"))
    make_edition(State.DRAFT)
    make_edition(State.WITHDRAWN, country=make_country("Chad", "TCD", "TD"))
    first.refresh_from_db()
    actions.withhold(first, by=admin, note="It names a child.")

    found = results(client, "/editions/")
    told = [(each["visit"], each["edition"], each["is_current"], each["is_readable"]) for each in found]
    assert told == [("norway-2018", 1, True, True), ("denmark-2018", 2, True, True), ("denmark-2018", 1, False, False)]
    assert found[1]["change_note"] == "Better."
    assert found[2]["withholding_reason"] == "It names a child."
    assert results(client, "/editions/?visit=denmark-2018") == found[1:]
    assert [each["edition"] for each in results(client, "/editions/?page=2&page_size=1")] == [2]

    second.refresh_from_db()
    make_next_edition(actions.withdraw(second, by=admin, note="Wrong."))

    told = [(each["edition"], each["withdrawal_reason"]) for each in results(client, "/editions/?visit=denmark-2018")]
    assert told == [(3, ""), (2, "Wrong."), (1, "Wrong.")]
    assert len(results(client, "/editions/")) == 4


def test_findings_are_those_of_the_page(client, register):
    for query in ("", "finding=progress", "topic=gender&sort=oldest", "country=NOR&finding=good-practice"):
        expected = [card.uid for card in FindingList(QueryDict(query)).cards]
        pages = [results(client, f"/findings/?{query}&page_size=1&page={n}") for n in range(1, len(expected) + 1)]
        assert [finding["uid"] for (finding,) in pages] == expected


def test_a_finding_is_told_as_the_last_edition_has_it(client):
    edition = make_edition(
        State.PUBLISHED, fill=lambda edition: Finding.objects.create(edition=edition, kind="progress", text="Much.")
    )
    uid = Finding.objects.get().uid
    assert get(client, f"/findings/{uid}/") == results(client, "/findings/")[0] | {"is_current": True}

    make_next_edition(edition, fill=lambda edition: edition.findings.all().delete())

    found = get(client, f"/findings/{uid}/")
    assert (found["edition"], found["is_current"], set(found)) == (1, False, {*OF_FINDING, "is_current"})


# Terms and facets


@pytest.mark.parametrize(
    ("route", "one", "shape"),
    [
        ("countries", "dnk", "Country"),
        ("topics", "gender", "Topic"),
        ("resolutions", "1373", "Resolution"),
        ("bodies", "wco", "Body"),
    ],
)
def test_terms_are_told_with_their_visits(client, register, route, one, shape):
    found = get(client, f"/{route}/")

    assert found["count"] == len(found["results"]) > 1
    by_key = {next(iter(term.values())): term for term in found["results"]}
    alone = get(client, f"/{route}/{one}/")
    assert by_key[next(iter(alone.values()))] == alone
    assert set(names(shape)) >= set(alone) >= {"name", "aliases", "visits", "url", "visits_url"}
    for term in found["results"]:
        assert get(client, term["visits_url"].removeprefix(f"http://testserver{ROOT}"))["count"] == term["visits"]
        assert client.get(term["url"]).status_code == 200


def test_a_term_that_another_has_replaced_is_told_as_that_one(client, register):
    chad = Country.objects.get(iso3="TCD")
    make_country("Zaire", "ZAR", "ZR", replaced_by=chad)

    assert get(client, "/countries/zar/") == get(client, "/countries/tcd/")
    assert "ZAR" not in {country["iso3"] for country in results(client, "/countries/")}


def test_of_a_state_the_newest_visit_is_told(client, register):
    make_country("Andorra", "AND", "AD")

    assert get(client, "/countries/dnk/")["last_visit"] == "denmark-2018"
    assert get(client, "/countries/and/")["last_visit"] == ""


@pytest.mark.parametrize("query", ["", "topic=gender&topic=none", "q=denmark", "country=DNK&year=2018", "year=1999"])
def test_the_numbers_of_the_facets_are_those_of_the_page(client, register, query):
    page = form_of(client, query)

    told = {
        (name, option["value"]): (option["count"], option["selected"])
        for name, options in get(client, f"/facets/?{query}").items()
        for option in options
    }

    assert {(option.name, option.value) for option in page.options} == set(told)
    for option in page.options:
        number, selected = told[option.name, option.value]
        assert selected == option.checked
        assert number == (option.number or 0)


def test_the_index_leads_to_every_resource(client, register):
    found = get(client, "/")

    assert list(found) == [
        *("visits", "editions", "findings", "countries", "topics", "resolutions", "bodies", "facets", "changes")
    ]
    assert {client.get(address).status_code for address in found.values()} == {200}


# What it takes


QUERIES = {
    "/visits/": 11,
    "/findings/": 5,
    "/editions/": 2,
    "/countries/": 2,
    "/topics/": 1,
    "/facets/": 1,
    "/changes/": 1,
    "/visits/denmark-2018/": 23,
}


def add(count: int) -> None:
    for _ in range(count):
        make_edition(State.PUBLISHED, country=make_country(), fill=fill_every_part)


@pytest.mark.parametrize("address", QUERIES)
def test_a_longer_list_takes_no_more_queries(client, django_assert_num_queries, address):
    for more in (1, 2):
        add(more)
        get(client, address)
        with django_assert_num_queries(QUERIES[address]):
            get(client, address)


def test_an_expanded_list_takes_few_queries_for_each_visit(client):
    taken = []
    for more in (1, 2):
        add(more)
        get(client, "/visits/")
        with CaptureQueriesContext(connection) as asked:
            get(client, "/visits/?expand=findings,links")
        taken.append(len(asked))

    assert taken[1] - taken[0] <= 2 * 2
