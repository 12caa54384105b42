"""The page of a visit, built from whatever edition it is handed. Only the admin can hand it a draft."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from visits.enums import FindingKind, PartRole, PersonRole, TopicRole
from visits.models import (
    Body,
    Edition,
    Engagement,
    Finding,
    Kind,
    Participation,
    Person,
    Resolution,
    Segment,
)

from . import translations, vocabulary
from .cards import Term, term
from .evidence import Passage, Source, Sources, documents_of
from .links import LinkGroup, grouped_links, linked_visits
from .translations import Coverage, Translations
from .wording import Text, listed, name_of, period


@dataclass(frozen=True)
class Fact:
    """Something the record states, with the passages it rests on.

    `detail` says more; `key` and `short` are the address and the short form of a term.
    """

    text: Text
    passages: tuple[Passage, ...] = ()
    detail: Text | str = ""
    key: str = ""
    short: str = ""


@dataclass(frozen=True)
class Dates:
    """A dated part of the visit. `key` is the stored modality."""

    period: str
    start: str
    end: str
    key: str
    modality: str
    inferred: bool
    places: Text
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class PersonEntry:
    name: Text
    position: tuple[Text, ...]
    role: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class EngagementEntry:
    kind: str
    description: Text
    counterpart: Text
    site: str
    body: Term | None
    member_of: tuple[Term, ...]
    place: Text
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class FindingEntry:
    uid: str
    text: Text
    direction: str
    speaker: Text
    topic: Term | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Group:
    """Entries under one heading. `key` is the stored value that the heading words."""

    key: str
    heading: str
    entries: tuple


@dataclass(frozen=True)
class VisitPage:
    """`translation`: how much of the record is in the language of the page; `languages`: those it really is in, see
    `translations.languages_of`."""

    slug: str
    number: int | None
    published_at: datetime | None
    superseded_at: datetime | None
    redacted_at: datetime | None
    redaction_reason: Text
    change_note: Text
    country: Term
    title: Fact
    summary: Text
    text: Fact
    aim: Fact
    mandate: Fact
    dates: tuple[Dates, ...]
    kinds: tuple[Fact, ...]
    topics: tuple[Group, ...]
    resolutions: tuple[Fact, ...]
    bodies: tuple[Group, ...]
    people: tuple[PersonEntry, ...]
    engagements: tuple[EngagementEntry, ...]
    findings: tuple[Group, ...]
    links: tuple[LinkGroup, ...]
    sources: tuple[Source, ...]
    undisclosed_sources: int
    not_recorded: str
    translation: Coverage
    languages: tuple[str, ...]

    @property
    def is_current(self) -> bool:
        return self.superseded_at is None

    @property
    def shows_passages(self) -> bool:
        return any(source.has_text for source in self.sources)


def visit_page(edition: Edition) -> VisitPage:
    """`edition` comes from `models.content.whole`: nothing more is asked of the database but links, translations and
    whether the vocabularies are up to date."""
    terms = vocabulary.current()
    sources, said = Sources(edition), translations.of_visit(edition)
    disclosed, undisclosed = documents_of(edition)

    def of_edition(name: str) -> Fact:
        return Fact(said.text(edition, name), sources.of(edition, name))

    return VisitPage(
        slug=edition.visit.slug,
        number=edition.number,
        published_at=edition.published_at,
        superseded_at=edition.superseded_at,
        redacted_at=edition.redacted_at,
        redaction_reason=Text(edition.redaction_reason),
        change_note=Text(edition.change_note),
        country=term("country", edition.visit.country_id),
        title=of_edition("title"),
        summary=said.text(edition, "summary"),
        text=of_edition("text"),
        aim=of_edition("aim"),
        mandate=of_edition("mandate"),
        dates=tuple(dates_of(segment, edition, sources, said) for segment in edition.segments.all()),
        kinds=tuple(
            Fact(Text(kind.get_kind_display()), sources.of(kind), detail=ordinal(kind), key=kind.kind)
            for kind in edition.kinds.all()
        ),
        topics=grouped(
            edition.focuses.all(),
            "role",
            TopicRole,
            lambda row: topic_entry(term("topic", row.topic_id), sources.of(row)),
        ),
        resolutions=tuple(
            resolution_entry(terms.row("resolution", link.resolution_id), sources.of(link))
            for link in edition.resolutionlinks.all()
        ),
        bodies=grouped(
            edition.participations.all(),
            "role",
            PartRole,
            lambda row: body_entry(terms.row("body", row.body_id), row, sources),
        ),
        people=tuple(person_entry(person, edition, sources, said) for person in edition.people.all()),
        engagements=tuple(engagement_entry(row, edition, sources, said) for row in edition.engagements.all()),
        findings=grouped(
            edition.findings.all(), "kind", FindingKind, lambda row: finding_entry(row, edition, sources, said)
        ),
        links=grouped_links(linked_visits([edition])),
        sources=disclosed,
        undisclosed_sources=undisclosed,
        not_recorded=listed(not_recorded(edition)),
        translation=said.coverage(edition),
        languages=said.languages(edition),
    )


def grouped(rows: Iterable, attribute: str, choices, entry: Callable) -> tuple[Group, ...]:
    """The rows' entries under the values of one of their fields, in the order of its vocabulary; no empty group."""
    entries = {value: [] for value in choices}
    for row in rows:
        entries[getattr(row, attribute)].append(entry(row))
    return tuple(Group(str(value), str(value.label), tuple(found)) for value, found in entries.items() if found)


