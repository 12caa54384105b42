"""Pages of countries, topics, resolutions and bodies: what the register knows of each, and the visits behind."""

import datetime

import pytest

from tests.factories import make_country, make_edition, make_region
from visits.enums import State
from visits.models import Body, Focus, Participation, Resolution, ResolutionLink, Topic

pytestmark = pytest.mark.django_db


@pytest.fixture
def register():
    """One visit to Denmark that has a topic, a resolution and a body."""
    topic = Topic.objects.create(slug="gender", name="Gender", definition="Roles of women", cross_cutting=True)
    resolution = Resolution.objects.create(
        number=1373, year=2001, subject="Obligations of States", adopted_on=datetime.date(2001, 9, 28)
    )
    network = Body.objects.create(acronym="GRN", slug="grn", name="Research Network", kind="research")
    institute = Body.objects.create(acronym="DIIS", slug="diis", name="Institute", kind="research")
    institute.member_of.add(network)

    def fill(edition):
        Focus.objects.create(edition=edition, topic=topic)
        ResolutionLink.objects.create(edition=edition, resolution=resolution)
        Participation.objects.create(edition=edition, body=institute)

    make_edition(State.PUBLISHED, country=make_country(region=make_region()), fill=fill)
    make_edition(State.DRAFT, fill=fill)


@pytest.mark.parametrize(
    ("address", "facts"),
    [
        ("/countries/dnk/", ["Denmark", "Member State", "Europe"]),
        ("/topics/gender/", ["Gender", "Roles of women", "cross-cutting issue"]),
        ("/resolutions/1373/", ["1373 (2001)", "Obligations of States", "S/RES/1373 (2001)", "28 September 2001"]),
        ("/bodies/diis/", ["DIIS", "Institute", 'href="/bodies/grn/"']),
    ],
)
def test_a_term_tells_what_it_is_and_which_visits_are_recorded(register, client, address, facts):
    page = client.get(address).text

    assert [fact for fact in facts if fact not in page] == []
    assert "1 visit recorded here" in page
    assert page.count('href="/visits/denmark-2018/"') == 1


def test_a_network_names_its_members(register, client):
    page = client.get("/bodies/grn/").text

    assert 'href="/bodies/diis/"' in page
    assert "No visit recorded here" in page


@pytest.mark.parametrize("address", ["/topics/", "/resolutions/", "/bodies/"])
def test_lists_of_terms_count_published_visits_only(register, client, address):
    assert client.get(address).text.count("1 visit\n") + client.get(address).text.count("1 visit<") == 1


def test_a_country_is_found_by_its_code_in_any_case(client, register):
    assert {client.get(f"/countries/{code}/").status_code for code in ("dnk", "DNK")} == {200}


@pytest.mark.parametrize(
    ("model", "old", "new", "addresses"),
    [
        (Topic, {"slug": "women", "name": "Women"}, {"slug": "gender"}, ("/topics/women/", "/topics/gender/")),
        (
            Resolution,
            {"number": 1373, "year": 2001, "subject": "Obligations"},
            {"number": 2617, "year": 2021},
            ("/resolutions/1373/", "/resolutions/2617/"),
        ),
        (
            Body,
            {"acronym": "OLD", "slug": "old", "name": "Old", "kind": "research"},
            {"acronym": "NEW", "slug": "new", "name": "New"},
            ("/bodies/old/", "/bodies/new/"),
        ),
    ],
)
def test_the_page_of_a_replaced_term_moves_to_its_replacement_for_good(client, model, old, new, addresses):
    model.objects.create(**old, replaced_by=model.objects.create(**old | new))

    moved = client.get(addresses[0])

    assert (moved.status_code, moved["Location"]) == (301, addresses[1])
    assert client.get(addresses[1]).status_code == 200
