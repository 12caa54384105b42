"""Calendars hold the visits of the list, tell no day that nobody knows, and cancel what was withdrawn."""

import json
import shutil
import subprocess
import uuid
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from tests.crawler import Browser
from tests.examples import fill_every_part
from tests.factories import make_country, make_edition, make_next_edition, translate
from tests.journeys.conftest import missing, need_judge
from visits.catalogue.rows import DatedPart
from visits.catalogue.timeline import Gone
from visits.catalogue.wording import Text
from visits.enums import State
from visits.models import Segment
from visits.opendata.addresses import Site
from visits.opendata.calendar import calendar as written
from visits.text.spreadsheets import held

from .hostile import TEXTS, UID, topic, visit_row
from .readers import ORIGIN, calendar, fetched, ics, is_cancelled
from .steps import corrected_since, norway, publish_again, withdraw

pytestmark = pytest.mark.django_db

JUDGE = Path(__file__).with_name("ical.mjs")
LONGEST = 75
CANCELLED = sorted(
    ["UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "STATUS", "TRANSP", "SUMMARY", "DESCRIPTION", "URL"]
)


@pytest.fixture
def browser():
    return Browser()


def read_by_ical_js(*texts: str) -> list[list[dict]]:
    """What ical.js reads in each of these calendars."""
    from tools import FOLDER

    need_judge("ical.js")
    if not shutil.which("node"):
        missing("Node is not installed: with Debian, apt-get install nodejs.")
    module = Path(FOLDER, "ical.js", "dist", "ical.js").as_uri()
    command = ["node", str(JUDGE), module]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def in_categories(component) -> list[str]:
    found = component["CATEGORIES"]
    return [str(name) for each in (found if isinstance(found, list) else [found]) for name in each.cats]


def by_uid(components) -> dict[str, str]:
    return {str(part["UID"]).partition("@")[0]: part.name for part in components}


def test_a_calendar_holds_the_visits_of_the_list_with_the_same_parameters(browser):
    for start, end in (("2015", "2015"), ("2016-02", ""), ("", "2017-03-01"), ("2018-05-29", "2018-06-01")):
        make_edition(State.PUBLISHED, start=start, end=end)
    make_edition(State.PUBLISHED, country=norway())
    make_edition(State.DRAFT, country=norway())

    assert sorted(ics(browser)) == ["denmark-2015", "denmark-2016", "denmark-2017", "denmark-2018", "norway-2018"]
    assert sorted(ics(browser, "country=dnk&year=2016&year=2018")) == ["denmark-2016", "denmark-2018"]
    assert ics(browser, "q=norway&page_size=1") == ["norway-2018"]
    assert ics(browser, "kind=regional") == []
    assert browser.get("/visits.ics").headers["X-Total-Count"] == "5"


def test_an_event_has_whole_days_and_ends_on_the_day_after(browser):
    edition = make_edition(State.PUBLISHED, title="A visit; to see, and to hear")
    edition = make_next_edition(edition)

    (event,) = calendar(browser, "/visits.ics")
    ((same,),) = read_by_ical_js(fetched(browser, "/visits.ics", "text/calendar"))

    assert event.name == "VEVENT"
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (date(2018, 5, 29), date(2018, 6, 2))
    assert event["UID"] == f"{edition.visit.uid}@cted-visits-register"
    assert event["SEQUENCE"] == 2
    published_at = edition.published_at.replace(microsecond=0)
    assert event["DTSTAMP"].dt == event["LAST-MODIFIED"].dt == published_at
    assert (event["SUMMARY"], event["LOCATION"]) == ("A visit; to see, and to hear", "Denmark")
    assert event["URL"] == f"{ORIGIN}/visits/denmark-2018/"
    assert in_categories(event) == ["focused visit"]
    assert event["DESCRIPTION"] == (
        f"What the visit was about.\n\nDenmark: 29 May to 1 June 2018\n\n{ORIGIN}/visits/denmark-2018/editions/2/"
    )
    assert (same["component"], same["dtstart"], same["dtend"], same["days"]) == (
        "vevent",
        "2018-05-29",
        "2018-06-02",
        4,
    )
    assert (same["uid"], same["summary"], same["sequence"]) == (event["UID"], event["SUMMARY"], "2")


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2018", "2018", "2018"),
        ("2018-05", "2018-05", "May 2018"),
        ("2018-05-29", "2018-06", "29 May 2018 to June 2018"),
        ("2018-05", "2018-06-01", "May 2018 to 1 June 2018"),
        ("2018-05-29", "", "from 29 May 2018; end not recorded"),
        ("", "2018-06-01", "ended 1 June 2018"),
    ],
)
def test_where_a_bound_is_not_known_to_the_day_no_day_is_told(browser, start, end, words):
    make_edition(State.PUBLISHED, start=start, end=end)

    (entry,) = calendar(browser, "/visits.ics")
    ((same,),) = read_by_ical_js(fetched(browser, "/visits.ics", "text/calendar"))

    assert (entry.name, same["component"]) == ("VJOURNAL", "vjournal")
    assert not {"DTSTART", "DTEND", "DUE", "DURATION", "LOCATION"} & set(entry)
    assert not {"dtstart", "dtend", "due", "duration"} & set(same)
    assert f"\n\nDenmark: {words}\n\n" in entry["DESCRIPTION"]
    assert same["description"] == entry["DESCRIPTION"]


