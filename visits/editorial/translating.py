"""Translations of what is published: saved as drafts, reviewed by another person, and public at once.

What is in work of one visit in one language goes through these steps together. What was reviewed before stays public
until then. As in `actions`, each step checks, writes and records in one transaction, or does nothing; `seen` is the
latest event about the translation that the person had read: when there is a newer one, StaleVersion.
"""

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from django.conf import settings
from django.db import transaction
from django.utils.translation import get_language_info

from visits.enums import TranslationState, Verb
from visits.exceptions import (
    NothingInWork,
    NothingToTranslate,
    PermissionRequired,
    Refused,
    RegisterError,
    SecondTranslatorRequired,
    StaleVersion,
)
from visits.models import SOURCE_LANGUAGE, Edition, Event, Generation, Translation, User, Visit, called, digest_of
from visits.models.content import texts_of, with_texts

from . import indexing, notices, rules

LANGUAGES = {code: name for code, name in settings.LANGUAGES if code != SOURCE_LANGUAGE}
CHANGE, REVIEW = "visits.change_translation", "visits.review_translation"

# A text of the record: the uid of its part, and the field.
Key = tuple[str, str]


class Work:
    """The translation of one visit into one language as it is stored now."""

    def __init__(self, visit: Visit, language: str):
        self.visit, self.language = visit, language
        rows = Translation.objects.filter(visit=visit, language=language)
        self.reviewed = {row.key: row for row in rows if row.state == TranslationState.REVIEWED}
        self.in_work = {row.key: row for row in rows if row.state != TranslationState.REVIEWED}

    def __str__(self):
        return f"{self.visit}: {get_language_info(self.language)['name']}"

    @property
    def state(self) -> TranslationState | None:
        """Of what is in work; None where nothing is."""
        return next((TranslationState(row.state) for row in self.in_work.values()), None)

    @cached_property
    def edition(self) -> Edition | None:
        """The published edition: what is translated."""
        return with_texts(Edition.objects.published()).filter(visit=self.visit).first()

    @property
    def events(self):
        return Event.objects.filter(subject_model=f"translation {self.language}", subject_pk=self.visit.pk)

    def latest(self, key: Key) -> Translation | None:
        """What is in work, else what is public."""
        return self.in_work.get(key) or self.reviewed.get(key)

    @property
    def contributors(self) -> set[int]:
        """Who had a hand in what is in work: their primary keys."""
        last = self.events.filter(verb=Verb.REVIEW).latest_pk()
        saved = self.events.filter(pk__gt=last, verb=Verb.SAVE).exclude(actor=None)
        return set(saved.values_list("actor", flat=True))


# What may be done


@dataclass(frozen=True)
class Step:
    """`permissions`: the permission needed in each state of what is in work that the step may start from."""

    permissions: dict[TranslationState | None, str]
    reason_required: bool = False


STEPS = {
    Verb.SAVE: Step({None: CHANGE, TranslationState.DRAFT: CHANGE, TranslationState.IN_REVIEW: REVIEW}),
    Verb.SUBMIT: Step({TranslationState.DRAFT: CHANGE}),
    Verb.SEND_BACK: Step({TranslationState.IN_REVIEW: REVIEW}, reason_required=True),
    Verb.REVIEW: Step({TranslationState.IN_REVIEW: REVIEW}),
}


def why_not(verb: Verb, work: Work, user: User, note: str | None = None) -> list[RegisterError]:
    """Every reason that stands against it, as `rules.why_not` tells them."""
    step = STEPS[verb]
    if work.edition is None:
        return [NothingToTranslate()]
    if work.state not in step.permissions:
        return [NothingInWork(done=verb.label)]
    if not rules.may(user, step.permissions[work.state]):
        return [PermissionRequired(permission=step.permissions[work.state])]
    if verb == Verb.REVIEW and not user.is_system and user.pk in work.contributors:
        return [SecondTranslatorRequired()]
    return list(rules.reason_given(step.reason_required, note))


def available(work: Work, user: User) -> list[rules.Option]:
    """The steps to offer, as `rules.available` lists them; saving is no step of its own page."""
    return [
        rules.Option(verb, why_not(verb, work, user), step.reason_required)
        for verb, step in STEPS.items()
        if verb != Verb.SAVE and work.state in step.permissions and rules.may(user, step.permissions[work.state])
    ]


# What is done


