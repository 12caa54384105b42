"""From a document to drafts: stored once, compared with what is there, and written whole or not at all."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import advance, make_country, make_document, make_edition, make_user
from visits.enums import Disclosure, Role, State, VisitLinkKind
from visits.exceptions import NothingNew, Refused, UnfitProposal
from visits.extraction.proposal import Extraction, Part, Proposal, Span, Value
from visits.ingest import pipeline
from visits.ingest.pipeline import Plan
from visits.models import Document, Edition, Event, Segment, User, Visit

from . import denmark

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Reading:
    text: str = denmark.TEXT
    title: str = ""
    language: str = ""
    url: str = ""
    published_on: str = ""


@pytest.fixture
def author():
    denmark.make_terms()
    return make_user(Role.AUTHOR)


@pytest.fixture
def document():
    return denmark.store_release()


def told(_document) -> Extraction:
    return denmark.extraction()


def told_by(extraction=None) -> list[Span]:
    values = (extraction or denmark.extraction()).document.values()
    return sorted(span for value in values for span in value.spans)


def proposal(*parts: Part, country="DNK", **edition) -> Proposal:
    values = {name: Value(value) for name, value in edition.items()}
    return Proposal(Value(country), (Part("edition", values), *parts))


def segment(start: str, end: str = "") -> Part:
    return Part("segment", {"start": Value(start), "end": Value(end)})


def without(model: str, whole: Proposal) -> Proposal:
    return replace(whole, parts=tuple(part for part in whole.parts if part.model != model))


# Storing


def test_a_text_is_stored_with_what_it_tells_of_itself_and_is_not_disclosed(author):
    document, is_new = pipeline.store(Reading(), by=author, name="denmark.txt", propose=told)

    assert is_new
    document.refresh_from_db()
    assert (document.text, document.disclosure) == (denmark.TEXT, Disclosure.NONE)
    assert document.title == "CTED conducts focused visit to Denmark"
    assert document.published_on == date(2018, 6, 2)
    assert document.web_stamp == datetime(2018, 6, 8, 15, 2, 44, tzinfo=UTC)
    assert document.category == "International, regional, and subregional cooperation"
    assert Event.objects.get(subject_model="document").actor == author


def test_the_same_text_is_stored_once(author):
    first, _ = pipeline.store(Reading(), by=author, propose=told)

    again, is_new = pipeline.store(Reading(), by=author, name="copy.txt", propose=told)

    assert (again, is_new) == (first, False)
    assert Document.objects.count() == 1


def test_what_a_page_says_of_itself_and_does_not_fit_is_left_out(author):
    claims = {"published_on": Value("yesterday"), "web_stamp": Value("noon"), "category": Value("x" * 300)}
    reading = Reading(url="no address", language="a-language-nobody-speaks")

    document, _ = pipeline.store(reading, by=author, name="page.html", propose=lambda _: Extraction(claims))

    document.refresh_from_db()
    assert (document.title, document.url, document.language) == ("page.html", "", "en")
    assert (document.published_on, document.web_stamp, document.category) == (None, None, "")


def test_a_time_without_zone_counts_as_that_of_the_register(author):
    stamp = {"web_stamp": Value("2018-06-08T15:02:44")}

    document, _ = pipeline.store(Reading(), by=author, propose=lambda _: Extraction(stamp))

    assert document.web_stamp.utcoffset() is not None


# Creating


def test_the_draft_of_denmark_is_the_record_that_was_entered_by_hand(author, document):
    edition = pipeline.create(document, denmark.extraction().proposals[0], by=author, passages=told_by())

    assert denmark.facts(edition) == denmark.recorded()
    assert (edition.state, edition.visit.country.iso3) == (State.DRAFT, "DNK")
    assert [link.document for link in edition.documentlinks.all()] == [document]
    stored = Edition.objects.get()
    assert (stored.earliest, stored.latest) == (date(2018, 5, 29), date(2018, 6, 1))
    assert set(stored.visit.events.values_list("actor", flat=True)) == {author.pk}


def test_it_can_be_submitted_and_published_as_it_is(author, document):
    edition = pipeline.create(document, denmark.extraction().proposals[0], by=author)

    published = advance(edition, State.PUBLISHED)

    assert published.visit.slug == "denmark-2018"


def test_a_draft_may_lack_what_is_asked_for_when_it_is_submitted(author, document):
    edition = pipeline.create(document, proposal(), by=author)

    edition.refresh_from_db()
    assert (edition.title, edition.summary, edition.segments.count()) == ("", "", 0)


@pytest.mark.parametrize(
    "wrong",
    [
        Part("focus", {"topic": Value("no-such-topic")}),
        Part("kind", {"kind": Value("friendly")}),
        Part("finding", {"kind": Value("progress"), "text": Value("")}),
        Part("finding", {"kind": Value("assistance"), "text": Value("Training.")}),
        Part("segment", {"start": Value("2018-06-02"), "end": Value("2018-06-01")}),
        Part("segment", {"start": Value("last week")}),
        Part("person", {"name": Value("x" * 121)}),
        Part("person", {"name": Value("Jens"), "age": Value(50)}),
        Part("weather", {"rain": Value(True)}),
        Part("person", {"name": Value("Jens", (Span(0, 9_999),))}),
        Part("person", {"name": Value("Jens", (Span(7, 7),))}),
        Part("engagement", {"kind": Value("side-meeting"), "body": Value("nobody")}),
    ],
    ids=lambda part: f"{part.model}-{'-'.join(part.values)}",
)
def test_nothing_of_a_proposal_with_a_fault_is_stored(author, document, wrong):
    events = Event.objects.count()

    with pytest.raises(UnfitProposal) as refusal:
        pipeline.create(document, proposal(segment("2018"), wrong, title="Visit"), by=author)

    assert not Visit.objects.exists()
    assert Event.objects.count() == events
    assert refusal.value.sentence.endswith(".")


@pytest.mark.parametrize("country", ["XXX", "", None])
def test_a_state_that_is_none_is_told(author, document, country):
    with pytest.raises(UnfitProposal):
        pipeline.create(document, proposal(country=country), by=author)
    assert not Visit.objects.exists()


def test_who_may_not_enter_a_visit_may_not_read_one_out_of_a_text_either(author, document):
    with pytest.raises(Refused):
        pipeline.create(document, proposal(), by=make_user(None))


def test_what_a_text_says_twice_is_one_row_with_both_passages(author, document):
    twice = [Part("kind", {"kind": Value("focused", (Span(*span),))}) for span in ((0, 38), (138, 153))]

    edition = pipeline.create(document, proposal(*twice), by=author)

    assert edition.kinds.count() == 1
    assert edition.evidence.count() == 2


# Visits that are there already


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [
        ("2018-05-29", "2018-06-01", True),
        ("2018-06-01", "2018-06-03", True),
        ("2018-06-02", "2018-06-03", False),
        ("2018-05", "", True),
        ("2018", "", True),
        ("", "2018-05-29", True),
        ("2017", "", False),
        ("", "", False),
        ("in May", "", False),
    ],
)
def test_a_visit_of_the_state_at_those_dates_is_recognised(start, end, found):
    edition = make_edition(State.PUBLISHED, start="2018-05-29", end="2018-06-01")
    make_edition(country=make_country("Finland", "FIN", "FI"), start="2018-05-29", end="2018-06-01")
    make_edition(start="2018-05-29", end="2018-06-01", state=State.DISCARDED)

    visits = pipeline.similar("DNK", [segment(start, end)])

    assert [visit.standing for visit in visits] == ([edition] if found else [])


@given(*[st.dates() for _ in range(4)])
def test_dates_overlap_both_ways_and_where_they_share_a_day(a, b, c, d):
    one, other = (Segment(start=str(min(days)), end=str(max(days))) for days in ((a, b), (c, d)))
    for each in (one, other):
        each.derive_days()

    shared = max(min(a, b), min(c, d)) <= min(max(a, b), max(c, d))

    assert pipeline.overlap(one, other) == pipeline.overlap(other, one) == shared


def test_of_several_the_one_of_the_very_same_dates_comes_first():
    same = make_edition(start="2018-05-29", end="2018-06-01").visit
    make_edition(start="2018-05", end="2018-06")

    visits = pipeline.similar("DNK", [segment("2018-05-29", "2018-06-01")])

    assert [visit.same_dates for visit in visits] == [True, False]
    assert visits[0] == same


# Extending


def test_a_new_edition_gets_only_what_the_record_does_not_hold(author, document):
    whole = denmark.extraction().proposals[0]
    first = pipeline.create(document, without("finding", whole), by=author)
    public = advance(first, State.PUBLISHED)

    edition = pipeline.extend(document, whole, public.visit, by=author, passages=told_by())

    assert (edition.state, edition.copied_from) == (State.DRAFT, public)
    rows, evidence = denmark.facts(edition)
    expected, passages = denmark.recorded()
    assert rows == expected
    assert {row[1:] for row in evidence} == {row[1:] for row in passages}
    assert len(evidence) == len(passages)


def test_what_the_record_says_stays_and_gets_passages_only_where_the_text_says_the_same(author, document):
    def fill(edition):
        edition.people.create(name="JENS HAARLOV", title="Minister")
        edition.people.create(name="Somebody Else")

    public = make_edition(State.PUBLISHED, title="Our own title", document=make_document(), fill=fill)
    whole = denmark.extraction().proposals[0]

    edition = pipeline.extend(document, whole, public.visit, by=author)

    assert edition.title == "Our own title"
    assert edition.aim.startswith("The aim of the visit")
    jens = edition.people.get(name="JENS HAARLOV")
    assert (jens.title, jens.department) == ("Minister", "Stabilization and Security Department")
    quoted = set(edition.evidence.filter(child_uid=jens.uid).values_list("field", flat=True))
    assert quoted == {"name", "department", "organisation"}
    assert edition.people.count() == 3
    assert not edition.evidence.filter(child_uid=edition.visit.uid, field="title").exists()
    assert edition.documentlinks.count() == 2


def test_it_goes_on_with_the_edition_in_work(author, document):
    draft = make_edition(document=document, by=author)

    edition = pipeline.extend(document, denmark.extraction().proposals[0], draft.visit, by=author)

    assert edition == draft
    assert edition.findings.count() == 10


def test_nothing_is_opened_where_nothing_would_be_new(author, document):
    whole = denmark.extraction().proposals[0]
    public = advance(pipeline.create(document, whole, by=author), State.PUBLISHED)

    with pytest.raises(NothingNew):
        pipeline.extend(document, whole, public.visit, by=author)

    assert Edition.objects.count() == 1


def test_who_may_not_change_the_edition_in_work_is_told_why(author, document):
    in_review = make_edition(State.IN_REVIEW, by=author)

    with pytest.raises(Refused) as refusal:
        pipeline.extend(document, denmark.extraction().proposals[0], in_review.visit, by=author)

    assert refusal.value.reasons[0].code == "permission_required"
    assert in_review.findings.count() == 0


def test_a_visit_to_another_state_is_not_extended(author, document):
    other = make_edition(State.PUBLISHED, country=make_country("Finland", "FIN", "FI"))

    with pytest.raises(UnfitProposal):
        pipeline.extend(document, denmark.extraction().proposals[0], other.visit, by=author)

    assert Edition.objects.count() == 1


# Tours


def test_a_tour_becomes_drafts_that_are_linked_both_ways(author, document):
    plans = [Plan(proposal) for proposal in denmark.tour().proposals]

    denmark_visit, finland = pipeline.carry_out(document, plans, by=author)

    links = {
        (link.edition, link.kind, link.target) for each in (denmark_visit, finland) for link in each.visitlinks.all()
    }
    assert links == {
        (denmark_visit, VisitLinkKind.SAME_MISSION, finland.visit),
        (finland, VisitLinkKind.SAME_MISSION, denmark_visit.visit),
    }
    assert {each.documentlinks.get().document for each in (denmark_visit, finland)} == {document}


def test_of_a_tour_all_drafts_are_created_or_none(author, document):
    good, bad = denmark.tour().proposals
    bad = replace(bad, parts=(*bad.parts, Part("kind", {"kind": Value("friendly")})))

    with pytest.raises(UnfitProposal):
        pipeline.carry_out(document, [Plan(good), Plan(bad)], by=author)

    assert not Visit.objects.exists()


def test_a_tour_that_was_linked_before_is_not_linked_twice(author, document):
    system = User.objects.system()
    editions = pipeline.carry_out(document, [Plan(each) for each in denmark.tour().proposals], by=author)

    pipeline.join(editions, by=system)

    assert [edition.visitlinks.count() for edition in editions] == [1, 1]
