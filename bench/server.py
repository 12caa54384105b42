"""Servers under test: started on a free port of this machine, watched through /proc, ended by their id."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from start import SERVER  # The very server that `make run` starts.

from . import ROOT

NGINX = """
daemon off; worker_processes 2; pid {folder}/pid; error_log stderr error;
events {{ worker_connections 64; }}
http {{
  access_log off; sendfile on; keepalive_requests 10000000; default_type text/html;
  client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder};
  uwsgi_temp_path {folder}; scgi_temp_path {folder};
  server {{ listen 127.0.0.1:{port}; root {folder}; location = / {{ try_files /page.html =404; }} }}
}}
"""


class Failed(Exception):
    """Something could not be measured; the sentence says why."""


class Server:
    """A server process and its workers. Used with `with`: it is ended whatever happens."""

    def __init__(self, command, port: int, env=None):
        self.port = port
        self.log = tempfile.TemporaryFile()  # noqa: SIM115
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=os.environ | (env or {}), stdout=self.log, stderr=self.log, start_new_session=True
        )

    def __enter__(self):
        for _attempt in range(300):
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return self
            except OSError:
                time.sleep(0.1)
        self.__exit__()
        self.log.seek(0)
        raise Failed(f"a server did not start: {self.log.read().decode()[-1000:]}")

    def __exit__(self, *error):
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.process.poll() is None:
                os.killpg(self.process.pid, number)
                try:
                    self.process.wait(10)
                except subprocess.TimeoutExpired:
                    continue

    def get(
        self, address: str, headers: dict | None = None, timeout: int = 120
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Ask once, over a connection of its own: these go to all workers in turn."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("GET", address, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        except (OSError, http.client.HTTPException) as error:
            raise Failed(f"{address} was not answered: {error!r}") from error
        finally:
            connection.close()

    def download(self, address: str) -> dict:
        """How many rows a second come of a file that says how many it has, what the workers worked for each, and the
        most MB that one has meanwhile."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        most, sampled, started, worked = 0, 0, time.perf_counter(), self.processor_seconds()
        try:
            connection.request("GET", address)
            answer = connection.getresponse()
            if answer.status != 200:
                raise Failed(f"{address} was answered with {answer.status}")
            while answer.read(1 << 18):
                if time.perf_counter() > sampled + 0.2:
                    most, sampled = max(most, *self.memory()["rss"]), time.perf_counter()
        except (OSError, http.client.HTTPException) as error:
            raise Failed(f"{address} was not answered: {error!r}") from error
        finally:
            connection.close()
        rows, seconds = int(answer.headers["X-Total-Count"]), time.perf_counter() - started
        worked = (self.processor_seconds() - worked) * 1_000_000 / rows
        return {"rows_per_second": round(rows / seconds), "rows": rows, "worked_us": round(worked, 1), "rss": most}

    def idle(self, addresses: list[str], headers: dict[str, str], seconds: float) -> dict:
        """Median milliseconds of an answer to one client that asks for one address after the other.

        `processor_ms` is what the workers worked for each: waiting for other work of the machine is no part of it.
        """
        times, until, worked = [], time.perf_counter() + seconds, self.processor_seconds()
        while time.perf_counter() < until or len(times) < 3:
            address, started = addresses[len(times) % len(addresses)], time.perf_counter()
            status, _headers, _body = self.get(address, headers)
            times.append((time.perf_counter() - started) * 1000)
            if status != 200:
                raise Failed(f"{address} was answered with {status}")
        worked = (self.processor_seconds() - worked) * 1000 / len(times)
        return {"ms": round(statistics.median(times), 3), "processor_ms": round(worked, 3)}

    def load(self, addresses: list[str], headers: dict[str, str], seconds: int) -> dict:
        """What eight clients get in that time."""
        with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
            file.write("\n".join(addresses) + "\n")
            file.flush()
            options = [option for header in headers.items() for option in ("-H", ": ".join(header))]
            command = ["wrk", "-t1", "-c8", f"-d{seconds}s", "--timeout", "30s", "-s", str(ROOT / "bench" / "page.lua")]
            command += [*options, f"http://127.0.0.1:{self.port}/"]
            worked = self.processor_seconds()
            done = subprocess.run(
                command, env=os.environ | {"ADDRESSES": file.name}, capture_output=True, text=True, check=True
            )
            worked = self.processor_seconds() - worked
        reading = json.loads(done.stdout.partition("JSON")[2])
        if reading["failed"]:
            raise Failed(f"{reading['failed']} of {reading['requests']} requests failed, the first to {addresses[0]}")
        per_second = reading["requests"] / reading["seconds"]
        return reading | {
            "per_second": round(per_second, 1),
            "worked_ms": round(worked * 1000 / reading["requests"], 3),
        }

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in children if "resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_text()]

    def memory(self) -> dict[str, list[float]]:
        """MB of each worker: `pss` counts what is shared by its share, `rss` in full."""
        found = {"pss": [], "rss": []}
        for pid in self.workers():
            text = Path(f"/proc/{pid}/smaps_rollup").read_text()
            for name, values in found.items():
                values.append(
                    round(int(re.search(rf"^{name}: +(\d+)", text, re.MULTILINE | re.IGNORECASE)[1]) / 1024, 1)
                )
        return found

    def settle(self, addresses: list[str], limit: int = 600) -> float:
        """Ask until every worker has what it builds in the background, told by its standing still. Seconds it took."""
        started, quiet = time.monotonic(), 0
        while quiet < 3:
            if time.monotonic() - started > limit:
                raise Failed(f"the workers were still busy after {limit} seconds")
            # Until they are ready, an answer can take longer than anybody waits for it.
            with suppress(Failed):
                for address in addresses[:6]:
                    self.get(address, timeout=20)
            # What the answers themselves began.
            time.sleep(0.3)
            before = self.processor_seconds()
            time.sleep(0.7)
            quiet = quiet + 1 if self.processor_seconds() - before < 0.05 else 0
        return round(time.monotonic() - started, 1)

    def processor_seconds(self) -> float:
        """What the workers have used of the processors so far."""
        fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in self.workers()]
        return sum(int(field[11]) + int(field[12]) for field in fields) / os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def django_server(application: str, env: dict) -> Server:
    port = free_port()
    command = [sys.executable, "-m", "granian", *SERVER, "--host", "127.0.0.1", "--port", str(port), application]
    return Server(command, port, env)


def site(data: Path, **env) -> Server:
    return django_server(
        "cted.wsgi:application", {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "cted.settings"} | env
    )


def floor(page: Path) -> Server:
    return django_server("bench.floor:application", {"FLOOR_PAGE": str(page)})


def static(folder: Path) -> Server:
    """N: nginx serving page.html of the folder."""
    if not shutil.which("nginx"):
        raise Failed("nginx is needed for N: on Debian, apt-get install nginx-light")
    port = free_port()
    # Its workers are not the owner of the folder.
    folder.chmod(0o755)
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port))
    return Server(["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf")], port)
