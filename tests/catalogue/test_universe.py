"""All States: what is recorded of each, in the order and of the regions asked for."""

import pytest
from django.http import QueryDict

from tests.factories import make_country, make_edition, make_next_edition, make_region
from visits.catalogue.universe import all_states, tile_map
from visits.enums import KindOfVisit, Membership, State
from visits.exceptions import InvalidParameters
from visits.models import Country, Segment

pytestmark = pytest.mark.django_db


@pytest.fixture
def register():
    """Denmark with two visits, Norway and Chad with one each, Togo with none, and an observer."""
    europe, africa = make_region(), make_region("Africa", "002")
    northern = make_region("Northern Europe", "154", parent=europe)
    middle = make_region("Middle Africa", "017", parent=make_region("Sub-Saharan Africa", "202", parent=africa))
    denmark = make_country(region=northern)
    make_edition(State.PUBLISHED, country=denmark, start="2010", end="2010", kinds=[KindOfVisit.FOCUSED])
    kinds = [KindOfVisit.FOCUSED, KindOfVisit.FOLLOW_UP]
    make_edition(State.PUBLISHED, country=denmark, start="2018-05-29", end="2018-06-01", kinds=kinds)
    norway = make_country("Norway", "NOR", "NO", region=europe)
    make_edition(State.PUBLISHED, country=norway, start="", end="2021-04", kinds=[])
    chad = make_country("Chad", "TCD", "TD", region=middle)
    make_edition(State.PUBLISHED, country=chad, start="2014", end="2014", kinds=[KindOfVisit.INITIAL])
    make_country("Togo", "TGO", "TG")
    make_country("Holy See", "VAT", "VA", membership=Membership.OBSERVER, region=europe)


def ask(query: str = ""):
    return all_states(QueryDict(query))


def names(query: str = "") -> list[str]:
    return [str(row.name) for row in ask(query).rows]


def row_of(iso3: str):
    return next(row for row in ask().rows if row.key == iso3)


def test_members_are_those_recorded_and_those_not_and_observers_stand_apart(register):
    states = ask()

    assert (states.recorded, states.unrecorded, states.members) == (3, 1, 4)
    assert (states.observers, states.observers_recorded) == (1, 0)
    assert (states.visits, len(states.rows)) == (4, 5)

    make_edition(State.PUBLISHED, country=Country.objects.get(iso3="VAT"))

    states = ask()
    assert (states.recorded, states.members, states.observers_recorded, states.visits) == (3, 4, 1, 5)


def test_states_are_in_the_order_of_their_names_or_of_what_is_recorded(register):
    assert names() == names("sort=name") == ["Chad", "Denmark", "Holy See", "Norway", "Togo"]
    assert names("sort=visits") == ["Denmark", "Chad", "Norway", "Holy See", "Togo"]
    assert names("sort=last") == ["Norway", "Denmark", "Chad", "Holy See", "Togo"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("region=europe", ["Denmark", "Holy See", "Norway"]),
        ("region=northern-europe", ["Denmark"]),
        ("region=africa", ["Chad"]),
        ("region=sub-saharan-africa", ["Chad"]),
        ("region=northern-europe&region=middle-africa", ["Chad", "Denmark"]),
        ("region=none", ["Togo"]),
        ("region=africa&region=none&sort=visits", ["Chad", "Togo"]),
        ("region=&sort=", ["Chad", "Denmark", "Holy See", "Norway", "Togo"]),
    ],
)
def test_a_region_holds_the_states_of_its_parts_and_several_mean_or(register, query, found):
    states = ask(query)

    assert [str(row.name) for row in states.rows] == found
    assert sorted(tile.key for block in states.blocks for tile in block.tiles) == sorted(r.key for r in states.rows)
    assert states.members + states.observers == len(found)


def test_tiles_stand_in_blocks_by_continent_with_observers_last(register):
    found = [(block.key, [(tile.key, tile.visits) for tile in block.tiles]) for block in tile_map()]

    assert found == [
        ("africa", [("TCD", 1)]),
        ("europe", [("DNK", 2), ("NOR", 1)]),
        ("none", [("TGO", 0)]),
        ("", [("VAT", 0)]),
    ]
    assert tile_map() == ask().blocks
    assert [block.recorded for block in tile_map()] == [1, 2, 0, 0]


