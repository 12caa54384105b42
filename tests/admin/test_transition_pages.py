"""The buttons of an edition and the pages they lead to."""

import pytest
from django.test import Client

from tests.factories import make_document, make_edition, make_next_edition, make_user
from visits.admin.transitions import STEPS
from visits.editorial import actions, rules
from visits.enums import Role, State, Verb
from visits.models import Edition, Event, Topic

from .support import filled, page, step, text

pytestmark = pytest.mark.django_db

BUTTONS = {
    (Role.AUTHOR, State.DRAFT): ["submit", "discard"],
    (Role.AUTHOR, State.IN_REVIEW): [],
    (Role.AUTHOR, State.SCHEDULED): [],
    (Role.AUTHOR, State.PUBLISHED): ["new-edition"],
    (Role.AUTHOR, State.SUPERSEDED): ["restore"],
    (Role.AUTHOR, State.WITHHELD): [],
    (Role.AUTHOR, State.WITHDRAWN): ["new-edition", "restore"],
    (Role.AUTHOR, State.DISCARDED): ["restore"],
    (Role.EDITOR, State.DRAFT): ["submit", "discard"],
    (Role.EDITOR, State.IN_REVIEW): ["send-back", "publish", "schedule", "discard", "claim"],
    (Role.EDITOR, State.SCHEDULED): ["publish", "unschedule"],
    (Role.EDITOR, State.PUBLISHED): ["new-edition", "withdraw"],
    (Role.EDITOR, State.SUPERSEDED): ["restore"],
    (Role.EDITOR, State.WITHDRAWN): ["new-edition", "restore"],
    (Role.EDITOR, State.WITHHELD): [],
    (Role.EDITOR, State.DISCARDED): ["restore"],
    (Role.ADMINISTRATOR, State.SUPERSEDED): ["restore", "withhold"],
    (Role.ADMINISTRATOR, State.WITHHELD): ["release"],
}
VERBS = [verb.value for verb in rules.TRANSITIONS if verb != Verb.SAVE]


def test_every_transition_has_its_page():
    assert set(STEPS) == set(actions.ACTIONS) == set(rules.TRANSITIONS) - {Verb.SAVE}


def sign_in(client, role=Role.EDITOR):
    user = make_user(role)
    client.force_login(user)
    return user


def stored(edition):
    return list(Edition.objects.order_by("pk").values("pk", "state", "version")), Event.objects.count()


@pytest.mark.parametrize(("role", "state"), BUTTONS, ids=str)
def test_the_page_offers_the_steps_of_role_and_state(client, role, state):
    edition = make_edition(state)
    sign_in(client, role)

    steps = [item["verb"].value for item in client.get(page(edition)).context["steps"]]

    assert steps == BUTTONS[role, state]


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.EDITOR, Role.ADMINISTRATOR])
@pytest.mark.parametrize("state", State.values)
def test_looking_at_a_step_does_nothing(client, role, state):
    edition = make_edition(State(state))
    sign_in(client, role)
    before = stored(edition)

    for verb in VERBS:
        assert client.get(step(edition, verb)).status_code in (200, 403)
        assert client.head(step(edition, verb)).status_code in (200, 403)
    assert stored(edition) == before


@pytest.mark.parametrize("state", State.values)
def test_a_step_that_is_not_offered_cannot_be_posted(client, state):
    edition = make_edition(State(state))
    sign_in(client, Role.AUTHOR)
    before = stored(edition)

    for verb in set(VERBS) - set(BUTTONS[Role.AUTHOR, State(state)]):
        response = client.post(step(edition, verb), {"version": edition.version, "note": "Why."})
        assert response.status_code in (403, 409)
    assert stored(edition) == before


