"""What programs find at the addresses where they look."""

from datetime import UTC, datetime, timedelta
from urllib.robotparser import RobotFileParser

import pytest

from tests.crawler import Browser

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1"


def fields(text: str) -> dict[str, list[str]]:
    found = {}
    for line in filter(None, text.splitlines()):
        name, _, value = line.partition(": ")
        found.setdefault(name, []).append(value)
    return found


@pytest.mark.parametrize("address", ["/robots.txt", "/.well-known/security.txt"])
def test_it_is_plain_text_that_is_kept_like_a_page(address):
    browser = Browser()
    answer = browser.get(address)

    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    assert browser.get(address, HTTP_IF_NONE_MATCH=answer.headers["ETag"]).status == 304
    assert Browser().get("/ar" + address).status == 404


def test_pages_may_be_crawled_and_what_is_none_may_not():
    text = Browser().get("/robots.txt").body
    rules = RobotFileParser()
    rules.parse(text.splitlines())

    for path in ("/", "/visits/", "/visits/denmark-2018/", "/ar/visits/", "/sitemap.xml", "/static/css/base.css"):
        assert rules.can_fetch("anybody", SITE + path), path
    for path in (
        "/zh-hans/suggestions/",
        "/admin/",
        "/admin/visits/visit/",
        "/accounts/login/",
        "/suggestions/?q=a",
        "/fr/report/?about=/",
    ):
        assert not rules.can_fetch("anybody", SITE + path), path
    # With placeholders, which the parser above does not know: two parameters, and searches.
    assert {"/*?*&", "/*?q="} <= set(fields(text)["Disallow"])
    assert rules.site_maps() == [f"{SITE}/sitemap.xml"]


@pytest.mark.parametrize(
    ("setting", "contact"),
    [
        ("", f"{SITE}/about/"),
        ("mailto:security@example.org", "mailto:security@example.org"),
        ("https://example.org/report?a=1&b=2", "https://example.org/report?a=1&b=2"),
    ],
)
def test_who_found_a_weakness_finds_whom_to_tell(settings, setting, contact):
    settings.SECURITY_CONTACT = setting
    said = fields(Browser().get("/.well-known/security.txt?x=1").body)
    (expires,) = said.pop("Expires")

    assert said == {
        "Contact": [contact],
        "Preferred-Languages": ["en"],
        "Canonical": [f"{SITE}/.well-known/security.txt"],
    }
    left = datetime.fromisoformat(expires) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)
    assert Browser().get("/about/").status == 200
