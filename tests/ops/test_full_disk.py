"""The running site while nothing can be written, and what is told of it."""

import errno
import os
import resource
import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.db import OperationalError, connection
from django.test import Client

from cted.not_saved import chain, is_refused_by_disk
from tests.admin.support import PASSWORD, filled, page, sign_in
from tests.crashing import checks
from tests.crashing.disk import Desk
from tests.crashing.servers import Granian
from tests.factories import make_edition, make_user
from tests.live import free_port
from tests.postgresql import children_of
from visits.enums import Role
from visits.models import Edition


@pytest.fixture
def author(register):
    browser = Client(raise_request_exception=False)
    browser.force_login(make_user(Role.AUTHOR), "django.contrib.auth.backends.ModelBackend")
    return browser


@pytest.mark.slow
def test_a_site_whose_disk_is_full_serves_readers_and_loses_nothing_that_staff_typed(register, data):
    (data / "static").mkdir()
    environment = {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "tests.crashing.settings", "SECRET_KEY": "x"}
    with Granian(port := free_port(), Path(os.devnull), {"PATH": os.environ["PATH"]} | environment) as server:
        desk = Desk(f"http://127.0.0.1:{port}")

        def allow(most: int) -> None:
            """As a full disk does it, but for this server alone: no file grows beyond this."""
            for pid in (server.process.pid, *children_of(server.process.pid)):
                _now, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (most, hard))

        connection.close()
        assert desk.fail_and_go_on(lambda: allow(0), lambda: allow(resource.RLIM_INFINITY)) == len(desk.forms())

    assert list(checks.whole()) == []


FULL = "PRAGMA max_page_count = 1"
READ_ONLY = "PRAGMA query_only = 1"


@pytest.mark.parametrize(
    ("refuse", "again"), [(FULL, "PRAGMA max_page_count = 1000000"), (READ_ONLY, "PRAGMA query_only = 0")]
)
def test_what_was_not_saved_is_kept_on_the_page_and_saved_when_sent_again(author, refuse, again):
    edition = make_edition()
    typed = filled(author.get(page(edition)), summary="Typed “by hand” & kept. " * 20_000)
    connection.cursor().execute(refuse)

    refused = author.post(page(edition), typed)

    assert (refused.status_code, "Nothing was saved" in refused.text) == (503, True)
    assert "no-store" in refused["Cache-Control"]
    assert Edition.objects.get(pk=edition.pk).summary == edition.summary
    connection.cursor().execute(again)
    assert author.post(page(edition), filled(refused)).status_code == 302
    assert Edition.objects.get(pk=edition.pk).summary == typed["summary"].strip()


def test_whoever_signs_in_is_told_the_same_and_not_of_too_many_tries(register):
    somebody = make_user(password=PASSWORD)
    connection.cursor().execute(READ_ONLY)

    refused = sign_in(Client(raise_request_exception=False), somebody.username, PASSWORD)

    assert (refused.status_code, "Nothing was saved" in refused.text) == (503, True)
    assert PASSWORD not in refused.text


def test_passwords_are_not_written_into_the_page(author):
    author.force_login(make_user(Role.ADMINISTRATOR), "django.contrib.auth.backends.ModelBackend")
    address = "/admin/visits/user/add/"
    secret = {"username": "somebody", "password1": "my secret 1234", "password2": "my secret 1234"}
    typed = filled(author.get(address), **secret, usable_password="true")
    connection.cursor().execute(READ_ONLY)

    refused = author.post(address, typed)

    assert (refused.status_code, "my secret" in refused.text) == (503, False)


def of_postgresql(kind: type) -> OperationalError:
    error = OperationalError("said by the server")
    error.__cause__ = kind("said by the server")
    return error


@pytest.mark.parametrize(
    "error",
    [
        of_postgresql(psycopg.errors.DiskFull),
        of_postgresql(psycopg.errors.ReadOnlySqlTransaction),
        *(OSError(number, "") for number in (errno.ENOSPC, errno.EROFS, errno.EDQUOT)),
    ],
)
def test_every_way_of_a_disk_to_refuse_is_known_also_below_another_error(error):
    below = UpdateError()
    below.__context__ = error

    assert any(map(is_refused_by_disk, chain(below)))


@pytest.mark.parametrize("error", [ValueError(), sqlite3.OperationalError(), of_postgresql(psycopg.errors.SyntaxError)])
def test_no_other_error_is_taken_for_one(error):
    assert not any(map(is_refused_by_disk, chain(error)))
