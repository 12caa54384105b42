"""The addresses that a search box asks: the register's own, and a browser's."""

import json
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest

from tests.factories import make_country, make_region
from visits.models import Body, Resolution, Topic

pytestmark = pytest.mark.django_db

PREFIXES = {"en": "", "ar": "/ar", "zh-hans": "/zh-hans", "fr": "/fr", "ru": "/ru", "es": "/es"}
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture
def terms():
    """One of each kind, with a word in common."""
    make_country("Denmark", name_fr="Danemark", aliases="Baltic State")
    make_region("Baltic region")
    Topic.objects.create(slug="baltic-topic", name="Baltic topic")
    Body.objects.create(slug="bb", acronym="BB", name="Baltic body", kind="regional")
    Resolution.objects.create(number=1373, year=2001, subject="Baltic resolution")


def suggested(client, query: str, prefix: str = "") -> list:
    answer = client.get(f"{prefix}/suggestions/", {"q": query})
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/x-suggestions+json")
    return json.loads(answer.content)


def test_suggestions_say_name_kind_and_address(client, terms):
    query, names, kinds, addresses = suggested(client, "baltic")

    assert query == "baltic"
    assert list(zip(names, kinds, addresses, strict=True)) == [
        ("Baltic region", "Region", "http://testserver/visits/?region=baltic-region"),
        ("Baltic topic", "Topic", "http://testserver/topics/baltic-topic/"),
        ("Baltic body", "Body", "http://testserver/bodies/bb/"),
        ("Denmark (Baltic State)", "State", "http://testserver/countries/dnk/"),
        ("Resolution 1373 (2001) (Baltic resolution)", "Resolution", "http://testserver/resolutions/1373/"),
    ]


def test_every_address_suggested_answers(client, terms):
    _query, names, _kinds, addresses = suggested(client, "baltic")

    assert len(names) == 5
    assert [client.get(address).status_code for address in addresses] == [200] * 5


@pytest.mark.parametrize(("language", "prefix"), PREFIXES.items())
def test_names_and_addresses_are_in_the_language_of_the_page(client, terms, language, prefix):
    _query, names, _kinds, addresses = suggested(client, "danemark", prefix)

    assert names == [{"fr": "Danemark", "zh-hans": "Denmark（Danemark）"}.get(language, "Denmark (Danemark)")]
    assert addresses == [f"http://testserver{prefix}/countries/dnk/"]


@pytest.mark.parametrize(
    "address", ["/suggestions/", "/suggestions/?q=", "/suggestions/?q=%20", "/suggestions/?q=xyzzy"]
)
def test_without_a_suggestion_the_lists_are_empty(client, terms, address):
    assert json.loads(client.get(address).content)[1:] == [[], [], []]


def test_a_long_question_is_cut(client, terms):
    assert suggested(client, "denmark" + " " * 93 + "x" * 1000)[:2] == ["denmark" + " " * 93, ["Denmark"]]


def test_one_reading_answers_until_something_changes(client, terms, django_assert_num_queries):
    with django_assert_num_queries(7):
        client.get("/suggestions/?q=denmark")
    with django_assert_num_queries(1):
        client.get("/suggestions/?q=baltic")


@pytest.mark.parametrize("address", ["/suggestions/?q=denmark", "/opensearch.xml"])
def test_both_are_for_reading_alone(client, address):
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(("language", "prefix"), PREFIXES.items())
def test_a_browser_finds_out_how_to_search_here(client, terms, language, prefix):
    page = client.get(f"{prefix}/about/").text
    assert f'<link rel="search" href="{prefix}/opensearch.xml"' in page

    answer = client.get(f"{prefix}/opensearch.xml")

    assert answer.headers["Content-Type"] == "application/opensearchdescription+xml"
    told = ElementTree.fromstring(answer.content)  # noqa: S314
    assert told.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert told.findtext(f"{OPENSEARCH}Language") == language
    # More would be refused.
    assert 0 < len(told.findtext(f"{OPENSEARCH}ShortName")) <= 16
    addresses = {url.get("type"): url.get("template") for url in told.iter(f"{OPENSEARCH}Url")}
    assert addresses == {
        "text/html": f"http://testserver{prefix}/visits/?q={{searchTerms}}",
        "application/x-suggestions+json": f"http://testserver{prefix}/suggestions/?q={{searchTerms}}",
        "application/opensearchdescription+xml": f"http://testserver{prefix}/opensearch.xml",
    }
    asked = urlsplit(addresses["application/x-suggestions+json"].replace("{searchTerms}", "danemark"))
    assert len(json.loads(client.get(f"{asked.path}?{asked.query}").content)[1]) == 1


@pytest.mark.parametrize("address", ["/", "/visits/", "/countries/", "/about/", "/nothing/", "/fr/"])
def test_every_page_has_one_search_box(client, address):
    page = client.get(address).text
    prefix = "/fr" if address == "/fr/" else ""

    assert page.count('role="search"') == page.count('for="search"') == 1
    assert f'role="search" action="{prefix}/visits/" data-suggestions="{prefix}/suggestions/"' in page


def test_the_search_box_keeps_what_was_asked(client):
    assert 'name="q" value="&quot;a&quot; &lt;b&gt;"' in client.get('/visits/?q="a" <b>').text
