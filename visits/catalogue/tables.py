"""The register in numbers: each is the size of a set of visits and comes with the query that lists exactly these."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from math import ceil
from urllib.parse import urlencode

from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from visits.enums import ASSESSMENT_KINDS, Assessment, KindOfVisit

from . import facets, terms
from .facets import NONE, Index
from .vocabulary import key_of
from .wording import Text, in_alphabet, name_of

STEPS = 5


@dataclass(frozen=True)
class Cell:
    """How many visits `query` finds. `step`: up to STEPS for the largest number of a table, 0 for what has no shade."""

    visits: int
    query: str
    step: int = 0


@dataclass(frozen=True)
class Row:
    """A value of a filter. `share`: per cent of all visits; `depth`: how many of the rows above it is a part of;
    `cells`: its visits in each column of a matrix; `first` and `last`: the years that these visits lie between."""

    group: str
    key: str
    short: str
    name: Text
    total: Cell
    share: float
    depth: int = 0
    cells: tuple[Cell, ...] = ()
    first: str = ""
    last: str = ""

    @property
    def is_recorded(self) -> bool:
        return self.key != NONE


@dataclass(frozen=True)
class Matrix:
    """Each value of one filter with each of another. `steps`: of each shade, the numbers that it stands for."""

    columns: Sequence[Row]
    rows: Sequence[Row]
    steps: Sequence[tuple[int, int, int]]


@dataclass(frozen=True)
class Tables:
    """What no visit has is left out, but for years that lie between those of visits."""

    visits: int
    years: Sequence[Row]
    regions: Sequence[Row]
    kinds: Sequence[Row]
    topics: Matrix
    resolutions: Matrix
    bodies: Sequence[Row]


def tables() -> Tables:
    """Everything published, counted; named in the active language."""
    index = facets.current(wait=True)
    years, regions = list(years_of(index)), in_use(regions_below(index))
    continents = [row for row in regions if not row.depth]
    return Tables(
        visits=len(index.visits),
        years=years,
        regions=regions,
        kinds=in_use(kinds_of(index)),
        topics=matrix(index, rows_of(index, terms.TOPICS), years),
        resolutions=matrix(index, rows_of(index, terms.RESOLUTIONS), continents),
        bodies=[with_years(index, row, years) for row in rows_of(index, terms.BODIES)],
    )


def cell(index: Index, **chosen: str) -> Cell:
    # As a list answers the same query, so that the two cannot differ.
    return Cell(len(index.found({group: [value] for group, value in chosen.items()})), "?" + urlencode(chosen))


def row_of(index: Index, group: str, key: str, name: Text | str = "", short: str = "", depth: int = 0) -> Row:
    total = cell(index, **{group: key})
    named = name if isinstance(name, Text) else Text(name or _("Not recorded"), get_language())
    return Row(group, key, short, named, total, 100 * total.visits / max(1, len(index.visits)), depth)


def in_use(rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if row.total.visits]


def years_of(index: Index) -> Iterator[Row]:
    years = [int(year) for year in index.sets["year"] if year != NONE]
    between = range(min(years), max(years) + 1) if years else ()
    yield from (row_of(index, "year", str(year), str(year)) for year in between)
    yield from in_use([row_of(index, "year", NONE)])


def regions_below(index: Index, parent: int | None = None, depth: int = 0) -> Iterator[Row]:
    """The parts of a region, or of the world, each followed by its own."""
    parts = [region for region in index.vocabulary.rows["region"] if region.parent_id == parent]
    for region in sorted(parts, key=lambda region: in_alphabet(name_of(region))):
        yield row_of(index, "region", region.slug, name_of(region), depth=depth)
        yield from regions_below(index, region.pk, depth + 1)
    if parent is None:
        yield row_of(index, "region", NONE)


def kinds_of(index: Index) -> Iterator[Row]:
    """As the counting rule has them: kinds of assessment visits, other kinds, nothing recorded."""
    others = [kind for kind in KindOfVisit if kind not in ASSESSMENT_KINDS]
    for assessment, kinds in ((Assessment.YES, ASSESSMENT_KINDS), (Assessment.NO, others), (Assessment.UNKNOWN, ())):
        yield row_of(index, "assessment", assessment.value, capfirst(str(assessment.label)))
        yield from (row_of(index, "kind", kind.value, capfirst(str(kind.label)), depth=1) for kind in kinds)


def rows_of(index: Index, vocabulary: terms.Vocabulary) -> list[Row]:
    """The terms that visits have, most visits first; at the end the visits without any."""
    group = vocabulary.parameter
    offered = [term for term in index.vocabulary.rows[group] if key_of(term) in index.offered[group]]
    rows = [row_of(index, group, key_of(term), vocabulary.name(term), terms.short_form(term)) for term in offered]
    rows.sort(key=lambda row: (-row.total.visits, in_alphabet(row.short or row.name)))
    return in_use([*rows, row_of(index, group, NONE)])


def with_years(index: Index, row: Row, years: Sequence[Row]) -> Row:
    visits, dated = index.having(row.group, [row.key]), (year.key for year in years if year.is_recorded)
    found = [year for year in dated if visits.intersect(index.having("year", [year]))] or [""]
    return replace(row, first=found[0], last=found[-1])


def matrix(index: Index, rows: Sequence[Row], columns: Sequence[Row]) -> Matrix:
    pairs = product(rows, columns)
    cells = {(row.key, other.key): cell(index, **{row.group: row.key, other.group: other.key}) for row, other in pairs}
    # What is not recorded is often the largest number, and says the least: it has no shade.
    shaded = [at for at in cells if NONE not in at]
    most = max((cells[at].visits for at in shaded), default=0)
    cells |= {at: replace(cells[at], step=ceil(STEPS * cells[at].visits / max(1, most))) for at in shaded}
    bounds = pairwise(most * step // STEPS for step in range(STEPS + 1))
    return Matrix(
        columns,
        [replace(row, cells=tuple(cells[row.key, column.key] for column in columns)) for row in rows],
        [(step, below + 1, upto) for step, (below, upto) in enumerate(bounds, start=1) if upto > below],
    )
