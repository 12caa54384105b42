"""What may be done to an edition, by whom, and why not. Buttons, views and actions all ask here."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max

from visits.enums import CONTRIBUTING, State, Verb
from visits.exceptions import (
    ChangeNoteRequired,
    ClaimedAlready,
    Inconsistent,
    NewerEditionExists,
    NotClaimed,
    NoteRequired,
    NothingToApprove,
    NotOwnWork,
    PermissionRequired,
    Refused,
    RegisterError,
    SecondApproverRequired,
    SecondPersonRequired,
    UnexplainedWarnings,
    WorkingEditionExists,
    WrongState,
)
from visits.models import Edition, Event, User
from visits.models.content import whole

from . import checks


def contributors(edition: Edition) -> set[int]:
    """Who had a hand in this edition's content, by starting it or by saving any change to it: their primary keys."""
    events = Event.objects.filter(edition=edition, verb__in=CONTRIBUTING)
    people = set(events.exclude(actor=None).values_list("actor", flat=True))
    # What nobody approved, discarded or published in an emergency, still is the work of who wrote it.
    source = edition.copied_from
    if source is not None and (source.number is None or source.awaits_approval):
        people |= contributors(source)
    return people


def is_contributor(edition: Edition, user: User) -> bool:
    return user.pk in contributors(edition)


def complete(edition, user) -> Iterable[RegisterError]:
    return checks.incomplete(edition)


def consistent(edition, user, note) -> Iterable[RegisterError]:
    # What the system account loads is what reviewed files say; `manage.py doctor` tells what the checks find in it.
    # What is missing is told as such, by `complete`.
    if user.is_system or any(checks.incomplete(edition)):
        return
    found = slips(edition)
    yield from (
        Inconsistent(sentence=slip.sentence, kind=slip.kind.value, field=slip.rows or slip.field, uid=slip.uid)
        for slip in found
        if slip.is_error
    )
    if (warnings := sum(not slip.is_error for slip in found)) and not note.strip():
        yield UnexplainedWarnings(count=warnings, field="note")


def slips(edition) -> list[checks.Slip]:
    """What the checks find in the edition as it is stored now."""
    return checks.slips(whole(Edition.objects.filter(pk=edition.pk)).get())


def second_person(edition, user) -> Iterable[RegisterError]:
    if not user.is_system and is_contributor(edition, user):
        yield SecondPersonRequired()


def second_approver(edition, user) -> Iterable[RegisterError]:
    if not user.is_system and is_contributor(edition, user):
        yield SecondApproverRequired()


def own_work(edition, user) -> Iterable[RegisterError]:
    if not is_contributor(edition, user):
        yield NotOwnWork()


def awaits_approval(edition, user) -> Iterable[RegisterError]:
    if not edition.awaits_approval:
        yield NothingToApprove()


def change_noted(edition, user) -> Iterable[RegisterError]:
    if not edition.change_note.strip() and edition.visit.editions.exclude(number=None).exists():
        yield ChangeNoteRequired(field="change_note")


def no_other_in_work(edition, user) -> Iterable[RegisterError]:
    if edition.visit.editions.working().exists():
        yield WorkingEditionExists()


def is_latest(edition, user) -> Iterable[RegisterError]:
    if edition.number != edition.visit.editions.aggregate(latest=Max("number"))["latest"]:
        yield NewerEditionExists()


def not_claimed_by_oneself(edition, user) -> Iterable[RegisterError]:
    if edition.claimed_by_id == user.pk:
        yield ClaimedAlready()


def claimed_by_oneself(edition, user) -> Iterable[RegisterError]:
    if edition.claimed_by_id != user.pk:
        yield NotClaimed()


@dataclass(frozen=True)
class Transition:
    """One way through the life of an edition.

    `permissions`: the permission needed in each state it may start from. `target`: the state it leads to, None where
    the edition keeps its state (saving) or another one is born (new edition, restore). `premises`: without them the
    step is not even offered; `conditions`: what a person is told still stands against it, asked for every button;
    `checks`, which read the whole record and the note, only once somebody takes the step.
    """

    permissions: dict[State, str]
    target: State | None
    conditions: tuple = ()
    checks: tuple = ()
    reason_required: bool = False
    premises: tuple = ()


CHANGE, ADD = "visits.change_edition", "visits.add_edition"
PUBLISH, WITHDRAW = "visits.publish_edition", "visits.withdraw_edition"
FORCE_PUBLISH, APPROVE = "visits.force_publish_edition", "visits.approve_edition"
WITHHOLD = "visits.withhold_edition"

READY = (complete, change_noted)
READY_TO_PUBLISH = (second_person, *READY)

