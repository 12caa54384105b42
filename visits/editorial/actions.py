"""The only writer of edition state. Each action checks, writes and records in one transaction, or does nothing.

Every action takes `by`, who does it, and where it matters `note`, why, and `version`, the version of the edition that
the person had before their eyes: when the stored one is newer, StaleVersion. What the rules forbid raises Refused.
"""

from contextlib import contextmanager
from operator import attrgetter

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone, translation

from visits.enums import READABLE, State, Verb
from visits.exceptions import PermissionRequired, Refused, StaleVersion
from visits.models import Country, Edition, ErrorReport, Event, Generation, Segment, User, Visit, called
from visits.models.base import plain_rows
from visits.models.content import differences, plain, snapshot

from . import copying, indexing, notices, rules
from .checks import Severity


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


def claim(edition: Edition, *, by: User, note: str = "", version: int | None = None) -> Edition:
    """Say that one is reading it, also in place of somebody who said so before. Others may decide all the same."""
    return hold(Verb.CLAIM, edition, by, note, version, by)


def release(edition: Edition, *, by: User, note: str = "", version: int | None = None) -> Edition:
    """Leave the review to whoever claims it next."""
    return hold(Verb.RELEASE, edition, by, note, version, None)


def discard(edition: Edition, *, by: User, note: str = "", version: int | None = None) -> Edition:
    """Give up a working edition. It is kept and can be restored."""
    return move(Verb.DISCARD, edition, by, note, version)


def publish(edition: Edition, *, by: User, note: str = "", version: int | None = None) -> Edition:
    """Approve and show to the public: supersede, number, index, record and raise the generation at once."""
    with transaction.atomic():
        edition = locked(edition, version)
        rules.demand(Verb.PUBLISH, edition, by, note)
        visit, now = edition.visit, timezone.now()
        for previous in visit.editions.published():
            previous.state, previous.superseded_at = State.SUPERSEDED, now
            previous.save()
        derive_period(edition)
        if not visit.slug:
            give_slug(visit, edition.earliest.year)
        edition.number = (visit.editions.aggregate(latest=Max("number"))["latest"] or 0) + 1
        edition.state, edition.published_at = State.PUBLISHED, now
        edition.claimed_by = edition.claimed_at = None
        edition.save()
        indexing.write(edition)
        record(Verb.PUBLISH, edition, by, note, generation=Generation.raise_by_one())
    return edition


def withdraw(edition: Edition, *, by: User, note: str, version: int | None = None) -> Edition:
    """Take the visit out of public view. `note` is the reason shown in its place, at every edition's address."""
    with transaction.atomic():
        edition = locked(edition, version)
        rules.demand(Verb.WITHDRAW, edition, by, note)
        now = timezone.now()
        for public in edition.visit.editions.filter(state__in=READABLE):
            public.state, public.withdrawn_at, public.withdrawal_reason = State.WITHDRAWN, now, note.strip()
            public.save()
        indexing.remove(edition.visit)
        edition.refresh_from_db()
        record(Verb.WITHDRAW, edition, by, note, generation=Generation.raise_by_one())
    return edition


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
    Verb.DISCARD: discard,
    Verb.NEW_EDITION: new_edition,
    Verb.RESTORE: restore,
    Verb.WITHDRAW: withdraw,
    Verb.CLAIM: claim,
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
        # A claim is one to review: it ends with the review, whatever comes of it.
        edition.claimed_by = edition.claimed_at = None
        edition.save()
        record(verb, edition, by, note)
    return edition


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


def open_copy(verb: Verb, edition: Edition, by: User, note: str, version: int | None) -> Edition:
    with transaction.atomic():
        edition = locked(edition, version)
        rules.demand(verb, edition, by, note)
        fresh = copying.copy(edition)
        take_stock(fresh)
        record(verb, fresh, by, note)
    return fresh


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
