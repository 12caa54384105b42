"""What is fixed stays as it is, whichever way somebody tries to write it; and what the database holds by itself."""

import datetime
import uuid

import pytest
from asgiref.sync import async_to_sync
from django.apps import apps
from django.core import serializers
from django.db import IntegrityError, models, transaction
from django.db.models import F, ProtectedError, Value
from django.db.models.deletion import Collector
from django.utils import timezone

from tests.examples import EXAMPLES, edition_example, fill_every_part
from tests.factories import make_country, make_edition, make_user
from tests.register import everything, told, undone
from visits.enums import FROZEN, WORKING, RedactionState, State
from visits.exceptions import Immutable, StaleVersion
from visits.models import (
    CHILDREN,
    Document,
    DocumentLink,
    Edition,
    Event,
    Evidence,
    Finding,
    Focus,
    GuardedModel,
    Kind,
    Participation,
    Redaction,
    ResolutionLink,
    Segment,
    Translation,
    Visit,
    VisitLink,
)
from visits.models.base import plain_rows

pytestmark = pytest.mark.django_db

PARTS = (Edition, *CHILDREN)


def name_of(value) -> str:
    return getattr(value, "__name__", str(value)).replace("_", " ")


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """An edition with a row of every kind for each fixed state, and such a draft of another visit."""
    with django_db_blocker.unblock(), undone():
        yield {state: make_edition(state, fill=fill_every_part).pk for state in (*FROZEN, State.DRAFT)}


@pytest.fixture
def find(world):
    """Find the row of a model in the edition of a state."""
    return lambda model, state: row_of(model, Edition.objects.get(pk=world[state]))


def row_of(model, edition):
    return edition if model is Edition else model.objects.filter(edition=edition).order_by("position").last()


def other_values(model) -> dict:
    return edition_example(1) if model is Edition else EXAMPLES[model](1)


def changed(row):
    """The copy in memory, different in every content field."""
    for name, value in other_values(type(row)).items():
        setattr(row, name, value)
    return row


def stored(row) -> models.QuerySet:
    return type(row).objects.filter(pk=row.pk)


def rows_beside(row):
    """The manager of the edition's rows of this kind."""
    relation = type(row)._meta.get_field("edition").remote_field
    return getattr(row.edition, relation.related_name)


def fixture(row) -> str:
    """The row as a JSON fixture that names it by its key."""
    return serializers.serialize("json", [row])


def load(text: str):
    for loaded in serializers.deserialize("json", text):
        loaded.save()


def run(asynchronous, *args, **kwargs):
    async def call():
        return await asynchronous(*args, **kwargs)

    return async_to_sync(call)()


def new_row(row) -> models.Model:
    """A row that is not stored, for the same edition."""
    return type(row)(edition=row.edition, **other_values(type(row)))


# Ways to change or delete a fixed row. Each takes the row and the row of the same kind in a draft.


def save(row, draft):
    changed(row).save()


def save_some_fields(row, draft):
    changed(row).save(update_fields=[row.CONTENT_FIELDS[0]])


def save_asynchronously(row, draft):
    run(changed(row).asave)


def save_what_was_loaded_in_part(row, draft):
    part = stored(row).only(row.CONTENT_FIELDS[0], "version").get()
    setattr(part, row.CONTENT_FIELDS[0], other_values(type(row))[row.CONTENT_FIELDS[0]])
    part.save()


def save_past_the_model(row, draft):
    changed(row).save_base()


def save_a_copy_made_by_hand(row, draft):
    changed(row)._state.adding = True
    row.save()


def save_over_it_from_another_row(row, draft):
    changed(draft).pk = row.pk
    draft.version = row.version
    draft.save()


def update(row, draft):
    stored(row).update(**other_values(type(row)))


def update_one_field_to_itself(row, draft):
    stored(row).update(**{row.CONTENT_FIELDS[0]: F(row.CONTENT_FIELDS[0])})


def update_asynchronously(row, draft):
    run(stored(row).aupdate, **other_values(type(row)))


def update_joined_rows(row, draft):
    relation = "visit" if isinstance(row, Edition) else "edition__visit"
    rows = type(row).objects.select_related(relation).filter(**{f"{relation}__isnull": False})
    rows.update(**other_values(type(row)))


