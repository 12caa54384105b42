"""The number beside every value of every filter is what choosing it finds, followed as a reader does: by HTTP."""

import io
import random

import pytest
from django.core.management import call_command

from tests.register import undone

from .test_facets import form_of

pytestmark = pytest.mark.django_db

STATES = 200
HEAVIEST = 60 * 1024
# Where a walk through the filters may begin.
BEGINNINGS = (
    "",
    "q=visit",
    "from=2012-01-01&to=2019-12-31",
    "sort=oldest&page_size=5",
    "country=none",
    "q=visit&year=2015",
    "as_of=2015-06-30",
)
# Of these pages every option is followed.
WHOLE = ("", "q=visit&kind=focused&kind=none", "as_of=2015-06-30&modality=virtual")


@pytest.fixture(scope="module")
def synthetic(django_db_setup, django_db_blocker):
    """500 invented visits, once for this file."""
    with django_db_blocker.unblock(), undone():
        call_command("synthesize", visits=500, seed=1, stdout=io.StringIO())
        yield


@pytest.mark.parametrize("query", WHOLE)
def test_every_number_of_a_page_is_what_choosing_its_value_finds(client, synthetic, query):
    form = form_of(client, query)
    free = [option for option in form.options if not option.checked]

    found = [(option, form_of(client, form.query_with(option)).total) for option in free]

    assert len(free) > 50
    assert [(option, total) for option, total in found if option.number != total] == []


def test_the_number_beside_a_value_is_what_choosing_it_finds(client, synthetic):
    chance = random.Random(1)  # noqa: S311
    form, followed = form_of(client), []
    for step in range(STATES * 3 // 2):
        assert len(form.page.encode()) <= HEAVIEST
        free = [option for option in form.options if not option.checked]
        assert [option for option in free if not option.number] == []
        unrecorded = [option for option in free if option.value == "none"]
        if not free or sum(option.checked for option in form.options) > 4:
            form = form_of(client, chance.choice(BEGINNINGS))
            continue
        option = chance.choice((step % 3 and free) or unrecorded or free)
        before, form = form, form_of(client, form.query_with(option))
        assert form.total == option.number, (before.query_with(option), option)
        followed.append(option.value)

    assert len(followed) >= STATES
    assert followed.count("none") > 30
    assert len(set(followed)) > 20
