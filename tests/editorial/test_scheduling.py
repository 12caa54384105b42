"""Editions that wait for a moment."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.factories import advance, make_country, make_edition, make_next_edition, make_user
from tests.register import everything
from visits.editorial import actions, publishing, scheduling
from visits.enums import Role, State, Verb
from visits.exceptions import Refused
from visits.models import Edition, Event, Generation, User

pytestmark = pytest.mark.django_db

LATE = timedelta(minutes=5)


def scheduled(by=None, **fields) -> Edition:
    edition = make_edition(State.IN_REVIEW, **fields)
    moment = timezone.now() + timedelta(hours=1)
    return actions.schedule(edition, by=by or make_user(Role.EDITOR), moment=moment, zone="Asia/Kathmandu")


def due(edition: Edition, since=LATE) -> Edition:
    """Time has passed."""
    Edition.objects.filter(pk=edition.pk).update(scheduled_for=timezone.now() - since)
    return Edition.objects.get(pk=edition.pk)


def reasons() -> list[list[str]]:
    return [[reason.code for reason in late.reasons] for late in scheduling.overdue()]


def test_what_is_due_is_published_in_the_name_of_who_scheduled_it():
    editor = make_user(Role.EDITOR)
    edition = due(scheduled(by=editor))

    assert scheduling.publish_due() == [edition]

    edition.refresh_from_db()
    assert (edition.state, edition.number, edition.scheduled_for) == (State.PUBLISHED, 1, None)
    event = edition.events.first()
    assert (event.verb, event.actor, event.note) == (Verb.PUBLISH, editor, "As scheduled.")
    assert reasons() == []


def test_what_is_not_due_yet_waits():
    scheduled()
    before = everything()

    assert scheduling.publish_due() == []
    assert everything() == before


def test_nothing_due_is_written_twice():
    due(scheduled())
    scheduling.publish_due()
    before = everything()

    assert scheduling.publish_due() == []
    assert everything() == before


def test_a_moment_that_has_passed_is_refused():
    edition, editor = make_edition(State.IN_REVIEW), make_user(Role.EDITOR)
    before = everything()

    with pytest.raises(Refused) as refused:
        actions.schedule(edition, by=editor, moment=timezone.now() - timedelta(seconds=1), zone="UTC")

    assert [reason.code for reason in refused.value.reasons] == ["moment_passed"]
    assert everything() == before


def test_a_scheduled_edition_is_in_work_and_cannot_be_changed():
    first = make_edition(State.PUBLISHED)
    edition = advance(make_next_edition(first, State.DRAFT), State.SCHEDULED)

    with pytest.raises(Refused), actions.saving(edition, by=make_user(Role.EDITOR)):
        raise AssertionError("nothing may be written")
    with pytest.raises(Refused) as refused:
        actions.new_edition(first, by=make_user())
    assert [reason.code for reason in refused.value.reasons] == ["working_edition_exists"]


def test_the_event_tells_the_moment_in_that_zone_and_in_utc():
    moment = datetime(2031, 7, 1, 7, tzinfo=UTC)
    edition = make_edition(State.IN_REVIEW)

    edition = actions.schedule(edition, by=make_user(Role.EDITOR), moment=moment, zone="Europe/Copenhagen")

    told = "2031-07-01 09:00 Europe/Copenhagen (2031-07-01 07:00 UTC)"
    assert [change["new"] for change in edition.events.first().changes] == [told]
    edition = actions.unschedule(edition, by=make_user(Role.EDITOR))
    assert [(change["old"], change["new"]) for change in edition.events.first().changes] == [(told, None)]
    assert (edition.state, edition.scheduled_for) == (State.IN_REVIEW, None)


def lose_role(edition, editor):
    editor.groups.clear()


def close_account(edition, editor):
    editor.is_active = False
    editor.save()


def delete_account(edition, editor):
    editor.delete()


def become_incomplete(edition, editor):
    # As when the only source was merged away: nothing in the admin does it.
    edition.documentlinks.all().delete()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lose_role, "permission_required"),
        (close_account, "permission_required"),
        (delete_account, "nobody_to_publish"),
        (become_incomplete, "incomplete"),
    ],
)
def test_what_has_become_impossible_stays_scheduled_and_is_overdue_for_a_reason(change, code):
    editor = make_user(Role.EDITOR)
    edition, other = due(scheduled(by=editor)), due(scheduled())
    change(edition, editor)

    assert scheduling.publish_due() == [other]

    edition.refresh_from_db()
    assert edition.state == State.SCHEDULED
    assert reasons() == [[code]]


def test_where_nothing_stands_against_it_whoever_runs_the_chores_is_to_be_told():
    due(scheduled())
    due(scheduled(), since=timedelta(seconds=20))

    # The second one is late by less than is promised.
    assert reasons() == [["not_run_yet"]]


def test_one_that_fails_stops_no_other(monkeypatch, caplog):
    broken, other = due(scheduled(), since=2 * LATE), due(scheduled())
    give_slug = publishing.give_slug

    def fail(visit, year):
        if visit == broken.visit:
            raise RuntimeError("out of order")
        give_slug(visit, year)

    monkeypatch.setattr(publishing, "give_slug", fail)

    assert scheduling.publish_due() == [other]
    assert "out of order" in caplog.text
    broken.refresh_from_db()
    assert broken.state == State.SCHEDULED


def test_what_was_taken_off_meanwhile_is_not_published(monkeypatch):
    edition, editor = due(scheduled()), make_user(Role.EDITOR)
    scheduled_by = scheduling.scheduled_by

    def take_off_first(edition):
        by = scheduled_by(edition)
        actions.unschedule(edition, by=editor)
        return by

    monkeypatch.setattr(scheduling, "scheduled_by", take_off_first)

    assert scheduling.publish_due() == []
    edition.refresh_from_db()
    assert edition.state == State.IN_REVIEW
    assert not Event.objects.filter(verb=Verb.PUBLISH).exists()


def test_a_withdrawal_takes_what_is_scheduled_off():
    first = make_edition(State.PUBLISHED)
    edition = advance(make_next_edition(first, State.DRAFT), State.SCHEDULED)

    actions.withdraw(first, by=User.objects.system(), note="Entered twice.")

    edition.refresh_from_db()
    assert (edition.state, edition.scheduled_for) == (State.IN_REVIEW, None)
    assert edition.events.first().verb == Verb.UNSCHEDULE


def test_another_person_may_publish_it_before_its_moment():
    edition = scheduled()

    edition = actions.publish(edition, by=make_user(Role.EDITOR))

    assert (edition.state, edition.scheduled_for) == (State.PUBLISHED, None)


def test_the_command_says_what_it_published_and_what_is_overdue(capsys):
    editor = make_user(Role.EDITOR)
    due(scheduled(by=editor, title="Too late", country=make_country("Norway", "NOR", "NO")))
    lose_role(None, editor)
    due(scheduled())

    call_command("publish_due")

    told = capsys.readouterr()
    assert told.out == "denmark-2018, edition 1 has been published.\n"
    assert told.err.startswith("Too late (visit to Norway, not yet published, scheduled) is overdue: Your role does")
    assert Generation.current() == 1
