"""A claim says who is reading an edition in review: it keeps nobody from deciding and ends with the review."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_edition, make_next_edition, make_user, translate
from visits.editorial import actions, desk
from visits.enums import Role, State, Verb
from visits.exceptions import Refused, StaleVersion
from visits.models import Edition, Event, User
from visits.models.base import plain_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return make_user(Role.EDITOR, first_name="Anna", last_name="Smith")


@pytest.fixture
def edition():
    return make_edition(State.IN_REVIEW)


def claim_of(edition):
    stored = Edition.objects.get(pk=edition.pk)
    return stored.claimed_by, stored.claimed_at is not None


def test_a_claim_is_recorded_and_released_again(edition, anna):
    actions.claim(edition, by=anna)
    assert claim_of(edition) == (anna, True)

    actions.unclaim(edition, by=anna)

    assert claim_of(edition) == (None, False)
    told = edition.events.filter(verb__in=(Verb.CLAIM, Verb.UNCLAIM)).order_by("pk")
    assert [(event.verb, event.changes[0]["old"], event.changes[0]["new"]) for event in told] == [
        ("claim", "", "Anna Smith"),
        ("unclaim", "Anna Smith", ""),
    ]


def test_another_editor_takes_a_claim_over_and_the_event_says_from_whom(edition, anna):
    actions.claim(edition, by=anna)
    olga = make_user(Role.EDITOR, first_name="Olga", last_name="Other")

    actions.claim(edition, by=olga)

    assert claim_of(edition) == (olga, True)
    change = edition.events.filter(verb=Verb.CLAIM).first().changes[0]
    assert (change["old"], change["new"]) == ("Anna Smith", "Olga Other")


def test_nobody_claims_twice_or_releases_what_another_one_claimed(edition, anna):
    actions.claim(edition, by=anna)

    with pytest.raises(Refused, match="claimed this edition already"):
        actions.claim(edition, by=anna)
    with pytest.raises(Refused, match="nothing to release"):
        actions.unclaim(edition, by=make_user(Role.EDITOR))
    assert claim_of(edition) == (anna, True)


def test_of_two_who_claim_at_the_same_time_the_second_is_told(edition, anna):
    seen = Edition.objects.get(pk=edition.pk).version
    actions.claim(edition, by=anna, version=seen)

    with pytest.raises(StaleVersion):
        actions.claim(edition, by=make_user(Role.EDITOR), version=seen)


@pytest.mark.parametrize("verb", [Verb.PUBLISH, Verb.SEND_BACK, Verb.DISCARD])
def test_every_way_out_of_review_ends_a_claim_and_none_demands_one(edition, anna, verb):
    actions.claim(edition, by=anna)

    actions.ACTIONS[verb](edition, by=make_user(Role.EDITOR), note="Decided.")

    assert claim_of(edition) == (None, False)


def test_a_claim_gives_nobody_a_hand_in_the_text(edition, anna):
    actions.claim(edition, by=anna)

    assert actions.publish(edition, by=anna).state == State.PUBLISHED


# What waits


def test_my_drafts_are_those_i_had_a_hand_in(anna):
    mine, saved = make_edition(by=anna), make_edition()
    make_edition()
    make_edition(State.IN_REVIEW, by=anna)
    with actions.saving(saved, by=anna):
        saved.title = "As Anna understands it"
        saved.save()

    assert list(desk.drafts_of(anna)) == [saved, mine]


def test_what_waits_longest_stands_first_and_is_late_after_the_days_set(settings, anna):
    settings.REVIEW_DAYS = 3
    old, new = make_edition(State.IN_REVIEW, by=anna), make_edition(State.IN_REVIEW)
    make_edition()
    submitted = Event.objects.filter(edition=old, verb=Verb.SUBMIT)
    plain_rows(Event).filter(pk__in=submitted).update(at=timezone.now() - timedelta(days=3, minutes=1))

    assert list(desk.awaiting_review()) == [old, new]
    assert list(desk.late_reviews()) == [old]
    assert desk.awaiting_review()[0].submitted_by == str(User.objects.system())


def test_an_edition_that_was_sent_back_waits_from_its_last_submission_on():
    system = User.objects.system()
    edition = make_edition(State.IN_REVIEW)
    plain_rows(Event).filter(edition=edition).update(at=timezone.now() - timedelta(days=30))
    actions.submit(actions.send_back(edition, by=system, note="Check the dates."), by=system)

    assert list(desk.late_reviews()) == []


def test_what_was_published_a_month_ago_is_no_longer_recent():
    recent, old = make_edition(State.PUBLISHED), make_edition(State.PUBLISHED)
    plain_rows(Edition).filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=31))

    assert list(desk.recently_published()) == [recent]


def test_a_translation_is_out_of_date_once_its_original_is_corrected():
    edition, left_alone = make_edition(State.PUBLISHED), make_edition(State.PUBLISHED)
    translate(edition, "fr")
    translate(left_alone, "fr")
    assert desk.translations_out_of_date() == []

    make_next_edition(edition, summary="Said in other words.")

    assert desk.translations_out_of_date() == [(edition.visit_id, "fr")]
    translate(edition.visit.editions.published().get(), "fr")
    assert desk.translations_out_of_date() == []
