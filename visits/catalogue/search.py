"""Finding visits by words: their own, and every name of their State, topics, bodies and resolutions.

A query is a list of clauses that all have to be met: a word, a “phrase”, or -one to be left out. The visits that meet
one clause are found by two ways: what the visit says, through the full-text index of the database; what its terms are
called, through the vocabularies and the sets of `catalogue.facets`. Both give sets, so that every match is ranked by
where it was found without looking at any of them, and the same on every database.
"""

import re
import threading
from collections import OrderedDict
from dataclasses import dataclass

from django.db import connection
from pyroaring import BitMap

from visits.text.fold import words

from . import facets, names
from .vocabulary import MODELS

# What a word needs to be found by, as the index of the moment has it.
KEPT = 256
CLAUSE = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))')


@dataclass(frozen=True)
class Clause:
    """Words of the index that follow each other; visits that have them are left out where it is `excluded`."""

    words: tuple[str, ...]
    excluded: bool = False


@dataclass(frozen=True)
class Hits:
    """The visits found. `tiers`: the same in parts that share no visit, the best matches first. `phrases`: the words
    that were to be found. `terms`: those that have them in a name, as (group, primary key)."""

    visits: BitMap
    tiers: tuple[BitMap, ...]
    phrases: tuple[tuple[str, ...], ...]
    terms: frozenset[tuple[str, int]]


def parsed(query: str) -> tuple[Clause, ...]:
    """What is asked: “two words” are two clauses, “S/RES/1373” and 边境 are one each."""
    clauses = []
    # In the quotes of any language.
    for found in CLAUSE.finditer(query.translate({ord(mark): '"' for mark in "“”„«»"})):
        said = tuple(words(found["word"] if found["phrase"] is None else found["phrase"]))
        if said:
            clauses.append(Clause(said, bool(found["minus"])))
    return tuple(clauses)


def search(index: facets.Index, query: str) -> Hits:
    """The published visits that meet the query."""
    clauses = parsed(query)
    wanted = tuple(clause.words for clause in clauses if not clause.excluded)
    named = names.current()
    meanings = [named.meaning(said) for said in wanted]
    without = facets.union(places(index, named, clause.words)[-1] for clause in clauses if clause.excluded)
    tiers = [index.visits]
    for number, said in enumerate(wanted):
        found = places(index, named, said)
        tiers = [one & other for one, other in zip(tiers, found, strict=True)] if number else found
    if wanted:
        # Guinea before Guinea-Bissau.
        every_word = [word for said in wanted for word in said]
        tiers.insert(0, terms(index, named.meaning(every_word, whole=True)))
    parts, seen = [], without
    for tier in tiers:
        parts.append((tier & index.visits) - seen)
        seen = seen | tier
    known = frozenset((group, pk) for meaning in meanings for group, pks in meaning.items() for pk in pks)
    return Hits(facets.union(parts), tuple(parts), wanted, known)


def places(index: facets.Index, named: names.Names, said: tuple[str, ...]) -> list[BitMap]:
    """The visits with these words: in the name of their State; or in their title; or in any name; or anywhere."""
    meaning = named.meaning(said)
    state = terms(index, {"country": meaning.get("country", frozenset())})
    title = state | matches.of(index, said, "title")
    any_name = title | terms(index, meaning) | index.sets["year"].get(" ".join(said), BitMap())
    return [state, title, any_name, any_name | matches.of(index, said)]


def terms(index: facets.Index, meaning: dict[str, frozenset[int]]) -> BitMap:
    """The visits recorded with any of these terms, which are given by their primary keys."""
    keys = {group: [index.vocabulary.keys[group][pk] for pk in pks] for group, pks in meaning.items()}
    groups = [*MODELS, *facets.ONLY_FOUND]
    return facets.union(
        index.sets[group][key] for group in groups for key in keys.get(facets.ONLY_FOUND.get(group, group), ())
    )


class Matches:
    """Sets of visits by the words they say, the last ones asked for. Where the register has changed since a set was
    read, only the visits that changed are asked about."""

    def __init__(self):
        self.kept: OrderedDict[tuple, tuple[int, BitMap]] = OrderedDict()
        self.lock = threading.Lock()

    def of(self, index: facets.Index, said: tuple[str, ...], column: str = "") -> BitMap:
        key = said, column
        with self.lock:
            generation, found = self.kept.get(key, (None, BitMap()))
        if generation == index.generation:
            return found
        changed = None if generation is None else facets.changed_between(generation, index.generation)
        if changed is None:
            found = BitMap(matching(said, column))
        elif changed:
            found = (found - changed) | BitMap(matching(said, column, list(changed)))
        with self.lock:
            self.kept[key] = index.generation, found
            self.kept.move_to_end(key)
            if len(self.kept) > KEPT:
                self.kept.popitem(last=False)
        return found

    def forget(self) -> None:
        self.__init__()


matches = Matches()


def matching(said: tuple[str, ...], column: str = "", among: list[int] | None = None) -> list[int]:
    """The visits whose text has these words one after the other, as the database's own index tells."""
    if connection.vendor == "postgresql":
        weight = {"title": ":A", "": ""}[column]
        asked = " <-> ".join(f"'{word}'{weight}" for word in said)
        sql, restricted = "SELECT visit_id FROM visits_searchrow WHERE vector @@ %s::tsquery", " AND visit_id = ANY(%s)"
        more = [among]
    else:
        asked = f'{{{column}}} : "{" ".join(said)}"' if column else f'"{" ".join(said)}"'
        sql = "SELECT rowid FROM visits_searchtext WHERE visits_searchtext MATCH %s"
        # The plus keeps SQLite from looking each of them up by itself.
        more = among or []
        restricted = f" AND +rowid IN ({', '.join(['%s'] * len(more))})"
    with connection.cursor() as cursor:
        cursor.execute(sql + (restricted if among is not None else ""), [asked, *(more if among is not None else [])])
        return [visit for (visit,) in cursor.fetchall()]
