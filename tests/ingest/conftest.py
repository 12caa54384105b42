"""The vocabularies of the register, loaded once for the tests that only read with them."""

import io

import pytest
from django.core.management import call_command
from django.db import transaction

from visits.extraction import vocabulary as vocabularies
from visits.management.commands.load_register import REFERENCE


@pytest.fixture(scope="session")
def vocabulary(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_register", *map(str, REFERENCE), stdout=io.StringIO())
        vocabularies.built.cache_clear()
        loaded = vocabularies.load()
        transaction.set_rollback(True)
    vocabularies.built.cache_clear()
    return loaded
