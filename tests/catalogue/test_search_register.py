"""The register as it is shipped is found by every name of what its visits are about."""

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict

from visits.catalogue.listing import Listing
from visits.enums import State
from visits.models import Body, Country, Topic

from .test_search import ask, found, shown

pytestmark = pytest.mark.django_db
COLUMNS = [code.replace("-", "_") for code, _name in settings.LANGUAGES]


@pytest.fixture(scope="module", autouse=True)
def register(django_db_setup, django_db_blocker):
    """Loaded once for this file, undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_register", verbosity=0)
        yield
        transaction.set_rollback(True)


def by_filter(group: str, key) -> set[str]:
    asked = QueryDict(mutable=True)
    asked.update({group: key, "page_size": "100"})
    return {card.slug for card in Listing(asked).cards}


def test_every_name_of_a_state_with_a_visit_has_that_state_first():
    asked, wrong = 0, []
    for country in Country.objects.filter(visits__editions__state=State.PUBLISHED).distinct():
        for name in {*(getattr(country, f"name_{code}") for code in COLUMNS), *country.alias_list, country.iso3}:
            asked += 1
            first = [card.country.key for card in ask(name).cards[:1]]
            if first != [country.iso3]:
                wrong.append((country.iso3, name, first))
    assert asked > 73 * 5
    assert wrong == []


@pytest.mark.parametrize(("model", "group"), [(Topic, "topic"), (Body, "body")])
def test_every_name_of_a_term_has_its_visits_first(model, group):
    asked = 0
    for term in model.objects.filter(replaced_by=None):
        own = by_filter(group, term.natural_key()[0])
        others = [term.acronym] if group == "body" else []
        for name in {*(getattr(term, f"name_{code}") for code in COLUMNS), *term.alias_list, *others} if own else ():
            asked += 1
            # A finding or a meeting may have the term where the visit as a whole has not.
            assert own <= set(found(name)), (term, name)
    assert asked > 50


@pytest.mark.parametrize("query", ["1373", "S/RES/1373 (2001)", "S/RES/1373", "resolution 1373", "1373 (2001)"])
def test_a_resolution_is_found_by_number_and_symbol(query):
    assert by_filter("resolution", 1373) <= set(found(query))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Denmark", "denmark-2018"),
        ("DANEMARK", "denmark-2018"),
        ("丹麦", "denmark-2018"),
        ("Дания", "denmark-2018"),
        ("الدانمرك", "denmark-2018"),
        ("الدَّانمَرْك", "denmark-2018"),
        ("denmark 2018", "denmark-2018"),
        ("Copenhagen", "denmark-2018"),
        ("cote d'ivoire", "cote-d-ivoire-2018"),
        ("Côte d’Ivoire", "cote-d-ivoire-2018"),
        ("niger", "niger-2017"),
    ],
)
def test_the_right_visit_comes_first(query, first):
    assert found(query)[0] == first


def test_search_and_filters_narrow_each_other_and_are_counted_together():
    listing = ask("airport", kind="focused")

    assert set(found("airport", kind="focused")) == set(found("airport")) & by_filter("kind", "focused")
    counted = [
        (ask("airport", kind="focused", **{group.name: option.value}).total, option.visits)
        for group in listing.filters.groups
        for option in group.options
        if group.name != "kind"
    ]
    assert [found for found, _told in counted] == [told for _found, told in counted]
    assert len(counted) > 10


def test_a_match_in_the_title_needs_no_excerpt():
    (card,) = ask("Denmark").cards

    assert "[Denmark]" in shown(card.title)
    assert not card.excerpt


def test_a_match_by_another_name_says_what_was_found():
    (card,) = ask("Danemark").cards

    assert [str(name) for name in card.found_by] == ["Denmark"]


def test_a_miss_offers_the_nearest_term_and_shows_nothing_else():
    listing = ask("Denmrak")

    assert (listing.total, listing.cards) == (0, [])
    assert str(listing.meant[0].name) == "Denmark"
    assert ask("Denmark").meant == []