def update_fixed_and_draft_rows_together(row, draft):
    type(row).objects.update(**{row.CONTENT_FIELDS[0]: F(row.CONTENT_FIELDS[0])})


def update_through_the_base_manager(row, draft):
    type(row)._base_manager.filter(pk=row.pk).update(**other_values(type(row)))


def bulk_update(row, draft):
    type(row).objects.bulk_update([changed(row)], list(row.CONTENT_FIELDS))


def bulk_update_asynchronously(row, draft):
    run(type(row).objects.abulk_update, [changed(row)], list(row.CONTENT_FIELDS))


def bulk_create_over_it(row, draft):
    fields = list(row.CONTENT_FIELDS)
    type(row).objects.bulk_create([changed(row)], update_conflicts=True, update_fields=fields, unique_fields=["id"])


def update_or_create(row, draft):
    type(row).objects.update_or_create(pk=row.pk, defaults=other_values(type(row)))


def update_or_create_asynchronously(row, draft):
    run(type(row).objects.aupdate_or_create, pk=row.pk, defaults=other_values(type(row)))


def load_a_fixture_over_it(row, draft):
    load(fixture(changed(row)))


def delete(row, draft):
    row.delete()


def delete_asynchronously(row, draft):
    run(row.adelete)


def delete_rows(row, draft):
    stored(row).delete()


def delete_rows_asynchronously(row, draft):
    run(stored(row).adelete)


def delete_fixed_and_draft_rows_together(row, draft):
    type(row).objects.all().delete()


CHANGING = (
    save,
    save_some_fields,
    save_asynchronously,
    save_what_was_loaded_in_part,
    save_past_the_model,
    save_a_copy_made_by_hand,
    save_over_it_from_another_row,
    update,
    update_one_field_to_itself,
    update_asynchronously,
    update_joined_rows,
    update_fixed_and_draft_rows_together,
    update_through_the_base_manager,
    bulk_update,
    bulk_update_asynchronously,
    bulk_create_over_it,
    update_or_create,
    update_or_create_asynchronously,
    load_a_fixture_over_it,
    delete,
    delete_asynchronously,
    delete_rows,
    delete_rows_asynchronously,
    delete_fixed_and_draft_rows_together,
)


# Ways to change what belongs to a fixed edition: rows added, moved in, moved out, or written through the edition.


def save_without_a_change(row, draft):
    row.save()


def save_a_new_row(row, draft):
    new_row(row).save()


def create(row, draft):
    type(row).objects.create(edition=row.edition, **other_values(type(row)))


def get_or_create(row, draft):
    type(row).objects.get_or_create(edition=row.edition, uid=uuid.uuid4(), defaults=other_values(type(row)))


def update_or_create_a_new_row(row, draft):
    type(row).objects.update_or_create(edition=row.edition, uid=uuid.uuid4(), defaults=other_values(type(row)))


def bulk_create(row, draft):
    type(row).objects.bulk_create([new_row(row)])


def bulk_create_in_batches(row, draft):
    type(row).objects.bulk_create([new_row(row)], 1)


def bulk_create_ignoring_conflicts(row, draft):
    type(row).objects.bulk_create([new_row(row)], ignore_conflicts=True)


def bulk_create_asynchronously(row, draft):
    run(type(row).objects.abulk_create, [new_row(row)])


def bulk_create_from_a_generator_with_a_draft_row_first(row, draft):
    type(row).objects.bulk_create(fresh for fresh in (new_row(draft), new_row(row)))


def load_a_fixture_with_a_new_row(row, draft):
    load(fixture(new_row(row)))


def save_a_stored_row_anew(row, draft):
    changed(row).pk = None
    row.uid = uuid.uuid4()
    row.save_base()


def create_through_the_edition(row, draft):
    rows_beside(row).create(**other_values(type(row)))


def get_or_create_through_the_edition(row, draft):
    rows_beside(row).get_or_create(uid=uuid.uuid4(), defaults=other_values(type(row)))


def update_or_create_through_the_edition(row, draft):
    rows_beside(row).update_or_create(uid=row.uid, defaults=other_values(type(row)))


def bulk_create_through_the_edition(row, draft):
    rows_beside(row).bulk_create([new_row(row)])