def test_a_tile_says_state_and_number_and_looks_like_its_step(register):
    denmark = Country.objects.get(iso3="DNK")
    told = {tile.key: (str(tile.name), tile.visits, tile.step) for block in tile_map() for tile in block.tiles}
    assert told["TGO"] == ("Togo", 0, 0)
    assert told["NOR"] == ("Norway", 1, 1)
    assert told["DNK"] == ("Denmark", 2, 2)

    steps = []
    for year in range(2019, 2023):
        make_edition(State.PUBLISHED, country=denmark, start=str(year), end=str(year))
        steps.append(next(tile.step for block in tile_map() for tile in block.tiles if tile.key == "DNK"))
    assert steps == [3, 3, 5, 5]


def test_the_last_visit_is_as_precise_as_it_is_recorded(register):
    assert row_of("DNK").last == "29 May to 1 June 2018"
    assert row_of("NOR").last == "ended April 2021"
    assert row_of("TCD").last == "2014"
    assert (row_of("TGO").last, row_of("TGO").since) == ("", "")

    def resumed(edition):
        Segment.objects.create(edition=edition, start="2023-03", end="2023-03")

    make_edition(State.PUBLISHED, country=Country.objects.get(iso3="TCD"), start="2021-07", end="2021-07", fill=resumed)
    assert row_of("TCD").last == "July 2021, March 2023"


def test_kinds_are_told_once_each_with_their_number(register):
    assert row_of("DNK").kinds == "follow-up, focused (2)"
    assert row_of("NOR").kinds == "kind not recorded"
    assert row_of("TGO").kinds == ""


def test_only_what_is_published_counts(register):
    before = ask(), tile_map()
    togo = Country.objects.get(iso3="TGO")
    for state in (State.DRAFT, State.IN_REVIEW, State.WITHDRAWN, State.DISCARDED):
        make_edition(state, country=togo, start="2024", end="2024", kinds=[KindOfVisit.ADVOCACY])

    assert (ask(), tile_map()) == before

    first = make_edition(State.PUBLISHED, country=togo, start="2023", end="2023", kinds=[KindOfVisit.ADVOCACY])
    make_next_edition(make_next_edition(first), State.DRAFT)
    assert (row_of("TGO").visits, row_of("TGO").last, row_of("TGO").kinds) == (1, "2023", "advocacy")


def test_a_state_that_was_replaced_is_absent(register):
    Country.objects.filter(iso3="TGO").update(replaced_by=Country.objects.get(iso3="TCD"))

    assert "Togo" not in names()
    assert "TGO" not in [tile.key for block in tile_map() for tile in block.tiles]


@pytest.mark.parametrize(
    ("query", "parameter", "nearest"),
    [
        ("region=afrca", "region", "africa"),
        ("region=europe&region=atlantis", "region", ""),
        ("sort=visit", "sort", "visits"),
        ("sort=newest", "sort", ""),
        ("sort=name&sort=last", "sort", ""),
    ],
)
def test_a_value_that_cannot_be_answered_is_refused_by_name(register, query, parameter, nearest):
    with pytest.raises(InvalidParameters) as refused:
        ask(query)

    (problem,) = refused.value.data["problems"]
    assert (problem.parameter, problem.nearest) == (parameter, nearest)
    assert [group.name for group in refused.value.data["filters"].groups] == ["region"]


def test_headings_lead_to_the_other_orders_and_keep_the_regions(register):
    def told(query):
        return {c.label: (c.query, c.order) for c in ask(query).columns if c.query is not None}

    assert told("") == {"State": ("", "ascending"), "Visits": ("?sort=visits", ""), "Last visit": ("?sort=last", "")}
    assert told("region=europe&region=africa&sort=last") == {
        "State": ("?region=europe&region=africa", ""),
        "Visits": ("?region=europe&region=africa&sort=visits", ""),
        "Last visit": ("?region=europe&region=africa&sort=last", "descending"),
    }


def test_a_name_that_is_no_parameter_is_told_and_tracking_names_are_dropped(register):
    assert ask("regoin=africa&utm_source=x&year=2018").ignored == ("regoin", "year")
