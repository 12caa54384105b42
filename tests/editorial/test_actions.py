"""What each action leaves behind."""

import datetime
import uuid

import pytest
from django.db import connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import EXAMPLES, body, document, edition_example, fill_every_part, make_child, resolution, topic
from tests.factories import make_country, make_edition, make_next_edition, make_user
from tests.register import undone
from tests.searching import found
from visits.editorial import actions
from visits.enums import FROZEN, WORKING, Role, State, Verb
from visits.exceptions import Refused, StaleVersion
from visits.models import (
    CHILDREN,
    Country,
    DocumentLink,
    Edition,
    Event,
    Finding,
    Focus,
    Generation,
    Participation,
    Person,
    Resolution,
    ResolutionLink,
    SearchRow,
    Segment,
    User,
    Visit,
)
from visits.models.content import snapshot

pytestmark = pytest.mark.django_db


def system() -> User:
    return User.objects.system()


def last_event() -> Event:
    return Event.objects.order_by("pk").last()


# Publishing


def test_publication_is_dated_numbered_and_indexed():
    edition = make_edition(State.IN_REVIEW, title="A visit to Copenhagen")
    before = timezone.now()

    edition = actions.publish(edition, by=system(), note=" Checked. ")

    edition.refresh_from_db()
    assert (edition.state, edition.number, edition.superseded_at) == (State.PUBLISHED, 1, None)
    assert before <= edition.published_at <= timezone.now()
    row = SearchRow.objects.get()
    assert (row.visit, row.edition, row.title) == (edition.visit, edition, "a visit to copenhagen")
    event = last_event()
    assert (event.verb, event.note, event.subject) == (Verb.PUBLISH, "Checked.", str(edition))


def test_publish_supersedes_previous():
    first = make_edition(State.PUBLISHED)

    second = make_next_edition(first)

    first.refresh_from_db()
    assert (first.state, first.superseded_at) == (State.SUPERSEDED, second.published_at)
    assert (second.state, second.number) == (State.PUBLISHED, 2)
    assert SearchRow.objects.get().edition == second


def test_numbers_go_on_after_withdrawal_and_pass_over_discarded_editions():
    first = make_edition(State.PUBLISHED)
    actions.withdraw(first, by=system(), note="Wrong.")
    first.refresh_from_db()
    make_next_edition(first, State.DISCARDED)

    second = make_next_edition(first)

    assert list(first.visit.editions.values_list("number", "state")) == [
        (1, State.WITHDRAWN),
        (2, State.PUBLISHED),
        (None, State.DISCARDED),
    ]
    assert SearchRow.objects.get().edition == second


def test_slug_is_country_and_year_counted_from_the_second_on():
    visits = [make_edition(State.PUBLISHED, start="2018-05", end="").visit for _ in range(3)]
    other_year = make_edition(State.PUBLISHED, start="2019", end="").visit

    assert [visit.slug for visit in visits] == ["denmark-2018", "denmark-2018-2", "denmark-2018-3"]
    assert other_year.slug == "denmark-2019"


@pytest.mark.parametrize(
    ("periods", "slug"),
    [
        ([("2017-12-30", "2018-01-02")], "denmark-2017"),
        ([("", "2018-01-02")], "denmark-2018"),
        ([("2019", ""), ("2018-03", "2018-04")], "denmark-2018"),
        ([("", ""), ("2016", "")], "denmark-2016"),
    ],
)
def test_slug_has_the_year_of_the_first_known_bound(periods, slug):
    def fill(edition):
        edition.segments.all().delete()
        for start, end in periods:
            Segment.objects.create(edition=edition, start=start, end=end)

    assert make_edition(State.PUBLISHED, fill=fill).visit.slug == slug


