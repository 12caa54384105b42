"""The chain of visits to a State says what changed from one to the next, as far as both records tell."""

import pytest

from tests.factories import make_country, make_edition
from visits.catalogue.countries import country_page
from visits.enums import State
from visits.models import Body, Topic

pytestmark = pytest.mark.django_db


def visit(year: str, topics=(), bodies=()):
    def fill(edition):
        for slug in topics:
            edition.focuses.create(topic=Topic.objects.get_or_create(slug=slug, defaults={"name": slug})[0])
        for slug in bodies:
            defaults = {"acronym": slug, "name": slug, "kind": "un"}
            edition.participations.create(body=Body.objects.get_or_create(slug=slug, defaults=defaults)[0])

    return make_edition(State.PUBLISHED, country=make_country(), start=year, end=year, fill=fill)


def told() -> list:
    return [
        [(change.label, [term.key for term in change.terms]) for change in stage.changes]
        for stage in country_page("DNK").stages
    ]


def test_what_is_new_and_what_is_not_recorded_again_is_told():
    visit("2010", topics=["borders", "gender"], bodies=["wco"])
    visit("2015", topics=["borders", "aviation"], bodies=["wco", "unodc"])

    assert told() == [
        [
            ("Topics not recorded for the visit before", ["aviation"]),
            ("Topics recorded for the visit before only", ["gender"]),
            ("Bodies that did not take part before", ["unodc"]),
        ],
        [],
    ]


def test_each_visit_is_compared_with_the_one_before_it_and_the_first_with_none():
    for year, topics in (("2010", ["a"]), ("2012", ["a", "b"]), ("2014", ["a", "b"])):
        visit(year, topics=topics)

    assert told() == [[], [("Topics not recorded for the visit before", ["b"])], []]


def test_a_record_without_topics_is_not_taken_for_a_visit_without_any():
    visit("2010", topics=["borders"])
    visit("2015")

    newest, first = country_page("DNK").stages
    assert (newest.changes, bool(newest.incomparable)) == ((), True)
    assert (first.changes, first.incomparable) == ((), "")


def test_a_state_and_the_one_that_it_has_replaced_have_one_chain(client):
    zaire = make_country("Zaire", "ZAR", "ZR", replaced_by=make_country())
    visit("2010")
    make_edition(State.PUBLISHED, country=zaire, start="1990", end="1990")

    page = country_page("DNK")

    assert (page.visits, [stage.slug for stage in page.stages]) == (2, ["denmark-2010", "zaire-1990"])
    moved = client.get("/fr/countries/zar/")
    assert (moved.status_code, moved["Location"]) == (301, "/fr/countries/dnk/")