def update_through_the_edition(row, draft):
    rows_beside(row).update(position=9)


def delete_through_the_edition(row, draft):
    rows_beside(row).all().delete()


def add_a_draft_row(row, draft):
    rows_beside(row).add(draft)


def add_a_draft_row_one_by_one(row, draft):
    rows_beside(row).add(draft, bulk=False)


def add_a_new_row(row, draft):
    rows_beside(row).add(new_row(row), bulk=False)


def set_rows(row, draft):
    rows_beside(row).set([row, draft])


def move_a_draft_row_in(row, draft):
    draft.edition = row.edition
    draft.save()


def move_a_draft_row_in_by_update(row, draft):
    stored(draft).update(edition=row.edition)


def move_a_draft_row_in_by_key(row, draft):
    stored(draft).update(edition_id=row.edition_id)


def move_a_draft_row_in_by_expression(row, draft):
    stored(draft).update(edition=Value(row.edition_id))


def move_a_draft_row_in_in_bulk(row, draft):
    draft.edition = row.edition
    type(row).objects.bulk_update([draft], ["edition"])


def move_a_draft_row_in_by_a_fixture(row, draft):
    draft.edition = row.edition
    load(fixture(draft))


def move_a_fixed_row_out(row, draft):
    row.edition = draft.edition
    row.save()


def move_a_fixed_row_out_by_update(row, draft):
    stored(row).update(edition=draft.edition)


def move_a_fixed_row_out_through_the_edition(row, draft):
    rows_beside(draft).add(row)


def move_a_fixed_row_out_in_bulk(row, draft):
    row.edition = draft.edition
    type(row).objects.bulk_update([row], ["edition"])


def move_a_fixed_row_out_by_a_fixture(row, draft):
    row.edition = draft.edition
    load(fixture(row))


def give_it_another_uid(row, draft):
    stored(row).update(uid=uuid.uuid4())


def raise_its_version(row, draft):
    stored(row).update(version=F("version") + 1)


WRITING_TO_THE_EDITION = (
    save_without_a_change,
    save_a_new_row,
    create,
    get_or_create,
    update_or_create_a_new_row,
    bulk_create,
    bulk_create_in_batches,
    bulk_create_ignoring_conflicts,
    bulk_create_asynchronously,
    bulk_create_from_a_generator_with_a_draft_row_first,
    load_a_fixture_with_a_new_row,
    save_a_stored_row_anew,
    create_through_the_edition,
    get_or_create_through_the_edition,
    update_or_create_through_the_edition,
    bulk_create_through_the_edition,
    update_through_the_edition,
    delete_through_the_edition,
    add_a_draft_row,
    add_a_draft_row_one_by_one,
    add_a_new_row,
    set_rows,
    move_a_draft_row_in,
    move_a_draft_row_in_by_update,
    move_a_draft_row_in_by_key,
    move_a_draft_row_in_by_expression,
    move_a_draft_row_in_in_bulk,
    move_a_draft_row_in_by_a_fixture,
    move_a_fixed_row_out,
    move_a_fixed_row_out_by_update,
    move_a_fixed_row_out_through_the_edition,
    move_a_fixed_row_out_in_bulk,
    move_a_fixed_row_out_by_a_fixture,
    give_it_another_uid,
    raise_its_version,
)


def refused(write, *args, before: dict) -> None:
    """The write is refused as one to a fixed row, and the register holds what it held before."""
    with pytest.raises(Immutable), transaction.atomic():
        write(*args)
    assert everything() == before


def test_every_kind_of_row_has_examples():
    assert set(EXAMPLES) == set(CHILDREN)


@pytest.mark.parametrize("model", PARTS, ids=name_of)
def test_examples_fill_each_content_field_and_differ_in_all(model):
    first, second = (edition_example(n) if model is Edition else EXAMPLES[model](n) for n in (0, 1))

    assert set(first) == set(second) == set(model.CONTENT_FIELDS)
    assert [name for name in first if first[name] == second[name]] == []


@pytest.mark.parametrize("write", CHANGING, ids=name_of)
@pytest.mark.parametrize("model", PARTS, ids=name_of)
def test_fixed_row_is_never_changed_or_deleted(find, model, write):
    before = everything()
    for state in FROZEN:
        with told(state=state):
            refused(write, find(model, state), find(model, State.DRAFT), before=before)


