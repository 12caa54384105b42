"""Pages of States and terms answer what is recorded together: every number is the length of the list it leads to."""

import re
from html import unescape

import pytest
from django.core.management import call_command
from django.db import transaction

pytestmark = pytest.mark.django_db
NUMBER = re.compile(r'<a class="tallies__number" href="([^"]+)">(\d+) visits?</a>')
FOUND = re.compile(r"(\d+) visits? found")


@pytest.fixture(scope="module", autouse=True)
def register(django_db_setup, django_db_blocker):
    """Loaded once for this file, undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_register", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("address", "least"),
    [
        ("/topics/border-management/", 20),
        ("/resolutions/1373/", 20),
        ("/bodies/wco/", 15),
        ("/bodies/unodc/", 15),
        ("/countries/tcd/", 5),
        ("/countries/dnk/", 10),
    ],
)
def test_every_number_is_what_its_list_holds(client, address, least):
    told = NUMBER.findall(client.get(address).text)

    listed = {query: FOUND.search(client.get(unescape(query)).text)[1] for query, _number in told}

    assert len(told) >= least
    assert [(query, number) for query, number in told if listed[query] != number] == []


def test_two_bodies_seen_together_lead_to_the_other_and_not_to_a_list_of_either(client):
    page = client.get("/bodies/wco/").text

    companions = re.search(r"Bodies seen together with it.*?</ol>", page, re.DOTALL)[0]
    assert re.search(r'<a href="/bodies/\w+/">[^<]+</a> <span class="tallies__number">\d+ visits?</span>', companions)
    assert "body=" not in companions


def test_a_body_tells_how_sources_name_it(client):
    assert "Named in sources as" in client.get("/bodies/wco/").text


def test_findings_lead_to_their_place_in_the_record(client):
    page = client.get("/countries/dnk/").text

    addresses = re.findall(r'<a class="finding" href="(/visits/denmark-2018/)#(finding-[0-9a-f-]+)"', page)
    assert addresses
    record = client.get("/visits/denmark-2018/").text
    assert all(f'id="{anchor}"' in record for _address, anchor in addresses)
