"""What changed for the public is told in its order, once, and nothing else is."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from tests.factories import (
    make_country,
    make_document,
    make_edition,
    make_next_edition,
    make_region,
    make_user,
    translate,
)
from visits.catalogue import changes
from visits.editorial import actions, redaction
from visits.enums import Disclosure, Role, State, Verb
from visits.models import Country, Document, Edition, Event, Topic, Visit
from visits.models.base import plain_rows
from visits.opendata.api.shapes import CHANGES

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/changes/"


def ask(client, query: str = "") -> dict:
    answer = client.get(f"{ADDRESS}?{query}")
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def told(client, query: str = "") -> list[tuple]:
    return [(each["change"], each["visit"], each["edition"], each["note"]) for each in ask(client, query)["results"]]


def edit(row, **values):
    with actions.saving_record(row, by=make_user(Role.ADMINISTRATOR)):
        for name, value in values.items():
            setattr(row, name, value)
        row.save()


@pytest.fixture
def admin():
    return make_user(Role.ADMINISTRATOR)


def test_the_life_of_a_visit_is_told_in_its_order(client, admin):
    first = make_edition(State.PUBLISHED)
    second = make_next_edition(first, change_note="The date was wrong.")
    translate(second, "fr")
    first.refresh_from_db()
    actions.release(actions.withhold(first, by=admin, note="It names a child."), by=admin, note="It does not.")
    second.refresh_from_db()
    withdrawn = actions.withdraw(second, by=admin, note="Entered by mistake.")
    make_next_edition(withdrawn, change_note="It was right.")

    entries = ask(client)["results"]

    assert told(client) == [
        ("published", "denmark-2018", 1, ""),
        # What was withdrawn later is told without its note.
        ("corrected", "denmark-2018", 2, ""),
        ("translated", "denmark-2018", None, ""),
        ("withheld", "denmark-2018", 1, ""),
        ("released", "denmark-2018", 1, ""),
        ("withdrawn", "denmark-2018", 2, "Entered by mistake."),
        ("corrected", "denmark-2018", 3, "It was right."),
    ]
    assert [each["language"] for each in entries] == ["", "", "fr", "", "", "", ""]
    assert {each["uid"] for each in entries} == {str(Visit.objects.get().uid)}
    assert {each["api_url"] for each in entries} == {"http://testserver/api/v1/visits/denmark-2018/"}
    assert [each["at"] for each in entries] == sorted(each["at"] for each in entries)
    assert [datetime.fromisoformat(each["at"]).tzinfo for each in entries] == [UTC] * 7


def test_a_reason_is_told_as_long_as_it_stands_on_the_page(client, admin):
    first = make_edition(State.PUBLISHED)
    make_next_edition(first, change_note="Better.")
    first.refresh_from_db()
    actions.withhold(first, by=admin, note="It names a child.")

    assert told(client)[1:] == [
        ("corrected", "denmark-2018", 2, "Better."),
        ("withheld", "denmark-2018", 1, "It names a child."),
    ]


def test_what_became_part_of_another_visit_is_told_with_its_place(client, admin):
    other = make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO"))
    edition = make_edition(State.PUBLISHED)
    gone = actions.withdraw(edition, by=admin, note="Twice.", consolidated_into=other.visit)

    (entry,) = ask(client)["results"][2:]
    assert (entry["change"], entry["into"], entry["note"]) == ("consolidated", "norway-2018", "")

    other.refresh_from_db()
    actions.withdraw(other, by=admin, note="Wrong too.")
    assert [each["change"] for each in ask(client)["results"]] == ["published", "published", "withdrawn", "withdrawn"]

    make_next_edition(gone)
    assert [each["change"] for each in ask(client)["results"]][2:] == ["withdrawn", "withdrawn", "corrected"]


def test_a_redaction_is_told_of_what_the_public_reads_and_of_nothing_else(client, admin):
    edition = make_edition(State.PUBLISHED, title="A visit with John Doe")
    make_next_edition(edition, State.DRAFT)
    make_edition(State.DRAFT, country=make_country("Norway", "NOR", "NO"), title="John Doe again")
    asked = redaction.propose("John Doe", "The person asked for it.", by=make_user(Role.EDITOR))
    before = ask(client)["next"]

    redaction.approve(
        asked,
        by=make_user(Role.EDITOR),
        scope=redaction.scope_of(redaction.Search("John Doe").places()),
        version=asked.version,
    )

    assert told(client, f"since={before}") == [("redacted", "denmark-2018", 1, "The person asked for it.")]
    # Whoever reads them one by one passes what is not theirs.
    page = ask(client, f"since={before}&page_size=1")
    assert ask(client, f"since={page['next']}&page_size=1")["results"] == []


def test_terms_are_told_with_the_place_to_read_them_again(client):
    country, topic = make_country(), Topic.objects.create(slug="gender", name="Gender")
    edit(country, name_fr="Danemark")
    edit(topic, definition="About all.")
    edit(make_region(), name_fr="Europe ")

    entries = ask(client)["results"]

    assert {(each["change"], each["visit"], each["uid"]) for each in entries} == {("term", None, None)}
    assert [each["api_url"].removeprefix("http://testserver/api/v1") for each in entries] == [
        *("/countries/DNK/", "/topics/gender/", "/countries/"),
    ]
    assert [client.get(each["url"]).status_code for each in entries] == [200, 200, 200]
    topic.delete()
    assert ask(client)["results"][1]["api_url"].endswith("/topics/")


def test_a_document_is_told_of_each_visit_that_rests_on_it_as_far_as_it_is_read(client):
    shown, hidden = make_document(), make_document(disclosure=Disclosure.NONE)
    make_edition(State.PUBLISHED, document=shown)
    make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO"), document=shown)
    make_edition(State.PUBLISHED, country=make_country("Chad", "TCD", "TD"), document=hidden)
    make_edition(State.DRAFT, document=shown)
    start = ask(client)["next"]

    edit(hidden, title="Nobody reads it")
    edit(shown, title="Another title")
    assert told(client, f"since={start}") == [
        *(("document", slug, 1, "") for slug in ("denmark-2018", "norway-2018")),
    ]

    start = ask(client)["next"]
    edit(Document.objects.get(pk=shown.pk), disclosure=Disclosure.NONE)
    assert len(told(client, f"since={start}")) == 2


def test_what_only_staff_see_is_never_told(client, admin):
    edition = make_edition(State.PUBLISHED)
    before = ask(client)
    edit(edition.visit, internal_notes="For us.")
    make_next_edition(edition, State.IN_REVIEW)
    translate(edition, "fr", texts={"title": "Visite"}, state="in-review")
    edit(admin, first_name="Ada")

    assert ask(client) == before
    assert Event.objects.count() > 5


@pytest.mark.parametrize("verb", Verb)
def test_no_event_with_a_generation_breaks_the_log(client, verb):
    edition = make_edition(State.PUBLISHED)
    plain_rows(Event).filter(edition=edition, verb=Verb.PUBLISH).update(verb=verb)

    assert len(ask(client)["results"]) <= 1


# Where one is


def test_one_page_after_another_has_every_change_once(client):
    edition = make_edition(State.PUBLISHED)
    for _ in range(6):
        edition = make_next_edition(edition)
    whole = ask(client)["results"]

    for size in (1, 2, 3, 7, 100):
        found, since = [], ""
        while page := ask(client, f"since={since}&page_size={size}")["results"]:
            assert len(page) <= size
            found += page
            since = page[-1]["cursor"]
        assert found == whole


def test_the_cursor_of_the_last_change_is_what_comes_next(client):
    assert ask(client) == {"results": [], "next": "0.0", "since": ""}
    assert ask(client, "since=0.0")["results"] == []
    make_edition(State.PUBLISHED)

    page = ask(client, "since=0.0")
    assert page["next"] == page["results"][-1]["cursor"]
    assert ask(client, f"since={page['next']}") == {"results": [], "next": page["next"], "since": page["next"]}


def test_changes_from_a_day_or_a_moment_on(client):
    make_edition(State.PUBLISHED)
    make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO"))
    first, second = Event.objects.filter(generation__isnull=False).order_by("generation")
    noon = datetime(2024, 5, 29, 12, tzinfo=UTC)
    for event, at in ((first, noon), (second, noon + timedelta(hours=1))):
        plain_rows(Event).filter(pk=event.pk).update(at=at)

    def slugs(since):
        return [each["visit"] for each in ask(client, f"since={since}")["results"]]

    both = ["denmark-2018", "norway-2018"]
    assert slugs("2024-05-29") == slugs("2024-05-29T12:00:00Z") == slugs("2024-05-29T12:00") == both
    assert slugs("2024-05-29T12:00:01Z") == slugs("2024-05-29T15:00:00%2B02:00") == both[1:]
    # A plus sign that nobody escaped.
    assert slugs("2024-05-29T15:00:00+02:00") == both[1:]
    assert slugs("2024-05-30") == []
    assert ask(client, "since=2024-05-30")["next"] == ask(client)["next"]
    assert ask(client, "since=2024-05-29")["since"] == "2024-05-29"
    tomorrow = timezone.now().date() + timedelta(days=1)
    assert slugs(tomorrow) == []


def test_nothing_is_missed_where_clocks_disagree(client):
    for country in (make_country(), make_country("Norway", "NOR", "NO"), make_country("Chad", "TCD", "TD")):
        make_edition(State.PUBLISHED, country=country)
    noon = datetime(2024, 5, 29, 12, tzinfo=UTC)
    seen = Event.objects.filter(generation__isnull=False).order_by("generation")
    for event, minutes in zip(seen, (0, 10, 5), strict=True):
        plain_rows(Event).filter(pk=event.pk).update(at=noon + timedelta(minutes=minutes))

    found = ask(client, "since=2024-05-29T12:07:00Z")["results"]

    assert [each["visit"] for each in found] == ["norway-2018", "chad-2018"]


def test_a_copy_kept_by_the_changes_alone_is_the_register(client, admin):
    copy, since = {}, ""
    for step in range(3):
        for name, iso3, iso2 in (("Denmark", "DNK", "DK"), ("Norway", "NOR", "NO"), ("Chad", "TCD", "TD")):
            country = make_country(name, iso3, iso2)
            published = Edition.objects.published().filter(visit__country=country).first()
            if published and step == 1:
                make_next_edition(published)
            elif published and iso3 == "NOR":
                actions.withdraw(published, by=admin, note="Wrong.")
            else:
                make_edition(State.PUBLISHED, country=country)
        since = follow(client, copy, since)
        assert copy == dict(Edition.objects.published().values_list("visit__slug", "number"))
    assert Country.objects.count() == 3


def follow(client, copy: dict[str, int], since: str) -> str:
    """Bring the copy up to date, as docs/api.md tells how."""
    while True:
        page = ask(client, f"since={since}&page_size=2")
        for change in page["results"]:
            if change["change"] in ("withdrawn", "consolidated"):
                copy.pop(change["visit"], None)
            elif change["change"] in ("published", "corrected"):
                copy[change["visit"]] = change["edition"]
        since = page["next"]
        if not page["results"]:
            return since


def test_every_kind_of_change_has_its_meaning():
    assert set(CHANGES) == set(changes.ChangeKind)
