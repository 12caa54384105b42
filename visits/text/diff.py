"""Word-level comparison of two texts."""

import difflib
import re
from dataclasses import dataclass

from .fold import CHINESE

# Chinese is written without spaces: each character is a word. Arabic and Latin marks belong to their letter.
MARKS = r"\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670"
TOKENS = re.compile(rf"\s+|[{CHINESE}]|(?:[^\W{CHINESE}]|[{MARKS}])+|[^\w\s]")


@dataclass(frozen=True)
class Run:
    """A stretch of text that is the `same` in both, `added` in the new one or `removed` from the old one."""

    op: str
    text: str


def words(old: str, new: str) -> list[Run]:
    """How `old` became `new`. Joining the runs that are not `added` gives `old`, not `removed` gives `new`."""
    before, after = TOKENS.findall(old), TOKENS.findall(new)
    # The matcher passes over words that are frequent in a long text; what both ends share must not depend on that.
    head = shared(before, after)
    tail = shared(before[head:][::-1], after[head:][::-1])
    middle_before, middle_after = before[head : len(before) - tail], after[head : len(after) - tail]
    runs = [Run("same", "".join(before[:head]))]
    matcher = difflib.SequenceMatcher(None, middle_before, middle_after)
    for op, old_from, old_to, new_from, new_to in matcher.get_opcodes():
        if op == "equal":
            runs.append(Run("same", "".join(middle_before[old_from:old_to])))
            continue
        runs.append(Run("removed", "".join(middle_before[old_from:old_to])))
        runs.append(Run("added", "".join(middle_after[new_from:new_to])))
    runs.append(Run("same", "".join(before[len(before) - tail :])))
    return [run for run in runs if run.text]


def shared(one: list[str], other: list[str]) -> int:
    """How many words both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (ours, theirs) in pairs if ours != theirs), min(len(one), len(other)))