def test_slug_stays_when_a_later_edition_corrects_the_year():
    edition = make_edition(State.PUBLISHED)

    later = make_next_edition(edition, fill=lambda fresh: fresh.segments.update(start="2016", end="2016"))

    later.visit.refresh_from_db()
    assert later.visit.slug == "denmark-2018"
    assert (later.earliest, later.latest) == (datetime.date(2016, 1, 1), datetime.date(2016, 12, 31))


def test_an_unpublished_visit_has_no_slug():
    assert {make_edition(state).visit.slug for state in (State.DRAFT, State.IN_REVIEW, State.DISCARDED)} == {None}


# Withdrawing


def test_withdrawal_takes_every_public_edition_and_leaves_what_is_in_work():
    first = make_edition(State.PUBLISHED)
    second = make_next_edition(first)
    draft = make_next_edition(second, State.DRAFT)

    withdrawn = actions.withdraw(second, by=system(), note=" Entered by mistake. ")

    editions = first.visit.editions.filter(number__gt=0)
    assert set(editions.values_list("state", "withdrawal_reason")) == {(State.WITHDRAWN, "Entered by mistake.")}
    assert len(set(editions.values_list("withdrawn_at", flat=True))) == 1
    assert withdrawn.withdrawn_at is not None
    draft.refresh_from_db()
    assert draft.state == State.DRAFT
    assert not SearchRow.objects.exists()
    assert (last_event().verb, last_event().edition, last_event().note) == (
        Verb.WITHDRAW,
        second,
        "Entered by mistake.",
    )


# Copies


@pytest.mark.parametrize(
    ("open_copy", "state"),
    [
        (actions.new_edition, State.PUBLISHED),
        (actions.new_edition, State.WITHDRAWN),
        (actions.restore, State.SUPERSEDED),
        (actions.restore, State.WITHDRAWN),
        (actions.restore, State.DISCARDED),
    ],
)
def test_copy_holds_all_that_the_source_holds_and_nothing_of_its_life(open_copy, state):
    source = make_edition(state, fill=fill_every_part, change_note="A note.")
    held = snapshot(source)

    fresh = open_copy(source, by=system())

    fresh.refresh_from_db()
    assert snapshot(fresh) == held == snapshot(source)
    assert {model for model, _ in held} == {"edition", *(model._meta.model_name for model in CHILDREN)}
    assert (fresh.earliest, fresh.latest) == (source.earliest, source.latest)
    assert (fresh.state, fresh.number, fresh.change_note, fresh.published_at) == (State.DRAFT, None, "", None)
    assert fresh.uid != source.uid


@pytest.mark.parametrize("model", CHILDREN)
def test_copied_rows_equal_their_sources_in_every_column_but_their_own_identity(model):
    source = make_edition(State.PUBLISHED, fill=fill_every_part)
    own = {"id", "edition_id", "version"}

    fresh = actions.new_edition(source, by=system())

    def columns(edition):
        rows = model.objects.filter(edition=edition).order_by("position", "uid").values()
        return [{name: value for name, value in row.items() if name not in own} for row in rows]

    assert columns(fresh) == columns(source) != []
    assert set(model.objects.filter(edition=fresh).values_list("version", flat=True)) == {1}


@settings(max_examples=15)
@given(st.dictionaries(st.sampled_from(CHILDREN), st.integers(1, 2)), st.integers(0, 1))
def test_any_content_is_copied_and_changing_the_copy_leaves_the_source(counts, which):
    def fill(edition):
        for name, value in edition_example(which).items():
            setattr(edition, name, value)
        edition.save()
        for model, count in counts.items():
            for n in range(count):
                make_child(model, edition, n, position=count - n)

    with undone():
        source = make_edition(State.PUBLISHED, fill=fill)
        held = snapshot(source)

        fresh = actions.new_edition(source, by=system())

        assert snapshot(fresh) == held
        with actions.saving(fresh, by=system()):
            fresh.title = "Something else"
            fresh.save()
            for model in CHILDREN:
                model.objects.filter(edition=fresh).delete()
        assert snapshot(source) == held


# Discarding


