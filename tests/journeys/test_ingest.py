"""From a release to a draft in a real browser: pasted, reviewed beside its text, changed and created with the keyboard
alone."""

import pytest
from playwright.sync_api import expect

from .test_correction import sign_in
from .test_entering import asked_before_leaving

pytestmark = pytest.mark.browser

READ = "/admin/visits/document/read/"
TITLE = "CTED conducts follow-up visit to Finland"
# One of its characters counts as two where a browser counts.
RELEASE = f"""{TITLE}

From 3 to 7 June {{year}}, the Counter-Terrorism Committee Executive Directorate (CTED) conducted a follow-up visit to \
Finland on behalf of the Counter-Terrorism Committee 🛬. The delegation discussed the implementation of Security \
Council resolutions 1373 (2001) and 2396 (2017).

The discussions focused on border management and the financing of terrorism. The delegation held meetings with \
officials in Helsinki and visited the port of Turku.

The delegation also included experts from the United Nations Office on Drugs and Crime (UNODC).
"""
SELECT = """(words) => {
    const walker = document.createTreeWalker(document.querySelector("[data-source]"), NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const at = node.data.indexOf(words);
        if (at >= 0) return getSelection().setBaseAndExtent(node, at, node, at + words.length);
    }
}"""
OFF_SCREEN = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def press(page, locator, key="Enter"):
    locator.focus()
    page.keyboard.press(key)


def read(page, year):
    page.goto(READ)
    page.get_by_label("Or its text").focus()
    page.keyboard.insert_text(RELEASE.format(year=year))
    page.get_by_label("Address of the page").focus()
    page.keyboard.insert_text(f"https://press.example.org/{year}")
    press(page, page.get_by_role("button", name="Read it"))
    page.get_by_role("heading", name="What the source says").wait_for()
    # Its scripts run when all of it is there.
    page.wait_for_load_state()


def drag_over(page, words):
    """Select with the mouse what is marked in the source."""
    box = page.locator("mark a", has_text=words).first.bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"], middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"], middle, steps=5)
    page.mouse.up()


def passages(site, title) -> list[str]:
    """What the draft of that title rests on: field and quote of each passage."""
    code = f"""
from visits.models import Evidence
for row in Evidence.objects.filter(edition__title={title!r}): print(row.field, row.quote, sep=": ")
"""
    return site.run_python(code).splitlines()


def test_a_release_becomes_a_draft_with_the_keyboard_alone(site, page_of):
    page = page_of(viewport={"width": 1440, "height": 900})
    sign_in(page, site.logins["author"])
    page.goto("/admin/")
    press(page, page.get_by_role("link", name="Read a release"))
    page.get_by_label("Or its text").wait_for()
    read(page, 2019)
    expect(page.get_by_role("heading", name="Finland: 3 to 7 June 2019")).to_be_visible()

    press(page, page.locator(".group-resolutionlink").get_by_label("Leave out").nth(1), "Space")
    press(page, page.get_by_label("Title", exact=True).first, "ControlOrMeta+a")
    page.keyboard.type("Follow-up visit to Finland")
    press(page, page.get_by_role("button", name="Select with the keyboard"))
    page.keyboard.press("ControlOrMeta+Home")
    page.keyboard.press("Shift+End")
    press(page, page.get_by_role("button", name="Use selection: Summary"))
    assert page.get_by_label("Summary", exact=True).input_value() == TITLE
    press(page, page.get_by_role("button", name="Add another person"))
    page.keyboard.press("Tab")
    page.keyboard.type("Anna Virtanen")
    assert page.evaluate("document.activeElement.name") == "p0-person-0-name"
    press(page, page.get_by_role("button", name="Create the draft"))

    page.get_by_text("The draft has been created.").wait_for()
    assert page.locator("[name=title]").input_value() == "Follow-up visit to Finland"
    assert page.locator("[name=segments-0-start]").input_value() == "2019-06-03"
    assert page.locator("[name=people-0-name]").input_value() == "Anna Virtanen"
    expect(page.locator("#resolutionlinks-group .has_original")).to_have_count(1)
    assert f"summary: {TITLE}" in passages(site, "Follow-up visit to Finland")
    press(page, page.get_by_role("link", name="Submit for review"))
    # A resolution was left out that the text names: the checks ask why.
    page.get_by_label("Note: why what the checks found is right").focus()
    page.keyboard.type("It was only named.")
    press(page, page.get_by_role("button", name="Submit for review"))
    page.get_by_text("has been submitted for review").wait_for()


