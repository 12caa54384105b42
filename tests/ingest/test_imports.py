"""A table becomes drafts, cell by cell as a person chose, and is undone as a whole."""

import pytest

from tests.examples import body, document, fill_every_part, resolution, topic
from tests.factories import make_country, make_document, make_edition, make_next_edition, make_user
from tests.register import everything
from visits.editorial import actions
from visits.enums import Disclosure, PartRole, Role, State, Verb
from visits.exceptions import NothingAccepted, Refused, RegisterError, StaleVersion
from visits.ingest import imports, offers, visit_table
from visits.ingest.imports import Choice
from visits.ingest.offers import compare
from visits.ingest.visit_table import COLUMNS
from visits.models import (
    Body,
    Document,
    Edition,
    Event,
    Evidence,
    Focus,
    Import,
    ImportedDraft,
    Participation,
    Person,
    Segment,
    Visit,
)
from visits.models.content import snapshot

from .tables import choices, edited, table_of, take, upload

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    return make_user(Role.AUTHOR)


@pytest.fixture
def cted():
    return Body.objects.create(acronym="CTED", slug="cted", name="CTED", kind="un")


def changed(imported) -> list[tuple]:
    return [
        (change.line, change.column, change.old, change.new)
        for offer in compare(imported).offers
        for change in offer.changes
    ]


def content(edition) -> dict:
    return {key: part.values for key, part in snapshot(edition).items()}


def published(**fields) -> Edition:
    return make_edition(State.PUBLISHED, **{"title": "As published"} | fields)


# What is offered


def test_each_changed_cell_is_told_with_its_row_old_and_new(author):
    published()
    table = edited(table_of(), title="Another title", start="29 May 2019", end="2019-06-01")

    assert changed(upload(table, author)) == [
        (2, "title", "As published", "Another title"),
        (2, "start", "2018-05-29", "2019-05-29"),
        (2, "end", "2018-06-01", "2019-06-01"),
    ]


def test_many_visits_are_compared_some_at_a_time(author, monkeypatch):
    for module in (offers, visit_table):
        monkeypatch.setattr(module, "BATCH", 1)
    for year in ("2017", "2018", "2019"):
        published(start=year, end=year)

    assert changed(upload(edited(table_of(), row=3, summary="Other."), author)) == [
        (4, "summary", "What the visit was about.", "Other.")
    ]


def test_terms_in_another_order_are_the_same(author):
    def fill(edition):
        for number in (0, 1):
            Focus.objects.create(edition=edition, topic=topic(number), position=number)

    published(fill=fill)

    assert changed(upload(edited(table_of(), topics="topic-1;topic-0"), author)) == []


def test_a_column_that_is_missing_is_left_alone(author):
    published()

    imported = upload([["visit", "summary"], ["denmark-2018", "In other words."]], author)

    assert changed(imported) == [(2, "summary", "What the visit was about.", "In other words.")]


def test_parts_are_matched_by_what_they_say_then_by_their_order(author):
    def fill(edition):
        Segment.objects.create(edition=edition, start="2021", end="2021", modality="virtual", position=1)

    published(fill=fill)
    head, first, second = table_of()
    second = edited([head, second], start="2021-03")[1]
    third = edited([head, second], start="2022", end="2022", modality="on-site")[1]

    assert changed(upload([head, second, first, third], author)) == [
        (2, "start", "2021", "2021-03"),
        (4, "dates", "", "modality: on-site; start: 2022; end: 2022"),
    ]
    assert changed(upload([head, first], author)) == [
        (2, "dates", "modality: virtual; start: 2021; end: 2021", ""),
    ]


@pytest.mark.parametrize(
    ("cells", "column", "expected"),
    [
        ({"start": "soon"}, "start", "a day (2018-05-29)"),
        ({"start": "2020"}, "end", "a date that is not before the start"),
        ({"kinds": "unheard-of"}, "kinds", "one of initial"),
        ({"topics": "unheard-of"}, "topics", "the slug of a topic"),
        ({"ordinal": "2", "kinds": "initial;follow-up"}, "ordinal", "nothing, or one kind that it counts"),
        ({"title": "x" * 251}, "title", "a text of at most 250 characters"),
        ({"iso3": "FIN"}, "iso3", "“DNK” as recorded"),
        ({"notes": "Other notes"}, "notes", "as recorded"),
        ({"publication_date": "2001-01-01"}, "publication_date", "as recorded"),
        ({"source_url": "no address"}, "source_url", "the address of a web page"),
        ({"visit": "00000000-0000-4000-8000-000000000000"}, "visit", "the identifier of a visit in the register"),
        ({"visit": "finland-2020", "iso3": ""}, "iso3", "the code of the State"),
        ({"visit": ""}, "visit", "the address of a visit"),
    ],
)
def test_a_bad_row_is_told_by_sheet_row_and_column_and_the_others_stay_on_offer(author, cells, column, expected):
    make_country("Finland", "FIN", "FI")
    published(document=make_document(url="https://example.org/a"))
    published(title="The other", start="2019", end="2019")
    table = sorted(table_of(), key=lambda row: (row[0] != "visit", row[0]))
    table = edited(edited(table, row=1, **cells), row=2, title="Corrected")

    found = compare(upload(table, author))

    assert [(fault.file, fault.line, fault.column) for fault in found.faults] == [("visits.csv", 2, column)]
    assert expected in found.faults[0].expected
    assert [offer.entry.name for offer in found.offers] == ["denmark-2019"]


