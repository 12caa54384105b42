"""What whoever watches the site asks: whether the process is alive, and whether it can answer readers.

Both answer everybody, so they name no record: of what is overdue they tell how many and the codes of the reasons, and
the admin tells the rest.
"""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visits.catalogue import search
from visits.catalogue.caching import AWAY
from visits.editorial import scheduling
from visits.models import Email, Generation

from .backup import LAST

LONGEST_WAIT = timedelta(hours=1)
# What PostgreSQL must not be told to do without.
WAITING = ("fsync", "synchronous_commit", "full_page_writes")


@require_safe
@never_cache
def alive(request) -> HttpResponse:
    """The process answers. It asks nothing of the database, so that nobody restarts it because that is away."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request) -> JsonResponse:
    """503 where readers could not be answered. What is overdue, and what will go wrong next, makes it “degraded” and no
    more: to take the site away from its readers would publish nothing."""
    if request.META.get(AWAY):
        # To ask for it would take as long as it is away.
        return JsonResponse({"status": "unready", "checks": {"database": "away"}}, status=503)
    checks = {name: outcome(check) for name, check in CHECKS.items()}
    told = {"status": "ready", "checks": checks}
    if any(said != "ok" for said in checks.values()):
        return JsonResponse(told | {"status": "unready"}, status=503)
    worries = {name: said for name, worry in WORRIES.items() if (said := outcome(worry)) != "ok"}
    if worries:
        told |= {"status": "degraded", "worries": worries}
    if late := list(scheduling.overdue()):
        codes = sorted({reason.code for each in late for reason in each.reasons})
        told |= {"status": "degraded", "overdue": {"count": len(late), "reasons": codes}}
    return JsonResponse(told)


def outcome(check: Callable[[], object]) -> str:
    """“ok”, or what is wrong; of an exception only its kind, because its text may tell of addresses and records."""
    try:
        return check() or "ok"
    except Exception as error:
        return type(error).__name__


def database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def migrations() -> str | None:
    executor = MigrationExecutor(connection)
    return "pending" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else None


def full_text() -> None:
    search.matching(("visit",))


def generation() -> None:
    Generation.current()


def free_bytes() -> int:
    return shutil.disk_usage(settings.DATA_DIR).free


def room() -> str | None:
    return "little room left" if free_bytes() < settings.LEAST_FREE_BYTES else None


def backup() -> str | None:
    """Whether the last one is too old, where backups are to be made by `manage.py backup`."""
    if not settings.BACKUP_DAYS:
        return None
    made = last_backup()
    if made is None:
        return "none was made"
    return "too old" if timezone.now() - made > timedelta(days=settings.BACKUP_DAYS) else None


def last_backup() -> datetime | None:
    try:
        return datetime.fromisoformat(told_of_backup()["made_at"])
    except FileNotFoundError:
        return None


def told_of_backup() -> dict:
    return json.loads((settings.DATA_DIR / LAST).read_text())


def mail() -> str | None:
    """Whether e-mail stays where it is, although a server is named to send it."""
    if not settings.EMAIL_URL:
        return None
    waiting = Email.objects.filter(created_at__lt=timezone.now() - LONGEST_WAIT)
    return "waiting" if waiting.exists() else None


def durability() -> str | None:
    """Whether the database waits for the disk before it says that something is stored."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA synchronous")
            is_sure = cursor.fetchone()[0] >= 2
        else:
            cursor.execute("SELECT setting FROM pg_settings WHERE name = ANY(%s)", [list(WAITING)])
            is_sure = all(setting != "off" for (setting,) in cursor.fetchall())
    return None if is_sure else "a failure of the machine can lose what was saved"


WORRIES = {"durability": durability, "room": room, "backup": backup, "mail": mail}
CHECKS = {"database": database, "migrations": migrations, "search": full_text, "generation": generation}
