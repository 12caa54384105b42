"""Somebody takes the list that is shown into a program of their own."""

import pytest
from playwright.sync_api import expect

from .test_filters import box

pytestmark = pytest.mark.browser


def test_from_a_filtered_list_to_a_line_in_the_clipboard(page_of):
    page = page_of(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/visits/?year=2018")
    page.get_by_text("Take this list away").click()
    page.get_by_role("link", name="Lines for programs and spreadsheets").click()

    copy = page.get_by_role("button", name="Copy").first
    copy.focus()
    page.keyboard.press("Enter")

    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("curl ")
    assert copied.endswith("/visits.csv?year=2018'")


def test_the_list_in_other_formats_follows_the_filters_in_place(page_of):
    page = page_of()
    page.goto("/visits/")
    box(page, "Border management").check()
    page.wait_for_url("**topic=border-management**")
    expect(page.locator("details.taking a[href='/visits.csv?topic=border-management']")).to_have_count(1)

    page.get_by_text("Take this list away").click()

    link = page.get_by_role("link", name="CSV", exact=True)
    expect(link).to_have_attribute("href", "/visits.csv?topic=border-management")
    with page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename.endswith(".csv")


def test_without_scripts_lines_are_there_and_no_button_that_does_nothing(page_of):
    page = page_of(java_script_enabled=False)
    page.goto("/data/visits/")

    assert page.locator("pre").count() == 4
    assert page.get_by_role("button", name="Copy").count() == 0


def test_an_opened_list_of_formats_is_accessible(view, assert_accessible):
    page = view(viewport={"width": 320, "height": 700})
    page.goto("/ar/visits/")
    page.locator("details.taking > summary").click()

    assert_accessible(page)
