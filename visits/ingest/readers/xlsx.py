"""Workbooks: the rows of the first sheet that is shown, every cell as the text that somebody would have typed."""

import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl import load_workbook

from visits.exceptions import MacrosInside, NoTable, TableTooLarge

from .reading import MEGABYTE

MAX_BYTES, MAX_ROWS = 5 * MEGABYTE, 5000
MAX_UNPACKED = 60 * MEGABYTE
MAX_PARTS = 3000
MAX_COLUMNS = 100


@dataclass(frozen=True)
class Sheet:
    """`rows`: the number of each in the sheet and its cells, those that are empty left out. `others`: the names of
    the sheets that were not read."""

    name: str
    rows: list[tuple[int, list[str]]]
    others: list[str]


def read(data: bytes) -> Sheet:
    check(data)
    # Without data_only, formulas would be read in place of what they gave.
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not sheets:
        raise NoTable()
    rows = []
    for number, values in enumerate(sheets[0].iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1):
        # One cell at the end of the sheet makes a million rows before it.
        if values.count(None) == len(values):
            continue
        cells = [text_of(value) for value in values]
        if any(cells):
            rows.append((number, cells))
        # The names of the columns are a row too.
        if len(rows) > MAX_ROWS + 1:
            raise TableTooLarge(megabytes=MAX_BYTES // MEGABYTE, rows=MAX_ROWS)
    return Sheet(sheets[0].title, rows, [sheet.title for sheet in sheets[1:]])


def check(data: bytes) -> None:
    """Refuse macros, and what would unpack to more than a table has; see `docx.check`."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            parts = file.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise NoTable() from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise TableTooLarge(megabytes=MAX_BYTES // MEGABYTE, rows=MAX_ROWS)
    names = [part.filename.lower() for part in parts]
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise MacrosInside()
    if "xl/workbook.xml" not in names:
        raise NoTable()


def text_of(value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == value.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").strip()
