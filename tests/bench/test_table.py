"""The table of the bench: it says how every row stands, and fails where one was not measured."""

import pytest

from bench import table
from bench.report import BEGIN, END, with_report

PAGE = {"per_second": 10_000, "ms": 1.0, "processor_ms": 1.0, "every": [{"worked_ms": 0.1, "processor_ms": 1.0}]}


def readings(**changes) -> dict:
    """What one size and the default register gave: every row within its budget but for the changes."""
    pages = dict.fromkeys(("floor", "static", "cached", "unchanged", "list", "search", "visit", "desk"), PAGE)
    counts = {"list_queries": 12, "visit_queries": 14, "desk_queries": 10, "counts_ms": 4.9}
    memory = {"memory": {"pss": [60.0, 61.0]}}
    others = {"growth": {"mb": 0.1, "requests": 20}, "csv": {"rows_per_second": 20_000, "worked_us": 50.0, "rss": 150}}
    size = pages | {"floor": PAGE | {"per_second": 2000}} | counts | memory | others
    default = memory | {"performance": {"home": 100, "list": 98}}
    return {"default": default, "1000": {name: value for name, value in (size | changes).items() if value is not None}}


def outcome(found: dict, sizes=(1000,)) -> tuple[dict, str, int]:
    lines = table.lines(found, list(sizes))
    return {line.what: line.result for line in lines}, *table.verdict(lines)


def test_all_rows_within_their_budget_are_a_success():
    results, sentence, status = outcome(readings())

    assert set(results.values()) == {"pass"}
    assert (sentence, status) == (f"{len(table.ROWS)} rows within their budget, 0 outside", 0)


def test_a_row_outside_its_budget_is_told():
    results, sentence, status = outcome(readings(visit=PAGE | {"ms": 8.1}))

    assert results["Page of a visit, not cached, against F"] == "miss"
    assert "1 outside" in sentence
    assert status == 0


@pytest.mark.parametrize(
    "name", ["cached", "static", "search", "counts_ms", "visit_queries", "memory", "growth", "csv"]
)
def test_a_row_that_was_not_measured_is_a_failure(name):
    results, sentence, status = outcome(readings(**{name: None}))

    missing = [what for what, result in results.items() if result == "missing"]
    assert status == 1
    assert missing
    assert all(what in sentence for what in missing)


def test_a_row_without_a_budget_is_told_and_never_missed():
    lines = table.lines(readings(desk=PAGE | {"ms": 99.0}), [1000])

    line = next(line for line in lines if line.what == "List of visits in the admin, against F")
    assert (line.budget, line.value, line.result) == ("none set", "99 ×", "pass")


def test_a_row_of_some_sizes_is_measured_at_those():
    lines = table.lines(readings(), [1000, 10_000, 100_000])

    assert [line.register for line in lines if line.what.startswith("CSV of")] == ["1,000", "100,000"]


def test_a_size_that_was_not_measured_is_a_failure():
    _results, sentence, status = outcome(readings(), sizes=(1000, 10_000))

    assert status == 1
    assert "Ranked search" in sentence


def test_the_report_stands_between_the_markers_of_its_document():
    results = {"sizes": [1000], "machine": {"commit": "abc"}, "readings": readings()}

    text = with_report(f"Above\n{BEGIN}old\n{END}below\n", results)

    assert text.startswith(f"Above\n{BEGIN}")
    assert text.endswith(f"{END}below\n")
    assert "old" not in text
    assert "- commit: abc" in text
    assert '"visit_queries": 14' in text


def test_a_document_without_markers_is_left_alone():
    with pytest.raises(ValueError, match="bench: begin"):
        with_report("Nothing to replace", {"sizes": [1000], "machine": {}, "readings": readings()})
