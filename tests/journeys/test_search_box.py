"""From a few letters to a page, with the keyboard, with the pointer, and without suggestions."""

import re

import pytest

pytestmark = pytest.mark.browser


def box(page):
    return page.get_by_role("search").get_by_role("combobox")


def options(page):
    return page.get_by_role("listbox").get_by_role("option")


def active(page) -> str:
    """What a screen reader says is chosen."""
    return page.evaluate(
        "() => document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.textContent ?? ''"
    )


def test_a_state_is_reached_with_the_keyboard_alone(page_of):
    page = page_of()
    page.goto("/fr/visits/")
    box(page).focus()
    page.keyboard.type("danem")
    options(page).first.wait_for()

    assert options(page).all_inner_texts()[0].split("\n")[0] == "Danemark"
    assert box(page).get_attribute("aria-expanded") == "true"
    assert page.get_by_role("listbox").get_attribute("id") == box(page).get_attribute("aria-controls")
    assert re.search(r"\d", page.get_by_role("search").get_by_role("status").inner_text())
    assert active(page) == ""

    page.keyboard.press("ArrowDown")
    assert active(page).startswith("Danemark")
    page.keyboard.press("ArrowUp")
    assert active(page) == ""
    page.keyboard.press("Escape")
    assert (options(page).count(), box(page).input_value()) == (0, "danem")

    page.keyboard.press("ArrowDown")
    options(page).first.wait_for()
    page.keyboard.press("ArrowDown")
    with page.expect_navigation(url="**/fr/countries/dnk/"):
        page.keyboard.press("Enter")


def test_enter_without_a_choice_searches(page_of):
    page = page_of()
    page.goto("/visits/")
    box(page).focus()
    page.keyboard.type("denm")
    options(page).first.wait_for()
    with page.expect_navigation(url="**/visits/?q=denm"):
        page.keyboard.press("Enter")


def test_home_and_end_move_in_the_text(page_of):
    page = page_of()
    page.goto("/visits/")
    box(page).focus()
    page.keyboard.type("enmar")
    page.keyboard.press("Home")
    page.keyboard.type("D")
    page.keyboard.press("End")
    page.keyboard.type("k")

    assert box(page).input_value() == "Denmark"


def test_a_suggestion_is_chosen_with_the_pointer_and_elsewhere_closes_them(page_of):
    page = page_of()
    page.goto("/")
    box(page).fill("interpol")
    options(page).first.wait_for()
    page.get_by_role("heading", level=1).click()
    assert options(page).count() == 0

    box(page).fill("interpo")
    with page.expect_navigation(url="**/bodies/interpol/"):
        options(page).first.click()


def test_only_the_last_letters_are_answered(page_of):
    page = page_of()
    page.goto("/visits/")
    # Never answered.
    page.route("**/suggestions/?q=den", lambda route: None)
    with page.expect_request("**/suggestions/?q=den"):
        box(page).fill("den")
    box(page).fill("franc")
    options(page).first.wait_for()

    assert options(page).first.inner_text().startswith("France")


def test_nothing_found_is_said(page_of):
    page = page_of()
    page.goto("/visits/")
    box(page).fill("xyzzy")
    page.get_by_text("No suggestions").wait_for()

    assert box(page).get_attribute("aria-expanded") == "false"


def test_the_form_works_without_javascript(page_of):
    page = page_of(java_script_enabled=False)
    page.goto("/ar/")
    page.get_by_role("searchbox").fill("denmark")
    with page.expect_navigation(url="**/ar/visits/?q=denmark"):
        page.keyboard.press("Enter")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/", "/ar/visits/"])
def test_the_open_list_has_no_barriers(view, assert_accessible, address, scheme):
    page = view(color_scheme=scheme)
    page.goto(address)
    box(page).fill("a")
    options(page).first.wait_for()
    page.keyboard.press("ArrowDown")

    assert_accessible(page)
