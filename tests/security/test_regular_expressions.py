"""No text makes a pattern look at it again and again: twice as long a text takes about twice as long, or is cut off."""

import importlib
import pkgutil
import re
import time
from urllib.parse import quote

import pytest
import regex

import cted
import visits
from tests.crawler import Browser
from tests.factories import make_edition
from tests.hanging import Hung, patiently
from visits.catalogue import filters
from visits.enums import State
from visits.extraction import extract, phrases, vocabulary
from visits.ingest.readers import text as normal
from visits.public import views

# A hang guard: each of these takes milliseconds where nothing is wrong.
PATIENCE = 60
# Of what patterns look for, long rows.
PIECES = (
    *(
        "a",
        "A",
        "1",
        " ",
        "\n",
        "\t",
        ".",
        "-",
        "_",
        "/",
        "(",
        '"',
        "“",
        "'",
        ",",
        ":",
        "|",
        "<",
        "&",
        "\\",
        "é",
        "З",
        "ا",
    ),
    *(
        "中",
        "\u0301",
        "a ",
        "a-",
        "a,",
        "A. ",
        "1 ",
        "1,",
        "a.b",
        "a/b",
        "Aa ",
        "(a",
        "2018-05-29 ",
        "1 May 2018, ",
        "年",
    ),
    *(
        "S/RES/",
        "resolution ",
        "Mr. A. ",
        "в ",
        "و",
        "<li>",
        "</li>\n",
        "<meta charset=",
        '-"',
        "\r\n",
        " \n ",
        "* ",
        "##",
    ),
)
# Rules look at a sentence at a time, which is cut off at some thousands; a pattern that tries every way to share out a
# row would not come to an end with this many.
LENGTH = 200


def modules():
    for package in (visits, cted):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            # Migrations are done once, the others are programs.
            if ".migrations" not in found.name and not found.name.endswith((".worker", ".wsgi")):
                yield importlib.import_module(found.name)


def patterns_in(value):
    if isinstance(value, (re.Pattern, regex.Pattern)):
        yield value
    elif isinstance(value, (list, tuple, set, frozenset, dict)):
        for each in value.values() if isinstance(value, dict) else value:
            if each is not value:
                yield from patterns_in(each)


def patterns() -> dict[tuple, re.Pattern]:
    """Every pattern that a module keeps, and those of English that the rules look for."""
    kept = [vars(module)[name] for module in modules() for name in vars(module) if name.isupper()]
    found = [*patterns_in(kept), *phrases.of("en").patterns.values()]
    return {(pattern.pattern, pattern.flags): pattern for pattern in found}


def finds_an_end(pattern, piece: str) -> bool:
    """Whether the pattern is done with a row of these pieces that ends the wrong way, before patience is."""
    text = (piece * LENGTH)[:LENGTH] + "\x00"
    said = text.encode() if isinstance(pattern.pattern, bytes) else text
    # One of the two libraries cannot be interrupted from outside.
    limit = {"timeout": PATIENCE} if isinstance(pattern, regex.Pattern) else {}
    begun = time.process_time()
    try:
        with patiently(PATIENCE):
            sum(1 for _found in pattern.finditer(said, **limit))
    except (TimeoutError, Hung):
        return False
    return time.process_time() - begun < 2


def test_no_pattern_explodes():
    found = patterns()

    assert len(found) > 200
    assert [
        (key[0], piece) for key, pattern in found.items() for piece in PIECES if not finds_an_end(pattern, piece)
    ] == []


@pytest.mark.parametrize("library", [re, regex])
def test_one_that_does_would_be_noticed(library, monkeypatch):
    monkeypatch.setattr(f"{__name__}.PATIENCE", 1)

    assert not finds_an_end(library.compile(r"(a|aa)+$"), "a")
    assert finds_an_end(library.compile(r"a+$"), "a")


def test_a_release_is_read_however_its_text_goes_on(db):
    known = vocabulary.load()
    for piece in PIECES:
        # Rows of marks are refused before, see tests/ingest/test_readers.py.
        length = {"\u0301": 0, ".": 20_000, "A. ": 20_000, "Mr. A. ": 20_000}.get(piece, 3000)
        begun = time.process_time()
        with patiently(PATIENCE, piece):
            extract.extract(normal.normalise(f"A{(piece * length)[:length]}x"), known, {})
        # Some tenths of a second; what was tried from each place again took eight.
        assert time.process_time() - begun < 3, piece


def test_a_search_is_answered_however_long_it_is(db):
    make_edition(State.PUBLISHED)
    browser = Browser()

    for piece in PIECES[::8]:
        asked = f"q={quote((piece * 40_000)[:40_000])}"
        with patiently(PATIENCE, piece):
            answers = [
                browser.get(path, QUERY_STRING=asked) for path in ("/visits/", "/suggestions/", "/api/v1/visits/")
            ]
        assert {answer.status for answer in answers} <= {200, 400}


def test_what_is_typed_is_cut_off_before_it_is_looked_for():
    assert views.LONGEST_QUESTION <= 1000
    assert filters.VisitFilterSet.base_filters["q"].field.max_length <= 1000
