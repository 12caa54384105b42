"""Which pages of terms and visits there are, for those that list them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from visits.enums import State
from visits.models import Edition

from . import facets, vocabulary
from .translations import languages_of
from .vocabulary import key_of

# A share of visits has those whose keys lie in one stretch: each is read without counting or sorting the others.
SHARE = 1000


@dataclass(frozen=True)
class VisitAddress:
    """`languages`: those that what its page says is in."""

    slug: str
    published_at: datetime
    languages: tuple[str, ...]


def terms() -> Iterator[tuple[str, str]]:
    """Kind and key of every term that has a page of its own."""
    for group, rows in vocabulary.current().rows.items():
        # A region has none, and what has been replaced leads to what replaced it.
        yield from ((group, key_of(row)) for row in rows if group != "region" and not row.replaced_by_id)


def shares() -> list[int]:
    """The numbers of the shares that have a visit."""
    published = facets.current(wait=True).visits
    numbers = range(published.max() // SHARE + 1 if published else 0)
    return [number for number in numbers if published.range_cardinality(number * SHARE, (number + 1) * SHARE)]


def visits(share: int) -> list[VisitAddress]:
    """What is published of the visits of that share."""
    # Asked for published editions too, SQLite goes through those of the whole register.
    editions = Edition.objects.filter(visit__gte=share * SHARE, visit__lt=(share + 1) * SHARE).order_by("visit")
    columns = editions.values_list("visit", "visit__slug", "state", "published_at")
    published = {visit: (slug, at) for visit, slug, state, at in columns if state == State.PUBLISHED}
    languages = languages_of(published)
    return [VisitAddress(slug, at, languages[visit]) for visit, (slug, at) in published.items()]
