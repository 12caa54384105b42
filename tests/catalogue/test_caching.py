"""Pages are kept exactly as long as nothing changed that the public can see."""

import gzip
import itertools

import pytest

from tests.crawler import Browser
from tests.factories import make_edition, make_next_edition
from visits.catalogue.caching import PageCache, release
from visits.editorial import actions
from visits.enums import State
from visits.models import Topic, User


class Application:
    """Counts how often it is asked, and answers as it is told."""

    def __init__(self, status="200 OK", headers=(), body=b"page"):
        self.status, self.headers, self.body, self.asked = status, list(headers), body, []

    def __call__(self, environ, start_response):
        self.asked.append(environ)
        start_response(self.status, [("Content-Type", "text/html"), *self.headers])
        return [self.body]


class Visitor:
    def __init__(self, application, *, generation=lambda: 1, max_bytes=100_000):
        self.cache = PageCache(application, generation=generation, release="r1", max_bytes=max_bytes)

    def get(self, path="/", query="", method="GET", **headers):
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query, "wsgi.url_scheme": "http"}
        answered = []
        body = b"".join(self.cache(environ | {"HTTP_HOST": "127.0.0.1"} | headers, lambda *args: answered.append(args)))
        status, answer_headers = answered[0][:2]
        return status, dict(answer_headers), body


def test_a_page_is_made_once_for_each_generation():
    application, generation = Application(), itertools.chain([1, 1, 2], itertools.repeat(2))
    visitor = Visitor(application, generation=lambda: next(generation))

    tags = [visitor.get()[1]["ETag"] for _ in range(5)]

    assert len(application.asked) == 2
    assert tags[0] == tags[1] != tags[2] == tags[3] == tags[4]


def test_an_unchanged_page_answers_304_without_being_made():
    application = Application()
    tag = Visitor(application).get()[1]["ETag"]
    fresh = Visitor(application)

    status, headers, body = fresh.get(HTTP_IF_NONE_MATCH=f'"other", {tag}')

    assert (status, headers["ETag"], body) == ("304 Not Modified", tag, b"")
    assert len(application.asked) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"path": "/other/"},
        {"query": "topic=gender"},
        {"HTTP_HOST": "localhost"},
        {"wsgi.url_scheme": "https"},
    ],
)
def test_pages_of_different_addresses_are_kept_apart(other):
    application = Application()
    visitor = Visitor(application)

    assert visitor.get()[1]["ETag"] != visitor.get(**other)[1]["ETag"]
    assert len(application.asked) == 2


def test_the_order_of_parameters_makes_no_difference():
    application = Application()
    visitor = Visitor(application)

    visitor.get(query="topic=gender&country=DNK"), visitor.get(query="country=DNK&topic=gender")

    assert len(application.asked) == 1


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        ("404 Not Found", []),
        ("410 Gone", []),
        ("500 Internal Server Error", []),
        ("302 Found", [("Location", "/")]),
        ("200 OK", [("Set-Cookie", "a=b")]),
        ("200 OK", [("Vary", "Cookie")]),
        ("200 OK", [("Cache-Control", "no-store, private")]),
    ],
)
def test_only_whole_public_pages_are_kept(status, headers):
    application = Application(status, headers)
    visitor = Visitor(application)

    answers = [visitor.get() for _ in range(2)]

    assert len(application.asked) == 2
    assert {answer[0] for answer in answers} == {status}
    assert all("ETag" not in answer[1] for answer in answers)


@pytest.mark.parametrize("asked", [{"method": "POST"}, {"path": "/admin/"}, {"path": "/accounts/login/"}])
def test_what_is_not_public_passes_by(asked):
    application = Application()
    visitor = Visitor(application)

    visitor.get(**asked), visitor.get(**asked)

    assert len(application.asked) == 2


def test_head_has_the_headers_of_get_and_no_body():
    application = Application()
    visitor = Visitor(application)

    head, get = visitor.get(method="HEAD"), visitor.get()

    assert head[:2] == get[:2]
    assert (head[2], get[2]) == (b"", b"page")
    assert len(application.asked) == 1


def test_a_page_is_packed_for_whoever_takes_it_packed():
    visitor = Visitor(Application(body=b"page " * 100))

    _, headers, body = visitor.get(HTTP_ACCEPT_ENCODING="gzip, br")

    assert gzip.decompress(body) == b"page " * 100
    assert (headers["Content-Encoding"], headers["Content-Length"]) == ("gzip", str(len(body)))
    assert headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("refused", ["", "br", "gzip;q=0", "br, gzip; q=0.000, identity"])
def test_a_page_is_not_packed_for_whoever_refuses_it_packed(refused):
    visitor = Visitor(Application(body=b"page " * 100))

    assert visitor.get(HTTP_ACCEPT_ENCODING=refused)[2] == b"page " * 100
    assert visitor.get(HTTP_ACCEPT_ENCODING="gzip;q=0.5")[1]["Content-Encoding"] == "gzip"


