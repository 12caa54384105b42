"""The data package, read by others than those who wrote it."""

import csv
import sqlite3
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile


def contents(folder: Path) -> dict[str, str]:
    """What each file says, unpacked and decoded."""
    told = {}
    for path in sorted(folder.iterdir()):
        if path.suffix == ".zip":
            with ZipFile(path) as packed:
                names = [name for name in packed.namelist() if not name.endswith(".sqlite")]
                told |= {f"{path.name}: {name}": packed.read(name).decode() for name in names}
        elif path.suffix == ".sqlite":
            told[path.name] = dump(path)
        else:
            told[path.name] = path.read_text()
    return told


def reader(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def dump(path: Path) -> str:
    """Every value of every table, those of the index of words included."""
    with closing(reader(path)) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        rows = (row for table in tables for row in database.execute(f'SELECT * FROM "{table}"'))
        values = (value for row in rows for value in row)
        return "\n".join(value.decode(errors="replace") if isinstance(value, bytes) else str(value) for value in values)


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
