"""`make run`: what it refuses in one sentence, and what it leaves behind."""

import ast
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live import PATIENCE, ROOT, Site, Visitor, environment_of, wait_for

NOBODY = 65534


@pytest.fixture
def environment(tmp_path):
    """What `make run` is started with: a port nobody listens on and a data folder of its own."""
    return environment_of(tmp_path / "data")


def start(environment, **changes):
    command = [sys.executable, ROOT / "deploy" / "start.py"]
    return subprocess.run(
        command, env=environment | changes, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def assert_refused(result, *parts):
    assert result.returncode == 1
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1, result.stderr
    for part in parts:
        assert part in result.stderr


def test_port_in_use(environment):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        result = start(environment, PORT=port)

    assert_refused(result, f"Port {port}", "PORT=")
    assert not Path(environment["DATA_DIR"]).exists()


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "８０"])
def test_port_that_is_none(environment, port):
    assert_refused(start(environment, PORT=port), "PORT must be a number from 1 to 65535", port)


@pytest.mark.parametrize("host", ["192.0.2.1", "..", "host.invalid"])
def test_host_that_is_not_this_machine(environment, host):
    assert_refused(start(environment, HOST=host), host)


def test_data_folder_below_a_file(environment, tmp_path):
    (tmp_path / "file").touch()

    assert_refused(start(environment, DATA_DIR=str(tmp_path / "file" / "data")), "DATA_DIR=")


def test_data_folder_that_is_read_only(environment):
    # Not even root can make a folder or a file there.
    assert_refused(start(environment, DATA_DIR="/proc/self"), "/proc/self cannot be written to", "DATA_DIR=")


@pytest.fixture
def as_anybody():
    """A place for a data folder, in a process that has nobody's rights where it had root's."""
    with tempfile.TemporaryDirectory() as folder:
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, -1)
            os.seteuid(NOBODY)
        yield Path(folder) / "data"
        os.seteuid(os.getuid())


@pytest.mark.parametrize("name", ["register.sqlite3", "secret-key"])
def test_file_in_the_data_folder_that_is_not_ours_to_change(as_anybody, start_script, name):
    start_script.check_data_dir(as_anybody)
    (as_anybody / name).touch()
    start_script.check_data_dir(as_anybody)
    (as_anybody / name).chmod(0o400)

    with pytest.raises(start_script.Problem, match=rf"No permission to write to .*/{name}: .* DATA_DIR="):
        start_script.check_data_dir(as_anybody)


def test_database_that_is_none(environment):
    Path(environment["DATA_DIR"]).mkdir()
    (Path(environment["DATA_DIR"]) / "register.sqlite3").write_text("This is no database. " * 100)

    result = start(environment)

    assert result.returncode == 1
    assert "The database cannot be used" in result.stderr
    assert "Traceback" not in result.stderr


def test_folder_within_the_data_folder_that_cannot_be_written(environment):
    Path(environment["DATA_DIR"]).mkdir()
    (Path(environment["DATA_DIR"]) / "locale").symlink_to("/proc/self")

    result = start(environment)

    assert result.returncode == 1
    assert "cannot be written" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.fixture
def dependencies(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "deploy")
    import dependencies

    return dependencies


@pytest.fixture
def start_script(dependencies):
    import start

    return start


@pytest.mark.parametrize("version", [(3, 10), (3, 10, 13, "final", 0), (3, 6), (2, 7)])
def test_python_too_old(dependencies, version):
    with pytest.raises(dependencies.Problem, match=r"Python 3\.11 or newer is needed, and this is Python \d\.\d+"):
        dependencies.check_python(version)


@pytest.mark.parametrize("version", [(3, 11), (3, 14), (4, 0)])
def test_python_new_enough(dependencies, version):
    dependencies.check_python(version)