def test_words_selected_in_the_source_go_into_a_field_with_their_passage(site, page_of):
    page = page_of(viewport={"width": 1440, "height": 900})
    sign_in(page, site.logins["author"])
    read(page, 2011)
    assert page.get_by_role("button", name="Use selection: Title").count() == 0

    page.locator("[name=p0-segment-0-places]").focus()
    page.evaluate(SELECT, "Helsinki")
    page.get_by_role("button", name="Put into: Places").click()
    assert page.locator("[name=p0-segment-0-places]").input_value() == "Helsinki"
    page.locator("[name=p0-mandate]").focus()
    drag_over(page, "follow-up visit")
    assert page.locator("[data-selected-words]").inner_text() == "follow-up visit"
    page.evaluate(SELECT, "The delegation discussed")
    page.get_by_role("button", name="Keep as its passage only").click()
    page.get_by_role("button", name="Take this passage away: border management").click()
    page.get_by_label("Title", exact=True).first.fill("Words selected")
    page.get_by_role("button", name="Create the draft").click()

    page.get_by_text("The draft has been created.").wait_for()
    kept = passages(site, "Words selected")
    assert {"places: Helsinki", "mandate: The delegation discussed"} <= set(kept)
    assert "topic: border management" not in kept
    assert len([line for line in kept if line.startswith("topic: ")]) == 1


def test_a_value_leads_to_its_passage_and_a_passage_to_its_value(site, page_of):
    page = page_of(viewport={"width": 1440, "height": 700})
    sign_in(page, site.logins["author"])
    read(page, 2012)

    press(page, page.locator("#f-p0-participation-1-body .quotes a"))
    assert page.evaluate("document.activeElement.matches('[data-source]')")
    shown = page.locator("mark", has_text="United Nations Office on Drugs and Crime").first
    assert shown.evaluate("(mark) => mark.getBoundingClientRect().bottom < innerHeight")

    press(page, page.locator("mark a", has_text="1373 (2001)"))
    assert page.evaluate("document.activeElement.name") == "p0-resolutionlink-0-resolution"
    resolution = page.locator("[name=p0-resolutionlink-0-resolution]")
    assert resolution.evaluate("(field) => field.getBoundingClientRect().bottom < innerHeight - 80")


def test_without_scripts_a_row_can_be_added_too(site, page_of):
    page = page_of(java_script_enabled=False)
    sign_in(page, site.logins["author"])
    page.goto(READ)
    page.get_by_label("Or its text").fill(RELEASE.format(year=2013))
    page.get_by_role("button", name="Read it").click()

    page.locator("[name=p0-person-0-name]").fill("Anna Virtanen")
    page.get_by_role("button", name="Create the draft").click()

    expect(page.get_by_text("The draft has been created.")).to_be_visible()
    assert page.locator("[name=people-0-name]").input_value() == "Anna Virtanen"


def test_what_was_typed_is_not_lost_by_a_click_on_a_link(site, page_of):
    page = page_of()
    sign_in(page, site.logins["author"])
    read(page, 2014)

    page.get_by_label("Summary", exact=True).fill("My own words.")

    assert asked_before_leaving(page, page.get_by_role("link", name="Documents").first) == "beforeunload"


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_off_the_screen(site, view, assert_accessible, scheme, width):
    page = view(color_scheme=scheme, viewport={"width": width, "height": 900})
    sign_in(page, site.logins["author"])
    page.goto(READ)
    page.get_by_role("button", name="Read it").click()
    page.get_by_text("Choose a file, or paste the text").wait_for()
    assert_accessible(page)
    assert page.evaluate(OFF_SCREEN) == 0

    read(page, 2015)
    # Higher than all of it: what happens to lie half behind the row of buttons is judged too small.
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": height + 1000})
    assert_accessible(page)
    page.locator(".ingest .leave-out input").first.check()
    page.locator("[name=p0-segment-0-end]").fill("2014")
    page.evaluate(SELECT, "Helsinki")
    page.get_by_role("button", name="Use selection: Title").first.wait_for()
    page.locator("summary").click()
    assert_accessible(page)
    assert page.evaluate(OFF_SCREEN) == 0
    page.locator(".group-segment .leave-out input").uncheck()
    page.get_by_role("button", name="Create the draft").click()
    page.get_by_text("Nothing was created yet").wait_for()
    assert_accessible(page)
