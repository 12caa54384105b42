"""Every column of the register has a place: what is copied, compared and exported, what moves, what identifies."""

import json

import pytest
from django.apps import apps
from django.core import serializers
from django.db.models import CharField, TextField

from tests.examples import body, fill_every_part
from tests.factories import make_country, make_edition, make_next_edition, make_region
from tests.register import told, undone
from visits.enums import State
from visits.models import (
    CHILDREN,
    Child,
    Edition,
    Email,
    ErrorReport,
    Event,
    Evidence,
    Generation,
    Import,
    ImportedDraft,
    Participation,
    Person,
    Redaction,
    SearchRow,
    Segment,
    Translation,
    User,
    VersionedModel,
)
from visits.models.base import plain_rows
from visits.models.content import snapshot, texts_of

MODELS = list(apps.get_app_config("visits").get_models())
GROUPS = ("CONTENT_FIELDS", "LIFECYCLE_FIELDS", "DERIVED_FIELDS", "IDENTITY_FIELDS")
# Written by the register itself, and accounts, which are Django's own model.
NOT_EDITED = {Email, Event, Generation, Import, ImportedDraft, SearchRow, User}


def name_of(model) -> str:
    return model.__name__


def test_children_are_all_that_hang_on_an_edition():
    assert {model for model in MODELS if issubclass(model, Child)} == set(CHILDREN)
    assert [model for model in CHILDREN if model._meta.get_field("edition").related_model is not Edition] == []


@pytest.mark.parametrize("model", [Edition, *CHILDREN], ids=name_of)
def test_every_column_is_in_exactly_one_group(model):
    listed = [name for group in GROUPS for name in getattr(model, group, ())]

    assert sorted(listed) == sorted(field.name for field in model._meta.concrete_fields)


@pytest.mark.parametrize("model", [Edition, *CHILDREN], ids=name_of)
def test_content_fields_are_all_editable_and_no_other_is_but_order_and_note(model):
    editable = {field.name for field in model._meta.concrete_fields if field.editable and not field.primary_key}

    assert editable - {"edition", "visit", "position", "change_note"} == set(model.CONTENT_FIELDS)


# Text that stands in every language as its source has it, and what is no text to read.
AS_IN_SOURCE = {
    (Participation, "named_as"),
    (Person, "name"),
    (Evidence, "quote"),
    (Evidence, "field"),
    (Segment, "start"),
    (Segment, "end"),
}


def test_every_text_is_translated_or_stays_as_its_source_has_it():
    texts = {
        (model, name)
        for model in (Edition, *CHILDREN)
        for name in model.CONTENT_FIELDS
        if isinstance(field := model._meta.get_field(name), (CharField, TextField)) and not field.choices
    }
    translated = {(model, name) for model in (Edition, *CHILDREN) for name in model.TRANSLATABLE}

    assert texts - translated == AS_IN_SOURCE
    assert translated - texts == set()


@pytest.mark.django_db
def test_texts_to_translate_are_told_in_reading_order_where_there_are_any():
    edition = make_edition(fill=fill_every_part)
    listed = [(type(row), uid, name) for row, uid, name in texts_of(edition)]

    assert listed[:5] == [(Edition, str(edition.visit.uid), name) for name in Edition.TRANSLATABLE]
    parts = (edition.segments, edition.people, edition.engagements, edition.findings)
    filled = [rows.last() for rows in parts]
    assert listed[5:] == [(type(row), str(row.uid), name) for row in filled for name in row.TRANSLATABLE]

    edition.people.update(department="")
    assert "department" not in [name for _row, _uid, name in texts_of(edition)]


@pytest.mark.parametrize("model", [model for model in MODELS if model not in NOT_EDITED], ids=name_of)
def test_every_editable_row_has_a_version(model):
    assert issubclass(model, VersionedModel)
    assert not model._meta.get_field("version").editable


@pytest.mark.parametrize("model", CHILDREN, ids=name_of)
def test_every_child_has_a_uid_that_is_unique_in_its_edition(model):
    assert model._meta.get_field("uid").editable is False
    assert f"{model._meta.model_name}_uid_unique_in_edition" in {c.name for c in model._meta.constraints}


@pytest.mark.django_db
def test_snapshot_holds_every_content_field_of_every_part():
    edition = make_edition(fill=fill_every_part)

    parts = snapshot(edition)

    assert {part.model for part in parts.values()} == {Edition, *CHILDREN}
    for key, part in parts.items():
        with told(part=key):
            assert tuple(part.values) == part.model.CONTENT_FIELDS
            assert json.loads(json.dumps(part.values)) == part.values


# Fixtures


def fixture_of_everything() -> str:
    # The other way round, so that no row gets back the number it had: keys find it by what they say.
    rows = [row for model in in_order() for row in model.objects.order_by("-pk")]
    return serializers.serialize("json", rows, use_natural_foreign_keys=True, use_natural_primary_keys=True)


def in_order() -> list:
    """The models that fixtures may hold, each after those it refers to."""
    loadable = [model for model in MODELS if hasattr(model, "natural_key") and model is not User]
    return serializers.sort_dependencies([(None, loadable)])


def natural_keys() -> set:
    return {(model, row.natural_key()) for model in in_order() for row in model.objects.all()}


def test_every_model_that_fixtures_may_hold_has_a_natural_key():
    assert set(in_order()) == set(MODELS) - NOT_EDITED - {Translation, ErrorReport, Redaction}


@pytest.mark.django_db
def test_register_of_drafts_goes_through_a_json_fixture_unchanged():
    with undone():
        region = make_region()
        region.parent = make_region("World", "001")
        region.save()
        make_country(region=region)
        body(0).member_of.add(body(1))
        for _ in range(2):
            make_edition(fill=fill_every_part)
        text, keys = fixture_of_everything(), natural_keys()

    assert natural_keys() == set()
    load(text)

    assert natural_keys() == keys
    assert {model for model, _key in keys} == set(in_order())
    assert by_natural_key(fixture_of_everything()) == by_natural_key(text)


def load(text: str):
    """As `loaddata` does: what refers to a row further down is written once that is there."""
    waiting = []
    for loaded in serializers.deserialize("json", text, handle_forward_references=True):
        loaded.save()
        if loaded.deferred_fields:
            waiting.append(loaded)
    for loaded in waiting:
        loaded.save_deferred_fields()


def by_natural_key(text: str) -> list:
    return sorted(json.loads(text), key=lambda row: json.dumps(row, sort_keys=True))


@pytest.mark.django_db
@pytest.mark.parametrize("model", [Edition, *CHILDREN], ids=name_of)
def test_natural_key_tells_the_editions_of_a_visit_apart(model):
    edition = make_edition(State.PUBLISHED, fill=fill_every_part)
    make_next_edition(edition)

    rows = list(plain_rows(model))

    assert len(rows) > 1
    assert [model.objects.get_by_natural_key(*row.natural_key()) for row in rows] == rows


@pytest.mark.parametrize("model", CHILDREN, ids=name_of)
def test_a_row_that_refers_to_nothing_yet_can_be_shown(model):
    assert isinstance(str(model()), str)
