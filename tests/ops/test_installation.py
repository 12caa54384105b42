"""What `manage.py doctor` tells of the installation: nothing where nothing is wrong, and each thing that can be."""

import io
import json
import os
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from tests.factories import make_edition, make_user
from visits.enums import Role, State
from visits.models import Edition, Email, SearchRow, User
from visits.ops import health, installation, preparing, processes
from visits.ops.backup import LAST

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(settings, tmp_path, monkeypatch):
    """A register with one visit, prepared and run as the documents say."""
    settings.DATA_DIR, settings.BUNDLE_DIR = tmp_path, tmp_path / "bundle"
    settings.IS_PUBLIC, settings.HTTPS, settings.ALLAUTH_TRUSTED_PROXY_COUNT = True, True, 1
    settings.ALLOWED_HOSTS = ["visits.example.org"]
    settings.CONTACT, settings.PUBLIC_URL = "mailto:register@example.org", "https://visits.example.org"
    settings.REQUIRE_SECOND_FACTOR, settings.BACKUP_DAYS, settings.EMAIL_URL = True, 2, "smtp://127.0.0.1:25"
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    (settings.STATIC_ROOT / preparing.STAMP).write_text(preparing.digest(preparing.static_files()))
    monkeypatch.setattr(processes, "held", [])
    for name in ("secret-key", "register.sqlite3"):
        (tmp_path / name).touch(mode=0o600)
    (tmp_path / LAST).write_text(json.dumps({"made_at": timezone.now().isoformat(), "path": str(tmp_path / "a.zip")}))
    processes.take_place("worker")
    processes.take_place("chores")
    make_edition(State.PUBLISHED)
    administrator = make_user(Role.ADMINISTRATOR, username="ada")
    for kind in (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES):
        Authenticator.objects.create(user=administrator, type=kind, data={})
    Authenticator.objects.exclude(user=administrator).delete()
    yield settings
    for lock in processes.held:
        lock.close()


def found(is_thorough=True) -> dict[str, installation.Complaint]:
    return {complaint.about: complaint for complaint in installation.complaints(is_thorough)}


def answer(value):
    def said(*args, **kwargs):
        if isinstance(value, Exception):
            raise value
        return value

    return said


def without_check(name):
    def provoke(site, monkeypatch):
        monkeypatch.setattr(health, name, answer(DatabaseError("away")))

    return provoke


def setting(name, value):
    return lambda site, monkeypatch: setattr(site, name, value)


def make_open(site, monkeypatch):
    site.DATA_DIR.chmod(0o755)
    (site.DATA_DIR / "secret-key").chmod(0o644)


def forget_migration(site, monkeypatch):
    MigrationRecorder(connection).migration_qs.filter(app="visits").order_by("-id")[0].delete()


def be_old(site, monkeypatch):
    monkeypatch.setattr(connection, "get_database_version", answer((1, 0)))


