"""Building the data package, ended in the middle of it."""

import hashlib
import os
import signal
import time

from django.db import connection

from tests.factories import make_edition
from visits.catalogue import packages
from visits.enums import State
from visits.models import Generation
from visits.opendata import bundle

KILLS = 6


def test_a_build_that_is_killed_leaves_the_package_before_whole_and_the_next_one_goes_on(register, data):
    started = time.monotonic()
    bundle.build(data / "bundle")
    lasts = time.monotonic() - started
    make_edition(State.PUBLISHED)
    for number in range(KILLS):
        before = packages.read(data / "bundle")
        connection.close()
        child = os.fork()
        if not child:
            bundle.build(data / "bundle")
            os._exit(0)
        time.sleep(lasts * number / KILLS)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)

        package = packages.read(data / "bundle")
        assert package.generation >= before.generation
        for file in package.files:
            assert hashlib.sha256((package.folder / file.name).read_bytes()).hexdigest() == file.sha256
    assert bundle.build(data / "bundle").generation == Generation.current()
    assert sorted(path.name for path in data.iterdir() if "bundle" in path.name) == [".bundle.lock", "bundle"]
