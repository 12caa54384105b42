"""People at the admin, who note down what they were told before they go on: `python -m tests.crashing.client`.

It knows nothing of the application but its pages. On each line that comes in, authors and editors write until the
server is gone; each acknowledgement is on the disk before it is told to whoever started this.
"""

import http.client
import json
import os
import random
import re
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.forms import Fields
from tests.live import Visitor

# Authors that write at the same time, each with an editor who reads their work.
PAIRS = 2
GONE = (OSError, http.client.HTTPException)
LANGUAGE = "fr"
# An edition's page leads to its visit.
VISIT = re.compile(r"/admin/visits/visit/(\d+)/change/")


class Ended(Exception):
    """The server is gone, or no longer answers as it should."""


@dataclass(frozen=True)
class Line:
    """`mark`: a word that this write alone puts into the register. `told`: asked, done, gone or refused."""

    number: int
    kind: str
    visit: int
    edition: int
    mark: str
    told: str
    status: int = 0


class Journal:
    """What was asked, and what came of it, in a file."""

    def __init__(self, path: Path, seed: str):
        self.file, self.lock, self.number, self.seed = path.open("a"), threading.Lock(), 0, seed

    def next(self) -> tuple[int, str]:
        with self.lock:
            self.number += 1
            return self.number, f"mark{self.seed}x{self.number}"

    def write(self, line: Line) -> None:
        with self.lock:
            self.file.write(json.dumps(asdict(line)) + "\n")
            self.file.flush()
            if line.told == "done":
                os.fsync(self.file.fileno())
                print("+", flush=True)


