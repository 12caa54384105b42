"""Names in running text: which of many known names stand where, the longest first.

Names and text are compared by the stems of their words, so that case, accents, inflection (Russian), the article and
prefixed conjunctions (Arabic), unsegmented characters (Chinese) and small words between do not hide a name.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from snowballstemmer import stemmer

from .fold import fold, words
from .marks import WORD

# Words that people leave out of a name, put in, or take one for the other.
# fmt: off
SMALL = frozenset({
    "the", "of", "on", "for", "and", "in", "to", "a", "an", "de", "du", "des", "d", "la", "le", "les", "l", "et", "del",
    "el", "los", "las", "y", "e", "и", "по", "в", "на", "с", "о", "об", "к",
})
# fmt: on
SPELLINGS = {"organisation": "organization", "centre": "center", "programme": "program", "defence": "defense"}
CYRILLIC = re.compile("[а-я]")
ARABIC = re.compile("[\u0620-\u064a]")
# And, with, for, like, then: one letter before the word.
PREFIXES = re.compile("^[وبلكف](?=...)")
MOST_OF_PREFIXES = 2
ARTICLE = re.compile("^[وبكف]?ال")
# What may stand between two words of a name; more only where the name itself has it.
JOINED = re.compile(r"[\s\-‐-―'’ʼ/&\"“”«»„`·.]*")
PUNCTUATED = re.compile(r"[,;:()（）،、]")


class Token(NamedTuple):
    """A word of a text: where it stands (code points), as written, and the stems it may be of."""

    start: int
    end: int
    written: str
    stems: tuple[str, ...]


class Match(NamedTuple):
    """A name found: where it stands (code points), and what it names."""

    start: int
    end: int
    key: Hashable


@lru_cache(maxsize=50_000)
def stems(word: str) -> tuple[str, ...]:
    """The stems that a written word may have; none for what is no word, such as a lone mark."""
    found = [SPELLINGS.get(stem, stem) for stem in words(word)]
    if len(found) != 1:
        return tuple(found[:1])
    (stem,) = found
    if CYRILLIC.search(stem):
        return russian_stems(word)
    if ARABIC.search(stem):
        return arabic_stems(word)
    return (stem,)


def russian_stems(word: str) -> tuple[str, ...]:
    """The stem, and what is left where it still looks as if it had an ending: names of States look like participles in
    some of their cases, and not in others."""
    # A stemmer writes on itself while it works: two threads with one would take each other's letters.
    russian = stemmer("russian")
    # Endings are known by letters that folding makes one; no name is a reflexive verb, though Belarus ends like one.
    stem = russian.stemWord(unicodedata.normalize("NFC", word).casefold().replace("ё", "е").removesuffix("ь"))
    return tuple(dict.fromkeys(words(one)[0] for one in (stem, russian.stemWord(stem))))


def arabic_stems(word: str) -> tuple[str, ...]:
    """The word, and what is left of it without one and without two letters before it."""
    forms = [fold(word)]
    while PREFIXES.match(forms[-1]) and len(forms) <= MOST_OF_PREFIXES:
        forms.append(forms[-1][1:])
    return tuple(dict.fromkeys(words(form)[0] for form in forms))


@lru_cache(maxsize=64)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text in order, small ones left out."""
    found = (Token(match.start(), match.end(), match.group(), stems(match.group())) for match in WORD.finditer(text))
    return tuple(token for token in found if token.stems and token.stems[0] not in SMALL)


@dataclass
class Entry:
    """A name at the end of its path, and how the words of a text have to be written to be this name."""

    key: Hashable
    is_code: bool
    is_proper: bool
    is_punctuated: bool
    is_without_article: bool
    written: str

    def fits(self, text: str, first: Token, last: Token, *, is_single: bool) -> bool:
        if self.is_code and is_single:
            return first.written == self.written
        if self.is_proper and is_single and first.written[:1].islower():
            return False
        # Mali in Arabic is written like the word for financial, which takes an article where Mali takes none.
        if self.is_without_article and is_single and ARTICLE.match(fold(first.written)):
            return False
        return self.is_punctuated or not PUNCTUATED.search(text, first.end, last.start)


@dataclass
class Node:
    entries: list[Entry] = field(default_factory=list)
    following: dict[str, "Node"] = field(default_factory=dict)


class Matcher:
    """Finds names of a vocabulary.

    `names` are pairs of a name and what it names. Where a name has one word in capitals it is a code, found only as it
    is written; where its first letter is one, `proper` names of one word are found only with a capital letter.
    """

    def __init__(self, names: Iterable[tuple[str, Hashable]], *, proper: bool = True):
        self.root = Node()
        for name, key in names:
            self.add(name, key, proper=proper)

    def add(self, name: str, key: Hashable, *, proper: bool) -> None:
        path = tokens(name)
        node = self.root
        for token in path:
            node = node.following.setdefault(token.stems[0], Node())
        if not path or any(entry.key == key and entry.written == name for entry in node.entries):
            return
        is_code = len(path) == 1 and name.isupper() and len(name) > 1
        is_proper = proper and name[:1].isupper()
        is_without_article = proper and bool(ARABIC.search(name)) and not ARTICLE.match(fold(name))
        node.entries.append(Entry(key, is_code, is_proper, bool(PUNCTUATED.search(name)), is_without_article, name))

    def find(self, text: str) -> list[Match]:
        """Every name in `text`, in order; of names that overlap the longest, or the first of equals."""
        found, place, all_tokens = [], 0, tokens(text)
        while place < len(all_tokens):
            ends = [
                (end, likeness(entry.written, text[all_tokens[place].start : all_tokens[end].end]), entry.key)
                for end, node in self.walk(all_tokens, place)
                for entry in node.entries
                if entry.fits(text, all_tokens[place], all_tokens[end], is_single=end == place)
            ]
            if ends:
                end, _likeness, key = max(ends, key=lambda one: one[:2])
                found.append(Match(all_tokens[place].start, all_tokens[end].end, key))
                place = end
            place += 1
        return found

    def walk(self, path: tuple[Token, ...], place: int) -> Iterator[tuple[int, Node]]:
        """Every way from a word on along known names: the place of the last word, and the node reached."""
        ways = [(place, self.root)]
        while ways:
            at, node = ways.pop()
            if at >= len(path):
                continue
            for stem in path[at].stems:
                if following := node.following.get(stem):
                    yield at, following
                    ways.append((at + 1, following))


def likeness(name: str, written: str) -> tuple[int, int]:
    """How alike two names of the same stems are, such as Niger and Nigeria in Russian: by the letters they differ in
    behind those that they begin with."""
    shared = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(name.casefold(), written.casefold(), strict=False))
    )
    return 2 * shared - len(name) - len(written), shared
