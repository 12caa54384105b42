"""A PostgreSQL of the test's own, on a port of its own, gone at its end.

python -m tests.postgresql [arguments of pytest]: the whole suite on one, but for what drives a browser.
"""

import glob
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.live import free_port, wait_for


def programs() -> Path | None:
    """The folder of the newest PostgreSQL installed here; None without one."""
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda path: int(path.split("/")[-2]))
    return Path(found[-1]) if found else None


class Cluster:
    """A server in a folder of its own. `is_durable`: it waits for the disk, as one does that people rely on."""

    def __init__(self, folder: Path, *, is_durable: bool = False):
        self.folder, self.port, self.bin = folder, free_port(), programs()
        self.url = f"postgres://register@127.0.0.1:{self.port}/postgres"
        self.options = [] if is_durable else ["-c", "fsync=off"]
        self.quiet = {"cwd": folder, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        # It refuses to be run by root, who may have somebody else do it.
        self.as_user = []
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
            self.as_user = ["runuser", "-u", "postgres", "--"]

    def create(self) -> None:
        # The "C" locale is the hardest for other alphabets than ours.
        initdb = ["-D", self.folder / "data", "-U", "register", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run([*self.as_user, self.bin / "initdb", *initdb], check=True, **self.quiet)

    def start(self) -> None:
        options = ["-D", self.folder / "data", "-p", self.port, "-h", "127.0.0.1", "-k", self.folder, *self.options]
        self.server = subprocess.Popen([*self.as_user, self.bin / "postgres", *options], **self.quiet)
        is_ready = [self.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p", self.port]
        wait_for(lambda: subprocess.run(is_ready, check=False).returncode == 0)

    def kill(self) -> None:
        """All processes of it at once, as when the machine fails."""
        first = int((self.folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        every = [first, *children_of(first)]
        for pid in every:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.server.wait()

    def stop(self) -> None:
        command = [*self.as_user, self.bin / "pg_ctl", "stop", "-D", self.folder / "data", "-m", "immediate"]
        subprocess.run(command, **self.quiet, check=False)
        with suppress(subprocess.TimeoutExpired):
            self.server.wait(timeout=10)
        self.server.kill()


def children_of(parent: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(path.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(path.parent.name))
    return found


@contextmanager
def cluster():
    """The DATABASE_URL of an empty database."""
    with started() as server:
        yield server.url


@contextmanager
def started(*, is_durable: bool = False):
    """The server of an empty database."""
    folder = Path(tempfile.mkdtemp(prefix="cted-pg-"))
    server = Cluster(folder, is_durable=is_durable)
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    if not programs():
        sys.exit("PostgreSQL is not installed: with Debian, apt-get install postgresql.")
    # Told to end, it ends the server too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with cluster() as url:
        command = [sys.executable, "-m", "pytest", "-m", "not browser", *sys.argv[1:]]
        sys.exit(subprocess.run(command, env=os.environ | {"TEST_DATABASE_URL": url}, check=False).returncode)


if __name__ == "__main__":
    main()
