"""The tables of the data package as one SQLite file, with an index of words. The same rows give the same bytes."""

import csv
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

from visits.catalogue.history import without_tags
from visits.catalogue.records import Record

from .addresses import Site
from .columns import Type, cells
from .package_tables import TABLES
from .packaged import PackagedTable
from .values import as_list, for_csv, for_json

NUMBERS = (Type.INTEGER, Type.BOOLEAN)
INDEXED = ("title", "summary", "text", "findings")


class Database:
    """Written once, from the first row to the last; `close` makes it ready to be read."""

    def __init__(self, path: Path):
        self.connection = sqlite3.connect(path, isolation_level=None)
        # Nobody reads it before it is whole, and what fails is thrown away.
        for setting in ("page_size = 4096", "journal_mode = OFF", "synchronous = OFF"):
            self.connection.execute(f"PRAGMA {setting}")
        self.connection.execute("BEGIN")
        for table in TABLES:
            self.connection.execute(definition(table))
        self.connection.execute(
            f"CREATE VIRTUAL TABLE search USING fts5(visit UNINDEXED, {', '.join(INDEXED)}, "
            "tokenize = 'unicode61 remove_diacritics 2')"
        )
        self.connection.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT)")

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.connection.close()

    def insert(self, table: PackagedTable, rows: Iterable, site: Site) -> None:
        values = ", ".join("?" * len(table.columns))
        stored = (tuple(map(for_database, row)) for row in cells(table.columns, rows, site))
        self.connection.executemany(f"INSERT INTO {table.name} VALUES ({values})", stored)  # noqa: S608

    def index(self, record: Record) -> None:
        findings = "\n".join(part.values["text"].text for part in record.parts["findings"])
        words = (record.row.title.text, record.row.summary.text, without_tags(record.text.text), findings)
        self.connection.execute("INSERT INTO search VALUES (?, ?, ?, ?, ?)", (record.row.slug, *words))

    def tell(self, **about) -> None:
        self.connection.executemany(
            "INSERT INTO about VALUES (?, ?)", [(name, str(told)) for name, told in about.items()]
        )

    def close(self) -> None:
        # What was published while the register was read is not in it, but its links may be.
        self.connection.execute("DELETE FROM visit_links WHERE linked_visit NOT IN (SELECT slug FROM visits)")
        self.connection.execute("INSERT INTO search(search) VALUES ('optimize')")
        self.connection.execute("COMMIT")
        self.connection.execute("VACUUM")
        self.connection.close()


def definition(table: PackagedTable) -> str:
    columns = [f'"{column.name}" {"INTEGER" if column.type in NUMBERS else "TEXT"}' for column in table.columns]
    key = ", ".join(f'"{name}"' for name in table.key)
    foreign = [
        f'FOREIGN KEY ("{name}") REFERENCES {other} ("{theirs}")' for name, (other, theirs) in table.foreign.items()
    ]
    return f"CREATE TABLE {table.name} ({', '.join([*columns, f'PRIMARY KEY ({key})', *foreign])})"


def for_database(value):
    """Nothing is NULL, be it a text or a number."""
    value = as_list(value) if isinstance(value, list) else for_json(value)
    return None if value == "" else value


def write_csv(database: Path, table: PackagedTable, path: Path) -> int:
    """The same table as RFC 4180 has it, and how many rows it has."""
    with (
        closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection,
        path.open("w", encoding="utf-8", newline="") as file,
    ):
        writer = csv.writer(file)
        writer.writerow([column.name for column in table.columns])
        booleans = [place for place, column in enumerate(table.columns) if column.type == Type.BOOLEAN]
        number = 0
        for row in stored(connection, table, booleans):
            writer.writerow(row)
            number += 1
    return number


def stored(connection: sqlite3.Connection, table: PackagedTable, booleans: list[int]) -> Iterator[list]:
    for row in connection.execute(f"SELECT * FROM {table.name} ORDER BY rowid"):  # noqa: S608
        values = list(row)
        for place in booleans:
            values[place] = None if values[place] is None else bool(values[place])
        yield [for_csv(value) for value in values]
