"""What stands around every page, and what a page hands to those who share, print, cite or report it."""

import re
import struct

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from tests.factories import make_edition
from visits.catalogue.wording import day_in_words
from visits.enums import State

pytestmark = pytest.mark.django_db


def meta(page) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)"', page.text))


def test_who_shares_a_visit_shows_its_title_its_summary_and_a_picture_of_ours(client):
    make_edition(State.PUBLISHED, title="The “first” visit & more", summary="Four days in Copenhagen.")

    shared = meta(client.get("/visits/denmark-2018/"))

    assert shared["og:title"] == "The “first” visit &amp; more"
    assert shared["og:description"] == shared["description"] == "Four days in Copenhagen."
    picture = shared["og:image"].removeprefix("http://testserver/static/")
    with open(finders.find(picture), "rb") as file:
        assert struct.unpack(">II", file.read(24)[16:]) == (1200, 630)


@pytest.mark.parametrize(
    ("address", "current"),
    [("/visits/", "/visits/"), ("/visits/denmark-2018/", "/visits/"), ("/ar/countries/dnk/", "/ar/countries/")],
)
def test_the_part_of_the_site_that_a_page_lies_in_is_marked(client, address, current):
    make_edition(State.PUBLISHED)

    nav = re.search(r'<nav class="site-nav".*?</nav>', client.get(address).text, re.S)[0]

    assert re.findall(r'href="([^"]+)" aria-current', nav) == [current]


def test_a_visit_is_cited_by_the_address_that_keeps_its_edition_and_by_the_day(client):
    make_edition(State.PUBLISHED, title="Visit to Denmark")

    citation = re.search(r'<p class="fact citation">(.*?)</p>', client.get("/visits/denmark-2018/").text, re.S)[1]

    said = " ".join(re.sub(r"<[^>]+>", "", citation).split())
    today = day_in_words(timezone.localdate())
    assert said == (
        f"“Visit to Denmark”, Register of CTED visits, edition 1 (as at {today}). "
        "http://testserver/visits/denmark-2018/editions/1/"
    )


def test_a_printed_page_names_its_address(client):
    assert '<p class="print-only"><bdi>http://testserver/visits/?topic=none&amp;sort=oldest</bdi></p>' in (
        client.get("/visits/?topic=none&sort=oldest").text
    )


@pytest.mark.parametrize("address", ["/", "/visits/", "/nothing/"])
def test_every_page_leads_to_the_statement_on_accessibility(client, address):
    assert '<a href="/accessibility/">' in client.get(address).text
    assert client.get("/accessibility/").status_code == 200


@pytest.mark.parametrize("address", ["/accessibility/", "/about/"])
def test_where_to_report_is_what_the_settings_name(client, settings, address):
    assert "have not named an address" in client.get(address).text

    settings.CONTACT = "mailto:register@example.org"

    assert '<a href="mailto:register@example.org">Write to register@example.org.</a>' in client.get(address).text
