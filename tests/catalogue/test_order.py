"""Any page of any set, however visits join and leave."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from visits.catalogue import order
from visits.catalogue.order import Order

RANKS = st.dictionaries(st.integers(1, 300), st.integers(0, 20), max_size=120)


@pytest.fixture(autouse=True, scope="module")
def small_blocks():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(order, "BLOCK", 8)
        yield


def made(ranks: dict[int, int]) -> Order:
    return Order.of(sorted((rank, visit) for visit, rank in ranks.items()))


@given(RANKS, RANKS, st.sets(st.integers(1, 300)), st.sets(st.integers(1, 300)), st.integers(0, 40), st.integers(1, 30))
def test_pages_are_those_of_a_sorted_list(before, come, gone, among, start, size):
    changed = BitMap(gone | come.keys())
    after = {visit: rank for visit, rank in before.items() if visit not in changed} | come
    found = BitMap(among)

    kept = made(before).with_changes(changed, [(rank, visit) for visit, rank in come.items()])

    ascending = [visit for _rank, visit in sorted((rank, visit) for visit, rank in after.items()) if visit in found]
    assert list(kept) == sorted((rank, visit) for visit, rank in after.items())
    assert kept.page(found, start, start + size) == ascending[::-1][start : start + size]
    assert kept.page(found, start, start + size, newest_first=False) == ascending[start : start + size]


@given(RANKS, st.integers(0, 21))
def test_from_a_rank_on(ranks, rank):
    assert made(ranks).from_rank(rank) == BitMap(visit for visit, own in ranks.items() if own >= rank)
