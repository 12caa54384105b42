"""The list of visits filtered by a reader: without scripts, with them, and by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from .test_keyboard import go_to

pytestmark = pytest.mark.browser


def box(page, name):
    """The checkbox of a value; its name goes on with how many visits there would be."""
    return page.get_by_role("checkbox", name=re.compile(rf"^{name} \(\d+\)$"))


def number(checkbox) -> int:
    return int(re.search(r"\((\d+)\)", checkbox.evaluate("box => box.labels[0].textContent"))[1])


def found(page):
    return page.get_by_role("status").filter(has_text="found")


def group(page, name):
    return page.locator(".filters__group > summary", has_text=name)


@pytest.fixture
def marked(page_of):
    """A list with a mark that is gone as soon as the page is loaded anew; `is_same` tells."""

    def open_list(address="/visits/", **options):
        page = page_of(**options)
        page.goto(address)
        page.evaluate("() => { window.isSame = true; }")
        return page

    return open_list


def is_same(page) -> bool:
    return page.evaluate("() => window.isSame === true")


def test_without_scripts_one_form_filters_and_links_take_back(page_of):
    page = page_of(java_script_enabled=False)
    page.goto("/visits/")
    assert page.get_by_label("Find in this list: Topic").is_hidden()
    box(page, "Gender").check()
    group(page, "Kind of visit").click()
    box(page, "focused visit").check()
    page.get_by_role("button", name="Apply").click()

    expect(box(page, "Gender")).to_be_checked()
    together = number(box(page, "Gender"))
    expect(found(page)).to_have_text(f"{together} visit{'s' if together > 1 else ''} found")
    assert page.get_by_role("listitem").filter(has=page.get_by_role("heading", level=3)).count() == together

    page.get_by_role("link", name="Remove filter: Kind of visit focused visit").click()
    expect(box(page, "Gender")).to_be_checked()
    expect(page.get_by_role("link", name="Remove filter")).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("link", name="Remove filter")).to_have_count(2)


def test_with_scripts_a_choice_takes_effect_in_place_and_back_restores_what_was_chosen(marked):
    page = marked()
    everything = found(page).text_content()
    group(page, "Modality").click()
    promised = number(box(page, "Gender"))
    box(page, "Gender").check()

    expect(found(page)).to_have_text(f"{promised} visits found")
    expect(page).to_have_url(re.compile(r"/visits/\?topic=gender$"))
    expect(box(page, "Gender")).to_be_focused()
    expect(page.locator("#group-modality[open]")).to_have_count(1)
    french = re.compile(r"/fr/visits/\?topic=gender$")
    expect(page.locator(".language-bar a[lang=fr]")).to_have_attribute("href", french)

    group(page, "Kind of visit").click()
    box(page, "focused visit").check()
    expect(page).to_have_url(re.compile(r"/visits/\?topic=gender&kind=focused$"))
    page.go_back()
    expect(found(page)).to_have_text(f"{promised} visits found")
    expect(box(page, "Gender")).to_be_checked()
    expect(box(page, "focused visit")).not_to_be_checked()
    expect(box(page, "focused visit")).to_be_focused()

    page.go_back()
    expect(found(page)).to_have_text(everything)
    expect(box(page, "Gender")).not_to_be_checked()
    page.go_forward()
    expect(box(page, "Gender")).to_be_checked()
    assert is_same(page)


def test_a_choice_that_is_under_way_is_not_asked_for_again_by_its_button(marked):
    page = marked()
    held = []
    page.route("**/visits/?topic=*", lambda route: held.append(route))
    with page.expect_request("**/visits/?topic=gender"):
        box(page, "Gender").check()
    page.get_by_role("button", name="Apply").click()
    held[0].continue_()

    expect(page).to_have_url(re.compile(r"topic=gender$"))
    assert len(held) == 1
    assert is_same(page)


def test_order_words_chips_pages_and_clear_take_effect_in_place(marked):
    page = marked()
    page.get_by_label("Order", exact=True).select_option("Oldest first")
    expect(page).to_have_url(re.compile(r"/visits/\?sort=oldest$"))
    page.get_by_role("link", name="Next page").click()
    expect(page).to_have_url(re.compile(r"/visits/\?sort=oldest&page=2$"))
    expect(page.locator(".results__count")).to_be_focused()

    page.get_by_role("searchbox", name="Search").fill("Denmrak")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/visits/\?q=Denmrak&sort=oldest$"))
    page.get_by_role("link", name="Denmark", exact=True).click()
    expect(found(page)).to_have_text("1 visit found")
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("Denmark")
    page.get_by_role("link", name="Remove filter: Search Denmark").click()
    expect(page).to_have_url(re.compile(r"/visits/\?sort=oldest$"))
    page.get_by_role("link", name="Clear all").click()
    expect(page).to_have_url(re.compile(r"/visits/$"))
    assert is_same(page)


def test_what_is_typed_to_find_a_value_narrows_the_options_and_stays(marked):
    page = marked()
    page.get_by_label("Find in this list: Topic").fill("  GÉN")

    expect(page.locator("#group-topic label:visible")).to_have_count(1)
    expect(page.locator("#find-topic + [role=status]")).to_have_text(re.compile(r"^Shown: 1 of "))
    box(page, "Gender").check()
    expect(page).to_have_url(re.compile(r"topic=gender"))
    expect(page.get_by_label("Find in this list: Topic")).to_have_value("  GÉN")
    expect(page.locator("#group-topic label:visible")).to_have_count(1)

    page.get_by_label("Find in this list: Topic").fill("border")
    expect(box(page, "Gender")).to_be_hidden()
    box(page, "Border management").check()
    expect(page).to_have_url(re.compile(r"topic=border-management&topic=gender"))


def test_what_cannot_be_answered_leads_to_the_page_that_says_why(page_of):
    page = page_of(refused=400)
    page.goto("/visits/?from=2020-01-01")
    page.get_by_label("To", exact=True).fill("2019-01-01")

    expect(page.get_by_role("heading", level=1)).to_have_text("Filters that cannot be answered")
    expect(page.get_by_text("The last day lies before the first").first).to_be_visible()


def test_a_visit_is_found_with_the_keyboard_alone(marked):
    page = marked()
    go_to(page, "Find in this list: Topic")
    page.keyboard.type("gender")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"topic=gender$"))
    expect(box(page, "Gender")).to_be_focused()

    go_to(page, "Remove filter: Topic Gender")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/visits/$"))
    expect(page.locator(".results__count")).to_be_focused()
    assert is_same(page)


def test_an_arabic_page_filters_in_place_and_finds_by_folded_names(marked):
    page = marked("/ar/visits/")
    field = page.locator("#find-topic")
    # Without the hamza that the name is written with.
    field.fill("الارهاب")
    shown = page.locator("#group-topic label:visible")
    expect(shown.first).to_contain_text("الإرهاب")
    shown.first.click()

    expect(page).to_have_url(re.compile(r"/ar/visits/\?topic="))
    expect(page.locator("#group-topic :checked")).to_have_count(1)
    assert is_same(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_a_list_while_it_is_filtered(view, assert_accessible, scheme):
    page = view(color_scheme=scheme)
    page.goto("/visits/")
    page.get_by_label("Find in this list: Topic").fill("bor")
    for name in ("Country", "Year"):
        group(page, name).click()
    box(page, "Border management").check()
    expect(page).to_have_url(re.compile(r"topic=border-management$"))

    assert_accessible(page)