def test_an_author_submits_and_a_second_person_publishes(client):
    author = sign_in(client, Role.AUTHOR)
    edition = make_edition(by=author)
    confirmation = client.get(step(edition, "submit"))
    assert "A second person reads the draft" in text(confirmation)

    client.post(step(edition, "submit"), filled(confirmation))
    sign_in(client, Role.EDITOR)
    response = client.post(step(edition, "publish"), filled(client.get(step(edition, "publish"))), follow=True)

    edition.refresh_from_db()
    assert (edition.state, edition.number) == (State.PUBLISHED, 1)
    assert "has been published." in text(response)
    assert response.redirect_chain == [(page(edition), 302)]


@pytest.mark.parametrize(("verb", "state"), [("submit", State.DRAFT), ("publish", State.IN_REVIEW)])
def test_a_source_that_the_public_will_not_see_is_told_before_it_is_too_late(client, verb, state):
    sign_in(client)
    hidden, shown = make_document(title="A memo", disclosure="none"), make_document(disclosure="partial")

    told = "“A memo” is not disclosed: the public sees neither this source nor what is quoted from it."
    assert told in text(client.get(step(make_edition(state, document=hidden), verb)))
    assert "is not disclosed" not in text(client.get(step(make_edition(state, document=shown), verb)))


def test_an_author_does_not_see_publish(client):
    edition = make_edition(State.IN_REVIEW)
    sign_in(client, Role.AUTHOR)

    assert "/publish/" not in text(client.get(page(edition)))
    assert client.get(step(edition, "publish")).status_code == 403
    assert client.post(step(edition, "publish"), {"version": edition.version}).status_code == 403
    edition.refresh_from_db()
    assert edition.state == State.IN_REVIEW


def test_an_editor_who_changed_it_cannot_publish(client):
    edition = make_edition(State.IN_REVIEW)
    sign_in(client, Role.EDITOR)
    client.post(page(edition), filled(client.get(page(edition)), title="Mended by the editor"))
    edition.refresh_from_db()

    confirmation = client.get(step(edition, "publish"))
    response = client.post(step(edition, "publish"), {"version": edition.version})

    sentence = "You worked on this edition, so another person must publish it."
    assert sentence in text(confirmation)
    assert 'name="version"' not in text(confirmation)
    assert response.status_code == 409
    assert sentence in text(response)
    edition.refresh_from_db()
    assert edition.state == State.IN_REVIEW


def test_a_reason_is_asked_for_and_kept(client):
    edition = make_edition(State.PUBLISHED)
    sign_in(client, Role.EDITOR)

    refused = client.post(step(edition, "withdraw"), {"version": edition.version, "note": "  "})
    client.post(step(edition, "withdraw"), filled(refused, note="Wrong country."))

    assert refused.status_code == 409
    assert "Write the reason" in text(refused)
    edition.refresh_from_db()
    assert (edition.state, edition.withdrawal_reason) == (State.WITHDRAWN, "Wrong country.")


def test_a_note_that_is_typed_survives_a_refusal(client):
    edition = make_edition(State.IN_REVIEW)
    sign_in(client, Role.EDITOR)
    confirmation = client.get(step(edition, "send-back"))
    held = Edition.objects.get(pk=edition.pk)
    with actions.saving(held, by=make_user(Role.EDITOR)):
        held.title = "Changed meanwhile"
        held.save()

    response = client.post(step(edition, "send-back"), filled(confirmation, note="Please check the dates."))

    assert response.status_code == 409
    assert "Somebody else saved" in text(response)
    assert "Please check the dates.</textarea>" in text(response)
    client.post(step(edition, "send-back"), filled(response))
    edition.refresh_from_db()
    assert edition.state == State.DRAFT


def test_an_author_reads_why_an_edition_was_sent_back(client):
    editor = make_user(Role.EDITOR, first_name="Olga", last_name="Editor")
    edition = actions.send_back(make_edition(State.IN_REVIEW), by=editor, note="Please check the dates.")
    sign_in(client, Role.AUTHOR)

    words = text(client.get(page(edition)))

    assert "Sent back by Olga Editor" in words
    assert "Please check the dates." in words


