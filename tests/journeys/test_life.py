"""The life of a record in a real browser: written, sent back, mended, published, corrected, compared, withdrawn."""

import pytest
from playwright.sync_api import expect

from .test_correction import sign_in, step
from .test_entering import choose

pytestmark = pytest.mark.browser

TITLE = "Follow-up visit to Iceland"
PAGE = "/visits/iceland-2021/"


def save(page):
    page.get_by_role("button", name="Save", exact=True).first.click()


def with_reason(page, button, reason):
    page.get_by_role("link", name=button, exact=True).first.click()
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name=button, exact=True).click()


def test_a_record_is_written_sent_back_mended_published_corrected_compared_and_withdrawn(site, page_of):
    author, editor, reader = page_of(), page_of(), page_of()
    sign_in(author, site.logins["author"])
    sign_in(editor, site.logins["editor"])

    author.goto("/admin/visits/visit/add/")
    choose(author, ".field-country", "Iceland")
    save(author)
    author.get_by_label("Title:", exact=True).first.fill(TITLE)
    author.get_by_label("Summary").fill("CTED visited Iceland in March 2021.")
    author.get_by_role("button", name="Add another Period").click()
    author.locator("[name=segments-0-start]").fill("2021-03")
    author.get_by_role("button", name="Add another Source").click()
    choose(author, "#documentlinks-0", "CTED conducts focused visit to Denmark")
    save(author)
    step(author, "Submit for review")
    expect(author.get_by_text("has been submitted for review")).to_be_visible()

    editor.goto("/admin/")
    editor.locator(".waiting-in-review").get_by_role("link", name=TITLE).click()
    with_reason(editor, "Send back", "It lasted until April.")
    expect(editor.get_by_text("has been sent back")).to_be_visible()

    author.goto("/admin/")
    author.locator(".waiting-my-drafts").get_by_role("link", name=TITLE).click()
    expect(author.get_by_text("It lasted until April.")).to_be_visible()
    author.get_by_label("Summary").fill("CTED visited Iceland in March and April 2021.")
    author.locator("[name=segments-0-end]").fill("2021-04")
    save(author)
    step(author, "Submit for review")

    editor.goto("/admin/")
    editor.locator(".waiting-in-review").get_by_role("link", name=TITLE).click()
    step(editor, "Publish")
    expect(editor.get_by_text("has been published")).to_be_visible()
    reader.goto(PAGE)
    expect(reader.get_by_role("heading", level=1)).to_have_text(TITLE)

    author.goto("/admin/visits/edition/?q=iceland")
    author.get_by_role("link", name=TITLE).first.click()
    step(author, "Open a new edition")
    author.get_by_label("Summary").fill("CTED visited Iceland virtually in March and April 2021.")
    author.get_by_label("Change note").fill("The visit was virtual.")
    save(author)
    step(author, "Submit for review")

    editor.goto("/admin/")
    editor.locator(".waiting-in-review").get_by_role("link", name=TITLE).click()
    expect(editor.locator("ins", has_text="virtually")).to_be_visible()
    step(editor, "Publish")
    expect(editor.get_by_text("has been published")).to_be_visible()
    reader.goto("/corrections/")
    expect(reader.get_by_text("The visit was virtual.")).to_be_visible()

    editor.goto("/admin/visits/edition/?q=iceland")
    editor.get_by_role("link", name=TITLE).first.click()
    with_reason(editor, "Withdraw", "It is told elsewhere.")
    expect(editor.get_by_text("has been withdrawn")).to_be_visible()
    assert reader.request.get(PAGE).status == 410
    assert "It is told elsewhere." in reader.request.get(PAGE).text()
