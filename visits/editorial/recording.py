"""What every action shares: the lock, the period that is derived, the event."""

from operator import attrgetter

from django.db import transaction

from visits.enums import Verb
from visits.exceptions import StaleVersion
from visits.models import Edition, Event, Segment, User, Visit, called
from visits.models.base import plain_rows

from . import notices, rules
from .checks import Severity


def locked(edition: Edition, version: int | None) -> Edition:
    """The stored edition, with its visit locked until the transaction ends."""
    # Lock the visit, not the edition: two editions of it may race.
    Visit.objects.select_for_update().get(pk=edition.visit_id)
    stored = Edition.objects.select_related("visit__country").get(pk=edition.pk)
    if version is not None and version != stored.version:
        raise StaleVersion(row=stored, held=version, stored=stored.version)
    return stored


def move(verb: Verb, edition: Edition, by: User, note: str, version: int | None) -> Edition:
    with transaction.atomic():
        edition = locked(edition, version)
        rules.demand(verb, edition, by, note)
        edition.state = rules.TRANSITIONS[verb].target
        end_of_review(edition)
        edition.save()
        record(verb, edition, by, note)
    return edition


def end_of_review(edition: Edition) -> None:
    """A claim is one to review: it ends with the review, whatever comes of it. The caller saves."""
    edition.claimed_by = edition.claimed_at = None


def derive_period(edition: Edition) -> None:
    """Store the earliest and latest day of the visit, from its dated parts."""
    segments = list(edition.segments.all())
    derived = attrgetter(*Segment.DERIVED_FIELDS)
    for segment in segments:
        # Loaded raw or written in bulk, it has the days that somebody else gave it, or none.
        stored = derived(segment)
        segment.derive_days()
        if derived(segment) != stored:
            segment.save()
    period = (
        min((segment.earliest for segment in segments if segment.earliest), default=None),
        max((segment.latest for segment in segments if segment.latest), default=None),
    )
    if period != (edition.earliest, edition.latest):
        edition.earliest, edition.latest = period
        edition.save()


def take_stock(edition: Edition) -> None:
    """Store how much the checks find, so that the desk can ask the database."""
    severities = [slip.severity for slip in rules.slips(edition)]
    edition.errors_found = severities.count(Severity.ERROR)
    edition.warnings_found = severities.count(Severity.WARNING)
    # No change of anybody’s: the version that others have open stays.
    plain_rows(Edition).filter(pk=edition.pk).update(
        errors_found=edition.errors_found, warnings_found=edition.warnings_found
    )


def record(verb: Verb, edition: Edition, by: User, note: str = "", changes=(), generation=None) -> None:
    Event.objects.create(
        actor=by,
        actor_name=str(by),
        verb=verb,
        visit=edition.visit,
        edition=edition,
        subject=called(edition),
        note=note.strip(),
        changes=list(changes),
        generation=generation,
    )
    notices.tell(verb, edition, by, note)
