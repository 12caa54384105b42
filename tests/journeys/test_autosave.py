"""Nothing typed is lost: not by a crash, not by a login that has run out, not where somebody else saved meanwhile."""

from time import monotonic

import pytest
from playwright.sync_api import expect

from .conftest import PATIENCE
from .test_correction import sign_in
from .test_entering import choose
from .test_ingest import SELECT, read

pytestmark = pytest.mark.browser

KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('autosave:')).length"
SESSION = "sessionid"


@pytest.fixture
def author(site, page_of):
    page = page_of(refused=409)
    sign_in(page, site.logins["author"])
    page.goto("/admin/visits/visit/add/")
    choose(page, ".field-country", "Denmark")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("here is its draft").wait_for()
    return page


def until_kept(page):
    """The browser keeps what was typed a moment after the last key."""
    page.wait_for_timeout(500)
    until(page, f"{KEPT} > 0")


def until_forgotten(page):
    """What a page says is there before the script has run that forgets."""
    until(page, f"{KEPT} === 0")


def until(page, holds):
    """Playwright's own way of waiting for a condition is refused by the policy of the pages."""
    deadline = monotonic() + PATIENCE / 1000
    while not page.evaluate(holds):
        assert monotonic() < deadline, holds
        page.wait_for_timeout(100)


def title(page):
    return page.get_by_label("Title:", exact=True).first


def type_a_visit(page):
    """Into a field, the rich-text editor and a row that was added, with an autocomplete and a choice in it."""
    title(page).fill("Follow-up visit to Denmark")
    page.locator(".ProseMirror[contenteditable]").click()
    page.keyboard.type("The delegation met the authorities.")
    page.get_by_role("button", name="Add another Topic").click()
    choose(page, "#focuses-0", "Border management")
    page.locator("[name=focuses-0-role]").select_option("mentioned")
    until_kept(page)


def assert_typed(page):
    expect(title(page)).to_have_value("Follow-up visit to Denmark")
    expect(page.locator(".ProseMirror[contenteditable]")).to_have_text("The delegation met the authorities.")
    expect(page.locator("[name=text]")).to_have_value("<p>The delegation met the authorities.</p>")
    expect(page.locator("#focuses-0 .select2-selection")).to_contain_text("Border management")
    expect(page.locator("[name=focuses-0-role]")).to_have_value("mentioned")


def save(page):
    page.get_by_role("button", name="Save", exact=True).click()


def again(page, address):
    """The page is gone as in a crash, without a last word; the browser is started once more."""
    fresh = page.context.new_page()
    page.evaluate("addEventListener('pagehide', (event) => event.stopImmediatePropagation(), { capture: true })")
    page.close(run_before_unload=False)
    fresh.goto(address)
    return fresh


def test_what_was_typed_before_a_crash_is_offered_put_back_and_saved(author):
    type_a_visit(author)

    page = again(author, author.url)

    expect(page.get_by_text("is kept in this browser.")).to_be_visible()
    expect(title(page)).to_have_value("")
    page.get_by_role("button", name="Put it back").click()
    assert_typed(page)
    save(page)
    expect(page.get_by_text("“Follow-up visit to Denmark” has been saved.")).to_be_visible()
    assert_typed(page)
    until_forgotten(page)
    page.reload()
    expect(page.get_by_text("is kept in this browser.")).to_have_count(0)


def test_a_save_after_the_login_has_run_out_leads_back_to_what_was_typed(site, author):
    type_a_visit(author)
    form = author.url
    author.context.clear_cookies(name=SESSION)

    save(author)
    author.get_by_label("Username").fill(site.logins["author"][0])
    author.get_by_label("Password").fill(site.logins["author"][1])
    author.get_by_role("button", name="Sign in", exact=True).click()

    author.wait_for_url(form)
    expect(author.get_by_text("stands in the form again.")).to_be_visible()
    assert_typed(author)
    save(author)
    expect(author.get_by_text("“Follow-up visit to Denmark” has been saved.")).to_be_visible()
    until_forgotten(author)


