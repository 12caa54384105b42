"""A PostgreSQL of the test's own, on a port of its own, gone at its end.

python -m tests.postgresql [arguments of pytest]: the whole suite on one, but for what drives a browser.
"""

import glob
import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.live import PATIENCE, free_port


def programs() -> Path | None:
    """The folder of the newest PostgreSQL installed here; None without one."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))
    return Path(found[-1]) if found else None


@contextmanager
def cluster():
    """The DATABASE_URL of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="cted-pg-"))
    # It refuses to be run by root, who may have somebody else do it.
    as_user = []
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
        as_user = ["runuser", "-u", "postgres", "--"]
    data, port, bin_folder = folder / "data", free_port(), programs()
    quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    # The "C" locale is the hardest for other alphabets than ours.
    initdb = ["-D", data, "-U", "register", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
    subprocess.run([*as_user, bin_folder / "initdb", *initdb], check=True, **quiet)
    options = ["-D", data, "-p", port, "-h", "127.0.0.1", "-k", folder, "-c", "fsync=off"]
    server = subprocess.Popen([*as_user, bin_folder / "postgres", *options], **quiet)
    try:
        until_ready([bin_folder / "pg_isready", "-q", "-h", "127.0.0.1", "-p", port])
        yield f"postgres://register@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*as_user, bin_folder / "pg_ctl", "stop", "-D", data, "-m", "immediate"], **quiet, check=False)
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=10)
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def until_ready(is_ready):
    deadline = time.monotonic() + PATIENCE
    while subprocess.run(is_ready, check=False).returncode:
        if time.monotonic() > deadline:
            raise TimeoutError("PostgreSQL does not answer.")
        time.sleep(0.1)


def main() -> None:
    if not programs():
        sys.exit("PostgreSQL is not installed: with Debian, apt-get install postgresql.")
    with cluster() as url:
        command = [sys.executable, "-m", "pytest", "-m", "not browser", *sys.argv[1:]]
        sys.exit(subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": url}, check=False).returncode)


if __name__ == "__main__":
    main()
