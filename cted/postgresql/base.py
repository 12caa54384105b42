"""Django's PostgreSQL with an end to every wait, and with what a pooler such as pgbouncer cannot do left out.

The server ends a statement that takes too long (`statement_timeout`). It cannot where it is silent itself: a machine
that stands still, a network that swallows what it is given. So the client gives up too, a little later.
"""

import time
from contextlib import contextmanager

import psycopg
from django.db.backends.postgresql import base
from psycopg import IsolationLevel
from psycopg import errors as errors_of_server

from .limits import BRIEF, JOB, Limits

# After a server was silent, for how many seconds nobody else waits for it long.
DOUBT = 10


class Silent(psycopg.OperationalError, TimeoutError):
    """The server did not answer in time, and the connection to it has been given up."""


class Connection(psycopg.Connection):
    """`limits`: what bounds the statements; a pooler in between bounds them by what the role is given there."""

    limits, is_pooled, is_hurried = JOB, False, True
    doubted_until = 0.0

    @classmethod
    def connect(cls, conninfo: str = "", *, limits: Limits = JOB, **options):
        connection = super().connect(conninfo, **options | {"autocommit": True})
        try:
            connection.limits = limits
            connection.begin()
        except BaseException:
            connection.close()
            raise
        connection.autocommit = options.get("autocommit", False)
        return connection

    def begin(self) -> None:
        ((own,),) = self.execute("SELECT pg_backend_pid()").fetchall()
        # A pooler gives its own number. What is set through it would meet whoever is given that server next.
        self.is_pooled = own != self.info.backend_pid
        if not self.is_pooled:
            names = ", ".join(f"set_config('{name}', %s, false)" for name in self.limits.of_session)
            self.execute(f"SELECT {names}", [str(value) for value in self.limits.of_session.values()])

    @property
    def patience(self) -> float:
        """Seconds that the server may be silent."""
        if time.monotonic() < Connection.doubted_until:
            return BRIEF.seconds
        return (self.limits if self.is_hurried else JOB).patience

    def wait(self, gen, *args, **options):
        is_doubted = time.monotonic() < Connection.doubted_until
        try:
            return super().wait(gen, *args, **{"timeout": self.patience} | options)
        except errors_of_server._WaitTimeout as error:
            # Doubt ends by itself: what only takes longer than it allows must not keep it up.
            if not is_doubted:
                Connection.doubted_until = time.monotonic() + DOUBT
            # What is still to come of that answer must never be taken for the next one.
            self.pgconn.finish()
            raise Silent("The database did not answer in time.") from error


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        if self.pool:
            return super().get_new_connection(conn_params)
        self.isolation_level = IsolationLevel.READ_COMMITTED
        return Connection.connect(**conn_params)

    def chunked_cursor(self):
        self.ensure_connection()
        # Outside of a transaction a pooler may give the next statement to another server, which knows no such cursor.
        is_apart = self.connection.is_pooled and not self.in_atomic_block
        return self.cursor() if is_apart else super().chunked_cursor()

    @contextmanager
    def unhurried(self):
        """Inside, which is in a transaction, statements may take as long as those of a command."""
        with self.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        connection = self.connection
        kept, connection.is_hurried = connection.is_hurried, False
        try:
            yield
        finally:
            connection.is_hurried = kept

    def connect_apart(self) -> Connection:
        """A connection that is nobody's, for a statement that has to be answered at once or not at all."""
        options = {name: value for name, value in self.get_connection_params().items() if name != "cursor_factory"}
        return Connection.connect(**options | {"autocommit": True, "limits": BRIEF, "connect_timeout": BRIEF.connect})

    def renew(self) -> None:
        """Have nobody be given a connection of before: the server was away meanwhile."""
        if self.pool:
            self.pool.drain()
