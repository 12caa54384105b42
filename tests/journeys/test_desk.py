"""Desk, comparison and history in a real browser: read, claimed and decided on, with the keyboard alone."""

import pytest
from playwright.sync_api import expect

from .conftest import patient
from .test_correction import sign_in, step
from .test_keyboard import press

pytestmark = pytest.mark.browser

ADDED = "The visit lasted four days."


@pytest.fixture(scope="module")
def submitted(site, chromium):
    """The title of a correction of Denmark that an author has submitted."""
    context = patient(chromium.new_context(base_url=site.url))
    page = context.new_page()
    sign_in(page, site.logins["author"])
    page.goto("/admin/visits/edition/?q=Denmark")
    page.get_by_role("link", name="CTED conducts focused visit to Denmark").first.click()
    step(page, "Open a new edition")
    summary = page.get_by_label("Summary")
    summary.fill(f"{summary.input_value()} {ADDED}")
    page.get_by_label("Change note").fill("The length of the visit is told.")
    page.get_by_role("button", name="Save", exact=True).first.click()
    step(page, "Submit for review")
    page.get_by_text("has been submitted for review").wait_for()
    context.close()
    return "CTED conducts focused visit to Denmark"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 320])
def test_axe_finds_nothing_on_the_desk_the_comparison_and_the_history(
    site, view, assert_accessible, submitted, scheme, width
):
    page = view(color_scheme=scheme, viewport={"width": width, "height": 900})
    sign_in(page, site.logins["editor"])
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.locator(".waiting-in-review").get_by_role("link", name=submitted).click()
    expect(page.locator("ins", has_text=ADDED)).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    page.get_by_role("link", name="History").click()
    page.get_by_label("What it was done to").select_option("itself")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("changed the summary.")).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing_on_what_is_offered_to_be_put_back(site, view, assert_accessible):
    page = view()
    sign_in(page, site.logins["author"])
    page.goto("/admin/visits/visit/add/")
    page.get_by_label("Internal notes").fill("Typed.")
    page.wait_for_timeout(500)
    again = page.context.new_page()
    again.goto(page.url)
    expect(again.get_by_role("button", name="Put it back")).to_be_visible()

    assert_accessible(again)


def test_an_editor_claims_compares_and_publishes_with_the_keyboard_alone(site, page_of, submitted):
    page = page_of()
    sign_in(page, site.logins["editor"])

    press(page, f"Claim: {submitted}")
    expect(page.get_by_text("You have claimed this review since")).to_be_visible()
    expect(page.locator("ins", has_text=ADDED)).to_be_visible()
    press(page, "Publish")
    press(page, "Publish")

    expect(page.get_by_text("has been published.")).to_be_visible()
    page.goto("/visits/denmark-2018/")
    expect(page.get_by_text(ADDED)).to_be_visible()
