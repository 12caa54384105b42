"""An uploaded table: a workbook or a CSV file becomes rows of texts, or is refused with a sentence that says why."""

import codecs

from visits.exceptions import MacrosInside, NoTable, TableTooLarge, TookTooLong, TooMuchInside, Unreadable
from visits.text.spreadsheets import unguarded

from . import tables
from .readers import ZIP, isolation, text
from .readers.reading import MEGABYTE
from .readers.xlsx import MAX_BYTES, MAX_ROWS, Sheet

# What parts the cells depends on the country that a spreadsheet was set up for.
DELIMITERS = ",;\t"
OWN = (NoTable, MacrosInside, TableTooLarge)
TOO_MUCH = (TookTooLong, TooMuchInside)


def read(name: str, data: bytes) -> Sheet:
    """The table of a file. Raises a subclass of Unreadable whose data holds `name`."""
    try:
        if len(data) > MAX_BYTES:
            raise TableTooLarge()
        sheet = Sheet(**isolation.run("xlsx", data)) if data.startswith(ZIP) else of_csv(name, data)
        if len(sheet.rows) > MAX_ROWS + 1:
            raise TableTooLarge()
    except Unreadable as error:
        # The others speak of releases.
        kind = type(error) if isinstance(error, OWN) else TableTooLarge if isinstance(error, TOO_MUCH) else NoTable
        raise kind(name=name, megabytes=MAX_BYTES // MEGABYTE, rows=MAX_ROWS) from error
    return Sheet(sheet.name, [*shaped(sheet.rows)], sheet.others)


def of_csv(name: str, data: bytes) -> Sheet:
    words = text.decode(data).removeprefix(codecs.BOM_UTF8.decode())
    if "\0" in words:
        raise NoTable()
    head = words.partition("\n")[0]
    delimiter = next((each for each in DELIMITERS if each in head), ",")
    rows = []
    try:
        for line, values in tables.rows_of(words, delimiter):
            cells = [unguarded(value).replace("\r\n", "\n").strip() for value in values]
            if any(cells):
                rows.append((line, cells))
    except tables.Malformed as error:
        raise NoTable() from error
    return Sheet(name, rows, [])


def shaped(rows):
    """As many cells in each row as columns have a name; spreadsheets leave empty ones out, or add some."""
    width = 0
    for number, cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        width = width or len(cells)
        yield number, [*cells, *[""] * (width - len(cells))]
