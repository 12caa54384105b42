"""What whoever watches the site asks: whether the process is alive, and whether it can answer readers.

Both answer everybody, so they name no record: of what is overdue they tell how many and the codes of the reasons, and
the admin tells the rest.
"""

from collections.abc import Callable

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from visits.catalogue import search
from visits.editorial import scheduling
from visits.models import Generation


@require_safe
@never_cache
def alive(request) -> HttpResponse:
    """The process answers. It asks nothing of the database, so that nobody restarts it because that is away."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def ready(request) -> JsonResponse:
    """503 where readers could not be answered. What is overdue makes it “degraded” and no more: to take the site away
    from its readers would publish nothing."""
    checks = {name: outcome(check) for name, check in CHECKS.items()}
    told = {"status": "ready", "checks": checks}
    if any(said != "ok" for said in checks.values()):
        return JsonResponse(told | {"status": "unready"}, status=503)
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


CHECKS = {"database": database, "migrations": migrations, "search": full_text, "generation": generation}
