"""Threads of one process that answer at once answer what one of them answers alone."""

import json
import os
import subprocess
import sys

import pytest

from tests.live import PATIENCE, ROOT
from visits.models import Edition, Visit


@pytest.mark.slow
def test_threads_that_answer_at_once_say_what_one_says_alone(register, data, figures):
    # No form makes a visit without an edition.
    for visit in Visit.objects.filter(editions=None):
        Edition.objects.create(visit=visit)
    (data / "static").mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "RACES") if name in os.environ}
    environment = kept | {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "tests.crashing.settings"}

    done = subprocess.run(
        [sys.executable, "-m", "tests.at_once"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=2 * PATIENCE,
        check=True,
    )

    told = json.loads(done.stdout)
    figures(f"{told['asked']} answers at once, {len(told['otherwise'])} other than alone")
    assert told["otherwise"] == []
    assert told["asked"] > 500