@pytest.mark.parametrize("write", WRITING_TO_THE_EDITION, ids=name_of)
@pytest.mark.parametrize("model", CHILDREN, ids=name_of)
def test_fixed_edition_gains_and_loses_no_row(find, model, write):
    before = everything()
    for state in FROZEN:
        with told(state=state):
            refused(write, find(model, state), find(model, State.DRAFT), before=before)


# What a draft takes too: not what merges two rows, moves one, or reaches past the draft.
WRITES_TO_A_DRAFT = [
    write
    for write in (*CHANGING, *WRITING_TO_THE_EDITION)
    if not write.__name__.startswith(
        ("bulk_create_over", "bulk_create_from", "add_a_draft", "set_", "move_", "save_over")
    )
    and not write.__name__.endswith(("together", "joined_rows"))
]


@pytest.mark.parametrize("write", WRITES_TO_A_DRAFT, ids=name_of)
@pytest.mark.parametrize("model", CHILDREN, ids=name_of)
def test_same_writes_are_let_through_to_a_draft(find, model, write):
    """The refusals above are for what is fixed: not for a mistake in how the test writes."""
    row = find(model, State.DRAFT)
    before = everything()

    write(row, row)

    assert everything() != before


WRITES_OF_VALUES = {
    "save": lambda row, values: with_values(row, values).save(),
    "save some fields": lambda row, values: with_values(row, values).save(update_fields=list(values)),
    "update": lambda row, values: stored(row).update(**values),
    "bulk update": lambda row, values: type(row).objects.bulk_update([with_values(row, values)], list(values)),
    "update or create": lambda row, values: type(row).objects.update_or_create(pk=row.pk, defaults=values),
    "fixture": lambda row, values: load(fixture(with_values(row, values))),
}


def with_values(row, values):
    for name, value in values.items():
        setattr(row, name, value)
    return row


# Editions: what moves once they are fixed, and what never does

PUBLIC = [state for state in FROZEN if state != State.DISCARDED]


def another(field, edition, find):
    """A value for that field of an edition that it does not have."""
    values = edition_example(1) | {
        "uid": uuid.uuid4(),
        "visit": find(Edition, State.DRAFT).visit,
        "copied_from": find(Edition, State.DRAFT),
        "created_at": timezone.now(),
        "change_note": "Changed.",
        "earliest": datetime.date(1999, 1, 1),
        "latest": datetime.date(2099, 1, 1),
        "errors_found": 7,
        "warnings_found": 7,
        "state": State.SUPERSEDED if edition.state == State.WITHDRAWN else State.WITHDRAWN,
        "number": 99,
        "published_at": timezone.now(),
        "superseded_at": timezone.now(),
        "withdrawn_at": timezone.now(),
        "withdrawal_reason": "Another reason.",
        "withheld_at": timezone.now(),
        "withholding_reason": "Another reason.",
        "awaits_approval": True,
        "scheduled_for": timezone.now(),
        "scheduled_zone": "UTC",
        "redacted_at": timezone.now(),
        "redaction_reason": "Another reason.",
        "version": edition.version + 5,
    }
    return values[field.name]


# No fixed edition has one: see the constraint edition_claimed_only_in_review.
CLAIM = ("claimed_by", "claimed_at")
COLUMNS = [field for field in Edition._meta.concrete_fields if not field.primary_key and field.name not in CLAIM]


@pytest.mark.parametrize("way", WRITES_OF_VALUES)
@pytest.mark.parametrize("field", COLUMNS, ids=lambda field: field.name)
def test_only_lifecycle_fields_of_a_fixed_edition_move(find, field, way):
    before = everything()
    for state in PUBLIC:
        value = another(field, find(Edition, state), find)
        if field.name not in Edition.LIFECYCLE_FIELDS:
            for values in ({field.name: value}, {field.name: value, "withdrawal_reason": "Another reason."}):
                with told(state=state, values=values):
                    refused(WRITES_OF_VALUES[way], find(Edition, state), values, before=before)
        elif field.name != "version" and way in ("save", "save some fields", "update", "update or create"):
            with told(state=state), undone():
                WRITES_OF_VALUES[way](find(Edition, state), {field.name: value})
                assert getattr(find(Edition, state), field.name) == value


