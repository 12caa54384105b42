"""What a spreadsheet would take for a formula is guarded, and comes back as it was; what no cell holds is replaced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.text.spreadsheets import guarded, held, unguarded


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_what_a_spreadsheet_would_calculate_gets_an_apostrophe(text):
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Denmark", "1 = 1", "'Abd al-Rahman", "2018-05-29"])
def test_any_other_text_stays_as_it_is(text):
    assert guarded(text) == unguarded(text) == text


@given(st.text(alphabet="'=+-@\t\ra") | st.text())
def test_every_text_comes_back(text):
    assert unguarded(guarded(text)) == text
    assert not guarded(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_what_xml_cannot_hold_is_replaced_and_line_ends_are_one():
    assert held("a\x07\ufffeb\r\nc\rd\te") == "a\ufffd\ufffdb\nc\nd\te"