def test_discarding_keeps_the_text():
    edition = make_edition(fill=fill_every_part)
    held = snapshot(edition)

    actions.discard(edition, by=system())

    edition.refresh_from_db()
    assert (edition.state, snapshot(edition)) == (State.DISCARDED, held)


# Events


def test_events_outlive_the_account_of_who_acted():
    author = make_user(first_name="Ada", last_name="Lovelace")
    edition = make_edition(State.PUBLISHED, by=author)
    events = Event.objects.filter(edition=edition, actor_name="Ada Lovelace").order_by("pk")
    held = list(events.values_list("pk", "verb", "at", "changes"))

    author.delete()

    assert list(events.values_list("pk", "verb", "at", "changes")) == held
    assert [(event.actor, event.verb) for event in events] == [(None, Verb.START), (None, Verb.SAVE)]


def test_whole_life_of_a_visit_is_told_by_its_events():
    edition = make_edition(State.SUPERSEDED)
    latest = edition.visit.editions.get(number=2)
    actions.withdraw(latest, by=system(), note="Wrong.")

    assert list(edition.visit.events.order_by("pk").values_list("verb", "edition")) == [
        (Verb.START, edition.pk),
        (Verb.SAVE, edition.pk),
        (Verb.SUBMIT, edition.pk),
        (Verb.PUBLISH, edition.pk),
        (Verb.NEW_EDITION, latest.pk),
        (Verb.SAVE, latest.pk),
        (Verb.SUBMIT, latest.pk),
        (Verb.PUBLISH, latest.pk),
        (Verb.WITHDRAW, latest.pk),
    ]


def test_an_edition_with_events_cannot_be_deleted_even_as_a_draft():
    edition = make_edition()

    with pytest.raises(ProtectedError), transaction.atomic():
        edition.delete()

    assert Edition.objects.filter(pk=edition.pk).exists()


# Saving


def change_of(part, uid, field, old, new) -> dict:
    return {"part": part, "uid": str(uid), "field": field, "old": old, "new": new}


def test_saving_records_old_and_new_values_of_the_edition_and_its_rows():
    edition = make_edition(title="A visit", aim="", kinds=("focused",))
    link = edition.documentlinks.get()
    segment, kind = edition.segments.get(), edition.kinds.get()
    author = make_user()

    with actions.saving(edition, by=author):
        edition.aim, edition.change_note = "To see.", "Aim added."
        edition.save()
        segment.end = "2018-06-02"
        segment.save()
        kind.delete()
        finding = make_child(Finding, edition, kind="progress", direction="", topic=topic(0))

    event = last_event()
    assert (event.actor, event.verb, event.edition) == (author, Verb.SAVE, edition)
    assert event.changes == [
        change_of("edition", edition.visit.uid, "aim", "", "To see."),
        change_of("edition", edition.visit.uid, "change_note", "", "Aim added."),
        change_of("segment", segment.uid, "end", "2018-06-01", "2018-06-02"),
        change_of("kind", kind.uid, "kind", "focused", None),
        change_of("finding", finding.uid, "kind", None, "progress"),
        change_of("finding", finding.uid, "direction", None, ""),
        change_of("finding", finding.uid, "topic", None, "topic-0"),
        change_of("finding", finding.uid, "speaker", None, "the host"),
        change_of("finding", finding.uid, "text", None, "Training was offered."),
    ]
    assert edition.documentlinks.get() == link


@pytest.mark.parametrize("model", CHILDREN)
def test_saving_records_every_content_field_of_every_kind_of_row(model):
    edition = make_edition(fill=lambda edition: make_child(model, edition, 0, uid=uuid.UUID(int=7)))
    row = model.objects.get(edition=edition, uid=uuid.UUID(int=7))

    with actions.saving(edition, by=system()):
        for name, value in EXAMPLES[model](1).items():
            setattr(row, name, value)
        row.save()

    changes = last_event().changes
    assert [change["field"] for change in changes] == list(model.CONTENT_FIELDS)
    assert {(change["part"], change["uid"]) for change in changes} == {(model._meta.model_name, str(row.uid))}
    assert all(change["old"] != change["new"] for change in changes)


