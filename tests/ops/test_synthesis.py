"""The invented register: the same each time, and in everything like one that the actions have made."""

import hashlib
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Avg
from django.db.models.functions import Length

from tests.factories import make_edition
from visits.editorial import actions, checks, indexing
from visits.enums import State
from visits.models import CHILDREN, Document, Edition, Event, Focus, Generation, SearchRow, Segment, Translation, Visit
from visits.models.fields import RichTextField

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


@pytest.fixture
def editions():
    synthesize(300)
    return Edition.objects.all()


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


def test_what_can_be_searched_is_what_publication_would_write(editions):
    written = {row.visit_id: (row.edition_id, row.title, row.body) for row in SearchRow.objects.all()}

    for edition in editions.published():
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
    for edition in editions:
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
