"""Inventing a register: the same each time, and only where there is none yet."""

import hashlib
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_edition
from visits.models import CHILDREN, Document, Edition, Event, Generation, SearchRow, Translation, Visit

pytestmark = pytest.mark.django_db

CONTENT = (Visit, Edition, *CHILDREN, Document, Translation, SearchRow)


def synthesize(visits=60, seed=1):
    output = StringIO()
    call_command("synthesize", visits=visits, seed=seed, stdout=output)
    return output.getvalue()


def digest() -> str:
    rows = [list(model.objects.order_by("pk").values_list()) for model in CONTENT]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


def remove_everything():
    for model in (SearchRow, Translation, *CHILDREN, Edition, Event, Visit, Document):
        rows = model.objects.all()
        rows._raw_delete(rows.db)


def test_the_same_number_and_seed_give_the_same_register_and_another_seed_another():
    digests = []
    for seed in (7, 7, 8):
        synthesize(seed=seed)
        digests.append(digest())
        remove_everything()

    assert digests[0] == digests[1] != digests[2]


def test_a_register_that_holds_a_visit_is_refused():
    make_edition()

    with pytest.raises(CommandError, match=r"this one holds 1\. Name an empty data folder"):
        synthesize()

    assert Visit.objects.count() == 1


def test_a_second_run_is_refused():
    synthesize(3)

    with pytest.raises(CommandError, match="this one holds 3"):
        synthesize(5)

    assert Visit.objects.count() == 3


def test_it_tells_how_far_it_is_and_records_what_was_done():
    output = synthesize(60)

    event = Event.objects.get()
    assert "60 visits" in output
    assert "The register now holds 60 invented visits." in output
    assert (event.note, event.generation) == ("60 invented visits were written, with seed 1.", Generation.current())
    assert (event.visit, event.edition) == (None, None)
