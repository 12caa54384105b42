"""Assistance offered, needed and discussed, side by side for each topic."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F, Window
from django.db.models.functions import Coalesce, RowNumber

from visits.enums import Direction, FindingKind
from visits.models import Finding

from .cards import Term
from .findings import FindingCard, FindingList, cards, in_order, term, whole
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
    newest = in_order()
    cell = {"partition_by": [Coalesce("topic__replaced_by", "topic"), F("direction")]}
    ranked = listing.findings.filter(kind=FindingKind.ASSISTANCE).annotate(
        place=Window(RowNumber(), order_by=newest, **cell), of_cell=Window(Count("pk"), **cell)
    )
    # Ranked by their keys alone: sorting whole rows, of which few are shown, takes several times as long.
    sizes = dict(ranked.filter(place__lte=SHOWN).values_list("pk", "of_cell"))
    by_topic = defaultdict(lambda: defaultdict(list))
    findings = list(whole(Finding.objects.filter(pk__in=sizes)).order_by(*newest))
    for row, card in zip(findings, cards(findings), strict=True):
        by_topic[row.topic and (row.topic.replaced_by or row.topic)][row.direction].append((card, sizes[row.pk]))
    rows = [Row(term(topic), cells_of(found)) for topic, found in by_topic.items()]
    return sorted(rows, key=lambda row: (row.topic is None, row.topic and in_alphabet(row.topic.name)))


def cells_of(found: dict[str, list[tuple[FindingCard, int]]]) -> tuple[Cell, ...]:
    """Beside each finding stands how many its cell has."""
    return tuple(
        Cell(str(label), tuple(card for card, _size in shown), shown[0][1] - len(shown) if shown else 0)
        for shown, label in ((found[direction], label) for direction, label in Direction.choices)
    )
