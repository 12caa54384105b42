"""What is no backup of ours, whole and as it was written, is refused and changes nothing."""

import json
import os
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.live import ROOT
from tests.ops.support import left_in
from visits.exceptions import (
    DamagedArchive,
    NewerArchive,
    NoArchive,
    NoFile,
    RegisterError,
)
from visits.ops import archives
from visits.ops.archives import DATABASE, MANIFEST, described, pack, unpack
from visits.ops.restore import opened

SAMPLE = sorted((ROOT / "tests" / "samples" / "upgrades").glob("*.zip"))[-1]
ARCHIVE = SAMPLE.read_bytes()
CENTRAL = ARCHIVE.rindex(b"PK\x01\x02")
PLACES = [
    0,
    1,
    3,
    4,
    30,
    43,
    44,
    500,
    2000,
    len(ARCHIVE) // 2,
    CENTRAL,
    CENTRAL + 10,
    *range(len(ARCHIVE) - 90, len(ARCHIVE)),
]


def refusal_of(data: bytes, folder) -> RegisterError:
    path = folder / "altered.zip"
    path.write_bytes(data)
    with pytest.raises(RegisterError) as refused, opened(path):
        pass
    assert "Nothing was restored" in str(refused.value)
    assert list((folder / "data").iterdir()) == []
    return refused.value


@pytest.mark.parametrize("length", PLACES)
def test_what_was_cut_off_is_refused(length, tmp_path, data):
    assert isinstance(refusal_of(ARCHIVE[:length], tmp_path), DamagedArchive | NoArchive)


@given(place=st.integers(0, len(ARCHIVE) - 1), value=st.integers(1, 255))
@example(place=0, value=1)
@example(place=len(ARCHIVE) - 1, value=1)
@example(place=len(ARCHIVE) - archives.LENGTH_OF_DIGEST - 1, value=1)
def test_one_byte_altered_anywhere_is_refused(place, value, tmp_path_factory):
    folder = tmp_path_factory.mktemp("altered")
    altered = bytearray(ARCHIVE)
    altered[place] ^= value
    (folder / "altered.zip").write_bytes(altered)

    with pytest.raises((DamagedArchive, NoArchive)):
        unpack(folder / "altered.zip", folder)

    assert not (folder / DATABASE).exists()


def test_what_was_added_is_refused(tmp_path, data):
    assert isinstance(refusal_of(ARCHIVE + b"0", tmp_path), DamagedArchive)


@pytest.mark.parametrize("path", ["missing.zip", "data"])
def test_what_cannot_be_opened_is_told(path, tmp_path, data):
    with pytest.raises(NoFile, match="cannot be opened"), opened(tmp_path / path):
        pass


def crafted(path, members):
    """An archive whose checksum is right, whatever stands in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
        archive.comment = b"0" * archives.LENGTH_OF_DIGEST
    with path.open("r+b") as file:
        digest = archives.digest_of_rest(file)
        file.seek(-len(digest), os.SEEK_END)
        file.write(digest)
    return path.read_bytes()


with zipfile.ZipFile(SAMPLE) as sample:
    SAID, HELD = json.loads(sample.read(MANIFEST)), sample.read(DATABASE)


def said(**changed) -> str:
    return json.dumps(SAID | changed)


BOMB = bytes(50_000_000)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    ("members", "refusal"),
    [
        pytest.param([("readme.txt", "hello")], NoArchive, id="another zip"),
        pytest.param([(MANIFEST, said())], NoArchive, id="no database"),
        pytest.param([(MANIFEST, said()), ("../register.sqlite3", HELD)], NoArchive, id="a way up"),
        pytest.param([(MANIFEST, said()), ("/tmp/register.sqlite3", HELD)], NoArchive, id="a way from the root"),  # noqa: S108
        pytest.param([(MANIFEST, said()), (DATABASE, HELD), ("../x", "x")], NoArchive, id="one more"),
        pytest.param([(MANIFEST, said()), (DATABASE, HELD), (DATABASE, HELD)], NoArchive, id="twice"),
        pytest.param([(MANIFEST, "{"), (DATABASE, HELD)], NoArchive, id="no JSON"),
        pytest.param([(MANIFEST, "[" * 100_000), (DATABASE, HELD)], NoArchive, id="deep JSON"),
        pytest.param([(MANIFEST, "[]"), (DATABASE, HELD)], NoArchive, id="no object"),
        pytest.param([(MANIFEST, "{}"), (DATABASE, HELD)], NoArchive, id="nothing said"),
        pytest.param([(MANIFEST, said(more=1)), (DATABASE, HELD)], NoArchive, id="too much said"),
        pytest.param([(MANIFEST, said(size="1")), (DATABASE, HELD)], NoArchive, id="no number"),
        pytest.param([(MANIFEST, said(size=1)), (DATABASE, HELD)], NoArchive, id="another size"),
        pytest.param([(MANIFEST, " " * 2_000_000 + said()), (DATABASE, HELD)], NoArchive, id="a long manifest"),
        pytest.param([(MANIFEST, said(size=len(BOMB))), (DATABASE, BOMB)], NoArchive, id="a bomb"),
        pytest.param([(MANIFEST, said(format=2)), (DATABASE, HELD)], NewerArchive, id="a newer format"),
        pytest.param([(MANIFEST, said(sha256="0")), (DATABASE, HELD)], DamagedArchive, id="another checksum"),
        pytest.param([(MANIFEST, said(generation=1)), (DATABASE, HELD)], DamagedArchive, id="another generation"),
        pytest.param([(MANIFEST, said(rows={})), (DATABASE, HELD)], DamagedArchive, id="other numbers"),
        pytest.param([(MANIFEST, said(migrations=[])), (DATABASE, HELD)], DamagedArchive, id="other migrations"),
        pytest.param(
            [(MANIFEST, said(size=4096)), (DATABASE, os.urandom(4096))], DamagedArchive, id="no database at all"
        ),
    ],
)
def test_a_crafted_archive_is_refused_and_writes_nowhere(members, refusal, tmp_path, data):
    refused = refusal_of(crafted(tmp_path / "crafted.zip", members), tmp_path)

    assert type(refused) is refusal
    assert left_in(tmp_path) == ["altered.zip", "crafted.zip"]
    assert refused.data["path"] == tmp_path / "altered.zip"


def altered(tmp_path, statement: str) -> Path:
    """An archive of the sample with this done to it."""
    manifest, database = unpack(SAMPLE, tmp_path)
    with closing(sqlite3.connect(database)) as held, held:
        held.execute("PRAGMA foreign_keys = OFF")
        held.execute(statement)
    pack(replace(manifest, **described(database)), database, tmp_path / "a.zip")
    return tmp_path / "a.zip"


def test_an_archive_of_a_newer_version_is_refused(tmp_path, data):
    path = altered(tmp_path, "INSERT INTO django_migrations VALUES (999, 'visits', '9999_later', '2030-01-01')")

    with pytest.raises(NewerArchive, match=r"newer version of this program \(visits.9999_later\)"), opened(path):
        pass


def test_a_row_that_refers_to_nothing_is_refused(tmp_path, data):
    path = altered(tmp_path, "DELETE FROM visits_document WHERE id = (SELECT document_id FROM visits_evidence)")

    with pytest.raises(DamagedArchive, match="refers to one of visits_document that is not there"), opened(path):
        pass
