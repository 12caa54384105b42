"""Who is told of which step, by the table that `docs/editors.md` shows."""

import pytest
from django.db import transaction
from django.test import Client

from tests.factories import make_edition, make_next_edition, make_user, translate
from visits.editorial import actions, notices, recording, redaction, rules, translating
from visits.enums import Role, State, TranslationState, Verb
from visits.models import Email, User

pytestmark = pytest.mark.django_db

NOTE = "What stands behind it."
SECRETS = {"summary": "A secret summary", "aim": "A secret aim", "text": "<p>A secret text</p>"}


@pytest.fixture(autouse=True)
def mail_server(settings):
    settings.EMAIL_URL, settings.PUBLIC_URL = "smtp://127.0.0.1", "https://visits.example.org"


@pytest.fixture
def staff():
    """By what they are to the edition: three who worked on it, one of them an editor, and others who did not."""
    roles = {
        "author": Role.AUTHOR,
        "editor who wrote": Role.EDITOR,
        "acting editor": Role.EDITOR,
        "other author": Role.AUTHOR,
        "editor": Role.EDITOR,
        "administrator": Role.ADMINISTRATOR,
    }
    return {name: make_user(role, email=f"{name.replace(' ', '.')}@example.org") for name, role in roles.items()}


def told() -> set[str]:
    return {to.partition("@")[0].replace(".", " ") for to in Email.objects.values_list("to", flat=True)}


def worked_on(staff, state: State):
    edition = make_edition(by=staff["author"], title="Visit to Denmark", **SECRETS)
    with actions.saving(edition, by=staff["editor who wrote"]):
        edition.mandate = "On behalf of the Committee"
        edition.save()
    system = User.objects.system()
    if state != State.DRAFT:
        edition = actions.submit(edition, by=system)
    if state == State.PUBLISHED:
        edition = actions.publish(edition, by=system)
    Email.objects.all().delete()
    return edition


HAD_A_HAND, DECIDING = {"author", "editor who wrote"}, {"editor", "administrator"}
STEPS = {
    Verb.SUBMIT: (State.DRAFT, DECIDING),
    Verb.SEND_BACK: (State.IN_REVIEW, HAD_A_HAND),
    Verb.PUBLISH: (State.IN_REVIEW, HAD_A_HAND),
    Verb.DISCARD: (State.IN_REVIEW, HAD_A_HAND | DECIDING),
    Verb.WITHDRAW: (State.PUBLISHED, HAD_A_HAND | DECIDING),
    Verb.NEW_EDITION: (State.PUBLISHED, set()),
    Verb.RESTORE: (State.DISCARDED, set()),
}


def test_every_verb_says_who_is_told_even_where_nobody_is():
    assert set(notices.OF_EDITIONS) >= {Verb.START, *rules.TRANSITIONS}
    assert set(notices.OF_TRANSLATIONS) >= set(translating.STEPS)
    assert {*notices.OF_EDITIONS, *notices.OF_TRANSLATIONS, *notices.OF_REDACTIONS} == set(Verb)
    assert set(STEPS) <= set(actions.ACTIONS)


@pytest.mark.parametrize("verb", STEPS)
def test_those_concerned_are_told_of_a_step_and_nobody_else(staff, verb):
    state, expected = STEPS[verb]
    edition = make_edition(state) if state == State.DISCARDED else worked_on(staff, state)
    Email.objects.all().delete()

    actions.ACTIONS[verb](edition, by=staff["acting editor"], note=NOTE)

    assert told() == expected
    assert Email.objects.count() == len(expected)
    for email in Email.objects.all():
        assert "Visit to Denmark" in email.subject
        assert f"Reason: {NOTE}" in email.body
        assert str(staff["acting editor"]) in email.body
        assert f"https://visits.example.org/admin/visits/edition/{edition.pk}/compare/" in email.body
        assert "ecret" not in email.subject + email.body


def test_who_takes_the_step_is_not_told_of_it(staff):
    edition = worked_on(staff, State.IN_REVIEW)

    actions.send_back(edition, by=staff["editor who wrote"], note=NOTE)

    assert told() == {"author"}


