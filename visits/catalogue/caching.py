"""Whole public pages, kept for as long as nothing changed that the public can see.

A page's key is generation, release, UTC day, host and address. The generation is read for every request, and before
the data: a page may be newer than its key, never older. No page is ever invalidated: its key is simply not asked for
again.
"""

import gzip
import hashlib
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from urllib.parse import unquote_plus

from django.conf import settings
from django.db import InterfaceError, OperationalError

from .generations import Unreadable

WITHOUT_DATABASE = ("/static/", "/healthz")
NEVER_CACHED = ("/admin/", "/accounts/", "/static/", "/healthz", "/readyz", "/data/bundle/")
# What tells of the data package, which is built anew without any change of the register.
OF_PACKAGE = "/data/"
# A key is only as good as the address it is made from: an endless one is answered, but not kept.
LONGEST_QUERY = 1000
# A page that takes more than this part of the room is answered, but not kept: it would drive out many others.
LARGEST_PART = 4
# Set in the environment of a request that the application cannot answer, because the database is away.
AWAY = "cted.away"
# Named as one that is taken, not as one that is refused with a weight of nought.
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
# What an answer says to whoever asked first.
OF_ONE_VISITOR = ("ratelimit", "ratelimit-policy", "x-request-id")
# Where a request says how it was answered: from what is kept, or with 304.
ANSWERED = "cted.answered"
CACHE_CONTROL = ("Cache-Control", "public, max-age=0, must-revalidate")
# Programs on pages of other sites ask with conditions too; that nothing changed tells them nothing else.
OPEN = ("Access-Control-Allow-Origin", "*")


@dataclass(frozen=True)
class Page:
    headers: tuple[tuple[str, str], ...]
    body: bytes
    packed: bytes

    @property
    def size(self) -> int:
        return len(self.body) + len(self.packed)


class PageCache:
    """A WSGI application in front of another, answering for it where it can.

    `generation` is called once for each request, also for those that are not kept: so none waits for a database that is
    away. Then pages of the generation known last are shown, and the application is told of the others (`AWAY`).
    `release` names the code and static files that render the pages; `max_bytes` bounds what is kept, the least recently
    asked for going first.
    """

    def __init__(self, application, *, generation: Callable[[], int], release: str, max_bytes: int):
        self.application, self.generation, self.release = application, generation, release
        self.pages: OrderedDict[str, Page] = OrderedDict()
        self.max_bytes, self.room, self.largest = max_bytes, max_bytes, max_bytes // LARGEST_PART
        self.lock = threading.Lock()

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"].startswith(WITHOUT_DATABASE):
            return self.application(environ, start_response)
        is_away = False
        try:
            generation = self.generation()
        except Unreadable as unreadable:
            is_away, generation = True, unreadable.known
        if generation is None or not is_cacheable(environ):
            return self.application(environ | {AWAY: is_away}, start_response)
        key = self.key(environ, generation)
        etag = f'W/"{key}"'
        if etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            environ[ANSWERED] = "unchanged"
            start_response("304 Not Modified", [("ETag", etag), CACHE_CONTROL, ("Vary", "Accept-Encoding"), OPEN])
            return [b""]
        page = self.find(key)
        if page is None:
            try:
                answer = render(self.application, environ | {AWAY: is_away}, self.largest)
            except (OperationalError, InterfaceError):
                # While a file was being made, of which nothing is sent yet.
                return self.application(environ | {AWAY: True}, start_response)
            if answer.rest is not None or not answer.may_be_kept:
                start_response(answer.status, answer.headers_with(etag) if answer.may_be_kept else answer.headers)
                return answer.passed_on(environ)
            page = answer.page(etag)
            self.keep(key, page)
            return respond(page, environ, start_response, answer.of_one_visitor)
        environ[ANSWERED] = "kept"
        return respond(page, environ, start_response)

    def key(self, environ, generation: int) -> str:
        address = (
            str(generation),
            self.release,
            datetime.now(UTC).date().isoformat(),
            scheme_of(environ),
            environ.get("HTTP_HOST", ""),
            environ["PATH_INFO"],
            in_order(environ.get("QUERY_STRING", "")),
            mark_of_package() if OF_PACKAGE in environ["PATH_INFO"] else "",
        )
        return hashlib.sha256("\n".join(address).encode("utf-8", "surrogateescape")).hexdigest()[:32]

    def find(self, key: str) -> Page | None:
        with self.lock:
            if key in self.pages:
                self.pages.move_to_end(key)
            return self.pages.get(key)

    def keep(self, key: str, page: Page) -> None:
        if page.size > self.largest:
            return
        with self.lock:
            if key not in self.pages:
                self.pages[key] = page
                self.room -= page.size
            while self.room < 0 and self.pages:
                _oldest, dropped = self.pages.popitem(last=False)
                self.room += dropped.size


