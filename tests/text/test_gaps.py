"""Words taken out of texts, however they are written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.text.gaps import BLACK, GAP, blackened, pattern_of, without, wordings

NAME = "Jens Haarløv"


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Mr Jens Haarløv said", "Mr [redacted] said"),
        ("JENS HAARLØV said", "[redacted] said"),
        ("Jens\nHaarløv, Jens\u00a0 Haarløv", "[redacted], [redacted]"),
        ("<p>Jens <b>Haarløv</b></p>", "<p>[redacted]<b></b></p>"),
        ("<p>Jens&nbsp;Haar<i>løv</i></p>", "<p>[redacted]<i></i></p>"),
        ("Jens Haar\u00adløv", "[redacted]"),
        ("Jens Haarup", "Jens Haarup"),
    ],
)
def test_it_is_found_in_any_case_with_any_white_space_and_through_tags(written, left):
    assert without(pattern_of(NAME), written) == left


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("O'Brien & Sons", "O’Brien &amp; Sons"),
        ("Émile", unicodedata.normalize("NFD", "Émile")),
        (unicodedata.normalize("NFD", "Émile"), "Émile"),
        ("Anne-Marie", "Anne‑Marie"),
        ("金井", "在金井说"),
        ("أحمد سيف", "وأحمد سيف"),
    ],
)
def test_it_is_found_however_its_letters_are_written(text, written):
    assert GAP in without(pattern_of(text), written)


def test_the_longest_wording_goes_first():
    assert wordings(" Haarløv \n\nJens  Haarløv\n") == ["Jens Haarløv", "Haarløv"]
    assert without(pattern_of("Haarløv\nJens Haarløv"), "Jens Haarløv and Haarløv") == "[redacted] and [redacted]"


def test_signs_of_regular_expressions_are_plain_text():
    assert without(pattern_of("a.b (c)*"), "a.b (c)* and axb ccc") == "[redacted] and axb ccc"


@given(st.text(), st.text(min_size=1), st.text())
def test_a_blackened_text_keeps_its_length_and_lines(before, name, after):
    if not wordings(name):
        return
    text = f"{before}{name}{after}"
    black = blackened(pattern_of(name), text)

    assert len(black) == len(text)
    assert [at for at, char in enumerate(black) if char == "\n"] == [at for at, char in enumerate(text) if char == "\n"]
    assert BLACK in black
    assert not pattern_of(name).search(without(pattern_of(name), text).replace(GAP, "\0"))
