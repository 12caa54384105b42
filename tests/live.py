"""The register as `make run` starts it, for tests that need the real server: two workers, over HTTP."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A hang guard, not a budget.
PATIENCE = 300
# With RACES=whole (`make races`) people at work at once go on for longer.
RACES_ARE_LONG = os.environ.get("RACES") == "whole"


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def wait_for(condition) -> float:
    """How many seconds it took until this held. What cannot be reached or read meanwhile does not hold."""
    began = time.monotonic()
    while True:
        with suppress(OSError):
            if condition():
                return time.monotonic() - began
        if time.monotonic() > began + PATIENCE:
            raise TimeoutError
        time.sleep(0.05)


def environment_of(data_dir: Path) -> dict[str, str]:
    """What `make run` is started with: a port nobody listens on and a data folder of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"INSTALL": "no", "PORT": free_port(), "DATA_DIR": str(data_dir)}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict
    text: str
    url: str


class Visitor:
    """A client with cookies of its own that follows no redirect."""

    def __init__(self, url: str, *handlers: urllib.request.BaseHandler):
        self.url = url
        jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(jar, NoRedirect(), *handlers)

    def get(self, path: str, data: dict | None = None, **headers) -> Answer:
        """The answer to GET, or to POST where there is data. `path`: of the site, or a whole address. Header names are
        given with underscores, and told in small letters."""
        body = urllib.parse.urlencode(data).encode() if data is not None else None
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(path if path.startswith("http") else self.url + path, body, headers)
        try:
            answer = self.opener.open(request, timeout=PATIENCE)
        except urllib.error.HTTPError as refused:
            answer = refused
        with answer:
            told = {name.lower(): value for name, value in answer.headers.items()}
            return Answer(answer.status, told, answer.read().decode(errors="replace"), answer.url)

    def post_form(self, path: str, **typed) -> Answer:
        """Open a form and send it with its hidden fields."""
        return self.get(path, hidden_fields(self.get(path).text) | typed)

    def sign_in(self, name: str, password: str) -> Answer:
        return self.post_form("/accounts/login/", login=name, password=password)


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None


def hidden_fields(page: str) -> dict[str, str]:
    tags = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    named = ((re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)) for tag in tags)
    return {name[1]: value[1] if value else "" for name, value in named if name}


class Site(Visitor):
    """`deploy/start.py` as somebody at a terminal has it, ended by its own process id."""

    def __init__(self, environment: dict[str, str], logins: dict[str, tuple[str, str]] | None = None):
        """`logins`: those that the data folder came with."""
        super().__init__(f"http://127.0.0.1:{environment['PORT']}")
        self.given = logins or {}
        self.log = Path(environment["DATA_DIR"] + ".log")
        self.environment = environment

    def __enter__(self):
        with self.log.open("w") as log:
            command = [sys.executable, ROOT / "deploy" / "start.py"]
            # In a process group of its own, as a terminal would have it.
            self.process = subprocess.Popen(
                command, env=self.environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )
        try:
            self.wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def wait(self):
        deadline = time.monotonic() + PATIENCE
        while not self.answers():
            assert self.process.poll() is None, self.output
            assert time.monotonic() < deadline, self.output
            time.sleep(0.05)

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.terminate()

    def terminate(self) -> int:
        self.process.terminate()
        return self.process.wait(timeout=PATIENCE)

    def press_control_c(self) -> int:
        """A terminal sends it to every process of the group."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(timeout=PATIENCE)

    @property
    def output(self) -> str:
        return self.log.read_text()

    @property
    def logins(self) -> dict[str, tuple[str, str]]:
        """By role, the name and the password printed at the first start."""
        found = re.findall(r"^  (author|editor|administrator) +(\S+) +(\S+)$", self.output, re.M)
        return self.given | {role: (name, password) for role, name, password in found}

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", int(self.environment["PORT"])), timeout=1):
                return True
        except OSError:
            return False

    def run_python(self, code: str) -> str:
        """What this code prints, run in the site's own settings and on its database."""
        command = [sys.executable, "-W", "error", "manage.py", "shell", "--no-imports", "--command", code]
        environment = self.environment | {"DJANGO_SETTINGS_MODULE": "cted.settings"}
        result = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()
