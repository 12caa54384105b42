"""python -m tests.crashing --rounds 200 --writes 2000 --seed 1

`DATA_DIR` or `DATABASE_URL` is never read: the register that is crashed is a throwaway one.
"""

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

from tests.live import ROOT, free_port
from tests.postgresql import started

COUNTRIES = (("Denmark", "DNK", "DK"), ("Norway", "NOR", "NO"), ("Chile", "CHL", "CL"))
TOPICS = ("Borders", "Courts", "Finance")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.crashing")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--writes", type=int, default=2000, help="acknowledged ones, at least")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--real", type=int, default=8, help="every so many rounds by the server that is shipped")
    parser.add_argument("--broken", action="store_true", help="on a site that acknowledges before it commits")
    parser.add_argument("--from", dest="template", type=Path, help="a migrated SQLite file to begin with")
    return parser.parse_args()


class Client:
    """The people who write, in their own process."""

    def __init__(self, journal: Path, seed: int, given: dict):
        journal.touch()
        self.journal, self.read = journal, 0
        command = [sys.executable, "-m", "tests.crashing.client", str(journal), str(seed), json.dumps(given)]
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def begin(self) -> None:
        self.process.stdin.write("go\n")
        self.is_ended = False

    def until_acknowledged(self, number: int) -> bool:
        """Whether so many writes were; otherwise the people have given up."""
        return all(self.said() == "+" for _ in range(number))

    def said(self) -> str:
        said = self.process.stdout.readline().strip()
        self.is_ended = said != "+"
        return said

    def lines(self) -> list:
        """What was asked and told since the last time, once everybody has noticed that the server is gone."""
        from tests.crashing.client import Line

        while not self.is_ended:
            self.said()
        with self.journal.open() as file:
            file.seek(self.read)
            found = [Line(**json.loads(line)) for line in iter(file.readline, "")]
            self.read = file.tell()
        return found

    def end(self) -> None:
        self.process.stdin.close()
        self.process.wait()