class Pair:
    """An author and an editor at work on one visit after the other."""

    def __init__(self, url: str, logins: dict, journal: Journal, chance: random.Random, given: dict):
        self.author, self.editor = Visitor(url), Visitor(url)
        self.logins, self.journal, self.chance, self.given = logins, journal, chance, given
        self.is_signed_in, self.visit = False, 0
        # Published visits of which nothing is unknown: (visit, edition).
        self.known: list[tuple[int, int]] = []

    def work(self) -> None:
        try:
            if not self.is_signed_in:
                for person, role in ((self.author, "author"), (self.editor, "editor")):
                    if person.sign_in(*self.logins[role]).status != 302:
                        raise Ended
                self.is_signed_in = True
            while True:
                self.take_one()
        except (Ended, *GONE):
            return

    def take_one(self) -> None:
        """From a draft to its publication, or something that befalls what is published."""
        if not self.known or self.chance.random() < 0.4:
            edition = self.start()
            visit = self.fill(edition)
            self.review(visit, edition)
            return self.known.append((visit, edition))
        # It is known again once everything was acknowledged.
        visit, edition = self.known.pop(self.chance.randrange(len(self.known)))
        fate = self.chance.choice(["revise", "revise", "revise", "translate", "note", "discard", "withdraw"])
        edition = getattr(self, fate)(visit, edition)
        if edition:
            self.known.append((visit, edition))
        return None

    def start(self) -> int:
        typed = {"country": self.chance.choice(self.given["countries"])}
        answer = self.write("start", 0, 0, self.author, "/admin/visits/visit/add/", typed, "internal_notes")
        return int(re.search(r"/edition/(\d+)/", answer.headers["location"])[1])

    def fill(self, edition: int) -> int:
        """The visit that it is of."""
        day = f"{self.chance.randint(2005, 2024)}-0{self.chance.randint(1, 9)}-11"
        typed = {
            "summary": "What the visit was about.",
            **row("segments", modality="on-site", start=day, end=day),
            **row("kinds", kind=self.chance.choice(["initial", "follow-up", "focused"])),
            **row("focuses", topic=self.chance.choice(self.given["topics"]), role="focus"),
            **row("documentlinks", document=self.chance.choice(self.given["documents"])),
        }
        return self.save(0, edition, typed)

    def save(self, visit: int, edition: int, typed: dict) -> int:
        page = f"/admin/visits/edition/{edition}/change/"
        self.write("save", visit, edition, self.author, page, typed | {"_continue": "1"}, "title")
        return self.visit

    def review(self, visit: int, edition: int) -> None:
        self.step("submit", visit, edition, self.author)
        if self.chance.random() < 0.25:
            self.step("send-back", visit, edition, self.editor)
            self.step("submit", visit, edition, self.author)
        if self.chance.random() < 0.25:
            self.step("claim", visit, edition, self.editor)
        self.step("publish", visit, edition, self.editor)

    def revise(self, visit: int, edition: int) -> int:
        fresh = self.reopen(visit, edition)
        self.save(visit, fresh, {"change_note": "Corrected."})
        self.review(visit, fresh)
        return fresh

    def reopen(self, visit: int, edition: int) -> int:
        answer = self.step("new-edition", visit, edition, self.author)
        return int(re.search(r"/edition/(\d+)/", answer.headers["location"])[1])

    def discard(self, visit: int, edition: int) -> int:
        self.step("discard", visit, self.reopen(visit, edition), self.author)
        return edition

    def withdraw(self, visit: int, edition: int) -> None:
        self.step("withdraw", visit, edition, self.editor)

    def note(self, visit: int, edition: int) -> int:
        page = f"/admin/visits/visit/{visit}/change/"
        self.write("note", visit, 0, self.author, page, {"_continue": "1"}, "internal_notes")
        return edition

    def translate(self, visit: int, edition: int) -> int:
        desk = f"/admin/visits/translation/{visit}/{LANGUAGE}/"
        self.write("translate", visit, edition, self.author, desk, {}, ".title")
        self.write("submit translation", visit, edition, self.author, f"{desk}submit/", {}, "note")
        self.write("review translation", visit, edition, self.editor, f"{desk}review/", {}, "note")
        return edition

    def step(self, verb: str, visit: int, edition: int, person: Visitor):
        return self.write(verb, visit, edition, person, f"/admin/visits/edition/{edition}/{verb}/", {}, "note")

    def write(self, kind: str, visit: int, edition: int, person: Visitor, path: str, typed: dict, marked: str):
        """Open the page, fill it in with the mark in the field of that name, and send it."""
        page = self.read(person, path).text
        values = Fields(page).values | typed
        if not visit and (linked := VISIT.search(page)):
            visit = int(linked[1])
        self.visit = visit
        number, mark = self.journal.next()
        values[next((name for name in values if name.endswith(marked)), marked)] = f"About {mark}"
        told = self.journal.write
        told(Line(number, kind, visit, edition, mark, "asked"))
        try:
            answer = person.get(path, list(pairs(values)))
        except GONE:
            told(Line(number, kind, visit, edition, mark, "gone"))
            raise
        if answer.status == 302 and "location" in answer.headers:
            told(Line(number, kind, visit, edition, mark, "done", 302))
            return answer
        # A server that is killed while it answers leaves half a head.
        is_gone = answer.status >= 500 or answer.status == 302
        told(Line(number, kind, visit, edition, mark, "gone" if is_gone else "refused", answer.status))
        raise Ended

    def read(self, person: Visitor, path: str):
        answer = person.get(path)
        if answer.status != 200:
            print(f"{path} answered {answer.status}", file=sys.stderr, flush=True)
            raise Ended
        return answer


def row(prefix: str, **typed) -> dict[str, str]:
    """The first row of a form set that has none."""
    return {f"{prefix}-TOTAL_FORMS": "1"} | {f"{prefix}-0-{name}": value for name, value in typed.items()}


def pairs(values: dict):
    for name, value in values.items():
        if name and "__prefix__" not in name:
            yield from ((name, each) for each in (value if isinstance(value, list) else [value]))


def main(journal: str, seed: str, given: str) -> None:
    given = json.loads(given)
    notes = Journal(Path(journal), seed)
    people = [
        Pair(given["url"], given["logins"], notes, random.Random(f"{seed} {number}"), given)  # noqa: S311
        for number in range(PAIRS)
    ]
    for _round in sys.stdin:
        working = [threading.Thread(target=pair.work) for pair in people]
        for each in working:
            each.start()
        for each in working:
            each.join()
        print("ended", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
