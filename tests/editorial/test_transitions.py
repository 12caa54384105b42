"""Every transition, tried by every role, in every state, by who worked on the edition and by who did not."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from tests.factories import advance, make_country, make_document, make_edition, make_next_edition, make_user
from tests.register import everything, undone
from visits.editorial import actions, rules
from visits.enums import CONTRIBUTING, WORKING, Role, State, Verb
from visits.exceptions import Refused, StaleVersion
from visits.models import DocumentLink, Edition, Event, Generation, Segment, User

pytestmark = pytest.mark.django_db

SUPERUSER, SYSTEM = "superuser", "system"
ROLES = (None, *Role, SUPERUSER, SYSTEM)
OTHER, CONTRIBUTOR = "other person", "contributor"

# In each cell what comes of trying it; the columns are in the order of ROLES.
DONE = "+"
REFUSALS = {
    "s": "wrong_state",
    "p": "permission_required",
    "2": "second_person_required",
    "o": "not_own_work",
    "n": "nothing_to_approve",
    "c": "not_claimed",
}
NOT_OFFERED = "sponc"
TABLE = """
                            other person   contributor
                            - a e A S s    - a e A S s

save          draft         p + + + + +    p + + + + +
save          in-review     p p + + + +    p p + + + +
save          scheduled     s s s s s s    s s s s s s
save          published     s s s s s s    s s s s s s
save          superseded    s s s s s s    s s s s s s
save          withheld      s s s s s s    s s s s s s
save          withdrawn     s s s s s s    s s s s s s
save          discarded     s s s s s s    s s s s s s

submit        draft         p + + + + +    p + + + + +
submit        in-review     s s s s s s    s s s s s s
submit        scheduled     s s s s s s    s s s s s s
submit        published     s s s s s s    s s s s s s
submit        superseded    s s s s s s    s s s s s s
submit        withheld      s s s s s s    s s s s s s
submit        withdrawn     s s s s s s    s s s s s s
submit        discarded     s s s s s s    s s s s s s

send-back     draft         s s s s s s    s s s s s s
send-back     in-review     p p + + + +    p p + + + +
send-back     scheduled     s s s s s s    s s s s s s
send-back     published     s s s s s s    s s s s s s
send-back     superseded    s s s s s s    s s s s s s
send-back     withheld      s s s s s s    s s s s s s
send-back     withdrawn     s s s s s s    s s s s s s
send-back     discarded     s s s s s s    s s s s s s

publish       draft         s s s s s s    s s s s s s
publish       in-review     p p + + + +    p p 2 2 2 +
publish       scheduled     p p + + + +    p p 2 2 2 +
publish       published     s s s s s s    s s s s s s
publish       superseded    s s s s s s    s s s s s s
publish       withheld      s s s s s s    s s s s s s
publish       withdrawn     s s s s s s    s s s s s s
publish       discarded     s s s s s s    s s s s s s

schedule      draft         s s s s s s    s s s s s s
schedule      in-review     p p + + + +    p p 2 2 2 +
schedule      scheduled     s s s s s s    s s s s s s
schedule      published     s s s s s s    s s s s s s
schedule      superseded    s s s s s s    s s s s s s
schedule      withheld      s s s s s s    s s s s s s
schedule      withdrawn     s s s s s s    s s s s s s
schedule      discarded     s s s s s s    s s s s s s

unschedule    draft         s s s s s s    s s s s s s
unschedule    in-review     s s s s s s    s s s s s s
unschedule    scheduled     p p + + + +    p p + + + +
unschedule    published     s s s s s s    s s s s s s
unschedule    superseded    s s s s s s    s s s s s s
unschedule    withheld      s s s s s s    s s s s s s
unschedule    withdrawn     s s s s s s    s s s s s s
unschedule    discarded     s s s s s s    s s s s s s

