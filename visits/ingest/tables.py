"""CSV tables, read strictly: each cell is what its column expects, and all that is not is told in one run."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
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
    """`name`: of the file or the sheet, as faults tell it."""

    name: str
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def blame(self, line: int, column: str, value: str, expected: str) -> None:
        self.faults.append(Fault(self.name, line, column, value, expected))

    def blame_cell(self, row: Row, column: str, expected: str) -> None:
        self.blame(row.line, column, row.raw[column], expected)


class Malformed(ValueError):
    """A text that is no CSV; says in which line."""

    def __init__(self, line: int, reason: str):
        self.line = line
        super().__init__(reason)


def read(path: Path, columns: dict[str, Callable[[str], object]]) -> Table:
    """The rows of a CSV file with exactly these columns, each cell as its function reads it."""
    table = Table(str(path))
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        table.blame(1, WHOLE_FILE, str(error), _("a table in UTF-8"))
        return table
    try:
        fill(table, rows_of(text), columns, needed=columns)
    except Malformed as error:
        table.blame(error.line, WHOLE_FILE, str(error), _("a row of cells parted by commas"))
    return table


def rows_of(text: str, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
    """The rows of a CSV text, each with the line that it begins in. Raises Malformed."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for values in reader:
            yield line, values
            line = reader.line_num + 1
    except csv.Error as error:
        raise Malformed(line, str(error)) from error


def fill(
    table: Table, rows: Iterable[tuple[int, list[str]]], columns: dict[str, Callable], needed: Iterable[str]
) -> None:
    """Read the rows, the names of columns first; of the columns those that are `needed` must be there."""
    names, misnamed = None, False
    for line, values in rows:
        if names is None:
            names = values
            check_names(table, line, names, columns, needed)
            misnamed = bool(table.faults)
        elif values and not misnamed:
            read_row(table, line, names, values, columns)
    if names is None:
        table.blame(1, WHOLE_FILE, "", _("a row of column names"))


def check_names(table: Table, line: int, names: list[str], columns: Iterable[str], needed: Iterable[str]) -> None:
    """The columns may stand in any order, but none may be missing, unknown or there twice."""
    for name in dict.fromkeys([*needed, *names]):
        if name not in columns:
            table.blame(line, name, name, _("one of the columns %(names)s") % {"names": ", ".join(columns)})
        elif names.count(name) != 1:
            table.blame(line, name, ",".join(names), _("one column of this name"))


def read_row(table: Table, line: int, names: list[str], values: list[str], columns: dict[str, Callable]) -> None:
    if len(values) != len(names):
        table.blame(line, WHOLE_FILE, str(len(values)), _("a row of %(count)d cells") % {"count": len(names)})
        return
    row = Row(line, {}, dict(zip(names, values, strict=True)))
    for name in columns:
        if name not in row.raw:
            continue
        try:
            row.cells[name] = columns[name](row.raw[name])
        except Misfit as misfit:
            table.blame_cell(row, name, str(misfit))
    table.rows.append(row)
