"""What the processes of the site count as they go, for /metrics: together, in files of DATA_DIR that outlive each."""

import logging
import os

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from . import processes

log = logging.getLogger(__name__)

REQUESTS = Counter(
    "cted_http_requests",
    "Requests by method (read or write), status, kind of address and who answered them.",
    ["method", "status", "kind", "answered"],
    registry=None,
)
SECONDS = Histogram(
    "cted_http_request_duration_seconds",
    "Time until an answer begins that had to be made.",
    ["kind"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=None,
)
EXCEPTIONS = Counter("cted_exceptions", "Requests that ended in an exception, by its class.", ["type"], registry=None)
PAGES = Gauge(
    "cted_page_cache_pages", "Pages that a worker keeps.", ["process"], registry=None, multiprocess_mode="livesum"
)
BYTES = Gauge("cted_page_cache_bytes", "Bytes of these pages.", ["process"], registry=None, multiprocess_mode="livesum")
CHORES = Counter("cted_chores", "Chores done, by how they ended.", ["chore", "outcome"], registry=None)
CHORE_DONE = Gauge(
    "cted_chore_done_timestamp_seconds",
    "When a chore was last done without an exception.",
    ["chore"],
    registry=None,
    multiprocess_mode="max",
)
ALL = (REQUESTS, SECONDS, EXCEPTIONS, PAGES, BYTES, CHORES, CHORE_DONE)
FILES = ("counter", "histogram", "gauge_livesum", "gauge_max")
# Written in full before it is mapped: a full disk refuses the file, where a hole in it would end a process that counts.
# All that can be told apart above takes less.
ROOM = 512 * 1024


def take_part(role: str) -> str:
    """Count together with the other processes from now on; the name of the place that this one takes."""
    try:
        place = processes.take_place(role)
        for kind in FILES:
            make_room(f"{kind}_{place}.db")
    except OSError as error:
        log.warning("What this process counts is told by itself alone: %s", error)
        return role
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(processes.folder())
    values.ValueClass = values.MultiProcessValue(lambda: place)
    return place


def make_room(name: str) -> None:
    path = processes.folder() / name
    if not path.exists():
        fresh = path.with_suffix(".fresh")
        fresh.write_bytes(bytes(ROOM))
        fresh.rename(path)


def counted() -> CollectorRegistry:
    """What all processes counted since the site was prepared, of gauges what those say that still run."""
    registry = CollectorRegistry()
    if not processes.held:
        for metric in ALL:
            registry.register(metric)
        return registry
    with processes.left() as places:
        for place in places:
            mark_process_dead(place, processes.folder())
    MultiProcessCollector(registry, processes.folder())
    return registry


def begin_anew() -> None:
    """Forget what processes counted that have ended."""
    with processes.left() as places:
        for place in places:
            for path in processes.folder().glob(f"*_{place}.db"):
                path.unlink()