force-publish draft         s s s s s s    s s s s s s
force-publish in-review     p p p o o o    p p p + + +
force-publish scheduled     s s s s s s    s s s s s s
force-publish published     s s s s s s    s s s s s s
force-publish superseded    s s s s s s    s s s s s s
force-publish withheld      s s s s s s    s s s s s s
force-publish withdrawn     s s s s s s    s s s s s s
force-publish discarded     s s s s s s    s s s s s s

approve       draft         s s s s s s    s s s s s s
approve       in-review     s s s s s s    s s s s s s
approve       scheduled     s s s s s s    s s s s s s
approve       published     p p n n n n    p p n n n n
approve       superseded    p p n n n n    p p n n n n
approve       withheld      s s s s s s    s s s s s s
approve       withdrawn     s s s s s s    s s s s s s
approve       discarded     s s s s s s    s s s s s s

discard       draft         p + + + + +    p + + + + +
discard       in-review     p p + + + +    p p + + + +
discard       scheduled     s s s s s s    s s s s s s
discard       published     s s s s s s    s s s s s s
discard       superseded    s s s s s s    s s s s s s
discard       withheld      s s s s s s    s s s s s s
discard       withdrawn     s s s s s s    s s s s s s
discard       discarded     s s s s s s    s s s s s s

new-edition   draft         s s s s s s    s s s s s s
new-edition   in-review     s s s s s s    s s s s s s
new-edition   scheduled     s s s s s s    s s s s s s
new-edition   published     p + + + + +    p + + + + +
new-edition   superseded    s s s s s s    s s s s s s
new-edition   withheld      s s s s s s    s s s s s s
new-edition   withdrawn     p + + + + +    p + + + + +
new-edition   discarded     s s s s s s    s s s s s s

restore       draft         s s s s s s    s s s s s s
restore       in-review     s s s s s s    s s s s s s
restore       scheduled     s s s s s s    s s s s s s
restore       published     s s s s s s    s s s s s s
restore       superseded    p + + + + +    p + + + + +
restore       withheld      s s s s s s    s s s s s s
restore       withdrawn     p + + + + +    p + + + + +
restore       discarded     p + + + + +    p + + + + +

withdraw      draft         s s s s s s    s s s s s s
withdraw      in-review     s s s s s s    s s s s s s
withdraw      scheduled     s s s s s s    s s s s s s
withdraw      published     p p + + + +    p p + + + +
withdraw      superseded    s s s s s s    s s s s s s
withdraw      withheld      s s s s s s    s s s s s s
withdraw      withdrawn     s s s s s s    s s s s s s
withdraw      discarded     s s s s s s    s s s s s s

withhold      draft         s s s s s s    s s s s s s
withhold      in-review     s s s s s s    s s s s s s
withhold      scheduled     s s s s s s    s s s s s s
withhold      published     s s s s s s    s s s s s s
withhold      superseded    p p p + + +    p p p + + +
withhold      withheld      s s s s s s    s s s s s s
withhold      withdrawn     s s s s s s    s s s s s s
withhold      discarded     s s s s s s    s s s s s s

release       draft         s s s s s s    s s s s s s
release       in-review     s s s s s s    s s s s s s
release       scheduled     s s s s s s    s s s s s s
release       published     s s s s s s    s s s s s s
release       superseded    s s s s s s    s s s s s s
release       withheld      p p p + + +    p p p + + +
release       withdrawn     s s s s s s    s s s s s s
release       discarded     s s s s s s    s s s s s s

claim         draft         s s s s s s    s s s s s s
claim         in-review     p p + + + +    p p + + + +
claim         scheduled     s s s s s s    s s s s s s
claim         published     s s s s s s    s s s s s s
claim         superseded    s s s s s s    s s s s s s
claim         withheld      s s s s s s    s s s s s s
claim         withdrawn     s s s s s s    s s s s s s
claim         discarded     s s s s s s    s s s s s s

