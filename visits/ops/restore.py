"""A backup in the place of the register while it serves: all of it or nothing, whatever happens (decision 22)."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.migrations.loader import MigrationLoader

from visits.exceptions import NewerArchive, NewerDatabase, NoBackup, NotRestored, PathTaken
from visits.models import Generation
from visits.models.unhurried import unhurried

from .archives import Manifest, unpack
from .backup import LEFT_OUT, REFUSED, backup, holds_register, migrate, reason
from .transfer import attached, copy, tables

# By so much the generation of a restored register is above both: no page that somebody kept of what followed the
# backup has a number that this register comes to.
AHEAD = 10_000
# Pages that are copied before somebody looks whether the register is locked: fewer than any register has.
FIRST_PAGES = 16
# Seconds to wait for others who write.
PATIENCE = 60


@dataclass(frozen=True)
class Candidate:
    """A register that could be put in the place of ours: looked through, and of this version's migrations."""

    manifest: Manifest
    database: Path


@contextmanager
def opened(path: Path) -> Iterator[Candidate]:
    """Everything that can be refused about an archive is refused here, where nothing has been touched yet."""
    try:
        settings.DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=settings.DATA_DIR, prefix="restore.") as folder:
            manifest, database = unpack(path, Path(folder))
            known = {".".join(name) for name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations}
            if unknown := sorted(set(manifest.migrations) - known):
                raise NewerArchive(path=path, unknown=", ".join(unknown))
            if known - set(manifest.migrations) or not manifest.rows.keys() >= set(LEFT_OUT):
                migrate(database)
            yield Candidate(manifest, database)
    except REFUSED as error:
        raise NotRestored(reason=reason(error)) from error


def restore(candidate: Candidate, keep: Path | None = None) -> None:
    """Put it in the place of the register, of which a backup is made at `keep` first: with all that was ever written
    there, because nobody writes from then on until it is replaced."""
    try:
        if connection.vendor == "sqlite":
            replace_sqlite(candidate.database, keep)
        else:
            replace_postgresql(candidate.database, keep)
    except (NoBackup, PathTaken) as error:
        raise NotRestored(reason=error.sentence.rstrip(".")) from error
    except REFUSED as error:
        raise NotRestored(reason=reason(error)) from error


def replace_sqlite(database: Path, keep: Path | None) -> None:
    """SQLite's own backup, onto the file that is served: to everybody else it is one transaction."""
    live = Path(connection.settings_dict["NAME"])
    live.touch(mode=0o600)
    deadline, is_locked = time.monotonic() + PATIENCE, False

    def look(status: int, _remaining: int, _total: int) -> None:
        nonlocal is_locked
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            if time.monotonic() > deadline:
                raise TimeoutError(0, "others write to it all the time")
        elif not is_locked:
            # From the first page on nobody else writes, and everybody reads what was there before.
            is_locked = True
            prepare(source, keep)

    with (
        closing(sqlite3.connect(database, isolation_level=None)) as source,
        closing(sqlite3.connect(live, timeout=1, isolation_level=None)) as target,
    ):
        target.execute("PRAGMA journal_mode = WAL")
        target.execute("PRAGMA synchronous = FULL")
        source.backup(target, pages=FIRST_PAGES, progress=look)


def replace_postgresql(database: Path, keep: Path | None) -> None:
    loader = MigrationLoader(connection)
    if unknown := sorted(set(loader.applied_migrations) - set(loader.disk_migrations)):
        raise NewerDatabase(unknown=", ".join(map(".".join, unknown)))
    keep = keep if holds_register() else None
    if set(loader.applied_migrations) != set(loader.disk_migrations):
        call_command("migrate", verbosity=0, interactive=False)
    call_command("createcachetable", verbosity=0)
    left_out = set(LEFT_OUT) & set(connection.introspection.table_names())
    with attached(database) as alias, unhurried(), connection.cursor() as cursor:
        names = map(connection.ops.quote_name, {*(model._meta.db_table for model in tables()), *left_out})
        # Others go on reading what was there before.
        cursor.execute(f"LOCK TABLE {', '.join(names)} IN EXCLUSIVE MODE")
        with closing(sqlite3.connect(database, isolation_level=None)) as held:
            prepare(held, keep)
        copy(alias, DEFAULT_DB_ALIAS)
        for table in left_out:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of ours
        # It would count the new rows by itself, in a minute. Until then its plans would be those for other ones.
        cursor.execute("ANALYZE")


def prepare(candidate: sqlite3.Connection, keep: Path | None) -> None:
    """What is done once the register is locked: nothing that is read of it now can change any more."""
    now = 0
    if holds_register():
        now = Generation.current()
        if keep:
            backup(keep)
    row = candidate.execute("SELECT n FROM visits_generation WHERE id = 1").fetchone()
    above = max(now, row[0] if row else 0) + AHEAD
    candidate.execute("INSERT OR REPLACE INTO visits_generation (id, n) VALUES (1, ?)", [above])
