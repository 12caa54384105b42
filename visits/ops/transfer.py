"""All rows of a register from one database to another of the same migrations, whatever kinds of database they are."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import DEFAULT_DB_ALIAS, connections, models, transaction

from visits.models.base import plain_rows

from .bulk import insert

# So many rows are held in memory.
CHUNK = 1000


def tables() -> list[type[models.Model]]:
    """Of every application, and the tables between two models. Who is signed in where is nobody's record."""
    every = apps.get_models(include_auto_created=True)
    return [model for model in every if model._meta.managed and not model._meta.proxy and model is not Session]


@contextmanager
def attached(database: Path) -> Iterator[str]:
    """The alias by which Django knows this SQLite database inside."""
    alias = database.name
    connections.settings[alias] = connections[DEFAULT_DB_ALIAS].settings_dict | {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(database),
        "OPTIONS": {},
    }
    try:
        yield alias
    finally:
        connections[alias].close()
        del connections[alias], connections.settings[alias]


def copy(source: str, target: str) -> None:
    """Put the rows of one database in the place of those of the other: all, as they are stored, or none.

    Foreign keys are looked at when the transaction ends, so that any order will do.
    """
    with transaction.atomic(using=target):
        for model in tables():
            plain_rows(model)._raw_delete(target)
        for model in tables():
            copy_rows(model, source, target)
            keep_from_reuse(model, source, target)


def copy_rows(model, source: str, target: str) -> None:
    fields = model._meta.local_concrete_fields
    rows = plain_rows(model).using(source).order_by("pk").values_list(*(field.attname for field in fields))
    reader = rows.iterator(chunk_size=CHUNK)
    while some := list(islice(reader, CHUNK)):
        stored = [
            {
                field.column: as_stored(field, value, connections[target])
                for field, value in zip(fields, row, strict=True)
            }
            for row in some
        ]
        insert(model, stored, connections[target])


def as_stored(field, value, connection):
    # Texts as they are: rich text would be sanitised by the rules of today.
    is_text = isinstance(field, models.CharField | models.TextField)
    return value if is_text else field.get_db_prep_save(value, connection)


def keep_from_reuse(model, source: str, target: str) -> None:
    """Have the target never give a key again that a row once had: events tell of deleted records by their keys."""
    if not model._meta.auto_field:
        return
    last = max(last_key(model, connections[source]), last_key(model, connections[target]))
    table, column = model._meta.db_table, model._meta.auto_field.column
    with connections[target].cursor() as cursor:
        if connections[target].vendor == "postgresql":
            # Outside of the transaction, as sequences are: it never goes back.
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, %s), %s)", [table, column, max(last, 1)])
        else:
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, last])


def last_key(model, connection) -> int:
    table, column = model._meta.db_table, model._meta.auto_field.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(%s, %s)), 0)", [table, column]
            )
        else:
            cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        return cursor.fetchone()[0]
