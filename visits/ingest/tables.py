"""CSV tables, read strictly: each cell is what its column expects, and all that is not is told in one run."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

WHOLE_FILE = "-"


@dataclass(frozen=True)
class Fault:
    file: str
    line: int
    column: str
    value: str
    expected: str

    def __str__(self):
        return _("%(file)s, line %(line)d, column %(column)s: %(expected)s was expected, not “%(value)s”") % vars(self)


class Misfit(ValueError):
    """A cell that does not fit; says what was expected."""


@dataclass(frozen=True)
class Row:
    """One row: what its cells mean, by column. A cell that has a fault itself is not among them."""

    line: int
    cells: dict
    raw: dict[str, str]

    def __getitem__(self, column: str):
        return self.cells.get(column)


@dataclass
class Table:
    path: Path
    rows: list[Row]
    faults: list[Fault]

    def blame(self, line: int, column: str, value: str, expected: str) -> None:
        self.faults.append(Fault(str(self.path), line, column, value, expected))

    def blame_cell(self, row: Row, column: str, expected: str) -> None:
        self.blame(row.line, column, row.raw[column], expected)


def read(path: Path, columns: dict[str, Callable[[str], object]]) -> Table:
    """The rows of a CSV file with exactly these columns, each cell as its function reads it."""
    table = Table(path, [], [])
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        table.blame(1, WHOLE_FILE, str(error), _("a table in UTF-8"))
        return table
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    line = 1
    try:
        for number, values in enumerate(reader):
            if number == 0:
                names = values
                check_names(table, names, columns)
            elif values and not any(fault.line == 1 for fault in table.faults):
                read_row(table, line, dict(zip(names, values, strict=False)), len(values), columns)
            line = reader.line_num + 1
    except csv.Error as error:
        table.blame(line, WHOLE_FILE, str(error), _("a row of cells parted by commas"))
    if line == 1 and not table.faults:
        table.blame(1, WHOLE_FILE, "", _("a row of column names"))
    return table


def check_names(table: Table, names: list[str], columns: Iterable[str]) -> None:
    """The columns may stand in any order, but none may be missing, unknown or there twice."""
    for name in dict.fromkeys([*columns, *names]):
        if name not in columns:
            table.blame(1, name, name, _("one of the columns %(names)s") % {"names": ", ".join(columns)})
        elif names.count(name) != 1:
            table.blame(1, name, ",".join(names), _("one column of this name"))


def read_row(table: Table, line: int, raw: dict[str, str], count: int, columns: dict) -> None:
    if count != len(columns):
        table.blame(line, WHOLE_FILE, str(count), _("a row of %(count)d cells") % {"count": len(columns)})
        return
    row = Row(line, {}, raw)
    for name, parse in columns.items():
        try:
            row.cells[name] = parse(raw[name])
        except Misfit as misfit:
            table.blame_cell(row, name, str(misfit))
    table.rows.append(row)