def test_each_dated_part_is_a_component_that_keeps_its_identifier(browser):
    def more_parts(edition):
        Segment.objects.create(edition=edition, modality="virtual", start="2018-07", end="2018-07", position=2)
        Segment.objects.create(edition=edition, modality="virtual", start="2018-08-01", end="2018-08-01", position=3)

    edition = make_edition(State.PUBLISHED, fill=more_parts)
    _first, second, third = edition.segments.order_by("position")

    parts = calendar(browser, "/visits.ics")

    expected = {str(edition.visit.uid): "VEVENT", str(second.uid): "VJOURNAL", str(third.uid): "VEVENT"}
    assert by_uid(parts) == expected
    assert parts[2]["DTEND"].dt == date(2018, 8, 2)
    assert ics(browser) == ["denmark-2018"]

    def now_known(fresh):
        part = fresh.segments.get(uid=second.uid)
        part.start, part.end = "2018-07-02", "2018-07-03"
        part.save()

    make_next_edition(edition, fill=now_known)

    assert by_uid(calendar(browser, "/visits.ics")) == expected | {str(second.uid): "VEVENT"}


def test_a_visit_has_a_calendar_of_its_own(browser):
    make_edition(State.PUBLISHED)
    make_edition(State.PUBLISHED, country=norway())

    assert calendar(browser, "/visits/norway-2018.ics") == calendar(browser, "/visits.ics?country=nor")
    assert browser.get("/visits/finland-2018.ics").status == 404


def test_a_withdrawn_visit_is_cancelled_and_nothing_of_it_is_told(browser):
    gone = make_edition(State.PUBLISHED, title="Secret title", summary="Secret", fill=fill_every_part)
    gone = withdraw(gone, "It tells of; another State.")
    partly = withdraw(make_edition(State.PUBLISHED, country=norway(), start="2018", end="2018"))
    today = gone.withdrawn_at.date()

    for address in ("/visits.ics", "/visits.ics?q=norway", "/visits.ics?year=1999"):
        told = {str(part["UID"]): part for part in calendar(browser, address)}
        assert set(told) == {f"{each.visit.uid}@cted-visits-register" for each in (gone, partly)}
        assert all(map(is_cancelled, told.values()))
        # One whose days were known and one whose days were not look the same.
        assert {(part.name, *sorted(part)) for part in told.values()} == {("VEVENT", *CANCELLED)}
    (part,) = calendar(browser, "/visits/denmark-2018.ics")
    assert part == told[f"{gone.visit.uid}@cted-visits-register"]
    assert (part["SUMMARY"], part["DESCRIPTION"]) == ("Record withdrawn", "It tells of; another State.")
    assert (part["DTSTART"].dt, part["SEQUENCE"], part["URL"]) == (today, 1, f"{ORIGIN}/visits/denmark-2018/")
    said = browser.get("/visits.ics").body + browser.get("/visits/denmark-2018.ics").body
    assert not [word for word in ("Secret", "201805", "May", "Copenhagen", "focused") if word in said]
    assert ics(browser) == []
    ((same, _other),) = read_by_ical_js(fetched(browser, "/visits.ics", "text/calendar"))
    assert same["status"] == "CANCELLED"


def test_one_published_again_is_an_event_again_with_a_higher_number(browser):
    withdrawn = withdraw(make_edition(State.PUBLISHED))
    publish_again(withdrawn)

    (event,) = calendar(browser, "/visits.ics")

    assert (event["STATUS"], event["SEQUENCE"]) == ("CONFIRMED", 2)


def test_one_that_became_part_of_another_is_cancelled_too(browser):
    other = make_edition(State.PUBLISHED, country=norway())
    withdraw(make_edition(State.PUBLISHED), consolidated_into=other.visit)

    assert [is_cancelled(part) for part in calendar(browser, "/visits/denmark-2018.ics")] == [True]
    assert ics(browser) == ["norway-2018"]


