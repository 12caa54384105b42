"""The only writer of edition state. Each action checks, writes and records in one transaction, or does nothing.

Every action takes `by`, who does it, and where it matters `note`, why, and `version`, the version of the edition that
the person had before their eyes: when the stored one is newer, StaleVersion. What the rules forbid raises Refused.
Those that the public sees the end of are in `publishing`, those that wait for a moment in `scheduling`, and who reads
what in `claiming`.
"""

from contextlib import contextmanager

from django.conf import settings
from django.db import transaction
from django.utils import translation

from visits.enums import Verb
from visits.exceptions import PermissionRequired, Refused
from visits.models import Country, Edition, ErrorReport, Event, Generation, User, Visit
from visits.models.content import differences, plain, snapshot

from . import copying, rules
from .claiming import claim, unclaim
from .publishing import approve, force_publish, publish, release, withdraw, withhold
from .recording import derive_period, locked, move, record, take_stock
from .scheduling import schedule, unschedule


def start_draft(country: Country, *, by: User, title: str = "", internal_notes: str = "") -> Edition:
    """A new visit to `country` with an empty draft."""
    if not rules.may(by, rules.ADD):
        raise Refused([PermissionRequired(permission=rules.ADD)])
    with transaction.atomic():
        visit = Visit.objects.create(country=country, internal_notes=internal_notes)
        edition = Edition.objects.create(visit=visit, title=title)
        record(Verb.START, edition, by)
    return edition


@contextmanager
def saving(edition: Edition, *, by: User):
    """Inside, write the edition and its children; on leaving, what changed is recorded as this person's work.

    `edition.version` is the one that the person had opened.
    """
    with transaction.atomic():
        stored = locked(edition, edition.version)
        rules.demand(Verb.SAVE, stored, by)
        before = snapshot(stored)
        yield edition
        derive_period(edition)
        changes = differences(before, snapshot(edition))
        if not changes:
            return
        if edition.version == stored.version:
            # Only rows of it changed: copies of the edition that others have open are outdated all the same.
            edition.claim_version()
        take_stock(edition)
        record(Verb.SAVE, edition, by, changes=changes)


def submit(edition: Edition, *, by: User, note: str = "", version: int | None = None) -> Edition:
    """Ask for a second person's review."""
    return move(Verb.SUBMIT, edition, by, note, version)


def send_back(edition: Edition, *, by: User, note: str, version: int | None = None) -> Edition:
    """Return to the author, with the reason."""
    return move(Verb.SEND_BACK, edition, by, note, version)


def discard(edition: Edition, *, by: User, note: str = "", version: int | None = None) -> Edition:
    """Give up a working edition. It is kept and can be restored."""
    return move(Verb.DISCARD, edition, by, note, version)


def new_edition(edition: Edition, *, by: User, note: str = "", version: int | None = None) -> Edition:
    """A draft with the content of the published or withdrawn edition."""
    return open_copy(Verb.NEW_EDITION, edition, by, note, version)


def restore(edition: Edition, *, by: User, note: str = "", version: int | None = None) -> Edition:
    """A draft with the content of an edition that is no longer current."""
    return open_copy(Verb.RESTORE, edition, by, note, version)


ACTIONS = {
    Verb.SUBMIT: submit,
    Verb.SEND_BACK: send_back,
    Verb.PUBLISH: publish,
    Verb.SCHEDULE: schedule,
    Verb.UNSCHEDULE: unschedule,
    Verb.FORCE_PUBLISH: force_publish,
    Verb.APPROVE: approve,
    Verb.DISCARD: discard,
    Verb.NEW_EDITION: new_edition,
    Verb.RESTORE: restore,
    Verb.WITHDRAW: withdraw,
    Verb.CLAIM: claim,
    Verb.UNCLAIM: unclaim,
    Verb.WITHHOLD: withhold,
    Verb.RELEASE: release,
}


@contextmanager
def saving_record(row, *, by: User):
    """Inside, write a row that is no edition: a reference term, a document, the notes of a visit, an account."""
    with transaction.atomic():
        # Kept here: deleting takes the key away from the copy at hand.
        pk = row.pk
        before = columns(type(row), pk)
        yield row
        after = columns(type(row), row.pk)
        changes = [
            {"field": name, "old": shown(name, before.get(name)), "new": shown(name, after.get(name))}
            for name in dict.fromkeys([*before, *after])
            if before.get(name) != after.get(name)
        ]
        if not changes:
            return
        is_seen = not isinstance(row, (ErrorReport, Visit, User))
        with translation.override(settings.LANGUAGE_CODE):
            subject = f"{row._meta.verbose_name}: {row}"
        visit = row if isinstance(row, Visit) else None
        Event.objects.create(
            actor=by,
            actor_name=str(by),
            verb=Verb.CHANGE_RECORD,
            visit=visit,
            subject=subject[:250],
            subject_model=row._meta.model_name,
            subject_pk=row.pk or pk,
            changes=changes,
            generation=Generation.raise_by_one() if is_seen else None,
        )


# How the actions work


def open_copy(verb: Verb, edition: Edition, by: User, note: str, version: int | None) -> Edition:
    with transaction.atomic():
        edition = locked(edition, version)
        rules.demand(verb, edition, by, note)
        fresh = copying.copy(edition)
        take_stock(fresh)
        record(verb, fresh, by, note)
    return fresh


def columns(model, pk) -> dict:
    """The stored columns of a row and what it is linked to, as JSON can hold them; nothing once it is deleted."""
    row = model._base_manager.filter(pk=pk).first() if pk else None
    if row is None:
        return {}
    skip = {"version", "last_login"}
    # What a translated column holds depends on the language, and so do the names of what is linked.
    with translation.override(settings.LANGUAGE_CODE):
        held = {f.name: plain(row, f.name) for f in row._meta.concrete_fields if f.name not in skip}
        return held | {f.name: sorted(map(str, getattr(row, f.name).all())) for f in row._meta.many_to_many}


def shown(name: str, value):
    """That a password was changed is recorded, the password is not."""
    return None if name == "password" else value
