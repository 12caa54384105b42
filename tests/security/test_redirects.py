"""Whoever follows a link to this site stays on it, or is told where it leads."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver

from tests.crawler import Browser
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "\t//evil.example",
    "/\n/evil.example",
    "https:evil.example",
    "https:///evil.example",
    "http:/\\evil.example",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "https://evil.example\\@testserver/",
    "https://evil.example#@testserver/",
    "javascript:alert(1)//testserver/",
    "data:text/html,<script>alert(1)</script>",
    "/admin/../..//evil.example/",
    "/%09/evil.example",
]
NAMES = ("next", "redirect_to", "return", "return_to", "url", "continue", "redirect", "callback", "goto")
AWAY = re.compile(r"[\x00-\x20]*(?:[a-z][a-z0-9+.-]*:|[\\/][\x00-\x20]*[\\/])", re.I)


def leads_away(location: str) -> bool:
    return bool(AWAY.match(location)) and not location.startswith("http://testserver/")


def test_what_leads_away_is_noticed():
    kept = ("/%09/evil.example", "/admin/../..//evil.example/")

    assert [address for address in ELSEWHERE if not leads_away(address)] == sorted(kept, reverse=True)
    assert not leads_away("/admin/")


@pytest.mark.parametrize("address", ELSEWHERE)
def test_signing_in_and_out_leads_nowhere_else(address):
    author = make_user(password=PASSWORD)
    asked = dict.fromkeys(NAMES, address)
    typed = {"login": author.username, "password": PASSWORD}

    for page in ("/accounts/login/", "/accounts/logout/", "/admin/login/"):
        client = Client()
        if "login" not in page:
            client.force_login(author)
        for answer in (client.get(page, asked), client.post(page, typed | asked)):
            assert not leads_away(answer.headers.get("Location", "")), page
            links = re.findall(r'(?:href|action)="([^"]*)"', answer.text) if answer.status_code == 200 else []
            assert [link for link in links if leads_away(link) and "evil" in link] == []


@pytest.mark.parametrize("start", ["//", "///", "/\\", "/\t/", "/fr//", "/ar/\\", "/zh-hans//", "//fr/"])
@pytest.mark.parametrize("rest", ["evil.example", "evil.example/", "evil.example/..", "evil.example/admin"])
def test_no_address_without_its_stroke_is_led_elsewhere(start, rest):
    """`/admin` and `/visits` are answered with the address that ends in a stroke."""
    answer = Browser().get("", PATH_INFO=f"{start}{rest}")

    assert answer.status in (400, 404) or not leads_away(answer.headers["Location"])


def test_nothing_but_signing_in_is_told_where_to_go_on():
    """A view of our own that takes a place to go to from its request needs a test here."""
    ours = {view.__module__ for view in callbacks() if view.__module__.startswith(("visits", "cted"))}

    sources = {module: open_source(module) for module in ours}
    assert len(sources) > 5
    assert [
        (module, name)
        for module, source in sources.items()
        for name in NAMES
        if re.search(rf"(?:GET|POST)(?:\.get\(|\[)[\"']{name}[\"']", source)
    ] == []


def callbacks(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from callbacks(pattern)
        else:
            yield pattern.callback


def open_source(module: str) -> str:
    import importlib
    import inspect

    return inspect.getsource(importlib.import_module(module))