def test_who_decides_on_an_edition_that_moved_on_is_told_before(client):
    edition = make_edition(State.IN_REVIEW)
    sign_in(client, Role.EDITOR)
    button = next(item["url"] for item in client.get(page(edition)).context["steps"] if item["verb"] == Verb.PUBLISH)
    held = Edition.objects.get(pk=edition.pk)
    with actions.saving(held, by=make_user(Role.EDITOR)):
        held.title = "Changed meanwhile"
        held.save()

    assert "Somebody else saved" in text(client.get(button))


@pytest.mark.parametrize("version", ["", "nonsense", "²", "9" * 5000, "0", "999"])
def test_a_step_without_the_right_version_is_refused(client, version):
    edition = make_edition(State.IN_REVIEW)
    sign_in(client, Role.EDITOR)

    response = client.post(step(edition, "publish"), {"version": version})

    assert response.status_code == 409
    assert "Somebody else saved" in text(response)
    edition.refresh_from_db()
    assert edition.state == State.IN_REVIEW


def test_what_is_missing_stands_on_the_page_and_on_the_confirmation(client):
    author = sign_in(client, Role.AUTHOR)
    country = make_edition().visit.country
    edition = actions.start_draft(country, by=author)

    for response in (client.get(page(edition)), client.get(step(edition, "submit"))):
        assert "The title is missing." in text(response)
        assert "The source is missing: link the document this is taken from." in text(response)


def test_publishing_shows_what_will_be_different(client):
    first = make_edition(State.PUBLISHED, title="Focused visit to Denmark")
    edition = make_next_edition(first, State.IN_REVIEW, title="Follow-up visit to Denmark")
    sign_in(client, Role.EDITOR)

    words = text(client.get(step(edition, "publish")))

    assert "What will be different for the public" in words
    assert "<del>Focused</del>" in words


def test_new_edition_leads_to_the_new_draft(client):
    edition = make_edition(State.PUBLISHED)
    sign_in(client, Role.AUTHOR)

    response = client.post(step(edition, "new-edition"), filled(client.get(step(edition, "new-edition"))))

    draft = edition.visit.editions.working().get()
    assert response["Location"] == page(draft)


def test_steps_need_the_token_against_forgery(client):
    edition = make_edition()
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user(Role.AUTHOR))

    assert strict.post(step(edition, "submit"), {"version": edition.version}).status_code == 403
    edition.refresh_from_db()
    assert edition.state == State.DRAFT


def test_steps_of_no_edition_and_of_no_verb_are_not_found(client):
    edition = make_edition()
    sign_in(client, Role.EDITOR)

    assert client.get("/admin/visits/edition/999/publish/").status_code == 404
    assert client.get(step(edition, "save")).status_code == 302
    assert client.get(step(edition, "erase")).status_code == 302
    assert client.put(step(edition, "publish")).status_code == 405


@pytest.mark.parametrize("verb", VERBS)
def test_steps_are_for_staff_who_may_read_the_edition(client, verb):
    edition = make_edition()
    assert client.get(step(edition, verb))["Location"].startswith("/admin/login/")

    client.force_login(make_user(role=None))
    assert client.get(step(edition, verb)).status_code == 403
    assert client.post(step(edition, verb), {"version": edition.version}).status_code == 403


def without_address(edition):
    edition.documentlinks.all().delete()
    edition.documentlinks.create(document=make_document(url=""))


def of_victims(edition):
    edition.focuses.create(topic=Topic.objects.create(slug="victims", name="Victims of terrorism"))


@pytest.mark.parametrize(("verb", "state"), [("submit", State.DRAFT), ("publish", State.IN_REVIEW)])
def test_an_error_that_the_checks_find_leaves_no_way_on_but_to_its_field(client, verb, state):
    edition = make_edition(state, fill=without_address)
    sign_in(client)

    response = client.get(step(edition, verb))

    assert "No source has an address" in text(response)
    assert f"{page(edition)}#documentlinks-heading" in response.content.decode()
    assert response.context["possible"] is False
    posted = client.post(step(edition, verb), {"version": edition.version, "note": "Right."})
    assert posted.status_code == 409
    assert text(posted).count("No source has an address") == 1


