"""The rows of design.md, section 9, that this measures, and the table that says how each stands."""

from collections.abc import Callable
from dataclasses import dataclass

DEFAULT = "default"


@dataclass(frozen=True)
class Row:
    """`value` takes the readings of a register and those of the smallest one, and raises KeyError without them.

    `at`: measured at `every` size, at the `largest` one, at some, or with the `default` register.
    """

    what: str
    # None where no budget was set: the row is told all the same.
    limit: float | None
    value: Callable[[dict, dict], float]
    raw: Callable[[dict], str]
    is_least: bool = False
    unit: str = ""
    at: str | tuple[int, ...] = "every"

    @property
    def budget(self) -> str:
        if self.limit is None:
            return "none set"
        return f"{'≥' if self.is_least else '≤'} {self.limit:g}{self.unit}"

    def is_met(self, value: float) -> bool:
        if self.limit is None:
            return True
        return value >= self.limit if self.is_least else value <= self.limit


def against(ours: str, theirs: str, unit: str) -> dict:
    """A ratio of two pages. Beside it, what the workers worked for an answer: no other work of the machine is in it."""
    is_least = unit == "per_second"
    shown, worked = ("{:,.0f} a second", "worked_ms") if is_least else ("{:.2f} ms", "processor_ms")

    def raw(here: dict) -> str:
        pages = [here[name] for name in (ours, theirs)]
        work = [min(one[worked] for one in page["every"] if worked in one) for page in pages]
        told = " to ".join(shown.format(page[unit]) for page in pages)
        return f"{told} (work: {work[0]:.2f} to {work[1]:.2f} ms)"

    def value(here: dict, smallest: dict) -> float:
        return here[ours][unit] / here[theirs][unit]

    return {"value": value, "raw": raw, "is_least": is_least, "unit": " ×"}


def per_second(ours: str, theirs: str) -> dict:
    return against(ours, theirs, "per_second")


def latency(ours: str) -> dict:
    return against(ours, "floor", "ms")


def number(name: str, unit: str = "") -> dict:
    return {"value": lambda here, smallest: here[name], "raw": lambda here: f"{here[name]:.3g}{unit}", "unit": unit}


def memory(**where) -> dict:
    return {
        "value": lambda here, smallest: max(here["memory"]["pss"]),
        "raw": lambda here: "PSS " + " and ".join(f"{size:.0f}" for size in here["memory"]["pss"]) + " MB",
        "unit": " MB",
    } | where


def of_csv(name: str, raw: str, **budget) -> dict:
    value = {"value": lambda here, smallest: here["csv"][name], "raw": lambda here: raw.format(**here["csv"])}
    return value | {"at": (1000, 100_000)} | budget


ROWS = (
    Row("Page from the cache, against F", 2.5, **per_second("cached", "floor")),
    Row("Page from the cache, against N", 0.35, **per_second("cached", "static")),
    Row("Conditional GET of an unchanged page, against F", 3, **per_second("unchanged", "floor")),
    Row("List with every facet, not cached, against F", 12, **latency("list")),
    Row(
        "List with every facet, not cached, against the smallest register",
        2,
        lambda here, smallest: here["list"]["ms"] / smallest["list"]["ms"],
        lambda here: f"{here['list']['ms']:.2f} ms",
        unit=" ×",
        at="largest",
    ),
    Row("List, not cached: queries", 12, **number("list_queries")),
    Row("Counts of all facets, 1 to 3 filters, in the process", 5, **number("counts_ms", " ms")),
    Row("Ranked search of two common words with facets, against F", 60, **latency("search")),
    Row("Page of a visit, not cached, against F", 8, **latency("visit")),
    Row("Page of a visit, not cached: queries", 14, **number("visit_queries")),
    Row("List of visits in the admin, against F", None, **latency("desk")),
    Row("List of visits in the admin: queries", 10, **number("desk_queries")),
    Row(
        "CSV of the whole list, as the server streams it: rows a second",
        20_000,
        **of_csv("rows_per_second", "{rows_per_second:,} a second (work: {worked_us} µs a row)", is_least=True),
    ),
    Row("Memory of a worker while it streams that CSV", 150, **of_csv("rss", "RSS {rss:.0f} MB", unit=" MB")),
    Row("Memory of a worker, default register", 120, **memory(at=DEFAULT)),
    Row("Memory of a worker", 400, **memory()),
    Row(
        "Growth of a worker over many requests",
        5,
        lambda here, smallest: here["growth"]["mb"],
        lambda here: "{mb:+.1f} MB over {requests:,} requests".format(**here["growth"]),
        unit=" MB",
        at="largest",
    ),
    Row(
        "Performance by Lighthouse, the worst of five pages on a phone",
        98,
        lambda here, smallest: min(here["performance"].values()),
        lambda here: ", ".join(f"{name} {marks}" for name, marks in here["performance"].items()),
        is_least=True,
        at=DEFAULT,
    ),
)


@dataclass(frozen=True)
class Line:
    what: str
    register: str
    budget: str
    measured: str
    value: str
    result: str


def lines(readings: dict[str, dict], sizes: list[int]) -> list[Line]:
    """A line for each row and each register that it is to be measured with, whether or not it was."""
    smallest = readings.get(str(min(sizes)), {})
    registers = {"every": sizes, "largest": [max(sizes)], DEFAULT: [DEFAULT]}
    return [
        line(row, at, readings.get(str(at), {}), smallest)
        for row in ROWS
        for at in registers.get(row.at) or [size for size in sizes if size in row.at]
    ]


def line(row: Row, at, here: dict, smallest: dict) -> Line:
    register = at if at == DEFAULT else f"{at:,}"
    try:
        value, raw = row.value(here, smallest), row.raw(here)
    except KeyError:
        return Line(row.what, register, row.budget, "", "", "missing")
    return Line(row.what, register, row.budget, raw, f"{value:.3g}{row.unit}", "pass" if row.is_met(value) else "miss")


def markdown(table: list[Line]) -> str:
    head = ["| what | visits | budget | measured | value | result |", "|---|--:|--:|--:|--:|---|"]
    body = [
        f"| {line.what} | {line.register} | {line.budget} | {line.measured} | {line.value} | {line.result} |"
        for line in table
    ]
    return "\n".join([*head, *body])


def verdict(table: list[Line]) -> tuple[str, int]:
    """What the table comes to, and the exit status: a row that was not measured is a failure of the bench itself."""
    counts = {result: [line for line in table if line.result == result] for result in ("pass", "miss", "missing")}
    sentence = f"{len(counts['pass'])} rows within their budget, {len(counts['miss'])} outside"
    if counts["missing"]:
        names = "; ".join(dict.fromkeys(line.what for line in counts["missing"]))
        return f"{sentence}, {len(counts['missing'])} missing: {names}", 1
    return sentence, 0
