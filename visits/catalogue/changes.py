"""What changed for the public, in the order in which it did: for programs that keep a copy of the register.

Every change that the public can see raises the generation, whose row stays locked until the change is committed. So
generations, and with them the events of each, come to be seen in their order and in no other: whoever has read as far
as an event has missed none before it, whatever was being written meanwhile.
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from visits.enums import READABLE, Disclosure, Verb
from visits.exceptions import InvalidParameters
from visits.models import Document, DocumentLink, Edition, Event, Evidence, Visit

from .history import leads_to
from .problems import Problem
from .vocabulary import MODELS, key_of


class ChangeKind(StrEnum):
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    CONSOLIDATED = "consolidated"
    WITHHELD = "withheld"
    RELEASED = "released"
    REDACTED = "redacted"
    TRANSLATED = "translated"
    DOCUMENT = "document"
    TERM = "term"


class Cursor(NamedTuple):
    """A place in the order of changes: right after this event of this generation."""

    generation: int
    event: int

    def __str__(self):
        return f"{self.generation}.{self.event}"


START = Cursor(0, 0)


class Change(NamedTuple):
    """`visit`: its name in addresses, empty where a term changed; `note`: what the public reads of the reason; `into`:
    the visit that a consolidated one has become part of; `language`: that of a translation; `term`: kind and key of
    what changed, the key empty where it is no longer there."""

    cursor: Cursor
    at: datetime
    kind: ChangeKind
    visit: str = ""
    uid: UUID | None = None
    edition: int | None = None
    note: str = ""
    into: str = ""
    language: str = ""
    term: tuple[str, str] | None = None


# What an event did to an edition that was public, and the column in which the public reads why.
DONE = {
    Verb.PUBLISH: (ChangeKind.PUBLISHED, "change_note"),
    Verb.FORCE_PUBLISH: (ChangeKind.PUBLISHED, "change_note"),
    Verb.WITHDRAW: (ChangeKind.WITHDRAWN, "withdrawal_reason"),
    Verb.WITHHOLD: (ChangeKind.WITHHELD, "withholding_reason"),
    Verb.RELEASE: (ChangeKind.RELEASED, ""),
    Verb.REDACT: (ChangeKind.REDACTED, "redaction_reason"),
}
# Reasons that stand beside what was said, not in place of it.
OF_READABLE = ("change_note", "redaction_reason")
TRANSLATION = "translation "


def cursor_of(since: str) -> Cursor:
    """Where to go on from: after a change that was told, or before the first one of a day or of a moment. Raises
    InvalidParameters for anything else."""
    if not since:
        return START
    if re.fullmatch(r"\d{1,18}\.\d{1,18}", since, re.ASCII):
        cursor = Cursor(*map(int, since.split(".")))
        if cursor == START or events().filter(generation=cursor.generation, pk=cursor.event).exists():
            return cursor
        raise unfit(since, _("The register knows no such place: start again from the beginning, without it."))
    moment = moment_of(since)
    if moment is None:
        raise unfit(since, _("Write what an answer gave as “next”, or a day or moment: 2018-05-29T12:00:00Z."))
    first = events().filter(at__gte=moment).first()
    last = (
        events().filter(Q(generation__lt=first.generation) | Q(generation=first.generation, pk__lt=first.pk))
        if first
        else events()
    ).last()
    return Cursor(last.generation, last.pk) if last else START


def moment_of(written: str) -> datetime | None:
    """A day begins with its first moment in universal time."""
    try:
        if day := parse_date(written):
            return datetime.combine(day, time.min, tzinfo=UTC)
        # A plus sign that was not escaped arrives as a space.
        moment = parse_datetime(written.replace(" ", "+") if "T" in written else written)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) if moment else None
    except (ValueError, OverflowError):
        return None


def unfit(since: str, sentence: str) -> InvalidParameters:
    return InvalidParameters(problems=[Problem("since", since, sentence)])


def events():
    """What the public could see, in order."""
    seen = Event.objects.filter(generation__isnull=False).order_by("generation", "pk")
    return seen.defer("changes", "note", "actor_name")


def after(cursor: Cursor, most: int) -> tuple[list[Change], Cursor]:
    """The next changes, and where the ones after them begin. None are left only where there are none yet.

    About as many as `most`: those of one event come together.
    """
    found: list[Change] = []
    is_last = False
    while not is_last and len(found) < most:
        wanted = most - len(found)
        # Of one generation there are few; asked for alone, they would cost an index of their own.
        later = Q(generation__gt=cursor.generation) | Q(pk__gt=cursor.event)
        rows = events().filter(later, generation__gte=cursor.generation).select_related("visit", "edition")
        read = list(rows[:wanted])
        for event in read:
            found += changes_of(event)
            cursor = Cursor(event.generation, event.pk)
        is_last = len(read) < wanted
    return found, cursor


def changes_of(event: Event) -> Iterator[Change]:
    """What the public saw of it; nothing, where it was about what it cannot read."""
    cursor = Cursor(event.generation, event.pk)
    if event.visit is None:
        yield from of_other_record(event, cursor)
    elif event.visit.slug and (said := of_visit(event)):
        yield Change(cursor, event.at, said.pop("kind"), event.visit.slug, event.visit.uid, **said)


def of_visit(event: Event) -> dict:
    edition = event.edition
    if event.subject_model.startswith(TRANSLATION):
        language = event.subject_model.removeprefix(TRANSLATION)
        kind = ChangeKind.REDACTED if event.verb == Verb.REDACT else ChangeKind.TRANSLATED
        return {"kind": kind, "language": language}
    if edition is None or edition.number is None or event.verb not in DONE:
        return {}
    if event.verb == Verb.WITHDRAW and (other := now_part_of(edition)):
        return {"edition": edition.number, "kind": ChangeKind.CONSOLIDATED, "into": other.slug}
    kind, note = done(event.verb, edition)
    return {"edition": edition.number, "kind": kind, "note": note}


def done(verb: Verb, edition: Edition) -> tuple[ChangeKind, str]:
    """What that step of DONE was to the public, and why. Of what can no longer be read nothing that it said."""
    kind, column = DONE[verb]
    if kind == ChangeKind.PUBLISHED and edition.number > 1:
        kind = ChangeKind.CORRECTED
    is_told = column and (edition.state in READABLE or column not in OF_READABLE)
    return kind, getattr(edition, column) if is_told else ""


def now_part_of(edition: Edition) -> Visit | None:
    """Where the record of the visit now is, which its address then tells instead of the reason for the withdrawal."""
    visit = edition.visit
    is_last = visit.consolidated_into_id and not visit.editions.filter(number__gt=edition.number).exists()
    return leads_to(visit) if is_last else None


def of_editions(after: int, until: int) -> Iterator[Change]:
    """What was done to public editions after one generation and until another one; withdrawals as such, whatever became
    of the visit."""
    stretch = {"generation__gt": after, "generation__lte": until}
    rows = events().filter(**stretch, edition__number__isnull=False, verb__in=DONE).select_related("edition__visit")
    ordered = rows.order_by("generation", "edition__visit__slug", "edition__number")
    for event in ordered.defer(*(f"edition__{name}" for name in Edition.CONTENT_FIELDS)).iterator():
        edition, cursor = event.edition, Cursor(event.generation, event.pk)
        kind, note = done(event.verb, edition)
        yield Change(cursor, event.at, kind, edition.visit.slug, edition.visit.uid, edition.number, note)


def of_other_record(event: Event, cursor: Cursor) -> Iterator[Change]:
    if event.subject_model == Document._meta.model_name:
        for slug, uid, number in visits_of_document(event):
            yield Change(cursor, event.at, ChangeKind.DOCUMENT, slug, uid, number)
    model = {model._meta.model_name: model for model in MODELS.values()}.get(event.subject_model)
    if model:
        row = model.objects.filter(pk=event.subject_pk).first()
        yield Change(cursor, event.at, ChangeKind.TERM, term=(event.subject_model, key_of(row) if row else ""))


def visits_of_document(event: Event):
    """Of the published visits that rest on it, as far as the public reads of it or did so before."""
    document = Document.objects.filter(pk=event.subject_pk).first()
    if document is None:
        return []
    was_told = any(change["field"] == "disclosure" for change in event.changes)
    if document.disclosure == Disclosure.NONE and not was_told:
        return []
    linked = [model.objects.filter(document=document).values("edition") for model in (DocumentLink, Evidence)]
    editions = Edition.objects.published().filter(Q(pk__in=linked[0]) | Q(pk__in=linked[1]))
    return editions.order_by("visit").values_list("visit__slug", "visit__uid", "number")
