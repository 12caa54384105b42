"""axe finds nothing on the pages where staff spend their day."""

import pytest

from .test_correction import sign_in
from .test_entering import choose

pytestmark = pytest.mark.browser


@pytest.fixture
def staff(site, view):
    """A page on which that role has signed in."""

    def open_page(role, **options):
        page = view(**options)
        sign_in(page, site.logins[role])
        return page

    return open_page


def open_draft(page):
    """A visit with one row of several kinds, entered and saved."""
    page.goto("/admin/visits/visit/add/")
    choose(page, ".field-country", "Denmark")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Title:", exact=True).first.fill("A visit")
    page.get_by_role("button", name="Add another Period").click()
    page.locator("[name=segments-0-start]").fill("2021-03")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("“A visit” has been saved.").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_sign_in(view, assert_accessible, scheme):
    page = view(color_scheme=scheme)
    page.goto("/admin/")
    assert_accessible(page)

    page.get_by_label("Username").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_text("not correct").wait_for()

    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    "address",
    [
        "/admin/",
        "/admin/visits/visit/",
        "/admin/visits/visit/?q=denmark",
        "/admin/visits/visit/add/",
        "/admin/visits/edition/",
        "/admin/visits/edition/?desk=recent",
        "/admin/visits/edition/1/history/",
        "/admin/visits/edition/1/history/?part=focus&who=system",
        "/admin/visits/edition/1/history/?who=nobody",
        "/admin/visits/edition/1/compare/",
        "/admin/visits/document/",
        "/admin/visits/document/add/",
        "/admin/visits/country/",
        "/admin/visits/topic/1/change/",
        "/admin/visits/topic/1/merge/?into=2",
        "/admin/visits/topic/1/delete/",
        "/admin/visits/user/add/",
        "/admin/visits/event/",
    ],
)
def test_lists_and_the_form_to_add(staff, assert_accessible, address, scheme):
    page = staff("administrator", color_scheme=scheme)
    assert page.goto(address).status == 200

    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_form_of_an_edition_and_the_page_that_confirms_a_step(staff, assert_accessible, scheme):
    page = staff("author", color_scheme=scheme)
    open_draft(page)
    assert_accessible(page)

    page.get_by_role("link", name="Discard").click()
    page.get_by_role("button", name="Discard").wait_for()

    assert_accessible(page)


def test_an_edition_that_is_only_shown(staff, assert_accessible):
    page = staff("author")
    page.goto("/admin/visits/edition/?q=Denmark")
    with page.expect_navigation():
        page.get_by_role("link", name="CTED conducts focused visit to Denmark").first.click()

    assert_accessible(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_of_a_conflict(staff, assert_accessible, scheme):
    page = staff("author", color_scheme=scheme, refused=409)
    open_draft(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_label("Title:", exact=True).first.fill("Theirs")
    other.get_by_role("button", name="Save", exact=True).click()
    other.get_by_text("“Theirs” has been saved.").wait_for()

    page.get_by_label("Title:", exact=True).first.fill("Mine")
    with page.expect_navigation() as navigation:
        page.get_by_role("button", name="Save", exact=True).click()

    assert navigation.value.status == 409
    assert_accessible(page)
