"""No visitor can leave a page in the cache for others that they did not ask for, or split it by a header."""

from io import BytesIO

import pytest
from django.test import Client, override_settings

from tests.crawler import Browser, routes
from tests.examples import fill_every_part
from tests.factories import make_edition, make_next_edition, make_user
from tests.fuzzing import FORGED
from visits.enums import Role, State

pytestmark = pytest.mark.django_db

FORWARDED = {
    "HTTP_X_FORWARDED_HOST": FORGED,
    "HTTP_X_FORWARDED_PROTO": "https",
    "HTTP_X_FORWARDED_PORT": "8443",
    "HTTP_X_FORWARDED_FOR": "192.0.2.1",
    "HTTP_X_FORWARDED_PREFIX": f"//{FORGED}",
    "HTTP_X_FORWARDED_SSL": "on",
    "HTTP_FRONT_END_HTTPS": "on",
    "HTTP_FORWARDED": f"host={FORGED};proto=https",
    "HTTP_X_HOST": FORGED,
    "HTTP_X_ORIGINAL_URL": "/admin/",
    "HTTP_X_REWRITE_URL": "/admin/",
    "HTTP_X_HTTP_METHOD_OVERRIDE": "DELETE",
    "HTTP_ORIGIN": f"https://{FORGED}",
    "HTTP_REFERER": f"https://{FORGED}/",
}
WANTED = {
    "HTTP_ACCEPT": "application/json, text/csv;q=0.5, */*;q=0.1",
    "HTTP_ACCEPT_LANGUAGE": "ar",
    "HTTP_ACCEPT_ENCODING": "br, zstd, deflate",
    "HTTP_ACCEPT_CHARSET": "utf-16",
    "HTTP_HX_REQUEST": "true",
    "HTTP_X_REQUESTED_WITH": "XMLHttpRequest",
    "HTTP_AUTHORIZATION": "Basic eDp4",
    "HTTP_USER_AGENT": f"<{FORGED}>",
}
A_PART = {
    "HTTP_RANGE": "bytes=0-9",
    "HTTP_IF_NONE_MATCH": '"another"',
    "HTTP_IF_MODIFIED_SINCE": "Fri, 01 Jan 2100 00:00:00 GMT",
    "CONTENT_TYPE": "application/x-www-form-urlencoded",
    "CONTENT_LENGTH": "12",
}
# What of a page's own address an example is.
VALUES = {"slug": "denmark-2018", "number": 1, "uid": "", "key": "", "share": 0, "name": "SHA256SUMS"}
SAME = ("ETag", "Content-Type", "Content-Language", "Content-Encoding", "Content-Disposition", "Vary", "Link")
KEYS = {"country": "dnk", "topic": "topic-0", "resolution": 1373, "body": "body-0"}


@pytest.fixture
def addresses():
    """Every public address of the URL configuration, of an edition that has everything."""
    edition = make_edition(State.PUBLISHED, fill=fill_every_part)
    make_next_edition(edition, title="Corrected")
    found = []
    for route in routes():
        if not route.text.startswith(("/admin/", "/accounts/")):
            key = KEYS.get(route.name.removeprefix("api-"), "")
            found.append(route.fill(VALUES | {"key": key, "uid": edition.findings.get().uid}))
    return [*found, "/favicon.ico", "/visits/?topic=topic-0&sort=oldest"]


def is_kept(answer) -> bool:
    """Workbooks are kept too, and hold the second in which they were made."""
    is_workbook = answer.address.endswith(".xlsx")
    return answer.status == 200 and answer.headers.get("ETag", "").startswith("W/") and not is_workbook


def signed_in() -> dict:
    """The cookies of an editor who has chosen a language and has a message waiting."""
    client = Client()
    client.force_login(make_user(Role.EDITOR))
    cookies = {name: morsel.value for name, morsel in client.cookies.items()}
    cookies |= {"csrftoken": "a" * 32, "django_language": "ar", "messages": "x"}
    return {"HTTP_COOKIE": "; ".join(f"{name}={value}" for name, value in cookies.items())}


def told(answer) -> tuple:
    """What is the same of every answer to one question."""
    return answer.status, answer.content, *(answer.headers.get(name) for name in SAME)


def test_no_header_and_no_method_of_one_visitor_changes_what_the_next_one_reads(addresses):
    kinds = (FORWARDED | WANTED | signed_in(), A_PART | {"REQUEST_METHOD": "HEAD"})
    fresh = {address: answer for address in addresses if is_kept(answer := Browser().get(address))}

    assert len(fresh) > 50
    for headers in kinds:
        browser = Browser()
        for address, answer in fresh.items():
            browser.get(address, **{"wsgi.input": BytesIO(b"q=elsewhere&")} | headers)
            assert told(browser.get(address)) == told(answer), headers
            assert FORGED not in answer.everything


def tag(query: str = "", **headers) -> str | None:
    return Browser().get(f"/visits/?{query}", **headers).headers.get("ETag")


def test_a_header_splits_no_page_where_no_proxy_is_expected(db):
    assert tag(HTTP_X_FORWARDED_PROTO="anything") == tag(HTTP_X_FORWARDED_PROTO="https") == tag()


@override_settings(SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"))
def test_behind_a_proxy_there_are_two_schemes_and_no_more(db):
    encrypted, plain = tag(HTTP_X_FORWARDED_PROTO="https"), tag(HTTP_X_FORWARDED_PROTO="http")

    assert encrypted != plain == tag()
    assert tag(HTTP_X_FORWARDED_PROTO="https, http") == tag(HTTP_X_FORWARDED_PROTO=" https ,x") == encrypted
    assert tag(HTTP_X_FORWARDED_PROTO="anything") == tag(HTTP_X_FORWARDED_PROTO="HTTPS") == plain


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("page_size=1&page_size=2", "page_size=2&page_size=1"),
        ("page_size=1&%70age_size=2", "%70age_size=2&page_size=1"),
        # The same characters as bytes of UTF-8, and as letters that stand for these bytes.
        ("q=Cura\xc3\xa7ao", "q=Cura%C3%83%C2%A7ao"),
        ("q=%ff", "q=%fe"),
        ("q=a%26sort=oldest", "q=a&sort=oldest"),
        ("q=a%00", "q=a"),
    ],
)
def test_questions_with_different_answers_share_no_page(first, second, db):
    make_edition(State.PUBLISHED, title="Visit one")
    make_edition(State.PUBLISHED, title="Visit two", start="2019", end="2019")
    browser = Browser()
    browser.get(f"/visits/?{first}")

    assert browser.get(f"/visits/?{second}").content == Browser().get(f"/visits/?{second}").content


@pytest.mark.parametrize(
    "host", [FORGED, f"127.0.0.1.{FORGED}", f"{FORGED}#127.0.0.1", f"127.0.0.1@{FORGED}", f"127.0.0.1:80,{FORGED}", ""]
)
def test_a_host_that_is_not_ours_is_refused_not_kept_and_not_repeated(db, host):
    browser = Browser()

    answer = browser.get("/visits/", HTTP_HOST=host, HTTP_X_FORWARDED_HOST="127.0.0.1")

    assert answer.status == 400
    assert FORGED not in answer.everything
    assert not browser.application.pages


def test_what_is_kept_for_one_of_our_names_is_not_shown_under_another(db):
    browser = Browser()
    ours = browser.get("/visits/", HTTP_HOST="localhost:8000")

    assert "//localhost:8000/visits/" in ours.body
    assert "localhost" not in browser.get("/visits/").body
