"""How much a page weighs: what a phone on a slow line has to fetch before anything of it can be read."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from visits.catalogue import facets, vocabulary

MOST = 60_000
MOST_OF_ASSETS = 120_000
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
    "/accessibility/",
]
# What a browser fetches by itself; a picture for those who share the page is not among it.
FETCHED = re.compile(
    r'<(?:link[^>]* rel="(?:stylesheet|icon|apple-touch-icon)"[^>]* href|(?:script|img)[^>]* src)="([^"]+)"'
)


@pytest.fixture(scope="module")
def answers(django_db_setup, django_db_blocker):
    """Each page of the register as it is shipped, in each language: it takes seconds to load."""
    client, found = Client(), {}
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_register", verbosity=0)
        facets.forget()
        vocabulary.forget()
        for page in PAGES:
            found[page] = {prefix + page: client.get(prefix + page) for prefix in LANGUAGES}
            assert {answer.status_code for answer in found[page].values()} == {200}, page
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_weighs_no_more_than_the_budget_in_any_language(answers, page):
    weights = {address: len(answer.content) for address, answer in answers[page].items()}

    assert {address: bytes_ for address, bytes_ in weights.items() if bytes_ > MOST} == {}


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_fetches_weighs_no_more_than_the_budget_and_is_all_ours(answers, page):
    fetched = FETCHED.findall(answers[page][page].text)

    assert len(fetched) > 5
    assert [address for address in fetched if not address.startswith("/")] == []
    assert sum(file_of(address).stat().st_size for address in fetched) <= MOST_OF_ASSETS


def file_of(address: str) -> Path:
    """What stands at this address, which the web server or whitenoise answers."""
    at_root = settings.WHITENOISE_ROOT / address.removeprefix("/")
    return at_root if at_root.exists() else Path(finders.find(address.removeprefix(settings.STATIC_URL)))
