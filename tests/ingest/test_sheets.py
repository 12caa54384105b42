"""An uploaded table is read as texts, or refused with a sentence that says what to do."""

import io
import subprocess
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook

from visits.exceptions import Unreadable
from visits.ingest import sheets
from visits.ingest.readers import isolation, xlsx

from .tables import csv_of, xlsx_of


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        sheets.read(name, data)
    assert f"“{name}”" in refused.value.sentence
    return refused.value.code


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def with_part(data: bytes, name: str, part: bytes) -> bytes:
    file = io.BytesIO(data)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, part)
    return file.getvalue()


ROWS = [["visit", "iso3"], ["denmark-2018", "DNK"]]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("Visits", xlsx_of(*ROWS)),
        ("a.csv", csv_of(*ROWS)),
        ("a.csv", csv_of(*ROWS, delimiter=";")),
        ("a.csv", b"\xef\xbb\xbf" + csv_of(*ROWS)),
        ("a.csv", "visit\tiso3\ndenmark-2018\tDNK\n".encode("utf-16")),
        ("a.csv", csv_of(*ROWS, [], ["", ""])),
    ],
)
def test_a_table_is_read_with_the_numbers_of_its_rows(name, data):
    sheet = sheets.read("a.csv", data)

    assert (sheet.name, sheet.rows, sheet.others) == (name, [(1, ROWS[0]), (2, ROWS[1])], [])


def test_empty_rows_are_left_out_but_counted():
    assert [row[0] for row in sheets.read("a.xlsx", xlsx_of([], ["visit"], [], ["denmark-2018"])).rows] == [2, 4]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime(2018, 5, 29), "2018-05-29"),  # noqa: DTZ001
        (date(2018, 5, 29), "2018-05-29"),
        (2018, "2018"),
        (1373.0, "1373"),
        (True, "yes"),
        (False, "no"),
        ("  Two words ", "Two words"),
        ("Two\r\nlines", "Two\nlines"),
        (None, ""),
    ],
)
def test_a_cell_becomes_what_somebody_would_have_typed(value, text):
    _head, row = sheets.read("a.xlsx", xlsx_of(["visit", "last"], [value, "x"])).rows

    assert row == (2, [text, "x"])


def test_of_a_formula_the_value_is_read_and_a_guarded_text_is_what_it_was():
    assert sheets.read("a.csv", csv_of(["visit"], ["'=1+1"])).rows[1] == (2, ["=1+1"])
    assert sheets.read("a.xlsx", xlsx_of(["visit"], ["=1+1"], ["x"])).rows[1] == (3, ["x"])


def test_the_first_sheet_that_is_shown_is_read_and_the_others_are_named():
    book = Workbook()
    book.active.title = "Hidden"
    book.active.sheet_state = "hidden"
    for title in ("Visits", "Notes"):
        book.create_sheet(title).append(["visit"])
    file = io.BytesIO()
    book.save(file)

    sheet = sheets.read("a.xlsx", file.getvalue())

    assert (sheet.name, sheet.others) == ("Visits", ["Notes"])


MANY = [["visit"], *([str(number)] for number in range(sheets.MAX_ROWS + 1))]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "no_table"),
        ("text.docx", zipped(**{"word/document.xml": b"<x/>"}), "no_table"),
        ("broken.xlsx", xlsx_of(*ROWS)[:-200], "no_table"),
        ("broken.xlsx", zipped(**{"xl/workbook.xml": b"<x/>"}), "no_table"),
        ("quotes.csv", b'visit\n"never closed', "no_table"),
        ("bytes.csv", b"visit\n\x00\x01", "no_table"),
        ("latin.csv", "visit\nä\xff\xfe".encode("latin-1"), "no_table"),
        ("long.csv", csv_of(*MANY), "table_too_large"),
        ("long.xlsx", xlsx_of(*MANY), "table_too_large"),
        ("heavy.csv", b"visit\n" + b"x" * sheets.MAX_BYTES, "table_too_large"),
        ("bomb.xlsx", with_part(xlsx_of(*ROWS), "xl/media/a", b"0" * (xlsx.MAX_UNPACKED + 1)), "table_too_large"),
        ("parts.xlsx", zipped(**{f"a{n}": b"" for n in range(xlsx.MAX_PARTS + 1)}), "table_too_large"),
        ("macros.xlsm", with_part(xlsx_of(*ROWS), "xl/vbaProject.bin", b"Sub"), "macros_inside"),
        ("macros.xlsx", with_part(xlsx_of(*ROWS), "xl/macrosheets/sheet1.xml", b"<x/>"), "macros_inside"),
    ],
)
def test_what_is_no_table_is_refused(name, data, code):
    assert refusal(name, data) == code


def test_a_workbook_that_is_read_for_too_long_is_given_up(monkeypatch):
    monkeypatch.setattr(isolation, "SECONDS", 0.01)

    assert refusal("a.xlsx", xlsx_of(*ROWS)) == "table_too_large"


def test_a_workbook_that_says_it_has_a_million_rows_is_read_to_its_end():
    book = load_workbook(io.BytesIO(xlsx_of(*ROWS)))
    book.active["A1048576"] = "far away"
    file = io.BytesIO()
    book.save(file)

    assert sheets.read("a.xlsx", file.getvalue()).rows[-1] == (1048576, ["far away", ""])


def test_a_workbook_is_read_in_a_process_of_its_own(monkeypatch):
    commands = []

    def run(command, **options):
        commands.append(command)
        return subprocess.CompletedProcess(command, isolation.OUT_OF_MEMORY, b"", b"")

    monkeypatch.setattr(subprocess, "run", run)

    assert refusal("a.xlsx", xlsx_of(*ROWS)) == "table_too_large"
    assert commands[0][-1] == "xlsx"
