"""A table of visits becomes drafts, and is undone as a whole. What it offers is in `offers`, how it is read in
`visit_table`.

Each function does all of it or raises and does nothing.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.editorial import actions, rules
from visits.enums import Verb
from visits.exceptions import (
    CannotTake,
    ChangedSinceImport,
    NothingAccepted,
    NothingToUndo,
    OfferChanged,
    PermissionRequired,
    Refused,
    RegisterError,
    StaleVersion,
)
from visits.models import Country, Edition, Event, Import, ImportedDraft, User

from . import sheets
from .offers import Change, Offer, compare
from .table_writing import Writing, put_back, rows_of


def upload(name: str, data: bytes, *, by: User) -> Import:
    """Keep a table. Raises a subclass of Unreadable where there is none."""
    demand(rules.may(by, rules.ADD), rules.ADD)
    sheet = sheets.read(name, data)
    with transaction.atomic():
        imported = Import.objects.create(
            actor=by,
            actor_name=str(by),
            name=name[-250:],
            sha256=hashlib.sha256(data).hexdigest(),
            table=asdict(sheet),
        )
        tell(imported, by, _("The table was uploaded."))
    return imported


@dataclass(frozen=True)
class Choice:
    """What a person takes of an offer: `base` is the one that stood on the page, `keys` name the cells."""

    base: str
    keys: frozenset[str]


def take(
    imported: Import, chosen: Mapping[int, Choice], *, by: User, version: int | None, change_note: str = ""
) -> list[Edition]:
    """Make drafts of the offers that were chosen, by the lines in which they begin.

    `change_note` is put on new editions. Raises Refused with all that stands against it, or StaleVersion.
    """
    demand(rules.may(by, rules.ADD), rules.ADD)
    if not chosen:
        raise NothingAccepted
    with transaction.atomic():
        imported = locked(imported, version)
        comparison = compare(imported)
        offers = {offer.line: offer for offer in comparison.offers}
        stale = [
            OfferChanged(visit=offers[line].entry.name if line in offers else _("Row %(row)d") % {"row": line})
            for line, choice in chosen.items()
            if line not in offers or offers[line].base() != choice.base
        ]
        if stale:
            raise Refused(stale)
        editions, refusals = [], []
        for line, choice in chosen.items():
            taken = [change for change in offers[line].changes if change.key in choice.keys]
            try:
                if reasons := offers[line].why_not(by):
                    raise Refused(reasons)
                editions.append(make(imported, offers[line], taken, by, change_note))
            except RegisterError as refusal:
                refusals.append(CannotTake(visit=offers[line].entry.name, reason=refusal.sentence))
        if refusals:
            raise Refused(refusals)
        imported.claim_version()
        told = ngettext("%(count)d draft was taken from it.", "%(count)d drafts were taken from it.", len(editions))
        tell(imported, by, told % {"count": len(editions)})
    return editions


def make(imported: Import, offer: Offer, changes: list[Change], by: User, change_note: str) -> Edition:
    """The draft of one offer, with these of its changes."""
    before = None
    match offer.verb:
        case Verb.START:
            country = Country.objects.get(iso3=offer.country.iso3)
            edition = actions.start_draft(country, by=by, internal_notes=notes_of(offer))
        case Verb.NEW_EDITION:
            note = _("From the import of “%(name)s”.") % {"name": imported}
            edition = actions.new_edition(offer.edition, by=by, note=note, version=offer.edition.version)
        case Verb.SAVE:
            edition, before = offer.edition, rows_of(offer.edition)
    held = edition.version
    edition = Edition.objects.select_related("visit__country").get(pk=edition.pk)
    # Who saved it since it was compared is not written over.
    edition.version = held
    with actions.saving(edition, by=by):
        Writing(edition, offer, changes, by).write(is_new=offer.verb == Verb.START)
        if offer.verb == Verb.NEW_EDITION and change_note:
            edition.change_note = change_note
            edition.save()
    told = [{"column": each.column, "line": each.line, "old": each.old, "new": each.new} for each in changes]
    version = Edition.objects.values_list("version", flat=True).get(pk=edition.pk)
    own = imported.drafts.filter(edition=edition, undone_at=None, version=held).last()
    if own is not None:
        # A draft that this import made before is undone together with what it adds to it now.
        own.version, own.changes = version, own.changes + told
        own.save()
    else:
        imported.drafts.create(edition=edition, verb=offer.verb, version=version, changes=told, before=before)
    return edition


def notes_of(offer: Offer) -> str:
    return "\n".join(filter(None, (row["notes"] for row in offer.entry.rows)))


# Undoing


def may_undo(imported: Import, user: User) -> bool:
    """Who uploaded it, as long as they may still enter visits, and those who publish."""
    return rules.may(user, rules.PUBLISH) or (imported.actor_id == user.pk and rules.may(user, rules.ADD))


def undo(imported: Import, *, by: User, version: int | None, note: str = "") -> list[RegisterError]:
    """Discard each draft that the import made, or give it back what it held before. Those that somebody changed since
    stay; returned is why."""
    demand(may_undo(imported, by), rules.PUBLISH)
    with transaction.atomic():
        imported = locked(imported, version)
        drafts = list(imported.drafts.filter(undone_at=None).select_related("edition__visit__country").order_by("-pk"))
        refusals = []
        for draft in drafts:
            try:
                take_back(draft, by)
            except RegisterError as refusal:
                refusals.append(refusal)
            else:
                draft.undone_at = timezone.now()
                draft.save()
        if len(refusals) == len(drafts):
            raise Refused([NothingToUndo(), *refusals])
        imported.claim_version()
        count = len(drafts) - len(refusals)
        told = ngettext("%(count)d draft of it was undone.", "%(count)d drafts of it were undone.", count)
        tell(imported, by, "\n".join(filter(None, (told % {"count": count}, note.strip()))))
    return refusals


def take_back(draft: ImportedDraft, by: User) -> None:
    edition = draft.edition
    if edition.version != draft.version:
        raise ChangedSinceImport(edition=edition)
    if draft.verb == Verb.SAVE:
        with actions.saving(edition, by=by):
            put_back(edition, draft.before)
    else:
        note = _("The import of “%(name)s” was undone.") % {"name": draft.source}
        actions.discard(edition, by=by, note=note, version=draft.version)


# How these work


def demand(is_allowed: bool, permission: str) -> None:
    if not is_allowed:
        raise Refused([PermissionRequired(permission=permission)])


def locked(imported: Import, version: int | None) -> Import:
    stored = Import.objects.select_for_update().get(pk=imported.pk)
    if version != stored.version:
        raise StaleVersion(row=stored, held=version, stored=stored.version)
    return stored


def tell(imported: Import, by: User, note: str) -> None:
    Event.objects.create(
        actor=by,
        actor_name=str(by),
        verb=Verb.CHANGE_RECORD,
        subject=str(imported)[:250],
        subject_model=imported._meta.model_name,
        subject_pk=imported.pk,
        note=note,
    )