def test_what_is_put_back_over_a_newer_record_meets_the_page_of_a_conflict(author):
    title(author).fill("Mine")
    until_kept(author)
    page = again(author, author.url)
    title(page).fill("Saved meanwhile")
    page.get_by_label("Summary").fill("Theirs.")
    save(page)
    page.get_by_text("“Saved meanwhile” has been saved.").wait_for()

    expect(page.get_by_text("The record has been saved since")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    with page.expect_navigation() as navigation:
        save(page)

    assert navigation.value.status == 409
    expect(page.get_by_text("Stored now: “Saved meanwhile”.")).to_be_visible()
    expect(title(page)).to_have_value("Mine")
    # What only the others wrote stays as they wrote it.
    expect(page.get_by_label("Summary")).to_have_value("Theirs.")


def test_opening_and_leaving_a_form_keeps_nothing_and_what_is_forgotten_stays_so(author):
    author.reload()
    author.goto("/admin/")
    until_forgotten(author)
    author.go_back()

    title(author).fill("Not worth it")
    until_kept(author)
    page = again(author, author.url)
    page.get_by_role("button", name="Forget it").click()

    expect(page.get_by_text("is kept in this browser.")).to_have_count(0)
    until_forgotten(page)


def test_what_is_typed_before_the_script_has_come_is_kept_too(author):
    held = []
    author.route("**/autosave*.js", lambda route: held.append(route))
    author.goto(author.url, wait_until="commit")
    title(author).fill("Typed early")

    held[0].continue_()

    until_kept(author)
    page = again(author, author.url)
    page.get_by_role("button", name="Put it back").click()
    expect(title(page)).to_have_value("Typed early")


def test_signing_out_forgets_everything(author):
    title(author).fill("For nobody else on this machine")
    until_kept(author)
    author.on("dialog", lambda dialog: dialog.accept())

    author.get_by_role("button", name="Sign out").click()

    author.get_by_label("Username").wait_for()
    until_forgotten(author)


def test_a_translation_is_kept_too(site, page_of):
    page = page_of()
    sign_in(page, site.logins["author"])
    page.goto("/admin/visits/translation/?q=Denmark&language=fr")
    page.locator(".matrix td a").first.click()
    page.locator(".desk-translation textarea").first.fill("Un titre")
    until_kept(page)

    page = again(page, page.url)
    page.get_by_role("button", name="Put it back").click()

    expect(page.locator(".desk-translation textarea").first).to_have_value("Un titre")
    save(page)
    page.get_by_text("The translation has been saved").wait_for()
    until_forgotten(page)


def test_passwords_are_never_kept(site, page_of):
    page = page_of()
    sign_in(page, site.logins["administrator"])
    page.goto("/admin/visits/user/add/")
    page.get_by_label("Username").fill("somebody")
    page.get_by_label("Password:", exact=True).fill("not to be kept anywhere")
    until_kept(page)

    stored = page.evaluate("() => JSON.stringify(localStorage)")

    assert "somebody" in stored
    assert "not to be kept" not in stored


def test_the_review_of_a_release_is_kept_with_the_rows_and_passages_put_into_it(site, page_of):
    page = page_of(viewport={"width": 1440, "height": 900})
    sign_in(page, site.logins["author"])
    read(page, 2012)
    until_forgotten(page)
    page.locator("[name=p0-segment-0-places]").focus()
    page.evaluate(SELECT, "Helsinki")
    page.get_by_role("button", name="Put into: Places").click()
    page.get_by_role("button", name="Add another person").click()
    page.locator("[name=p0-person-0-name]").fill("Anna Virtanen")
    page.locator(".group-resolutionlink").get_by_label("Leave out").nth(1).check()
    until_kept(page)

    page = again(page, page.url)
    page.get_by_role("button", name="Put it back").click()

    expect(page.locator("[name=p0-segment-0-places]")).to_have_value("Helsinki")
    expect(page.locator("#f-p0-segment-0-places, .value[data-field=places]").first).to_contain_text("Helsinki")
    expect(page.locator("[name=p0-person-0-name]")).to_have_value("Anna Virtanen")
    expect(page.locator(".group-resolutionlink").get_by_label("Leave out").nth(1)).to_be_checked()
    page.get_by_role("button", name="Create the draft").click()
    page.get_by_text("The draft has been created.").wait_for()
    until_forgotten(page)


def test_what_is_to_be_redacted_is_kept_in_no_browser(site, page_of):
    page = page_of()
    sign_in(page, site.logins["editor"])
    page.goto("/admin/visits/redaction/add/")
    page.get_by_label("Text to redact").fill("Nobody may read this")
    page.wait_for_timeout(500)

    until_forgotten(page)
