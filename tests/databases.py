"""The register on a database of its own in this process, a file of SQLite or a PostgreSQL, where rows are committed."""

from contextlib import contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import QuerySet
from django.db.utils import load_backend

from cted.postgresql import limits
from cted.settings import OPTIONS_OF_SQLITE, env
from tests.conftest import forget
from visits.ops.transfer import tables


@contextmanager
def on_database(**settings):
    """Inside, the default connection is another one."""
    kept = connections[DEFAULT_DB_ALIAS]
    settings = kept.settings_dict | settings
    connections[DEFAULT_DB_ALIAS] = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, DEFAULT_DB_ALIAS)
    forget()
    try:
        yield
    finally:
        connection.close()
        connections[DEFAULT_DB_ALIAS] = kept
        forget()


def on_file(path: Path):
    return on_database(ENGINE="django.db.backends.sqlite3", NAME=str(path), OPTIONS=OPTIONS_OF_SQLITE)


def on_postgresql(url: str):
    return on_database(**limits.for_commands(env.db_url_config(url), job_seconds=60))


def everything(alias: str = DEFAULT_DB_ALIAS) -> dict[str, list]:
    """All rows of all tables but the generation, by the name of the table."""
    return {
        model._meta.db_table: list(QuerySet(model).using(alias).order_by("pk").values_list())
        for model in tables()
        if model._meta.model_name != "generation"
    }
