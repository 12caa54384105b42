"""The API on the running server: a copy kept while others publish, its description before a judge, its guide run."""

import contextlib
import io
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.live import RACES_ARE_LONG, ROOT, Site, environment_of

pytestmark = pytest.mark.slow

API = "/api/v1"
CHANGES = 1000 if RACES_ARE_LONG else 200
WRITERS = 2
# A hang guard, not a budget.
PATIENCE = 600
GUIDE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
ADDRESSES = "http://127.0.0.1:8000"
WRITE = """
import fcntl
import random
from pathlib import Path
from django.conf import settings
from django.db import connection, transaction
from tests.factories import make_country, make_edition, make_next_edition
from visits.editorial import actions
from visits.enums import State
from visits.extraction import vocabulary
from visits.models import User
# No term changes meanwhile: what checks look for in texts need not be read anew after each publication.
kept = vocabulary.built(0)
vocabulary.built = lambda generation: kept
with connection.cursor() as cursor:
    # Power does not fail here, and nobody waits in vain.
    cursor.execute("PRAGMA synchronous = OFF")
    cursor.execute("PRAGMA busy_timeout = 300000")
chance, system, published = random.Random({seed}), User.objects.system(), []
country = make_country("Writer {seed}", "WR{letter}", "W{letter}")
done = dict(publish=0, correct=0, withdraw=0)
turn = Path(settings.DATA_DIR, "turn").open("w")
for _ in range({changes}):
    step = chance.choice(["publish", "correct", "withdraw"]) if len(published) > 5 else "publish"
    done[step] += 1
    edition = None if step == "publish" else published.pop(chance.randrange(len(published)))
    # SQLite lets one writer in at a time, but not in turn.
    fcntl.flock(turn, fcntl.LOCK_EX)
    with transaction.atomic():
        if step == "publish":
            year = chance.randrange(2000, 2025)
            dates = dict(start=str(year) + "-05-29", end=str(year) + "-06-01")
            published.append(make_edition(State.PUBLISHED, country=country, **dates))
        elif step == "correct":
            published.append(make_next_edition(edition))
        else:
            actions.withdraw(edition, by=system, note="Withdrawn.")
    fcntl.flock(turn, fcntl.LOCK_UN)
print(*done.values())
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    environment = environment_of(tmp_path_factory.mktemp("api") / "data") | {"API_RATE": "0"}
    with Site(environment) as running:
        yield running


def published(site) -> dict[str, int]:
    with closing(sqlite3.connect(Path(site.environment["DATA_DIR"]) / "register.sqlite3")) as database:
        return dict(
            database.execute(
                "SELECT slug, number FROM visits_edition e JOIN visits_visit v ON v.id = e.visit_id"
                " WHERE state = 'published'"
            )
        )


def keep_copy(address: str, seed: int, started, finished, result) -> None:
    """A client that knows nothing but the address, and polls until it is told that all is written and told."""
    chance, copy, since, seen, polls = random.Random(seed), {}, "", [], 0  # noqa: S311
    while True:
        was_finished = finished.is_set()
        asked = f"{address}/changes/?since={since}&page_size={chance.choice([1, 2, 3, 7, 20, 100, 1000])}"
        with urllib.request.urlopen(asked, timeout=60) as answer:
            page = json.load(answer)
        started.set()
        polls += 1
        for change in page["results"]:
            seen.append(tuple(map(int, change["cursor"].split("."))))
            if change["change"] in ("withdrawn", "consolidated"):
                copy.pop(change["visit"], None)
            elif change["change"] in ("published", "corrected"):
                copy[change["visit"]] = change["edition"]
        since = page["next"]
        if was_finished and not page["results"]:
            break
        time.sleep(chance.random() / 20)
    result.put((copy, seen, polls))


def test_a_copy_kept_while_others_publish_correct_and_withdraw_ends_as_the_register(site):
    processes = get_context("spawn")
    started, finished, result = processes.Event(), processes.Event(), processes.Queue()
    client = processes.Process(target=keep_copy, args=(site.url + API, 1, started, finished, result))
    client.start()
    assert started.wait(PATIENCE)
    before = len(published(site))
    environment = site.environment | {"DJANGO_SETTINGS_MODULE": "cted.settings"}

    writers = [
        subprocess.Popen(
            [sys.executable, "manage.py", "shell", "--no-imports", "--command", code],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(WRITERS)
        for code in [WRITE.format(seed=seed, letter="AB"[seed], changes=CHANGES // WRITERS)]
    ]
    done = [list(map(int, writer.communicate(timeout=PATIENCE)[0].split())) for writer in writers]
    finished.set()
    copy, seen, polls = result.get(timeout=PATIENCE)
    client.join(timeout=PATIENCE)

    new, corrected, withdrawn = map(sum, zip(*done, strict=True))
    assert (new + corrected + withdrawn, min(new, corrected, withdrawn) > CHANGES // 10) == (CHANGES, True)
    assert copy == published(site)
    assert len(copy) == before + new - withdrawn
    assert seen == sorted(set(seen))
    assert polls > CHANGES // 50


def test_the_description_stands_before_its_judge(site, tmp_path):
    """Schemathesis with all that it checks: what is described is what is answered, whatever is asked."""
    command = [
        *(Path(sys.executable).parent / "schemathesis", "--config-file", ROOT / "tests/opendata/schemathesis.toml"),
        *("run", f"{site.url}{API}/schema/", "--checks", "all", "--max-examples", "10", "--seed", "1"),
        *("--workers", "2", "--no-color", "--report", "json", "--report-json-path", tmp_path / "report.json"),
        *("--generation-database", "none"),
    ]

    judged = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=PATIENCE, env=site.environment
    )

    assert judged.returncode == 0, judged.stdout[-10000:]
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["operations"]["tested"] == report["operations"]["total"] > 15
    assert report["test_cases"]["generated"] > 500
    # It asked for what there is, and not only for what is refused.
    assert (report["warnings"]["missing_test_data"], report["warnings"]["low_valid_rate"]) == ([], [])


# The guide


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.M | re.S)


def in_shell(command: str, folder: Path) -> str:
    shown = subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True, timeout=60)
    return shown.stdout


def test_every_line_for_a_terminal_answers_as_the_guide_says(site, tmp_path):
    lines = [line for block in blocks("sh") for line in block.splitlines()]
    assert len(lines) > 5

    for line in lines:
        command, _, remark = line.replace(ADDRESSES, site.url).partition("  # ")
        expected = int(remark[:3]) if remark else 200
        shown = in_shell(command + " --silent --show-error --write-out '\n%{http_code}'", tmp_path)
        body, _, status = shown.rpartition("\n")
        assert int(status) == expected, (line, body)
        answer = json.loads(body)
        assert answer.get("results") != [], line
        assert remark.partition(": ")[2] in body


def test_what_has_not_changed_is_asked_for_as_the_guide_says(site, tmp_path):
    (line,) = [line for block in blocks("sh") for line in block.splitlines() if "--etag-save" in line]
    command = line.replace(ADDRESSES, site.url) + " --silent --output answer --write-out '%{http_code}'"

    assert [in_shell(command, tmp_path) for _ in range(2)] == ["200", "304"]


def test_every_program_of_the_guide_runs(site):
    programs = blocks("python")
    assert len(programs) > 1

    said = []
    for program in programs:
        with contextlib.redirect_stdout(io.StringIO()) as written:
            exec(compile(program.replace(ADDRESSES, site.url), "docs/api.md", "exec"), {})  # noqa: S102
        said.append(written.getvalue())

    assert "2018-05-29 denmark-2018 focused follow-up" in said[0]
    assert said[1] == f"{len(published(site))} visits\n"


def test_every_program_in_r_asks_for_what_there_is(site, tmp_path):
    for program in blocks("r"):
        program = program.replace(ADDRESSES, site.url)
        if shutil.which("Rscript"):
            subprocess.run(["Rscript", "-e", program], cwd=tmp_path, check=True, timeout=PATIENCE)
            continue
        # Without R its addresses are asked all the same.
        (root,), paths = re.findall(r'<- "(http[^"]+)"', program), re.findall(r'paste0\(site, "([^"]+)"\)', program)
        assert paths
        for path in paths:
            with urllib.request.urlopen(root + path, timeout=60) as answer:
                assert json.load(answer)["results"]
