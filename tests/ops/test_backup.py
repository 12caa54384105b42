"""A backup holds the whole register, and comes back as it was."""

import json
import re
import shutil
import sys
import zipfile
from contextlib import contextmanager
from dataclasses import asdict
from io import StringIO
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from tests.crawler import Browser
from tests.databases import everything, on_file
from tests.factories import make_edition
from tests.ops.support import change_much, left_in, put_back
from tests.searching import found
from visits.enums import State
from visits.exceptions import (
    NoBackup,
    NotRestored,
    PathTaken,
)
from visits.models import Email, Event, Generation, SearchRow
from visits.ops.archives import MANIFEST, unpack
from visits.ops.backup import backup


def read_by_the_public(browser) -> dict[str, str]:
    """Some addresses of the site map, of every kind and language, and whole lists as files."""
    listed = re.findall("<loc>(.*?)</loc>", browser.get("/sitemap.xml").body)
    pages = sorted(urlsplit(address).path for address in listed)[::23]
    answers = [browser.get(path) for path in [*pages, "/visits.json", "/findings.csv", "/sitemap.xml"]]
    assert [answer.address for answer in answers if answer.status != 200] == []
    assert len(answers) > 30
    return {answer.address: answer.body for answer in answers}


# Both ways


def test_every_row_comes_back_and_the_public_reads_the_same_at_once(register, tmp_path):
    browser, questions = Browser(), ("focused", "unodc", "chile", "zanzibar", "1373")
    before, pages = everything(), read_by_the_public(browser)
    answers = {asked: found(asked) for asked in questions}
    at = Generation.current()
    assert [table for table, rows in before.items() if not rows] == []

    backup(tmp_path / "a.zip")
    change_much()
    changed = Generation.current()
    assert (len(found("zanzibar")), read_by_the_public(browser) == pages) == (1, False)
    put_back(tmp_path / "a.zip")

    assert everything() == before
    assert read_by_the_public(browser) == pages
    assert {asked: found(asked) for asked in questions} == answers
    # No page that anybody kept of what is gone has a number that this register comes to.
    assert Generation.current() > changed + 1000 > at


def test_a_backup_of_what_was_restored_differs_in_the_generation_alone(register, tmp_path):
    first = backup(tmp_path / "a.zip")
    put_back(tmp_path / "a.zip")
    second = backup(tmp_path / "b.zip")

    assert second.generation > first.generation
    assert (second.rows, second.migrations) == (first.rows, first.migrations)


def test_the_register_goes_on_where_it_was(register, tmp_path):
    backup(tmp_path / "a.zip")
    last = Event.objects.latest_pk()
    put_back(tmp_path / "a.zip")

    edition = make_edition(State.PUBLISHED, title="Nobody else says Zanzibar")

    assert (found("zanzibar"), Event.objects.latest_pk() > last) == ([edition.visit.slug], True)


def test_it_comes_into_a_place_where_nothing_is(register, tmp_path, data, django_db_blocker):
    before = everything()
    backup(tmp_path / "a.zip")

    with on_file(data / "fresh.sqlite3"):
        put_back(tmp_path / "a.zip")
        assert everything() == before

    assert (data / "fresh.sqlite3").stat().st_mode & 0o777 == 0o600


def test_what_is_replaced_is_kept_and_can_be_put_back(register, tmp_path):
    backup(tmp_path / "a.zip")
    change_much()
    before = everything()

    put_back(tmp_path / "a.zip", keep=tmp_path / "kept.zip")
    assert everything() != before
    put_back(tmp_path / "kept.zip")

    assert everything() == before


def test_nothing_is_restored_when_what_is_there_cannot_be_kept(register, tmp_path):
    backup(tmp_path / "a.zip")
    change_much()
    before = everything()

    with pytest.raises(NotRestored, match="exists already"):
        put_back(tmp_path / "a.zip", keep=tmp_path / "a.zip")

    assert everything() == before


def test_who_is_signed_in_and_what_rates_count_is_in_no_backup(register, tmp_path):
    Session.objects.create(session_key="secret-session", session_data="x", expire_date=timezone.now())
    caches["default"].set("secret-count", 3)

    backup(tmp_path / "a.zip")
    _manifest, database = unpack(tmp_path / "a.zip", tmp_path)

    assert b"secret-" not in database.read_bytes()
    put_back(tmp_path / "a.zip")
    assert (Session.objects.count(), caches["default"].get("secret-count")) == (0, None)


def test_what_was_deleted_is_in_no_page_of_the_database(register, tmp_path):
    Email.objects.create(to="a@example.org", subject="gone", body="nobody-shall-read-this " * 500)
    Email.objects.filter(subject="gone").delete()

    backup(tmp_path / "a.zip")
    _manifest, database = unpack(tmp_path / "a.zip", tmp_path)

    assert b"nobody-shall-read-this" not in database.read_bytes()


def test_the_manifest_says_what_it_is(register, tmp_path):
    manifest = backup(tmp_path / "a.zip")

    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        said = json.loads(archive.read(MANIFEST))
    assert said == asdict(manifest)
    assert (said["vendor"], said["generation"], said["format"]) == ("sqlite", Generation.current(), 1)
    assert (said["rows"]["visits_event"], said["migrations"][0]) == (Event.objects.count(), "contenttypes.0001_initial")
    assert (tmp_path / "a.zip").stat().st_mode & 0o777 == 0o600


