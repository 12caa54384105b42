"""What is answered while the database is away."""

import csv
import io
import json

import pytest
from django.db import InterfaceError, OperationalError
from icalendar import Calendar

from tests.catalogue.test_caching import Visitor
from tests.crawler import Browser
from visits.catalogue.generations import Unreadable
from visits.opendata.answers import streamed

ADDRESSES = {"/visits/": "en", "/fr/visits/": "fr", "/ar/": "ar", "/admin/": "en", "/no-such-page/": "en"}
FOR_PROGRAMS = ("/api/v1/visits/", "/visits.csv", "/visits/denmark-2018.json", "/fr/visits.atom", "/data/bundle/x.zip")


class Away(Browser):
    """The site whose database cannot be read: whoever asks it here, with no database for this test, fails the test."""

    def __init__(self):
        super().__init__()
        self.application.generation = self.generation

    def generation(self):
        raise Unreadable(None)


@pytest.mark.parametrize(("address", "language"), ADDRESSES.items())
def test_people_get_a_page_in_their_language_that_asks_them_to_come_back(address, language):
    answer = Away().get(address)
    headers = {name.lower(): value for name, value in answer.headers.items()}

    assert (answer.status, headers["retry-after"], headers["content-language"]) == (503, "10", language)
    assert f'<html lang="{language}"' in answer.body
    assert "no-store" in headers["cache-control"]
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("address", FOR_PROGRAMS)
def test_programs_get_a_problem(address):
    answer = Away().get(address)
    headers = {name.lower(): value for name, value in answer.headers.items()}

    assert (answer.status, headers["content-type"]) == (503, "application/problem+json")
    assert (json.loads(answer.body)["code"], headers["retry-after"]) == ("unavailable", "10")


def test_whoever_watches_the_site_is_told_so():
    assert Away().get("/healthz").status == 200
    ready = Away().get("/readyz")
    assert (ready.status, json.loads(ready.body)["status"]) == (503, "unready")


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
@pytest.mark.parametrize("address", ["/visits/", "/api/v1/topics/"])
def test_what_fails_in_the_middle_is_answered_in_the_same_way(client, monkeypatch, address, error):
    def fail(*args, **options):
        raise error("The connection was lost.")

    client.raise_request_exception = False
    monkeypatch.setattr("django.db.backends.base.base.BaseDatabaseWrapper.cursor", fail)

    answer = client.get(address)

    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


def test_a_file_of_which_nothing_was_sent_yet_is_refused_as_a_whole():
    told = []

    def application(environ, start_response):
        told.append(environ["cted.away"])
        start_response("503 Service Unavailable" if told[-1] else "200 OK", [])
        return [b"refused"] if told[-1] else breaking()

    assert Visitor(application).get()[::2] == ("503 Service Unavailable", b"refused")
    assert told == [False, True]


def test_a_file_that_has_begun_is_never_ended_as_if_it_were_whole():
    def application(environ, start_response):
        start_response("200 OK", [])
        return breaking()

    with pytest.raises(OperationalError):
        Visitor(application, max_bytes=8).get()


def breaking():
    yield b"a part"
    raise OperationalError("The connection was lost.")


@pytest.mark.parametrize(
    ("begun", "read"),
    [
        ('slug,title\r\na,"b"\r\n', lambda text: list(csv.reader(io.StringIO(text, newline=""), strict=True))),
        ('{"results": [{"slug": "a"},', json.loads),
        ('{"results": [{"slug": "a"}', json.loads),
        ("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nEND:VEVENT\r\n", Calendar.from_ical),
    ],
)
def test_a_file_that_is_cut_off_cannot_be_taken_for_a_whole_one(begun, read):
    def parts():
        yield begun
        raise OperationalError("The connection was lost.")

    sent = iter(streamed(parts(), "text/plain", "visits", 2))
    text = (next(sent) + next(sent)).decode()
    with pytest.raises(OperationalError):
        next(sent)

    assert "cut off" in text
    with pytest.raises((csv.Error, ValueError)):
        read(text)
