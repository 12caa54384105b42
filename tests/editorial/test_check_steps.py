"""When the checks run: before a record goes on, with each save, and over the whole register."""

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_document, make_edition, make_next_edition, make_user
from visits.editorial import actions, rules
from visits.enums import Role, State, Verb
from visits.exceptions import Refused
from visits.models import DocumentLink, Edition, Focus, Resolution, ResolutionLink, Topic

pytestmark = pytest.mark.django_db


def unsourced(edition):
    edition.documentlinks.all().delete()
    DocumentLink.objects.create(edition=edition, document=make_document(url=""))


def about_later(edition):
    resolution = Resolution.objects.create(number=2617, year=2021, subject="Mandate")
    ResolutionLink.objects.create(edition=edition, resolution=resolution)


@pytest.mark.parametrize(("verb", "state"), [(Verb.SUBMIT, State.DRAFT), (Verb.PUBLISH, State.IN_REVIEW)])
@pytest.mark.parametrize("fill", [unsourced, about_later])
def test_an_error_blocks_whatever_the_note_says(verb, state, fill):
    edition, editor = make_edition(state, fill=fill), make_user(Role.EDITOR)

    with pytest.raises(Refused) as refused:
        actions.ACTIONS[verb](edition, by=editor, note="It is right.")

    assert [reason.code for reason in refused.value.reasons] == ["inconsistent"]
    edition.refresh_from_db()
    assert edition.state == state


def named_in_vain(edition):
    """A topic that the account does not name."""
    topic = Topic.objects.create(slug="victims", name="Victims of terrorism")
    Focus.objects.create(edition=edition, topic=topic)


@pytest.mark.parametrize(("verb", "state"), [(Verb.SUBMIT, State.DRAFT), (Verb.PUBLISH, State.IN_REVIEW)])
def test_a_warning_asks_for_a_note_of_whoever_goes_on(verb, state):
    edition = make_edition(state, fill=named_in_vain, text="<p>The account of the visit.</p>")
    editor = make_user(Role.EDITOR)

    with pytest.raises(Refused) as refused:
        actions.ACTIONS[verb](edition, by=editor)
    assert [(reason.code, reason.data["field"]) for reason in refused.value.reasons] == [
        ("unexplained_warnings", "note")
    ]

    edition = actions.ACTIONS[verb](edition, by=editor, note="The hosts spoke of nothing else.")

    assert edition.state == rules.TRANSITIONS[verb].target


def test_what_the_system_account_loads_is_not_held_up():
    edition = make_edition(State.PUBLISHED, fill=unsourced)

    assert edition.state == State.PUBLISHED


def test_buttons_do_not_wait_for_the_checks(monkeypatch):
    edition, author = make_edition(fill=unsourced), make_user()
    monkeypatch.setattr(rules, "slips", None)

    assert [option.reasons for option in rules.available(edition, author) if option.verb == Verb.SUBMIT] == [[]]


def test_a_save_stores_how_much_was_found_and_what_is_mended_is_no_longer_failing():
    author = make_user()
    edition = make_edition(by=author, fill=unsourced)
    assert (edition.errors_found, edition.warnings_found) == (1, 0)
    assert list(Edition.objects.failing()) == [edition]

    edition = Edition.objects.get(pk=edition.pk)
    version = edition.version
    with actions.saving(edition, by=author):
        DocumentLink.objects.create(edition=edition, document=make_document())

    edition.refresh_from_db()
    assert (edition.errors_found, edition.warnings_found, edition.version) == (0, 0, version + 1)
    assert list(Edition.objects.failing()) == []


def test_a_copy_knows_what_is_wrong_with_it_and_published_editions_are_not_listed_as_failing():
    edition = make_edition(State.PUBLISHED, fill=unsourced)
    assert list(Edition.objects.failing()) == []

    copy = make_next_edition(edition, State.DRAFT)

    assert copy.errors_found == 1
    assert list(Edition.objects.failing()) == [copy]


@pytest.fixture
def sound_installation(monkeypatch):
    monkeypatch.setattr("visits.ops.installation.CHECKS", ())


def test_the_doctor_tells_what_is_wrong_and_fails_for_what_is_published(sound_installation, capsys):
    make_edition(State.PUBLISHED, fill=unsourced)
    make_edition(fill=about_later)

    with pytest.raises(CommandError, match="Grave: 1"):
        call_command("doctor")

    told = capsys.readouterr().out
    assert "missing source (documentlinks)" in told
    assert "resolution adopted after the visit (resolutionlinks)" in told
    assert "/admin/visits/edition/" in told
    assert "Found: 2" in told


def test_the_doctor_is_content_with_a_register_without_errors(sound_installation, capsys):
    make_edition(State.PUBLISHED)
    make_edition(fill=about_later)

    call_command("doctor")

    assert "Found: 1" in capsys.readouterr().out