TRANSITIONS: dict[Verb, Transition] = {
    Verb.SAVE: Transition({State.DRAFT: CHANGE, State.IN_REVIEW: PUBLISH}, None),
    Verb.SUBMIT: Transition({State.DRAFT: CHANGE}, State.IN_REVIEW, READY, (consistent,)),
    Verb.SEND_BACK: Transition({State.IN_REVIEW: PUBLISH}, State.DRAFT, reason_required=True),
    Verb.PUBLISH: Transition(
        {State.IN_REVIEW: PUBLISH, State.SCHEDULED: PUBLISH}, State.PUBLISHED, READY_TO_PUBLISH, (consistent,)
    ),
    Verb.SCHEDULE: Transition({State.IN_REVIEW: PUBLISH}, State.SCHEDULED, READY_TO_PUBLISH, (consistent,)),
    Verb.UNSCHEDULE: Transition({State.SCHEDULED: PUBLISH}, State.IN_REVIEW),
    Verb.FORCE_PUBLISH: Transition(
        {State.IN_REVIEW: FORCE_PUBLISH},
        State.PUBLISHED,
        READY,
        (consistent,),
        reason_required=True,
        premises=(own_work,),
    ),
    Verb.APPROVE: Transition(
        {State.PUBLISHED: APPROVE, State.SUPERSEDED: APPROVE}, None, (second_approver,), premises=(awaits_approval,)
    ),
    Verb.DISCARD: Transition({State.DRAFT: CHANGE, State.IN_REVIEW: PUBLISH}, State.DISCARDED),
    Verb.NEW_EDITION: Transition({State.PUBLISHED: ADD, State.WITHDRAWN: ADD}, None, (is_latest, no_other_in_work)),
    Verb.RESTORE: Transition(
        {State.SUPERSEDED: ADD, State.WITHDRAWN: ADD, State.DISCARDED: ADD}, None, (no_other_in_work,)
    ),
    Verb.WITHDRAW: Transition({State.PUBLISHED: WITHDRAW}, State.WITHDRAWN, reason_required=True),
    Verb.WITHHOLD: Transition({State.SUPERSEDED: WITHHOLD}, State.WITHHELD, reason_required=True),
    Verb.RELEASE: Transition({State.WITHHELD: WITHHOLD}, State.SUPERSEDED, reason_required=True),
    Verb.CLAIM: Transition({State.IN_REVIEW: PUBLISH}, None, premises=(not_claimed_by_oneself,)),
    Verb.UNCLAIM: Transition({State.IN_REVIEW: PUBLISH}, None, premises=(claimed_by_oneself,)),
}


def may(user: User, permission: str) -> bool:
    return user.is_system or user.has_perm(permission)


def why_not(verb: Verb, edition: Edition, user: User, note: str | None = None) -> list[RegisterError]:
    """Every reason that stands against it; empty when nothing does. `note` None: not asked for yet."""
    transition = TRANSITIONS[verb]
    permission = transition.permissions.get(edition.state)
    if permission is None:
        return [WrongState(state=edition.get_state_display(), done=verb.label)]
    if not may(user, permission):
        return [PermissionRequired(permission=permission)]
    if reasons := those_of(transition.premises, edition, user):
        return reasons
    reasons = those_of(transition.conditions, edition, user)
    if note is not None:
        reasons += [reason for check in transition.checks for reason in check(edition, user, note)]
    return [*reasons, *reason_given(transition.reason_required, note)]


def those_of(conditions: Iterable, edition: Edition, user: User) -> list[RegisterError]:
    return [reason for condition in conditions for reason in condition(edition, user)]


def reason_given(is_required: bool, note: str | None) -> Iterable[RegisterError]:
    if is_required and note is not None and not note.strip():
        yield NoteRequired(field="note")


def demand(verb: Verb, edition: Edition, user: User, note: str = "") -> None:
    """Raise Refused with every reason, if there is any."""
    if reasons := why_not(verb, edition, user, note):
        raise Refused(reasons)


@dataclass(frozen=True)
class Option:
    """A step that this person's role has in this state, and what still stands against it."""

    verb: Verb
    reasons: list[RegisterError]
    reason_required: bool


def available(edition: Edition, user: User) -> list[Option]:
    """The steps to offer. What the role, the state or a premise rules out is not listed at all."""
    return [
        Option(verb, why_not(verb, edition, user), transition.reason_required)
        for verb, transition in TRANSITIONS.items()
        if edition.state in transition.permissions
        and may(user, transition.permissions[edition.state])
        and not those_of(transition.premises, edition, user)
    ]
