"""A reader's way from the first page to the passage behind a fact: by keyboard alone, and without scripts."""

import re

import pytest
from playwright.sync_api import expect

from .test_filters import box, found, group
from .test_keyboard import go_to, press

pytestmark = pytest.mark.browser

DENMARK = "CTED conducts focused visit to Denmark"


def test_with_the_keyboard_alone_from_the_home_page_to_a_source_and_back(page_of):
    page = page_of()
    page.goto("/")
    go_to(page, "Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("#content")).to_be_focused()

    go_to(page, "Search the visits")
    page.keyboard.type("customs")
    with page.expect_navigation(url="**/visits/?q=customs"):
        page.keyboard.press("Enter")
    everything = found(page).text_content()

    go_to(page, "Find in this list: Topic")
    page.keyboard.type("border")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(box(page, "Border management")).to_be_checked()
    expect(page).to_have_url(re.compile("topic=border-management"))
    filtered = page.url

    press(page, DENMARK)
    expect(page.get_by_role("heading", level=1)).to_have_text(DENMARK)
    go_to(page, "Source: Border management")
    page.keyboard.press("Enter")
    expect(page.get_by_text("border management", exact=True).first).to_be_visible()

    page.go_back()
    expect(page).to_have_url(filtered)
    expect(box(page, "Border management")).to_be_checked()
    page.go_back()
    expect(found(page)).to_have_text(everything)


def test_without_scripts_everything_can_be_found_filtered_paged_and_read(page_of):
    page = page_of(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("searchbox").fill("border management")
    page.get_by_role("searchbox").press("Enter")
    everything = found(page).text_content()
    page.get_by_label("Order", exact=True).select_option("Oldest first")
    page.get_by_role("button", name="Apply").click()
    expect(found(page)).to_have_text(everything)

    first = page.get_by_role("heading", level=3).first.text_content()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("heading", level=3).first).not_to_have_text(first)
    expect(page.get_by_text(re.compile("^Page 2 of"))).to_be_visible()

    group(page, "Country").click()
    box(page, "Denmark").check()
    page.get_by_role("button", name="Apply").click()
    expect(found(page)).to_have_text("1 visit found")
    page.get_by_role("link", name=DENMARK).click()
    source = page.locator("details", has_text="Source: Border management")
    source.locator("summary").click()
    expect(source.get_by_text("border management", exact=True)).to_be_visible()

    page.get_by_role("link", name="Français").click()
    expect(page).to_have_url(re.compile("/fr/visits/denmark-2018/$"))
    page.get_by_role("navigation").get_by_role("link", name="Pays").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pays")
