"""How much a page weighs: what a phone on a slow line has to fetch before anything of it can be read."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from visits.catalogue import facets, vocabulary

MOST = 60_000
LANGUAGES = ["", "/ar", "/zh-hans", "/fr", "/ru", "/es"]
PAGES = [
    "/",
    "/visits/",
    "/countries/",
    "/topics/",
    "/resolutions/",
    "/bodies/",
    "/findings/",
    "/statistics/",
    "/visits/denmark-2018/",
]


@pytest.fixture(scope="module")
def weights(django_db_setup, django_db_blocker):
    """The bytes of each page of the register as it is shipped: it takes seconds to load."""
    client, found = Client(), {}
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_register", verbosity=0)
        facets.forget()
        vocabulary.forget()
        for page in PAGES:
            answers = {prefix + page: client.get(prefix + page) for prefix in LANGUAGES}
            assert {answer.status_code for answer in answers.values()} == {200}, page
            found[page] = {address: len(answer.content) for address, answer in answers.items()}
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_weighs_no_more_than_the_budget_in_any_language(weights, page):
    assert {address: bytes_ for address, bytes_ in weights[page].items() if bytes_ > MOST} == {}
