"""The published register as a whole, for the data package: at which generation it stands, what it holds, whether
anything was taken back since an earlier one."""

from array import array
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from visits.enums import READABLE, Disclosure, Verb
from visits.models import SOURCE_LANGUAGE, Edition, Event, Generation, Translation
from visits.models.content import texts_of, with_texts

from . import translations, vocabulary
from .keys import Keys
from .reference import LANGUAGES
from .rows import shares

TAKING_BACK = (Verb.WITHDRAW, Verb.WITHHOLD, Verb.REDACT)
# Where a register that tells no moment begins: the first one that a zip file can hold.
BEGINNING = datetime(1980, 1, 1, tzinfo=UTC)


class AsOf(NamedTuple):
    """A generation and the moment at which it began."""

    generation: int
    moment: datetime


class TranslatedText(NamedTuple):
    """A reviewed translation of a text that is public. `part`: the uid of the visit or of a part of its record."""

    slug: str
    part: str
    field: str
    language: str
    text: str
    is_older: bool


def as_of_now() -> AsOf:
    """Read before the data: what is read then may be newer, never older.

    As events tell it: when a register is put back, the counter goes on from a higher number, and nothing else changes.
    """
    vocabulary.current(Generation.current())
    seen = Event.objects.filter(generation__isnull=False).order_by("-generation", "-pk")
    return AsOf(*(seen.values_list("generation", "at").first() or (0, BEGINNING)))


def published() -> array:
    """The primary keys of all published editions, by the names of their visits."""
    return array("Q", Edition.objects.published().order_by("visit__slug").values_list("pk", flat=True))


def translated(keys: Sequence[int]) -> Iterator[TranslatedText]:
    """The reviewed translations of every text of these editions, as far as they can still be read."""
    reviewed = Translation.objects.reviewed().filter(visit=OuterRef("visit"))
    for share in shares(keys):
        readable = Edition.objects.filter(Exists(reviewed), pk__in=Keys(share), state__in=READABLE)
        by_key = {edition.pk: edition for edition in with_texts(readable)}
        said = translations.in_every_language(by_key.values())
        for edition in (by_key[key] for key in share if key in by_key):
            for row, part, name in texts_of(edition):
                for language in LANGUAGES:
                    text = said.text(edition, name, row, language)
                    if language == text.language != SOURCE_LANGUAGE:
                        yield TranslatedText(edition.visit.slug, part, name, language, text.text, text.is_older)


def was_taken_back_since(generation: int) -> bool:
    """Whether anything that the public could read then may no longer be read, as far as somebody took it back: by
    withdrawing, withholding or redacting it, or by closing a document."""
    since = Event.objects.filter(generation__gt=generation).order_by()
    if since.filter(verb__in=TAKING_BACK).exists():
        return True
    of_documents = since.filter(verb=Verb.CHANGE_RECORD, subject_model="document").values_list("changes", flat=True)
    return any(was_closed(changes) for changes in of_documents)


def was_closed(changes: list[dict]) -> bool:
    """Whether these changes of a document took it from the public."""
    open_before = (Disclosure.PARTIAL, Disclosure.FULL)
    return any(
        change["field"] == "disclosure" and change["old"] in open_before and change["new"] == Disclosure.NONE
        for change in changes
    )
