"""What `make lint` asks about libraries and about our own code, and what `make sbom` writes."""

import hashlib
import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.live import ROOT, free_port

CANARY = "flask"


@contextmanager
def advisories(**known: str):
    """A service that answers as osv.dev does, and knows of these weaknesses, by the name of the library."""

    class Service(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            said = [advisory(asked, known[name]) for name in [asked["package"]["name"]] if name in known]
            body = json.dumps({"vulns": said} if said else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Service)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def advisory(asked: dict, identity: str) -> dict:
    events = [{"introduced": "0"}, {"fixed": "99.9"}]
    ranges = [{"type": "ECOSYSTEM", "events": events}]
    affected = [{"package": asked["package"], "ranges": ranges, "versions": [asked["version"]]}]
    return {"id": identity, "summary": "Bad.", "modified": "2026-01-01T00:00:00Z", "affected": affected}


def audit(service: str) -> subprocess.CompletedProcess:
    command = [sys.executable, ROOT / "deploy" / "audit.py"]
    return subprocess.run(
        command, env=os.environ | {"ADVISORIES": service}, capture_output=True, text=True, check=False, timeout=300
    )


def test_no_weakness_is_told_only_where_a_known_one_would_be():
    with advisories(**{CANARY: "PYSEC-2018-66"}) as service:
        said = audit(service)
    assert (said.returncode, said.stdout.startswith("No weakness is known of the ")) == (0, True), said

    with advisories() as service:
        said = audit(service)
    assert (said.returncode, "unknown" in said.stdout, "No weakness" in said.stdout) == (0, True, False), said


def test_a_known_weakness_is_named_and_stops_lint():
    with advisories(**{CANARY: "PYSEC-2018-66", "nh3": "GHSA-bad"}) as service:
        said = audit(service)

    assert said.returncode == 1
    assert "nh3 0.3.8: GHSA-bad, mended in 99.9." in said.stdout
    assert CANARY not in said.stdout


def test_a_service_out_of_reach_is_told_as_unknown():
    said = audit(f"http://127.0.0.1:{free_port()}/v1/query")

    assert said.returncode == 0
    assert said.stdout.startswith("Weaknesses of libraries: unknown, the advisory service could not be reached")
    assert "No weakness" not in said.stdout


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "deploy")
    import audit
    import sbom

    return {"audit": audit, "sbom": sbom}


def test_a_library_that_was_not_asked_about_leaves_all_unknown(script, capsys):
    told = [{"name": CANARY, "version": "0", "vulns": [{}]}, {"name": "x", "version": "1", "skip_reason": "unheard of"}]

    assert script["audit"].judge({"dependencies": told}) == 0
    assert capsys.readouterr().out == (
        "Weaknesses of libraries: unknown, the advisory service was not asked about x.\n"
    )


def test_bandit_sees_what_it_is_there_for(tmp_path):
    (tmp_path / "planted.py").write_text("import yaml\n\nyaml.load(open('x'), yaml.Loader)\n# hidden: \u202e\n")
    command = [sys.executable, "-m", "bandit", "--quiet", "--configfile", ROOT / "pyproject.toml", "-r", tmp_path]

    found = subprocess.run(command, capture_output=True, text=True, check=False)

    assert found.returncode == 1
    assert [code for code in ("B506", "B613") if code not in found.stdout] == []


def test_the_bill_of_materials_names_all_that_is_shipped_with_its_licence(script):
    bill = script["sbom"].bill()

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(bill)) is None
    pinned = script["sbom"].pins((ROOT / "requirements.txt").read_text())
    assert len(pinned) == sum("==" in line for line in (ROOT / "requirements.txt").read_text().splitlines())
    named = {script["sbom"].plain(each["name"]): each["version"] for each in bill["components"]}
    assert named.items() >= pinned.items()
    assert [each["name"] for each in bill["components"] if not each["licenses"]] == []
    files = {each["bom-ref"]: each["hashes"][0]["content"] for each in bill["components"] if each["type"] == "file"}
    shipped = [path for path in (ROOT / "static" / "vendor").iterdir() if path.name != "README.md"]
    assert files == {str(path.relative_to(ROOT)): hashlib.sha256(path.read_bytes()).hexdigest() for path in shipped}
