"""No page of another site can make a browser change anything here, or show ours inside its own."""

import re

import pytest
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from tests.crawler import routes
from tests.factories import make_edition
from tests.register import everything
from visits.enums import State

from .conftest import METHODS

pytestmark = pytest.mark.django_db


def views(resolver=None):
    """Each view of the URL configuration with the name of its route."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from views(pattern)
        else:
            yield pattern.name or str(pattern.pattern), pattern.callback


def test_only_what_reads_no_session_does_without_a_token():
    """Open data takes nothing in; the report of an error has a token and an origin of its own."""
    without = {name for name, view in views() if getattr(view, "csrf_exempt", False)}

    by_name = {route.name: route.text for route in routes()}
    assert "report" in without
    assert [name for name in without if not by_name[name].startswith(("/api/", "/report/"))
            and "." not in name and name not in ("bundle", "catalog", "mfa_login_webauthn")] == []  # fmt: skip


def test_nobody_is_made_to_do_anything_by_a_form_without_a_token(told):
    assert len(told.forged) > 200
    assert {key: status for key, status in told.forged.items() if status != 403} == {}
    assert told.is_unchanged


def test_a_token_of_another_visitor_does_not_help():
    forged, client = Client(), Client(enforce_csrf_checks=True)
    page = forged.get("/accounts/login/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    client.get("/accounts/login/")

    assert client.post("/accounts/login/", {"login": "a", "csrfmiddlewaretoken": token}).status_code == 403


@pytest.mark.parametrize("method", METHODS)
def test_what_is_public_takes_nothing_in(method):
    make_edition(State.PUBLISHED)
    before, client = everything(), Client(enforce_csrf_checks=True)

    answers = {}
    for route in routes():
        if not route.text.startswith(("/admin/", "/accounts/")) and route.name != "report":
            values = dict.fromkeys(route.parameters, 1) | {"slug": "denmark-2018", "key": "dnk", "name": "x"}
            values["uid"] = "00000000-0000-0000-0000-000000000000"
            answers[route.text] = getattr(client, method)(route.fill(values)).status_code

    assert {path: status for path, status in answers.items() if status not in (403, 404, 405)} == {}
    assert everything() == before


def test_nothing_is_done_by_a_link(told):
    """What GET asks for is only shown: links and images of other sites cannot do it either."""
    assert told.is_unchanged
    assert len(told.staff) > 100


def test_no_page_can_be_framed(told):
    framed = {
        path
        for path, answer in told.answers.items()
        if answer.headers.get("X-Frame-Options") != "DENY"
        or "frame-ancestors 'none'" not in answer.headers.get("Content-Security-Policy", "")
    }

    assert framed == set()
