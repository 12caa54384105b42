"""Who reads what is in review. A claim keeps nobody from deciding; who has it open already is told of it first."""

from django.db import transaction
from django.utils import timezone

from visits.enums import Verb
from visits.models import Edition, User

from . import rules
from .recording import locked, record


def claim(edition: Edition, *, by: User, note: str = "", version: int | None = None) -> Edition:
    """Say that one is reading it, also in place of somebody who said so before. Others may decide all the same."""
    return hold(Verb.CLAIM, edition, by, note, version, by)


def unclaim(edition: Edition, *, by: User, note: str = "", version: int | None = None) -> Edition:
    """Leave the review to whoever claims it next."""
    return hold(Verb.UNCLAIM, edition, by, note, version, None)


def hold(verb: Verb, edition: Edition, by: User, note: str, version: int | None, holder: User | None) -> Edition:
    with transaction.atomic():
        edition = locked(edition, version)
        rules.demand(verb, edition, by, note)
        before = edition.claimed_by
        edition.claimed_by, edition.claimed_at = holder, timezone.now() if holder else None
        edition.save()
        names = [str(person) if person else "" for person in (before, holder)]
        record(verb, edition, by, note, changes=[{"field": "claimed_by", "old": names[0], "new": names[1]}])
    return edition
