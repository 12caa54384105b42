"""The whole published register as one data package: tables, whole records, a database, and what explains them.

The same generation after the same package before gives the same bytes: nothing in it is made up or tells the time.
"""

import ctypes
import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.template.loader import render_to_string
from django.utils import translation

from visits.catalogue import changes, packages, reference, whole
from visits.catalogue.packages import MANIFEST, Package, PackageFile
from visits.catalogue.records import records
from visits.catalogue.whole import AsOf
from visits.exceptions import BeingBuilt, NotAPackage, PackageOvertaken

from . import dictionary
from .addresses import Site
from .descriptor import DESCRIPTION, LICENCE, NAME, TITLE, descriptor
from .package_database import Database, write_csv
from .package_tables import CHANGES, TABLES, TRANSLATIONS
from .packaged_records import RECORDS
from .packaged_terms import VOCABULARIES
from .records import as_object
from .values import moment

DATABASE, RECORDS_FILE, DESCRIPTOR, SUMS = f"{NAME}.sqlite", "records.jsonl", "datapackage.json", "SHA256SUMS"
PACKED = f"{NAME}.zip"
TRIES = 3
PIECE = 1 << 20
# Of `man 2 renameat2`.
HERE, RENAME_EXCHANGE = -100, 2
# By the end of a file's name: what it is, and how it is written.
KINDS = {
    ".csv": ("table", "text/csv"),
    ".jsonl": ("records", "application/jsonl"),
    ".sqlite": ("database", "application/vnd.sqlite3"),
    ".json": ("description", "application/json"),
    ".md": ("description", "text/markdown"),
    ".zip": ("everything", "application/zip"),
    "": ("checksums", "text/plain"),
}


def build(folder: Path) -> Package:
    """Build the package beside that folder and put it in its place, all at once. Begins again where the register
    changed meanwhile; what it is of in the end, it says. Raises BeingBuilt, NotAPackage
    and PackageOvertaken."""
    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST).exists():
        raise NotAPackage(folder=folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    before, aside = packages.read(folder), folder.with_name(f".{folder.name}.new")
    with alone(folder), translation.override("en"):
        for _attempt in range(TRIES):
            shutil.rmtree(aside, ignore_errors=True)
            aside.mkdir()
            as_of = whole.as_of_now()
            since = generation_before(before, as_of)
            counts = write(aside, as_of, since)
            newest = whole.as_of_now().generation
            if newest == as_of.generation:
                break
        if whole.was_taken_back_since(as_of.generation):
            shutil.rmtree(aside)
            raise PackageOvertaken(generation=as_of.generation)
        write_manifest(aside, as_of, since, newest, counts)
        put_in_place(aside, folder)
    return packages.read(folder)


def generation_before(before: Package | None, as_of: AsOf) -> int:
    """The one that the changelog begins after: that of the package before, or what it began after where this is the
    same again."""
    if before is None or before.generation > as_of.generation:
        return 0
    return before.since if before.generation == as_of.generation else before.generation


def write(folder: Path, as_of: AsOf, since: int) -> dict[str, int]:
    """All files but the manifest; how many rows each table has."""
    site = Site.configured()
    write_rows(folder, as_of, since, site)
    counts = {table.name: write_csv(folder / DATABASE, table, folder / f"{table.name}.csv") for table in TABLES}
    (folder / "dictionary.md").write_text("\n".join([*dictionary.as_markdown(), ""]))
    write_json(folder / "dictionary.json", dictionary.as_object())
    told = {"as_of": as_of, "moment": moment(as_of.moment), "since": since, "site": site, "name": NAME}
    tables = [(table, counts[table.name]) for table in TABLES]
    for name in ("README.md", LICENCE):
        text = render_to_string(f"visits/package/{name}", told | {"tables": tables, "counts": counts})
        (folder / name).write_text(text)
    write_json(folder / DESCRIPTOR, descriptor(as_of, since, files_of(folder), site))
    sums = [f"{file.sha256}  {file.name}\n" for file in files_of(folder)]
    (folder / SUMS).write_text("".join(sums))
    pack(folder, as_of)
    return counts


def write_rows(folder: Path, as_of: AsOf, since: int, site: Site) -> None:
    """Everything in one pass over the records, so that tables and records tell the same of each."""
    keys = whole.published()
    with Database(folder / DATABASE) as database, (folder / RECORDS_FILE).open("w", encoding="utf-8") as lines:
        database.tell(title=TITLE, description=DESCRIPTION, generation=as_of.generation, moment=moment(as_of.moment))
        for table in VOCABULARIES:
            database.insert(table, reference.terms(table.group), site)
        for record in records(keys):
            for table in RECORDS:
                database.insert(table, table.rows(record), site)
            database.index(record)
            lines.write(json.dumps(as_object(record, site), ensure_ascii=False) + "\n")
        database.insert(TRANSLATIONS, whole.translated(keys), site)
        database.insert(CHANGES, changes.of_editions(since, as_of.generation), site)
        database.close()


def write_json(path: Path, said: dict) -> None:
    path.write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n")


def write_manifest(folder: Path, as_of: AsOf, since: int, newest: int, counts: dict[str, int]) -> None:
    files = [asdict(file) for file in files_of(folder)]
    told = as_of._asdict() | {"moment": moment(as_of.moment), "newest": newest, "since": since, "counts": counts}
    write_json(folder / MANIFEST, told | {"files": files})


def files_of(folder: Path) -> list[PackageFile]:
    """What is there so far, by name."""
    return [
        PackageFile(path.name, *KINDS[path.suffix], path.stat().st_size, digest(path))
        for path in sorted(folder.iterdir())
    ]


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pack(folder: Path, as_of: AsOf) -> None:
    """Everything in one file, each with the moment of the generation."""
    names = sorted(path.name for path in folder.iterdir())
    with ZipFile(folder / PACKED, "w", ZIP_DEFLATED) as packed:
        for name in names:
            entry = ZipInfo(f"{NAME}/{name}", as_of.moment.timetuple()[:6])
            entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
            entry.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as file, packed.open(entry, "w") as inside:
                shutil.copyfileobj(file, inside, PIECE)


# Putting it in place


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Of several processes that build there, only the first goes on."""
    with folder.with_name(f".{folder.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BeingBuilt(folder=folder) from error
        yield


def put_in_place(aside: Path, folder: Path) -> None:
    """Whoever reads the folder finds the old package or the new one, whole: the two change their names at once, where
    the file system can do that."""
    if folder.exists() and not exchanged(aside, folder):
        old = folder.rename(folder.with_name(f".{folder.name}.old"))
        aside.rename(folder)
        aside = old
    elif not folder.exists():
        aside.rename(folder)
    shutil.rmtree(aside, ignore_errors=True)


def exchanged(one: Path, other: Path) -> bool:
    """Linux can exchange two names, for which Python has no function."""
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    return rename is not None and rename(HERE, os.fsencode(one), HERE, os.fsencode(other), RENAME_EXCHANGE) == 0
