"""PostgreSQL gives the answers that SQLite gives: lists, numbers beside filters, searches in six languages."""

import json
import os
import subprocess
import sys

import pytest

from tests.live import PATIENCE, ROOT
from tests.postgresql import cluster, programs

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def answers(tmp_path_factory):
    """What each of the two databases answers to the same questions on the register as it is shipped."""
    if not programs():
        missing = "PostgreSQL is not installed: with Debian, apt-get install postgresql."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with cluster() as url:
        asked = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.answers"],
                cwd=ROOT,
                env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "cted.settings"}
                | {"DATA_DIR": str(tmp_path_factory.mktemp("data")), **database},
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            for database in ({}, {"DATABASE_URL": url})
        ]
        said = [process.communicate(timeout=2 * PATIENCE)[0] for process in asked]
        assert [process.returncode for process in asked] == [0, 0]
    return [json.loads(text) for text in said]


def test_both_databases_give_the_same_answers(answers):
    on_sqlite, on_postgresql = answers

    different = {
        asked: (on_sqlite[asked], on_postgresql[asked])
        for asked in on_sqlite
        if on_sqlite[asked] != on_postgresql[asked]
    }

    assert different == {}
    assert sum(bool(answer) for answer in on_sqlite.values()) > 250


def test_sets_and_rows_give_the_same_answers_on_both(answers):
    for said in answers:
        lists = {asked.removesuffix(" by sets") for asked in said if asked.endswith(" by sets")}
        assert len(lists) >= 10
        assert [asked for asked in lists if said[f"{asked} by sets"] != said[f"{asked} by rows"]] == []
