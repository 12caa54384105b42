"""Assistance offered, needed and discussed, side by side for each topic."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F, Window
from django.db.models.functions import Coalesce, RowNumber

from visits.enums import Direction, FindingKind
from visits.models import Finding

from .cards import Term, term
from .findings import FindingCard, FindingList, cards, in_order, whole
from .wording import in_alphabet

# A cell shows as many of its findings, the whole table no more than fit into a page; the others are counted.
SHOWN, MOST = 3, 24


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
    newest, topic = in_order(), Coalesce("topic__replaced_by", "topic")
    cell = {"partition_by": [topic, F("direction")]}
    # Ranked by their keys alone: sorting whole rows, of which few are shown, takes several times as long.
    ranked = listing.findings.filter(kind=FindingKind.ASSISTANCE).annotate(
        place=Window(RowNumber(), order_by=newest, **cell), of_cell=Window(Count("pk"), **cell), under=topic
    )
    in_turn = ranked.filter(place__lte=SHOWN).order_by("place", *newest)
    sizes, shown = defaultdict(dict), []
    for pk, topic, direction, size in in_turn.values_list("pk", "under", "direction", "of_cell"):
        sizes[topic][direction] = size
        shown.append(pk)
    findings = list(whole(Finding.objects.filter(pk__in=shown[:MOST])).order_by(*newest))
    found = defaultdict(list)
    for row, card in zip(findings, cards(findings), strict=True):
        found[row.topic and (row.topic.replaced_by_id or row.topic_id), row.direction].append(card)
    rows = [
        Row(
            term("topic", topic) if topic else None,
            tuple(
                Cell(str(label), tuple(found[topic, direction]), size.get(direction, 0) - len(found[topic, direction]))
                for direction, label in Direction.choices
            ),
        )
        for topic, size in sizes.items()
    ]
    return sorted(rows, key=lambda row: (row.topic is None, row.topic and in_alphabet(row.topic.name)))
