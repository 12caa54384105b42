"""Nothing that was acknowledged is lost when the server is killed: the small run of `make crash`."""

import subprocess
import sys

import pytest

from tests.live import PATIENCE, ROOT

pytestmark = pytest.mark.slow

# One round by the server that is shipped, the others by copies of a process that has loaded the site already.
RUNS = {
    "as it is": ["--rounds", "2", "--writes", "10", "--real", "2"],
    "broken": ["--rounds", "3", "--writes", "12", "--real", "0", "--broken"],
}


@pytest.fixture(scope="module")
def ended() -> dict[str, tuple[int, str]]:
    """The status and the output of both runs, which take place at the same time."""
    running = {
        name: subprocess.Popen(
            [sys.executable, "-m", "tests.crashing", *options],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for name, options in RUNS.items()
    }
    said = {name: process.communicate(timeout=PATIENCE)[0] for name, process in running.items()}
    return {name: (process.returncode, said[name]) for name, process in running.items()}


def figure(output: str, name: str) -> int:
    return next(int(line.split()[-1]) for line in output.splitlines() if line.strip().startswith(name))


def test_what_was_acknowledged_before_the_server_was_killed_is_there(ended):
    status, output = ended["as it is"]

    assert status == 0, output
    assert figure(output, "acknowledged writes") >= 10
    assert figure(output, "kills of the server that is shipped") >= 1
    assert (figure(output, "acknowledged and lost"), figure(output, "other failures")) == (0, 0)


def test_a_site_that_acknowledges_before_it_commits_is_found_out(ended):
    status, output = ended["broken"]

    assert status == 1, output
    assert figure(output, "acknowledged and lost") >= 1
    assert "LOST: " in output