@pytest.mark.parametrize(("verb", "state"), [("submit", State.DRAFT), ("publish", State.IN_REVIEW)])
def test_a_warning_asks_for_a_note_and_is_gone_past_with_one(client, verb, state):
    edition = make_edition(state, fill=of_victims, text="<p>An account of the visit.</p>")
    sign_in(client)

    shown = client.get(step(edition, verb))
    refused = client.post(step(edition, verb), {"version": edition.version, "note": " "})
    done = client.post(step(edition, verb), {"version": edition.version, "note": "The hosts said so."})

    assert f"{page(edition)}#focuses-0" in shown.content.decode()
    assert shown.context["note_required"] is True
    assert (refused.status_code, done.status_code) == (409, 302)
    assert "say in the note why it is right" in text(refused)
    assert edition.events.first().note == "The hosts said so."


def in_review(client, role=Role.EDITOR):
    user = sign_in(client, role)
    return make_edition(State.IN_REVIEW), user


def test_scheduling_asks_for_a_moment_and_shows_it_in_that_zone_and_in_utc(client, settings):
    settings.OFFICE_TIME_ZONE = "Asia/Kathmandu"
    edition, user = in_review(client)
    form = filled(client.get(step(edition, "schedule")))
    assert form["zone"] == "Asia/Kathmandu"

    done = client.post(step(edition, "schedule"), form | {"day": "2031-07-01", "time": "09:00"}, follow=True)

    assert f"published at 2031-07-01 09:00 Asia/Kathmandu (2031-07-01 03:15 UTC), in the name of {user}." in text(done)
    assert "take it off the schedule before anything in it is changed" in text(done)
    edition.refresh_from_db()
    assert edition.scheduled_for.isoformat() == "2031-07-01T03:15:00+00:00"
    other, _ = make_edition(State.IN_REVIEW), None
    settings.OFFICE_TIME_ZONE = "UTC"
    assert filled(client.get(step(other, "schedule")))["zone"] == "Asia/Kathmandu"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"day": ""}, "This field is required."),
        ({"day": "2031-03-30", "time": "02:30"}, "it may be ambiguous or it may not exist"),
        ({"day": "2031-10-26", "time": "02:30"}, "it may be ambiguous or it may not exist"),
        ({"zone": "Mars/Olympus"}, "Select a valid choice."),
        ({"day": "2020-01-01"}, "has passed already"),
        ({"day": "0001-01-01"}, "Ensure this value is greater than or equal to"),
        ({"day": "9999-12-31"}, "Ensure this value is less than or equal to"),
    ],
)
def test_a_moment_that_is_none_is_refused_and_what_was_typed_stays(client, typed, told):
    edition, _user = in_review(client)
    form = filled(client.get(step(edition, "schedule"))) | {"zone": "Europe/Copenhagen", "note": "For the press."}

    refused = client.post(step(edition, "schedule"), form | typed)

    assert refused.status_code == 409
    assert told in text(refused)
    assert "For the press.</textarea>" in text(refused)
    edition.refresh_from_db()
    assert edition.state == State.IN_REVIEW


def test_who_worked_on_it_cannot_schedule_it(client):
    user = sign_in(client)
    edition = make_edition(State.IN_REVIEW, by=user)

    assert "another person must publish it" in text(client.get(step(edition, "schedule")))
    form = {"version": edition.version, "day": "2031-07-01", "time": "09:00", "zone": "UTC"}
    assert client.post(step(edition, "schedule"), form).status_code == 409


