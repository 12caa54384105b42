"""Where the bars of a chart stand."""

from itertools import pairwise

import pytest

from visits.catalogue.tables import Cell, Row
from visits.catalogue.wording import Text
from visits.public.charts import ABOVE, HEIGHT, WIDTH, columns, strips


def rows(*numbers: int) -> list[Row]:
    return [
        Row("year", str(year), "", Text(str(year)), Cell(number, f"?year={year}"), share=0)
        for year, number in enumerate(numbers, start=2001)
    ]


@pytest.mark.parametrize("numbers", [[1], [3, 0, 6, 1], range(1, 22), [1_000_000, 1, *[70_000] * 58]])
@pytest.mark.parametrize("mirrored", [False, True])
def test_bars_stand_apart_on_the_baseline_inside_the_chart(numbers, mirrored):
    chart = columns(rows(*numbers), mirrored=mirrored)

    across = sorted(chart.bars, key=lambda bar: bar.x)
    assert [bar.row.key for bar in (reversed(across) if mirrored else across)] == [bar.row.key for bar in chart.bars]
    assert all(left.x + left.width < right.x for left, right in pairwise(across))
    assert across[0].x >= 0
    assert across[-1].x + across[-1].width <= WIDTH
    assert {bar.y + bar.height for bar in chart.bars} == {chart.baseline}
    assert min(bar.y for bar in chart.bars) == ABOVE
    assert max(chart.label_y, *(bar.number_y for bar in chart.bars)) < HEIGHT


def test_a_bar_is_as_high_as_its_number_and_one_visit_is_seen():
    three, none, six, few = columns(rows(3000, 0, 6000, 1)).bars

    assert three.height * 2 == six.height
    assert (none.height, none.number, none.label) == (0, "", "2002")
    assert (few.height, few.number) == (1, "1")


def test_what_finds_no_room_is_not_written_but_the_largest_number_is():
    bars = columns(rows(*[123_456] * 39, 654_321)).bars

    assert [bar.number for bar in bars if bar.number] == ["654321"]
    assert [bar.label for bar in bars][:5] == ["2001", "", "2003", "", "2005"]


def test_strips_are_as_long_as_their_share_of_the_longest():
    assert [strip.length for strip in strips(rows(400, 100, 0, 1))] == [100, 25, 0, 1]


def test_nothing_has_no_bars():
    assert (columns([]).bars, strips([])) == ((), [])
