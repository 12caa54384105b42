"""Every name of every State, region, topic, body and resolution, in all languages, kept in memory: what words mean,
what somebody typing may be after, and what was meant by a name that is spelt wrong."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from rapidfuzz.distance.OSA import normalized_similarity
from rapidfuzz.process import extract

from visits.models import Body, Country, Generation, Reference, Resolution
from visits.text.fold import CHINESE, fold, words

from . import vocabulary
from .wording import SOURCE_LANGUAGE, Text, name_of

# In the order in which equals are offered.
GROUPS = ("country", "region", "topic", "body", "resolution")
WORDS_FOR_RESOLUTION = ("S/RES/", "UNSCR", "Resolution", "Resolución", "القرار", "قرار", "Резолюция", "Резолюции")
# In Chinese the Council is written in the same breath.
IN_CHINESE = (f"{by}第{{n}}{year}号决议" for by in ("", "安理会", "安全理事会") for year in ("", "({year})"))
NUMBERED = ("{n}", *IN_CHINESE, *(f"{word} {{n}} ({{year}})" for word in WORDS_FOR_RESOLUTION))
SCRIPTS = {"ar": "[\u0600-\u06ff]", "zh-hans": f"[{CHINESE}]", "ru": "[\u0400-\u04ff]"}
# Arabic writes its article as a part of the word, and people leave it out.
ARTICLE = "ال"
# How a name answers to what was typed, the best first.
EXACT, BEGINNING, INSIDE = range(3)
# The share of letters that must be right: of three all, of four all but one; of beginnings more, as more look alike.
CLOSE, CLOSE_BEGINNING = 0.7, 0.79
NOTHING = Text("")

folded = lru_cache(maxsize=50_000)(fold)
indexed = lru_cache(maxsize=50_000)(lambda text: " ".join(words(text)))
# Two letters exchanged are one mistake.
alike = partial(extract, scorer=normalized_similarity, limit=None)


@dataclass(frozen=True)
class Suggestion:
    """A term: the `group` is the parameter that filters by it, the `key` its value there. `matched` is the name it was
    found by, empty where that is the label already."""

    group: str
    key: str
    label: Text
    matched: Text

    def __str__(self):
        both = pgettext("a term and another name of it", "%(name)s (%(other)s)")
        return both % {"name": self.label, "other": self.matched} if self.matched else str(self.label)


class Name(NamedTuple):
    """A name of a term, or its code, which is asked for whole or not at all. `family`: the rows that mean the term, it
    and what it replaced. `shown` is empty where the name says no more than the label."""

    group: str
    term: Reference
    family: set[int]
    folded: str
    words: str
    shown: Text = NOTHING
    is_code: bool = False

    def label(self) -> Text:
        if isinstance(self.term, Resolution):
            return Text(_("Resolution %(number)s") % {"number": self.term}, translation.get_language())
        return name_of(self.term)

    def rank(self, typed: str) -> int | None:
        if self.is_code or self.folded == typed:
            return EXACT if self.folded == typed else None
        if self.folded.startswith(typed):
            return BEGINNING
        return INSIDE if inside(self.folded, typed) else None

    def order(self) -> tuple:
        """What the page calls the term comes first, then the kind of term, then what is short."""
        is_other = self.shown not in (NOTHING, self.label())
        return self.is_code, is_other, GROUPS.index(self.group), len(self.folded), self.term.natural_key()

    def suggestion(self, typed: str) -> Suggestion:
        label = folded(str(self.label()))
        matched = NOTHING if label == self.folded or inside(label, typed) else self.shown
        return Suggestion(self.group, str(self.term.natural_key()[0]), self.label(), matched)


class Names:
    """All names as they were in one generation."""

    def __init__(self, generation: int, vocabularies: dict[str, Sequence[Reference]]):
        self.generation = generation
        self.names = [name for group, rows in vocabularies.items() for name in names_of_group(group, rows)]
        self.spelt = {place: name.folded for place, name in enumerate(self.names) if not name.is_code}
        self.holding = defaultdict(set)
        for place, name in enumerate(self.names):
            for word in name.words.split():
                self.holding[word].add(place)

    def meaning(self, words: Sequence[str], *, whole: bool = False) -> dict[str, frozenset[int]]:
        """The primary keys, by group, of the terms that have these words, in this order, in one of their names, or for
        the `whole` of it.

        `words` are as `visits.text.fold.words` gives them. A term and the one that replaced it mean each other.
        """
        said, found = " ".join(words), defaultdict(set)
        for place in set.intersection(*(self.holding.get(word, set()) for word in words)) if words else ():
            name = self.names[place]
            # “and” is a word, whatever the code of Andorra is.
            if name.words == said if whole else f" {said} " in f" {name.words} " and not name.is_code:
                found[name.group] |= name.family
        return {group: frozenset(keys) for group, keys in found.items()}

    def suggest(self, text: str, limit: int = 8) -> list[Suggestion]:
        """What somebody who has typed this may be after: names that are it, begin with it, have a word that does; if
        there are none, names spelt similarly."""
        typed = fold(text)
        ranks = ((name.rank(typed), place) for place, name in enumerate(self.names) if typed and typed in name.folded)
        ranked = sorted((rank, *self.names[place].order(), place) for rank, place in ranks if rank is not None)
        return self.once_each([place for *_order, place in ranked] or self.similar(text), typed, limit)

    def nearest(self, text: str, limit: int = 5) -> list[Suggestion]:
        """The terms with the names closest to this one, which may be spelt wrong; none if nothing is close."""
        return self.once_each(self.similar(text), fold(text), limit)

    def similar(self, text: str) -> list[int]:
        """Names that are nearly this; if there are none, those with words that nearly are, or begin like, its words."""
        shares = {place: share for _name, share, place in alike(fold(text), self.spelt, score_cutoff=CLOSE)}
        if not shares and len(text) > 3:
            shares = self.with_words_like(words(text))
        return sorted(shares, key=lambda place: (-shares[place], self.names[place].order()))

    def with_words_like(self, typed: Sequence[str]) -> dict[int, float]:
        """The names in which each of these words is nearly found, and how nearly on average."""
        shares = []
        for word in typed:
            known = [word] if word in self.holding else self.holding
            whole = alike(word, {other: other for other in known}, score_cutoff=CLOSE)
            cut = alike(word, {other: other[: len(word)] for other in known}, score_cutoff=CLOSE_BEGINNING)
            shares.append(defaultdict(float))
            for _found, share, other in [*whole, *cut]:
                shares[-1] |= {place: max(shares[-1][place], share) for place in self.holding[other]}
        everywhere = set.intersection(*map(set, shares)) if shares else ()
        return {place: sum(best[place] for best in shares) / len(shares) for place in everywhere}

    def once_each(self, places: Iterable[int], typed: str, limit: int) -> list[Suggestion]:
        first = {}
        for name in map(self.names.__getitem__, places):
            first.setdefault((name.group, name.term.pk), name)
        return [name.suggestion(typed) for name in list(first.values())[:limit]]


def inside(name: str, typed: str) -> bool:
    """Whether this stands in the name from the beginning of a word on."""
    return bool(re.search(rf"\b({ARTICLE})?{typed}", name))


def names_of_group(group: str, rows: Sequence[Reference]) -> Iterator[Name]:
    terms, families = {row.pk: row for row in rows}, defaultdict(set)
    for row in rows:
        families[row.replaced_by_id or row.pk].add(row.pk)
    for row in rows:
        term = terms[row.replaced_by_id or row.pk]
        known_as = partial(Name, group, term, families[term.pk])
        yield from (known_as(folded(text), indexed(text), shown) for text, shown in names_of(row))
        if isinstance(row, Country):
            yield known_as(folded(row.iso3), indexed(row.iso3), is_code=True)
            # In a text, two letters are more often a word of some language than a State.
            yield known_as(folded(row.iso2), "", is_code=True)


def names_of(row: Reference) -> Iterator[tuple[str, Text]]:
    """Every name of a term, and what is shown of it."""
    field = "subject" if isinstance(row, Resolution) else "name"
    for language, _name in settings.LANGUAGES:
        if text := getattr(row, f"{field}_{language.replace('-', '_')}"):
            yield text, Text(text, language)
    for alias in [*row.alias_list, *([row.acronym] if isinstance(row, Body) else [])]:
        # An alias is stored without its language; its script tells at least in which direction it runs.
        script = next((language for language, letter in SCRIPTS.items() if re.search(letter, alias)), SOURCE_LANGUAGE)
        yield alias, Text(alias, script)
    if isinstance(row, Resolution):
        yield from ((form.format(n=row.number, year=row.year), NOTHING) for form in NUMBERED)


held: Names | None = None


def current() -> Names:
    """The names of this moment. They are read again when the public sees something else than when they were read."""
    global held
    generation, names = Generation.current(), held
    if names is None or names.generation != generation:
        # Replaced whole: another thread goes on with what it has.
        names = held = Names(generation, vocabulary.current(generation).rows)
    return names


def forget() -> None:
    """Read the names anew at the next call: for tests, whose rows come and go without a generation."""
    global held
    held = None
