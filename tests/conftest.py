"""Shared by every test."""

import pytest

from visits.catalogue import facets, names, search, vocabulary


@pytest.fixture(autouse=True)
def _nothing_kept():
    """What a process keeps of the register is of another test's rows."""
    for kept in (facets, names, search.matches, vocabulary):
        kept.forget()