def become_again(edition, state):
    edition.state = state
    return edition


RETURNS = {
    "save": lambda edition, state: become_again(edition, state).save(),
    "save as if never numbered": lambda edition, state: unnumbered(become_again(edition, state)).save(),
    "update": lambda edition, state: stored(edition).update(state=state),
    "update by expression": lambda edition, state: stored(edition).update(state=Value(state)),
    "bulk update": lambda edition, state: Edition.objects.bulk_update([become_again(edition, state)], ["state"]),
    "fixture": lambda edition, state: load(fixture(become_again(edition, state))),
}


def unnumbered(edition):
    edition.number = edition.published_at = None
    return edition


@pytest.mark.parametrize("target", WORKING)
@pytest.mark.parametrize("way", RETURNS)
def test_fixed_edition_never_becomes_a_draft_again(find, way, target):
    before = everything()
    for state in FROZEN:
        with told(state=state):
            refused(RETURNS[way], find(Edition, state), target, before=before)


def born(edition, state) -> dict:
    given = {"number": 50, "published_at": timezone.now()} if state in PUBLIC else {}
    return {"visit": edition.visit, "title": "Born so", "state": state, **given}


def without_key(edition, state):
    """A stored edition whose key was taken away, in another state."""
    for name, value in born(edition, state).items():
        setattr(edition, name, value)
    edition.pk, edition.uid = None, uuid.uuid4()
    return edition


BIRTHS = {
    "create": lambda edition, state: Edition.objects.create(**born(edition, state)),
    "create through the visit": lambda edition, state: edition.visit.editions.create(**born(edition, state)),
    "bulk create": lambda edition, state: Edition.objects.bulk_create([Edition(**born(edition, state))]),
    "bulk create without key": lambda edition, state: Edition.objects.bulk_create([without_key(edition, state)]),
    "save without key": lambda edition, state: without_key(edition, state).save_base(),
    "fixture": lambda edition, state: load(fixture(Edition(**born(edition, state)))),
    "fixture over a draft": lambda edition, state: load(fixture(become_again(edition, state))),
}


@pytest.mark.parametrize("state", [state for state in State if state != State.DRAFT])
@pytest.mark.parametrize("way", BIRTHS)
def test_every_edition_is_born_a_draft(find, way, state):
    refused(BIRTHS[way], find(Edition, State.DRAFT), state, before=everything())


# What a fixed edition rests on

RESTS_ON = {
    "the edition itself": lambda edition: edition,
    "visit": lambda edition: edition.visit,
    "country": lambda edition: edition.visit.country,
    "topic": lambda edition: edition.focuses.get().topic,
    "topic of a finding": lambda edition: edition.findings.get().topic,
    "body": lambda edition: edition.participations.get().body,
    "body met": lambda edition: edition.engagements.get().body,
    "resolution": lambda edition: edition.resolutionlinks.get().resolution,
    "linked visit": lambda edition: edition.visitlinks.get().target,
    "document": lambda edition: edition.documentlinks.last().document,
    "quoted document": lambda edition: edition.evidence.get().document,
    "event": lambda edition: edition.events.first(),
}
DELETIONS = {
    "row": lambda row: row.delete(),
    "rows": lambda row: stored(row).delete(),
    "all rows": lambda row: type(row).objects.all().delete(),
    "rows without guard": lambda row: plain_rows(type(row)).filter(pk=row.pk).delete(),
}


@pytest.mark.parametrize("way", DELETIONS)
@pytest.mark.parametrize("target", RESTS_ON)
def test_nothing_that_a_fixed_edition_rests_on_is_deleted(find, target, way):
    before = everything()
    for state in FROZEN:
        row = RESTS_ON[target](find(Edition, state))
        with told(state=state):
            with pytest.raises((Immutable, ProtectedError)), transaction.atomic():
                DELETIONS[way](row)
            assert everything() == before


@pytest.mark.parametrize("model", CHILDREN, ids=name_of)
def test_cascade_stops_at_a_fixed_row_where_the_guard_of_its_edition_is_passed_over(find, model):
    edition = find(Edition, State.PUBLISHED)
    for child in CHILDREN:
        if child is not model:
            rows = plain_rows(child).filter(edition=edition)
            rows._raw_delete(rows.db)
    before = everything()

    collector = Collector(using="default")
    collector.collect(plain_rows(model).filter(edition=edition))
    with pytest.raises(Immutable), transaction.atomic():
        collector.delete()

    assert everything() == before