def test_saving_records_a_new_order():
    edition = make_edition(fill=lambda edition: [make_child(Finding, edition, n, position=n) for n in (0, 1)])
    first, second = edition.findings.all()

    with actions.saving(edition, by=system()):
        first.position, second.position = 1, 0
        first.save()
        second.save()

    assert sorted(last_event().changes, key=lambda change: change["old"]) == [
        change_of("finding", first.uid, "position", 0, 1),
        change_of("finding", second.uid, "position", 1, 0),
    ]


def test_saving_without_a_change_records_nothing():
    edition = make_edition()
    events = Event.objects.count()

    with actions.saving(edition, by=make_user()):
        edition.save()

    assert Event.objects.count() == events


def test_saving_records_what_is_stored_and_not_what_only_stood_in_memory():
    edition = make_edition(aim="", change_note="")
    events = Event.objects.count()

    with actions.saving(edition, by=make_user()):
        edition.aim = edition.change_note = "Never saved."

    assert Event.objects.count() == events


def test_second_saver_with_an_outdated_copy_is_refused_and_writes_nothing():
    pk = make_edition(aim="").pk
    mine, theirs = Edition.objects.get(pk=pk), Edition.objects.get(pk=pk)
    with actions.saving(theirs, by=make_user()):
        theirs.aim = "Theirs."
        theirs.save()
    events = Event.objects.count()

    with pytest.raises(StaleVersion) as stale, actions.saving(mine, by=make_user()):
        pytest.fail("It was let in.")

    assert (stale.value.data["held"], stale.value.data["stored"]) == (mine.version, theirs.version)
    assert (Edition.objects.get(pk=pk).aim, Event.objects.count()) == ("Theirs.", events)


@pytest.mark.parametrize(
    "change",
    [
        lambda edition: make_child(Person, edition),
        lambda edition: edition.segments.get().delete(),
        lambda edition: edition.segments.update(places="Aarhus"),
    ],
    ids=["row added", "row deleted", "rows updated"],
)
def test_a_copy_of_the_edition_is_outdated_when_only_its_rows_changed(change):
    pk = make_edition().pk
    mine, theirs = Edition.objects.get(pk=pk), Edition.objects.get(pk=pk)
    with actions.saving(theirs, by=make_user()):
        change(theirs)

    with pytest.raises(StaleVersion), actions.saving(mine, by=make_user()):
        pytest.fail("It was let in.")

    theirs.refresh_from_db()
    with actions.saving(theirs, by=make_user()):
        theirs.aim = "Later."
        theirs.save()


def test_an_exception_while_saving_undoes_all_of_it():
    edition = make_edition(aim="")
    events, held = Event.objects.count(), snapshot(edition)

    def fail_halfway():
        with actions.saving(edition, by=system()):
            edition.aim = "To see."
            edition.save()
            edition.segments.get().delete()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()

    assert (snapshot(edition), Event.objects.count()) == (held, events)


@pytest.mark.parametrize("write", ["raw", "update", "bulk_create"])
def test_period_is_derived_from_the_text_of_the_dates_however_they_were_written(write):
    edition = make_edition()
    with actions.saving(edition, by=system()):
        if write == "raw":
            segment = edition.segments.get()
            segment.start, segment.end, segment.start_earliest = "2015-02", "2016", None
            segment.save_base(raw=True)
        elif write == "update":
            edition.segments.update(start="2015-02", end="2016")
        else:
            edition.segments.all().delete()
            Segment.objects.bulk_create([Segment(edition=edition, start="2015-02", end="2016")])

    edition.refresh_from_db()
    segment = edition.segments.get()
    assert (edition.earliest, edition.latest) == (datetime.date(2015, 2, 1), datetime.date(2016, 12, 31))
    assert (segment.start_latest, segment.end_earliest) == (datetime.date(2015, 2, 28), datetime.date(2016, 1, 1))


