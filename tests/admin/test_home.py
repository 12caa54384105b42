"""The first page of the admin: what waits for whom, with its number, a way to each and to all of them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_edition, make_next_edition, make_user, translate
from visits.admin.home import SHOWN
from visits.editorial import actions
from visits.enums import Role, State, Verb
from visits.models import Edition, ErrorReport, Event
from visits.models.base import plain_rows

from .support import filled, step, text

pytestmark = pytest.mark.django_db

HOME = "/admin/"


def sections(client) -> dict:
    return {section.name: section for section in client.get(HOME).context["sections"]}


@pytest.fixture
def editor(client):
    user = make_user(Role.EDITOR, first_name="Anna", last_name="Smith")
    client.force_login(user)
    return user


def test_each_section_counts_what_its_list_holds(client, editor):
    for _ in range(SHOWN + 1):
        make_edition(by=editor)
        make_edition(State.IN_REVIEW)
        edition = make_edition(State.PUBLISHED)
    translate(edition, "fr")
    make_next_edition(edition, summary="Said in other words.")

    found = sections(client)

    assert list(found) == [
        *("my-drafts", "in-review", "awaiting-approval", "scheduled", "failing", "reported", "out-of-date", "recent")
    ]
    for name in ("my-drafts", "in-review", "recent"):
        section = found[name]
        assert (section.count, len(section.rows)) == (SHOWN + 1, SHOWN)
        assert client.get(section.link).context["cl"].result_count == section.count
    assert [row.address for row in found["out-of-date"].rows] == [f"/admin/visits/translation/{edition.visit_id}/fr/"]
    assert len(client.get(found["out-of-date"].link).context["rows"]) == found["out-of-date"].count == 1


def test_a_desk_on_which_nothing_waits_says_so(client, editor):
    words = text(client.get(HOME))

    assert "Nothing waits for a review." in words
    assert "You have no draft in work." in words


def test_what_waits_for_a_review_leads_straight_to_the_comparison(client, editor):
    edition = make_edition(State.IN_REVIEW)

    assert [row.address for row in sections(client)["in-review"].rows] == [
        f"/admin/visits/edition/{edition.pk}/compare/"
    ]
    assert client.get(f"/admin/visits/edition/{edition.pk}/compare/").status_code == 200


def test_an_editor_claims_from_the_desk_reads_and_releases(client, editor):
    edition = make_edition(State.IN_REVIEW)
    values = filled(client.get(HOME))

    claimed = client.post(step(edition, "claim"), {"version": values["version"]})

    assert claimed["Location"] == f"/admin/visits/edition/{edition.pk}/compare/"
    words = text(client.get(HOME))
    assert "Claimed by you, today" in words
    assert "Release" in words
    released = client.post(step(edition, "unclaim"), {"version": filled(client.get(HOME))["version"]})
    assert released["Location"] == HOME
    assert Edition.objects.get(pk=edition.pk).claimed_by is None


def test_a_claim_of_another_person_is_named_and_taken_over_only_after_a_question(client, editor):
    edition = make_edition(State.IN_REVIEW)
    actions.claim(edition, by=make_user(Role.EDITOR, first_name="Olga", last_name="Other"))

    assert "Claimed by Olga Other, today" in text(client.get(HOME))
    asked = client.get(step(edition, "claim"))
    assert "Olga Other has claimed this review since" in text(asked)
    client.post(step(edition, "claim"), filled(asked))

    assert Edition.objects.get(pk=edition.pk).claimed_by == editor


def test_who_decides_on_what_another_one_has_claimed_is_told(client, editor):
    edition = make_edition(State.IN_REVIEW)
    actions.claim(edition, by=make_user(Role.EDITOR, first_name="Olga", last_name="Other"))

    for verb in ("publish", "send-back"):
        assert "Olga Other has claimed this review since" in text(client.get(step(edition, verb)))


def test_an_author_sees_who_reads_and_claims_nothing(client, author):
    edition = make_edition(State.IN_REVIEW)
    actions.claim(edition, by=make_user(Role.EDITOR, first_name="Olga", last_name="Other"))

    words = text(client.get(HOME))

    assert "Claimed by Olga Other, today" in words
    assert step(edition, "claim") not in words


def test_what_is_late_says_since_when(client, editor, settings):
    settings.REVIEW_DAYS = 2
    edition = make_edition(State.IN_REVIEW)
    assert "due " in text(client.get(HOME))
    assert "Overdue" not in text(client.get(HOME))
    submitted = Event.objects.filter(edition=edition, verb=Verb.SUBMIT)

    plain_rows(Event).filter(pk__in=submitted).update(at=timezone.now() - timedelta(days=3))

    assert "Overdue: was due yesterday" in text(client.get(HOME))
    assert client.get("/admin/visits/edition/?desk=late").context["cl"].result_count == 1


def test_who_has_no_role_has_no_desk(client):
    make_edition(State.IN_REVIEW)
    client.force_login(make_user(None))

    assert client.get(HOME).context["sections"] == []


def test_the_desk_takes_the_same_queries_for_one_row_and_for_thirty(client, editor, django_assert_num_queries):
    def fill(count):
        for _ in range(count):
            make_edition(by=editor)
            claimed = make_edition(State.IN_REVIEW)
            actions.claim(claimed, by=editor)
            edition = make_edition(State.PUBLISHED)
            translate(edition, "fr")
            make_next_edition(edition, summary="Said in other words.")

    fill(1)
    with django_assert_num_queries(QUERIES):
        client.get(HOME)
    fill(29)
    with django_assert_num_queries(QUERIES):
        client.get(HOME)


QUERIES = 29


def test_what_waits_besides_drafts_and_reviews_is_counted_and_leads_to_its_list(client, editor):
    scheduled, late = make_edition(State.SCHEDULED), make_edition(State.SCHEDULED)
    plain_rows(Edition).filter(pk=late.pk).update(scheduled_for=timezone.now() - timedelta(minutes=2))
    forced = make_edition(State.PUBLISHED)
    plain_rows(Edition).filter(pk=forced.pk).update(awaits_approval=True)
    slipped = make_edition()
    plain_rows(Edition).filter(pk=slipped.pk).update(errors_found=1, warnings_found=2)
    ErrorReport.objects.create(text="It ended on 2 June.", language="en")

    found = sections(client)

    expected = {"scheduled": [late, scheduled], "overdue": [late], "awaiting-approval": [forced], "failing": [slipped]}
    for name, editions in expected.items():
        assert all(f"/{each.pk}/" in row.address for each, row in zip(editions, found[name].rows, strict=True))
        assert client.get(found[name].link).context["cl"].result_count == found[name].count == len(editions)
    assert "Nothing stands against it" in found["overdue"].rows[0].late
    assert (found["failing"].rows[0].late, found["failing"].rows[0].facts) == ("1 error", ("2 warnings",))
    assert found["reported"].rows[0].title == "It ended on 2 June."
    assert client.get(found["reported"].link).context["cl"].result_count == found["reported"].count == 1
