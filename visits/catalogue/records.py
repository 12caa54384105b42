"""Everything that is public of one edition, in the values that are stored: for programs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from visits.enums import State
from visits.exceptions import NotPublished
from visits.models import (
    Child,
    Edition,
    Engagement,
    Finding,
    Focus,
    Kind,
    Participation,
    Person,
    ResolutionLink,
    Segment,
)
from visits.models.content import rows_name, whole

from . import rows, translations, vocabulary
from .evidence import Source, Sources, documents_of
from .history import edition_of, place_of_finding
from .keys import Keys
from .links import LinkedVisit, linked_visits
from .rows import FindingRow, Terms, VisitRow
from .translations import Translations
from .wording import Text

# What a record calls its parts, in reading order. Passages and links to visits and documents are told apart.
PARTS = {
    "dates": Segment,
    "kinds": Kind,
    "topics": Focus,
    "resolutions": ResolutionLink,
    "bodies": Participation,
    "people": Person,
    "engagements": Engagement,
    "findings": Finding,
}
# Whole records are many times as large as their rows.
SHARE = 200


class Quote(NamedTuple):
    """The words of a source that a value rests on, as far as the source is disclosed. `field` is the value's name."""

    field: str
    quote: str
    document: str


@dataclass(frozen=True)
class Part:
    """A part of a record. `values` by the names of `CONTENT_FIELDS`: what is stored, a `Text` where it is translated,
    a `Named` for a term, None for nothing."""

    uid: str
    values: dict
    evidence: tuple[Quote, ...]


@dataclass(frozen=True)
class Record:
    """An edition. `row`: what lists hold of it; `parts` by the names of `PARTS`; `superseded_at` is None while it is
    the current one."""

    row: VisitRow
    superseded_at: datetime | None
    redaction_reason: str
    text: Text
    languages: tuple[str, ...]
    parts: dict[str, list[Part]]
    links: tuple[LinkedVisit, ...]
    documents: tuple[Source, ...]
    undisclosed_documents: int
    evidence: tuple[Quote, ...]

    @property
    def is_current(self) -> bool:
        return self.superseded_at is None


def record_of(slug: str, number: int | None = None) -> Record:
    """The published edition of a visit, or that one. Raises what `history.fixed` does."""
    vocabulary.current()
    edition = edition_of(slug, number)
    row = next(rows.visits([edition.pk]))
    return record(edition, row, Terms(), translations.of_visit(edition), linked_visits([edition]))


def records(keys: Sequence[int]) -> Iterator[Record]:
    """The records of these editions, in this order, as far as they can still be read, in bounded memory."""
    terms = Terms()
    for share in rows.shares(keys, SHARE):
        # What cannot be read any more has no row.
        found = {row.uid: row for row in rows.visits(share)}
        by_key = {edition.pk: edition for edition in whole(Edition.objects.filter(pk__in=Keys(share)))}
        said, links = translations.of_visits(by_key.values()), defaultdict(list)
        for link in linked_visits(by_key.values()):
            links[link.of].append(link)
        for key in share:
            if key in by_key and by_key[key].visit.uid in found:
                yield record(by_key[key], found[by_key[key].visit.uid], terms, said, links[key])


def record(edition: Edition, row: VisitRow, terms: Terms, said: Translations, links: Iterable[LinkedVisit]) -> Record:
    """`edition` with every part of it."""
    sources = Sources(edition)
    documents, undisclosed = documents_of(edition)
    return Record(
        row=row,
        superseded_at=edition.superseded_at,
        redaction_reason=edition.redaction_reason,
        text=said.text(edition, "text"),
        languages=said.languages(edition),
        parts={
            name: [part(child, edition, said, sources, terms) for child in getattr(edition, rows_name(model)).all()]
            for name, model in PARTS.items()
        },
        links=tuple(links),
        documents=documents,
        undisclosed_documents=undisclosed,
        evidence=quotes(sources, edition.visit.uid, Edition.CONTENT_FIELDS),
    )


def part(child: Child, edition: Edition, said: Translations, sources: Sources, terms: Terms) -> Part:
    values = {name: value_of(child, name, edition, said, terms) for name in child.CONTENT_FIELDS}
    return Part(str(child.uid), values, quotes(sources, child.uid, child.CONTENT_FIELDS))


def value_of(child: Child, name: str, edition: Edition, said: Translations, terms: Terms):
    if name in child.TRANSLATABLE:
        return said.text(edition, name, child)
    field = child._meta.get_field(name)
    if field.is_relation:
        pk = getattr(child, field.attname)
        return terms.of[name][pk] if pk else None
    return getattr(child, name)


def quotes(sources: Sources, uid, fields: Sequence[str]) -> tuple[Quote, ...]:
    return tuple(
        Quote(field, row.quote, row.document.url) for field in fields for row in sources.rows.get((uid, field), ())
    )


def finding_of(uid: UUID) -> tuple[FindingRow, bool]:
    """A finding as the last edition that can be read has it, and whether that is the current one. Raises what
    `history.place_of_finding` does."""
    vocabulary.current()
    slug, number = place_of_finding(uid)
    found = Finding.objects.filter(uid=uid, edition__visit__slug=slug)
    wanted = found.filter(edition__number=number) if number else found.filter(edition__state=State.PUBLISHED)
    row = next(rows.findings(wanted.values_list("pk", flat=True)[:1]), None)
    if row is None:
        # Taken back at this very moment.
        raise NotPublished(uid=uid)
    return row, number is None
