"""What the register holds as a whole, for tests that nothing changed."""

from contextlib import contextmanager
from functools import cache

from django.apps import apps
from django.db import connection, transaction
from django.db.models import QuerySet


@cache
def selects() -> dict:
    """What reads each table, compiled once: some tests read all of them thousands of times."""
    tables = apps.get_app_config("visits").get_models(include_auto_created=True)
    return {model: str(QuerySet(model).order_by("pk").values_list().query) for model in tables}


def everything() -> dict:
    """All rows of all tables of the register."""
    held = {}
    with connection.cursor() as cursor:
        for model, select in selects().items():
            cursor.execute(select)
            held[model] = cursor.fetchall()
    return held


@contextmanager
def undone():
    """What happens inside leaves nothing."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def told(**what):
    """A failure inside says in which round of a loop it happened."""
    try:
        yield
    except BaseException as error:
        error.add_note(", ".join(f"{name}: {value}" for name, value in what.items()))
        raise