def test_draft_without_events_is_deleted_with_its_rows():
    edition = Edition.objects.create(visit=Visit.objects.create(country=make_country()))
    fill_every_part(edition)
    pk = edition.pk

    edition.delete()

    assert [model for model in CHILDREN if model.objects.filter(edition_id=pk).exists()] == []


def quoted(edition) -> Document:
    source = Document.objects.create(title="Quoted", text="Only quoted.")
    Evidence.objects.create(
        edition=edition, child_uid=uuid.uuid4(), field="title", document=source, span_start=0, span_end=4, quote="Only"
    )
    return source


def linked(edition) -> Document:
    source = Document.objects.create(title="Linked", text="Only linked.")
    DocumentLink.objects.create(edition=edition, document=source)
    return source


DOCUMENT_VALUES = ({"text": "Other words."}, {"uid": uuid.UUID(int=1)}, {"text": "Other words.", "title": "Renamed"})


@pytest.mark.parametrize("way", WRITES_OF_VALUES)
@pytest.mark.parametrize("use", [quoted, linked], ids=name_of)
def test_text_of_a_document_is_fixed_once_a_fixed_edition_uses_it(way, use):
    sources = {}
    for state in FROZEN:
        with undone(), told(state=state):
            make_edition(state, fill=lambda edition: sources.update(used=use(edition)))
            before = everything()
            for values in DOCUMENT_VALUES:
                source = Document.objects.get(pk=sources["used"].pk)
                refused(WRITES_OF_VALUES[way], source, values, before=before)


@pytest.mark.parametrize("way", WRITES_OF_VALUES)
def test_title_and_disclosure_of_a_used_document_may_change(way):
    sources = {}
    make_edition(State.PUBLISHED, fill=lambda edition: sources.update(used=quoted(edition)))
    source = Document.objects.get(pk=sources["used"].pk)

    WRITES_OF_VALUES[way](source, {"title": "Renamed", "disclosure": "full"})

    source = Document.objects.get(pk=source.pk)
    assert (source.title, source.disclosure, source.text) == ("Renamed", "full", "Only quoted.")


@pytest.mark.parametrize("state", WORKING)
def test_text_of_a_document_may_change_while_only_editions_in_work_use_it(state):
    sources = {}
    make_edition(state, fill=lambda edition: sources.update(used=quoted(edition)))

    with_values(sources["used"], {"text": "Other words."}).save()

    assert Document.objects.get(pk=sources["used"].pk).text == "Other words."


@pytest.mark.parametrize("way", WRITES_OF_VALUES)
@pytest.mark.parametrize("field", ["uid", "country", "slug"])
def test_address_and_country_of_a_published_visit_are_fixed(find, field, way):
    value = {"uid": uuid.UUID(int=1), "country": make_country("Norway", "NOR", "NO"), "slug": "elsewhere-2018"}[field]
    before = everything()
    for state in PUBLIC:
        for values in ({field: value}, {field: value, "internal_notes": "Noted."}):
            with told(state=state, values=values):
                visit = Visit.objects.get(pk=find(Edition, state).visit_id)
                refused(WRITES_OF_VALUES[way], visit, values, before=before)


@pytest.mark.parametrize("way", WRITES_OF_VALUES)
def test_address_of_a_published_visit_is_never_taken_back(find, way):
    visit = find(Edition, State.WITHDRAWN).visit

    refused(WRITES_OF_VALUES[way], visit, {"slug": None}, before=everything())


@pytest.mark.parametrize("way", WRITES_OF_VALUES)
def test_internal_notes_of_a_published_visit_may_change(find, way):
    visit = find(Edition, State.PUBLISHED).visit

    WRITES_OF_VALUES[way](visit, {"internal_notes": "Noted."})

    assert Visit.objects.get(pk=visit.pk).internal_notes == "Noted."


