"""The vocabularies as plain rows, for programs: each term with its names in every language and who stands behind
them."""

from collections.abc import Iterator
from typing import NamedTuple

from django.conf import settings

from visits.models import Body, Country, Region, Resolution, Topic

from . import vocabulary
from .vocabulary import Vocabulary, key_of

LANGUAGES = tuple(code for code, _name in settings.LANGUAGES)
# What a kind of term is called by.
NAMES = {"resolution": "subject"}


class TermRow(NamedTuple):
    """A term. `names`, `origins`, `definitions`: by language, empty where there is none; `values`: what only terms of
    its kind have."""

    key: str
    names: dict[str, str]
    origins: dict[str, str]
    definitions: dict[str, str]
    replaced_by: str
    aliases: list[str]
    values: dict


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
            by_language(row, "definition") if group == "topic" else {},
            known.keys[group].get(row.replaced_by_id, ""),
            row.alias_list,
            VALUES[group](row, known),
        )


def by_language(row, column: str) -> dict[str, str]:
    return {code: getattr(row, f"{column}_{code.replace('-', '_')}") or "" for code in LANGUAGES}


# What only terms of one kind have, by the names that programs know it by; other terms by their keys.


def of_region(row: Region, known: Vocabulary) -> dict:
    return {"m49": row.m49, "parent": known.keys["region"].get(row.parent_id, "")}


def of_country(row: Country, known: Vocabulary) -> dict:
    return {"iso2": row.iso2, "membership": row.membership, "region": known.keys["region"].get(row.region_id, "")}


def of_topic(row: Topic, known: Vocabulary) -> dict:
    return {"cross_cutting": row.cross_cutting}


def of_resolution(row: Resolution, known: Vocabulary) -> dict:
    return {"symbol": row.symbol, "year": row.year, "adopted_on": row.adopted_on, "url": row.url}


def of_body(row: Body, known: Vocabulary) -> dict:
    member_of = sorted(known.keys["body"][body.pk] for body in row.member_of.all())
    return {"acronym": row.acronym, "kind": row.kind, "member_of": member_of, "url": row.url}


VALUES = {"region": of_region, "country": of_country, "topic": of_topic, "resolution": of_resolution, "body": of_body}