def test_the_bundle_of_what_was_restored_is_the_same(register, tmp_path, data):
    backup(tmp_path / "a.zip")
    call_command("build_bundle", str(tmp_path / "first"))
    change_much()
    put_back(tmp_path / "a.zip")
    call_command("build_bundle", str(tmp_path / "second"))
    with on_file(data / "fresh.sqlite3"):
        put_back(tmp_path / "a.zip")
        call_command("build_bundle", str(tmp_path / "third"))

    first, *others = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (tmp_path / "first", tmp_path / "second", tmp_path / "third")
    )
    assert others == [first, first]


# What is refused


def test_nothing_is_overwritten(register, tmp_path):
    (tmp_path / "a.zip").write_text("precious")
    (tmp_path / "b.zip").symlink_to(tmp_path / "nowhere")

    for name in ("a.zip", "b.zip"):
        with pytest.raises(PathTaken, match="exists already"):
            backup(tmp_path / name)

    assert ((tmp_path / "a.zip").read_text(), left_in(tmp_path)) == ("precious", ["a.zip", "b.zip"])


@pytest.mark.parametrize("folder", ["missing", "file", "/proc"])
def test_a_folder_that_takes_no_file_is_told(register, tmp_path, folder):
    (tmp_path / "file").touch()

    with pytest.raises(NoBackup, match=r"No backup was written to “.*a\.zip”: "):
        backup(tmp_path / folder / "a.zip")

    assert left_in(tmp_path) == ["file"]


def test_a_database_without_a_register_is_told(data, tmp_path, django_db_blocker):
    with django_db_blocker.unblock(), on_file(data / "empty.sqlite3"), pytest.raises(NoBackup, match="no register"):
        backup(tmp_path / "a.zip")

    assert left_in(tmp_path) == []


def test_a_register_that_is_damaged_itself_is_told(register, tmp_path):
    SearchRow._base_manager.filter(pk=SearchRow.objects.first().pk).update(body="as it is")
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER visits_searchtext_update")
        cursor.execute("UPDATE visits_searchrow SET body = 'other words than the index has'")

    with pytest.raises(NoBackup, match="malformed"):
        backup(tmp_path / "a.zip")

    assert left_in(tmp_path) == []


def test_an_archive_of_an_older_version_is_migrated_in_a_copy(tmp_path, data, migrated, django_db_blocker):
    with django_db_blocker.unblock():
        shutil.copy(migrated, data / "old.sqlite3")
        with on_file(data / "old.sqlite3"):
            call_command("migrate", "visits", "0007", verbosity=0)
            manifest = backup(tmp_path / "a.zip")
        assert "visits.0008_scheduling_withholding_redaction" not in manifest.migrations
        with on_file(data / "register.sqlite3"):
            put_back(tmp_path / "a.zip")
            assert "visits_redaction" in connection.introspection.table_names()
            call_command("migrate", check_unapplied=True, verbosity=0)


# The commands


def run(*arguments, stdin="") -> str:
    output = StringIO()
    with mock_input(stdin):
        call_command(*map(str, arguments), stdout=output)
    return output.getvalue()


@contextmanager
def mock_input(text: str):
    kept, sys.stdin = sys.stdin, StringIO(text)
    try:
        yield
    finally:
        sys.stdin = kept


def test_the_backup_is_noted_for_those_who_watch(register, tmp_path, data):
    output = run("backup", tmp_path / "a.zip")

    note = json.loads((data / "last-backup").read_text())
    assert note["path"] == str(tmp_path / "a.zip")
    assert note["made_at"] in output
    with pytest.raises(CommandError, match="exists already"):
        run("backup", tmp_path / "a.zip")


@pytest.mark.parametrize(("answer", "refusal"), [("no\n", "Nothing was restored"), ("", "nobody answered: add --yes")])
def test_nothing_is_restored_without_a_yes(register, tmp_path, answer, refusal):
    backup(tmp_path / "a.zip")
    change_much()
    before = everything()

    with pytest.raises(CommandError, match=refusal):
        run("restore", tmp_path / "a.zip", stdin=answer)

    assert (everything() == before, left_in(tmp_path)) == (True, ["a.zip"])


@pytest.mark.parametrize(("arguments", "answer"), [([], "yes\n"), (["--yes"], "")])
def test_a_yes_restores_and_keeps_what_was_there(register, tmp_path, arguments, answer):
    before = everything()
    backup(tmp_path / "a.zip")
    change_much()

    output = run("restore", tmp_path / "a.zip", *arguments, stdin=answer)

    (kept,) = tmp_path.glob("a.zip.replaced-*")
    assert (everything() == before, str(kept) in output) == (True, True)


def test_nothing_is_kept_where_that_is_not_wanted(register, tmp_path):
    backup(tmp_path / "a.zip")

    run("restore", tmp_path / "a.zip", "--yes", "--no-keep")

    assert left_in(tmp_path) == ["a.zip"]
