"""Editions that wait for a moment: put on the schedule by a second person, and published in that person's name."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.enums import State, Verb
from visits.exceptions import MomentPassed, NobodyToPublish, NotRunYet, Refused, RegisterError
from visits.models import Edition, User

from . import rules
from .publishing import publish
from .recording import end_of_review, locked, record

# What is due is published within this time, or something stands against it.
PROMISED = timedelta(seconds=60)

AS_SCHEDULED = _("As scheduled.")

log = logging.getLogger(__name__)


def schedule(
    edition: Edition, *, by: User, moment: datetime, zone: str, note: str = "", version: int | None = None
) -> Edition:
    """Approve, and have it published at `moment`. `zone`: the time zone in which the person thinks of that."""
    with transaction.atomic():
        edition = locked(edition, version)
        rules.demand(Verb.SCHEDULE, edition, by, note)
        if moment <= timezone.now():
            raise Refused([MomentPassed(field="moment", moment=in_words(moment, zone))])
        edition.state, edition.scheduled_for, edition.scheduled_zone = State.SCHEDULED, moment, zone
        end_of_review(edition)
        edition.save()
        record(Verb.SCHEDULE, edition, by, note, changes=[moment_of(edition, None, in_words(moment, zone))])
    return edition


def unschedule(edition: Edition, *, by: User, note: str = "", version: int | None = None) -> Edition:
    """Take it off the schedule: it is in review again."""
    with transaction.atomic():
        edition = locked(edition, version)
        rules.demand(Verb.UNSCHEDULE, edition, by, note)
        before = in_words(edition.scheduled_for, edition.scheduled_zone)
        edition.state, edition.scheduled_for = State.IN_REVIEW, None
        edition.save()
        record(Verb.UNSCHEDULE, edition, by, note, changes=[moment_of(edition, before, None)])
    return edition


def publish_due() -> list[Edition]:
    """Publish what is due, each edition in the name of who scheduled it. What cannot be published stays scheduled.

    Any number of processes may do this at once: whoever comes second finds another version of the edition.
    """
    published = []
    for edition in Edition.objects.due(timezone.now()).order_by("scheduled_for", "pk"):
        by = scheduled_by(edition)
        if by is None:
            continue
        try:
            published.append(publish(edition, by=by, note=str(AS_SCHEDULED), version=edition.version))
        except RegisterError:
            # Told by `overdue` for as long as it lasts.
            continue
        except Exception:
            log.exception("Edition %s is due and could not be published.", edition.pk)
    return published


@dataclass(frozen=True)
class Overdue:
    """An edition that should be public by now, who scheduled it, and what stands against it, as that person is told."""

    edition: Edition
    by: User | None
    reasons: list[RegisterError]


def overdue(**of) -> Iterator[Overdue]:
    """The longest overdue first; `of` narrows the editions down."""
    late = Edition.objects.due(timezone.now() - PROMISED).filter(**of).select_related("visit__country")
    for edition in late.order_by("scheduled_for", "pk"):
        by = scheduled_by(edition)
        yield Overdue(edition, by, against(edition, by))


def against(edition: Edition, by: User | None) -> list[RegisterError]:
    if by is None:
        return [NobodyToPublish()]
    try:
        return rules.why_not(Verb.PUBLISH, edition, by, str(AS_SCHEDULED)) or [NotRunYet()]
    except Exception:
        # One record that the checks stumble over takes neither the desk away nor the site.
        log.exception("What stands against edition %s could not be found out.", edition.pk)
        return [NotRunYet()]


def scheduled_by(edition: Edition) -> User | None:
    """None where that account is gone."""
    event = edition.events.filter(verb=Verb.SCHEDULE).select_related("actor").first()
    return event.actor if event else None


def in_words(moment: datetime, zone: str) -> str:
    """`2026-05-01 09:00 Europe/Copenhagen (2026-05-01 07:00 UTC)`: the same in every language."""
    there, universal = moment.astimezone(ZoneInfo(zone)), moment.astimezone(UTC)
    if there.utcoffset() == timedelta(0) and zone == "UTC":
        return f"{universal:%Y-%m-%d %H:%M} UTC"
    return f"{there:%Y-%m-%d %H:%M} {zone} ({universal:%Y-%m-%d %H:%M} UTC)"


def moment_of(edition: Edition, old: str | None, new: str | None) -> dict:
    uid = str(edition.visit.uid)
    return {"part": "edition", "uid": uid, "field": "scheduled_for", "old": old, "new": new}