def test_starting_and_saving_tell_nobody(staff):
    edition = make_edition(by=staff["author"])

    with actions.saving(edition, by=staff["editor"]):
        edition.title = "Another title"
        edition.save()

    assert told() == set()


def test_those_concerned_are_told_of_steps_of_a_translation(staff):
    visit = make_edition(State.PUBLISHED).visit
    translate(visit.editions.get(), "fr", TranslationState.DRAFT, by=staff["author"])

    translating.submit(visit, "fr", by=staff["author"], note=NOTE)
    assert told() == DECIDING | {"editor who wrote", "acting editor"}
    assert f"https://visits.example.org/admin/visits/translation/{visit.pk}/fr/" in Email.objects.first().body
    Email.objects.all().delete()
    translating.send_back(visit, "fr", by=staff["editor"], note=NOTE)
    assert told() == {"author"}
    translating.submit(visit, "fr", by=staff["author"])
    Email.objects.all().delete()
    translating.review(visit, "fr", by=staff["editor"], note=NOTE)
    assert told() == {"author"}
    assert Email.objects.get().subject == f"Translation approved: {visit}: French"


@pytest.mark.parametrize(
    "fields", [{"email": ""}, {"email": "editor@staff.invalid"}, {"wants_email": False}, {"is_active": False}]
)
def test_who_cannot_be_reached_or_does_not_want_it_gets_none(staff, fields):
    User.objects.filter(pk=staff["editor"].pk).update(**fields)

    actions.submit(worked_on(staff, State.DRAFT), by=staff["author"])

    assert told() == {"administrator", "acting editor"}


def test_a_step_that_is_undone_tells_nobody(staff):
    edition = worked_on(staff, State.DRAFT)

    with transaction.atomic():
        actions.submit(edition, by=staff["author"])
        transaction.set_rollback(True)

    assert told() == set()


def test_the_system_account_asks_nobody_to_decide(staff):
    make_next_edition(make_edition(State.PUBLISHED))

    assert told() == set()


def test_everybody_may_switch_it_off_for_themselves(client, staff):
    client.force_login(staff["author"])
    assert "Send me e-mail" in client.get("/accounts/notices/").content.decode()

    client.post("/accounts/notices/", {})
    assert not User.objects.get(pk=staff["author"].pk).wants_email
    client.post("/accounts/notices/", {"wants_email": "on"})
    assert User.objects.get(pk=staff["author"].pk).wants_email


def test_nobody_else_gets_that_page():
    assert Client().get("/accounts/notices/")["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        (Verb.SCHEDULE, HAD_A_HAND),
        (Verb.UNSCHEDULE, HAD_A_HAND | DECIDING),
        (Verb.FORCE_PUBLISH, HAD_A_HAND | DECIDING),
        (Verb.APPROVE, HAD_A_HAND),
        (Verb.WITHHOLD, HAD_A_HAND | DECIDING),
        (Verb.RELEASE, HAD_A_HAND | DECIDING),
        (Verb.CLAIM, set()),
        (Verb.UNCLAIM, set()),
    ],
)
def test_steps_that_ask_for_more_than_a_note_tell_those_concerned_too(staff, verb, expected):
    edition = worked_on(staff, State.IN_REVIEW)
    Email.objects.all().delete()

    recording.record(verb, edition, staff["acting editor"], NOTE)

    assert told() == expected


def test_who_may_decide_on_a_redaction_is_told_without_a_word_of_it(staff):
    worked_on(staff, State.PUBLISHED)

    asked = redaction.propose("Visit to Denmark", "It had to go.", by=staff["acting editor"])

    assert told() == DECIDING | {"editor who wrote"}
    assert "Visit to Denmark" not in "".join(f"{mail.subject}{mail.body}" for mail in Email.objects.all())
    Email.objects.all().delete()
    redaction.decline(asked, by=staff["editor"], note="A mistake.", version=asked.version)
    assert told() == {"acting editor"}
