"""The pages on which a redaction is proposed and decided."""

import pytest
from django.urls import reverse

from tests.factories import make_edition, make_user
from visits.editorial import redaction
from visits.enums import RedactionState, Role, State
from visits.models import Edition, Redaction

from .support import filled, page, text

pytestmark = pytest.mark.django_db

ADD, LIST = "/admin/visits/redaction/add/", "/admin/visits/redaction/"
NAME, REASON = "Jens Haarløv", "The person asked for it."


def sign_in(client, role=Role.EDITOR):
    user = make_user(role)
    client.force_login(user)
    return user


def address(asked) -> str:
    return reverse("admin:visits_redaction_change", args=[asked.pk])


@pytest.fixture
def edition():
    return make_edition(State.PUBLISHED, title=f"Talks with {NAME}", aim="To speak of borders with Jens\nHaarløv.")


@pytest.fixture
def asked(edition):
    return redaction.propose(NAME, REASON, by=make_user(Role.EDITOR))


def test_every_place_is_shown_before_anything_is_proposed(client, edition):
    sign_in(client)
    form = filled(client.get(ADD), text=NAME, reason=REASON)

    shown = client.post(ADD, form | {"show": "yes"})

    words = text(shown)
    assert shown.status_code == 200
    assert "Talks with <del>Jens Haarløv</del>" in words
    assert "To speak of borders with <del>Jens\nHaarløv</del>." in words
    assert page(edition) in words
    assert not Redaction.objects.exists()
    done = client.post(ADD, filled(shown, propose="yes"), follow=True)
    assert "Another person has to approve it." in text(done)
    assert (Redaction.objects.get().text, Redaction.objects.get().reason) == (NAME, REASON)


@pytest.mark.parametrize("step", ["show", "propose"])
def test_what_would_do_no_good_is_told_and_what_was_typed_stays(client, edition, step):
    sign_in(client)

    refused = client.post(ADD, {"text": NAME, "reason": f"About {NAME}", step: "yes"})

    assert refused.status_code == 409
    assert "The reason is public, and it says what is to be taken out." in text(refused)
    assert f"About {NAME}</textarea>" in text(refused)
    assert not Redaction.objects.exists()


def test_what_stands_nowhere_is_told(client, edition):
    sign_in(client)

    words = text(client.post(ADD, {"text": "Nobody At All", "reason": REASON, "show": "yes"}))

    assert "This text stands nowhere in the register." in words
    assert 'name="propose"' not in words


def test_another_person_approves_and_the_page_forgets(client, edition, asked):
    user = sign_in(client)
    shown = client.get(address(asked))
    assert "Talks with <del>Jens Haarløv</del>" in text(shown)

    done = client.post(address(asked), {"version": asked.version, **scope(shown), "approve": "yes"}, follow=True)

    words = text(done)
    assert "It has been redacted everywhere" in words
    assert "Haarløv" not in words
    assert f"Decided by {user}" in words
    assert "Haarløv" not in text(client.get(LIST))
    assert "[redacted]" in text(client.get(page(edition)))
    assert "redacted" in text(client.get(f"{LIST}{asked.pk}/history/"))


def scope(response) -> dict:
    return {"scope": response.context["scope"].digest}


def test_who_proposed_it_is_told_that_another_must_approve(client, edition):
    user = sign_in(client)
    asked = redaction.propose(NAME, REASON, by=user)

    shown = client.get(address(asked))

    assert "You proposed this redaction, so another person must approve it." in text(shown)
    assert 'name="approve"' not in text(shown)
    refused = client.post(address(asked), {"version": asked.version, **scope(shown), "approve": "yes"})
    assert (refused.status_code, Redaction.objects.get().state) == (409, RedactionState.PROPOSED)


def test_a_stale_approval_shows_what_is_new_and_may_then_be_given(client, edition, asked):
    sign_in(client)
    seen = scope(client.get(address(asked)))
    make_edition(title=f"Another visit of {NAME}")

    refused = client.post(address(asked), {"version": asked.version, **seen, "approve": "yes"})

    assert refused.status_code == 409
    assert "The text now stands in other places than this page showed." in text(refused)
    assert "Another visit of <del>" in text(refused)
    client.post(address(asked), {"version": asked.version, **scope(refused), "approve": "yes"})
    assert not Edition.objects.filter(title__contains=NAME).exists()


def test_declining_needs_a_reason_and_keeps_what_was_typed(client, edition, asked):
    sign_in(client)
    told = {"version": asked.version, "decline": "yes"}

    assert "Write the reason" in text(client.post(address(asked), told | {"note": " "}))
    refused = client.post(address(asked), told | {"note": f"{NAME} is public."})
    assert f"{NAME} is public.</textarea>" in text(refused)
    client.post(address(asked), told | {"note": "The name is public."})
    assert (Redaction.objects.get().state, Redaction.objects.get().text) == (RedactionState.DECLINED, "")


def test_a_decision_from_an_outdated_page_is_refused(client, edition, asked):
    sign_in(client)
    seen = scope(client.get(address(asked)))
    redaction.decline(asked, by=make_user(Role.EDITOR), note="No.", version=asked.version)

    refused = client.post(address(asked), {"version": 1, **seen, "approve": "yes"})

    assert refused.status_code == 409
    assert Edition.objects.filter(title__contains=NAME).exists()


def test_authors_are_neither_shown_nor_offered_any_of_it(client, edition, asked):
    sign_in(client, Role.AUTHOR)

    assert ADD not in text(client.get(page(edition)))
    assert {client.get(each).status_code for each in (ADD, LIST, address(asked))} == {403}
    assert client.post(address(asked), {"version": asked.version, "approve": "yes"}).status_code == 403
