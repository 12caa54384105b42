"""A person or passage taken out of the register wherever it stands: one person proposes it, another approves.

It is the only thing that changes what is fixed. Texts get “[redacted]” in its place. Texts of documents get as many
black characters instead, so that the passages which other facts rest on stay where they are; quotes are what stands
there afterwards. Of a person whose name is taken out, title, department and organization go as well. Nothing keeps what
was taken out: neither events, which are rewritten too, nor the redaction itself.
"""

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.contrib.admin.models import LogEntry
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
    Email,
    Engagement,
    ErrorReport,
    Event,
    Evidence,
    Finding,
    Generation,
    Import,
    ImportedDraft,
    Participation,
    Person,
    Redaction,
    Segment,
    Translation,
    User,
    Visit,
    called,
    digest_of,
)
from visits.models.base import overwrite, plain_rows
from visits.models.document import digest
from visits.text.gaps import GAP, blackened, pattern_of, without, wordings

from . import indexing, notices, rules, translating
from .translating import Work

PROPOSE, APPROVE = "visits.add_redaction", "visits.approve_redaction"


# Where free text stands, by kind of row; a test fails for a column that is not here and has no reason not to be.
OF_PERSON = ("name", "title", "department", "organisation")
TEXTS = {
    Edition: (*Edition.TRANSLATABLE, "change_note", "withdrawal_reason", "withholding_reason", "redaction_reason"),
    Segment: ("places",),
    Participation: ("named_as",),
    Person: OF_PERSON,
    Engagement: ("description", "counterpart", "place"),
    Finding: ("text", "speaker"),
    Document: ("title", "url", "symbol", "category"),
    Visit: ("internal_notes",),
    Translation: ("text",),
    Event: ("subject", "note"),
    Redaction: ("reason",),
    ErrorReport: ("about", "text", "source", "note"),
    Email: ("subject", "body"),
    Import: ("name",),
    LogEntry: ("object_repr",),
}
IN_JSON = {Event: ("changes",), Import: ("table",), ImportedDraft: ("changes", "before")}
# JSON kept as text, and what needs its length kept.
OTHERWISE = {**IN_JSON, LogEntry: ("change_message",), Document: ("text",), Evidence: ("quote",)}


@dataclass(frozen=True)
class Place:
    """A column of a stored row in which it stands, and what stands there afterwards."""

    row: object
    field: str
    before: object
    after: object

    @property
    def key(self) -> tuple:
        return self.row._meta.model_name, self.row.pk, self.field


class Search:
    """Goes through the whole register for a text."""

    def __init__(self, text: str):
        self.pattern = pattern_of(text)

    def places(self) -> list[Place]:
        # First of all: other columns of a person go with the name, and what histories tell of quotes with the document.
        self.people, self.documents = set(self.named()), list(self.blackened_documents())
        in_json = chain.from_iterable(self.in_json(model, name) for model, names in IN_JSON.items() for name in names)
        return [*self.in_texts(), *in_json, *self.in_log(), *self.in_documents()]

    def named(self) -> Iterator[str]:
        """The people whose name it is, in any edition or in what an event tells of one."""
        for uid, name in plain_rows(Person).values_list("uid", "name"):
            if self.pattern.search(name):
                yield str(uid)
        for changes in plain_rows(Event).exclude(changes=[]).values_list("changes", flat=True).iterator():
            for change in changes:
                said = f"{change.get('old')}\n{change.get('new')}"
                if change.get("part") == "person" and change["field"] == "name" and self.pattern.search(said):
                    yield change["uid"]

    def in_texts(self) -> Iterator[Place]:
        for model, names in TEXTS.items():
            for row in plain_rows(model).iterator():
                for name in names:
                    before = getattr(row, name)
                    after = GAP if before and self.is_of_person(row) else without(self.pattern, before)
                    longest = model._meta.get_field(name).max_length
                    if longest and len(after) > longest:
                        after = blackened(self.pattern, before)
                    if after != before:
                        yield Place(row, name, before, after)

    def is_of_person(self, row) -> bool:
        return (isinstance(row, Person) and str(row.uid) in self.people) or (
            isinstance(row, Translation) and str(row.child_uid) in self.people
        )

    def in_json(self, model, name: str) -> Iterator[Place]:
        for row in plain_rows(model).exclude(**{name: []}).iterator():
            before = getattr(row, name)
            after = self.without_in(before)
            if after != before:
                yield Place(row, name, before, after)

    def in_log(self) -> Iterator[Place]:
        """Django's own log of what was clicked in the admin, which keeps JSON as text."""
        for row in plain_rows(LogEntry).iterator():
            try:
                before = json.loads(row.change_message)
            except ValueError:
                before = row.change_message
            after = self.without_in(before)
            if after != before:
                yield Place(row, "change_message", before, after if isinstance(after, str) else json.dumps(after))

    def blackened_documents(self) -> Iterator[tuple[Document, str]]:
        for document in plain_rows(Document).iterator():
            text = blackened(self.pattern, document.text)
            if text != document.text:
                yield document, text

    def in_documents(self) -> Iterator[Place]:
        for document, text in self.documents:
            yield Place(document, "text", document.text, text)
            for row in plain_rows(Evidence).filter(document=document):
                quote = text[row.span_start : row.span_end]
                if quote != row.quote:
                    yield Place(row, "quote", row.quote, quote)

    def without_in_quote(self, quote: str) -> str:
        """A quote that a history tells of, which may hold only a part of what is looked for."""
        for document, text in self.documents:
            for found in re.finditer(re.escape(quote), document.text):
                if (left := text[found.start() : found.end()]) != quote:
                    return left
        return without(self.pattern, quote)

    def without_in(self, value):
        """JSON with gaps in its texts."""
        if isinstance(value, str):
            return without(self.pattern, value)
        if isinstance(value, list):
            return [self.without_in(each) for each in value]
        if isinstance(value, dict):
            is_of_person = value.get("part") == "person" and value.get("uid") in self.people
            gone = ("old", "new") if is_of_person and value.get("field") in OF_PERSON else ()
            if (value.get("part"), value.get("field")) == ("evidence", "quote"):
                said = {name: self.without_in_quote(value[name]) for name in ("old", "new") if value.get(name)}
                return value | said
            return {name: GAP if name in gone and each else self.without_in(each) for name, each in value.items()}
        return value


def numbers(places: Iterable[Place]) -> dict[str, int]:
    """How many places there are in each kind of record."""
    return dict(Counter(place.row._meta.model_name for place in places))


def scope_of(places: Iterable[Place]) -> str:
    """What tells whether two searches found the same."""
    return hashlib.sha256(repr(sorted((*place.key, str(place.before)) for place in places)).encode()).hexdigest()


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
    with transaction.atomic():
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
