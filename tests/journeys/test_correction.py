"""The life of a correction, in a real browser: written by one person, published by another, read by everybody."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

ADDED = "The visit lasted four days."
NOTE = "The length of the visit is told."


# By site and account: the site takes thirty sign-ins a minute, and a module of journeys has more.
COOKIES = {}


def sign_in(page, login):
    """Sign in by the form, and the next time on the same site by what the first left in the browser."""
    name, password = login
    page.goto("/admin/")
    account = (page.evaluate("location.origin"), name)
    if account in COOKIES:
        page.context.add_cookies(COOKIES[account])
        page.goto("/admin/")
    if page.get_by_label("Username").is_visible():
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/admin/")
        COOKIES[account] = page.context.cookies()


def open_denmark(page):
    page.goto("/admin/visits/visit/")
    page.get_by_role("link", name="denmark-2018").first.click()


def step(page, button):
    """Take a step of the record's life: its link, which a comparison has at both ends, then the confirmation."""
    for role in ("link", "button"):
        with page.expect_navigation():
            page.get_by_role(role, name=button, exact=True).first.click()


def test_an_author_corrects_denmark_and_an_editor_publishes_it(site, page_of):
    author, editor, reader = page_of(), page_of(), page_of()
    reader.goto("/visits/denmark-2018/")
    expect(reader.get_by_text("Edition 1, published here")).to_be_visible()

    sign_in(author, site.logins["author"])
    author.goto("/admin/visits/edition/?q=Denmark")
    author.get_by_role("link", name="CTED conducts focused visit to Denmark").first.click()
    step(author, "Open a new edition")
    summary = author.get_by_label("Summary")
    summary.fill(f"{summary.input_value()} {ADDED}")
    author.get_by_label("Change note").fill(NOTE)
    author.get_by_role("button", name="Save", exact=True).first.click()
    step(author, "Submit for review")
    assert author.get_by_role("link", name="Publish", exact=True).count() == 0
    working = author.url
    assert author.request.get(working.replace("/change/", "/publish/")).status == 403

    reader.reload()
    assert reader.get_by_text(ADDED).count() == 0

    sign_in(editor, site.logins["editor"])
    editor.goto(working)
    step(editor, "Publish")

    reader.reload()
    expect(reader.get_by_text(ADDED)).to_be_visible()
    reader.get_by_role("link", name="All editions").click()
    expect(reader.get_by_text(NOTE)).to_be_visible()
    reader.get_by_role("link", name="What changed in edition 2").click()
    assert reader.locator("ins").inner_text().strip() == ADDED
    reader.goto("/visits/denmark-2018/editions/1/")
    expect(reader.get_by_text("It was replaced on")).to_be_visible()
    assert reader.get_by_text(ADDED).count() == 0