def refer_astray(site, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
        cursor.execute("UPDATE visits_edition SET copied_from_id = 999999")


def miss_in_searches(site, monkeypatch):
    SearchRow.objects.all().delete()


def end_chores(site, monkeypatch):
    processes.held.pop().close()


def be_overdue(site, monkeypatch):
    edition = make_edition(State.SCHEDULED)
    Edition.objects.filter(pk=edition.pk).update(scheduled_for=timezone.now() - timedelta(hours=1))


def forget_backup(site, monkeypatch):
    (site.DATA_DIR / LAST).unlink()


def let_mail_wait(site, monkeypatch):
    Email.objects.create(to="a@example.org", subject="Late", created_at=timezone.now() - timedelta(hours=2))


def give_mail_up(site, monkeypatch):
    Email.objects.create(to="a@example.org", subject="Never", next_try_at=None)


def let_package_age(site, monkeypatch):
    call_command("build_bundle", str(site.BUNDLE_DIR), stdout=io.StringIO())
    make_edition(State.PUBLISHED)
    old = (timezone.now() - timedelta(days=3)).timestamp()
    os.utime(site.BUNDLE_DIR / "bundle.json", (old, old))


def be_another_release(site, monkeypatch):
    (site.STATIC_ROOT / preparing.STAMP).write_text("that of another")


def be_uncompiled(site, monkeypatch):
    site.COMPILED_CATALOGUES = site.DATA_DIR / "nowhere"


def lose(*kinds):
    return lambda site, monkeypatch: Authenticator.objects.filter(type__in=kinds).delete()


def leave(site, monkeypatch):
    User.objects.filter(username="ada").update(is_active=False)


def break_backup_off(site, monkeypatch):
    left = site.DATA_DIR / ".b.zip.x7f3"
    left.mkdir()
    old = (timezone.now() - timedelta(days=1)).timestamp()
    os.utime(left, (old, old))


PROVOKED = {
    "debug": setting("DEBUG", True),
    "without_https": setting("HTTPS", False),
    "any_host": setting("ALLOWED_HOSTS", ["*"]),
    "no_contact": setting("CONTACT", ""),
    "no_public_url": setting("PUBLIC_URL", ""),
    "proxy_unknown": setting("ALLAUTH_TRUSTED_PROXY_COUNT", 0),
    "open_files": make_open,
    "database_away": without_check("database"),
    "unmigrated": forget_migration,
    "old_database": be_old,
    "damaged": refer_astray,
    "unsearchable": without_check("full_text"),
    "index_differs": miss_in_searches,
    "no_generation": without_check("generation"),
    "no_chores": end_chores,
    "overdue": be_overdue,
    "little_room": setting("LEAST_FREE_BYTES", 1 << 60),
    "no_backup": forget_backup,
    "mail_waits": let_mail_wait,
    "mail_given_up": give_mail_up,
    "old_package": let_package_age,
    "not_collected": be_another_release,
    "not_compiled": be_uncompiled,
    "without_second_factor": lose("totp"),
    "without_recovery": lose("recovery_codes"),
    "nobody_administers": leave,
    "leftovers": break_backup_off,
}
# What comes with it by its nature.
ALONG = {"without_https": {"proxy_unknown"}}


def test_nothing_is_wrong_where_nothing_is(site):
    assert found() == {}


def test_every_check_is_provoked_once():
    assert list(PROVOKED) == [check.find.__name__ for check in installation.CHECKS]


@pytest.mark.parametrize("code", PROVOKED)
def test_what_is_wrong_is_told_with_what_to_do(site, monkeypatch, code):
    if code == "damaged" and connection.vendor != "sqlite":
        assert installation.damaged() is None
        return

    PROVOKED[code](site, monkeypatch)

    complaints = found()
    if code == "damaged":
        # Before the end of the test, which looks too.
        with connection.cursor() as cursor:
            cursor.execute("UPDATE visits_edition SET copied_from_id = NULL")
    assert set(complaints) - ALONG.get(code, set()) == {code}
    assert complaints[code].sentence.endswith(".")
    assert complaints[code].mend.endswith((".", "PATH", "migrate", "publish_due"))


def test_a_check_that_cannot_be_made_says_so_and_stops_no_other(site, monkeypatch):
    monkeypatch.setattr(SearchRow.objects, "values_list", answer(DatabaseError("no such table")))
    site.CONTACT = ""

    told = found()

    assert set(told) == {"no_contact", "index_differs"}
    assert told["index_differs"].sentence == "This could not be found out: no such table"


def test_the_command_fails_for_what_is_grave_alone(site, capsys):
    site.CONTACT = ""
    call_command("doctor")
    assert "no_contact\n  CONTACT is empty" in capsys.readouterr().out

    site.DEBUG = True
    with pytest.raises(CommandError, match="Grave: 1"):
        call_command("doctor")
    assert "! debug\n  DEBUG is on" in capsys.readouterr().out


def test_every_page_of_the_database_is_looked_at_when_asked(site, monkeypatch):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setattr(connection, "cursor", answer(DatabaseError("malformed")))

    assert ("damaged" in found(is_thorough=False), "damaged" in found()) == (False, True)