def test_rows_of_one_visit_that_disagree_are_told(author):
    head, row = table_of(Edition.objects.filter(pk=published().pk))
    other = edited([head, row], title="Another title", start="2019", end="2019")[1]

    (fault,) = compare(upload([head, row, other], author)).faults

    assert (fault.line, fault.column) == (3, "title")


def test_a_visit_of_which_only_discarded_drafts_are_left_is_not_offered(author):
    make_edition(State.DISCARDED)

    (fault,) = compare(upload(edited(table_of(), title="Revived"), author)).faults

    assert "more than discarded drafts" in fault.expected


def test_columns_that_are_unknown_or_missing_are_told(author):
    found = compare(upload([["state", "visit", "visit"], ["x", "y", "z"]], author))

    assert [(fault.line, fault.column) for fault in found.faults] == [(1, "visit"), (1, "state")]
    assert found.offers == []


# What is taken


def test_a_changed_published_visit_becomes_a_new_edition_and_nothing_is_public(author):
    edition = published()
    imported = upload(edited(table_of(), title="Corrected"), author)

    (draft,) = take(imported, author, change_note="Titles corrected.")

    assert (draft.state, draft.copied_from, draft.title) == (State.DRAFT, edition, "Corrected")
    assert draft.change_note == "Titles corrected."
    assert Edition.objects.get(pk=edition.pk).title == "As published"
    assert [event.verb for event in Event.objects.filter(edition=draft).order_by("pk")] == [Verb.NEW_EDITION, Verb.SAVE]
    kept = imported.drafts.get()
    assert (kept.verb, kept.edition) == (Verb.NEW_EDITION, draft)
    assert kept.changes == [{"column": "title", "line": 2, "old": "As published", "new": "Corrected"}]
    assert changed(imported) == []


def test_a_changed_draft_is_saved_with_the_cells_that_were_chosen_and_no_other(author):
    edition = make_edition(title="As drafted")
    imported = upload(edited(table_of(), title="Corrected", summary="Corrected.", end="2018-06-02"), author)
    (line,) = choices(imported)
    chosen = {line: Choice(f"{edition.pk}:{edition.version}", frozenset({"title", "end.0"}))}

    (saved,) = imports.take(imported, chosen, by=author, version=imported.version)

    assert (saved.pk, saved.title, saved.summary) == (edition.pk, "Corrected", edition.summary)
    assert saved.segments.get().end == "2018-06-02"
    assert changed(imported) == [(2, "summary", edition.summary, "Corrected.")]


NEW = {
    "visit": "finland-2020",
    "iso3": "FIN",
    "modality": "virtual",
    "modality_inferred": "no",
    "start": "2020-03",
    "end": "2020-03",
    "kinds": "follow-up",
    "ordinal": "2",
    "head_name": "Anna Virtanen",
    "head_title": "Director, CTED",
    "bodies": "BODY-0",
    "resolutions": "1373",
    "topics": "topic-0",
    "source_url": "https://example.org/finland https://example.org/more",
    "source_kind": "press-release",
    "publication_date": "2020-04-01",
    "notes": "Ask again.",
}


def new_visit(**cells) -> list[list[str]]:
    make_country("Finland", "FIN", "FI")
    body(0), resolution(0), topic(0)
    return [list(NEW), list((NEW | cells).values())]


def test_a_new_visit_becomes_a_draft_with_all_that_its_rows_say(author, cted):
    (draft,) = take(upload(new_visit(), author), author)

    assert (draft.state, draft.visit.slug, draft.visit.internal_notes) == (State.DRAFT, None, "Ask again.")
    assert draft.title == "Second follow-up visit to Finland, 2020"
    assert draft.summary.startswith("CTED conducted its virtual second follow-up visit to Finland in March 2020.")
    assert str(draft.segments.get()) == "2020-03 – 2020-03"
    assert (draft.kinds.get().kind, draft.kinds.get().ordinal) == ("follow-up", 2)
    head = draft.people.get()
    assert (head.name, head.title, head.organisation) == ("Anna Virtanen", "Director", "CTED")
    assert [(each.body.acronym, each.role) for each in draft.participations.all()] == [
        ("CTED", PartRole.LEAD),
        ("BODY-0", PartRole.MEMBER),
    ]
    assert draft.focuses.get().role == "mentioned"
    assert draft.resolutionlinks.get().resolution.number == 1373
    sources = [link.document for link in draft.documentlinks.all()]
    assert [source.url for source in sources] == NEW["source_url"].split()
    assert {source.disclosure for source in sources} == {Disclosure.NONE}
    assert {str(source.published_on) for source in sources} == {"2020-04-01"}
    # Complete enough for a second person to read.
    actions.submit(draft, by=author)


