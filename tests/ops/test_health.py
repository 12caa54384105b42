"""What whoever watches the site is told."""

import json
import os
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from tests.crawler import Browser
from tests.databases import on_postgresql
from tests.factories import make_edition, make_user
from tests.postgresql import programs, started
from visits.enums import Role, State
from visits.models import Edition, Email, Generation
from visits.ops import health
from visits.ops.backup import LAST


@pytest.fixture(autouse=True)
def durable(monkeypatch):
    """The throwaway PostgreSQL of the tests is told not to wait for the disk."""
    durability = health.durability
    monkeypatch.setitem(health.WORRIES, "durability", lambda: durability() if connection.vendor == "sqlite" else None)


def ask(client):
    response = client.get("/readyz")
    return response.status_code, response.json()


@pytest.mark.django_db
def test_alive_asks_nothing_of_the_database_nor_of_the_cache_of_pages(django_assert_num_queries):
    browser = Browser()
    browser.application.generation = broken

    with django_assert_num_queries(0):
        response = browser.get("/healthz")

    assert (response.status, response.body) == (200, "alive\n")


@pytest.mark.django_db
def test_ready_when_everything_is(client):
    assert ask(client) == (
        200,
        {"status": "ready", "checks": dict.fromkeys(("database", "migrations", "search", "generation"), "ok")},
    )


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_neither_is_kept_anywhere_nor_knows_who_asks(client, address):
    client.force_login(make_user())
    response = client.get(address)

    assert "no-store" in response.headers["Cache-Control"]
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    assert client.post(address).status_code == 405


def broken():
    raise DatabaseError("password=secret")


@pytest.mark.django_db
@pytest.mark.parametrize("name", health.CHECKS)
def test_unready_says_what_is_wrong_and_no_more(client, monkeypatch, name):
    monkeypatch.setitem(health.CHECKS, name, broken)

    status, told = ask(client)

    assert (status, told["status"]) == (503, "unready")
    assert {key: said for key, said in told["checks"].items() if said != "ok"} == {name: "DatabaseError"}
    assert "secret" not in json.dumps(told)


@pytest.mark.django_db
def test_a_migration_that_was_not_made_is_told(client):
    MigrationRecorder(connection).migration_qs.filter(app="visits").order_by("-id")[0].delete()

    status, told = ask(client)

    assert (status, told["checks"]["migrations"]) == (503, "pending")


@pytest.mark.django_db
def test_a_lost_index_is_told():
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TABLE visits_searchtext")
        else:
            cursor.execute("ALTER TABLE visits_searchrow DROP COLUMN vector")

    with pytest.raises(DatabaseError), transaction.atomic():
        health.CHECKS["search"]()


@pytest.mark.django_db
def test_what_is_overdue_is_counted_with_its_reasons_and_readers_are_answered(client):
    edition = make_edition(State.SCHEDULED, title="Not yet to be known")
    Edition.objects.filter(pk=edition.pk).update(scheduled_for=timezone.now() - timedelta(minutes=2))

    status, told = ask(client)

    assert (status, told["status"]) == (200, "degraded")
    assert told["overdue"] == {"count": 1, "reasons": ["not_run_yet"]}
    editor = make_user(Role.EDITOR)
    client.force_login(editor)
    page = client.get(f"/admin/visits/edition/{edition.pk}/change/").content.decode()
    assert "It is overdue." in page
    assert "Nothing stands against it" in page
    assert Generation.current() == 0


@pytest.mark.django_db
def test_a_record_that_the_checks_stumble_over_takes_nobody_the_site(client, monkeypatch):
    edition = make_edition(State.SCHEDULED)
    Edition.objects.filter(pk=edition.pk).update(scheduled_for=timezone.now() - timedelta(minutes=2))

    def stumble(edition):
        raise RuntimeError("out of order")

    monkeypatch.setattr("visits.editorial.rules.slips", stumble)

    status, told = ask(client)
    assert (status, told["status"]) == (200, "degraded")


# What will go wrong next


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days_ago", "said"), [(None, {"backup": "none was made"}), (3, {"backup": "too old"}), (1, None)]
)
def test_a_backup_that_is_missed_is_told_and_readers_are_answered(client, settings, tmp_path, days_ago, said):
    settings.BACKUP_DAYS, settings.DATA_DIR = 2, tmp_path
    if days_ago is not None:
        made_at = (timezone.now() - timedelta(days=days_ago)).isoformat()
        (tmp_path / LAST).write_text(json.dumps({"made_at": made_at, "path": "/backups/a.zip"}))

    status, told = ask(client)

    assert (status, told["status"], told.get("worries")) == (200, "degraded" if said else "ready", said)
    assert "/backups" not in json.dumps(told)


@pytest.mark.django_db
def test_a_note_about_the_backup_that_cannot_be_read_is_told(client, settings, tmp_path):
    settings.BACKUP_DAYS, settings.DATA_DIR = 2, tmp_path
    (tmp_path / LAST).write_text("{")

    assert ask(client)[1]["worries"] == {"backup": "JSONDecodeError"}


@pytest.mark.django_db
def test_little_room_is_told(client, settings):
    settings.LEAST_FREE_BYTES = 1 << 60

    assert ask(client)[1]["worries"] == {"room": "little room left"}


@pytest.mark.django_db
def test_mail_that_stays_where_it_is_is_told_once_a_server_is_named(client, settings):
    Email.objects.create(to="a@example.org", subject="Late", created_at=timezone.now() - timedelta(hours=2))
    assert "worries" not in ask(client)[1]

    settings.EMAIL_URL = "smtp://127.0.0.1:25"

    assert ask(client)[1]["worries"] == {"mail": "waiting"}


def test_sqlite_waits_for_the_disk_on_the_connection_that_is_used(register):
    with connection.cursor() as cursor:
        held = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")]

    assert held == [2, "wal"]
    assert health.durability() is None


def test_a_database_that_does_not_wait_for_the_disk_is_told(client, register):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous = NORMAL")

    assert ask(client)[1]["worries"] == {"durability": "a failure of the machine can lose what was saved"}


@pytest.mark.slow
@pytest.mark.skipif(not programs() and not os.environ.get("CI"), reason="PostgreSQL is not installed")
@pytest.mark.parametrize(("is_durable", "said"), [(True, None), (False, "can lose what was saved")])
def test_so_is_a_server_of_postgresql(django_db_blocker, is_durable, said):
    with started(is_durable=is_durable) as server, django_db_blocker.unblock(), on_postgresql(server.url):
        told = health.durability()

    assert told is None if said is None else said in told
