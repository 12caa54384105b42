"""What is missing is counted over what is published, and every number leads to what it counts."""

import pytest
from django.http import QueryDict

from tests.examples import fill_every_part
from tests.factories import make_country, make_edition, make_next_edition
from visits.catalogue.listing import Listing
from visits.catalogue.quality import quality
from visits.enums import PersonRole, State
from visits.models import Document, Edition, Finding, Person, Segment

pytestmark = pytest.mark.django_db


def counted() -> dict[str, tuple[int, int | None]]:
    return {str(gap.label): (gap.missing, gap.inferred) for gap in quality().of_visits}


def make_register():
    """A visit with everything, one with little, one of which not even a day is known; and what must not count."""

    def fill(edition):
        fill_every_part(edition)
        Person.objects.create(edition=edition, name="A. Head", role=PersonRole.HEAD)

    def in_some_month(edition):
        edition.segments.all().delete()
        Segment.objects.create(edition=edition, start="", end="2019-05", modality="virtual", modality_inferred=True)

    make_next_edition(make_edition(State.PUBLISHED, fill=fill), mandate="On behalf of the Committee")
    make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO"), start="2018-05", end="2018-05")
    make_edition(State.PUBLISHED, country=make_country("Chad", "TCD", "TD"), kinds=(), fill=in_some_month)
    for state in (State.DRAFT, State.WITHDRAWN):
        make_edition(state, country=make_country("Mali", "MLI", "ML"), kinds=())
    Document.objects.filter(links__edition__visit__slug="chad-2019").update(disclosure="none")


def test_what_is_not_recorded_and_what_is_inferred_is_counted():
    make_register()

    assert counted() == {
        "First day": (1, None),
        "First day, exact to the day": (2, None),
        # The parts of the visit to Denmark: one stated, one inferred.
        "Modality": (0, 2),
        "Kind of visit": (1, None),
        "Topics": (2, None),
        "Resolutions": (2, None),
        "Participating bodies": (2, None),
        "Findings": (2, None),
        "Head of the delegation": (2, None),
        "Sources": (1, None),
        "Summary": (0, None),
        "Text": (2, None),
        "Aim": (2, None),
        "Mandate": (2, None),
    }
    found = quality()
    assert (found.visits, found.findings) == (3, 1)
    assert [(str(gap.label), gap.missing) for gap in found.of_findings] == [("Topic", 0), ("Speaker", 0)]


def test_every_number_with_a_query_is_that_of_its_list():
    make_register()
    gaps = [gap for gap in quality().of_visits if gap.query]

    assert len(gaps) == 6
    for gap in gaps:
        assert Listing(QueryDict(gap.query.removeprefix("?"))).total == gap.missing, gap.label


def test_it_is_counted_in_few_queries_whatever_there_is(django_assert_num_queries):
    for countries in ([("Denmark", "DNK", "DK")], [("Norway", "NOR", "NO"), ("Chad", "TCD", "TD")]):
        for country in countries:
            make_edition(State.PUBLISHED, country=make_country(*country))
        # The sets that lists are counted with too.
        Listing(QueryDict("")).total  # noqa: B018
        with django_assert_num_queries(5):
            quality()
        with django_assert_num_queries(1):
            quality()


def test_an_empty_register_lacks_nothing():
    found = quality()

    assert (found.visits, found.findings, {gap.missing for gap in found.of_visits}) == (0, 0, {0})
    assert not Edition.objects.exists()
    assert not Finding.objects.exists()
