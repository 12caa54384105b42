"""Caches that all workers share, in which limits are counted: in the database or, if there is one, in Redis."""

import logging
import time
from functools import wraps

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from django.db import OperationalError, connections, router, transaction
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)

# Seconds that Redis may take for a connection, and for an answer.
PATIENCE = 1
# After it failed, so many seconds pass before it is asked again.
PAUSE = 5
OPERATIONS = ("add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear")


class Database(DatabaseCache):
    """Says so where nothing could be written. Django's own says instead that the place was taken: whoever signed in on
    a full disk would read of too many tries."""

    def _base_set(self, mode, key, value, timeout=DEFAULT_TIMEOUT):
        alias = router.db_for_write(self.cache_model_class)
        refused = []

        def note(execute, *args):
            try:
                return execute(*args)
            except OperationalError as error:
                refused.append(error)
                raise

        # The outer transaction is the one that is committed, which is where a full disk refuses.
        with transaction.atomic(using=alias), connections[alias].execute_wrapper(note):
            is_set = super()._base_set(mode, key, value, timeout)
        if refused:
            raise refused[0]
        return is_set


class Redis(RedisCache):
    """What is kept in it is worth less than an answer: while Redis is away, each worker keeps what it is given for
    itself, and limits count in each of them apart."""

    # Of the process: each of its threads has a cache of its own.
    away_until = 0.0

    def __init__(self, server, params):
        # A connection that was cut off while nobody needed it is tried once more.
        bounds = {"socket_connect_timeout": PATIENCE, "socket_timeout": PATIENCE, "retry": Retry(NoBackoff(), 1)}
        params["OPTIONS"] = bounds | params.get("OPTIONS", {})
        super().__init__(server, params)
        self.own = LocMemCache("while Redis is away", {"OPTIONS": {"MAX_ENTRIES": 10_000}})

    def either(self, operation: str, *args, **options):
        if time.monotonic() >= Redis.away_until:
            try:
                return getattr(super(), operation)(*args, **options)
            except RedisError as error:
                Redis.away_until = time.monotonic() + PAUSE
                log.warning("Redis is away (%s): each worker counts for itself.", error)
        return getattr(self.own, operation)(*args, **options)


def on_either(operation: str):
    @wraps(getattr(RedisCache, operation))
    def call(self, *args, **options):
        return self.either(operation, *args, **options)

    return call


for name in OPERATIONS:
    setattr(Redis, name, on_either(name))
