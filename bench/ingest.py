"""How well releases are read: `python -m bench.ingest DIR`, for a folder of NNN.txt with the labels NNN.json.

What is counted are items, found against labelled, summed over all documents of the folder:

- `country`: the code. `visits`: how many visits the text is about, none included.
- `dates`: the first and the last day, an item each, exactly as precise as labelled.
- `kinds`, `resolutions`, `bodies`, `mentioned_bodies`, `topics`: each member. `ordinal`, `publication_date`: the value.
- `people`: folded name and role; of somebody without a name, title and role. Of those found right, `person_title` and
  `person_organisation` tell in how many the folded title or organisation agrees too.
- `findings`: as many of a kind as both sides have in common. Statements are not labelled and are left out.

What is empty is no item, so two empty values count as nothing. Precision is the share of the items found that are
labelled, recall the share of those labelled that were found; without any item of the kind either is left open. A label
is an object, or for a tour a list of them: visits are matched by country, those left on both sides in their order.

A text without a label is left out. With --show each missing (-) and needless (+) item is told, with --json the scores
are one object. The vocabularies are those of fixtures/, whatever the register at hand holds.
"""

import argparse
import hashlib
import io
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Started as `python bench/ingest.py` it finds the register too.
sys.path[:0] = [] if __package__ else [str(ROOT)]

from visits.text.fold import fold  # noqa: E402

FIELDS = (
    "country", "visits", "dates", "kinds", "ordinal", "resolutions", "bodies", "mentioned_bodies", "people",
    "person_title", "person_organisation", "topics", "findings", "publication_date",
)  # fmt: skip
SETS = ("kinds", "resolutions", "bodies", "mentioned_bodies", "topics")
SINGLE = ("country", "ordinal", "publication_date")
STATEMENT = "statement"
DATABASES = ROOT / "var" / "bench" / "ingest"

Items = dict[str, Counter]


@dataclass
class Tally:
    """Items found rightly, found needlessly, and missed."""

    right: int = 0
    needless: int = 0
    missed: int = 0

    def add(self, found: Counter, labelled: Counter) -> None:
        self.right += (found & labelled).total()
        self.needless += (found - labelled).total()
        self.missed += (labelled - found).total()

    @property
    def precision(self) -> float | None:
        return share(self.right, self.right + self.needless)

    @property
    def recall(self) -> float | None:
        return share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float | None:
        return share(2 * self.right, 2 * self.right + self.needless + self.missed)


@dataclass
class Score:
    """Of a folder: a tally for each field, the seconds that each document took, and its errors as lines."""

    tallies: dict[str, Tally] = field(default_factory=lambda: {name: Tally() for name in FIELDS})
    seconds: dict[str, float] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, document: str, found: list[dict], labelled: list[dict]) -> None:
        self.count(document, "visits", Counter([visits(found)]), Counter([visits(labelled)]))
        for ours, theirs in pairs(found, labelled):
            left, right = items(ours), items(theirs)
            for name in left:
                self.count(document, name, left[name], right[name])
            for ours_of_them, theirs_of_them in same_people(ours, theirs):
                for part in ("title", "organisation"):
                    both = (Counter(filter(None, [fold(person[part])])) for person in (ours_of_them, theirs_of_them))
                    self.count(document, f"person_{part}", *both)

    def count(self, document: str, name: str, found: Counter, labelled: Counter) -> None:
        self.tallies[name].add(found, labelled)
        self.errors[document] += [f"- {name}: {item}" for item in sorted(map(told, (labelled - found).elements()))]
        self.errors[document] += [f"+ {name}: {item}" for item in sorted(map(told, (found - labelled).elements()))]

    def as_object(self) -> dict:
        fields = {
            name: {
                "precision": tally.precision,
                "recall": tally.recall,
                "f1": tally.f1,
                "right": tally.right,
                "needless": tally.needless,
                "missed": tally.missed,
            }
            for name, tally in self.tallies.items()
        }
        return {"documents": len(self.seconds), "fields": fields, "seconds": self.seconds, "errors": dict(self.errors)}


def share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def visits(objects: list[dict]) -> int:
    return objects[0].get("visits", len(objects)) if objects else 0


def pairs(found: list[dict], labelled: list[dict]) -> Iterable[tuple[dict, dict]]:
    """Each visit found beside the one it should be, {} where the other side has none."""
    found, labelled = ([visit for visit in side if visit.get("visits") != 0] for side in (found, labelled))
    for ours in list(found):
        same = next((visit for visit in labelled if visit.get("country") == ours.get("country")), None)
        if same is not None:
            found.remove(ours)
            labelled.remove(same)
            yield ours, same
    for place in range(max(len(found), len(labelled))):
        yield (found[place] if place < len(found) else {}, labelled[place] if place < len(labelled) else {})


