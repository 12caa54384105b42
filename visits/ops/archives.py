"""One file that holds a whole register: exactly what was written, or refused.

It is a zip of two members, a manifest and an SQLite database. The comment at its end is the SHA-256 of all bytes
before, so that whatever is cut off or altered is noticed before anything of it is read.
"""

import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
import zlib
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from visits.exceptions import DamagedArchive, NewerArchive, NoArchive, NoFile, NotRestored

FORMAT = 1
MANIFEST, DATABASE = "manifest.json", "register.sqlite3"
# How a file of ours begins: a zip whose first member is the manifest.
SIGNATURE, NAME_AT = b"PK\x03\x04", 30
LENGTH_OF_DIGEST = 64
CHUNK = 1024 * 1024
LONGEST_MANIFEST = 1024 * 1024
# Texts take a fifth to a twentieth of their room when they are compressed; a bomb, a thousandth.
MOST_COMPRESSED = 200
# What reading a crafted file can end in.
MALFORMED = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, RuntimeError, EOFError)


@dataclass(frozen=True)
class Manifest:
    """`vendor`: the database it was taken from. `rows`: how many each table has. `size`, `sha256`: of the database."""

    release: str
    made_at: str
    vendor: str
    generation: int
    migrations: list[str]
    rows: dict[str, int]
    size: int
    sha256: str
    format: int = FORMAT


def described(database: Path) -> dict:
    """What a database says of itself that its manifest says too."""
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY 1"
    with closing(sqlite3.connect(database)) as held:
        rows = {
            name: held.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - a table's own name
            for (name,) in held.execute(tables).fetchall()
        }
        generation = held.execute("SELECT n FROM visits_generation WHERE id = 1").fetchone()
        migrations = held.execute("SELECT app || '.' || name FROM django_migrations ORDER BY id").fetchall()
    return {
        "generation": generation[0] if generation else 0,
        "migrations": [name for (name,) in migrations],
        "rows": rows,
        "size": database.stat().st_size,
        "sha256": digest_of(database),
    }


def fault(database: Path, manifest: Manifest) -> str | None:
    """What is wrong in a database: its pages, what rows refer to, its index of words, or that it is another one."""
    try:
        with closing(sqlite3.connect(database)) as held:
            (said,) = held.execute("PRAGMA integrity_check(1)").fetchone()
            if said != "ok":
                return said
            if dangling := held.execute("PRAGMA foreign_key_check").fetchone():
                return f"a row of {dangling[0]} refers to one of {dangling[2]} that is not there"
            # With a rank it also compares the index with the rows that it was made of.
            held.execute("INSERT INTO visits_searchtext (visits_searchtext, rank) VALUES ('integrity-check', 1)")
        said = asdict(manifest)
        return next((f"other {name}" for name, value in described(database).items() if said[name] != value), None)
    except sqlite3.Error as error:
        return str(error)


def pack(manifest: Manifest, database: Path, path: Path) -> None:
    with path.open("xb") as file:
        os.chmod(path, 0o600)
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=1))
            archive.write(database, DATABASE)
            archive.comment = b"0" * LENGTH_OF_DIGEST
    with path.open("r+b") as file:
        digest = digest_of_rest(file)
        file.seek(-LENGTH_OF_DIGEST, os.SEEK_END)
        file.write(digest)
        file.flush()
        os.fsync(file.fileno())


def unpack(path: Path, folder: Path) -> tuple[Manifest, Path]:
    """What the archive holds, its database as a file in `folder`, all of it looked through."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise NoFile(name=path, reason=error.strerror) from error
    with file:
        refuse_unless_whole(file, path)
        try:
            manifest, database = members(file, path, folder)
        except MALFORMED as error:
            raise NoArchive(path=path) from error
    if problem := fault(database, manifest):
        raise DamagedArchive(path=path, problem=problem)
    return manifest, database


def refuse_unless_whole(file: BinaryIO, path: Path) -> None:
    beginning = file.read(NAME_AT + len(MANIFEST))
    if not beginning.startswith(SIGNATURE) or beginning[NAME_AT:] != MANIFEST.encode():
        raise NoArchive(path=path)
    digest = digest_of_rest(file)
    if file.read() != digest:
        raise DamagedArchive(path=path, problem="its checksum is another")
    file.seek(0)


def members(file: BinaryIO, path: Path, folder: Path) -> tuple[Manifest, Path]:
    """The two members, and no other: what names a crafted archive has, none of them becomes a path."""
    with zipfile.ZipFile(file) as archive:
        if archive.namelist() != [MANIFEST, DATABASE]:
            raise NoArchive(path=path)
        said = json.loads(read_at_most(archive, MANIFEST, LONGEST_MANIFEST))
        if said["format"] > FORMAT:
            raise NewerArchive(path=path, unknown=f"format {said['format']}")
        manifest, packed = Manifest(**said), archive.getinfo(DATABASE)
        if manifest.size != packed.file_size or manifest.size > packed.compress_size * MOST_COMPRESSED:
            raise NoArchive(path=path)
        if manifest.size > shutil.disk_usage(folder).free:
            raise NotRestored(reason=f"{folder} has not enough room, {manifest.size:,} bytes")
        database = folder / DATABASE
        with archive.open(packed) as source, database.open("xb") as target:
            # Never more than the size that it says.
            shutil.copyfileobj(source, target, CHUNK)
    return manifest, database


def read_at_most(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    with archive.open(name) as member:
        data = member.read(limit + 1)
    if len(data) > limit:
        raise ValueError(f"{name} is too long")
    return data


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_rest(file: BinaryIO) -> bytes:
    """The SHA-256 of all but the place of the digest itself, before which it leaves the file."""
    left, digest = max(file.seek(0, os.SEEK_END) - LENGTH_OF_DIGEST, 0), hashlib.sha256()
    file.seek(0)
    while chunk := file.read(min(CHUNK, left)):
        digest.update(chunk)
        left -= len(chunk)
    return digest.hexdigest().encode()