def test_a_new_visit_at_the_dates_of_one_that_is_recorded_is_told(author, cted):
    table = new_visit()
    recorded = make_edition(country=make_country("Finland", "FIN", "FI"), start="2020-03-02", end="2020-03-05").visit

    (offer,) = compare(upload(table, author)).offers

    assert offer.similar == [recorded]
    assert offer.base() == f"new:{recorded.pk}"


def test_what_a_table_cannot_name_stays(author, cted):
    def fill(edition):
        fill_every_part(edition)
        Participation.objects.create(edition=edition, body=cted, role=PartRole.LEAD)
        Person.objects.create(edition=edition, name="Head", title="Chief", role="head", department="Assessment")

    edition = make_edition(fill=fill, document=make_document(url=""))
    before = content(edition)
    uids = set(edition.focuses.values_list("uid", flat=True))
    topic(1)
    cells = {"topics": "topic-0;topic-1", "head_title": "Director, CTED", "bodies": "", "source_url": ""}

    (saved,) = take(upload(edited(table_of(Edition.objects.filter(pk=edition.pk)), **cells), author), author)

    after = content(saved)
    assert {key for key in before.keys() - after.keys() if key[0] != "participation"} == set()
    assert saved.focuses.get(topic=topic(0)).uid in uids
    assert saved.focuses.get(topic=topic(0)).role == "cross-cutting"
    assert [each.body for each in saved.participations.all()] == [cted]
    head = saved.people.get(role="head", name="Head")
    assert (head.title, head.organisation, head.department) == ("Director", "CTED", "Assessment")
    # The documents have no address, so the table did not hold them.
    assert saved.documentlinks.count() == edition.documentlinks.count() > 0


def test_evidence_goes_with_the_row_that_it_was_about(author):
    edition = make_edition(fill=fill_every_part)
    person = Person.objects.create(edition=edition, name="Head", role="head")
    Evidence.objects.create(
        edition=edition, child_uid=person.uid, field="name", document=document(0), span_start=0, span_end=7,
        quote="Passage",
    )  # fmt: skip

    (saved,) = take(upload(edited(table_of(Edition.objects.filter(pk=edition.pk)), head_name=""), author), author)

    assert not saved.people.filter(role="head", name="Head").exists()
    assert not saved.evidence.filter(child_uid=person.uid).exists()


def test_nothing_ticked_is_told(author):
    imported = upload(table_of(), author)

    with pytest.raises(NothingAccepted):
        imports.take(imported, {}, by=author, version=imported.version)


# Who comes second


def refused(do) -> RegisterError:
    before = everything()
    with pytest.raises(RegisterError) as caught:
        do()
    assert everything() == before
    return caught.value


def test_of_two_who_take_the_same_import_the_second_is_told(author):
    published()
    imported = upload(edited(table_of(), title="Corrected"), author)
    chosen, version, editor = choices(imported), imported.version, make_user(Role.EDITOR)
    imports.take(imported, chosen, by=author, version=version)

    refusal = refused(lambda: imports.take(imported, chosen, by=editor, version=version))

    assert isinstance(refusal, StaleVersion)


@pytest.mark.parametrize("state", [State.DRAFT, State.PUBLISHED])
def test_an_edition_that_was_changed_since_is_refused_with_all_others(author, state):
    edition = make_edition(state)
    published(start="2019", end="2019")
    table = table_of()
    imported = upload(edited(edited(table, title="Corrected"), row=2, title="Corrected too"), author)
    chosen = choices(imported)
    if state == State.DRAFT:
        with actions.saving(edition, by=make_user(Role.EDITOR)):
            edition.title = "Somebody else's"
            edition.save()
    else:
        make_next_edition(edition, State.DRAFT)

    refusal = refused(lambda: imports.take(imported, chosen, by=author, version=imported.version))

    assert [reason.code for reason in refusal.reasons] == ["stale_version"]


def test_a_visit_that_is_recorded_meanwhile_is_told(author, cted):
    imported = upload(new_visit(), author)
    chosen = choices(imported)
    make_edition(country=make_country("Finland", "FIN", "FI"), start="2020-03", end="2020-03")

    refused(lambda: imports.take(imported, chosen, by=author, version=imported.version))


