"""Editions that cannot be changed, or not by everybody, whatever is posted."""

import pytest

from tests.examples import EXAMPLES, document, fill_every_part
from tests.factories import advance, make_country, make_edition, make_next_edition, make_user
from tests.register import everything, told, undone
from visits.editorial import actions
from visits.enums import FROZEN, Role, State
from visits.models import CHILDREN, Event, Evidence, User

from .support import fill_with, filled, new_row, page, text

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", FROZEN)
@pytest.mark.parametrize("superuser", [False, True])
def test_a_fixed_edition_is_only_shown(client, state, superuser):
    edition = make_edition(state, text="<p>An <strong>account</strong>.</p>", fill=fill_with(1))
    client.force_login(make_user(Role.ADMINISTRATOR, is_superuser=superuser))

    response = client.get(page(edition))

    words = text(response)
    assert response.status_code == 200
    assert "<p>An <strong>account</strong>.</p>" in words
    assert "Finding 0" in words
    for control in ('name="title"', 'name="_save"', 'name="_continue"', "<textarea", "-DELETE"):
        assert control not in words


@pytest.mark.parametrize("state", FROZEN)
@pytest.mark.parametrize("superuser", [False, True])
@pytest.mark.parametrize("version", ["current", "old", "future", "nonsense", None])
def test_a_forged_post_changes_no_fixed_edition(client, state, superuser, version):
    draft = make_edition(fill=fill_with(1), by=make_user())
    user = make_user(Role.ADMINISTRATOR, is_superuser=superuser)
    client.force_login(user)
    values = filled(client.get(page(draft)), title="Forged", **{"findings-0-text": "Forged", "people-0-DELETE": "on"})
    values = new_row(values, "people", name="Forged", role="other")
    system = User.objects.system()
    if state == State.DISCARDED:
        edition = actions.discard(draft, by=system)
    else:
        edition = actions.publish(actions.submit(draft, by=system), by=system)
        if state == State.WITHDRAWN:
            edition = actions.withdraw(edition, by=system, note="Mistake.")
        elif state in (State.SUPERSEDED, State.WITHHELD):
            make_next_edition(edition)
            if state == State.WITHHELD:
                edition.refresh_from_db()
                actions.withhold(edition, by=system, note="It tells of a minor.")
    edition.refresh_from_db()
    posted = {"current": edition.version, "old": 1, "future": edition.version + 9}.get(version, version)
    values = {name: value for name, value in values.items() if name != "version"}
    if posted is not None:
        values["version"] = posted
    before = list(Event.objects.values_list("pk"))

    response = client.post(page(edition), values)

    # An old version was opened while the edition could still be changed: then what was typed is shown once more.
    assert response.status_code == (409 if version == "old" else 403)
    edition.refresh_from_db()
    assert edition.title != "Forged"
    assert edition.state == state
    assert edition.findings.get().text == "Finding 0"
    assert [person.name for person in edition.people.all()] == ["Person 0"]
    assert list(Event.objects.values_list("pk")) == before


def prefix_of(model) -> str:
    return model._meta.get_field("edition").remote_field.related_name


def forged_posts(values: dict):
    """From a form with a row of every kind, by model and way: the form with that row changed, deleted, or joined by
    another one."""
    for model in CHILDREN:
        prefix = prefix_of(model)
        other = {name: getattr(value, "pk", value) for name, value in EXAMPLES[model](1).items()}
        if model is Evidence:
            # Evidence is about a part by its identifier, its document is one of the edition's, its place is found.
            other = {"about": values["about"], "source": document(0).pk, "quote": "a source"}
        last = int(values[f"{prefix}-TOTAL_FORMS"]) - 1
        yield model, "changed", values | {f"{prefix}-{last}-{name}": value for name, value in other.items()}
        yield model, "deleted", values | {f"{prefix}-{last}-DELETE": "on"}
        yield model, "added", new_row(values, prefix, **other)


def with_every_part():
    return make_edition(fill=fill_every_part, kinds=(), by=make_user())


def opened(client, edition) -> dict:
    return filled(client.get(page(edition))) | {"about": f"{edition.visit.uid}:summary"}


def test_the_same_posts_change_a_draft(client):
    client.force_login(make_user(Role.ADMINISTRATOR, is_superuser=True))
    draft = with_every_part()
    posts = list(forged_posts(opened(client, draft)))
    before = everything()

    for model, way, values in posts:
        with told(model=model, way=way), undone():
            assert client.post(page(draft), values).status_code == 302
            assert everything() != before


@pytest.mark.parametrize("state", FROZEN)
def test_a_forged_post_changes_no_row_of_a_fixed_edition(client, state):
    client.force_login(make_user(Role.ADMINISTRATOR, is_superuser=True))
    edition = with_every_part()
    values = opened(client, edition)
    edition = advance(edition, state)
    edition.refresh_from_db()
    posts = list(forged_posts(values | {"version": edition.version}))
    before = everything()

    for model, way, posted in posts:
        with told(model=model, way=way):
            assert client.post(page(edition), posted).status_code == 403
            assert everything() == before


def test_an_edition_in_review_is_only_shown_to_authors(client, author):
    edition = make_edition(State.IN_REVIEW)

    words = text(client.get(page(edition)))

    assert "only editors can change it" in words
    assert 'name="_continue"' not in words
    assert client.post(page(edition), {"title": "Mine"}).status_code == 403


def test_a_row_of_a_fixed_edition_cannot_be_reached_from_a_draft(client, author):
    fixed = make_edition(State.PUBLISHED, fill=fill_with(1))
    draft = make_edition(fill=fill_with(1), country=make_country("Norway", "NOR", "NO"))
    values = filled(client.get(page(draft)), **{"findings-0-id": fixed.findings.get().pk, "findings-0-text": "Moved"})

    client.post(page(draft), values)

    assert fixed.findings.get().text == "Finding 0"