unclaim       draft         s s s s s s    s s s s s s
unclaim       in-review     p p c c c c    p p c c c c
unclaim       scheduled     s s s s s s    s s s s s s
unclaim       published     s s s s s s    s s s s s s
unclaim       superseded    s s s s s s    s s s s s s
unclaim       withheld      s s s s s s    s s s s s s
unclaim       withdrawn     s s s s s s    s s s s s s
unclaim       discarded     s s s s s s    s s s s s s
"""
# Where the edition stands after a success; absent where it stays as it was.
LEADS_TO = {
    Verb.SUBMIT: State.IN_REVIEW,
    Verb.SEND_BACK: State.DRAFT,
    Verb.PUBLISH: State.PUBLISHED,
    Verb.SCHEDULE: State.SCHEDULED,
    Verb.UNSCHEDULE: State.IN_REVIEW,
    Verb.FORCE_PUBLISH: State.PUBLISHED,
    Verb.DISCARD: State.DISCARDED,
    Verb.WITHDRAW: State.WITHDRAWN,
    Verb.WITHHOLD: State.WITHHELD,
    Verb.RELEASE: State.SUPERSEDED,
}
OPENS_A_DRAFT = (Verb.NEW_EDITION, Verb.RESTORE)
PUBLIC = (Verb.PUBLISH, Verb.FORCE_PUBLISH, Verb.WITHDRAW, Verb.WITHHOLD, Verb.RELEASE)
# What some actions ask for besides a note.
DETAILS = {Verb.SCHEDULE: {"moment": timezone.now() + timedelta(days=1), "zone": "Asia/Kathmandu"}}


def read_table() -> dict:
    rows = [line.split() for line in TABLE.splitlines() if line.strip()][2:]
    columns = [(hand, role) for hand in (OTHER, CONTRIBUTOR) for role in ROLES]
    return {
        (Verb(verb), State(state), hand, role): cell
        for verb, state, *cells in rows
        for (hand, role), cell in zip(columns, cells, strict=True)
    }


EXPECTED = read_table()
CELLS = [
    (verb, state, hand, role)
    for verb in rules.TRANSITIONS
    for state in State
    for hand in (OTHER, CONTRIBUTOR)
    for role in ROLES
]


def name_of(cell) -> str:
    return "-".join(str(part or "nobody").replace(" ", "-") for part in cell)


def contributed_by(staff) -> Edition:
    """A complete draft on which every one of `staff` worked."""
    edition = make_edition(by=make_user())
    for user in staff:
        with actions.saving(edition, by=user):
            edition.aim = f"As {user} understands it."
            edition.save()
    return edition


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """People by role, and an edition for each state and hand. Each cell is tried in a savepoint."""
    with django_db_blocker.unblock(), undone():
        staff = {role: make_user(Role.AUTHOR) for role in (None, *Role)}
        staff[SUPERUSER] = make_user(None, is_superuser=True)
        staff[SYSTEM] = User.objects.system()
        editions = {
            (state, hand): advance(contributed_by(staff.values() if hand == CONTRIBUTOR else ()), state).pk
            for state in State
            for hand in (OTHER, CONTRIBUTOR)
        }
        for role in (None, *Role):
            # Everybody wrote as an author; what a person may do is asked by the role held today.
            staff[role].groups.set(Group.objects.filter(name=role))
        yield {role: user.pk for role, user in staff.items()}, editions


@pytest.fixture
def cell_of(world):
    people, editions = world

    def find(state, hand, role):
        return Edition.objects.get(pk=editions[state, hand]), User.objects.get(pk=people[role])

    return find


def attempt(verb: Verb, edition: Edition, user: User) -> Edition:
    if verb == Verb.SAVE:
        with actions.saving(edition, by=user):
            edition.title = "As it was saved."
            edition.save()
        return edition
    return actions.ACTIONS[verb](edition, by=user, note="The reason.", version=edition.version, **DETAILS.get(verb, {}))


def test_table_has_a_row_for_every_cell_and_no_other():
    assert set(EXPECTED) == set(CELLS)


@pytest.mark.parametrize("cell", CELLS, ids=name_of)
def test_transition_does_what_the_table_says(cell_of, cell):
    verb, state, hand, role = cell
    edition, user = cell_of(state, hand, role)
    before, last_event = everything(), Event.objects.order_by("pk").last().pk
    generation = Generation.current()

    if EXPECTED[cell] != DONE:
        with pytest.raises(Refused) as refused:
            attempt(verb, edition, user)

        assert [reason.code for reason in refused.value.reasons] == [REFUSALS[EXPECTED[cell]]]
        assert everything() == before
        return

    result = attempt(verb, edition, user)

    edition.refresh_from_db()
    assert edition.state == LEADS_TO.get(verb, state)
    if verb in OPENS_A_DRAFT:
        assert (result.state, result.visit, result.copied_from) == (State.DRAFT, edition.visit, edition)
    else:
        assert result == edition
    events = Event.objects.filter(pk__gt=last_event).values_list("verb", "actor", "edition", "visit")
    assert list(events) == [(verb, user.pk, result.pk, edition.visit_id)]
    assert Generation.current() - generation == (verb in PUBLIC)


@pytest.mark.parametrize("role", ROLES, ids=str)
@pytest.mark.parametrize("hand", [OTHER, CONTRIBUTOR])
@pytest.mark.parametrize("state", State)
def test_what_is_offered_is_what_role_and_state_allow(cell_of, state, hand, role):
    edition, user = cell_of(state, hand, role)

    offered = {option.verb: [reason.code for reason in option.reasons] for option in rules.available(edition, user)}

    expected = {verb: EXPECTED[verb, state, hand, role] for verb in rules.TRANSITIONS}
    assert offered == {
        verb: [] if cell == DONE else [REFUSALS[cell]] for verb, cell in expected.items() if cell not in NOT_OFFERED
    }


@pytest.mark.parametrize(("role", "may"), [(role, role is not None) for role in ROLES])
def test_a_visit_is_started_by_whoever_may_add_editions(role, may):
    user = {
        SUPERUSER: lambda: make_user(None, is_superuser=True),
        SYSTEM: User.objects.system,
    }.get(role, lambda: make_user(role))()
    country = make_country()
    before = everything()

    if may:
        edition = actions.start_draft(country, by=user)

        assert (edition.state, edition.visit.country) == (State.DRAFT, country)
        assert list(edition.visit.events.values_list("verb", "actor", "edition")) == [(Verb.START, user.pk, edition.pk)]
    else:
        with pytest.raises(Refused) as refused:
            actions.start_draft(country, by=user)

        assert codes(refused) == ["permission_required"]
        assert everything() == before


# Conditions, one by one


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def refused_for(verb, edition, user, **kwargs) -> list[tuple[str, str]]:
    """Codes and fields of the reasons for a refusal that changed nothing."""
    before = everything()
    with pytest.raises(Refused) as refused:
        actions.ACTIONS[verb](edition, by=user, **DETAILS.get(verb, {}) | kwargs)
    assert everything() == before
    return [(reason.code, reason.data.get("field")) for reason in refused.value.reasons]


ASKING_FOR_COMPLETENESS = [
    (Verb.SUBMIT, State.DRAFT),
    *((verb, State.IN_REVIEW) for verb in (Verb.PUBLISH, Verb.SCHEDULE)),
]
LACKING = {
    "title": lambda edition: setattr(edition, "title", " "),
    "summary": lambda edition: setattr(edition, "summary", "\n"),
    "segments": lambda edition: edition.segments.all().delete(),
    "documentlinks": lambda edition: edition.documentlinks.all().delete(),
}


def take_away(edition, fields):
    with actions.saving(edition, by=User.objects.system()):
        for field in fields:
            LACKING[field](edition)
        edition.save()


@pytest.mark.parametrize("fields", [*([field] for field in LACKING), list(LACKING)], ids=", ".join)
@pytest.mark.parametrize(("verb", "state"), ASKING_FOR_COMPLETENESS)
def test_an_incomplete_edition_is_refused_with_everything_it_lacks(verb, state, fields):
    edition = make_edition(state)
    take_away(edition, fields)

    assert refused_for(verb, edition, make_user(Role.EDITOR)) == [("incomplete", field) for field in fields]


def test_a_segment_without_dates_is_no_date():
    edition = make_edition()
    with actions.saving(edition, by=User.objects.system()):
        edition.segments.all().delete()
        Segment.objects.create(edition=edition, places="Copenhagen")

    assert refused_for(Verb.SUBMIT, edition, make_user()) == [("incomplete", "segments")]


@pytest.mark.parametrize(("verb", "state"), ASKING_FOR_COMPLETENESS)
@pytest.mark.parametrize("first", [State.PUBLISHED, State.WITHDRAWN])
def test_a_change_note_is_required_from_the_second_edition_on(first, verb, state):
    edition = actions.new_edition(make_edition(first), by=User.objects.system())
    if state == State.IN_REVIEW:
        with actions.saving(edition, by=User.objects.system()):
            edition.change_note = "Corrected."
            edition.save()
        edition = advance(edition, state)
        with actions.saving(edition, by=User.objects.system()):
            edition.change_note = " "
            edition.save()

    assert refused_for(verb, edition, make_user(Role.EDITOR)) == [("change_note_required", "change_note")]


def test_a_first_edition_needs_no_change_note_even_after_one_was_discarded():
    edition = actions.restore(make_edition(State.DISCARDED), by=User.objects.system())

    assert advance(edition, State.PUBLISHED).number == 1


@pytest.mark.parametrize("work", WORKING)
@pytest.mark.parametrize(
    ("verb", "state"),
    [
        (Verb.NEW_EDITION, State.PUBLISHED),
        (Verb.NEW_EDITION, State.WITHDRAWN),
        (Verb.RESTORE, State.SUPERSEDED),
        (Verb.RESTORE, State.WITHDRAWN),
    ],
)
def test_a_second_edition_in_work_is_refused(verb, state, work):
    edition = make_edition(state)
    latest = edition.visit.editions.order_by("-number").first()
    make_next_edition(latest, work)

    assert refused_for(verb, edition, make_user()) == [("working_edition_exists", None)]


def test_a_discarded_edition_is_not_restored_beside_one_in_work():
    discarded = make_edition(State.DISCARDED)
    actions.restore(discarded, by=User.objects.system())

    assert refused_for(Verb.RESTORE, discarded, make_user()) == [("working_edition_exists", None)]


def test_only_the_latest_of_withdrawn_editions_opens_a_new_one_and_any_is_restored():
    first = make_edition(State.SUPERSEDED)
    second = actions.withdraw(first.visit.editions.get(number=2), by=User.objects.system(), note="Wrong.")
    author = make_user()

    assert refused_for(Verb.NEW_EDITION, first, author) == [("newer_edition_exists", None)]
    assert [codes_of(Verb.NEW_EDITION, second, author), codes_of(Verb.RESTORE, first, author)] == [[], []]


def codes_of(verb, edition, user, note=None) -> list[str]:
    edition.refresh_from_db()
    return [reason.code for reason in rules.why_not(verb, edition, user, note)]


@pytest.mark.parametrize("note", ["", " \n\t"])
@pytest.mark.parametrize("verb", [verb for verb, transition in rules.TRANSITIONS.items() if transition.reason_required])
def test_a_reason_is_required_and_asked_for_only_when_it_is_time(verb, note):
    state, administrator = next(iter(rules.TRANSITIONS[verb].permissions)), make_user(Role.ADMINISTRATOR)
    edition = make_edition(state, by=administrator)

    assert refused_for(verb, edition, administrator, note=note) == [("note_required", "note")]
    assert codes_of(verb, edition, administrator) == []


def test_all_reasons_are_told_at_once():
    editor = make_user(Role.EDITOR)
    edition = actions.new_edition(make_edition(State.PUBLISHED), by=editor)
    with actions.saving(edition, by=editor):
        edition.title, edition.change_note = "", "Corrected."
        edition.save()
        edition.documentlinks.all().delete()
    Edition.objects.filter(pk=edition.pk).update(state=State.IN_REVIEW, change_note="")

    assert refused_for(Verb.PUBLISH, edition, editor) == [
        ("second_person_required", None),
        ("incomplete", "title"),
        ("incomplete", "documentlinks"),
        ("change_note_required", "change_note"),
    ]


def test_every_rule_has_an_action_and_every_action_a_rule():
    assert {*actions.ACTIONS, Verb.SAVE} == set(rules.TRANSITIONS)


# Publishing without a second person


def forced(by=None):
    """An edition that an administrator published without a second person."""
    by = by or make_user(Role.ADMINISTRATOR)
    edition = make_edition(State.IN_REVIEW, by=by)
    return actions.force_publish(edition, by=by, note="It cannot wait until Monday.")


def test_what_was_forced_is_public_and_awaits_the_approval_of_another_person():
    edition, editor = forced(), make_user(Role.EDITOR)
    assert (edition.state, list(Edition.objects.awaiting_approval())) == (State.PUBLISHED, [edition])

    actions.approve(edition, by=editor, note="Read and found right.")

    assert list(Edition.objects.awaiting_approval()) == []
    told = edition.events.order_by("pk").values_list("verb", "actor", "note")
    assert list(told)[-1] == (Verb.APPROVE, editor.pk, "Read and found right.")
    assert list(told)[-2][::2] == (Verb.FORCE_PUBLISH, "It cannot wait until Monday.")


def test_who_forced_it_or_worked_on_it_does_not_approve_it():
    administrator, helper = make_user(Role.ADMINISTRATOR), make_user(Role.EDITOR)
    edition = make_edition(State.IN_REVIEW, by=administrator)
    with actions.saving(edition, by=helper):
        edition.aim = "As the helper understands it."
        edition.save()
    edition = actions.force_publish(edition, by=administrator, note="It cannot wait.")

    for user in (administrator, helper):
        assert refused_for(Verb.APPROVE, edition, user) == [("second_person_required", None)]
        assert [option.verb for option in rules.available(edition, user)].count(Verb.APPROVE) == 1
    assert actions.approve(edition, by=make_user(Role.EDITOR)).awaits_approval is False


def test_completeness_is_demanded_of_what_is_forced_too():
    administrator = make_user(Role.ADMINISTRATOR)
    edition = make_edition(State.IN_REVIEW, by=administrator)
    take_away(edition, LACKING)

    expected = [("incomplete", field) for field in LACKING]
    assert refused_for(Verb.FORCE_PUBLISH, edition, administrator, note="Now.") == expected


def test_superseded_it_still_awaits_approval_and_withdrawn_no_more():
    edition = forced()
    latest = make_next_edition(edition)
    assert list(Edition.objects.awaiting_approval()) == [Edition.objects.get(pk=edition.pk)]

    actions.withdraw(latest, by=User.objects.system(), note="Wrong.")

    assert list(Edition.objects.awaiting_approval()) == []


# The second pair of eyes


def start(editor):
    edition = actions.start_draft(make_country(), by=editor, title="A visit")
    with actions.saving(edition, by=User.objects.system()):
        edition.summary = "What it was about."
        edition.save()
        Segment.objects.create(edition=edition, start="2018")
        DocumentLink.objects.create(edition=edition, document=make_document())
    return edition


def save(editor):
    edition = make_edition()
    with actions.saving(edition, by=editor):
        edition.segments.get().delete()
        Segment.objects.create(edition=edition, start="2019")
    return edition


def noted(edition):
    with actions.saving(edition, by=User.objects.system()):
        edition.change_note = "Corrected."
        edition.save()
    return edition


CONTRIBUTIONS = {
    Verb.START: start,
    Verb.SAVE: save,
    Verb.NEW_EDITION: lambda editor: noted(actions.new_edition(make_edition(State.PUBLISHED), by=editor)),
    Verb.RESTORE: lambda editor: noted(actions.restore(make_edition(State.SUPERSEDED), by=editor)),
}


@pytest.mark.parametrize("verb", CONTRIBUTING)
def test_each_way_of_working_on_an_edition_excludes_from_publishing_it(verb):
    editor, second = make_user(Role.EDITOR), make_user(Role.EDITOR)
    edition = advance(CONTRIBUTIONS[verb](editor), State.IN_REVIEW)

    assert refused_for(Verb.PUBLISH, edition, editor) == [("second_person_required", None)]
    assert actions.publish(edition, by=second).state == State.PUBLISHED


def test_who_submits_or_sends_back_did_not_write():
    editor = make_user(Role.EDITOR)
    edition = actions.submit(make_edition(), by=editor)
    edition = actions.send_back(edition, by=editor, note="The title is wrong.")
    edition = actions.submit(edition, by=editor)

    assert actions.publish(edition, by=editor).state == State.PUBLISHED


def test_whoever_edits_during_the_review_needs_another_reviewer():
    edition, editor = make_edition(State.IN_REVIEW), make_user(Role.EDITOR)
    with actions.saving(edition, by=editor):
        edition.summary = "What the reviewer thinks it was about."
        edition.save()

    assert refused_for(Verb.PUBLISH, edition, editor) == [("second_person_required", None)]


def test_opening_and_saving_without_a_change_is_no_work_on_it():
    edition, editor = make_edition(State.IN_REVIEW), make_user(Role.EDITOR)
    with actions.saving(edition, by=editor):
        edition.save()

    assert actions.publish(edition, by=editor).state == State.PUBLISHED


def test_discarding_and_having_it_restored_does_not_launder_ones_own_text():
    writer, helper, third = make_user(Role.EDITOR), make_user(Role.AUTHOR), make_user(Role.EDITOR)
    discarded = actions.discard(make_edition(by=writer), by=writer)
    edition = actions.submit(actions.restore(discarded, by=helper), by=helper)

    assert refused_for(Verb.PUBLISH, edition, writer) == [("second_person_required", None)]
    assert actions.publish(edition, by=third).state == State.PUBLISHED


def test_who_wrote_a_published_edition_may_publish_what_others_made_of_it():
    writer = make_user(Role.EDITOR)
    edition = make_next_edition(make_edition(State.PUBLISHED, by=writer), State.IN_REVIEW)

    assert actions.publish(edition, by=writer).number == 2


@pytest.mark.parametrize("verb", actions.ACTIONS)
def test_a_stale_version_is_refused_before_anything_else(verb):
    state = next(iter(rules.TRANSITIONS[verb].permissions))
    edition, nobody = make_edition(state), make_user(None)
    before = everything()

    with pytest.raises(StaleVersion) as stale:
        actions.ACTIONS[verb](edition, by=nobody, note="Why", version=edition.version - 1, **DETAILS.get(verb, {}))

    assert (stale.value.data["held"], stale.value.data["stored"]) == (edition.version - 1, edition.version)
    assert everything() == before


def test_what_was_published_in_an_emergency_and_taken_back_is_still_nobody_elses_work():
    author = make_user(Role.ADMINISTRATOR)
    edition = actions.force_publish(make_edition(State.IN_REVIEW, by=author), by=author, note="Urgent.")
    edition = actions.withdraw(edition, by=make_user(Role.EDITOR), note="Too early.")
    again = actions.restore(edition, by=make_user(Role.EDITOR))

    assert "second_person_required" in [reason.code for reason in rules.second_person(again, author)]
