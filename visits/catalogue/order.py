"""An order of many visits that one of them can join or leave without numbering the others again."""

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter

from pyroaring import BitMap

BLOCK = 1024


@dataclass(frozen=True)
class Block:
    """Neighbours in the order: their ranks, themselves, and the same as a set."""

    ranks: array
    visits: array
    members: BitMap

    @classmethod
    def of(cls, ranked: Iterable[tuple[int, int]]) -> "Block":
        ranks, visits = zip(*ranked, strict=True)
        return cls(array("Q", ranks), array("I", visits), BitMap(visits))


class Order:
    """Visits by an ascending rank; those of one rank by their number. Never changed: `with_changes` gives another."""

    def __init__(self, blocks: list[Block]):
        self.blocks = blocks
        self.firsts = [(block.ranks[0], block.visits[0]) for block in blocks]

    @classmethod
    def of(cls, ranked: Iterable[tuple[int, int]]) -> "Order":
        """From pairs of rank and visit that come in order."""
        ranked, blocks = iter(ranked), []
        while block := list(islice(ranked, BLOCK)):
            blocks.append(Block.of(block))
        return cls(blocks)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return (pair for block in self.blocks for pair in zip(block.ranks, block.visits, strict=True))

    def with_changes(self, gone: BitMap, come: Iterable[tuple[int, int]]) -> "Order":
        """The order without the visits `gone`, and with these pairs of rank and visit."""
        arriving: dict[int, list] = {}
        for pair in come:
            arriving.setdefault(max(0, bisect_right(self.firsts, pair) - 1), []).append(pair)
        if not self.blocks:
            return Order.of(sorted(arriving.get(0, ())))
        blocks = []
        for number, block in enumerate(self.blocks):
            if number not in arriving and not block.members.intersect(gone):
                blocks.append(block)
                continue
            kept = (pair for pair in zip(block.ranks, block.visits, strict=True) if pair[1] not in gone)
            ranked = sorted([*kept, *arriving.get(number, ())])
            half = len(ranked) if len(ranked) <= 2 * BLOCK else BLOCK
            blocks += [Block.of(part) for part in (ranked[:half], ranked[half:]) if part]
        return Order(blocks)

    def page(self, found: BitMap, start: int, stop: int, *, newest_first: bool = True) -> list[int]:
        """The visits found from place `start` up to `stop`, counted from the chosen end."""
        page = []
        for block in reversed(self.blocks) if newest_first else self.blocks:
            here = block.members.intersection_cardinality(found)
            if start < here:
                wanted = set(block.members & found)
                visits = [visit for visit in block.visits if visit in wanted]
                page += (visits[::-1] if newest_first else visits)[start:stop]
            start, stop = max(0, start - here), stop - here
            if stop <= 0:
                break
        return page

    def from_rank(self, rank: int) -> BitMap:
        """The visits of this rank or a higher one."""
        return BitMap.union(BitMap(), *self.parts(rank, bisect_left(self.firsts, rank, key=itemgetter(0))))

    def parts(self, rank: int, later: int) -> Iterator[BitMap]:
        if later:
            block = self.blocks[later - 1]
            yield BitMap(block.visits[bisect_left(block.ranks, rank) :])
        for block in self.blocks[later:]:
            yield block.members
