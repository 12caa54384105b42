"""How long PostgreSQL is waited for: by whoever has a page made, by commands, by what is asked for every request."""

from dataclasses import dataclass, replace
from functools import cached_property

# What the client waits longer than the server: then it is the server that ends what takes too long, and says so.
LONGER = 2


@dataclass(frozen=True)
class Limits:
    """In seconds. `connect`: to get a connection; `seconds`: for a statement; `lock`: for a lock that others hold;
    `idle`: for a transaction in which nothing is asked."""

    connect: int
    seconds: float
    lock: float
    idle: float

    @cached_property
    def of_session(self) -> dict[str, int]:
        """What the server is told, in milliseconds."""
        limits = {"statement_timeout": self.seconds, "lock_timeout": self.lock}
        limits |= {"idle_in_transaction_session_timeout": self.idle}
        return {name: round(value * 1000) for name, value in limits.items()}

    @property
    def patience(self) -> float:
        return self.seconds + LONGER


# psycopg waits no less than two seconds for a connection.
BRIEF = Limits(connect=2, seconds=1, lock=1, idle=5)
PAGE = Limits(connect=3, seconds=10, lock=5, idle=60)
JOB = Limits(connect=10, seconds=3600, lock=60, idle=600)
# A server that is gone is noticed by the system too: in half a minute where nothing is asked of it.
ALIVE = {"keepalives": 1, "keepalives_idle": 15, "keepalives_interval": 5, "keepalives_count": 3}
ALIVE |= {"tcp_user_timeout": 15_000}


def with_limits(database: dict, limits: Limits, **options) -> dict:
    """The settings of a PostgreSQL whose statements have these limits. What its address says itself goes before."""
    options |= ALIVE | {"connect_timeout": limits.connect, "limits": limits}
    return database | {"ENGINE": "cted.postgresql", "OPTIONS": options | database.get("OPTIONS", {})}


def for_commands(database: dict, *, job_seconds: float) -> dict:
    """For `manage.py`: one connection, which is kept."""
    return with_limits(database, replace(JOB, seconds=job_seconds))


def for_pages(database: dict, *, page_seconds: float, pool_size: int, pool_seconds: float) -> dict:
    """For the server: a pool in each worker, and as little patience as readers have."""
    from .base import Connection

    pool = {
        "connection_class": Connection,
        "min_size": 1,
        "max_size": pool_size,
        "timeout": pool_seconds,
        # Nobody has to wait until the pool, after longer and longer pauses, tries again.
        "reconnect_timeout": pool_seconds,
    }
    limits = replace(PAGE, seconds=page_seconds)
    if not pool_size:
        return with_limits(database, limits)
    # A pool keeps the connections itself.
    return with_limits(database, limits, pool=pool) | {"CONN_MAX_AGE": 0}
