"""Which processes of the site run now: each worker and the chores hold a place, named like `worker-0`, while they live.

Whoever comes after one that ended takes its place and goes on with its numbers: however often workers are renewed,
there are files for as many as run at once.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

# Held until this process ends.
held: list[IO] = []


def folder() -> Path:
    return settings.DATA_DIR / "metrics"


def take_place(role: str) -> str:
    """The first place of that role that is free. Raises OSError where nothing can be written."""
    folder().mkdir(mode=0o700, exist_ok=True)
    number = 0
    while (lock := locked(folder() / f"{role}-{number}.lock")) is None:
        number += 1
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    held.append(lock)
    return f"{role}-{number}"


def locked(path: Path) -> IO | None:
    """The file, locked for as long as it is open; None while another process, or this one, holds it."""
    lock = path.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def running() -> dict[str, int]:
    """The id of the process in each place that is taken."""
    return {path.stem: int(path.read_text() or 0) for path in places() if is_held(path)}


def is_held(path: Path) -> bool:
    lock = locked(path)
    if lock:
        lock.close()
    return lock is None


def places() -> list[Path]:
    return sorted(folder().glob("*.lock"))


@contextmanager
def left() -> Iterator[list[str]]:
    """The places that nobody holds, which nobody takes meanwhile."""
    free = {path.stem: lock for path in places() if (lock := locked(path))}
    try:
        yield list(free)
    finally:
        for lock in free.values():
            lock.close()
