"""Every step of a translation, tried by every role, in every state, by who worked on it and by who did not."""

import pytest
from django.contrib.auth.models import Group

from tests.factories import make_edition, make_user, translate
from tests.register import everything, undone
from visits.editorial import translating
from visits.editorial.translating import STEPS, Work
from visits.enums import Role, State, TranslationState, Verb
from visits.exceptions import Refused
from visits.models import Edition, Generation, User

pytestmark = pytest.mark.django_db

DRAFT, IN_REVIEW, REVIEWED = TranslationState
ROLES = (None, *Role, "superuser", "system")
REFUSALS = {"s": "wrong_state", "p": "permission_required", "2": "second_person_required"}
# What comes of each step, by the state of what is in work; "n" is nothing in work. Columns are in the order of ROLES.
TABLE = """
                       other person   contributor
                       - a e A S s    - a e A S s
save      n            p + + + + +    p + + + + +
save      draft        p + + + + +    p + + + + +
save      in-review    p p + + + +    p p + + + +
submit    n            s s s s s s    s s s s s s
submit    draft        p + + + + +    p + + + + +
submit    in-review    s s s s s s    s s s s s s
send-back n            s s s s s s    s s s s s s
send-back draft        s s s s s s    s s s s s s
send-back in-review    p p + + + +    p p + + + +
review    n            s s s s s s    s s s s s s
review    draft        s s s s s s    s s s s s s
review    in-review    p p + + + +    p p 2 2 2 +
"""
LEADS_TO = {Verb.SUBMIT: IN_REVIEW, Verb.SEND_BACK: DRAFT, Verb.REVIEW: None}


def read_table() -> dict:
    rows = [line.split() for line in TABLE.splitlines() if line.strip()][2:]
    columns = [(hand, role) for hand in ("other", "contributor") for role in ROLES]
    return {
        (Verb(verb), None if state == "n" else TranslationState(state), *column): cell
        for verb, state, *cells in rows
        for column, cell in zip(columns, cells, strict=True)
    }


CELLS = read_table()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """People by role, and a visit for each state of its translation and each hand."""
    with django_db_blocker.unblock(), undone():
        staff = {role: make_user(Role.AUTHOR) for role in (None, *Role)}
        staff["superuser"] = make_user(None, is_superuser=True)
        staff["system"] = User.objects.system()
        visits = {}
        for state in (None, DRAFT, IN_REVIEW):
            for hand in ("other", "contributor"):
                edition = make_edition(State.PUBLISHED)
                for number, user in enumerate(staff.values() if hand == "contributor" and state else ()):
                    translate(edition, state=DRAFT, by=user, texts={"title": f"Visite {number}"})
                if state:
                    translate(edition, state=state, texts={"summary": "De quoi il s’agit."})
                visits[state, hand] = edition.visit.pk
        for role in (None, *Role):
            # Everybody wrote as an author; what a person may do is asked by the role held today.
            staff[role].groups.set(Group.objects.filter(name=role))
        yield {role: user.pk for role, user in staff.items()}, visits


def attempt(verb: Verb, edition: Edition, user: User) -> None:
    if verb == Verb.SAVE:
        texts = {(str(edition.visit.uid), "title"): "Autrement"}
        translating.save(edition.visit, "fr", texts, edition, by=user)
    else:
        translating.ACTIONS[verb](edition.visit, "fr", by=user, note="The reason.")


def test_table_has_a_row_for_every_step_in_every_state():
    assert {(verb, state) for verb, state, *_who in CELLS} == {
        (verb, state) for verb in STEPS for state in (None, DRAFT, IN_REVIEW)
    }


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: "-".join(str(part or "nothing") for part in cell))
def test_step_does_what_the_table_says(world, cell):
    verb, state, hand, role = cell
    edition = Edition.objects.get(visit=world[1][state, hand])
    user = User.objects.get(pk=world[0][role])
    before, generation = everything(), Generation.current()
    offered = [option for option in translating.available(Work(edition.visit, "fr"), user) if option.verb == verb]

    if CELLS[cell] != "+":
        with pytest.raises(Refused) as refused:
            attempt(verb, edition, user)

        assert [reason.code for reason in refused.value.reasons] == [REFUSALS[CELLS[cell]]]
        assert everything() == before
        # What the role or the state rules out is not offered at all.
        assert [[reason.code for reason in option.reasons] for option in offered] == (
            [["second_person_required"]] if CELLS[cell] == "2" else []
        )
        return

    attempt(verb, edition, user)

    assert [option.reasons for option in offered] == ([[]] if verb != Verb.SAVE else [])
    work = Work(edition.visit, "fr")
    assert work.state == LEADS_TO.get(verb, state or DRAFT)
    event = work.events.latest("pk")
    assert (event.verb, event.actor_id, event.visit_id) == (verb, user.pk, edition.visit_id)
    assert Generation.current() - generation == (verb == Verb.REVIEW)
    assert event.generation == (Generation.current() if verb == Verb.REVIEW else None)
