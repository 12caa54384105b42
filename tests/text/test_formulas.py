"""What a spreadsheet would take for a formula is guarded, and comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visits.text.formulas import guarded, unguarded


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
