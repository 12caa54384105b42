"""The terms that records are made of, each with all that the register knows of it, in values: for programs."""

from dataclasses import dataclass
from functools import cached_property

from visits.exceptions import NotPublished
from visits.models import Edition

from . import facets, reference
from .reference import NAMES
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
        key, name = key_of(row), name_of(row, NAMES.get(self.group, "name"))
        values = reference.VALUES[self.group](row, self.vocabulary) | self.besides(row)
        return KnownTerm(key, name, tuple(row.alias_list), len(self.index.sets[self.group][key]), values)

    def besides(self, row) -> dict:
        """What is told only in the active language, and what other records say of it."""
        if self.group == "country":
            region = self.vocabulary.by_pk["region"].get(row.region_id)
            named = Named(region.slug, name_of(region), "") if region else None
            return {"region": named, "last_visit": self.last_visits.get(row.iso3, "")}
        if self.group == "topic":
            return {"definition": name_of(row, "definition")}
        if self.group == "body":
            bodies = self.vocabulary.rows["body"]
            return {"members": sorted(body.slug for body in bodies if row in body.member_of.all())}
        return {}

    @cached_property
    def last_visits(self) -> dict[str, str]:
        """By State, the slug of the visit that lists put first."""
        visits = {key: found for key, found in self.index.sets["country"].items() if found}
        last = {key: self.index.begin.page(found, 0, 1)[0] for key, found in visits.items()}
        slugs = Edition.objects.published().filter(visit__in=last.values()).values_list("visit", "visit__slug")
        by_visit = dict(slugs)
        return {key: by_visit.get(visit, "") for key, visit in last.items()}
