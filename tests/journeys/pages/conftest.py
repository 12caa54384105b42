"""One site for all judges, which change nothing, and every page of it as it is sent."""

import pytest

from tests.pages import ANSWERS, LANGUAGES, TYPES, address

# What the shipped register does not have: changes to show, an edition and a visit that were taken back.
LIVED_IN = """
from tests.factories import make_next_edition
from visits.editorial import actions
from visits.models import Edition, User
published = Edition.objects.published()
denmark = published.get(visit__slug="denmark-2018")
make_next_edition(denmark, change_note="The title is shorter.", title="Focused visit to Denmark")
belgium = published.get(visit__slug="belgium-2021")
make_next_edition(belgium)
belgium.refresh_from_db()
actions.withhold(belgium, by=User.objects.system(), note="It tells of a minor.")
actions.withdraw(published.get(visit__slug="samoa-2022"), by=User.objects.system(), note="Entered by mistake.")
"""


@pytest.fixture(scope="session")
def site(fresh_site):
    with fresh_site() as running:
        running.run_python(LIVED_IN)
        yield running


@pytest.fixture(scope="session")
def sent(site):
    """The HTML of every type of page in every language: `sent[name, language]`."""
    found = {}
    for name in TYPES:
        for language in LANGUAGES:
            answer = site.get(address(name, language))
            assert answer.status == ANSWERS.get(name, 200), answer.url
            assert answer.headers["content-type"] == "text/html; charset=utf-8", answer.url
            found[name, language] = answer.text
    return found
