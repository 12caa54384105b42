"""Write what `make bench` measured last between the markers of docs/performance.md: `python -m bench.report`."""

import json
import sys

from . import ROOT, table
from .run import RESULTS

DOCUMENT = ROOT / "docs" / "performance.md"
BEGIN, END = "<!-- bench: begin -->\n", "<!-- bench: end -->\n"


def report(results: dict) -> str:
    """The table, the machine and every single reading, as Markdown."""
    lines = table.lines(results["readings"], results["sizes"])
    machine = "\n".join(f"- {name.replace('_', ' ')}: {value}" for name, value in results["machine"].items())
    raw = "\n".join(f'"{name}": {json.dumps(reading)}' for name, reading in results["readings"].items())
    sentence, _status = table.verdict(lines)
    return f"{table.markdown(lines)}\n\n{sentence}.\n\n## Machine\n\n{machine}\n\n## Readings\n\n```json\n{raw}\n```\n"


def with_report(text: str, results: dict) -> str:
    """The document with these results between its markers."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"a line {BEGIN.strip()} and after it a line {END.strip()} were expected")
    return f"{before}{BEGIN}\n{report(results)}\n{END}{after}"


def main():
    try:
        results = json.loads(RESULTS.read_text())
        DOCUMENT.write_text(with_report(DOCUMENT.read_text(encoding="utf-8"), results), encoding="utf-8")
    except (OSError, ValueError) as error:
        sys.exit(f"{DOCUMENT} stays as it is: {error}")


if __name__ == "__main__":
    main()
