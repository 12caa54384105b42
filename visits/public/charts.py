"""Where the bars of a chart stand: plain whole numbers for a template that draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from visits.catalogue.tables import Row

WIDTH, HEIGHT = 720, 520
# Room for the numbers above the bars and for the years below them.
ABOVE, BELOW = 24, 28
# A bar takes three quarters of its place, and of a wide place no more than this.
WIDEST = 48
# What a letter takes at the size in which the chart is written.
LETTER = 8


@dataclass(frozen=True)
class Bar:
    """One number. `centre`: the middle of bar, number and label, which are empty where they find no room."""

    row: Row
    x: int
    y: int
    width: int
    height: int
    centre: int
    number: str
    number_y: int
    label: str


@dataclass(frozen=True)
class Columns:
    """Upright bars on a baseline."""

    bars: tuple[Bar, ...]
    width: int = WIDTH
    height: int = HEIGHT
    baseline: int = HEIGHT - BELOW
    label_y: int = HEIGHT - 8


@dataclass(frozen=True)
class Strip:
    """A row of a table with a bar; `length` in hundredths of the longest."""

    row: Row
    length: int


def columns(rows: Sequence[Row], *, mirrored: bool = False) -> Columns:
    """A bar for each row from left to right, or from right to left where the page is read so."""
    if not rows:
        return Columns(())
    place = WIDTH / len(rows)
    most = max(row.total.visits for row in rows)
    width = min(WIDEST, round(place * 3 / 4))
    every = ceil(LETTER * max(len(str(row.name)) for row in rows) / place)

    def bar(at: int, row: Row) -> Bar:
        height = ceil((HEIGHT - ABOVE - BELOW) * row.total.visits / max(1, most))
        centre = round((at + 0.5) * place)
        centre = WIDTH - centre if mirrored else centre
        y = HEIGHT - BELOW - height
        told = str(row.total.visits or "")
        return Bar(
            row=row,
            x=centre - width // 2,
            y=y,
            width=width,
            height=height,
            centre=centre,
            number=told if len(told) * LETTER <= place or row.total.visits == most else "",
            number_y=y - 8,
            label=str(row.name) if at % every == 0 else "",
        )

    return Columns(tuple(bar(at, row) for at, row in enumerate(rows)))


def strips(rows: Sequence[Row]) -> list[Strip]:
    most = max((row.total.visits for row in rows), default=0)
    return [Strip(row, ceil(100 * row.total.visits / max(1, most))) for row in rows]
