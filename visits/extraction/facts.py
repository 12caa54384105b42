"""The facts of a visit as its title and summary are composed from them."""

from dataclasses import dataclass

from visits.enums import ASSESSMENT_KINDS
from visits.text import dates


@dataclass(frozen=True)
class Country:
    iso3: str
    slug: str
    name: str


@dataclass(frozen=True)
class Body:
    acronym: str
    slug: str
    name: str


@dataclass(frozen=True)
class Part:
    modality: str
    inferred: bool
    start: str
    end: str


@dataclass(frozen=True)
class Head:
    name: str
    title: str
    organisation: str


@dataclass(frozen=True)
class Recorded:
    """A visit as the table has it, its rows put together."""

    slug: str
    country: Country
    parts: tuple[Part, ...]
    kinds: tuple[str, ...]
    ordinal: int | None
    head: Head | None
    bodies: tuple[Body, ...]
    resolutions: tuple[str, ...]
    topics: tuple[str, ...]
    sources: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def order(self) -> tuple:
        return min(dates.first_day(part.start or part.end) for part in self.parts), self.slug

    @property
    def may_be_assessment(self) -> bool:
        return not self.kinds or self.is_assessment

    @property
    def is_assessment(self) -> bool:
        return any(kind in ASSESSMENT_KINDS for kind in self.kinds)
