"""Where in the register a text stands, and what stands there once it is taken out: see `redaction`."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.contrib.admin.models import LogEntry

from visits.models import (
    Document,
    Edition,
    Email,
    Engagement,
    ErrorReport,
    Event,
    Evidence,
    Finding,
    Import,
    ImportedDraft,
    Participation,
    Person,
    Redaction,
    Segment,
    Translation,
    Visit,
)
from visits.models.base import plain_rows
from visits.models.unhurried import unhurried
from visits.text.gaps import GAP, blackened, pattern_of, without

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

    @unhurried()
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
