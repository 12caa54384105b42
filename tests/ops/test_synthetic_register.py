"""The invented register is in everything like one that the actions have made."""

from collections import Counter

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Avg
from django.db.models.functions import Length

from tests.factories import make_edition
from visits.editorial import actions, checks, indexing
from visits.enums import State
from visits.models import CHILDREN, Edition, Focus, SearchRow, Segment, Translation, Visit
from visits.models.fields import RichTextField

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def editions(django_db_setup, django_db_blocker):
    """Those of 300 visits. It takes seconds to invent them: once for this file, undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("synthesize", visits=300, seed=1, verbosity=0)
        yield Edition.objects.all()
        transaction.set_rollback(True)


def test_what_can_be_searched_is_what_publication_would_write(editions):
    written = {row.visit_id: (row.edition_id, row.title, row.body) for row in SearchRow.objects.all()}

    for edition in editions.published()[:80]:
        indexing.write(edition)

    assert written == {row.visit_id: (row.edition_id, row.title, row.body) for row in SearchRow.objects.all()}
    assert written.keys() == set(editions.published().values_list("visit", flat=True))


def test_derived_days_are_those_that_saving_would_derive(editions):
    def stored():
        periods = Edition.objects.order_by("pk").values_list("earliest", "latest")
        return [*periods, *Segment.objects.order_by("pk").values_list(*sorted(Segment.DERIVED_FIELDS))]

    before = stored()
    for edition in editions:
        actions.derive_period(edition)

    assert stored() == before


def test_addresses_are_those_that_publication_would_give(editions):
    expected, ordinals = {}, Counter()
    for visit in Visit.objects.exclude(slug=None).select_related("country").order_by("pk"):
        base = f"{visit.country.slug}-{visit.editions.earliest('pk').earliest.year}"
        ordinals[base] += 1
        expected[visit.pk] = base if ordinals[base] == 1 else f"{base}-{ordinals[base]}"

    assert dict(Visit.objects.exclude(slug=None).values_list("pk", "slug")) == expected
    assert max(ordinals.values()) > 1


def test_every_edition_is_complete_and_its_rows_pass_validation(editions):
    clean = RichTextField()
    for edition in editions[:60]:
        assert list(checks.incomplete(edition)) == []
        assert clean.get_prep_value(edition.text) == edition.text
        edition.full_clean(validate_unique=False)
        for model in CHILDREN:
            for child in model.objects.filter(edition=edition):
                child.full_clean(validate_unique=False)


def test_the_shape_is_that_of_a_register(editions):
    states = Counter(editions.values_list("state", flat=True))
    topics = Counter(Focus.objects.values_list("topic", flat=True)).most_common()

    assert set(states) == {State.PUBLISHED, State.SUPERSEDED, State.DRAFT, State.WITHDRAWN}
    assert states[State.PUBLISHED] > 0.9 * 300
    assert 3.5 < Focus.objects.count() / editions.count() < 4.5
    assert topics[0][1] > 5 * topics[-1][1]
    assert 2000 < editions.aggregate(length=Avg(Length("text")))["length"] < 3000
    assert {len(start) for start in Segment.objects.values_list("start", flat=True)} == {4, 7, 10}
    assert Segment.objects.filter(end="").exists()
    assert Translation.objects.exists()


def test_lists_and_visits_are_shown(client, editions):
    published = editions.published().order_by("pk")

    assert f"{published.count()} visits found" in client.get("/visits/").text
    for edition in published[:20]:
        page = client.get(f"/visits/{edition.visit.slug}/")
        assert page.status_code == 200
        assert edition.summary in page.text


def test_the_next_visit_is_entered_as_in_any_register(editions):
    visit = Visit.objects.exclude(slug=None).first()

    edition = make_edition(State.PUBLISHED, country=visit.country, start=str(editions.earliest("earliest").earliest))

    assert edition.pk > max(editions.exclude(pk=edition.pk).values_list("pk", flat=True))
    assert SearchRow.objects.get(edition=edition).visit == edition.visit
