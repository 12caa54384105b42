"""What somebody sends is taken in before Django is asked, within bounds.

The server reads a body when it is asked for, in one of its few threads, for as long as the sender takes. Whoever
dribbles holds a thread; here only some of them, so that readers always find one.
"""

import threading
from collections.abc import Iterable
from tempfile import SpooledTemporaryFile
from typing import IO

MEBIBYTE = 1024 * 1024
# Releases and tables come to the admin; elsewhere there are forms of a few fields.
LARGEST, LARGEST_OF_STAFF = MEBIBYTE, 64 * MEBIBYTE
# What is larger waits on the disk, not in memory.
IN_MEMORY = MEBIBYTE
PIECE = 64 * 1024
# Of the eight threads of a worker (`deploy/start.py`). Most bodies are there within a millisecond.
AT_ONCE = 4
SECONDS_TO_WAIT = 0.1


class Refusal(Exception):
    """The body is not taken in, for the reason that the status line gives."""


class Bodies:
    """A WSGI application in front of another, which gets bodies that came in full, and none that is too large."""

    def __init__(self, application):
        self.application = application
        self.threads = threading.BoundedSemaphore(AT_ONCE)

    def __call__(self, environ, start_response):
        # Django never reads what comes with these.
        if environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return self.application(environ, start_response)
        with SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                size = self.take_in(environ, body)
            except Refusal as refusal:
                return refused(str(refusal), start_response)
            return self.application(environ | {"wsgi.input": body, "CONTENT_LENGTH": str(size)}, start_response)

    def take_in(self, environ, body: IO[bytes]) -> int:
        # Of what comes in pieces the server does not tell whether the last one came. No browser sends a form so.
        if "HTTP_TRANSFER_ENCODING" in environ:
            raise Refusal("411 Length Required")
        announced = environ.get("CONTENT_LENGTH") or "0"
        limit = LARGEST_OF_STAFF if environ["PATH_INFO"].startswith("/admin/") else LARGEST
        if not announced.isdecimal() or (size := int(announced)) > limit:
            raise Refusal("413 Content Too Large")
        if not self.threads.acquire(timeout=SECONDS_TO_WAIT):
            raise Refusal("503 Service Unavailable")
        try:
            # And no more: where a server hands on the connection itself, the end of a body is not told.
            while left := size - body.tell():
                if not (piece := environ["wsgi.input"].read(min(PIECE, left))):
                    # The server hands on what broke off as if that were all. A form in half must not be saved.
                    raise Refusal("400 Bad Request")
                body.write(piece)
        finally:
            self.threads.release()
        body.seek(0)
        return size


def refused(status: str, start_response) -> Iterable[bytes]:
    said = f"{status[4:]}\n".encode()
    headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(said))), ("Cache-Control", "no-store")]
    start_response(status, headers)
    return [said]