def test_own_work_published_without_a_second_person_waits_in_a_queue(client):
    user = sign_in(client, Role.ADMINISTRATOR)
    edition = make_edition(State.IN_REVIEW, by=user)
    form = filled(client.get(step(edition, "force-publish")))
    assert client.post(step(edition, "force-publish"), form).status_code == 409

    done = client.post(step(edition, "force-publish"), form | {"note": "It cannot wait."}, follow=True)

    assert "Published without a second person by" in text(done)
    assert "It cannot wait." in text(done)
    assert "another person must approve it" in text(done)
    queue = "/admin/visits/edition/?awaits_approval__exact=1"
    assert page(edition) in text(client.get(queue))
    sign_in(client, Role.EDITOR)
    approved = client.post(step(edition, "approve"), filled(client.get(step(edition, "approve"))), follow=True)
    assert "has been approved." in text(approved)
    assert "Published without a second person by" not in text(approved)
    assert page(edition) not in text(client.get(queue))


def test_a_withdrawal_may_say_where_the_record_is_now(client):
    sign_in(client)
    edition, other = make_edition(State.PUBLISHED), make_edition(State.PUBLISHED)
    draft = make_edition()
    form = filled(client.get(step(edition, "withdraw")), note="One visit.")
    for wrong in (edition, draft):
        refused = client.post(step(edition, "withdraw"), form | {"consolidated_into": wrong.visit_id})
        assert refused.status_code == 409
        assert "One visit.</textarea>" in text(refused)

    done = client.post(step(edition, "withdraw"), form | {"consolidated_into": other.visit_id}, follow=True)

    assert "The addresses of this visit lead to" in text(done)
    assert client.get(f"/visits/{edition.visit.slug}/").headers["Location"] == f"/visits/{other.visit.slug}/"
    offered = client.get(
        "/admin/autocomplete/",
        {"app_label": "visits", "model_name": "visit", "field_name": "consolidated_into", "term": "denmark"},
    ).json()["results"]
    assert [each["id"] for each in offered] == [str(other.visit_id)]


def test_an_administrator_withholds_and_releases_an_earlier_edition(client):
    sign_in(client, Role.ADMINISTRATOR)
    edition = make_edition(State.SUPERSEDED)

    form = filled(client.get(step(edition, "withhold")), note="It tells of a minor.")
    held = client.post(step(edition, "withhold"), form, follow=True)
    assert "Withheld from the public since" in text(held)
    assert "It tells of a minor." in text(held)

    form = filled(client.get(step(edition, "release")), note="It does not.")
    released = client.post(step(edition, "release"), form, follow=True)
    assert "Withheld from the public since" not in text(released)


def test_the_chart_tells_every_step_of_every_state_with_its_role(client):
    sign_in(client, Role.AUTHOR)

    words = text(client.get("/admin/visits/edition/life/"))

    for state in State:
        assert f'id="{state.value}"' in words
    for verb in VERBS:
        assert str(STEPS[Verb(verb)].button) in words
    assert "Administrator" in words


def test_a_form_that_does_not_hold_does_not_make_a_stale_page_fresh(client):
    edition, _user = in_review(client)
    values = filled(client.get(step(edition, "schedule")))
    changed = Edition.objects.get(pk=edition.pk)
    with actions.saving(changed, by=make_user(Role.EDITOR)):
        changed.title = "As changed meanwhile"
        changed.save()

    refused = client.post(step(edition, "schedule"), values | {"day": "", "time": "09:00"})
    again = client.post(step(edition, "schedule"), filled(refused, day="2031-07-01"))

    assert (refused.status_code, again.status_code) == (409, 409)
    assert "Nothing of yours was saved" in text(again)
    assert Edition.objects.get(pk=edition.pk).state == State.IN_REVIEW


@pytest.mark.parametrize("verb", ["send-back", "withdraw"])
def test_what_asks_for_a_reason_says_so(client, verb):
    sign_in(client, Role.EDITOR)
    edition = make_edition(State.IN_REVIEW if verb == "send-back" else State.PUBLISHED)

    assert '<label for="note">Reason</label>' in text(client.get(step(edition, verb)))
