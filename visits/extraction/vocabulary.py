"""The register's own names, ready to be found in texts: whatever staff add is known to the next run."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain

from modeltranslation.utils import get_translation_fields

from visits.models import Body, Country, Generation, Reference, Resolution, Topic
from visits.text.match import Matcher

# `Iran` of `Iran (Islamic Republic of)`; years in brackets belong to resolutions.
BEFORE_BRACKETS = re.compile(r"[^(]+\b(?= \(\D+\)$)")
# How texts shorten what official names write out.
SHORTER = (
    ("United Nations", "UN"),
    ("des Nations Unies", "de l’ONU"),
    ("de las Naciones Unidas", "de la ONU"),
    ("Организации Объединенных Наций", "ООН"),
)


@dataclass(frozen=True, repr=False)
class Vocabulary:
    """`countries` find ISO 3166 alpha-3 codes, `bodies` acronyms, `topics` slugs; `former` finds States by the names
    that they have given up. `resolutions` are years by number; `slugs` are those of bodies by acronym; `names` are
    English ones of States, `body_names` those of bodies."""

    countries: Matcher
    former: Matcher
    bodies: Matcher
    topics: Matcher
    resolutions: dict[int, int]
    slugs: dict[str, str]
    names: dict[str, str]
    body_names: dict[str, str]

    @cached_property
    def acronyms(self) -> dict[str, str]:
        """Of bodies, by their slugs."""
        return {slug: acronym for acronym, slug in self.slugs.items()}


def load() -> Vocabulary:
    """The vocabulary as it is stored now."""
    return built(Generation.current())


@lru_cache(maxsize=2)
def built(_generation: int) -> Vocabulary:
    countries, bodies, topics = (
        list(model.objects.filter(replaced_by=None).prefetch_related("replaces")) for model in (Country, Body, Topic)
    )
    return Vocabulary(
        countries=Matcher(chain.from_iterable(named(row, row.iso3) for row in countries)),
        former=Matcher((name, row.iso3) for row in countries for name in row.former_names.splitlines()),
        bodies=Matcher(chain.from_iterable([(row.acronym, row.acronym), *named(row, row.acronym)] for row in bodies)),
        topics=Matcher(chain.from_iterable(named(row, row.slug) for row in topics), proper=False),
        resolutions=dict(Resolution.objects.values_list("number", "year")),
        slugs={row.acronym: row.slug for row in bodies},
        names={row.iso3: row.name_en for row in countries},
        body_names={row.acronym: row.name_en for row in bodies},
    )


def named(row: Reference, key: str) -> Iterator[tuple[str, str]]:
    """Every name of a term, in all languages and in the ways that texts shorten it."""
    own = [getattr(row, field) for field in get_translation_fields("name")]
    replaced = list(chain.from_iterable(variants_of(old) for old in row.replaces.all()))
    for name in dict.fromkeys(filter(None, chain(own, row.alias_list, replaced))):
        yield name, key
        if short := BEFORE_BRACKETS.match(name):
            yield short.group(), key
        yield from ((name.replace(long, short), key) for long, short in SHORTER if long in name)


def variants_of(row: Reference) -> Iterable[str]:
    return [*(getattr(row, field) for field in get_translation_fields("name")), *row.alias_list]
