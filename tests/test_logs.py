"""What is logged of a request, and the number that leads from an error page to it."""

import io
import json
import logging

import pytest
from django.test import Client

from cted import logs
from tests.crawler import Browser
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SECRET = "nobody-is-to-read-this"


@pytest.fixture
def lines():
    """What the site would write, as objects."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.JSON())
    handler.addFilter(logs.InRequest())
    root, requests = logging.getLogger(), logging.getLogger("cted.requests")
    root.addHandler(handler)
    requests.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    requests.setLevel(logging.WARNING)


def broken(*args, **kwargs):
    raise RuntimeError("out of order")


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


def test_every_answer_has_a_number_of_its_own(client):
    first, second = (client.get("/topics/").headers["X-Request-ID"] for _ in range(2))

    assert first != second
    assert len(first) == len(second) == 16


@pytest.mark.parametrize("address", ["/visits/", "/ar/visits/", "/visits.csv", "/api/v1/visits/"])
def test_a_fault_of_ours_shows_the_number_under_which_it_is_logged_once(visitor, monkeypatch, lines, address):
    monkeypatch.setattr("visits.catalogue.listing.Listing.__init__", broken)

    answer = visitor.get(address)

    number = answer.headers["X-Request-ID"]
    assert (answer.status_code, number in answer.text) == (500, True)
    (told,) = [line for line in lines() if "traceback" in line]
    assert (told["request_id"], told["level"], told["path"]) == (number, "ERROR", address)
    assert told["traceback"].count("RuntimeError: out of order") == 1


@pytest.mark.parametrize(
    ("proxies", "given", "is_taken"),
    [
        (1, "a-number-of-nginx-7", True),
        (1, "0123456789abcdef" * 4, True),
        (0, "a-number-of-nginx-7", False),
        (1, "short", False),
        (1, "x" * 65, False),
        (1, "<script>alert(1)</script>", False),
        (1, "two\nlines-of-a-log", False),
        (1, "", False),
    ],
)
def test_the_number_of_a_proxy_is_taken_where_there_is_one_and_it_is_one(client, settings, proxies, given, is_taken):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies

    number = client.get("/topics/", headers={"x-request-id": given}).headers["X-Request-ID"]

    assert (number == given) == is_taken


def test_the_number_is_not_kept_with_a_page():
    browser = Browser()

    first, again = browser.get("/topics/"), browser.get("/topics/")

    number = first.headers["X-Request-ID"]
    assert first.body == again.body
    assert "X-Request-ID" not in again.headers
    assert number not in again.everything
    assert "X-Request-ID" not in browser.get("/topics/", HTTP_IF_NONE_MATCH=first.headers["ETag"]).headers


def test_a_line_tells_what_was_asked_and_by_whom_of_the_staff(client, lines):
    user = make_user()
    client.force_login(user)

    answer = client.get("/admin/")

    (told,) = [line for line in lines() if line["logger"] == "cted.requests"]
    assert {name: told[name] for name in ("method", "path", "status_code", "user", "client")} == {
        "method": "GET",
        "path": "/admin/",
        "status_code": 200,
        "user": user.pk,
        "client": "127.0.0.1",
    }
    assert told["request_id"] == answer.headers["X-Request-ID"]
    assert told["duration"] > 0


def test_what_is_refused_is_logged_with_its_number(client, lines):
    answer = client.get("/nothing-here/")

    (told,) = [line for line in lines() if line["logger"] == "django.request"]
    assert (told["status_code"], told["request_id"]) == (404, answer.headers["X-Request-ID"])


def test_nothing_personal_is_logged(visitor, lines, monkeypatch):
    visitor.get(f"/visits/?q={SECRET}", headers={"cookie": f"sessionid={SECRET}", "authorization": SECRET})
    visitor.post(f"/accounts/login/?next=/{SECRET}", {"login": SECRET, "password": SECRET})
    visitor.get(f"/nothing-here/?q={SECRET}", headers={"user-agent": SECRET, "referer": SECRET})
    monkeypatch.setattr("visits.public.views.Listing", broken)
    visitor.get(f"/visits/?q={SECRET}", REMOTE_ADDR="192.0.2.77")

    told = json.dumps(lines())

    assert told.count('"cted.requests"') == 4
    assert [found for found in (SECRET, "192.0.2.77") if found in told] == []


def test_a_name_of_many_lines_is_one_line(lines):
    logging.getLogger("visits").error("first\nsecond")

    assert [line["message"] for line in lines()] == ["first\nsecond"]
