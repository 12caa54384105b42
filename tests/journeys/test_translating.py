"""A translation in a real browser: typed beside its original with the keyboard alone, approved by another, read in its
language."""

import pytest
from playwright.sync_api import expect

from .test_correction import sign_in
from .test_entering import asked_before_leaving

pytestmark = pytest.mark.browser

DESK = "/admin/visits/translation/"


def open_desk(page, words, language):
    page.goto(f"{DESK}?q={words}&language={language}")
    page.locator(".matrix td a").first.click()


def test_a_visit_is_translated_with_the_keyboard_and_approved_by_another_person(site, page_of):
    author, editor, reader = page_of(), page_of(), page_of()
    sign_in(author, site.logins["author"])
    open_desk(author, "belgium-2021", "ar")
    title = author.get_by_label("Title", exact=True)
    assert (title.get_attribute("dir"), title.get_attribute("lang")) == ("rtl", "ar")
    title.focus()
    author.keyboard.type("زيارة متابعة إلى بلجيكا")
    author.keyboard.press("Tab")
    author.keyboard.type("ملخص الزيارة")
    assert author.evaluate("document.activeElement.name").endswith(".summary")
    author.get_by_role("button", name="Save and submit for review").focus()
    author.keyboard.press("Enter")
    author.get_by_role("button", name="Submit for review", exact=True).focus()
    author.keyboard.press("Enter")
    author.get_by_text("has been submitted for review").wait_for()
    reader.goto("/ar/visits/belgium-2021/")
    assert reader.get_by_text("زيارة متابعة إلى بلجيكا").count() == 0

    sign_in(editor, site.logins["editor"])
    editor.goto(author.url)
    editor.get_by_role("link", name="Approve", exact=True).click()
    editor.get_by_role("button", name="Approve", exact=True).click()
    editor.get_by_text("has been approved and is public").wait_for()

    reader.reload()
    assert reader.get_by_role("heading", level=1).inner_text() == "زيارة متابعة إلى بلجيكا"
    reader.goto("/visits/?q=بلجيكا")
    expect(reader.get_by_text("Follow-up visit to Belgium").first).to_be_visible()


def test_what_was_typed_is_not_lost_by_a_click_on_a_link(site, page_of):
    page = page_of()
    sign_in(page, site.logins["author"])
    open_desk(page, "algeria-2005", "fr")
    page.get_by_label("Title", exact=True).fill("Visite en Algérie")

    assert asked_before_leaving(page, page.get_by_role("link", name="History").first) == "beforeunload"
    assert page.get_by_label("Title", exact=True).input_value() == "Visite en Algérie"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_at_the_desk(site, view, assert_accessible, scheme):
    page = view(color_scheme=scheme)
    sign_in(page, site.logins["author"])
    for address in (DESK, f"{DESK}?q=denmark"):
        page.goto(address)
        assert_accessible(page)
    page.locator(".matrix td a").first.click()
    page.locator(".ProseMirror[contenteditable]").wait_for()
    assert_accessible(page)

    open_desk(page, "chad-2014", "zh-hans")
    page.get_by_label("Title", exact=True).fill("访问乍得")
    page.get_by_role("button", name="Save and submit for review").click()
    page.get_by_role("button", name="Submit for review", exact=True).wait_for()
    assert_accessible(page)
