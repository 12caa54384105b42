"""A person or passage taken out of the register wherever it stands: one person proposes it, another approves.

It is the only thing that changes what is fixed. Texts get “[redacted]” in its place. Texts of documents get as many
black characters instead, so that the passages which other facts rest on stay where they are; quotes are what stands
there afterwards. Of a person whose name is taken out, title, department and organization go as well. Nothing keeps what
was taken out: neither events, which are rewritten too, nor the redaction itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.db import connection, transaction
from django.utils import timezone

from visits.enums import RedactionState, TranslationState, Verb
from visits.exceptions import (
    AlreadyDecided,
    NothingToRedact,
    PermissionRequired,
    ReasonTellsIt,
    Refused,
    RegisterError,
    ScopeChanged,
    SecondRedactorRequired,
    StaleVersion,
    TooShortToRedact,
)
from visits.models import (
    Child,
    Document,
    DocumentLink,
    Edition,
    Event,
    Evidence,
    Generation,
    Redaction,
    Translation,
    User,
    Visit,
    called,
    digest_of,
)
from visits.models.base import overwrite, plain_rows
from visits.models.document import digest
from visits.models.unhurried import unhurried
from visits.text.gaps import GAP, pattern_of, wordings

from . import indexing, notices, rules, translating
from .redaction_places import OTHERWISE, TEXTS, Place, Search, numbers, scope_of
from .translating import Work

PROPOSE, APPROVE = "visits.add_redaction", "visits.approve_redaction"


# Two people


def propose(text: str, reason: str, *, by: User) -> Redaction:
    """Ask a second person to have it taken out. Raises Refused with every reason."""
    if reasons := list(why_not_propose(text, reason, by)):
        raise Refused(reasons)
    places = Search(text).places()
    if not places:
        raise Refused([NothingToRedact(field="text")])
    with transaction.atomic():
        redaction = Redaction.objects.create(
            text="\n".join(wordings(text)), reason=reason.strip(), proposed_by=by, found=numbers(places)
        )
        record(Verb.PROPOSE, redaction, by, redaction.reason)
    return redaction


def why_not_propose(text: str, reason: str, by: User) -> Iterator[RegisterError]:
    if not rules.may(by, PROPOSE):
        yield PermissionRequired(permission=PROPOSE)
    lines = wordings(text)
    if not lines:
        yield NothingToRedact(field="text")
        return
    for line in lines:
        # The gap itself must not be found the next time.
        if len(line) < (3 if line.isascii() else 2) or pattern_of(line).search(GAP):
            yield TooShortToRedact(field="text", text=line)
    yield from rules.reason_given(True, reason)
    if pattern_of(text).search(reason):
        yield ReasonTellsIt(field="reason")


def why_not_approve(redaction: Redaction, by: User) -> list[RegisterError]:
    if not rules.may(by, APPROVE):
        return [PermissionRequired(permission=APPROVE)]
    if redaction.state != RedactionState.PROPOSED:
        return [AlreadyDecided()]
    return [SecondRedactorRequired()] if redaction.proposed_by_id == by.pk else []


def decline(redaction: Redaction, *, by: User, note: str, version: int) -> Redaction:
    """Leave everything as it is. Who proposed it may do so too; the text is forgotten all the same."""
    with transaction.atomic():
        redaction = locked(redaction, version)
        reasons = [] if rules.may(by, PROPOSE) else [PermissionRequired(permission=PROPOSE)]
        if redaction.state != RedactionState.PROPOSED:
            reasons.append(AlreadyDecided())
        elif pattern_of(redaction.text).search(note):
            reasons.append(ReasonTellsIt(field="note"))
        if reasons := [*reasons, *rules.reason_given(True, note)]:
            raise Refused(reasons)
        decide(redaction, RedactionState.DECLINED, by)
        record(Verb.DECLINE, redaction, by, note)
    return redaction


def approve(redaction: Redaction, *, by: User, scope: str, version: int) -> Redaction:
    """Take it out everywhere, in one transaction. `scope`: what `scope_of` told of the places that the person saw."""
    # It looks through every text that there is.
    with transaction.atomic(), unhurried():
        stop_writing()
        redaction = locked(redaction, version)
        if reasons := why_not_approve(redaction, by):
            raise Refused(reasons)
        places = Search(redaction.text).places()
        if scope_of(places) != scope:
            raise Refused([ScopeChanged()])
        carry_out(redaction, places, by)
    return redaction


def carry_out(redaction: Redaction, places: list[Place], by: User) -> None:
    reason, now = redaction.reason, timezone.now()
    owners = owners_of(places)
    write(places)
    keep_translations_current(places)
    decide(redaction, RedactionState.DONE, by, found=numbers(places))
    generation = Generation.raise_by_one()
    record(Verb.REDACT, redaction, by, reason, generation=generation, changes=counted(places))
    editions = {pk for _visit, pk in owners if pk}
    for edition in plain_rows(Edition).select_related("visit__country").filter(pk__in=editions):
        told = dict.fromkeys([*filter(None, edition.redaction_reason.split("\n")), reason])
        overwrite(edition, redacted_at=now, redaction_reason="\n".join(told))
        record(Verb.REDACT, redaction, by, reason, generation=generation, visit=edition.visit, edition=edition)
    with_event = {visit for visit, pk in owners if pk}
    for visit in Visit.objects.filter(pk__in={visit for visit, _pk in owners} - with_event):
        record(Verb.REDACT, redaction, by, reason, generation=generation, visit=visit)
    # So that a translation which somebody has open is outdated too.
    touched = {(place.row.visit, place.row.language) for place in places if isinstance(place.row, Translation)}
    for visit, language in touched:
        translating.record(Verb.REDACT, Work(visit, language), by, reason, generation=generation)
    for edition in Edition.objects.published().filter(visit__in={visit for visit, _pk in owners}):
        indexing.write(edition)
    indexing.purge()


def write(places: Iterable[Place]) -> None:
    rows = defaultdict(dict)
    for place in places:
        rows[type(place.row), place.row.pk][place.field] = place.after
        if place.field == "text" and isinstance(place.row, Document):
            rows[type(place.row), place.row.pk]["sha256"] = digest(place.after)
    for (model, pk), values in rows.items():
        overwrite(model(pk=pk), **values)


def keep_translations_current(places: Iterable[Place]) -> None:
    """A translation of a text that lost something is as current as it was."""
    digests = {}
    for place in places:
        if isinstance(place.row, (Edition, Child)) and place.field in place.row.TRANSLATABLE:
            uid = place.row.visit.uid if isinstance(place.row, Edition) else place.row.uid
            digests[uid, place.field, digest_of(place.before)] = digest_of(place.after)
    made = plain_rows(Translation).filter(child_uid__in={uid for uid, _field, _digest in digests})
    for row in made:
        if fresh := digests.get((row.child_uid, row.field, row.source_digest)):
            overwrite(row, source_digest=fresh)


def owners_of(places: Iterable[Place]) -> set[tuple[int, int | None]]:
    """Visit and edition of what the public may have read; without an edition where only staff have."""
    visits, editions, documents = set(), set(), set()
    for place in places:
        row = place.row
        if isinstance(row, Edition):
            editions.add(row.pk)
        elif isinstance(row, Child):
            editions.add(row.edition_id)
        elif isinstance(row, Document):
            documents.add(row.pk)
        elif isinstance(row, Translation):
            visits.add(row.visit_id)
            if row.state == TranslationState.REVIEWED:
                editions |= set(Edition.objects.published().filter(visit=row.visit_id).values_list("pk", flat=True))
        elif isinstance(row, Visit):
            visits.add(row.pk)
        elif isinstance(row, Event) and row.visit_id:
            visits.add(row.visit_id)
    for model in (DocumentLink, Evidence):
        editions |= set(plain_rows(model).filter(document__in=documents).values_list("edition", flat=True))
    of_editions = set(plain_rows(Edition).filter(pk__in=editions).values_list("visit", "pk"))
    return of_editions | {(visit, None) for visit in visits - {visit for visit, _pk in of_editions}}


# How it is done


def stop_writing() -> None:
    """Let nobody write what is being searched until the transaction ends. SQLite does so by itself."""
    if connection.vendor == "postgresql":
        # Visits first, as every action does; exclusive, so that what has locked its visit ends before.
        models = {Visit: (), **TEXTS, **OTHERWISE}
        tables = (connection.ops.quote_name(model._meta.db_table) for model in models)
        with connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")


def locked(redaction: Redaction, version: int) -> Redaction:
    stored = Redaction.objects.select_for_update().get(pk=redaction.pk)
    if stored.version != version:
        raise StaleVersion(row=stored, held=version, stored=stored.version)
    return stored


def decide(redaction: Redaction, state: RedactionState, by: User, **values) -> None:
    redaction.refresh_from_db()
    redaction.state, redaction.text = state, ""
    redaction.decided_by, redaction.decided_at = by, timezone.now()
    for name, value in values.items():
        setattr(redaction, name, value)
    redaction.save()


def counted(places: Iterable[Place]) -> list[dict]:
    return [{"field": kind, "old": None, "new": number} for kind, number in numbers(places).items()]


def record(verb: Verb, redaction: Redaction, by: User, note: str, *, changes=(), generation=None, **of) -> None:
    Event.objects.create(
        actor=by,
        actor_name=str(by),
        verb=verb,
        subject=called(redaction),
        subject_model=redaction._meta.model_name,
        subject_pk=redaction.pk,
        note=note.strip(),
        changes=list(changes),
        generation=generation,
        **of,
    )
    if not of:
        # Once, and not for each record that it changed.
        notices.tell_of_redaction(verb, redaction, by, note)