def test_country_of_an_unpublished_visit_may_change(find):
    visit, norway = find(Edition, State.DRAFT).visit, make_country("Norway", "NOR", "NO")

    with_values(visit, {"country": norway}).save()

    assert Visit.objects.get(pk=visit.pk).country == norway


EVENT_VALUES = {
    "at": timezone.now(),
    "actor_name": "Somebody else",
    "verb": "restore",
    "visit": None,
    "edition": None,
    "subject": "Another record",
    "subject_model": "topic",
    "subject_pk": 999,
    "note": "Rewritten.",
    "changes": [{"field": "title"}],
    "generation": 999,
}


@pytest.mark.parametrize("way", WRITES_OF_VALUES)
@pytest.mark.parametrize("field", EVENT_VALUES)
def test_events_are_only_added(find, field, way):
    event = find(Edition, State.PUBLISHED).events.first()

    refused(WRITES_OF_VALUES[way], event, {field: EVENT_VALUES[field]}, before=everything())


@pytest.mark.parametrize("way", WRITES_OF_VALUES)
def test_an_event_is_never_given_to_somebody_else(find, way):
    event, other = find(Edition, State.PUBLISHED).events.first(), make_user()

    refused(WRITES_OF_VALUES[way], event, {"actor": other}, before=everything())


def test_every_field_of_an_event_is_tried_above():
    fields = {field.name for field in Event._meta.concrete_fields}

    assert fields == {"id", "actor", *EVENT_VALUES}


@pytest.mark.parametrize("model", [Document, Visit, Event], ids=name_of)
def test_other_guarded_rows_are_not_overwritten_in_bulk(find, model):
    row = model.objects.first()

    refused(
        lambda: model.objects.bulk_create(
            [row], update_conflicts=True, update_fields=[model._meta.concrete_fields[1].name], unique_fields=["id"]
        ),
        before=everything(),
    )


def test_every_model_that_is_fixed_at_some_point_is_tried_here():
    guarded = {model for model in apps.get_app_config("visits").get_models() if issubclass(model, GuardedModel)}

    assert guarded == {*PARTS, Document, Visit, Event}


# Versions


@pytest.mark.parametrize("model", [*PARTS, Visit, Document], ids=name_of)
def test_whatever_writes_a_row_outdates_the_copies_of_it(find, model):
    name = {Visit: "internal_notes", Document: "title"}.get(model) or model.CONTENT_FIELDS[0]
    held = find(model, State.DRAFT) if model in PARTS else model.objects.first()

    stored(held).update(**{name: F(name)})

    with pytest.raises(StaleVersion):
        held.save()


@pytest.mark.parametrize("model", PARTS, ids=name_of)
def test_a_copy_made_by_hand_does_not_pass_for_a_new_row(find, model):
    row = find(model, State.DRAFT)
    row.save()
    by_hand = model(**{field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields})
    by_hand.version = row.version - 1

    with pytest.raises(StaleVersion):
        by_hand.save()

    by_hand.version = row.version
    by_hand.save()
    assert model.objects.get(pk=row.pk).version == row.version + 1


def test_refused_save_leaves_the_copy_at_the_version_it_was_read_at(find):
    edition = find(Edition, State.PUBLISHED)
    held = edition.version

    with pytest.raises(Immutable):
        changed(edition).save()

    assert edition.version == held


# What the database holds by itself, tried past every guard


def plain_create(model, **values):
    return plain_rows(model).bulk_create([model(**values)])


def twice_the_same(model, **fixed_values):
    """Write a second row beside the one of the draft, equal in what must not be the same twice."""

    def write(draft):
        row = row_of(model, draft)
        values = EXAMPLES[model](1) | {"edition": draft} | {name: getattr(row, name) for name in fixed_values["same"]}
        plain_create(model, **values)

    return write


def plain_update(model, **values):
    def write(draft):
        plain_rows(model).filter(pk=row_of(model, draft).pk).update(**values)

    return write


def second_edition(**values):
    def write(draft):
        edition = make_edition(State.SUPERSEDED)
        plain_create(Edition, visit=edition.visit, title="A second one", **values)

    return write


def second_working_edition(draft):
    plain_create(Edition, visit=draft.visit, title="A second one", state=State.IN_REVIEW)


def same_text_twice(draft):
    plain_create(Document, title="Again", text="x", sha256=draft.documentlinks.last().document.sha256)


