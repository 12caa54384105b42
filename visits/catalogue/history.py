"""The public life of a record: its current edition, its fixed ones, what changed between them, its withdrawal."""

from dataclasses import dataclass
from datetime import datetime
from html import unescape
from uuid import UUID

from django.db.models import Prefetch
from django.utils.html import strip_tags

from visits.enums import READABLE, TAKEN_BACK, Disclosure, State
from visits.exceptions import Consolidated, NotPublished, RegisterError, Withdrawn, Withheld
from visits.models import DocumentLink, Edition, Evidence, Finding, Visit, VisitLink
from visits.models.content import Part, read_parts, snapshot, with_terms
from visits.text import diff

from . import translations
from .cards import Term
from .pages import VisitPage, visit_page
from .wording import Text, name_of

# What a comparison passes over: passages follow their facts, and links may point at what is not public.
NOT_COMPARED = (Evidence, VisitLink)
# Links are asked for by `catalogue.links`, together with those that point here; documents stand in their links.
READ_OTHERWISE = (VisitLink, DocumentLink)


@dataclass(frozen=True)
class Notice:
    """What stands at the address of a withdrawn record."""

    slug: str
    country: Term
    withdrawn_at: datetime
    reason: Text


@dataclass(frozen=True)
class WithholdingNotice:
    """What stands at the address of a withheld edition; the visit itself is public."""

    slug: str
    number: int
    withheld_at: datetime
    reason: Text


@dataclass(frozen=True)
class EditionEntry:
    """One edition in the history of a visit. Of what was taken back there is a number, a day and a reason."""

    number: int
    published_at: datetime
    change_note: Text
    is_current: bool
    is_readable: bool
    withdrawn_at: datetime | None
    withdrawal_reason: Text
    withheld_at: datetime | None
    withholding_reason: Text
    has_changes: bool


@dataclass(frozen=True)
class History:
    slug: str
    title: Text
    country: Term
    entries: tuple[EditionEntry, ...]


@dataclass(frozen=True)
class FieldChange:
    label: str
    runs: tuple[diff.Run, ...]


@dataclass(frozen=True)
class PartChange:
    """A part of the record that was `added`, `removed` or `changed`."""

    op: str
    kind: str
    title: str
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True)
class Changes:
    slug: str
    title: Text
    country: Term
    number: int
    published_at: datetime
    change_note: Text
    previous: int | None
    parts: tuple[PartChange, ...]


def current(slug: str) -> VisitPage:
    """The published edition of that visit. Raises Withdrawn, Consolidated or NotPublished."""
    return visit_page(edition_of(slug))


def fixed(slug: str, number: int) -> VisitPage:
    """That edition, current or superseded. Raises Withheld, or what `current` does."""
    return visit_page(edition_of(slug, number))


def edition_of(slug: str, number: int | None = None) -> Edition:
    """The published edition of that visit, or that edition of it, with every part; raises what `fixed` does."""
    wanted = Edition.objects.published() if number is None else Edition.objects.readable().filter(number=number)
    rows = wanted.filter(visit__slug=slug).select_related("visit").order_by()
    edition = rows.prefetch_related(Prefetch("documentlinks", with_terms(DocumentLink))).first()
    if edition is None:
        raise absent(slug, number)
    read_parts(edition, but=READ_OTHERWISE)
    return edition


def absent(slug: str, number: int | None = None) -> RegisterError:
    """Why there is nothing to read there: withheld, withdrawn, part of another visit, or never published."""
    taken_back = Edition.objects.filter(visit__slug=slug, state__in=TAKEN_BACK)
    if number is not None:
        taken_back = taken_back.filter(number=number)
    edition = taken_back.select_related("visit__country").order_by("-number").first()
    if edition is None:
        return NotPublished(slug=slug)
    if edition.state == State.WITHHELD:
        return Withheld(notice=withholding_notice(edition))
    other = leads_to(edition.visit)
    return Consolidated(slug=other.slug) if other else Withdrawn(notice=notice(edition))


def leads_to(visit: Visit) -> Visit | None:
    """The public visit that the record of this one has become part of, by way of others that did so themselves."""
    seen = {visit.pk}
    while visit.consolidated_into_id and visit.consolidated_into_id not in seen:
        visit = visit.consolidated_into
        seen.add(visit.pk)
        if visit.editions.published().exists():
            return visit
    return None


