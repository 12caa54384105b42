"""Shared by every test."""

import pytest

from visits.catalogue import names


@pytest.fixture(autouse=True)
def no_names_of_another_test():
    names.forget()
