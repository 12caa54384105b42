"""Reading in another process: what a hostile file does there costs ten seconds and some memory, nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

from visits import exceptions
from visits.exceptions import DamagedFile, TookTooLong, TooMuchInside, Unreadable

from .reading import Reading

ROOT = Path(__file__).resolve().parents[3]
SECONDS = 10
# How the worker ends when it had no memory left, or no way to say so.
OUT_OF_MEMORY = 3


def read(format: str, data: bytes) -> Reading:
    """What the reader of `format` makes of `data`. Raises a subclass of Unreadable."""
    return Reading(**run(format, data))


def run(format: str, data: bytes) -> dict:
    """The fields of what the module of that name reads in `data`. Raises a subclass of Unreadable."""
    try:
        # A list of arguments, none of them from outside; secrets of the environment stay here.
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-s", "-B", "-m", "visits.ingest.readers.worker", format],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TookTooLong(limit=SECONDS) from error
    if done.returncode == OUT_OF_MEMORY:
        raise TooMuchInside()
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        # Ended by a fault of a library, or by the limits it was given.
        raise DamagedFile() from error
    if refused := answer.pop("refused", None):
        raise refusals()[refused](**answer["data"])
    return answer


def refusals() -> dict[str, type[Unreadable]]:
    classes = (value for value in vars(exceptions).values() if isinstance(value, type))
    return {value.code: value for value in classes if issubclass(value, Unreadable)}
