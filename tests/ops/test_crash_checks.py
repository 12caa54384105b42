"""What `make crash` looks for after a kill is found where it is."""

import shutil

import pytest
from django.db import connection

from tests.crashing import checks
from tests.crashing.client import Line
from tests.databases import on_file
from tests.factories import make_edition, make_next_edition
from visits.catalogue import facets
from visits.enums import State
from visits.models import Edition, Event, Generation, SearchRow, Visit
from visits.models.base import plain_rows


@pytest.fixture
def edition(data, migrated, django_db_blocker):
    """One of a visit that was published twice, and nothing else."""
    shutil.copy(migrated, data / "register.sqlite3")
    with django_db_blocker.unblock(), on_file(data / "register.sqlite3"):
        first = make_edition(State.PUBLISHED, title="About mark1")
        facets.current(wait=True)
        yield make_next_edition(first, title="About mark2")


def found(edition) -> set[str]:
    """The checks that find something."""
    named = {
        "whole": checks.whole,
        "half done": checks.half_done,
        "generations": lambda: checks.generations(0),
        "search rows": lambda: checks.search_rows({edition.visit_id}),
        "catalogue": checks.catalogue,
        "lists": checks.lists,
    }
    return {name for name, check in named.items() if list(check())}


def test_a_register_as_it_should_be_is_not_complained_of(edition):
    assert found(edition) == set()


def half_superseded():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE visits_edition SET superseded_at = NULL WHERE state = 'superseded'")


CRASHES = {
    "an edition without what went before": (half_superseded, {"half done"}),
    "a state without an event": (
        lambda: plain_rows(Event).filter(verb="publish").update(verb="submit"),
        {"half done", "generations"},
    ),
    "an event without its generation": (lambda: plain_rows(Generation).update(n=1), {"generations"}),
    "a published edition without words": (lambda: SearchRow.objects.all().delete(), {"search rows"}),
    "words of something else": (lambda: SearchRow.objects.update(body="other"), {"search rows"}),
    "an edition that is gone from lists": (
        lambda: plain_rows(Edition).filter(state=State.PUBLISHED).update(state=State.WITHDRAWN),
        {"half done", "search rows", "catalogue"},
    ),
}


@pytest.mark.parametrize("crash", CRASHES)
def test_half_a_transition_is_found(edition, crash):
    do, expected = CRASHES[crash]
    facets.current(wait=True)

    do()

    assert found(edition) >= expected


def test_what_is_not_there_is_told_as_lost(edition):
    visit = edition.visit_id
    Visit.objects.filter(pk=visit).update(internal_notes="About mark3")
    there, lost = (Line(1, "start", visit, 0, mark, "done") for mark in ("mark3", "mark4"))

    assert ["mark4" in said for said in checks.lost([there, lost], checks.Stored())] == [True]
