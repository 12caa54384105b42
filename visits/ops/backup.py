"""The register as it is at one moment, while it serves, as one file that was restored once on trial (decision 22)."""

import json
import logging
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, transaction
from django.utils import timezone

from visits.catalogue.caching import release
from visits.exceptions import DamagedArchive, NoBackup, PathTaken
from visits.models.unhurried import unhurried

from .archives import Manifest, described, pack, unpack
from .transfer import attached, copy

logger = logging.getLogger(__name__)

# In DATA_DIR, about the last one that was made.
LAST = "last-backup"
# Nobody's record: who is signed in where, and what rate limits count.
LEFT_OUT = (Session._meta.db_table, "shared_cache")
# What the machine, and not the archive, can refuse.
REFUSED = (OSError, sqlite3.Error, DatabaseError, subprocess.SubprocessError)
MIGRATE = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
call_command("createcachetable", verbosity=0)
"""


def backup(path: Path) -> Manifest:
    """Write a new file with the whole register, or none."""
    if os.path.lexists(path):
        raise PathTaken(path=path)
    try:
        if not holds_register():
            raise NoBackup(path=path, reason="there is no register in this database yet")
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
            snapshot, archive, trial = (Path(folder, name) for name in ("snapshot", "archive", "trial"))
            take(snapshot)
            told = described(snapshot)
            manifest = Manifest(release(), timezone.now().isoformat(timespec="seconds"), connection.vendor, **told)
            pack(manifest, snapshot, archive)
            # The trial needs the room.
            snapshot.unlink()
            trial.mkdir()
            unpack(archive, trial)
            settle(archive, path)
    except DamagedArchive as error:
        raise NoBackup(path=path, reason=error.data["problem"]) from error
    except REFUSED as error:
        raise NoBackup(path=path, reason=reason(error)) from error
    return manifest


def remember(path: Path, manifest: Manifest) -> None:
    """Note in DATA_DIR when the last backup was made, and where, for those who watch the site."""
    note = settings.DATA_DIR / LAST
    fresh = note.with_suffix(f".{os.getpid()}")
    try:
        fresh.write_text(json.dumps({"made_at": manifest.made_at, "path": str(path.resolve())}))
        fresh.replace(note)
    except OSError as error:
        logger.warning("%s could not be written, so the age of the backup is not known: %s", note, error.strerror)


def holds_register() -> bool:
    return "visits_generation" in connection.introspection.table_names()


def reason(error: Exception) -> str:
    said = getattr(error, "stderr", None) or getattr(error, "strerror", None) or str(error)
    return " ".join(said.split()).rstrip(".")[-500:]


def take(snapshot: Path) -> None:
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(snapshot)) as target:
            connection.ensure_connection()
            # In one step, so in one transaction; those who write are not kept waiting.
            connection.connection.backup(target)
    else:
        migrate(snapshot)
        with attached(snapshot) as alias, at_one_moment():
            copy(DEFAULT_DB_ALIAS, alias)
    with closing(sqlite3.connect(snapshot, isolation_level=None)) as held:
        held.execute("PRAGMA journal_mode = DELETE")
        for table in LEFT_OUT:
            if held.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [table]).fetchone():
                held.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of ours
        # What was deleted or redacted still stands in pages that are free.
        held.execute("VACUUM")
        if connection.vendor != "sqlite":
            # What `preparing.measure_indexes` did where it was SQLite already.
            held.execute("PRAGMA analysis_limit = 1000")
            held.execute("ANALYZE")


@contextmanager
def at_one_moment() -> Iterator[None]:
    """What is read inside from PostgreSQL is of one moment. Where a transaction is open already, it locks the rows."""
    begins = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if begins:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        with unhurried():
            yield


def migrate(database: Path) -> None:
    """Bring an SQLite database, which may be a new one, to the migrations of this version.

    In a process of its own: migrations write to the default database, and so must never see that of the site.
    """
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{quote(str(database))}",
        "DATA_DIR": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "cted.settings",
    }
    # A list of arguments, none of them from outside.
    subprocess.run(  # noqa: S603
        [sys.executable, "-c", MIGRATE],
        cwd=settings.BASE_DIR,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )


def settle(archive: Path, path: Path) -> None:
    """Give the finished file its name, which nobody else may have taken meanwhile."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        raise PathTaken(path=path) from None
    archive.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
