"""What serves the register and can be killed: the server that is shipped, or two processes that start at once."""

import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from bench.server import SERVER
from tests.live import ROOT, wait_for

WORKERS, THREADS = 2, 4


class Granian:
    """The server as `make run` starts it, from nothing: most of a round is spent on that."""

    def __init__(self, port: str, log: Path, environment: dict | None = None):
        self.port, self.log, self.environment = port, log, environment

    def __enter__(self):
        command = [sys.executable, "-m", "granian", *SERVER, "--host", "127.0.0.1", "--port", self.port]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                [*command, "cted.wsgi:application"],
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(lambda: answers(self.port) or self.process.poll() is not None)
        return self

    def kill(self) -> None:
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        wait_for(lambda: not left_of(self.process.pid))

    def __exit__(self, *exception):
        if self.process.returncode is None:
            self.kill()


class Forked:
    """The same application in copies of this process, which has loaded it already: rounds begin at once."""

    def __init__(self, port: str, log: Path):
        self.port, self.log, self.workers = port, log, []

    def __enter__(self):
        listener = socket.create_server(("127.0.0.1", int(self.port)))
        for _ in range(WORKERS):
            pid = os.fork()
            if not pid:
                serve(listener, self.log)
            self.workers.append(pid)
            os.setpgid(pid, self.workers[0])
        listener.close()
        return self

    def kill(self) -> None:
        os.killpg(self.workers[0], signal.SIGKILL)
        for pid in self.workers:
            os.waitpid(pid, 0)
        self.workers = []

    def __exit__(self, *exception):
        if self.workers:
            self.kill()


class Pooled(WSGIServer):
    """Answers in threads that keep their connection to the database, like the server's own."""

    def __init__(self, listener: socket.socket):
        super().__init__(listener.getsockname(), Quiet, bind_and_activate=False)
        self.socket.close()
        self.socket, self.pool = listener, ThreadPoolExecutor(THREADS)
        self.server_name, self.server_port = listener.getsockname()
        self.setup_environ()

    def process_request(self, request, client_address):
        self.pool.submit(self.answer, request, client_address)

    def answer(self, request, client_address):
        try:
            self.finish_request(request, client_address)
        except OSError:
            # Whoever asked is gone.
            pass
        finally:
            self.shutdown_request(request)


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        """Nobody reads it."""


def serve(listener: socket.socket, log: Path) -> None:
    """Until it is killed; never comes back into what was forked."""
    try:
        from cted.wsgi import application

        with log.open("a") as file:
            os.dup2(file.fileno(), sys.stderr.fileno())
        server = Pooled(listener)
        server.set_app(application)
        server.serve_forever()
    finally:
        os._exit(1)


def answers(port: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", int(port)), timeout=1):
            return True
    except OSError:
        return False


def left_of(group: int) -> bool:
    """Whether a process of this group still runs, or a thread of one. Those that have ended may wait for somebody to
    ask for them."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, of_group = path.read_text().rpartition(")")[2].split()[:3]
            threads = len(list((path.parent / "task").iterdir()))
        except OSError:
            continue
        if int(of_group) == group and (state != "Z" or threads > 1):
            return True
    return False
