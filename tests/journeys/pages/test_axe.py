"""axe finds no barrier on any type of page, on a phone and on a desktop, light and dark."""

from itertools import product

import pytest

from tests.pages import LANGUAGES, TYPES, address, combinations

from ..conftest import patient

pytestmark = pytest.mark.browser

VIEWS = list(product(("light", "dark"), (320, 1440)))


@pytest.fixture(scope="module")
def pages(chromium, site):
    """A page for each view, which keeps what all pages share. axe measures with inline styles of its own."""
    opened = {
        (scheme, width): patient(
            chromium.new_page(
                base_url=site.url, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True
            )
        )
        for scheme, width in VIEWS
    }
    yield opened
    for page in opened.values():
        page.close()


def test_any_two_choices_meet():
    judged = {(name, language, *view) for name in TYPES for language, view in combinations(name, VIEWS)}
    choices = [TYPES, LANGUAGES, ("light", "dark"), (320, 1440)]

    for first, second in ((a, b) for a in range(4) for b in range(a)):
        met = {(one[first], one[second]) for one in judged}
        assert met == set(product(choices[first], choices[second]))


@pytest.mark.parametrize("name", TYPES)
def test_axe_finds_no_barrier(pages, barriers, name):
    found = []
    for language, (scheme, width) in combinations(name, VIEWS):
        page = pages[scheme, width]
        page.goto(address(name, language))
        found += [f"{language}, {scheme}, {width} pixels: {barrier}" for barrier in barriers(page)]

    assert found == [], "\n".join(found)
