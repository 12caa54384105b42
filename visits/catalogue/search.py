"""Finding visits by words: their own, and every name of their State, topics, bodies and resolutions.

A query is a list of clauses that all have to be met: a word, a “phrase”, or -one to be left out. The visits that meet
one clause are found by two ways: what the visit says, through the full-text index of the database; what its terms are
called, through the vocabularies and the sets of `catalogue.facets`. Both give sets, so that every match is ranked by
where it was found without looking at any of them, and the same on every database.
"""

import json
import re
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import reduce
from operator import and_

from django.db import connection
from pyroaring import BitMap

from visits.text.fold import words

from . import facets, names

# What a word needs to be found by, as the index of the moment has it.
KEPT = 256
# As one value: a row for each of many visits takes Python more than twice the time.
OF_SQLITE = "SELECT json_group_array(rowid) FROM visits_searchtext WHERE visits_searchtext MATCH %s"
# Among all visits, and among some.
OF_POSTGRESQL = {
    "": (
        "SELECT visits_with_words(%s::tsquery)",
        "SELECT coalesce(json_agg(visit_id), '[]')::text FROM visits_searchrow"
        " WHERE vector @@ %s::tsquery AND visit_id = ANY(%s)",
    ),
    "title": (
        "SELECT visits_with_title(%s::tsquery)",
        "SELECT coalesce(json_agg(visit_id), '[]')::text FROM visits_searchrow"
        " WHERE visits_searchvector(title, '') @@ %s::tsquery AND visit_id = ANY(%s)",
    ),
}
CLAUSE = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"|(?P<word>\S+))')


@dataclass(frozen=True)
class Clause:
    """Words of the index that follow each other; visits that have them are left out where it is `excluded`. `span`:
    where they stand in what was typed."""

    words: tuple[str, ...]
    excluded: bool
    span: tuple[int, int]


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
        kind = "word" if found["phrase"] is None else "phrase"
        if said := tuple(words(found[kind])):
            clauses.append(Clause(said, bool(found["minus"]), found.span(kind)))
    return tuple(clauses)


def search(index: facets.Index, query: str) -> Hits:
    """The published visits that meet the query."""
    known, clauses = names.current(), parsed(query)
    meanings = {clause: known.meaning(clause.words) for clause in clauses}
    found = {clause: places(index, clause.words, meanings[clause]) for clause in clauses}
    wanted = [clause for clause in clauses if not clause.excluded]
    without = facets.union(found[clause][-1] for clause in clauses if clause.excluded)
    tiers = [reduce(and_, sets) for sets in zip(*(found[clause] for clause in wanted), strict=True)] or [index.visits]
    if wanted:
        # Guinea before Guinea-Bissau, and the State before a region that bears its name.
        whole = known.meaning([word for clause in wanted for word in clause.words], whole=True)
        tiers = [states(index, whole), terms(index, whole), *tiers]
    parts, seen = [], without
    for tier in tiers:
        parts.append((tier & index.visits) - seen)
        seen = seen | tier
    named = frozenset((group, pk) for clause in wanted for group, pks in meanings[clause].items() for pk in pks)
    return Hits(facets.union(parts), tuple(parts), tuple(clause.words for clause in wanted), named)


def unmet(index: facets.Index, query: str) -> dict[tuple[int, int], BitMap]:
    """What may be spelt wrong in a query that no visit meets: the whole of it and, where no visit meets one clause of
    it, that one. For the place where each stands, the visits that meet the rest."""
    spans = {(0, len(query)): index.visits}
    wanted = [clause.span for clause in parsed(query) if not clause.excluded]
    alone = [(start, end) for start, end in wanted if not search(index, query[start:end]).visits]
    if len(alone) == 1:
        ((start, end),) = alone
        spans[start, end] = search(index, query[:start] + query[end:]).visits
    return spans


def places(index: facets.Index, said: tuple[str, ...], meaning: dict[str, frozenset[int]]) -> list[BitMap]:
    """The visits with these words: in the name of their State; or in their title; or in any name; or anywhere.

    `meaning`: the terms that have them in a name.
    """
    state = states(index, meaning)
    title = state | matches.of(index, said, "title")
    any_name = title | terms(index, meaning) | index.sets["year"].get(" ".join(said), BitMap())
    return [state, title, any_name, any_name | matches.of(index, said)]


def states(index: facets.Index, meaning: dict[str, frozenset[int]]) -> BitMap:
    return terms(index, {"country": meaning.get("country", frozenset())})


def terms(index: facets.Index, meaning: dict[str, frozenset[int]]) -> BitMap:
    """The visits recorded with any of these terms, which are given by their primary keys."""
    # Names may be newer than the sets.
    keys = index.vocabulary.keys
    return facets.union(recorded(index, group, keys[group].get(pk)) for group, pks in meaning.items() for pk in pks)


def recorded(index: facets.Index, group: str, key: str | None) -> BitMap:
    """The visits with this term in any part of the record."""
    parts = [group, *(part for part, of in facets.ONLY_FOUND.items() if of == group)]
    return facets.union(index.sets[part].get(key, BitMap()) for part in parts)


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
        everywhere, restricted = OF_POSTGRESQL[column]
        asked = " <-> ".join(f"'{word}'" for word in said)
        sql, more = (everywhere, []) if among is None else (restricted, [among])
    else:
        asked = f'{{{column}}} : "{" ".join(said)}"' if column else f'"{" ".join(said)}"'
        # The plus keeps SQLite from looking each of them up by itself.
        more = among or []
        restricted = f" AND +rowid IN ({', '.join(['%s'] * len(more))})"
        sql = OF_SQLITE + (restricted if among is not None else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [asked, *more])
        return json.loads(cursor.fetchone()[0])
