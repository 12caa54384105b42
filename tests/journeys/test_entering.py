"""Entering a visit in a real browser: autocompletes, added rows and the rich-text editor, under the strict policy."""

import pytest
from playwright.sync_api import expect

from .test_correction import sign_in

pytestmark = pytest.mark.browser


# What is wider than the place it has on a screen of ordinary width.
CUT_OFF = """() => [...document.querySelectorAll(".results, .tabular")]
    .filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.id || box.className)"""


def choose(page, box, words):
    """Pick from an autocomplete by typing."""
    page.locator(f"{box} .select2-selection").click()
    # It opens with the focus in its search box; what is typed before that is lost.
    page.locator(".select2-search__field:focus").wait_for()
    page.keyboard.type(words)
    page.locator(".select2-results__option", has_text=words).click()


def asked_before_leaving(page, link) -> str:
    """What kind of question the browser asks when this link is followed; the answer is to stay."""
    page.on("dialog", lambda dialog: dialog.dismiss())
    with page.expect_event("dialog") as asked:
        link.click()
    return asked.value.type


def test_an_author_enters_a_visit(site, page_of):
    page = page_of()
    sign_in(page, site.logins["author"])

    page.goto("/admin/visits/visit/add/")
    choose(page, ".field-country", "Denmark")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Title:", exact=True).first.fill("Follow-up visit to Denmark")
    page.locator(".ProseMirror[contenteditable]").click()
    page.keyboard.type("The delegation met the authorities.")
    page.get_by_role("button", name="Add another Period").click()
    page.locator("[name=segments-0-start]").fill("2021-03")
    page.get_by_role("button", name="Add another Topic").click()
    choose(page, "#focuses-0", "Border management")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("“Follow-up visit to Denmark” has been saved.")).to_be_visible()
    assert page.locator("[name=text]").input_value() == "<p>The delegation met the authorities.</p>"
    assert page.locator("[name=segments-0-start]").input_value() == "2021-03"
    assert page.locator("#focuses-0 .select2-selection").inner_text().strip() == "Border management"
    page.get_by_role("link", name="Submit for review").click()
    expect(page.get_by_text("The source is missing")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 1440])
def test_no_column_and_no_field_is_cut_off(site, page_of, width):
    page = page_of(viewport={"width": width, "height": 900})
    sign_in(page, site.logins["author"])
    page.goto("/admin/visits/visit/")
    assert page.evaluate(CUT_OFF) == []

    page.goto("/admin/visits/visit/add/")
    choose(page, ".field-country", "Denmark")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("summary", has_text="Evidence").click()
    for add in page.locator(".add-row").get_by_role("button").all():
        add.click()
    page.locator("[name=segments-0-start]").fill("June")
    page.get_by_role("button", name="Save", exact=True).click()

    page.get_by_text("only as far as the source says").first.wait_for()
    page.wait_for_load_state()
    assert page.locator(".tabular .form-row:not(.empty-form)").count() > 5
    assert page.evaluate(CUT_OFF) == []


def test_what_was_typed_is_not_left_by_accident(site, page_of):
    page = page_of()
    sign_in(page, site.logins["author"])
    page.goto("/admin/visits/visit/add/")

    page.get_by_label("Internal notes").fill("Typed.")

    assert asked_before_leaving(page, page.get_by_role("link", name="Home").first) == "beforeunload"
    assert page.get_by_label("Internal notes").input_value() == "Typed."