# The generation and the search row, in the same transaction


def test_generation_is_raised_exactly_by_what_the_public_sees():
    generations = []

    def step(edition):
        generations.append(Generation.current())
        return edition

    start = Generation.current()
    first = step(make_edition(State.IN_REVIEW))
    first = step(actions.publish(first, by=system()))
    second = step(make_next_edition(first, State.IN_REVIEW))
    second = step(actions.publish(second, by=system()))
    step(make_next_edition(second, State.DISCARDED))
    second.refresh_from_db()
    step(actions.withdraw(second, by=system(), note="Wrong."))

    assert [n - start for n in generations] == [0, 1, 1, 2, 2, 3]


def test_publication_that_is_rolled_back_leaves_nothing():
    edition = make_edition(State.IN_REVIEW)
    held = state_of_the_register()

    with transaction.atomic():
        actions.publish(edition, by=system())
        transaction.set_rollback(True)

    assert state_of_the_register() == held


def test_withdrawal_that_is_rolled_back_leaves_the_search_row():
    edition = make_edition(State.PUBLISHED)
    held = state_of_the_register()

    with transaction.atomic():
        actions.withdraw(edition, by=system(), note="Wrong.")
        assert not SearchRow.objects.exists()
        transaction.set_rollback(True)

    assert state_of_the_register() == held


def state_of_the_register() -> list:
    return [list(model.objects.order_by("pk").values()) for model in (Visit, Edition, Event, Generation, SearchRow)]


def test_everything_of_a_publication_is_written_in_one_transaction():
    edition = make_edition(State.IN_REVIEW)
    depths = []

    def watch(execute, sql, params, many, context):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            depths.append(len(connection.savepoint_ids))
        return execute(sql, params, many, context)

    outside = len(connection.savepoint_ids)
    with connection.execute_wrapper(watch):
        actions.publish(edition, by=system())

    assert min(depths) > outside


SEARCHED = [
    *("title", "the country", "its other names", "a topic", "a body", "as named", "a subject", "the summary"),
    *("account & text", "the aim", "the mandate", "a host", "a counterpart", "what was found", "a place"),
    *("the topic of a finding", "the body met"),
]


def test_visit_is_found_by_all_that_its_edition_says():
    country = make_country("The country", "AAA", "AA", slug="aaa", former_names="Its other names")
    topics = [topic(0), topic(1)]
    bodies = [body(0), body(1)]
    for term, name in zip(
        [*topics, *bodies], ["A topic", "The topic of a finding", "A body", "The body met"], strict=True
    ):
        term.name = name
        term.save()
    Resolution.objects.filter(pk=resolution(0).pk).update(subject="A subject", subject_en="A subject")

    def fill(edition):
        Focus.objects.create(edition=edition, topic=topics[0])
        Participation.objects.create(edition=edition, body=bodies[0], named_as="As named")
        ResolutionLink.objects.create(edition=edition, resolution=resolution(0))
        make_child(Person, edition, name="A host")
        segment = edition.segments.get()
        segment.places = "A place"
        segment.save()
        edition.findings.create(kind="progress", text="What was found", topic=topics[1])
        edition.engagements.create(kind="side-meeting", counterpart="A counterpart", body=bodies[1])

    make_edition(
        State.PUBLISHED,
        country=country,
        fill=fill,
        title="Title",
        summary="The summary",
        text="<p>Account &amp; text</p>",
        aim="The aim",
        mandate="The mandate",
    )

    assert [words for words in SEARCHED if found(f'"{words}"') != ["aaa-2018"]] == []
    assert found('"no such words"') == []


def test_search_row_holds_nothing_of_the_edition_before():
    make_next_edition(make_edition(State.PUBLISHED, title="Tulip"), title="Rose")

    assert SearchRow.objects.get().title == "rose"


