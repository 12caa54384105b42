"""A reader reports an error: without an account, a cookie or a script, and nothing that was typed is lost."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.test import Client

from tests.crawler import Browser
from visits.models import ErrorReport
from visits.reporting import forms

pytestmark = pytest.mark.django_db

HOSTILE = """"><script>alert(1)</script>'{{ x }}"""
WRITTEN = {
    "about": "/visits/denmark-2018/",
    "text": "The visit ended on 2 June.",
    "source": "https://example.org/release",
    "email": "reader@example.org",
}


def opened(client, address="/report/") -> dict:
    """What the form holds when it is opened, as a browser would send it."""
    inputs = re.findall(r'<input type="(?:hidden|text)" name="(\w+)" value="([^"]*)"', client.get(address).text)
    return {name: unescape(value) for name, value in inputs}


def send(client, address="/report/", origin="http://testserver", **typed):
    return client.post(address, opened(client, address) | WRITTEN | typed, headers={"origin": origin})


def test_a_report_is_stored_and_the_reader_reads_its_number_and_what_comes_next(client):
    sent = send(client)

    report = ErrorReport.objects.get()
    assert {name: getattr(report, name) for name in WRITTEN} == WRITTEN
    assert (report.state, report.language, report.handled_by) == ("open", "en", None)
    assert sent.status_code == 200
    assert f"<bdi>{report.reference}</bdi>" in sent.text
    assert "What happens next" in sent.text
    assert 'href="/visits/denmark-2018/"' in sent.text


@pytest.mark.parametrize("address", ["/visits/", "/about/", "/countries/", "/visits/?topic=none"])
def test_every_page_leads_to_the_form_which_then_names_it(client, address):
    (link,) = re.findall(r'href="(/report/[^"]*)" rel="nofollow"', client.get(address).text)

    assert opened(client, unescape(link))["about"] == address.partition("?")[0]


def test_it_is_in_the_language_of_the_page(client):
    send(client, "/fr/report/")

    assert ErrorReport.objects.get().language == "fr"


def test_the_page_sets_no_cookie_reads_none_and_is_never_kept(client):
    browser = Browser()
    first, second = browser.get("/report/"), browser.get("/report/", HTTP_COOKIE=f"sessionid={'a' * 32}")

    for page in (first, second):
        assert page.status == 200
        assert "Set-Cookie" not in page.headers
        assert "cookie" not in page.headers.get("Vary", "").lower()
        assert "no-store" in page.headers["Cache-Control"]
        assert "ETag" not in page.headers
    assert first.body != second.body, "Each has a token of its own."
    assert not send(client).cookies


def test_a_strict_check_of_forms_lets_it_pass():
    assert send(Client(enforce_csrf_checks=True)).status_code == 200
    assert ErrorReport.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"text": ""}, "This field is required."),
        ({"text": "x" * 5001}, "at most 5000 characters"),
        ({"source": "x" * 1001}, "at most 1000 characters"),
        ({"about": "/" + "x" * 300}, "at most 300 characters"),
        ({"email": "no address"}, "Enter a valid email address."),
        ({"text": "a\0b"}, "Null characters are not allowed."),
        ({"homepage": "https://spam.example"}, "for programs"),
        ({"token": ""}, "open for longer than a day"),
        ({"token": "made:up:token"}, "open for longer than a day"),
        ({"origin": "https://elsewhere.example"}, "a page of another site"),
        ({"origin": "null"}, "a page of another site"),
    ],
)
def test_what_is_refused_says_why_and_keeps_what_was_typed(client, typed, told):
    refused = send(client, **typed)

    assert refused.status_code == 400
    assert told in refused.text
    assert not ErrorReport.objects.exists()
    kept = WRITTEN | {name: value for name, value in typed.items() if name in WRITTEN}
    assert [value for value in kept.values() if value not in unescape(refused.text)] == []


def test_lines_and_indents_stay_as_they_were_typed(client):
    page = send(client, text="First.\r\n\r\n    Second.", email="no address").text

    field = unescape(re.search(r'<textarea name="text".*?>(.*?)</textarea>', page, re.S)[1])
    # A browser passes over the first line end.
    assert field == "\nFirst.\n\n    Second."


def test_a_form_that_was_open_too_long_is_sent_once_more(client, monkeypatch):
    form = opened(client) | WRITTEN
    monkeypatch.setattr(forms, "LONGEST_OPEN", timedelta(seconds=-1))
    refused = client.post("/report/", form)
    monkeypatch.undo()

    assert refused.status_code == 400
    fresh = re.search(r'name="token" value="([^"]+)"', refused.text)[1]
    assert client.post("/report/", form | {"token": fresh}).status_code == 200


def test_what_is_exactly_as_long_as_it_may_be_is_taken_line_ends_counted_once(client):
    assert send(client, text="x" * 4998 + "\r\ny").status_code == 200
    assert ErrorReport.objects.get().text.endswith("x\ny")


def test_what_is_typed_is_shown_as_text_and_leads_nowhere(client):
    typed = dict.fromkeys(("about", "text", "source", "email"), HOSTILE)

    for page in (client.get("/report/", {"about": HOSTILE}), send(client, **typed), send(client, about=HOSTILE)):
        assert "<script>alert" not in page.text
    for about in ("//elsewhere.example/", "https://elsewhere.example/", "javascript:alert(1)", "/\\elsewhere.example"):
        assert "Back to the page" not in send(client, about=about).text


def test_pressed_twice_it_is_stored_once_and_changed_it_is_another(client):
    form = opened(client) | WRITTEN

    first, again = client.post("/report/", form), client.post("/report/", form)
    other = client.post("/report/", form | {"text": "Something else is wrong too."})

    assert ErrorReport.objects.count() == 2
    numbers = [re.search(r"<bdi>(R-\d+)</bdi>", page.text)[1] for page in (first, again, other)]
    assert numbers[0] == numbers[1] != numbers[2]


def test_too_many_from_one_address_are_refused_and_kept_in_the_form(client):
    for number in range(10):
        assert send(client, text=f"Error {number}").status_code == 200

    refused = send(client, text="One error too many")

    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "Too many reports" in refused.text
    assert "One error too many</textarea>" in refused.text
    assert ErrorReport.objects.count() == 10
    assert send(Client(REMOTE_ADDR="192.0.2.7")).status_code == 200


def test_too_many_from_all_together_are_refused(settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"report": "10/h/ip,3/h/key"}

    answers = [send(Client(REMOTE_ADDR=f"192.0.2.{number}")).status_code for number in range(4)]

    assert answers == [200, 200, 200, 429]


def test_opening_the_form_or_failing_to_fill_it_in_uses_nothing_up(client):
    for _attempt in range(15):
        send(client, text="")

    assert send(client).status_code == 200