def reviewed_by_its_author(draft):
    author = make_user()
    plain_create(Translation, **translation(draft), made_by=author, reviewed_by=author)


def translated_twice(*states):
    def write(draft):
        for state in states:
            plain_create(Translation, **translation(draft), state=state)

    return write


def translation(draft) -> dict:
    return {"visit": draft.visit, "child_uid": draft.visit.uid, "field": "title", "language": "fr", "text": "Visite"}


def redaction(**values):
    def write(draft):
        plain_create(Redaction, reason="She asked for it.", **{"proposed_by": make_user()} | values)

    return write


def approved_by_who_proposed_it(draft):
    user = make_user()
    redaction(state=RedactionState.DONE, proposed_by=user, decided_by=user)(draft)


NOW = timezone.now()
DAY, LATER = datetime.date(2018, 5, 29), datetime.date(2018, 6, 1)
VIOLATIONS = {
    "one_published_edition": second_edition(state=State.PUBLISHED, number=9, published_at=NOW, earliest=DAY),
    "one_working_edition": second_working_edition,
    "edition_number_unique_in_visit": second_edition(state=State.SUPERSEDED, number=1, published_at=NOW, earliest=DAY),
    "edition_latest_not_before_earliest": plain_update(Edition, earliest=LATER, latest=DAY),
    "edition_numbered_once_published": plain_update(Edition, number=1),
    "edition_claimed_only_in_review": plain_update(Edition, claimed_at=NOW),
    "edition_has_a_moment_while_scheduled": plain_update(Edition, scheduled_for=NOW),
    "redaction_forgets_its_text_once_decided": lambda draft: redaction(
        state=RedactionState.DECLINED, text="Jens Haarløv", decided_by=make_user()
    )(draft),
    "redaction_approved_by_another": approved_by_who_proposed_it,
    "segment_start_latest_not_before_earliest": plain_update(Segment, start_earliest=LATER, start_latest=DAY),
    "segment_end_latest_not_before_earliest": plain_update(Segment, end_earliest=LATER, end_latest=DAY),
    "segment_end_not_before_start": plain_update(
        Segment, start_earliest=LATER, start_latest=LATER, end_earliest=DAY, end_latest=DAY
    ),
    "assistance_has_direction": plain_update(Finding, kind="assistance", direction=""),
    "evidence_span_not_empty": plain_update(Evidence, span_start=5, span_end=5),
    "kind_once_in_edition": twice_the_same(Kind, same=["kind"]),
    "topic_once_in_edition": twice_the_same(Focus, same=["topic"]),
    "resolution_once_in_edition": twice_the_same(ResolutionLink, same=["resolution"]),
    "body_once_in_edition": twice_the_same(Participation, same=["body"]),
    "visit_linked_once_in_edition": twice_the_same(VisitLink, same=["kind", "target"]),
    "document_linked_once_in_edition": twice_the_same(DocumentLink, same=["document"]),
    "document_text_stored_once": same_text_twice,
    "one_reviewed_translation_of_a_field": translated_twice("reviewed", "reviewed"),
    "one_translation_of_a_field_in_work": translated_twice("reviewed", "draft", "in-review"),
    "translation_reviewed_by_another": reviewed_by_its_author,
} | {f"{model._meta.model_name}_uid_unique_in_edition": twice_the_same(model, same=["uid"]) for model in CHILDREN}


def constraints() -> dict:
    return {
        constraint.name: (model, constraint)
        for model in apps.get_app_config("visits").get_models()
        for constraint in model._meta.constraints
    }


def test_every_constraint_of_the_database_is_tried():
    assert set(VIOLATIONS) == set(constraints())


@pytest.mark.parametrize("name", VIOLATIONS)
def test_database_refuses_by_itself(find, name):
    model, constraint = constraints()[name]
    # SQLite names a constraint, or else its columns.
    told = name
    if isinstance(constraint, models.UniqueConstraint):
        columns = [model._meta.get_field(expression.name).column for expression in constraint.expressions]
        told = f"{name}|{', '.join(f'{model._meta.db_table}.{column}' for column in columns)}"

    with pytest.raises(IntegrityError, match=told), transaction.atomic():
        VIOLATIONS[name](find(Edition, State.DRAFT))
