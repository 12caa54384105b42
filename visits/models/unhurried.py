"""For what takes longer than readers wait."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def unhurried() -> Iterator[None]:
    """On PostgreSQL a transaction without the limits that the statements of a page have; SQLite has none."""
    if connection.vendor == "sqlite":
        # There a transaction would keep everybody else from writing.
        yield
        return
    with transaction.atomic(), connection.unhurried():
        yield
