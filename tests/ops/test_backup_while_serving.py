"""Backing up and restoring while others read and write, on both databases, and when the machine fails."""

import os
import re
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
from django.db import connection, connections, transaction

from tests.databases import everything, on_file, on_postgresql
from tests.factories import make_edition, make_user
from tests.live import PATIENCE, ROOT, Site, environment_of
from tests.ops.support import change_much, left_in, put_back
from tests.postgresql import cluster, programs
from tests.register import told
from tests.searching import found
from visits.enums import Role, State
from visits.exceptions import (
    NotRestored,
)
from visits.models import Email, Generation, User, Visit
from visits.ops.archives import DATABASE, unpack
from visits.ops.backup import backup
from visits.ops.transfer import attached

# Of killing a restore, at as many moments of it.
ROUNDS = 20


# While others write, and when the machine fails


def process(code: str, data, **options) -> subprocess.Popen:
    """Python of another process on the register in this data folder."""
    return subprocess.Popen(
        [sys.executable, "-c", f"import django\ndjango.setup()\n{code}"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "cted.settings",
            "SECRET_KEY": "x",
            "DATA_DIR": str(data),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )


PUBLISHES = """
from tests.factories import make_edition
from visits.enums import State
while True:
    print(make_edition(State.PUBLISHED).pk, flush=True)
"""


def test_a_backup_while_somebody_publishes_is_of_one_moment(register, tmp_path, data):
    writer = process(PUBLISHES, data)
    seen = set()
    try:
        for number in range(8):
            writer.stdout.readline()
            manifest = backup(tmp_path / f"{number}.zip")
            with closing(sqlite3.connect(unpack(tmp_path / f"{number}.zip", tmp_path)[1])) as held:
                numbers = held.execute("""
                    SELECT (SELECT n FROM visits_generation), (SELECT max(generation) FROM visits_event),
                    (SELECT count(*) FROM visits_searchrow),
                    (SELECT count(*) FROM visits_edition WHERE state = 'published')
                """).fetchone()
            (tmp_path / DATABASE).unlink()
            assert (numbers[0], numbers[2]) == (numbers[1], numbers[3])
            assert manifest.generation == numbers[0]
            seen.add(manifest.generation)
    finally:
        writer.kill()
        writer.communicate()
    assert len(seen) > 3


ACKNOWLEDGES = """
from visits.models import Email
for number in range(1_000_000):
    Email.objects.create(to="a@example.org", subject=f"number {number}")
    print(number, flush=True)
"""


def test_what_was_written_until_the_restore_is_in_what_it_kept(register, tmp_path, data):
    backup(tmp_path / "a.zip")
    writer = process(ACKNOWLEDGES, data)
    try:
        writer.stdout.readline()
        time.sleep(0.3)
        put_back(tmp_path / "a.zip", keep=tmp_path / "kept.zip")
        time.sleep(0.2)
    finally:
        writer.kill()
        said, errors = writer.communicate()
    acknowledged = {f"number {number}" for number in ["0", *said.split()]}

    with attached(unpack(tmp_path / "kept.zip", tmp_path)[1]) as kept:
        replaced = set(Email.objects.using(kept).values_list("subject", flat=True))
    after = set(Email.objects.values_list("subject", flat=True))
    assert errors == ""
    assert acknowledged - replaced - after == set()
    assert acknowledged & replaced
    assert acknowledged & after


@pytest.mark.parametrize("limit", [0, 200_000, 1_000_000])
@pytest.mark.parametrize("command", ["backup", "restore"])
def test_a_full_disk_is_told_in_a_sentence_and_leaves_nothing(register, tmp_path, data, command, limit):
    backup(tmp_path / "a.zip")
    change_much()
    before = everything()
    connection.close()
    named = {"backup": ["backup", str(tmp_path / "b.zip")], "restore": ["restore", str(tmp_path / "a.zip"), "--yes"]}

    done = process(
        f"from django.core.management import execute_from_command_line as run\nrun(['', *{named[command]}])",
        data,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    _output, errors = done.communicate(timeout=PATIENCE)

    assert (done.returncode, len(errors.splitlines())) == (1, 1), errors
    assert re.search("No backup was written|Nothing was restored", errors)
    assert everything() == before
    assert left_in(tmp_path) == ["a.zip"]
    assert [path.name for path in data.iterdir() if not path.name.startswith("register.sqlite3")] == []


def kill_restores(tmp_path, rounds: int, *, keep: bool) -> None:
    """At one moment of it after the other; each time the other of two registers is put in place."""
    backup(tmp_path / "a.zip")
    first = everything()
    change_much()
    backup(tmp_path / "b.zip")
    second = everything()
    started = time.monotonic()
    put_back(tmp_path / "a.zip", keep=tmp_path / "kept.zip" if keep else None)
    lasts, outcomes = time.monotonic() - started, set()
    for number in range(rounds):
        before, kept = everything(), tmp_path / f"kept-{number}.zip"
        other = tmp_path / ("a.zip" if before == second else "b.zip")
        connections.close_all()
        child = os.fork()
        if not child:
            put_back(other, keep=kept if keep else None)
            os._exit(0)
        # The first is ended at once, and the last not at all, however busy the machine is.
        if number < rounds - 1:
            # Where that is in the work of the moment is chance enough.
            time.sleep(lasts * 1.3 * number / rounds)
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        with told(round=number):
            after = everything()
            assert after in (first, second)
            # What the search finds is what the rows say.
            assert len(found("zanzibar")) == (after == second)
            if connection.vendor == "sqlite":
                with connection.cursor() as cursor:
                    assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            outcomes.add(after != before)
            # A finished file is given its name; the moment between leaves an empty one.
            if kept.exists() and kept.stat().st_size:
                (tmp_path / f"trial-{number}").mkdir()
                unpack(kept, tmp_path / f"trial-{number}")
            elif keep:
                assert after == before
    assert outcomes == {False, True}


@pytest.mark.slow
def test_a_restore_that_is_killed_leaves_the_old_register_or_the_new(register, tmp_path):
    kill_restores(tmp_path, ROUNDS, keep=True)


# PostgreSQL


@pytest.fixture(scope="module")
def server():
    if not programs():
        missing = "PostgreSQL is not installed: with Debian, apt-get install postgresql."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with cluster() as url:
        yield url


def rows_that_plans_are_made_for() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'visits_visit'")
        return cursor.fetchone()[0]


@pytest.mark.slow
def test_both_databases_take_each_other_s_backups(register, server, tmp_path, data):
    make_user(Role.AUTHOR).delete()
    before, answers, used = everything(), found("focused"), User.objects.latest("pk").pk + 1
    backup(tmp_path / "from-sqlite.zip")

    with on_postgresql(server):
        put_back(tmp_path / "from-sqlite.zip")
        assert everything() == before
        assert found("focused") == answers
        assert rows_that_plans_are_made_for() == Visit.objects.count()
        manifest = backup(tmp_path / "from-postgresql.zip")
        with transaction.atomic():
            # No key is given twice.
            assert make_user(Role.AUTHOR).pk > used
            assert found(make_edition(State.PUBLISHED, title="Zanzibar").title) != []
        changed, at = everything(), Generation.current()
        put_back(tmp_path / "from-postgresql.zip", keep=tmp_path / "kept.zip")
        assert everything() == before
        assert Generation.current() > at
        put_back(tmp_path / "kept.zip")
        assert everything() == changed
        with pytest.raises(NotRestored):
            put_back(tmp_path / "from-sqlite.zip", keep=tmp_path / "kept.zip")
        assert everything() == changed

    assert manifest.vendor == "postgresql"
    with on_file(data / "back.sqlite3"):
        put_back(tmp_path / "from-postgresql.zip")
        assert everything() == before
        assert found("focused") == answers
        assert make_user(Role.AUTHOR).pk > used


@pytest.mark.slow
def test_a_restore_into_postgresql_that_is_killed_leaves_the_old_register_or_the_new(register, server, tmp_path):
    backup(tmp_path / "whole.zip")

    with on_postgresql(server):
        put_back(tmp_path / "whole.zip")
        kill_restores(tmp_path, ROUNDS // 4, keep=False)


# The running site


@pytest.mark.slow
def test_readers_of_the_running_site_are_answered_throughout_and_see_what_was_restored_at_once(tmp_path):
    with Site(environment_of(tmp_path / "data")) as site:
        site.run_python(command("backup", tmp_path / "a.zip"))
        before = site.get("/visits.json").text
        publish = "from tests.factories import *\nprint(make_edition(State.PUBLISHED, title='Zanzibar').visit.slug)"
        address = f"/visits/{site.run_python(publish)}/"
        assert "Zanzibar" in site.get(address).text
        statuses, is_over = [], threading.Event()

        def read():
            while not is_over.is_set():
                statuses.append(site.get("/visits/?q=unodc").status)

        with ThreadPoolExecutor(2) as readers:
            reading = [readers.submit(read) for _ in range(2)]
            site.run_python(command("restore", tmp_path / "a.zip", "--yes"))
            # Of two workers, whichever answers.
            after = {(site.get(address).status, site.get("/visits.json").text == before) for _ in range(30)}
            is_over.set()
            for each in reading:
                each.result()

        assert after == {(404, True)}
        assert (set(statuses), len(statuses) > 20) == ({200}, True)
        # And it goes on from there.
        address = f"/visits/{site.run_python(publish)}/"
        assert "Zanzibar" in site.get(address).text


def command(*arguments) -> str:
    return f"from django.core.management import call_command\ncall_command(*{[*map(str, arguments)]})"