def items(visit: dict) -> Items:
    single = {name: Counter(present([visit.get(name)])) for name in SINGLE}
    several = {name: Counter(set(visit.get(name, ()))) for name in SETS}
    days = Counter((bound, visit[bound]) for bound in ("start", "end") if visit.get(bound))
    kinds = Counter(finding["kind"] for finding in visit.get("findings", ()) if finding["kind"] != STATEMENT)
    return single | several | {"dates": days, "findings": kinds, "people": Counter(people(visit).keys())}


def present(values: Iterable) -> list:
    return [value for value in values if value not in ("", None)]


def people(visit: dict) -> dict[Hashable, dict]:
    """By what somebody is known: the later of two of the same name and role is not a second person."""
    return {(fold(person["name"] or person["title"]), person["role"]): person for person in visit.get("people", ())}


def same_people(found: dict, labelled: dict) -> Iterable[tuple[dict, dict]]:
    ours, theirs = people(found), people(labelled)
    return [(ours[key], theirs[key]) for key in theirs if key in ours]


def told(item: Hashable) -> str:
    return ", ".join(map(str, item)) if isinstance(item, tuple) else str(item)


def score(folder: Path, read: Callable[[str, bytes], list[dict]]) -> Score:
    """The score of all labelled texts in `folder`. `read` takes a name and bytes and gives an object for each visit."""
    result = Score()
    for path in sorted(folder.glob("*.json")):
        labelled = json.loads(path.read_text(encoding="utf-8"))
        source = path.with_suffix(".txt")
        begun = time.perf_counter()
        found = read(source.name, source.read_bytes())
        result.seconds[path.stem] = time.perf_counter() - begun
        result.add(path.stem, found, labelled if isinstance(labelled, list) else [labelled])
    return result


def table(result: Score) -> str:
    lines = [f"{'field':20} precision  recall      F1  right  needless  missed"]
    for name, tally in result.tallies.items():
        shares = "  ".join(
            f"{value:>{width}.3f}" if value is not None else f"{'–':>{width}}"
            for value, width in ((tally.precision, 9), (tally.recall, 6), (tally.f1, 6))
        )
        lines.append(f"{name:20} {shares}  {tally.right:5}  {tally.needless:8}  {tally.missed:6}")
    if taken := result.seconds.values():
        lines.append(
            f"{len(taken)} documents, {sum(taken) / len(taken):.3f} s each, {max(taken):.3f} s at most, "
            "starting and loading vocabularies left out"
        )
    return "\n".join(lines)


def shown(result: Score) -> str:
    return "\n".join(
        f"{document}\n" + "\n".join(f"  {line}" for line in lines) for document, lines in result.errors.items() if lines
    )


def prepare() -> None:
    """Set Django up on a database that holds the vocabularies of fixtures/ and nothing else, made once for each state
    of them."""
    sources = sorted((*ROOT.glob("visits/migrations/*.py"), *ROOT.glob("fixtures/reference/*.json")))
    state = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:16]
    made = DATABASES / f"{state}.sqlite3"
    making = DATABASES / f"{state}.{os.getpid()}.sqlite3"
    DATABASES.mkdir(parents=True, exist_ok=True)
    os.environ["DATABASE_URL"] = f"sqlite:///{made if made.exists() else making}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cted.settings")

    import django

    django.setup()
    if made.exists():
        return
    from django.core.management import call_command
    from django.db import connection

    from visits.management.commands.load_register import REFERENCE

    call_command("migrate", verbosity=0)
    call_command("load_register", *map(str, REFERENCE), stdout=io.StringIO())
    connection.close()
    # Finished or not there: a run that was broken off leaves nothing to be taken for whole.
    making.rename(made)
    connection.settings_dict["NAME"] = str(made)


def read(name: str, data: bytes) -> list[dict]:
    """What `manage.py ingest --json` says of a file."""
    from visits.ingest import batch

    return batch.objects_of(name, *batch.read_and_propose(name, data))


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.ingest", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--json", action="store_true", help="the scores as one JSON object")
    parser.add_argument("--show", action="store_true", help="missing (-) and needless (+) items of each document")
    options = parser.parse_args()
    if not any(options.folder.glob("*.json")):
        parser.error(f"there is no label NNN.json in {options.folder}")
    prepare()
    from visits.extraction import vocabulary

    vocabulary.load()
    result = score(options.folder, read)
    if options.json:
        print(json.dumps(result.as_object(), ensure_ascii=False))
    else:
        print("\n\n".join(filter(None, [shown(result) if options.show else "", table(result)])))


if __name__ == "__main__":
    main()