@pytest.mark.parametrize("role", Role)
def test_an_edition_in_review_is_not_changed_by_an_import(role):
    user = make_user(role)
    make_edition(State.IN_REVIEW)
    imported = upload(edited(table_of(), title="Corrected"), user)

    refusal = refused(lambda: take(imported, user))

    assert [reason.code for reason in refusal.reasons] == ["cannot_take"]
    assert "in review" in refusal.sentence


def test_a_value_that_the_record_refuses_is_told_with_its_visit(author):
    def fill(edition):
        Segment.objects.create(edition=edition, start="2021", end="2021", position=1)

    published(fill=fill)
    imported = upload(edited(table_of(), start="2018-05-30"), author)
    (line,) = choices(imported)
    # Fits where the end is corrected too, which was not chosen.
    table = edited(table_of(), start="2019", end="2019")
    imported = upload(table, author)
    chosen = {line: Choice(choices(imported)[line].base, frozenset({"start.0"}))}

    refusal = refused(lambda: imports.take(imported, chosen, by=author, version=imported.version))

    assert "denmark-2018: Dates" in refusal.sentence


# Undone


def test_undoing_discards_new_drafts_and_gives_others_back_what_they_held(author, cted):
    drafted = make_edition(fill=fill_every_part, title="As drafted")
    published(start="2010", end="2010")
    before = content(drafted)
    topic(1)
    table = edited(table_of(), title="Corrected", topics="topic-1", kinds="", start="2018-05-30", head_name="Nobody")
    table = edited(table, row=3, title="Corrected too")
    new = dict(zip(*new_visit(), strict=True))
    imported = upload([*table, [new.get(name, "") for name in COLUMNS]], author)
    saved, edition, started = sorted(take(imported, author), key=lambda each: each.pk)

    assert imports.undo(imported, by=author, version=Import.objects.get().version) == []

    assert content(saved) == before
    assert [Edition.objects.get(pk=each.pk).state for each in (saved, edition, started)] == [
        State.DRAFT,
        State.DISCARDED,
        State.DISCARDED,
    ]
    assert ImportedDraft.objects.filter(undone_at=None).count() == 0
    assert "was undone" in Event.objects.filter(edition=started).latest("pk").note
    # It can be taken once more.
    assert len(compare(Import.objects.get()).offers) == 3


def test_a_draft_that_somebody_changed_since_stays_and_is_told(author):
    first, second = (published(start=year, end=year) for year in ("2010", "2011"))
    imported = upload(edited(edited(table_of(), title="Corrected"), row=2, title="Corrected too"), author)
    drafts = {draft.visit: draft for draft in take(imported, author)}
    held = Edition.objects.get(pk=drafts[first.visit].pk)
    with actions.saving(held, by=make_user(Role.EDITOR)):
        held.summary = "In their words."
        held.save()

    (told,) = imports.undo(imported, by=author, version=Import.objects.get().version)

    assert told.code == "changed_since_import"
    assert Edition.objects.get(pk=drafts[first.visit].pk).state == State.DRAFT
    assert Edition.objects.get(pk=drafts[second.visit].pk).state == State.DISCARDED


def test_what_was_taken_in_two_steps_is_undone_in_one(author):
    edition = make_edition(title="As drafted", summary="As drafted.")
    before = content(edition)
    imported = upload(edited(table_of(), title="Corrected", summary="Corrected."), author)
    for key in ("title", "summary"):
        ((line, choice),) = choices(imported).items()
        version = Import.objects.get().version
        imports.take(imported, {line: Choice(choice.base, frozenset({key}))}, by=author, version=version)

    assert imports.undo(imported, by=author, version=Import.objects.get().version) == []
    assert content(edition) == before
    assert [change["column"] for change in imported.drafts.get().changes] == ["title", "summary"]


def test_an_import_is_undone_once(author):
    published()
    imported = upload(edited(table_of(), title="Corrected"), author)
    take(imported, author)
    version = Import.objects.get().version
    imports.undo(imported, by=author, version=version)

    assert refused(lambda: imports.undo(imported, by=author, version=version)).code == "stale_version"
    assert refused(lambda: imports.undo(imported, by=author, version=version + 1)).code == "refused"


def test_undoing_is_for_who_uploaded_it_and_for_editors(author):
    imported, other = upload(table_of(), author), make_user(Role.AUTHOR)

    assert imports.may_undo(imported, author)
    assert imports.may_undo(imported, make_user(Role.EDITOR))
    assert not imports.may_undo(imported, other)
    refusal = refused(lambda: imports.undo(imported, by=other, version=imported.version))
    assert isinstance(refusal, Refused)


def test_who_may_not_enter_visits_imports_none():
    nobody = make_user(None)

    assert refused(lambda: upload(table_of(), nobody)).code == "refused"
    assert Visit.objects.count() == Document.objects.count() == 0