def place_of_finding(uid: UUID) -> tuple[str, int | None]:
    """The slug of the finding's visit and, where the current edition no longer has it, the number of the last one that
    does. Raises what `fixed` does."""
    public = Finding.objects.filter(uid=uid, edition__number__isnull=False).select_related("edition__visit")
    rows = sorted(public, key=lambda row: (row.edition.state in READABLE, row.edition.number))
    if not rows:
        raise NotPublished(uid=uid)
    edition = rows[-1].edition
    if edition.state not in READABLE:
        raise absent(edition.visit.slug, edition.number)
    return edition.visit.slug, None if edition.state == State.PUBLISHED else edition.number


def notice(edition: Edition) -> Notice:
    country = edition.visit.country
    return Notice(
        edition.visit.slug,
        Term(country.iso3, name_of(country)),
        edition.withdrawn_at,
        Text(edition.withdrawal_reason),
    )


def withholding_notice(edition: Edition) -> WithholdingNotice:
    return WithholdingNotice(edition.visit.slug, edition.number, edition.withheld_at, Text(edition.withholding_reason))


def history(slug: str) -> History:
    """Every edition that was ever public, newest first."""
    published = Edition.objects.published().select_related("visit__country").filter(visit__slug=slug).first()
    if published is None:
        raise absent(slug)
    editions = list(Edition.objects.filter(visit=published.visit).exclude(number=None).order_by("-number"))
    readable = {edition.number for edition in editions if edition.state in READABLE}
    country = published.visit.country
    return History(
        slug=slug,
        title=translations.of_lists([published.visit], "title").text(published, "title"),
        country=Term(country.iso3, name_of(country)),
        entries=tuple(
            entry(edition, has_changes={edition.number, edition.number - 1} <= readable) for edition in editions
        ),
    )


def entry(edition: Edition, *, has_changes: bool = False) -> EditionEntry:
    is_readable = edition.state in READABLE
    return EditionEntry(
        number=edition.number,
        published_at=edition.published_at,
        change_note=Text(edition.change_note if is_readable else ""),
        is_current=edition.state == State.PUBLISHED,
        is_readable=is_readable,
        withdrawn_at=edition.withdrawn_at,
        withdrawal_reason=Text(edition.withdrawal_reason),
        withheld_at=edition.withheld_at,
        withholding_reason=Text(edition.withholding_reason),
        has_changes=has_changes,
    )


def changes(slug: str, number: int) -> Changes:
    """What that edition changed, word by word, against the one before it. Neither may be withheld."""
    editions = Edition.objects.readable().select_related("visit__country").filter(visit__slug=slug)
    edition = editions.filter(number=number).first()
    if edition is None:
        raise absent(slug, number)
    previous = editions.filter(number=number - 1).first()
    if previous is None and isinstance(refusal := absent(slug, number - 1), Withheld):
        raise refusal
    country = edition.visit.country
    return Changes(
        slug=slug,
        title=translations.of_lists([edition.visit], "title").text(edition, "title"),
        country=Term(country.iso3, name_of(country)),
        number=number,
        published_at=edition.published_at,
        change_note=Text(edition.change_note),
        previous=previous.number if previous else None,
        parts=tuple(compare(snapshot(previous), snapshot(edition))) if previous else (),
    )


def compare(before: dict[tuple, Part], after: dict[tuple, Part]):
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        part = new or old
        if isinstance(part.row, NOT_COMPARED) or hidden(part.row):
            continue
        fields = tuple(field_changes(part.model, old, new))
        if fields:
            op = "changed" if old and new else "added" if new else "removed"
            title = "" if part.model is Edition else str(part)
            yield PartChange(op, str(part.model._meta.verbose_name), title, fields)


def hidden(row) -> bool:
    return isinstance(row, DocumentLink) and row.document.disclosure == Disclosure.NONE


def field_changes(model, old: Part | None, new: Part | None):
    for name in model.CONTENT_FIELDS:
        before, after = worded(old, name), worded(new, name)
        if before != after:
            label = str(model._meta.get_field(name).verbose_name)
            yield FieldChange(label, tuple(diff.words(before, after)))


def without_tags(markup: str) -> str:
    """What rich text says, a line for each paragraph."""
    return unescape(strip_tags(markup.replace("</p>", "</p>\n"))).strip()


def worded(part: Part | None, name: str) -> str:
    """A field's value in words."""
    if part is None:
        return ""
    if name == "text" and part.model is Edition:
        return without_tags(part.values[name])
    display = getattr(part.row, f"get_{name}_display", None)
    value = display() if display else getattr(part.row, name)
    return "" if value is None else str(value)