class Crashing:
    def __init__(self, asked: argparse.Namespace, folder: Path, cluster):
        from django.core.management import call_command

        from tests.factories import make_country, make_document
        from visits.admin.accounts import create_first_staff
        from visits.models import Event, Topic
        from visits.ops.preparing import compile_catalogues

        self.asked, self.folder, self.cluster = asked, folder, cluster
        compile_catalogues()
        call_command("migrate", verbosity=0)
        call_command("createcachetable", verbosity=0)
        given = {
            "url": f"http://127.0.0.1:{(port := free_port())}",
            "logins": {role: [name, password] for name, password, role in create_first_staff()},
            "countries": [str(make_country(*names).pk) for names in COUNTRIES],
            "topics": [str(Topic.objects.create(slug=name.lower(), name=name).pk) for name in TOPICS],
            "documents": [str(make_document().pk) for _ in range(5)],
        }
        self.begun_at = Event.objects.latest_pk()
        self.port, self.log = port, folder / "server.log"
        warm_up()
        self.client = Client(folder / "journal", asked.seed, given)
        self.chance = random.Random(asked.seed)  # noqa: S311
        self.acknowledged, self.counts, self.failures = [], Counter(), []
        # Seconds that a write takes: the moment of the kill is anywhere in one.
        self.pace = 0.3

    def run(self) -> None:
        from tests.crashing import checks

        least, begun = -(-self.asked.writes // self.asked.rounds), time.monotonic()
        number = 0
        while number < self.asked.rounds or len(self.acknowledged) < self.asked.writes:
            if number == 3 * self.asked.rounds:
                self.failures.append("people were hindered: too few writes were acknowledged")
                break
            self.round(number, self.chance.randint(1, 2 * least - 1))
            number += 1
            if number % 20 == 0:
                print(
                    f"  {number} rounds, {len(self.acknowledged)} acknowledged, {time.monotonic() - begun:.0f} s",
                    flush=True,
                )
        self.counts["rounds"] = number
        self.check(self.acknowledged, None)
        self.failures += checks.lists()
        self.counts["seconds"] = round(time.monotonic() - begun)

    def round(self, number: int, acknowledged: int) -> None:
        from django.db import connections

        from tests.crashing import checks
        from tests.crashing.servers import Forked, Granian

        # As after a crash of the machine, nobody else has the database open: who opens it first has to repair it.
        connections.close_all()
        if self.cluster:
            # Nor does a copy of this process inherit a connection that two would then use.
            connections["default"].close_pool()
        is_real = self.asked.real and number % self.asked.real == 0
        with (Granian if is_real else Forked)(self.port, self.log) as server:
            self.counts["kills of the server that is shipped" if is_real else "kills of forked workers"] += 1
            begun = time.monotonic()
            self.client.begin()
            if self.client.until_acknowledged(acknowledged):
                self.pace = 0.9 * self.pace + 0.1 * (time.monotonic() - begun) / acknowledged
                # A site that commits late is given no time to.
                time.sleep(0 if self.asked.broken else self.chance.uniform(0, 2 * self.pace))
            if self.cluster and number % 3:
                self.cluster.kill()
                self.counts["kills of the database’s server"] += 1
            server.kill()
            lines = self.client.lines()
        if self.cluster and number % 3:
            self.cluster.start()
        done = [line for line in lines if line.told == "done"]
        self.acknowledged += done
        self.counts.update(f"acknowledged: {line.kind}" for line in done)
        refused = [
            f"{line.kind} of visit {line.visit} was refused ({line.status})" for line in lines if line.told == "refused"
        ]
        before = len(self.failures)
        self.failures += refused
        self.check(done, {line.visit for line in lines})
        if number % 10 == 0:
            self.failures += checks.lists()
        self.count_open([line for line in lines if line.told == "gone"])
        self.counts["checks"] += 1
        for failure in self.failures[before:]:
            print(f"  round {number}: {failure}", flush=True)

    def count_open(self, gone: list) -> None:
        """What nobody was told about may be there or not, but never in part: `half_done` has looked."""
        from tests.crashing import checks

        stored = checks.Stored()
        self.counts["kills during a write"] += bool(gone)
        for line in gone:
            self.counts["not acknowledged, and complete" if stored.has(line) else "not acknowledged, and absent"] += 1

    def check(self, lines: list, visits: set[int] | None) -> None:
        """What was acknowledged, and the whole register; by their words the visits of the round, at the end all."""
        from django.db import DatabaseError

        from tests.crashing import checks
        from visits.models import Visit

        if visits is None:
            visits = set(Visit.objects.values_list("pk", flat=True))
        found = (
            *(checks.whole, checks.half_done, checks.catalogue),
            *(lambda: checks.lost(lines, checks.Stored()), lambda: checks.generations(self.begun_at)),
            lambda: checks.search_rows(visits),
        )
        for each in found:
            try:
                self.failures += each()
            except DatabaseError as error:
                self.failures.append(f"{type(error).__name__}: {error}")

    def report(self) -> str:
        counts = self.counts
        kinds = {name: counts.pop(name) for name in sorted(counts) if name.startswith("acknowledged: ")}
        lost = sum(failure.startswith("LOST") for failure in self.failures)
        told = {
            "database": self.asked.database,
            "seed": self.asked.seed,
            **counts,
            "acknowledged writes": len(self.acknowledged),
            **{f"  {name.removeprefix('acknowledged: ')}": number for name, number in kinds.items()},
            "acknowledged and lost": lost,
            "other failures": len(self.failures) - lost,
        }
        return "\n".join(f"{name:<40} {value:>10}" for name, value in told.items())


def warm_up() -> None:
    """Have this process compile the templates that the forked servers need, or each of them would do it anew."""
    from django.test import Client

    from tests.factories import make_edition
    from visits.enums import State
    from visits.models import User

    staff = Client(headers={"host": "127.0.0.1"})
    staff.get("/accounts/login/")
    staff.force_login(User.objects.get(username="editor"), "django.contrib.auth.backends.ModelBackend")
    edition = make_edition(State.PUBLISHED, title="About mark0")
    pages = (f"edition/{edition.pk}/change/", "visit/add/", f"visit/{edition.visit_id}/change/")
    for page in (*pages, f"edition/{edition.pk}/withdraw/", f"translation/{edition.visit_id}/fr/"):
        assert staff.get(f"/admin/visits/{page}").status_code == 200, page


def main() -> int:
    asked = arguments()
    # Told to end, it ends its servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="cted-crash-") as folder:
        data = Path(folder, "data")
        data.mkdir()
        if asked.template:
            shutil.copy(asked.template, data / "register.sqlite3")
        with started(is_durable=True) if asked.database == "postgresql" else nullcontext() as cluster:
            os.environ |= {"DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "tests.crashing.settings"}
            os.environ.pop("DATABASE_URL", None)
            if cluster:
                os.environ["DATABASE_URL"] = cluster.url
            if asked.broken:
                os.environ["ANSWER_TOO_SOON"] = "1"
            import cted.wsgi  # noqa: F401

            crashing = Crashing(asked, Path(folder), cluster)
            try:
                crashing.run()
            finally:
                crashing.client.end()
            print(crashing.report())
    return 1 if crashing.failures else 0


if __name__ == "__main__":
    sys.exit(main())
