"""Writing very many rows at once, past the models."""

from contextlib import contextmanager

from django.db import connection


@contextmanager
def bulk_loading():
    """Inside, SQLite trusts the machine not to fail and keeps more in memory. What is lost by that is made again."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    # A page that changes again and again is written out less often.
    faster = {"synchronous": 0, "cache_size": -400_000, "wal_autocheckpoint": 50_000}
    with connection.cursor() as cursor:
        before = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in faster}
        try:
            for name, value in faster.items():
                cursor.execute(f"PRAGMA {name} = {value}")
            yield
        finally:
            for name, value in before.items():
                cursor.execute(f"PRAGMA {name} = {value}")


def insert(model, rows: list[dict], connection=connection) -> None:
    """Rows as values by column, alike in their columns, as the database takes them; the rest are the defaults."""
    others = [field for field in model._meta.concrete_fields if field.column not in rows[0]]
    defaults = [field.get_db_prep_save(field.get_default(), connection) for field in others]
    columns = map(connection.ops.quote_name, [*rows[0], *(field.column for field in others)])
    places = ", ".join(["%s"] * (len(rows[0]) + len(others)))
    sql = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(*row.values(), *defaults) for row in rows])