def test_a_calendar_that_holds_nothing_is_one(browser):
    make_country()
    body = fetched(browser, "/visits.ics?country=dnk", "text/calendar")

    assert [part.name for part in Calendar.from_ical(body).subcomponents] == ["VTIMEZONE"]
    assert [part["component"] for part in read_by_ical_js(body)[0]] == ["vtimezone"]
    assert ics(browser) == []


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_calendar_speaks_its_language_and_says_where_it_does_not(browser, language):
    make_edition(State.PUBLISHED, country=norway(), title="Not translated")
    edition = make_edition(State.PUBLISHED, title="Translated")
    translate(edition, language, texts={"title": f"{language} title"})

    told = {str(part["SUMMARY"]): part for part in calendar(browser, f"/{language}/visits.ics")}

    assert {title: part["SUMMARY"].params["LANGUAGE"] for title, part in told.items()} == {
        "Not translated": "en",
        f"{language} title": language,
    }
    assert told["Not translated"]["URL"] == f"{ORIGIN}/{language}/visits/norway-2018/"
    assert sorted(ics(browser, language=f"{language}/")) == sorted(ics(browser))


def test_what_the_register_showed_on_an_earlier_day_can_be_read_too(browser):
    _first, day = corrected_since(2020)

    (event,) = calendar(browser, f"/visits.ics?as_of={day}")

    assert (event["SUMMARY"], event["SEQUENCE"]) == ("As it was", 1)


@pytest.mark.parametrize("query", ["topc=x", "country=atlantis", "flavour=exact"])
def test_what_cannot_be_answered_is_refused(browser, query):
    answer = browser.get(f"/visits.ics?{query}")

    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")


def calendar_of(title: str, summary: str, name: str) -> str:
    row = visit_row(
        title=Text(title),
        summary=Text(summary),
        topics=[topic(name), topic(f"{name},{name}")],
        parts=[
            DatedPart("2018-05-29", "2018-06-01", "on-site", False, UID),
            DatedPart("2018-05", "", "virtual", False, uuid.UUID(int=7)),
        ],
    )
    gone = Gone(uuid.UUID(int=9), "norway-2018", 3, datetime(2024, 3, 12, 10, 30, tzinfo=UTC), Text(summary))
    return "".join(written([row], [gone], name, Site(ORIGIN, "en")))


def plain(text: str) -> str:
    return held(text).replace("\x7f", "\ufffd")


@given(TEXTS, TEXTS, TEXTS)
def test_whatever_a_text_holds_is_read_as_it_was_written(title, summary, name):
    body = calendar_of(title, summary, name)

    lines = body.encode().split(b"\r\n")
    assert max(map(len, lines)) <= LONGEST
    assert not [line for line in lines if line.translate(None, bytes({*range(9), *range(10, 32), 127})) != line]
    event, entry, gone = Calendar.from_ical(body).subcomponents
    assert [part.name for part in (event, entry, gone)] == ["VEVENT", "VJOURNAL", "VEVENT"]
    assert [str(part.get("SUMMARY", "")) for part in (event, entry)] == [plain(title)] * 2
    assert str(event["DESCRIPTION"]).startswith(plain(summary))
    assert str(gone.get("DESCRIPTION", "")) == plain(summary)
    assert in_categories(event) == list(filter(None, ["focused visit", plain(name), plain(f"{name},{name}")]))


def test_ical_js_reads_the_same():
    texts = []

    # One process reads all of them.
    @settings(max_examples=300, database=None)
    @given(st.tuples(TEXTS, TEXTS, TEXTS))
    def collect(said):
        texts.append(said)

    collect()

    read = read_by_ical_js(*(calendar_of(*said) for said in texts))
    for (title, summary, name), (event, entry, gone) in zip(texts, read, strict=True):
        assert [event.get("summary", ""), entry.get("summary", "")] == [plain(title)] * 2
        assert gone.get("description", "") == plain(summary)
        assert event["categories"] == list(filter(None, ["focused visit", plain(name), plain(f"{name},{name}")]))
        assert (event["days"], gone["status"]) == (4, "CANCELLED")


def test_the_last_day_that_calendars_know_is_in_words():
    row = visit_row(parts=[DatedPart("9999-12-01", "9999-12-31", "on-site", False, UID)])

    assert "BEGIN:VJOURNAL" in "".join(written([row], [], "", Site(ORIGIN, "en")))
