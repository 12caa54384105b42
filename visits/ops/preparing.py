"""What the server needs besides the database, made in DATA_DIR from what the release holds."""

import hashlib
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection

STAMP = "sources.sha256"


def collect_static() -> None:
    current = digest(static_files())
    # In the folder that collecting empties: a stamp that is there tells of a collection that was finished.
    stamp = settings.STATIC_ROOT / STAMP
    if is_new(stamp, current):
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(current)


def static_is_current() -> bool:
    return not is_new(settings.STATIC_ROOT / STAMP, digest(static_files()))


def static_files() -> dict[str, str]:
    """Paths by the names under which they are collected."""
    return {name: storage.path(name) for finder in get_finders() for name, storage in finder.list([])}


def catalogues_are_current() -> bool:
    return not is_new(settings.COMPILED_CATALOGUES / STAMP, digest(catalogues()))


def catalogues() -> dict[str, Path]:
    found = sorted(settings.CATALOGUES.glob("*/LC_MESSAGES/django.po"))
    return {str(path.relative_to(settings.CATALOGUES)): path for path in found}


def compile_catalogues() -> None:
    """Make what gettext reads of what translators write. Without gettext's own programs: not every machine has them."""
    sources = catalogues()
    stamp = settings.COMPILED_CATALOGUES / STAMP
    if not is_new(stamp, current := digest(sources)):
        return
    for source in sources.values():
        compiled = settings.COMPILED_CATALOGUES / source.relative_to(settings.CATALOGUES).with_suffix(".mo")
        compiled.parent.mkdir(parents=True, exist_ok=True)
        with source.open("rb") as written, compiled.open("wb") as file:
            write_mo(file, read_po(written, abort_invalid=True))
    stamp.write_text(current)


def measure_indexes() -> None:
    """Have SQLite note, once there are visits, how many rows the entries of each index lead to.

    Until then it takes all indexes for equally good, and goes through every published edition to find the twenty of a
    page. Proportions are what counts: a register that grows needs no new measurement. PostgreSQL does this by itself.
    """
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone() is None:
            # So many entries of each index tell enough: all of them would take minutes where there are millions.
            cursor.execute("PRAGMA analysis_limit = 1000")
            cursor.execute("ANALYZE")


def is_new(stamp: Path, current: str) -> bool:
    return not (stamp.exists() and stamp.read_text() == current)


def digest(sources: dict[str, str | Path]) -> str:
    """By the names within the release: the folder that it was unpacked into is another one after each upgrade."""
    return hashlib.sha256(
        b"".join(name.encode() + Path(path).read_bytes() for name, path in sorted(sources.items()))
    ).hexdigest()
