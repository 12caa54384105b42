"""A visit entered and submitted without a pointer: with Tab, Enter, Space, arrows and letters alone."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# A page that needs more than this to reach a control is not usable by keyboard.
TABS = 250
# What a screen reader says of the control that has the focus.
FOCUSED = """() => {
    const it = document.activeElement;
    const words = (element) => (element?.textContent || "").trim();
    const own = it.getAttribute("aria-label") || words(it.labels?.[0]);
    const said = own || (it.type === "submit" && it.value) || words(it);
    return said.replace(/:$/, "").toLowerCase();
}"""
# Whether the bar with the buttons, which stays in view, lies over the control that has the focus.
HIDDEN = """() => {
    const it = document.activeElement, box = it.getBoundingClientRect();
    const above = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    // Between the last control of a page and its first the focus is nowhere.
    return it !== document.body && !it.closest(".submit-row") && Boolean(above?.closest(".submit-row"));
}"""


def go_to(page, label, times: int = 1):
    """Press Tab until the control of that name has the focus; `times` for the second and later ones of that name."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        assert not page.evaluate(HIDDEN), f"{page.evaluate(FOCUSED)} has the focus behind the buttons of {page.url}"
        if page.evaluate(FOCUSED) == label.lower():
            times -= 1
            if not times:
                return
    raise AssertionError(f"{TABS} times Tab did not lead to “{label}” on {page.url}")


def press(page, label):
    """Follow a link or press a button, and wait for the page it leads to."""
    go_to(page, label)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_load_state("load")


def add_row(page, label, first):
    """Press “Add another …”; Tab goes on from there, so the way to the new row is backwards."""
    go_to(page, label)
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if page.evaluate(FOCUSED) == first.lower():
            return
    raise AssertionError(f"“{label}” made no “{first}” before it")


def choose(page, words):
    """In the autocomplete that has the focus."""
    page.keyboard.press("Enter")
    # It opens with the focus in its search box; what is typed before that is lost.
    page.locator(".select2-search__field:focus").wait_for()
    page.keyboard.type(words)
    page.locator(".select2-results__option--highlighted", has_text=words).wait_for()
    page.keyboard.press("Enter")


def test_an_author_enters_and_submits_a_visit_with_the_keyboard_alone(site, page_of):
    page, (name, password) = page_of(), site.logins["author"]
    page.goto("/admin/")
    go_to(page, "Username")
    page.keyboard.type(name)
    go_to(page, "Password")
    page.keyboard.type(password)
    press(page, "Sign in")

    page.goto("/admin/visits/visit/add/")
    go_to(page, "Country")
    choose(page, "Denmark")
    press(page, "Save")

    go_to(page, "Title")
    page.keyboard.type("Second visit to Denmark")
    go_to(page, "Summary")
    page.keyboard.type("The delegation met the authorities.")
    add_row(page, "Add another Period", "First day")
    page.keyboard.type("2021-03-15")
    go_to(page, "Last day")
    page.keyboard.type("2021-03-19")
    add_row(page, "Add another Kind", "Kind")
    page.keyboard.type("follow")
    add_row(page, "Add another Source", "Document")
    choose(page, "Denmark")
    press(page, "Save")

    expect(page.get_by_text("“Second visit to Denmark” has been saved.")).to_be_visible()
    press(page, "Submit for review")
    press(page, "Submit for review")

    expect(page.get_by_text("“Second visit to Denmark” has been submitted for review.")).to_be_visible()
    expect(page.get_by_text("in review", exact=True).first).to_be_visible()
