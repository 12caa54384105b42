"""From a document to drafts: store it, ask what it tells, and write what a person has accepted of that.

Each function that writes does all of it or raises and does nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from visits.editorial import actions
from visits.enums import State, VisitLinkKind
from visits.exceptions import NothingNew, UnfitProposal
from visits.extraction.proposal import Extraction, Part, Proposal, Span
from visits.models import Country, Document, Edition, Segment, User, Visit, VisitLink
from visits.models.document import digest

from .writing import Writing, resolve


def read(name: str, data: bytes):
    """The text of a file, as a `readers.Reading`; raises Unreadable with a sentence that says why there is none."""
    # The readers bring large libraries along: they are loaded when the first file comes.
    from .readers import read as read_bytes

    return read_bytes(name, data)


def propose(document: Document) -> Extraction:
    """What the stored text tells, by the rules and vocabularies of this moment."""
    from visits.extraction import extract, vocabulary

    values = {name: getattr(document, name) for name in ("title", "language", "url", "published_on")}
    known = {name: str(value) for name, value in values.items() if value}
    return extract.extract(document.text, vocabulary.load(), known)


def store(reading, *, by: User, name: str = "", url: str = "", propose=propose) -> tuple[Document, bool]:
    """Keep a text that was read as a document that the public sees nothing of. Returns it, and whether it is new: the
    same text is stored once.

    What the text tells of itself fills the document's fields, then what the reader found; `name`, of the file, is its
    title where nothing else is. `url` is where the person says that it stands.
    """
    if same := Document.objects.filter(sha256=digest(reading.text)).first():
        return same, False
    document = Document(text=reading.text, title=reading.title, language=reading.language)
    document.url, document.published_on = url or reading.url, reading.published_on or None
    for field, value in propose(document).document.items():
        if value.value not in ("", None):
            setattr(document, field, value.value)
    document.language = document.language or Document._meta.get_field("language").default
    document.title = document.title.strip()[:250] or name[:250] or _("Without a title")
    drop_what_does_not_fit(document)
    try:
        with actions.saving_record(document, by=by):
            document.save()
    except IntegrityError:
        # Somebody stored it at the same moment.
        return Document.objects.get(sha256=digest(reading.text)), False
    return document, True


def drop_what_does_not_fit(document: Document) -> None:
    """A page may say anything of itself: what is no address, no day or too long is left out, and can be entered."""
    if isinstance(document.web_stamp, str):
        document.web_stamp = moment(document.web_stamp)
    try:
        document.clean_fields()
    except ValidationError as error:
        for name in error.message_dict:
            setattr(document, name, Document._meta.get_field(name).get_default())
        document.clean_fields(exclude={"title"})


def moment(text: str):
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    return timezone.make_aware(found) if found and timezone.is_naive(found) else found


# Visits that are there already


def similar(country: str, parts: Iterable[Part]) -> list[Visit]:
    """Visits of the State with that code at dates that may be the proposed ones, each with its `standing` edition;
    those of the very same dates first. An unknown date may be none."""
    proposed = [segment for part in parts if part.model == "segment" and (segment := dated(part))]
    found = []
    for visit in with_standing(visit__country__iso3=country):
        stored = visit.standing.segments.all()
        if any(overlap(one, other) for one in proposed for other in stored):
            visit.same_dates = bounds(proposed) == bounds(stored)
            found.append(visit)
    return sorted(found, key=lambda visit: (not visit.same_dates, -visit.pk))


def with_standing(**which) -> list[Visit]:
    """Those visits, each with its `standing` edition; not those of which nothing but discarded drafts is left."""
    editions = Edition.objects.standing().exclude(state=State.DISCARDED).filter(**which)
    visits = []
    for edition in editions.select_related("visit__country").prefetch_related("segments"):
        edition.visit.standing, edition.visit.same_dates = edition, False
        visits.append(edition.visit)
    return visits


def dated(part: Part) -> Segment | None:
    """The days of a proposed segment; None where it gives none that can be read."""
    segment = Segment(start=part.get("start") or "", end=part.get("end") or "")
    try:
        segment.derive_days()
    except ValueError:
        return None
    return segment if segment.earliest else None


def overlap(one: Segment, other: Segment) -> bool:
    first, last = one.earliest, one.latest
    return bool(first and other.earliest) and first <= other.latest and other.earliest <= last


def bounds(segments: Iterable[Segment]) -> set[tuple[str, str]]:
    return {(segment.start, segment.end) for segment in segments}


# Writing


@dataclass(frozen=True)
class Plan:
    """A proposal as it was accepted, and the visit that it is about where that is recorded already."""

    proposal: Proposal
    visit: Visit | None = None


def carry_out(document: Document, plans: Iterable[Plan], *, by: User, passages: Iterable[Span] = ()) -> list[Edition]:
    """A draft for each plan, in their order; several visits that one text tells of are one mission."""
    passages, editions = tuple(passages), []
    with transaction.atomic():
        for plan in plans:
            options = {"by": by, "passages": passages}
            if plan.visit is None:
                editions.append(create(document, plan.proposal, **options))
            else:
                editions.append(extend(document, plan.proposal, plan.visit, **options))
        join(editions, by=by)
    return editions


def create(document: Document, proposal: Proposal, *, by: User, passages: Iterable[Span] = ()) -> Edition:
    """A new visit with a draft that holds what is proposed, each value with its passages.

    `passages` are those in which the document tells of itself. Raises Refused, or UnfitProposal.
    """
    with transaction.atomic():
        edition = actions.start_draft(country_of(proposal), by=by)
        with actions.saving(edition, by=by):
            Writing(edition, document).write(proposal, passages)
    return edition


def extend(document: Document, proposal: Proposal, visit: Visit, *, by: User, passages: Iterable[Span] = ()) -> Edition:
    """What the record of the visit does not hold yet, added to its edition in work or to a new one of what is public.

    A text, a row or a value that is there stays as it is, and gets the passages that say the same. Raises Refused,
    UnfitProposal, or NothingNew.
    """
    if country_of(proposal) != visit.country:
        problem = _("This visit was to another State: %(country)s.") % {"country": visit.country}
        raise UnfitProposal(part=capfirst(visit._meta.verbose_name), field=_("country"), problem=problem)
    with transaction.atomic():
        edition = visit.editions.working().first()
        if edition is None:
            edition = actions.new_edition(visit.editions.standing().get(), by=by)
        with actions.saving(edition, by=by):
            writing = Writing(edition, document)
            writing.write(proposal, passages)
            if not writing.has_written:
                raise NothingNew(visit=visit)
    return edition


def join(editions: list[Edition], *, by: User) -> None:
    """Link visits to each other that were made on one mission."""
    for edition in editions:
        others = {other.visit for other in editions} - {edition.visit}
        linked = edition.visitlinks.filter(kind=VisitLinkKind.SAME_MISSION).values_list("target", flat=True)
        missing = sorted((other for other in others if other.pk not in set(linked)), key=lambda visit: visit.pk)
        if not missing:
            continue
        with actions.saving(edition, by=by):
            last = edition.visitlinks.aggregate(last=models.Max("position"))["last"] or 0
            for position, other in enumerate(missing, start=last + 1):
                VisitLink.objects.create(
                    edition=edition, position=position, kind=VisitLinkKind.SAME_MISSION, target=other
                )


def country_of(proposal: Proposal) -> Country:
    return resolve(Visit._meta.get_field("country"), proposal.country.value)
