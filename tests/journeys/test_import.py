"""Visits by spreadsheet in a real browser: taken out, changed, brought back, taken in part, and undone with the
keyboard alone."""

import io
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import expect

from .test_correction import sign_in
from .test_entering import asked_before_leaving
from .test_ingest import OFF_SCREEN, press

pytestmark = pytest.mark.browser

LIST, ADD = "/admin/visits/visit/?q=belgium", "/admin/visits/import/add/"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TITLE = "A title from a spreadsheet"


def take_out(page) -> Workbook:
    page.goto(LIST)
    with page.expect_download() as download:
        page.get_by_role("link", name="Table to edit as XLSX").click()
    return load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))


def change(book: Workbook, visit: str, **cells) -> None:
    head, *rows = book.active.iter_rows()
    columns = {cell.value: cell.column - 1 for cell in head}
    row = next(row for row in rows if row[columns["visit"]].value == visit)
    for name, value in cells.items():
        row[columns[name]].value = value


def bring_back(page, book: Workbook) -> None:
    file = io.BytesIO()
    book.save(file)
    page.goto(ADD)
    page.get_by_label("Table", exact=True).set_input_files(
        {"name": "belgium.xlsx", "mimeType": XLSX, "buffer": file.getvalue()}
    )
    page.get_by_role("button", name="Read the table").click()
    page.get_by_role("heading", name="What the table says otherwise").wait_for()


def test_an_unchanged_table_has_nothing_to_offer(site, page_of):
    page = page_of()
    sign_in(page, site.logins["author"])

    bring_back(page, take_out(page))

    expect(page.get_by_text("2 visits are as the register has them.")).to_be_visible()
    expect(page.get_by_text("0 visits are on offer.")).to_be_visible()


def test_a_changed_table_becomes_a_draft_and_the_whole_import_is_undone(site, page_of):
    page = page_of()
    sign_in(page, site.logins["author"])
    book = take_out(page)
    change(book, "belgium-2021", title=TITLE, summary="Another summary.")
    change(book, "belgium-2009", start="soon")
    bring_back(page, book)
    expect(page.get_by_text("column start:")).to_be_visible()
    expect(page.locator(".offer td").filter(has_text=TITLE)).to_be_visible()

    press(page, page.get_by_role("checkbox", name="summary"), "Space")
    page.get_by_label("Change note").fill("The title is corrected.")
    press(page, page.get_by_role("button", name="Make drafts of what is ticked"))
    page.get_by_text("1 draft has been made.").wait_for()
    expect(page.get_by_role("checkbox", name="title")).to_have_count(0)
    expect(page.get_by_role("checkbox", name="summary")).to_be_checked()
    imported = page.url

    press(page, page.locator(".made").get_by_role("link", name=TITLE))
    page.locator("[name=title]").wait_for()
    assert page.locator("[name=title]").input_value() == TITLE
    assert page.locator("[name=change_note]").input_value() == "The title is corrected."
    assert page.locator("[name=summary]").input_value() != "Another summary."

    page.goto(imported)
    press(page, page.get_by_role("link", name="Undo the import"))
    press(page, page.get_by_role("button", name="Undo the import"))
    page.get_by_text("has been undone").wait_for()
    expect(page.locator(".made")).to_contain_text("undone")
    expect(page.get_by_role("checkbox", name="title")).to_be_checked()
    page.goto(LIST)
    expect(page.get_by_text(TITLE)).to_have_count(0)


def test_ticks_are_not_lost_by_a_click_on_a_link(site, page_of):
    page = page_of()
    sign_in(page, site.logins["author"])
    book = take_out(page)
    change(book, "belgium-2021", title=TITLE)
    bring_back(page, book)

    page.get_by_role("checkbox", name="title").uncheck()

    assert asked_before_leaving(page, page.get_by_role("link", name="History").first) == "beforeunload"


@pytest.mark.parametrize("width", [320, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_is_off_the_screen(site, view, assert_accessible, scheme, width):
    page = view(color_scheme=scheme, viewport={"width": width, "height": 6000}, refused=409)
    sign_in(page, site.logins["author"])

    def judge():
        assert_accessible(page)
        assert page.evaluate(OFF_SCREEN) == 0

    book = take_out(page)
    judge()
    page.goto(ADD)
    judge()
    change(book, "belgium-2021", title=TITLE, summary="Another summary. " * 20, kinds="initial")
    change(book, "belgium-2009", start="soon")
    book.create_sheet("Notes")
    book.active.append(["finland-2021", "FIN", "", "", "", "", "on-site", "no", "2021", "2021"])
    bring_back(page, book)
    judge()
    page.goto(f"{page.url}?ticked=none")
    page.get_by_role("button", name="Make drafts of what is ticked").click()
    page.get_by_text("No draft is ticked").wait_for()
    judge()
    page.get_by_role("checkbox", name="Import finland-2021").check()
    page.get_by_role("button", name="Make drafts of what is ticked").click()
    page.get_by_text("1 draft has been made.").wait_for()
    judge()
    page.get_by_role("link", name="Undo the import").click()
    judge()
    page.get_by_role("button", name="Undo the import").click()
    page.get_by_text("has been undone").wait_for()
    judge()
    page.goto("/admin/visits/import/")
    judge()
