"""Rows for tests, made the way the application makes them: a published edition has been published."""

import itertools
import uuid
from datetime import timedelta

from django.contrib.auth.models import Group
from django.utils import timezone

from visits.editorial import actions, translating
from visits.enums import KindOfVisit, Role, State, TranslationState
from visits.models import (
    Country,
    Document,
    DocumentLink,
    Edition,
    Kind,
    Region,
    Segment,
    User,
)
from visits.models.content import texts_of, with_texts

serial = itertools.count(1)


def make_user(role: Role | None = Role.AUTHOR, **fields) -> User:
    """A member of staff with one role; `role=None` for an account without any."""
    fields = {"username": f"{role or 'nobody'}-{next(serial)}", "is_staff": True} | fields
    user = User.objects.create_user(**fields)
    if role:
        user.groups.add(Group.objects.get(name=role.value))
    return user


def make_country(name: str = "Denmark", iso3: str = "DNK", iso2: str = "DK", **fields) -> Country:
    """The country of that code, made if it is not there."""
    existing = Country.objects.filter(iso3=iso3).first()
    return existing or Country.objects.create(
        name=name, iso3=iso3, iso2=iso2, slug=fields.pop("slug", name.lower().replace(" ", "-")), **fields
    )


def make_region(name: str = "Europe", m49: str = "150", **fields) -> Region:
    return Region.objects.create(name=name, m49=m49, slug=name.lower().replace(" ", "-"), **fields)


def make_document(**fields) -> Document:
    number = next(serial)
    fields = {
        "title": f"Press release {number}",
        # Tests of the running site make theirs in several processes.
        "text": f"Text of press release {number}, {uuid.uuid4()}.",
        "url": f"https://press.example.org/{number}",
        "disclosure": "full",
    } | fields
    return Document.objects.create(**fields)


def make_edition(
    state: State = State.DRAFT,
    *,
    country: Country | None = None,
    by: User | None = None,
    start: str = "2018-05-29",
    end: str = "2018-06-01",
    kinds=(KindOfVisit.FOCUSED,),
    document: Document | None = None,
    fill=None,
    **fields,
) -> Edition:
    """An edition in `state`, complete enough to be published. `fill(edition)` adds children while it is a draft.

    `by` is the person who wrote it; the system account takes it further.
    """
    system = User.objects.system()
    edition = actions.start_draft(country or make_country(), by=by or system)
    defaults = {"title": f"Visit {next(serial)}", "summary": "What the visit was about."}
    for name, value in (defaults | fields).items():
        setattr(edition, name, value)
    with actions.saving(edition, by=by or system):
        edition.save()
        Segment.objects.create(edition=edition, modality="on-site", start=start, end=end)
        for kind in kinds:
            Kind.objects.create(edition=edition, kind=kind)
        DocumentLink.objects.create(edition=edition, document=document or make_document())
        if fill:
            fill(edition)
    return advance(edition, state)


def advance(edition: Edition, state: State) -> Edition:
    """Take a draft to `state` in the system's name."""
    system = User.objects.system()
    if state == State.DRAFT:
        return edition
    if state == State.DISCARDED:
        return actions.discard(edition, by=system)
    edition = actions.submit(edition, by=system)
    if state == State.IN_REVIEW:
        return edition
    if state == State.SCHEDULED:
        tomorrow = timezone.now() + timedelta(days=1)
        return actions.schedule(edition, by=system, moment=tomorrow, zone="Europe/Copenhagen")
    edition = actions.publish(edition, by=system)
    if state == State.PUBLISHED:
        return edition
    if state == State.WITHDRAWN:
        return actions.withdraw(edition, by=system, note="Entered by mistake.")
    if state in (State.SUPERSEDED, State.WITHHELD):
        make_next_edition(edition)
        edition.refresh_from_db()
        return edition if state == State.SUPERSEDED else actions.withhold(edition, by=system, note="It names a child.")
    raise ValueError(state)


def make_next_edition(edition: Edition, state: State = State.PUBLISHED, *, fill=None, **fields) -> Edition:
    """The edition after a published one, with these fields changed."""
    system = User.objects.system()
    fresh = actions.new_edition(edition, by=system)
    fresh.change_note = fields.pop("change_note", "Corrected.")
    for name, value in fields.items():
        setattr(fresh, name, value)
    with actions.saving(fresh, by=system):
        fresh.save()
        if fill:
            fill(fresh)
    return advance(fresh, state)


def translate(
    edition: Edition, language: str = "fr", state=TranslationState.REVIEWED, *, by: User | None = None, texts=None
) -> None:
    """Translate a published edition, as far as `state`. `texts`: by field, or by (row, field); every text, put as
    “fr: …”, where none is given.

    `by` is the person who translates; the system account takes it further.
    """
    system = User.objects.system()
    edition = with_texts(Edition.objects.filter(pk=edition.pk)).get()
    if texts is None:
        said = {(uid, name): f"{language}: {getattr(row, name)}" for row, uid, name in texts_of(edition)}
    else:
        parts = {key: (edition, key) if isinstance(key, str) else key for key in texts}
        uids = {key: row.visit.uid if isinstance(row, Edition) else row.uid for key, (row, _name) in parts.items()}
        said = {(str(uids[key]), parts[key][1]): text for key, text in texts.items()}
    translating.save(edition.visit, language, said, edition, by=by or system)
    if state != TranslationState.DRAFT:
        translating.submit(edition.visit, language, by=system)
    if state == TranslationState.REVIEWED:
        translating.review(edition.visit, language, by=system)