@pytest.mark.parametrize("name", ["dependencies.py", "start.py"])
def test_an_old_python_can_read_what_refuses_it(name):
    ast.parse((ROOT / "deploy" / name).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_make_finds_no_python(environment):
    command = ["make", "--no-print-directory", "run", "PYTHON=no-such-python"]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert result.returncode != 0
    assert result.stderr.splitlines()[0] == "Python 3.11 or newer is needed, and none of these is one: no-such-python."


def rows(environment):
    with sqlite3.connect(Path(environment["DATA_DIR"]) / "register.sqlite3") as database:
        content = list(database.iterdump())
    database.close()
    return content


def children_of(site) -> dict[str, int]:
    """What start.py has started and still runs: server and chores, by their process id."""
    pid = site.process.pid
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        command = Path(f"/proc/{child}/cmdline").read_text()
        found["chores" if "chores" in command else "server"] = int(child)
    return found


@contextmanager
def standing_still_until_told_to_end(pid: int):
    """Stop a process, and let it go on once somebody has asked it to end."""

    def threads_say(line: str) -> bool:
        return all(re.search(line, file.read_text(), re.M) for file in Path(f"/proc/{pid}/task").glob("*/status"))

    os.kill(pid, signal.SIGSTOP)
    try:
        wait_for(lambda: threads_say(r"^State:\s+T"))
        yield
        wait_for(lambda: threads_say(rf"^ShdPnd:.*{1 << (signal.SIGTERM - 1):x}$"))
    finally:
        os.kill(pid, signal.SIGCONT)


@pytest.mark.slow
def test_chores_run_beside_the_server_are_started_again_and_end_with_it_even_if_it_stood_still(environment):
    with Site(environment) as site:
        first = children_of(site)
        assert set(first) == {"server", "chores"}

        os.kill(first["chores"], signal.SIGKILL)
        wait_for(lambda: "The chores ended (status -9) and are started again." in site.output)

        assert site.get("/readyz").status == 200
        second = children_of(site)
        assert (second["server"], second["chores"] != first["chores"]) == (first["server"], True)
        with standing_still_until_told_to_end(second["server"]):
            site.process.terminate()
        assert site.process.wait(timeout=PATIENCE) == 0
        assert [pid for pid in second.values() if Path(f"/proc/{pid}").exists()] == []
        assert site.output.count("are started again") == 1


@pytest.mark.slow
def test_first_start_prepares_everything_and_the_second_changes_nothing(environment):
    folder = Path(environment["DATA_DIR"])

    with Site(environment) as site:
        home = site.get("/")
        assert home.status == 200
        assert site.get("/visits/denmark-2018/").status == 200
        stylesheet = re.search(r'href="(/static/css/[^"]+\.[0-9a-f]{12}\.css)"', home.text)[1]
        for coding in ("br", "gzip"):
            answer = site.get(stylesheet, Accept_Encoding=coding)
            assert answer.headers["content-encoding"] == coding
            assert answer.headers["cache-control"] == "max-age=315360000, public, immutable"
        logins = site.logins
        assert list(logins) == ["author", "editor", "administrator"]
        for login in logins.values():
            answer = Visitor(site.url).sign_in(*login)
            assert (answer.status, answer.headers["location"]) == (302, "/admin/")
        assert site.run_python("from visits.ops.installation import complaints; print(*complaints(True))") == ""
        assert site.terminate() == 0
        assert not site.answers()

    assert folder.stat().st_mode & 0o777 == 0o700
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in files if path.parent == folder and path.stat().st_mode & 0o077] == []
    passwords = [password for _, password in logins.values()]
    assert [path for path in files if any(password.encode() in path.read_bytes() for password in passwords)] == []
    before, collected = rows(environment), {path: path.stat().st_mtime_ns for path in (folder / "static").rglob("*")}

    with Site(environment) as site:
        assert site.get("/").status == 200
        assert site.logins == {}
        assert not any(password in site.output for password in passwords)
        assert site.press_control_c() == 0
        assert not site.answers()
        assert "Killing" not in site.output

    assert rows(environment) == before
    assert {path: path.stat().st_mtime_ns for path in (folder / "static").rglob("*")} == collected
