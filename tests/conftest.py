"""Shared by every test."""

import pytest

from visits.catalogue import facets, names, search, vocabulary


@pytest.fixture(autouse=True)
def nothing_of_another_test():
    """What a process keeps in memory of the register is of rows that are gone."""
    for kept in (facets, names, search.matches, vocabulary):
        kept.forget()
