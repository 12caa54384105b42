"""The terms that records are made of, each with all that the register knows of it, in values: for programs."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from visits.exceptions import NotPublished
from visits.models import Body, Country, Edition, Resolution, Topic

from . import facets
from .rows import Named
from .vocabulary import key_of
from .wording import Text, name_of


@dataclass(frozen=True)
class KnownTerm:
    """`key`: what filters and columns call it; `aliases`: other names it is found by; `visits`: how many published
    visits have it; `values`: what only terms of its kind have, as `catalogue.records.Part` has them."""

    key: str
    name: Text
    aliases: tuple[str, ...]
    visits: int
    values: dict


class Terms:
    """Those of one kind, named as filters do, that no other term has replaced."""

    def __init__(self, group: str):
        self.group, self.index = group, facets.current(wait=True)
        self.vocabulary = self.index.vocabulary

    def every(self) -> list[KnownTerm]:
        """In the alphabet of the active language."""
        by_key = {key_of(row): row for row in self.vocabulary.rows[self.group]}
        return [self.known(by_key[key]) for key in self.vocabulary.offered(self.group)]

    def one(self, key: str) -> KnownTerm:
        """That term, or the one that has replaced it. Raises NotPublished where there is no such term."""
        row = next((row for row in self.vocabulary.rows[self.group] if key_of(row) == key), None)
        if row is None:
            raise NotPublished(key=key)
        return self.known(self.vocabulary.row(self.group, row.replaced_by_id) if row.replaced_by_id else row)

    def known(self, row) -> KnownTerm:
        key, name = key_of(row), name_of(row, "subject" if self.group == "resolution" else "name")
        values = VALUES[self.group](row, self)
        return KnownTerm(key, name, tuple(row.alias_list), len(self.index.sets[self.group][key]), values)

    @cached_property
    def last_visits(self) -> dict[str, str]:
        """By State, the slug of the visit that lists put first."""
        visits = {key: found for key, found in self.index.sets["country"].items() if found}
        last = {key: self.index.begin.page(found, 0, 1)[0] for key, found in visits.items()}
        slugs = Edition.objects.published().filter(visit__in=last.values()).values_list("visit", "visit__slug")
        by_visit = dict(slugs)
        return {key: by_visit.get(visit, "") for key, visit in last.items()}


def of_country(row: Country, terms: Terms) -> dict:
    region = terms.vocabulary.by_pk["region"].get(row.region_id)
    return {
        "iso2": row.iso2,
        "membership": row.membership,
        "region": Named(region.slug, name_of(region), "") if region else None,
        "last_visit": terms.last_visits.get(row.iso3, ""),
    }


def of_topic(row: Topic, terms: Terms) -> dict:
    return {"definition": name_of(row, "definition"), "cross_cutting": row.cross_cutting}


def of_resolution(row: Resolution, terms: Terms) -> dict:
    return {"symbol": row.symbol, "year": row.year, "adopted_on": row.adopted_on, "link": row.url}


def of_body(row: Body, terms: Terms) -> dict:
    bodies = terms.vocabulary.rows["body"]
    return {
        "acronym": row.acronym,
        "kind": row.kind,
        "member_of": sorted(body.slug for body in row.member_of.all()),
        "members": sorted(body.slug for body in bodies if row in body.member_of.all()),
        "link": row.url,
    }


VALUES: dict[str, Callable[..., dict]] = {
    "country": of_country,
    "topic": of_topic,
    "resolution": of_resolution,
    "body": of_body,
}
