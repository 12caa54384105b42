"""The data package is built by a process of its own, where that is due."""

import sys
import time

import pytest

from visits.catalogue import packages
from visits.ops import chores, packaging

pytestmark = pytest.mark.django_db
# A hang guard.
PATIENCE = 60


@pytest.fixture
def begun(monkeypatch, tmp_path):
    """Has a program run in place of the builder; gives the file that it writes a line to whenever it begins."""
    file = tmp_path / "begun"

    def run(code: str):
        program = f"open({str(file)!r}, 'a').write('begun\\n'); {code}"
        monkeypatch.setattr(packaging, "COMMAND", [sys.executable, "-c", program])
        return file

    yield run
    packaging.end()
    packaging.building = None


def test_it_is_built_where_it_is_due_and_by_one_process_at_a_time(begun, monkeypatch):
    due = iter([False, True, True, True])
    monkeypatch.setattr(packages, "is_due", lambda: next(due))
    begun(f"import time; time.sleep({PATIENCE})")

    packaging.build_package()
    assert packaging.building is None
    packaging.build_package()
    first = packaging.building
    packaging.build_package()
    packaging.build_package()

    assert packaging.building is first
    assert first.poll() is None


def test_one_that_failed_is_told_and_tried_again(begun, monkeypatch, caplog):
    monkeypatch.setattr(packages, "is_due", lambda: True)
    file = begun("raise SystemExit(3)")
    packaging.build_package()
    packaging.building.wait(PATIENCE)

    packaging.build_package()
    packaging.building.wait(PATIENCE)

    assert "ended with status 3" in caplog.text
    assert file.read_text() == "begun\nbegun\n"


def test_it_is_one_of_the_chores_and_ends_with_them(begun, monkeypatch):
    class Moment:
        """A chores' event that is set after one round."""

        rounds = 0

        def is_set(self):
            return self.rounds

        def wait(self, seconds):
            self.rounds += 1

    monkeypatch.setattr(packages, "is_due", lambda: True)
    begun(f"import time; time.sleep({PATIENCE})")
    assert packaging.build_package in chores.CHORES
    monkeypatch.setattr(chores, "CHORES", (packaging.build_package,))
    before = time.monotonic()

    chores.run(0, Moment())

    assert packaging.building.returncode is not None
    assert time.monotonic() - before < PATIENCE
