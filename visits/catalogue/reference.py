"""The vocabularies as plain rows, for programs: each term with its names in every language and who stands behind
them."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from django.conf import settings

from . import vocabulary
from .vocabulary import key_of

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# What a kind of term is called by.
NAMES = {"resolution": "subject"}


class TermRow(NamedTuple):
    """A term of any kind. `names`, `origins`, `definitions`: by language, empty where there is none; the rest is
    empty for kinds that have nothing of it. `above`: the keys of what it is part of or a member of."""

    key: str
    names: dict[str, str]
    origins: dict[str, str]
    replaced_by: str
    aliases: list[str]
    code: str = ""
    kind: str = ""
    above: tuple[str, ...] = ()
    url: str = ""
    definitions: dict[str, str] = {}
    year: int | None = None
    adopted_on: date | None = None
    cross_cutting: bool | None = None


def terms(group: str) -> Iterator[TermRow]:
    """Every term of a kind, those that another has replaced included, by their keys."""
    known = vocabulary.current()
    for row in sorted(known.rows[group], key=lambda row: row.natural_key()):
        name = NAMES.get(group, "name")
        names, origins = by_language(row, name), by_language(row, f"{name}_origin")
        yield TermRow(
            key_of(row),
            names,
            {code: origin if names[code] else "" for code, origin in origins.items()},
            known.keys[group].get(row.replaced_by_id, ""),
            row.alias_list,
            **OWN[group](row, known),
        )


def by_language(row, column: str) -> dict[str, str]:
    return {code: getattr(row, f"{column}_{code.replace('-', '_')}") or "" for code in LANGUAGES}


def of_country(row, known) -> dict:
    region = known.keys["region"].get(row.region_id)
    return {"code": row.iso2, "kind": row.membership, "above": (region,) if region else ()}


def of_region(row, known) -> dict:
    parent = known.keys["region"].get(row.parent_id)
    return {"code": row.m49, "above": (parent,) if parent else ()}


def of_topic(row, known) -> dict:
    return {"cross_cutting": row.cross_cutting, "definitions": by_language(row, "definition")}


def of_resolution(row, known) -> dict:
    return {"code": row.symbol, "year": row.year, "adopted_on": row.adopted_on, "url": row.url}


def of_body(row, known) -> dict:
    above = sorted(known.keys["body"][body.pk] for body in row.member_of.all())
    return {"code": row.acronym, "kind": row.kind, "above": tuple(above), "url": row.url}


OWN = {"country": of_country, "region": of_region, "topic": of_topic, "resolution": of_resolution, "body": of_body}
