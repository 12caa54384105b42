"""What happens to a record besides its corrections, in a real browser: it goes live by itself, and loses a name."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import expect

from .test_correction import sign_in, step

pytestmark = pytest.mark.browser

NAME = "Ahmed Seif El-Dawla"
REASON = "The person asked for it."
ADDED = "It goes live by itself."
# A hang guard: the chores look every 20 seconds.
GRACE = timedelta(minutes=2)


def open_edition(page, words, title):
    page.goto(f"/admin/visits/edition/?q={words}")
    page.get_by_role("link", name=title).first.click()


def test_an_edition_goes_live_at_its_moment(site, page_of):
    author, editor, reader = page_of(), page_of(), page_of()
    sign_in(author, site.logins["author"])
    open_edition(author, "Denmark", "CTED conducts focused visit to Denmark")
    step(author, "Open a new edition")
    author.get_by_label("Summary").fill(ADDED)
    author.get_by_label("Change note").fill("A sentence more.")
    author.get_by_role("button", name="Save", exact=True).first.click()
    step(author, "Submit for review")

    sign_in(editor, site.logins["editor"])
    editor.goto(author.url)
    editor.get_by_role("link", name="Schedule", exact=True).click()
    editor.get_by_label("Time zone").select_option("UTC")
    # People choose minutes, and the test has no time for one.
    editor.get_by_label("Time:", exact=True).evaluate("field => { field.step = 1 }")
    # A busy machine has until then to receive the form.
    moment = datetime.now(UTC) + timedelta(seconds=15)
    editor.get_by_label("Day").fill(f"{moment:%Y-%m-%d}")
    editor.get_by_label("Time:", exact=True).fill(f"{moment:%H:%M:%S}")
    editor.get_by_role("button", name="Schedule", exact=True).click()
    expect(editor.get_by_text("It will be published at")).to_be_visible()
    reader.goto("/visits/denmark-2018/")
    assert reader.get_by_text(ADDED).count() == 0 or datetime.now(UTC) >= moment

    deadline = moment + GRACE
    while reader.get_by_text(ADDED).count() == 0 and datetime.now(UTC) < deadline:
        reader.wait_for_timeout(1000)
        reader.reload()

    expect(reader.get_by_text(ADDED)).to_be_visible()
    expect(reader.get_by_text("Edition 2, published here")).to_be_visible()
    assert editor.request.get("/readyz").json()["status"] == "ready"


def test_a_name_is_taken_out_everywhere_by_two_people(site, page_of):
    editor, administrator, reader = page_of(), page_of(), page_of()
    reader.goto("/visits/denmark-2018/")
    assert NAME in reader.content()

    sign_in(editor, site.logins["editor"])
    open_edition(editor, "Denmark", "CTED conducts focused visit to Denmark")
    editor.get_by_role("link", name="Redact", exact=True).click()
    editor.get_by_label("Text to redact").fill(NAME)
    editor.get_by_label("Reason").fill(REASON)
    editor.get_by_role("button", name="Show where it stands").click()
    expect(editor.locator("del", has_text=NAME).first).to_be_visible()
    editor.get_by_role("button", name="Propose this redaction").click()
    expect(editor.get_by_text("You proposed this redaction")).to_be_visible()

    sign_in(administrator, site.logins["administrator"])
    administrator.goto(editor.url)
    administrator.get_by_role("button", name="Approve and redact").click()
    expect(administrator.get_by_text("It has been redacted everywhere")).to_be_visible()
    assert administrator.get_by_text(NAME).count() == 0

    for address in ("/visits/denmark-2018/", "/visits/denmark-2018/editions/1/", "/fr/visits/denmark-2018/"):
        reader.goto(address)
        assert NAME not in reader.content()
        expect(reader.get_by_text(REASON)).to_be_visible()
    reader.goto("/visits/?q=Dawla")
    assert reader.get_by_role("link", name="CTED conducts").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_these_steps(site, view, assert_accessible, scheme):
    page = view(color_scheme=scheme)
    sign_in(page, site.logins["administrator"])
    page.goto("/admin/visits/edition/life/")
    assert_accessible(page)
    page.goto("/admin/visits/redaction/")
    assert_accessible(page)
    page.goto("/admin/visits/redaction/add/")
    page.get_by_label("Text to redact").fill("Customs")
    page.get_by_label("Reason").fill("To try it.")
    page.get_by_role("button", name="Show where it stands").click()
    page.get_by_role("button", name="Propose this redaction").wait_for()
    assert_accessible(page)
    open_edition(page, "Chad", "Chad")
    page.get_by_role("link", name="Withdraw", exact=True).click()
    page.locator(".select2-selection").wait_for()
    assert_accessible(page)
