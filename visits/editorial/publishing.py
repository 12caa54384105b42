"""The actions whose end the public sees: what it reads, and what is taken back. See `actions`."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from visits.enums import READABLE, State, Verb
from visits.exceptions import NoPlaceToLeadTo, Refused
from visits.models import Country, Edition, Generation, User, Visit

from . import indexing, rules
from .recording import derive_period, end_of_review, locked, record


def publish(edition: Edition, *, by: User, note: str = "", version: int | None = None) -> Edition:
    """Approve and show to the public: supersede, number, index, record and raise the generation at once."""
    return show(Verb.PUBLISH, edition, by, note, version)


def force_publish(edition: Edition, *, by: User, note: str, version: int | None = None) -> Edition:
    """Show own work to the public; it awaits the approval of another person from then on."""
    return show(Verb.FORCE_PUBLISH, edition, by, note, version)


def approve(edition: Edition, *, by: User, note: str = "", version: int | None = None) -> Edition:
    """Say as a second person that what was published without one is right."""
    with transaction.atomic():
        edition = locked(edition, version)
        rules.demand(Verb.APPROVE, edition, by, note)
        edition.awaits_approval = False
        edition.save()
        record(Verb.APPROVE, edition, by, note)
    return edition


def withdraw(
    edition: Edition, *, by: User, note: str, version: int | None = None, consolidated_into: Visit | None = None
) -> Edition:
    """Take the visit out of public view. `note` is the reason shown in its place, at every edition's address.

    Where its record has become part of that of another visit, its addresses lead there instead. What was scheduled is
    in review again: it would bring the visit back with nobody deciding it.
    """
    with transaction.atomic():
        edition = locked(edition, version)
        rules.demand(Verb.WITHDRAW, edition, by, note)
        now, visit = timezone.now(), edition.visit
        if consolidated_into:
            lead_to(visit, consolidated_into)
        for public in visit.editions.filter(state__in=[*READABLE, State.WITHHELD]):
            public.state, public.withdrawn_at, public.withdrawal_reason = State.WITHDRAWN, now, note.strip()
            public.save()
        for scheduled in visit.editions.filter(state=State.SCHEDULED):
            scheduled.state, scheduled.scheduled_for = State.IN_REVIEW, None
            scheduled.save()
            record(Verb.UNSCHEDULE, scheduled, by, note)
        indexing.remove(visit)
        edition.refresh_from_db()
        record(Verb.WITHDRAW, edition, by, note, generation=Generation.raise_by_one())
    return edition


def lead_to(visit: Visit, other: Visit) -> None:
    # Locked, so that two visits withdrawn at once never lead to each other.
    other = Visit.objects.select_for_update().get(pk=other.pk)
    if other.pk == visit.pk or not other.editions.published().exists():
        raise Refused([NoPlaceToLeadTo(visit=other)])
    visit.consolidated_into = other
    visit.save()


def withhold(edition: Edition, *, by: User, note: str, version: int | None = None) -> Edition:
    """Take a superseded edition out of public view; its number stays in the history, with the reason."""
    return take_back(Verb.WITHHOLD, edition, by, note, version, withheld_at=timezone.now(), reason=note.strip())


def release(edition: Edition, *, by: User, note: str, version: int | None = None) -> Edition:
    """Let the public read a withheld edition again."""
    return take_back(Verb.RELEASE, edition, by, note, version, withheld_at=None, reason="")


def take_back(verb: Verb, edition: Edition, by: User, note: str, version: int | None, *, withheld_at, reason):
    with transaction.atomic():
        edition = locked(edition, version)
        rules.demand(verb, edition, by, note)
        edition.state = rules.TRANSITIONS[verb].target
        edition.withheld_at, edition.withholding_reason = withheld_at, reason
        edition.save()
        record(verb, edition, by, note, generation=Generation.raise_by_one())
    return edition


def show(verb: Verb, edition: Edition, by: User, note: str, version: int | None) -> Edition:
    with transaction.atomic():
        edition = locked(edition, version)
        rules.demand(verb, edition, by, note)
        visit, now = edition.visit, timezone.now()
        for previous in visit.editions.published():
            previous.state, previous.superseded_at = State.SUPERSEDED, now
            previous.save()
        derive_period(edition)
        if not visit.slug:
            give_slug(visit, edition.earliest.year)
        edition.number = (visit.editions.aggregate(latest=Max("number"))["latest"] or 0) + 1
        edition.state, edition.published_at = State.PUBLISHED, now
        edition.scheduled_for = None
        end_of_review(edition)
        edition.awaits_approval = verb == Verb.FORCE_PUBLISH
        edition.save()
        if visit.consolidated_into_id:
            # It stands for itself again.
            visit.consolidated_into = None
            visit.save()
        indexing.write(edition)
        record(verb, edition, by, note, generation=Generation.raise_by_one())
    return edition


def give_slug(visit: Visit, year: int) -> None:
    """`denmark-2018`, or `denmark-2018-2` for a second visit of that year. Given once."""
    Country.objects.select_for_update().get(pk=visit.country_id)
    base = slug = f"{visit.country.slug}-{year}"
    ordinal = 1
    while Visit.objects.filter(slug=slug).exists():
        ordinal += 1
        slug = f"{base}-{ordinal}"
    visit.slug = slug
    visit.save()
