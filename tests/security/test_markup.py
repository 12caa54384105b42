"""A text is a text wherever it is shown: no column of the register can bring an element, an attribute or a script."""

from html import unescape

import pytest
from django.core.exceptions import ValidationError
from django.db import models

from .hostile_register import COLUMNS, NUMBERS
from .markup import MARK, Markup, became_markup

pytestmark = pytest.mark.django_db


def test_no_text_becomes_markup_anywhere(told):
    answers = told.answers.items()
    found = {path: found for path, answer in answers if (found := became_markup(answer.media, answer.body))}

    assert found == {}


def test_what_is_no_page_is_never_taken_for_one(told):
    others = {
        path: answer
        for path, answer in told.answers.items()
        if MARK.search(answer.body) and answer.media != "text/html"
    }

    assert len({answer.media for answer in others.values()}) > 8
    assert [path for path, answer in others.items() if answer.headers.get("X-Content-Type-Options") != "nosniff"] == []
    assert [path for path, answer in others.items() if "svg" in answer.media or not answer.media] == []


def test_every_text_of_the_register_was_shown_somewhere(told):
    """Or else the tests above would hold for what is never looked at."""
    shown = {int(number) for answer in told.answers.values() for number in MARK.findall(unescape(answer.body))}

    assert {(model.__name__, name) for (model, name), number in NUMBERS.items() if number not in shown} == set()
    assert {answer.status for answer in told.answers.values()} <= {200, 302, 400, 403, 404, 405, 410}


@pytest.mark.parametrize(
    "markup",
    [
        "<xm1x>",
        '<p class="" xm1x="">',
        '<img src="/a.png" onerror="a">',
        '<a href="java&#10;script:xm1x">',
        '<a href=" javascript:a">',
        '<iframe srcdoc="a">',
        "<script>xm1x</script>",
        '<script type="application/ld+json">{"a": "xm1x</script>',
        "<!-- xm1x -->",
        '<svg><a xlink:href="data:text/html,a">',
    ],
)
def test_what_became_markup_is_noticed(markup):
    assert Markup(markup).found


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\nscript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "data:text/html,<script>",
        "vbscript:a",
        "//evil.example",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
    ],
)
def test_an_address_that_runs_something_is_refused_wherever_addresses_are_kept(address):
    """By what every way of writing asks: forms, tables, fixtures and what readers find."""
    columns = [field for _model, field in COLUMNS if isinstance(field, models.URLField)]

    assert len(columns) == 3
    for field in columns:
        with pytest.raises(ValidationError):
            field.clean(address, None)
