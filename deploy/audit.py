"""Ask whether a weakness is known of any library that is pinned here; the last part of `make lint`.

Three outcomes, in words: none is known, these are known (exit status 1), or *unknown*, because the service that knows
could not be asked. pip-audit alone does not tell the first from the last in every case, so a version with a well-known
weakness is asked about too: only where that one is told does “none” mean anything.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from dependencies import ROOT, guarded

# PYSEC-2018-66. Not among our own, and never installed: it is asked about by name.
CANARY = ("flask", "0.12.2")
PINNED = ("requirements.txt", "requirements-dev.txt")
# Seconds: for one answer, and for all of them.
EACH, TOGETHER = 5, 60


def main():
    sys.exit(judge(ask(os.environ.get("ADVISORIES"))))


def ask(service: str | None) -> dict | str:
    """What pip-audit says of every pinned version and of the canary, or why it says nothing.

    `service`: the address of one that answers as osv.dev does, instead of osv.dev.
    """
    with tempfile.TemporaryDirectory() as folder:
        canary, said = Path(folder, "canary.txt"), Path(folder, "said.json")
        canary.write_text("==".join(CANARY))
        command = [sys.executable, "-m", "pip_audit", "--no-deps", "--disable-pip", "--progress-spinner=off"]
        command += ["--vulnerability-service=osv", *(["--osv-url", service] if service else []), f"--timeout={EACH}"]
        command += ["--format=json", "--desc=off", f"--output={said}", f"--requirement={canary}"]
        # Not requirements-dev.txt as it stands: it names the other one, and pip-audit reads that twice.
        for name in PINNED:
            copy = Path(folder, name)
            lines = Path(ROOT, name).read_text().splitlines()
            copy.write_text("\n".join(line for line in lines if not line.startswith("-r")))
            command.append(f"--requirement={copy}")
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=TOGETHER, check=False)
            return json.loads(said.read_text())
        except subprocess.TimeoutExpired:
            return f"it did not answer within {TOGETHER} seconds"
        except (OSError, ValueError):
            # Of a page of reasons, the name of the error that it ended with.
            return (done.stderr.strip().splitlines() or ["it answered nothing"])[-1].partition(":")[0]


def judge(said: dict | str) -> int:
    """Tell the outcome; gives the exit status. What cannot be known is no failure: lint has to work offline."""
    if isinstance(said, str):
        return unknown(f"the advisory service could not be reached ({said})")
    told = {each["name"].lower(): each for each in said["dependencies"]}
    canary = told.pop(CANARY[0], {})
    found = [(each, weakness) for each in told.values() for weakness in each.get("vulns", [])]
    for each, weakness in found:
        mended = ", ".join(weakness["fix_versions"]) or "no version yet"
        print(f"{each['name']} {each['version']}: {weakness['id']}, mended in {mended}.")
    if found:
        print(f"Known weaknesses: {len(found)}. Raise these versions, or say in docs/dependencies.md why not.")
        return 1
    if not canary.get("vulns"):
        return unknown(f"the advisory service tells nothing of {' '.join(CANARY)}, of which a weakness is known")
    if skipped := sorted(name for name, each in told.items() if "skip_reason" in each):
        return unknown(f"the advisory service was not asked about {', '.join(skipped)}")
    print(f"No weakness is known of the {len(told)} pinned libraries.")
    return 0


def unknown(reason: str) -> int:
    print(f"Weaknesses of libraries: unknown, {reason}.")
    return 0


if __name__ == "__main__":
    guarded(main)