def scheme_of(environ) -> str:
    """The scheme that pages name in their addresses: Django reads it the same way. Where no proxy is expected, its
    header is anybody's."""
    name, https = settings.SECURE_PROXY_SSL_HEADER or ("", "")
    if name not in environ:
        return environ["wsgi.url_scheme"]
    return "https" if environ[name].split(",", 1)[0].strip() == https else "http"


def in_order(query: str) -> str:
    """The query with its parameters by name. What was typed stays as it is, and so does the order of several values of
    one name, or two questions with different answers would share a page."""
    return "&".join(sorted(query.split("&"), key=lambda pair: unquote_plus(pair.partition("=")[0], "latin-1")))


class Rest:
    """What is still to come of an answer that is too long to be kept, after what has come of it."""

    def __init__(self, begun: bytes, parts: Iterator[bytes], answer):
        self.parts, self.answer = chain([begun], parts), answer

    def __iter__(self):
        return self.parts

    def close(self):
        if hasattr(self.answer, "close"):
            self.answer.close()


@dataclass
class Answer:
    """What the application said. `rest`: all of it, where `body` does not hold it."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    rest: Rest | None = None

    @property
    def may_be_kept(self) -> bool:
        """Only whole public pages: what sets or reads a cookie is somebody's own."""
        headers = {name.lower(): value.lower() for name, value in self.headers}
        personal = "set-cookie" in headers or "cookie" in headers.get("vary", "")
        return self.status.startswith("200") and not personal and "no-store" not in headers.get("cache-control", "")

    @property
    def of_one_visitor(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self.headers if name.lower() in OF_ONE_VISITOR]

    def headers_with(self, etag: str, but: Iterable[str] = ()) -> list[tuple[str, str]]:
        replaced = {"etag", "cache-control", "vary", *but}
        headers = [(name, value) for name, value in self.headers if name.lower() not in replaced]
        return [*headers, ("ETag", etag), CACHE_CONTROL, ("Vary", "Accept-Encoding")]

    def page(self, etag: str) -> Page:
        headers = self.headers_with(etag, but=["content-length", *OF_ONE_VISITOR])
        return Page(tuple(headers), self.body, gzip.compress(self.body, compresslevel=6, mtime=0))

    def passed_on(self, environ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "HEAD":
            return self.rest or [self.body]
        if self.rest:
            self.rest.close()
        return [b""]


def is_cacheable(environ) -> bool:
    return (
        environ["REQUEST_METHOD"] in ("GET", "HEAD")
        and not environ["PATH_INFO"].startswith(NEVER_CACHED)
        and len(environ.get("QUERY_STRING", "")) <= LONGEST_QUERY
    )


def render(application, environ, largest: int) -> Answer:
    """The application's answer to this request, asked with GET and without conditions. Of one that is longer than can
    be kept, no more is held than that."""
    asked = {name: value for name, value in environ.items() if not name.startswith("HTTP_IF_")}
    answer = Answer("", [], b"")

    def start_response(status, headers, exc_info=None):
        answer.status, answer.headers = status, headers

    answered = application(asked | {"REQUEST_METHOD": "GET"}, start_response)
    rest, begun = Rest(b"", iter(answered), answered), []
    try:
        size = 0
        for part in rest:
            begun.append(part)
            size += len(part)
            if size > largest:
                answer.rest = Rest(b"".join(begun), rest.parts, answered)
                return answer
    except BaseException:
        rest.close()
        raise
    rest.close()
    answer.body = b"".join(begun)
    return answer


def respond(page: Page, environ, start_response, of_one_visitor: Iterable[tuple[str, str]] = ()):
    headers, body = [*page.headers, *of_one_visitor], page.body
    if GZIP.search(environ.get("HTTP_ACCEPT_ENCODING", "")):
        headers.append(("Content-Encoding", "gzip"))
        body = page.packed
    headers.append(("Content-Length", str(len(body))))
    start_response("200 OK", headers)
    return [b"" if environ["REQUEST_METHOD"] == "HEAD" else body]


def mark_of_package() -> str:
    """Something that changes whenever another data package is put in its place."""
    try:
        stat = os.stat(settings.BUNDLE_DIR)
    except OSError:
        return ""
    return f"{stat.st_ino} {stat.st_mtime_ns}"


def release() -> str:
    """A name for the code, templates and static files that run here: it changes whenever one of them does."""
    if settings.RELEASE:
        return settings.RELEASE
    digest = hashlib.sha256()
    for folder in ("cted", "visits", "templates", "static"):
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                stat = path.stat()
                digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
