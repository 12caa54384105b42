"""Errors that readers report: received from the public site, and taken up, answered or dismissed by editors.

`receive` is all that the public site can reach of this room: texts go in, a reference comes out.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from visits.enums import ReportState, ReportStep
from visits.exceptions import PermissionRequired, Refused, RegisterError, ReportClosed, StaleVersion
from visits.models import ErrorReport, User

from . import rules
from .actions import saving_record

CHANGE = "visits.change_errorreport"
# How long after a report was closed the reader's address is kept; the form says so.
KEEP_ADDRESS_FOR = timedelta(days=30)


def receive(
    token: str,
    *,
    about: str,
    text: str,
    source: str,
    email: str,
    language: str,
    is_within_limits: Callable[[], object] = lambda: True,
) -> str | None:
    """Store what a reader wrote, and return the reference; None, and nothing stored, beyond the limits. Sent twice from
    one form (`token`), it is stored once."""
    said = {"about": about, "text": text, "source": source, "email": email, "language": language}
    key = hashlib.sha256("\0".join([token, *said.values()]).encode()).hexdigest()
    with transaction.atomic():
        report, _created = ErrorReport.objects.get_or_create(key=key, defaults=said)
        # Asked last: where nothing can be written, limits cannot be counted either, and would seem to be reached.
        if is_within_limits():
            return report.reference
        transaction.set_rollback(True)
    return None


def waiting():
    """The reports that are neither answered nor dismissed, the oldest first."""
    return ErrorReport.objects.filter(state=ReportState.OPEN).select_related("handled_by")


def forget_addresses() -> int:
    """Erase the addresses of readers whose reports were closed some time ago; no event ever held them."""
    old = ErrorReport.objects.exclude(email="").filter(closed_at__lt=timezone.now() - KEEP_ADDRESS_FOR)
    return old.update(email="")


@dataclass(frozen=True)
class Step:
    state: ReportState
    reason_required: bool = False


STEPS = {
    ReportStep.TAKE_UP: Step(ReportState.OPEN),
    ReportStep.ANSWER: Step(ReportState.ANSWERED, reason_required=True),
    ReportStep.DISMISS: Step(ReportState.DISMISSED, reason_required=True),
}


def why_not(step: ReportStep, report: ErrorReport, user: User, note: str | None = None) -> list[RegisterError]:
    """Every reason that stands against it, as `rules.why_not` tells them."""
    if not rules.may(user, CHANGE):
        return [PermissionRequired(permission=CHANGE)]
    if report.state != ReportState.OPEN:
        return [ReportClosed(report=report, state=report.get_state_display())]
    return list(rules.reason_given(STEPS[step].reason_required, note))


def take(step: ReportStep, report: ErrorReport, *, by: User, note: str = "", version: int | None = None) -> ErrorReport:
    """Take this step: make it one's own, say what was answered, or say why nothing comes of it."""
    with transaction.atomic():
        stored = ErrorReport.objects.select_for_update().get(pk=report.pk)
        if version is not None and version != stored.version:
            raise StaleVersion(row=stored, held=version, stored=stored.version)
        if reasons := why_not(step, stored, by, note):
            raise Refused(reasons)
        with saving_record(stored, by=by):
            stored.state, stored.handled_by = STEPS[step].state, by
            stored.note = note.strip() or stored.note
            if stored.state != ReportState.OPEN:
                stored.closed_at = timezone.now()
            stored.save()
    return stored
