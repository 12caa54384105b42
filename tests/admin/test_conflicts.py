"""Two people at the same record: nothing typed is lost, nothing saved is overwritten unseen."""

import pytest

from tests.factories import make_document, make_edition, make_next_edition, make_user
from visits.editorial import actions, rules
from visits.enums import Role
from visits.exceptions import Immutable, PermissionRequired, Refused, StaleVersion
from visits.models import Edition, Event, Person

from .support import fill_with, filled, new_row, page, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def other():
    return make_user(Role.EDITOR, first_name="Olga", last_name="Other")


def save(edition, by, **fields):
    """What another person saves meanwhile."""
    edition = Edition.objects.get(pk=edition.pk)
    with actions.saving(edition, by=by):
        for name, value in fields.items():
            setattr(edition, name, value)
        edition.save()


def test_a_stale_form_is_refused_and_keeps_what_was_typed(client, author, other):
    edition = make_edition(title="As opened")
    values = filled(client.get(page(edition)), title="Mine", summary="My summary")
    save(edition, other, title="Theirs")

    response = client.post(page(edition), new_row(values, "people", name="My person", role="other"))

    words = text(response)
    assert response.status_code == 409
    assert "Olga Other" in words
    assert "saved. Changed: title." in words
    assert "Stored now: “Theirs”. Yours stands in the field." in words
    for typed in ("Mine", "My summary", "My person"):
        assert f'value="{typed}"' in words or f"{typed}</textarea>" in words
    edition.refresh_from_db()
    assert edition.title == "Theirs"
    assert not edition.people.exists()


def test_who_has_read_the_conflict_may_save_over_it(client, author, other):
    edition = make_edition()
    values = filled(client.get(page(edition)), title="Mine")
    save(edition, other, title="Theirs")

    conflict = client.post(page(edition), values)
    client.post(page(edition), filled(conflict))

    edition.refresh_from_db()
    assert edition.title == "Mine"
    assert Event.objects.latest("pk").changes[0]["old"] == "Theirs"


def test_what_others_changed_in_rows_is_named(client, author, other):
    edition = make_edition(fill=fill_with(1))
    values = filled(client.get(page(edition)), title="Mine")
    with actions.saving(Edition.objects.get(pk=edition.pk), by=other) as held:
        Person.objects.create(edition=held, name="Theirs")

    response = client.post(page(edition), values)

    assert "saved. Changed: people." in text(response)
    assert response.status_code == 409


def test_a_row_deleted_by_another_is_shown_with_what_was_typed_and_stays_deleted(client, author, other):
    edition = make_edition(fill=fill_with(2))
    values = filled(client.get(page(edition)), **{"people-0-name": "Typed too late", "people-1-name": "Kept"})
    with actions.saving(Edition.objects.get(pk=edition.pk), by=other) as held:
        held.people.first().delete()

    conflict = client.post(page(edition), values)
    assert "Typed too late" in text(conflict)
    client.post(page(edition), filled(conflict))

    assert [person.name for person in edition.people.all()] == ["Kept"]


def test_a_form_that_comes_after_the_submission_keeps_what_was_typed(client, author, other):
    edition = make_edition()
    values = filled(client.get(page(edition)), summary="Too late")
    actions.submit(edition, by=other)

    response = client.post(page(edition), values)

    words = text(response)
    assert response.status_code == 409
    assert "Olga Other" in words
    assert "submitted for review" in words
    assert "Too late</textarea>" in words
    assert 'name="_continue"' not in words
    edition.refresh_from_db()
    assert edition.summary != "Too late"


def test_without_its_version_a_form_counts_as_stale(client, author):
    edition = make_edition()

    response = client.post(page(edition), filled(client.get(page(edition)), title="Mine", version=None))

    assert response.status_code == 409
    edition.refresh_from_db()
    assert edition.title != "Mine"


@pytest.mark.parametrize("error", [StaleVersion, Immutable])
def test_what_is_refused_while_saving_is_rolled_back_and_shown(client, author, monkeypatch, error):
    edition = make_edition(fill=fill_with(1))
    values = filled(client.get(page(edition)), title="Mine", **{"people-0-name": "Mine too"})

    def refuse(edition):
        raise error(row=edition)

    monkeypatch.setattr(actions, "derive_period", refuse)
    response = client.post(page(edition), values)

    words = text(response)
    assert response.status_code == 409
    assert 'value="Mine"' in words
    assert 'value="Mine too"' in words
    edition.refresh_from_db()
    assert edition.title != "Mine"
    assert edition.people.get().name == "Person 0"


def test_a_rule_that_refuses_while_saving_is_told_in_its_sentence(client, author, monkeypatch):
    edition = make_edition()
    values = filled(client.get(page(edition)), title="Mine")

    def demand(verb, edition, user, note=""):
        raise Refused([PermissionRequired()])

    monkeypatch.setattr(rules, "demand", demand)
    response = client.post(page(edition), values)

    assert response.status_code == 409
    assert "Your role does not include this step." in text(response)
    assert 'value="Mine"' in text(response)


def test_a_stale_record_is_refused_and_shows_both(client, other):
    client.force_login(make_user(Role.ADMINISTRATOR))
    document = make_document(title="As opened")
    address = f"/admin/visits/document/{document.pk}/change/"
    values = filled(client.get(address), title="Mine")
    with actions.saving_record(document, by=other):
        document.title = "Theirs"
        document.save()

    response = client.post(address, values)

    assert response.status_code == 409
    assert "Stored now: “Theirs”. Yours stands in the field." in text(response)
    assert 'value="Mine"' in text(response)
    document.refresh_from_db()
    assert document.title == "Theirs"


def test_a_conflict_over_the_next_edition_is_one_of_that_edition_alone(client, author, other):
    edition = make_edition()
    values = filled(client.get(page(edition)), title="Mine")
    actions.publish(actions.submit(edition, by=other), by=make_user(Role.EDITOR))
    make_next_edition(Edition.objects.get(pk=edition.pk), title="Next")

    response = client.post(page(edition), values)

    assert response.status_code == 409
    assert "never changes again" in text(response)
    assert Edition.objects.get(pk=edition.pk).title != "Mine"
