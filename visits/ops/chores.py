"""What has to be done again and again while the site runs, beside the server: `manage.py chores`."""

import logging
import signal
import threading
from collections.abc import Callable

from django.db import close_old_connections

from visits.editorial.reports import forget_addresses
from visits.editorial.scheduling import publish_due

from . import counters, packaging
from .mail import send_due

log = logging.getLogger(__name__)

# Each must bear being done by several processes at once, and being ended in the middle.
CHORES: tuple[Callable[[], object], ...] = (publish_due, send_due, forget_addresses, packaging.build_package)


def run(every: float, until: threading.Event) -> None:
    """Do all chores, again after so many seconds, until the event is set. What one of them raises stops no other."""
    try:
        while not until.is_set():
            for chore in CHORES:
                try:
                    close_old_connections()
                    chore()
                except Exception:
                    log.exception("The chore %s failed; it is tried again in %s seconds.", chore.__name__, every)
                    counters.CHORES.labels(chore.__name__, "failed").inc()
                else:
                    counters.CHORES.labels(chore.__name__, "done").inc()
                    counters.CHORE_DONE.labels(chore.__name__).set_to_current_time()
            until.wait(every)
    finally:
        packaging.end()


def told_to_end() -> threading.Event:
    """An event that is set once this process is asked to end: the chore in hand is done first."""
    asked = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked.set())
    return asked
