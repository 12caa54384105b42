"""Nothing that anybody asks breaks the site or comes back as markup: the small run of `make fuzz`."""

import pytest

from tests.crawler import Answer
from tests.fuzzing import Fuzzing, Request, fill, wrong
from tests.register import undone

SEED, REQUESTS = 20, 700


@pytest.fixture(scope="module")
def fuzzing(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        fill()
        yield Fuzzing()


def test_no_request_breaks_the_site_or_is_reflected(fuzzing):
    fuzzing.run(SEED, range(REQUESTS))

    assert not fuzzing.failures, "\n".join(fuzzing.failures)
    assert fuzzing.outcomes.total() == REQUESTS
    asked = {route for route, _outcome in fuzzing.outcomes}
    assert asked == {route.name for route in fuzzing.universe.routes}
    assert {200, 400, 404, 405} <= {outcome for _route, outcome in fuzzing.outcomes}


def test_a_request_follows_from_its_seed_and_its_number(fuzzing):
    assert fuzzing.universe.request(SEED, 7) == fuzzing.universe.request(SEED, 7)
    assert fuzzing.universe.request(SEED, 7) != fuzzing.universe.request(SEED + 1, 7)


HTML, XML, JSON = "text/html; charset=utf-8", "application/atom+xml", "application/json"
GUARDED = {"X-Content-Type-Options": "nosniff"}


@pytest.mark.parametrize(
    ("path", "status", "media", "body", "more", "said"),
    [
        ("/visits/", 500, HTML, "", {}, "an error of ours"),
        ("/visits/", 200, HTML, "<p><x-fuzz-1>", {}, "markup is reflected"),
        ("/visits/", 200, HTML, '<p class="" x-fuzz-1="">', {}, "becomes a part of the page"),
        ("/visits/", 200, HTML, '<a href="javascript:x-fuzz-1">', {}, "becomes a part of the page"),
        ("/visits/", 200, HTML, '<a href="/\\x-fuzz-1.example">', {}, "becomes a part of the page"),
        ("/visits.atom", 200, XML, "<feed>&</feed>", {}, "is not XML"),
        ("/visits.atom", 200, XML, "<feed>\x01</feed>", {}, "is not XML"),
        ("/visits.json", 200, JSON, '"<x-fuzz-1>"', {"X-Content-Type-Options": ""}, "take it for something else"),
        ("/visits/", 301, HTML, "", {"Location": "https://x-fuzz-1.example/"}, "leads away"),
        ("/visits/", 301, HTML, "", {"Location": "//x-fuzz-1.example/"}, "leads away"),
        ("/visits/", 200, HTML, "", {"X-Name": "a\r\nb"}, "the header X-Name"),
        ("/visits/", 200, HTML, "https://forged.example/", {}, "its own name from a header"),
        ("/visits.csv", 400, HTML, "", {}, "refuses a program"),
        ("/api/v1/nothing/", 404, HTML, "", {}, "refuses a program"),
    ],
)
def test_what_is_not_as_promised_is_noticed(path, status, media, body, more, said):
    answer = Answer(path, status, {"Content-Type": media} | GUARDED | more, body.encode())

    found = wrong(Request(1, "visits", path), answer)

    assert said in "; ".join(found)


@pytest.mark.parametrize(
    ("path", "status", "media", "body"),
    [
        ("/visits/", 404, HTML, '<a href="?q=x-fuzz-1">&lt;x-fuzz-1&gt;'),
        ("/visits.json", 200, JSON, '"<x-fuzz-1>"'),
        ("/visits.csv", 400, "application/problem+json", "{}"),
        ("/nothing.csv", 404, HTML, ""),
    ],
)
def test_what_is_as_promised_is_not_complained_of(path, status, media, body):
    answer = Answer(path, status, {"Content-Type": media} | GUARDED, body.encode())

    assert wrong(Request(1, "visits", path), answer) == []
