"""The blocks of a page that somebody types, word for word."""

import re
import textwrap
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Block:
    # Of the nearest heading above.
    chapter: str
    # Which of the blocks of this chapter, from 1.
    number: int
    marks: frozenset[str]
    text: str
    line: int = field(compare=False)

    @property
    def place(self) -> tuple[str, int]:
        return self.chapter, self.number


FENCE = re.compile(r"^(?P<indent> *)```sh(?P<marks>[^\n]*)\n(?P<text>.*?)\n(?P=indent)```$", re.M | re.S)
HEADING = re.compile(r"^#+ (.+)$", re.M)
MARKS = frozenset({"names", "repository", "network", "world", "postgresql", "asks"})


def blocks(path: Path) -> list[Block]:
    page = path.read_text(encoding="utf-8")
    fenced = list(FENCE.finditer(page))
    inside = [match.span() for match in fenced]
    headings = [
        (match.start(), match[1])
        for match in HEADING.finditer(page)
        if not any(begin < match.start() < end for begin, end in inside)
    ]
    found: list[Block] = []
    for match in fenced:
        chapter = [name for start, name in headings if start < match.start()][-1]
        marks = frozenset(match["marks"].split())
        if unknown := marks - MARKS:
            raise ValueError(f"{path.name}: nobody knows what a block marked {', '.join(unknown)} is.")
        number = 1 + sum(block.chapter == chapter for block in found)
        line = page.count("\n", 0, match.start()) + 1
        found.append(Block(chapter, number, marks, textwrap.dedent(match["text"]), line))
    return found