def test_what_is_kept_stays_within_its_bounds():
    application = Application(body=b"x" * 1000)
    visitor = Visitor(application, max_bytes=5000)

    for number in range(50):
        visitor.get(query=f"page={number}")

    assert sum(page.size for page in visitor.cache.pages.values()) <= 5000
    visitor.get(query="page=49")
    assert len(application.asked) == 50


def test_a_page_that_would_drive_out_most_others_is_made_anew_but_known_again():
    application = Application(body=b"x" * 1500)
    visitor = Visitor(application, max_bytes=5000)

    tags = [visitor.get()[1]["ETag"] for _ in range(2)]

    assert len(application.asked) == 2
    assert visitor.get(HTTP_IF_NONE_MATCH=tags[0])[0] == "304 Not Modified"
    assert (len(application.asked), visitor.cache.pages) == (2, {})


class Long:
    """An answer of ten parts, which tells how many of them are made and whether it was closed."""

    def __init__(self):
        self.made, self.is_closed = 0, False

    def __call__(self, environ, start_response):
        start_response("200 OK", [("Content-Type", "text/csv")])
        return self

    def __iter__(self):
        for number in range(10):
            self.made += 1
            yield b"%d" % number * 1000

    def close(self):
        self.is_closed = True


def asked(application, method: str = "GET") -> tuple[list, object]:
    """What the cache says of an application whose answer is longer than it keeps, and the parts of it."""
    cache, said = PageCache(application, generation=lambda: 1, release="r1", max_bytes=8000), []
    environ = {"REQUEST_METHOD": method, "PATH_INFO": "/visits.csv", "QUERY_STRING": "", "wsgi.url_scheme": "http"}
    return said, cache(environ, lambda *args: said.append(args))


def test_of_a_long_answer_parts_arrive_before_its_end_is_made():
    application = Long()

    said, parts = asked(application)
    arriving = iter(parts)
    first = next(arriving)

    assert said[0][0] == "200 OK"
    assert "ETag" in dict(said[0][1])
    assert application.made == 3
    assert first + b"".join(arriving) == b"".join(b"%d" % number * 1000 for number in range(10))
    assert not application.is_closed
    parts.close()
    assert application.is_closed


def test_who_goes_away_ends_a_long_answer():
    application = Long()
    _said, parts = asked(application)
    next(iter(parts))

    parts.close()

    assert (application.made, application.is_closed) == (3, True)


def test_of_a_long_answer_head_makes_no_more_than_it_takes_to_know_that_it_is_long():
    application = Long()

    said, parts = asked(application, "HEAD")

    assert b"".join(parts) == b""
    assert "ETag" in dict(said[0][1])
    assert (application.made, application.is_closed) == (3, True)


def test_an_answer_that_breaks_is_closed():
    class Broken(Long):
        def __iter__(self):
            yield b"0"
            raise ZeroDivisionError

    application = Broken()
    with pytest.raises(ZeroDivisionError):
        asked(application)

    assert application.is_closed


def test_the_release_changes_with_the_files_it_names(settings, tmp_path):
    settings.BASE_DIR = tmp_path
    (tmp_path / "templates").mkdir()
    before = release()

    (tmp_path / "templates" / "base.html").write_text("<!doctype html>")

    assert release() != before


@pytest.mark.django_db
def test_a_publication_changes_every_surface_at_the_same_instant():
    first = make_edition(State.PUBLISHED, title="First wording")
    browser = Browser()
    pages = ["/", "/visits/", "/visits/denmark-2018/", "/countries/dnk/", "/visits/denmark-2018/editions/1/"]
    kept = {page: browser.get(page) for page in pages}
    assert all("First wording" in answer.body for answer in kept.values())
    assert {browser.get(page, HTTP_IF_NONE_MATCH=answer.headers["ETag"]).status for page, answer in kept.items()} == {
        304
    }

    make_next_edition(first, title="Second wording")

    after = {page: browser.get(page, HTTP_IF_NONE_MATCH=kept[page].headers["ETag"]) for page in pages}
    assert {answer.status for answer in after.values()} == {200}
    assert [page for page in pages[:4] if "Second wording" not in after[page].body] == []
    assert "It was replaced on" in after[pages[4]].body


@pytest.mark.django_db
def test_work_that_the_public_cannot_see_leaves_every_page_as_it_was():
    edition = make_edition(State.PUBLISHED)
    browser = Browser()
    before = browser.get("/visits/").headers["ETag"]

    make_next_edition(edition, State.IN_REVIEW)
    assert browser.get("/visits/").headers["ETag"] == before

    topic = Topic.objects.create(slug="gender", name="Gender")
    with actions.saving_record(topic, by=User.objects.system()):
        topic.name = "Gender equality"
        topic.save()
    assert browser.get("/visits/").headers["ETag"] != before
