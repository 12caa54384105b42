"""Reads one file: its format as the argument, its bytes on stdin, the reading or the refusal as JSON on stdout."""

import json
import os
import resource
import sys
from dataclasses import asdict
from importlib import import_module

from .isolation import OUT_OF_MEMORY, SECONDS
from .reading import MEGABYTE

MEMORY = 300 * MEGABYTE
LIMITS = {
    resource.RLIMIT_AS: MEMORY,
    # Should whoever started it be gone by then.
    resource.RLIMIT_CPU: SECONDS + 1,
    # Nothing is written anywhere, not even what remains of a crash.
    resource.RLIMIT_FSIZE: 0,
    resource.RLIMIT_CORE: 0,
}


def main(format: str) -> None:
    for limit, value in LIMITS.items():
        resource.setrlimit(limit, (value, value))
    try:
        answer = answer_to(format, sys.stdin.buffer.read())
        sys.stdout.buffer.write(json.dumps(answer).encode())
        sys.stdout.flush()
    except MemoryError:
        # Without tidying up, which needs memory too.
        os._exit(OUT_OF_MEMORY)


def answer_to(format: str, data: bytes) -> dict:
    from visits.exceptions import DamagedFile, Unreadable

    try:
        return asdict(import_module(f".{format}", __package__).read(data))
    except Unreadable as error:
        return {"refused": error.code, "data": error.data}
    except MemoryError:
        raise
    except Exception:
        # Libraries fail in a hundred ways on what they were not written for; all of them mean the same.
        return {"refused": DamagedFile.code, "data": {}}


if __name__ == "__main__":
    main(sys.argv[1])
