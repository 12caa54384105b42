"""Reads the generation for every request: by the shortest way, and never longer than a reader waits."""

import logging
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable

from django.db import connection

log = logging.getLogger(__name__)

GENERATION = "SELECT n FROM visits_generation WHERE id = 1"
# While the database is away, so many seconds pass between two requests that wait for it.
PAUSE = 3


class Unreadable(Exception):
    """The database is away. `known`: the generation that was read last, None once that is too long ago."""

    def __init__(self, known: int | None):
        super().__init__(known)
        self.known = known


class Watched:
    """`read`, with an end to waiting: after it failed, only one call in `PAUSE` seconds tries, and alone.

    For `longest` seconds after the last success that generation is still told, with the exception.
    """

    def __init__(self, read: Callable[[], int], longest: float, clock: Callable[[], float] = time.monotonic):
        self.read, self.longest, self.clock = read, longest, clock
        self.known, self.known_at = None, 0.0
        self.is_away, self.again_at = False, 0.0
        self.trying = threading.Lock()

    def __call__(self) -> int:
        if not self.is_away:
            return self.try_to_read()
        if self.clock() < self.again_at or not self.trying.acquire(blocking=False):
            raise self.unreadable()
        try:
            return self.try_to_read()
        finally:
            self.trying.release()

    def try_to_read(self) -> int:
        # Before it is read: what was withdrawn after this moment may be missing in it.
        asked_at = self.clock()
        try:
            generation = self.read()
        except Exception as error:
            if not self.is_away:
                log.warning("The database cannot be read (%s): kept pages are shown, and 503 for others.", error)
            self.is_away, self.again_at = True, self.clock() + PAUSE
            raise self.unreadable() from error
        if self.is_away:
            log.warning("The database can be read again.")
        self.known, self.known_at, self.is_away = generation, asked_at, False
        return generation

    def unreadable(self) -> Unreadable:
        is_recent = self.clock() - self.known_at <= self.longest
        return Unreadable(self.known if is_recent else None)


def reader() -> Callable[[], int]:
    """A function that reads it outside the ORM, on connections of its own: on SQLite in a quarter of the time."""
    return from_sqlite(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else FromPostgreSQL()


def from_sqlite(path: str) -> Callable[[], int]:
    local = threading.local()

    def read() -> int:
        if not hasattr(local, "connection"):
            local.connection = sqlite3.connect(path, isolation_level=None, timeout=5)
        try:
            local.connection.execute("PRAGMA query_only = 1")
            row = local.connection.execute(GENERATION).fetchone()
        except sqlite3.Error:
            local.connection.close()
            del local.connection
            raise
        return row[0] if row else 0

    return read


class FromPostgreSQL:
    """Holds as many connections as ever read at the same moment; the last one that was used is the next."""

    def __init__(self):
        self.idle, self.has_failed = deque(), False

    def __call__(self) -> int:
        try:
            generation = self.read()
        except Exception:
            self.has_failed = True
            raise
        if self.has_failed:
            # What others hold of the time before is of no use either: they need not find that out one by one.
            self.has_failed = False
            connection.renew()
        return generation

    def read(self) -> int:
        try:
            held = self.idle.pop()
        except IndexError:
            return self.ask(connection.connect_apart())
        try:
            return self.ask(held)
        except TimeoutError:
            raise
        except Exception:
            # The server was started again since.
            self.has_failed = True
            self.idle.clear()
            return self.ask(connection.connect_apart())

    def ask(self, held) -> int:
        try:
            row = held.execute(GENERATION).fetchone()
        except BaseException:
            held.close()
            raise
        self.idle.append(held)
        return row[0] if row else 0