# Records that are no edition

USED = {
    "country": (lambda: make_country(), lambda edition, row: None),
    "topic": (lambda: topic(0), lambda edition, row: Focus.objects.create(edition=edition, topic=row)),
    "topic of a finding": (
        lambda: topic(0),
        lambda edition, row: edition.findings.create(kind="progress", text="Progress.", topic=row),
    ),
    "body": (lambda: body(0), lambda edition, row: Participation.objects.create(edition=edition, body=row)),
    "body met": (lambda: body(0), lambda edition, row: edition.engagements.create(kind="side-meeting", body=row)),
    "resolution": (
        lambda: resolution(0),
        lambda edition, row: ResolutionLink.objects.create(edition=edition, resolution=row),
    ),
}


@pytest.mark.parametrize("use", USED)
def test_renaming_a_term_raises_the_generation_and_finds_its_visits_by_the_new_name(use):
    find, link = USED[use]
    term = find()
    edition = make_edition(State.PUBLISHED, country=make_country(), fill=lambda edition: link(edition, term))
    make_next_edition(edition, State.DRAFT)
    before = found("renamed thing")
    generation, editor = Generation.current(), make_user(Role.ADMINISTRATOR)
    field = "subject" if use == "resolution" else "name"

    with actions.saving_record(term, by=editor):
        setattr(term, field, "Renamed thing")
        term.save()

    assert (before, found("renamed thing")) == ([], [edition.visit.slug])
    assert Generation.current() == generation + 1
    event = last_event()
    assert (event.actor, event.verb, event.edition, event.generation) == (
        *(editor, Verb.CHANGE_RECORD, None),
        generation + 1,
    )
    assert [(change["field"], change["new"]) for change in event.changes] == [
        (field, "Renamed thing"),
        (f"{field}_en", "Renamed thing"),
    ]


def test_renaming_a_term_that_only_a_draft_uses_writes_no_search_row():
    term = topic(0)
    make_edition(fill=lambda edition: Focus.objects.create(edition=edition, topic=term))

    with actions.saving_record(term, by=system()):
        term.name = "Renamed"
        term.save()

    assert not SearchRow.objects.exists()


def test_a_record_that_is_written_unchanged_is_no_event():
    term = topic(0)
    generation = Generation.current()

    with actions.saving_record(term, by=system()):
        term.save()

    assert (Event.objects.count(), Generation.current()) == (0, generation)


def test_internal_notes_are_recorded_but_do_not_raise_the_generation():
    visit = make_edition(State.PUBLISHED).visit
    generation = Generation.current()

    with actions.saving_record(visit, by=system()):
        visit.internal_notes = "Ask the Mission."
        visit.save()

    assert Generation.current() == generation
    assert (last_event().visit, last_event().edition) == (visit, None)
    assert last_event().changes == [{"field": "internal_notes", "old": "", "new": "Ask the Mission."}]


def test_accounts_are_recorded_without_passwords_and_do_not_raise_the_generation():
    author = make_user()
    generation = Generation.current()

    with actions.saving_record(author, by=system()):
        author.first_name = "Ada"
        author.set_password("correct horse battery staple")
        author.save()

    assert Generation.current() == generation
    assert last_event().changes == [
        {"field": "password", "old": None, "new": None},
        {"field": "first_name", "old": "", "new": "Ada"},
    ]


def test_a_change_of_links_alone_is_recorded():
    generation, whole, part = Generation.current(), body(0), body(1)

    with actions.saving_record(part, by=system()):
        part.member_of.add(whole)

    assert last_event().changes == [{"field": "member_of", "old": [], "new": [str(whole)]}]
    assert Generation.current() == generation + 1


