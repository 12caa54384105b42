"""Lighthouse's marks of a page, out of 100: for `make bench`, and for the test of what must be 100."""

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools import BROWSER_OPTIONS, LIGHTHOUSE, browser, unmet

from .server import Failed

# In the register that is shipped.
PAGES = {
    "home": "/",
    "list": "/visits/",
    "visit": "/visits/denmark-2018/",
    "country": "/countries/dnk/",
    "statistics": "/statistics/",
}
PATIENCE = 120
ATTEMPTS = 3


@dataclass(frozen=True)
class Marks:
    """`lost`: what cost marks, in Lighthouse's words, and where on the page."""

    of: dict[str, int]
    lost: list[str]


def marks(url: str, *categories: str) -> Marks:
    """As a phone of the middle class on a slow line has it: the harder of the two that Lighthouse judges for."""
    if unmet(["lighthouse"]) or not browser():
        raise Failed("Lighthouse or Chromium is missing: .venv/bin/python deploy/tools.py installs them")
    for _attempt in range(ATTEMPTS):
        report = judged(url, categories)
        # Its recording of a page fails at times, and it asks for another run itself.
        if "runtimeError" not in report:
            break
    else:
        raise Failed(f"Lighthouse did not judge {url}: {report['runtimeError']['message']}")
    return Marks(
        {name: round(category["score"] * 100) for name, category in report["categories"].items()},
        [f"{audit['title']}: {json.dumps(audit.get('details'))}" for audit in imperfect(report)],
    )


def judged(url: str, categories: tuple[str, ...]) -> dict:
    """Lighthouse's report of one run."""
    environment = os.environ | {"CHROME_PATH": browser()}
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        # Into a file: it ends before a pipe has taken all of a long report.
        command = ["node", LIGHTHOUSE, url, "--quiet", "--no-enable-error-reporting", "--output=json"]
        command += [f"--output-path={report}", f"--only-categories={','.join(categories)}"]
        command += [f"--chrome-flags={' '.join(BROWSER_OPTIONS)}"]
        try:
            subprocess.run(command, env=environment, capture_output=True, timeout=PATIENCE)
            return json.loads(report.read_text())
        except (OSError, ValueError, subprocess.TimeoutExpired) as error:
            raise Failed(f"Lighthouse did not judge {url}: {error!r}") from error


def performance(site: str) -> dict[str, int]:
    """By page."""
    return {name: marks(site + address, "performance").of["performance"] for name, address in PAGES.items()}


def imperfect(report: dict) -> list[dict]:
    counted = [one for category in report["categories"].values() for one in category["auditRefs"] if one["weight"]]
    audits = [report["audits"][one["id"]] for one in counted]
    return [audit for audit in audits if audit["score"] not in (None, 1)]
