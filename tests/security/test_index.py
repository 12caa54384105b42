"""SECURITY.md names for each threat the tests that show it, and they are there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

TOLD = Path(settings.BASE_DIR, "SECURITY.md").read_text(encoding="utf-8")
# What the issue that asked for it named, in the words of the table.
NAMED = (
    *("HSTS", "opener and resource policies", "referrer policy", "permissions policy", "cookies", "`check --deploy`"),
    *(
        "versions",
        "forged host",
        "poisoned cache",
        "open redirect",
        "clickjacking",
        "forged forms",
        "markup and scripts",
    ),
    *("SSRF", "formulas", "zip and XML bombs", "path traversal", "patterns that never end", "session fixation"),
    *("who has an account", "guessing passwords", "objects of others"),
)
TEST = re.compile(r"^\s*def test_\w+", re.M)


def rows() -> Iterator[list[str]]:
    for line in TOLD.splitlines():
        if line.startswith("|") and not line.startswith(("|---", "| threat", "| who |", "| what |")):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def files() -> list[str]:
    return sorted(set(re.findall(r"`(tests/[\w/.]+)`", TOLD)))


@pytest.mark.parametrize("name", files())
def test_what_is_named_exists_and_has_tests(name):
    path = Path(settings.BASE_DIR, name)
    found = [path] if path.is_file() else sorted(path.rglob("test_*.py"))

    assert found
    assert all(TEST.search(each.read_text(encoding="utf-8")) for each in found)


def test_every_threat_names_what_shows_it():
    told = list(rows())

    assert len(told) > 25
    assert [cells for cells in told if len(cells) > 2 and "`tests/" not in cells[-1]] == []
    assert [threat for threat in NAMED if threat not in TOLD] == []


def test_every_test_of_this_folder_is_named():
    here = {f"tests/security/{path.name}" for path in Path(__file__).parent.glob("test_*.py")}

    assert here - set(files()) == set()
