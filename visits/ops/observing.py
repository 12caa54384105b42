"""Counts every request, in front of the pages that are kept: by far the most never reach Django."""

import logging
import sys
from time import perf_counter

from django.conf import settings
from django.core.signals import got_request_exception

from visits.catalogue.caching import ANSWERED, PageCache

from . import counters, metrics

log = logging.getLogger(__name__)

SORRY = b"Something went wrong here. It has been recorded.\n"
READING = {"GET", "HEAD", "OPTIONS"}
LANGUAGES = {code for code, _name in settings.LANGUAGES}
# Few kinds, whatever anybody asks for: each is a series of numbers of its own.
KINDS = {
    "": "home",
    "visits": "visits",
    "findings": "findings",
    "countries": "terms",
    "topics": "terms",
    "resolutions": "terms",
    "bodies": "terms",
    "statistics": "statistics",
    "data": "data",
    "suggestions": "suggestions",
    "api": "api",
    "admin": "staff",
    "accounts": "staff",
    "static": "static",
    "healthz": "watching",
    "readyz": "watching",
}
# One page of a list, such as that of a visit.
ONE_OF = {"visits": "visit", "findings": "finding", "terms": "term"}


def kind_of(path: str) -> str:
    first, _, rest = path[1:].partition("/")
    if first in LANGUAGES:
        first, _, rest = rest.partition("/")
    kind = KINDS.get(first)
    if kind is None:
        return "file" if "." in first else "other"
    if rest and kind in ONE_OF:
        return "file" if "." in rest else ONE_OF[kind]
    return kind


class Observed:
    """A WSGI application in front of the cache of pages. Where the networks of METRICS_NETWORKS ask for /metrics, it
    answers; for all others there is nothing at that address, as at any that does not exist."""

    def __init__(self, cache: PageCache, place: str):
        self.cache, self.counted = cache, {}
        self.pages, self.bytes = counters.PAGES.labels(place), counters.BYTES.labels(place)
        self.note_room()
        got_request_exception.connect(note_exception)

    def __call__(self, environ, start_response):
        started = perf_counter()
        if environ["PATH_INFO"] == metrics.ADDRESS and metrics.may_ask(environ):
            return metrics.answer(environ, start_response, self.cache.release)
        said = "500"

        def begin(status, headers, exc_info=None):
            nonlocal said
            said = status[:3]
            return start_response(status, headers)

        try:
            answer = self.cache(environ, begin)
        except Exception:
            note_exception()
            log.exception("A request could not be answered.")
            begin("500 Internal Server Error", [("Content-Type", "text/plain"), ("Content-Length", str(len(SORRY)))])
            answer = [SORRY]
        self.note(environ, said, perf_counter() - started)
        return answer

    def note(self, environ, status: str, seconds: float) -> None:
        answered, kind = environ.get(ANSWERED, "made"), kind_of(environ["PATH_INFO"])
        key = (environ["REQUEST_METHOD"] in READING, status, kind, answered)
        add = self.counted.get(key)
        if add is None:
            method = "read" if key[0] else "write"
            add = self.counted[key] = counters.REQUESTS.labels(method, status, kind, answered).inc
        add()
        # To answer from what is kept takes hardly longer than to note how long it took.
        if answered == "made":
            counters.SECONDS.labels(kind).observe(seconds)
            self.note_room()

    def note_room(self) -> None:
        self.pages.set(len(self.cache.pages))
        self.bytes.set(self.cache.max_bytes - self.cache.room)


def note_exception(**_of) -> None:
    counters.EXCEPTIONS.labels(sys.exc_info()[0].__name__).inc()
