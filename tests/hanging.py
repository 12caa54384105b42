"""A guard for what must come to an end."""

import signal
from contextlib import contextmanager


class Hung(BaseException):
    """No `except Exception` of the application makes an answer of it."""


@contextmanager
def patiently(seconds: int, *what):
    def hung(*_args):
        raise Hung(f"No end in {seconds} seconds.", *what)

    before = signal.signal(signal.SIGALRM, hung)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
