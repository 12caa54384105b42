"""The tables of the statistics: every number is what the list finds, and what a reader adds up comes out."""

import itertools

import pytest
from django.http import QueryDict
from django.utils import translation

from tests.catalogue.test_listing import make_register
from tests.factories import make_country, make_edition, make_next_edition
from visits.catalogue.listing import Listing
from visits.catalogue.tables import STEPS, tables
from visits.enums import State
from visits.models import Body, Focus, Topic

pytestmark = pytest.mark.django_db


def numbers(rows) -> dict:
    return {row.key: row.total.visits for row in rows}


def cells_of(matrix) -> dict:
    keys = [column.key for column in matrix.columns]
    return {row.key: dict(zip(keys, (cell.visits for cell in row.cells), strict=True)) for row in matrix.rows}


def every_cell(found):
    for matrix in (found.topics, found.resolutions):
        for row in matrix.rows:
            yield from row.cells
    rows = (found.years, found.regions, found.kinds, found.bodies, found.topics.rows, found.resolutions.rows)
    yield from (row.total for row in itertools.chain(*rows))


def test_visits_of_years_regions_and_kinds():
    make_register()

    found = tables()

    assert found.visits == 5
    between = dict.fromkeys(map(str, range(2010, 2022)), 0)
    assert numbers(found.years) == between | {"2010": 1, "2018": 1, "2019": 1, "2021": 2}
    assert numbers(found.regions) == {"europe": 4, "northern-europe": 4, "none": 1}
    assert [row.depth for row in found.regions] == [0, 1, 0]
    assert numbers(found.kinds) == {
        "yes": 3, "initial": 2, "follow-up": 1, "focused": 1, "no": 1, "high-level": 1, "advocacy": 1, "unknown": 1
    }  # fmt: skip


def test_topics_by_year_and_resolutions_by_region():
    make_register()

    found = tables()

    topics = cells_of(found.topics)
    assert {topic: {year: n for year, n in cells.items() if n} for topic, cells in topics.items()} == {
        "border-management": {"2018": 1, "2019": 1},
        "gender": {"2018": 1, "2021": 1},
        "none": {"2010": 1, "2021": 1},
    }
    assert cells_of(found.resolutions) == {
        "1373": {"europe": 2, "none": 1},
        "1624": {"europe": 2, "none": 0},
        "none": {"europe": 1, "none": 0},
    }


def test_bodies_take_part_from_a_first_to_a_last_year():
    make_register()
    Body.objects.create(slug="icao", acronym="ICAO", name="Never there", kind="un")

    unodc, wco, nobody = tables().bodies

    assert (unodc.key, unodc.short, unodc.total.visits, unodc.share, unodc.first, unodc.last) == (
        "unodc", "UNODC", 2, 40.0, "2021", "2021"
    )  # fmt: skip
    assert (wco.key, wco.first, wco.last) == ("wco", "2018", "2021")
    assert (nobody.key, nobody.total.visits, nobody.is_recorded) == ("none", 2, False)


def test_every_number_is_what_the_list_finds_by_its_query():
    make_register()

    cells = list(every_cell(tables()))

    assert len(cells) > 60
    assert [cell for cell in cells if Listing(QueryDict(cell.query[1:])).total != cell.visits] == []


def test_years_and_continents_add_up_to_all_visits():
    make_register()
    make_edition(State.PUBLISHED, country=make_country("Chad", "TCD", "TD"))

    found = tables()

    assert sum(numbers(found.years).values()) == found.visits == 6
    assert sum(row.total.visits for row in found.regions if not row.depth) == 6
    for row in found.topics.rows:
        assert sum(cell.visits for cell in row.cells) == row.total.visits


def test_only_what_is_published_counts():
    make_edition(State.PUBLISHED)
    make_edition(State.WITHDRAWN)
    make_edition(State.DRAFT)
    superseded = make_edition(State.PUBLISHED, start="2011", end="2011")
    make_next_edition(superseded, fill=lambda fresh: fresh.segments.update(start="2012", end="2012"))

    found = tables()

    assert found.visits == 2
    assert numbers(found.years) == dict.fromkeys(map(str, range(2012, 2019)), 0) | {"2012": 1, "2018": 1}


def test_a_term_that_was_replaced_counts_as_the_one_that_replaced_it():
    new = Topic.objects.create(slug="new", name="New")
    old = Topic.objects.create(slug="old", name="Old")
    make_edition(State.PUBLISHED, fill=lambda edition: Focus.objects.create(edition=edition, topic=old))
    Topic.objects.filter(pk=old.pk).update(replaced_by=new)

    assert numbers(tables().topics.rows) == {"new": 1}


def test_shades_grow_with_the_numbers_and_the_legend_tells_them():
    topics = [Topic.objects.create(slug=f"topic-{n}", name=f"Topic {n}") for n in range(13)]
    for n in range(13):

        def fill(edition, n=n):
            for topic in topics[n:]:
                Focus.objects.create(edition=edition, topic=topic)

        make_edition(State.PUBLISHED, fill=fill)
    for _without_any in range(20):
        make_edition(State.PUBLISHED)

    matrix = tables().topics

    *terms, nothing = [row.cells[0] for row in matrix.rows]
    assert (nothing.visits, nothing.step) == (20, 0)
    assert [cell.visits for cell in terms] == list(range(13, 0, -1))
    steps = [cell.step for cell in terms]
    assert steps == sorted(steps, reverse=True)
    assert set(steps) == set(range(1, STEPS + 1))
    told = {number: step for step, least, most in matrix.steps for number in range(least, most + 1)}
    assert told == {cell.visits: cell.step for cell in terms}


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans", "fr", "ru", "es"])
def test_names_are_in_the_language_of_the_page(language):
    topic = Topic.objects.create(slug="gender", **{f"name_{language.replace('-', '_')}": "Its name"})
    make_edition(State.PUBLISHED, fill=lambda edition: Focus.objects.create(edition=edition, topic=topic))

    with translation.override(language):
        name = tables().topics.rows[0].name

    assert (str(name), name.language) == ("Its name", language)


def test_an_empty_register_has_empty_tables():
    found = tables()

    assert (found.visits, found.years, found.regions, found.kinds, found.bodies) == (0, [], [], [], [])
    assert (found.topics.rows, found.topics.steps) == ([], [])