def save(
    visit: Visit,
    language: str,
    texts: Mapping[Key, str],
    edition: Edition,
    *,
    by: User,
    confirmed: Iterable[Key] = (),
    seen: int | None = None,
) -> list[dict]:
    """Store these texts, made from what `edition` says, as drafts, and return what became different.

    A text that is the same as before is left alone, even where the original has been changed since, unless it is
    among the `confirmed`: it is right for the new wording too.
    """
    changes = []
    with locked(visit, language, seen) as work:
        demand(Verb.SAVE, work, by)
        for row, *key in texts_of(edition):
            key = tuple(key)
            if key not in texts:
                continue
            before, text = work.latest(key), clean(row, key, texts[key])
            old, digest = before.text if before else "", digest_of(getattr(row, key[1]))
            is_confirmed = before and key in confirmed and before.source_digest != digest
            if text == old and not is_confirmed:
                continue
            write(work, key, text, digest, by)
            changes.append({"part": row._meta.model_name, "uid": key[0], "field": key[1], "old": old, "new": text})
        if changes:
            record(Verb.SAVE, work, by, changes=changes)
    return changes


def write(work: Work, key: Key, text: str, digest: str, by: User) -> None:
    """Put this text in work, or take away what was, where that leads back to what is public."""
    row, public = work.in_work.get(key), work.reviewed.get(key)
    if (text, digest) == ((public.text, public.source_digest) if public else ("", digest)):
        if row:
            row.delete()
        return
    uid, field = key
    row = row or Translation(visit=work.visit, child_uid=uid, field=field, language=work.language)
    row.text, row.source_digest, row.state = text, digest, work.state or TranslationState.DRAFT
    # The system account loads what people have written: it has no hand in it.
    row.made_by = None if by.is_system else by
    row.save()


def submit(visit: Visit, language: str, *, by: User, note: str = "", seen: int | None = None) -> None:
    """Ask for a second person's review."""
    move(Verb.SUBMIT, TranslationState.IN_REVIEW, visit, language, by, note, seen)


def send_back(visit: Visit, language: str, *, by: User, note: str, seen: int | None = None) -> None:
    """Return to the translator, with the reason."""
    move(Verb.SEND_BACK, TranslationState.DRAFT, visit, language, by, note, seen)


def review(visit: Visit, language: str, *, by: User, note: str = "", seen: int | None = None) -> None:
    """Approve and show to the public, in place of what it read before."""
    with locked(visit, language, seen) as work:
        demand(Verb.REVIEW, work, by, note)
        for key, row in work.in_work.items():
            if key in work.reviewed:
                work.reviewed[key].delete()
            if row.text:
                row.state, row.reviewed_by = TranslationState.REVIEWED, by
                row.save()
            else:
                row.delete()
        indexing.write(work.edition)
        record(Verb.REVIEW, work, by, note, generation=Generation.raise_by_one())


ACTIONS = {Verb.SUBMIT: submit, Verb.SEND_BACK: send_back, Verb.REVIEW: review}


def move(verb: Verb, state: TranslationState, visit: Visit, language: str, by: User, note: str, seen: int | None):
    with locked(visit, language, seen) as work:
        demand(verb, work, by, note)
        for row in work.in_work.values():
            row.state = state
            row.save()
        record(verb, work, by, note)


@contextmanager
def locked(visit: Visit, language: str, seen: int | None):
    """What is stored of the translation, with its visit locked until the transaction ends."""
    with transaction.atomic():
        Visit.objects.select_for_update().get(pk=visit.pk)
        work = Work(visit, language)
        latest = work.events.latest_pk()
        if seen is not None and seen != latest:
            raise StaleVersion(row=work, held=seen, stored=latest)
        yield work


def demand(verb: Verb, work: Work, user: User, note: str = "") -> None:
    if reasons := why_not(verb, work, user, note):
        raise Refused(reasons)


def record(verb: Verb, work: Work, by: User, note: str = "", changes=(), generation=None) -> None:
    # Before its event: approval ends what is in work, and with it who had a hand in it.
    notices.tell_of_translation(verb, work, by, note)
    Event.objects.create(
        actor=by,
        actor_name=str(by),
        verb=verb,
        visit=work.visit,
        subject=called(work),
        subject_model=f"translation {work.language}",
        subject_pk=work.visit.pk,
        note=note.strip(),
        changes=list(changes),
        generation=generation,
    )


def clean(row, key: Key, text: str) -> str:
    """The text as the original's own column would hold it."""
    field = row._meta.get_field(key[1])
    return (field.get_prep_value(text) or "").replace("\r\n", "\n").strip()
