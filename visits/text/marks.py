"""Where in a text the words of a search stand, and the passage around them."""

import re
import unicodedata
from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice

from .fold import CHINESE, words

# A word as `fold` sees one: letters and digits with the marks on them; each Chinese character alone.
MARK = "".join(chr(code) for code in range(0x0300, 0x0700) if unicodedata.category(chr(code)) in ("Mn", "Me", "Cf"))
WORD = re.compile(rf"[{CHINESE}]|(?:(?![{CHINESE}_])[\w{MARK}\u00ad\u200b-\u200f])+")

Piece = tuple[str, bool]


# Texts repeat their words, and folding one takes microseconds.
read = lru_cache(maxsize=50_000)(words)


def marked(text: str, phrases: Sequence[Sequence[str]]) -> tuple[Piece, ...]:
    """`text` in pieces, each with whether it is one of the phrases, which are given in words of the index."""
    pieces, end = [], 0
    for start, stop in spans(text, phrases):
        if start > end:
            pieces.append((text[end:start], False))
        pieces.append((text[start:stop], True))
        end = stop
    if end < len(text):
        pieces.append((text[end:], False))
    return tuple(pieces)


def excerpt(text: str, phrases: Sequence[Sequence[str]], around: int = 90) -> tuple[Piece, ...]:
    """The passage around the first match, cut between words and marked; empty where nothing matches."""
    found = next(spans(text, phrases), None)
    if found is None:
        return ()
    start, stop = max(0, found[0] - around), min(len(text), found[1] + around)
    if start:
        start = text.find(" ", start, found[0]) + 1 or start
    if stop < len(text):
        stop = max(text.rfind(" ", found[1], stop), found[1])
    before, after = "… " if start else "", " …" if stop < len(text) else ""
    pieces = marked(text[start:stop], phrases)
    return tuple(chain([(before, False)] if before else [], pieces, [(after, False)] if after else []))


def spans(text: str, phrases: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    """Begin and end of every match, in order; matches that overlap are told once."""
    phrases = [tuple(phrase) for phrase in phrases if phrase]
    begins = {phrase[0] for phrase in phrases}
    places = ((match.span(), word) for match in WORD.finditer(text) for word in read(match.group()))
    # No further ahead than a phrase reaches: whoever wants the first match need not have the whole text read.
    ahead = deque(islice(places, max(map(len, phrases), default=0)))
    end = 0
    while ahead:
        (start, _stop), word = ahead[0]
        if word in begins and start >= end:
            said = tuple(word for _span, word in ahead)
            if lengths := [len(phrase) for phrase in phrases if said[: len(phrase)] == phrase]:
                end = ahead[max(lengths) - 1][0][1]
                yield start, end
        ahead.popleft()
        ahead.extend(islice(places, 1))
