"""Lighthouse gives the pages that most links lead to full marks, as a phone has them."""

import pytest

from bench.lighthouse import PAGES, marks

from ..conftest import need_judge

pytestmark = pytest.mark.browser

CATEGORIES = ("accessibility", "best-practices", "seo")


@pytest.mark.parametrize("name", PAGES)
def test_lighthouse_gives_full_marks(site, name):
    need_judge("lighthouse")

    given = marks(site.url + PAGES[name], *CATEGORIES)

    assert given.of == dict.fromkeys(CATEGORIES, 100), "\n".join(given.lost)
