"""The register as it is shipped is found by every name of what its visits are about."""

from collections import defaultdict
from urllib.parse import parse_qsl

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from django.http import QueryDict

from tests.factories import make_edition
from visits.catalogue.listing import Listing
from visits.enums import State
from visits.models import Body, Country, Topic, Visit
from visits.text.fold import fold

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


def names_of(country) -> set[str]:
    return {*(getattr(country, f"name_{code}") for code in COLUMNS), *country.alias_list, country.iso3}


def test_every_name_of_every_state_has_that_state_first():
    states = list(Country.objects.all())
    for country in states:
        if not country.visits.filter(editions__state=State.PUBLISHED).exists():
            make_edition(State.PUBLISHED, country=country, start="2001", end="2001")
    asked = [(country.iso3, name) for country in states for name in names_of(country)]
    bearers = defaultdict(set)
    for iso3, name in asked:
        bearers[fold(name)].add(iso3)

    state_of = dict(Visit.objects.values_list("pk", "country__iso3"))
    firsts = [(iso3, name, [state_of[pk] for pk in ask(name).selection.visits(0, 1)]) for iso3, name in asked]

    assert (len(states), len(asked) > 195 * 7) == (195, True)
    # Two States were called Congo.
    assert sum(len(bearing) > 1 for bearing in bearers.values()) < 5
    assert [told for told in firsts if not set(told[2]) & bearers[fold(told[1])]] == []


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


def meant(query: str, **others) -> list[tuple[str, str]]:
    listing = ask(query, **others)
    assert listing.total == 0
    return [(str(each.name), dict(parse_qsl(each.query[1:])).get("q", "")) for each in listing.meant]


@pytest.mark.parametrize(
    ("query", "respelt"),
    [
        ("Denmrak police", "Denmark police"),
        ('"Denmrak" -norway', '"Denmark" -norway'),
        ("police «Denmrak»", "police «Denmark»"),
    ],
)
def test_of_several_words_the_one_that_no_visit_has_is_put_right(query, respelt):
    assert meant(query)[0] == ("Denmark", respelt)
    assert ask(respelt).total > 0


def test_what_is_offered_leads_to_no_other_list_without_a_visit():
    assert meant("Denmrak", kind="regional") == []
    assert meant("Denmrak tajikistan") == []
    assert meant("Denmrak xyzzy") == []


@pytest.mark.parametrize("query", ["Iceland", "Icelnad", "Исландия", "Iceland police"])
def test_a_state_without_a_visit_is_offered_by_its_page(query):
    iceland = ask(query).meant[0]

    assert (str(iceland.name), iceland.group, iceland.key, iceland.query) == ("Iceland", "country", "ISL", "")