def test_a_new_and_a_deleted_record_are_recorded():
    generation = Generation.current()
    term = Country(name="Finland", iso3="FIN", iso2="FI", slug="finland")

    with actions.saving_record(term, by=system()):
        term.save()
    with actions.saving_record(term, by=system()):
        term.delete()

    added, deleted = Event.objects.order_by("pk")
    assert {change["field"]: (change["old"], change["new"]) for change in added.changes}["iso3"] == (None, "FIN")
    assert {change["field"]: (change["old"], change["new"]) for change in deleted.changes}["iso3"] == ("FIN", None)
    assert (added.subject, deleted.subject) == ("country: Finland", "country: Finland")
    assert Generation.current() == generation + 2


def test_references_are_recorded_by_name_and_absent_ones_as_absent():
    old, new = make_country("Swaziland", "SWZ", "SZ"), make_country("Eswatini", "ESW", "SW")

    with actions.saving_record(old, by=system()):
        old.replaced_by = new
        old.save()

    assert last_event().changes == [{"field": "replaced_by", "old": None, "new": "ESW"}]


def test_disclosure_of_a_document_is_logged_and_raises_the_generation():
    source = document(0)
    make_edition(State.PUBLISHED, fill=lambda edition: DocumentLink.objects.create(edition=edition, document=source))
    generation = Generation.current()

    with actions.saving_record(source, by=system()):
        source.disclosure = "none"
        source.save()

    assert last_event().changes == [{"field": "disclosure", "old": "full", "new": "none"}]
    assert Generation.current() == generation + 1


def test_a_record_from_an_outdated_copy_is_refused():
    mine, theirs = topic(0), topic(0)
    rename(theirs, "Theirs")
    events = Event.objects.count()

    with pytest.raises(StaleVersion):
        rename(mine, "Mine")

    assert (topic(0).name, Event.objects.count()) == ("Theirs", events)


def rename(term, name):
    with actions.saving_record(term, by=system()):
        term.name = name
        term.save()


# A random walk through the life of a visit


@settings(max_examples=50)
@given(st.lists(st.tuples(st.sampled_from([*actions.ACTIONS]), st.integers(0, 3)), max_size=20))
def test_promises_hold_whatever_is_tried_in_whatever_order(steps):
    with undone():
        visit, fixed = make_edition().visit, {}
        for verb, pick in steps:
            editions = list(visit.editions.order_by("pk"))
            attempt(verb, editions[pick % len(editions)])
            check_promises(visit, fixed)


def attempt(verb, edition):
    generation = Generation.current()
    if edition.state == State.DRAFT and not edition.change_note:
        with actions.saving(edition, by=system()):
            edition.change_note = "Corrected."
            edition.save()
    try:
        tomorrow = timezone.now() + datetime.timedelta(days=1)
        details = {"moment": tomorrow, "zone": "UTC"} if verb == Verb.SCHEDULE else {}
        actions.ACTIONS[verb](edition, by=system(), note="Why.", **details)
    except Refused:
        assert Generation.current() == generation


def check_promises(visit, fixed):
    """`fixed` collects what each edition said when it was first seen fixed."""
    editions = list(visit.editions.order_by("pk"))
    states = [edition.state for edition in editions]
    assert states.count(State.PUBLISHED) <= 1
    assert sum(states.count(state) for state in WORKING) <= 1
    assert all((edition.state == State.SCHEDULED) == (edition.scheduled_for is not None) for edition in editions)
    assert all((edition.state == State.WITHHELD) <= (State.PUBLISHED in states) for edition in editions)
    published = sorted((edition for edition in editions if edition.published_at), key=lambda e: e.published_at)
    assert [edition.number for edition in published] == list(range(1, len(published) + 1))
    public = [edition.pk for edition in editions if edition.state == State.PUBLISHED]
    assert list(SearchRow.objects.values_list("edition", flat=True)) == public
    for edition in editions:
        if edition.state in FROZEN:
            assert snapshot(edition) == fixed.setdefault(edition.pk, snapshot(edition))
        else:
            assert edition.pk not in fixed
