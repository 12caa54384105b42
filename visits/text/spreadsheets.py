"""Tables as files: CSV, exact or for spreadsheets, and workbooks.

Spreadsheets take some texts for formulas, and workbooks cannot hold every character.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from itertools import chain

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would calculate."""
    return f"'{text}" if begins_like_one(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text.startswith("'") and begins_like_one(text) else text


def begins_like_one(text: str) -> bool:
    # Apostrophes before it may have been there already: each `guarded` adds one, each `unguarded` takes one.
    return text.lstrip("'").startswith(BEGINNINGS)


def csv_parts(headings: list[str], pieces: Iterable[Iterable[list]], *, for_spreadsheets: bool) -> Iterator[str]:
    """CSV by RFC 4180: the headings, then a part for each piece of the rows. For spreadsheets: with the mark by which
    they know that it is UTF-8, and formulas made harmless."""
    buffer = io.StringIO("\N{ZERO WIDTH NO-BREAK SPACE}" if for_spreadsheets else "", newline="")
    buffer.seek(0, io.SEEK_END)
    writer = csv.writer(buffer)
    for piece in chain([[headings]], pieces):
        writer.writerows(map(harmless, piece) if for_spreadsheets else piece)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def harmless(row: list) -> list:
    return [guarded(value) if isinstance(value, str) else value for value in row]


# What has no place in XML, and so in no workbook.
NOT_HELD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def held(text: str) -> str:
    """The text as a cell gives it back: what it cannot hold is replaced, line ends are one character."""
    return NOT_HELD.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))


def write_workbook(file, title: str, headings: list[str], rows: Iterable[list], *, mirrored: bool = False) -> None:
    """One sheet with a heading that stays in sight; `mirrored` is for languages that run from right to left.

    Texts are texts whatever they begin with; dates and numbers are dates and numbers.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    sheet.freeze_panes, sheet.sheet_view.rightToLeft = "A2", mirrored
    for column in range(1, len(headings) + 1):
        sheet.column_dimensions[get_column_letter(column)].width = 24
    top = [as_text(sheet, heading) for heading in headings]
    for cell in top:
        cell.font = Font(bold=True)
    sheet.append(top)
    for row in rows:
        sheet.append([as_text(sheet, value) if isinstance(value, str) else value for value in row])
    book.save(file)


def as_text(sheet, value: str) -> WriteOnlyCell:
    """A cell that is text whatever it begins with, also after somebody has typed in it: no formula, no date."""
    cell = WriteOnlyCell(sheet, held(value))
    cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", True
    return cell