def not_recorded(edition: Edition) -> Iterable[str]:
    """What a reader may look for and the record does not say."""
    people, bodies = edition.people.all(), edition.participations.all()
    recorded = {
        _("kind of visit"): edition.kinds.all(),
        _("topics"): edition.focuses.all(),
        _("resolutions"): edition.resolutionlinks.all(),
        _("head of the delegation"): [person for person in people if person.role == PersonRole.HEAD],
        _("other participants"): [body for body in bodies if body.role != PartRole.LEAD],
        _("what the delegation did"): edition.engagements.all(),
        _("findings"): edition.findings.all(),
    }
    return (label for label, rows in recorded.items() if not rows)


def dates_of(segment: Segment, edition: Edition, sources: Sources, said: Translations) -> Dates:
    return Dates(
        period=period(segment.start, segment.end),
        start=segment.start,
        end=segment.end,
        key=segment.modality,
        modality=segment.get_modality_display(),
        inferred=segment.modality_inferred,
        places=said.text(edition, "places", segment),
        passages=sources.of(segment),
    )


def ordinal(kind: Kind) -> str:
    """“second of its kind”, as far as words reach."""
    if not kind.ordinal:
        return ""
    words = {1: _("first of its kind"), 2: _("second of its kind"), 3: _("third of its kind")}
    return words.get(kind.ordinal) or _("number %(number)d of its kind") % {"number": kind.ordinal}


def topic_entry(topic: Term, passages: tuple[Passage, ...]) -> Fact:
    return Fact(topic.name, passages, key=topic.key)


def resolution_entry(resolution: Resolution, passages: tuple[Passage, ...]) -> Fact:
    return Fact(name_of(resolution, "subject"), passages, str(resolution), str(resolution.number))


def body_entry(body: Body, row: Participation, sources: Sources) -> Fact:
    return Fact(name_of(body), sources.of(row), Text(row.named_as), body.slug, body.acronym)


def person_entry(person: Person, edition: Edition, sources: Sources, said: Translations) -> PersonEntry:
    position = (said.text(edition, name, person) for name in Person.TRANSLATABLE)
    return PersonEntry(
        name=Text(person.name),
        position=tuple(filter(None, position)),
        role=person.get_role_display(),
        passages=sources.of(person),
    )


def engagement_entry(row: Engagement, edition: Edition, sources: Sources, said: Translations) -> EngagementEntry:
    memberships = vocabulary.latest().row("body", row.body_id).member_of.all() if row.body_id else ()
    return EngagementEntry(
        kind=row.get_kind_display(),
        description=said.text(edition, "description", row),
        counterpart=said.text(edition, "counterpart", row),
        site=row.get_site_kind_display() if row.site_kind else "",
        body=term("body", row.body_id) if row.body_id else None,
        member_of=tuple(term("body", body.pk) for body in memberships),
        place=said.text(edition, "place", row),
        passages=sources.of(row),
    )


def finding_entry(row: Finding, edition: Edition, sources: Sources, said: Translations) -> FindingEntry:
    return FindingEntry(
        uid=str(row.uid),
        text=said.text(edition, "text", row),
        direction=row.get_direction_display() if row.direction else "",
        speaker=said.text(edition, "speaker", row),
        topic=term("topic", row.topic_id) if row.topic_id else None,
        passages=sources.of(row),
    )
