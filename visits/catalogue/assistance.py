"""Assistance offered, needed and discussed, side by side for each topic."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F, Window
from django.db.models.functions import Coalesce, RowNumber

from visits.enums import Direction, FindingKind

from .filters import SORTS
from .findings import FindingCard, FindingList, card, term, through_edition, whole
from .listing import Term
from .wording import in_alphabet

# A cell shows as many of its findings and counts the others.
SHOWN = 3


@dataclass(frozen=True)
class Cell:
    direction: str
    findings: tuple[FindingCard, ...]
    more: int


@dataclass(frozen=True)
class Row:
    """A cell for each direction under one topic; None where no topic is recorded."""

    topic: Term | None
    cells: tuple[Cell, ...]


def table(listing: FindingList) -> list[Row]:
    """All assistance among the findings of this list, on whichever page: topics in their alphabet, then without."""
    cell = {"partition_by": [Coalesce("topic__replaced_by", "topic"), F("direction")]}
    place = Window(RowNumber(), order_by=through_edition(SORTS["newest"]), **cell)
    findings = listing.findings.filter(kind=FindingKind.ASSISTANCE).annotate(
        place=place, of_cell=Window(Count("pk"), **cell)
    )
    by_topic = defaultdict(lambda: defaultdict(list))
    for row in whole(findings.filter(place__lte=SHOWN)).order_by("place"):
        by_topic[row.topic and (row.topic.replaced_by or row.topic)][row.direction].append(row)
    rows = [Row(term(topic), cells_of(found)) for topic, found in by_topic.items()]
    return sorted(rows, key=lambda row: (row.topic is None, row.topic and in_alphabet(row.topic.name)))


def cells_of(found: dict) -> tuple[Cell, ...]:
    return tuple(
        Cell(str(label), tuple(map(card, rows)), rows[0].of_cell - len(rows) if rows else 0)
        for rows, label in ((found[direction], label) for direction, label in Direction.choices)
    )
