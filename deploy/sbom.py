"""The software bill of materials of what is shipped, as CycloneDX: every pinned library and every third-party file that
browsers are served, with its version and licence. `make sbom` writes it."""

import json
import re
import subprocess
import sys
from pathlib import Path

from dependencies import ROOT, Problem, guarded

VENDOR = Path(ROOT, "static", "vendor")
PIN = re.compile(r"^(?P<name>[\w.-]+)(\[[^\]]*\])?==(?P<version>\S+)")
VENDORED = re.compile(
    r"^\| `(?P<file>[^`]+)` \| .*of `(?P<name>[^`]+)` (?P<version>\S+) \| (?P<licence>.+) \| `(?P<sha>\w+)` \|$", re.M
)
# SPDX names of licences that are told in words, by the library itself or by static/vendor/README.md.
LICENCES = {"uritemplate": "BSD-3-Clause OR Apache-2.0", "htmx.org": "0BSD"}


def main():
    [target] = sys.argv[1:] or ["sbom.cdx.json"]
    Path(target).write_text(json.dumps(bill(), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"{target} names what is shipped.")


def bill() -> dict:
    told = of_environment()
    wanted = pins(Path(ROOT, "requirements.txt").read_text())
    libraries = [each for each in told["components"] if wanted.get(plain(each["name"])) == each["version"]]
    if missing := wanted.keys() - {plain(each["name"]) for each in libraries}:
        raise Problem(f"Not installed as pinned, so nothing is known of them: {', '.join(sorted(missing))}.")
    for each in libraries:
        each.pop("externalReferences", None)
        if not each.get("licenses"):
            each["licenses"] = [{"expression": LICENCES[each["name"]]}]
    components = [*libraries, *vendored()]
    kept = {each["bom-ref"] for each in components}
    graph = [
        {"ref": each["ref"], "dependsOn": [ref for ref in each.get("dependsOn", []) if ref in kept]}
        for each in told["dependencies"]
        if each["ref"] in kept
    ]
    root = told["metadata"]["component"]["bom-ref"]
    above = {ref for each in graph for ref in each["dependsOn"]}
    files = [{"ref": each["bom-ref"]} for each in components if each["type"] == "file"]
    graph += [*files, {"ref": root, "dependsOn": sorted(kept - above)}]
    return told | {"components": components, "dependencies": graph}


def of_environment() -> dict:
    """What the metadata of all that is installed beside this Python tells."""
    # The tests judge what comes of it by the schema, which takes long.
    command = [sys.executable, "-m", "cyclonedx_py", "environment", "--no-validate", "--output-reproducible"]
    command += ["--output-format", "JSON", "--pyproject", str(Path(ROOT, "pyproject.toml")), sys.executable]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(f"What is installed could not be listed: {done.stderr.strip()}")
    return json.loads(done.stdout)


def pins(text: str) -> dict[str, str]:
    found = filter(None, map(PIN.match, text.splitlines()))
    return {plain(match["name"]): match["version"] for match in found}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def vendored() -> list[dict]:
    table = (VENDOR / "README.md").read_text(encoding="utf-8")
    return [
        {
            "type": "file",
            "bom-ref": f"static/vendor/{each['file']}",
            "name": each["name"],
            "version": each["version"],
            "purl": f"pkg:npm/{each['name']}@{each['version']}",
            "hashes": [{"alg": "SHA-256", "content": each["sha"]}],
            "licenses": [{"license": {"id": LICENCES[each["name"]]}}],
            "properties": [{"name": "register:file", "value": f"static/vendor/{each['file']}"}],
        }
        for each in VENDORED.finditer(table)
    ]


if __name__ == "__main__":
    guarded(main)
