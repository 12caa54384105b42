"""The counting rule gives the same from the sets in memory and from the database."""

import dataclasses

import pytest

from tests.factories import make_country, make_edition
from visits.catalogue import facets, statistics
from visits.enums import KindOfVisit, State
from visits.models import Generation

pytestmark = pytest.mark.django_db


def test_sets_and_database_count_the_same(monkeypatch):
    norway = make_country("Norway", "NOR", "NO")
    former = make_country("Former Norway", "NOX", "NX", replaced_by=norway)
    make_country("Sweden", "SWE", "SE")
    make_edition(State.PUBLISHED, kinds=(KindOfVisit.FOCUSED, KindOfVisit.FOLLOW_UP))
    make_edition(State.PUBLISHED, kinds=(KindOfVisit.HIGH_LEVEL,), start="2019", end="2019")
    make_edition(State.PUBLISHED, country=norway, kinds=())
    make_edition(State.PUBLISHED, country=former, kinds=(KindOfVisit.INITIAL, KindOfVisit.ADVOCACY))
    make_edition(State.DRAFT, country=make_country("Chad", "TCD", "TD"))

    by_sets = statistics.count(facets.current())
    monkeypatch.setattr(facets, "current", lambda: None)

    assert by_sets == statistics.count()
    assert dataclasses.astuple(by_sets)[:6] == (4, 2, 2, 2, 1, 1)


def test_what_is_published_is_counted_at_once():
    make_edition(State.PUBLISHED)
    before = statistics.count()

    make_edition(State.PUBLISHED, start="2020", end="2020")

    assert (before.visits, statistics.count().visits) == (1, 2)
    assert facets.current().generation == Generation.current()
