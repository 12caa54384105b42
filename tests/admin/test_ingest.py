"""From a release to a draft in the admin: taken in, reviewed, and created as it was accepted."""

import json
import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import advance, make_edition, make_user
from tests.ingest import denmark
from tests.ingest.test_pipeline import Reading
from visits.admin.ingest_source import Passage, marked
from visits.enums import Disclosure, Role, State
from visits.exceptions import RegisterError
from visits.extraction.proposal import Extraction, Part, Proposal, Span, Value
from visits.ingest import pipeline
from visits.models import Document, Edition, Visit

from .support import filled, new_row, page, text

pytestmark = pytest.mark.django_db

READ = "/admin/visits/document/read/"


class Unreadable(RegisterError):
    template = "There is no text in “%(name)s”."


@pytest.fixture
def documents():
    """The admin of documents; what it reads and proposes is set by the test."""
    found = admin.site.get_model_admin(Document)
    found.read_file = lambda name, data: Reading(data.decode())
    found.propose = lambda document: denmark.extraction()
    yield found
    del found.read_file, found.propose


@pytest.fixture
def document(author, documents):
    denmark.make_terms()
    return denmark.store_release()


def review(document) -> str:
    return f"/admin/visits/document/{document.pk}/review/"


def created() -> Edition:
    return Edition.objects.latest("pk")


def proposing(documents, *proposals: Proposal) -> None:
    documents.propose = lambda document: Extraction({}, proposals)


def one(*parts: Part, country="DNK") -> Proposal:
    edition = Part("edition", {"title": Value("A visit"), "summary": Value("What it was.")})
    return Proposal(Value(country), (edition, *parts))


def segment(start: str, end: str = "") -> Part:
    return Part("segment", {"start": Value(start), "end": Value(end), "modality": Value("on-site")})


# Taking in


def test_a_pasted_release_is_stored_undisclosed_and_leads_to_its_review(client, author, documents):
    response = client.post(READ, {"text": denmark.TEXT, "url": "https://example.org/news"})

    document = Document.objects.get()
    assert response.url == review(document)
    assert (document.text, document.url) == (denmark.TEXT, "https://example.org/news")
    assert document.disclosure == Disclosure.NONE
    assert not Visit.objects.exists()


def test_browsers_write_line_ends_in_their_own_way_and_the_text_stays_the_same(client, author, documents):
    client.post(READ, {"text": denmark.TEXT.replace("\n", "\r\n")})

    assert Document.objects.get().text == denmark.TEXT


def test_a_file_is_read_under_its_name(client, author, documents):
    documents.propose = lambda document: denmark.no_visit()

    client.post(READ, {"file": SimpleUploadedFile("release.txt", b"Some words."), "text": ""})

    assert (Document.objects.get().text, Document.objects.get().title) == ("Some words.", "release.txt")


def test_what_cannot_be_read_is_said_beside_the_field_and_the_text_is_kept(client, author, documents):
    def refuse(name, data):
        raise Unreadable(name=name)

    documents.read_file = refuse

    pasted = client.post(READ, {"text": "§§§"})
    uploaded = client.post(READ, {"file": SimpleUploadedFile("scan.pdf", b"%PDF")})

    assert pasted.context["form"].errors == {"text": ["There is no text in “The pasted text”."]}
    assert filled(pasted)["text"] == "§§§"
    assert uploaded.context["form"].errors == {"file": ["There is no text in “scan.pdf”."]}
    assert not Document.objects.exists()


def test_an_empty_file_reaches_the_reader_which_says_so(client, author, documents):
    seen = []
    documents.read_file = lambda name, data: seen.append((name, data)) or Reading("Some words.")

    client.post(READ, {"file": SimpleUploadedFile("empty.txt", b"")})

    assert seen == [("empty.txt", b"")]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "file"),
        ({"text": "  \n"}, "file"),
        ({"text": "Words.", "file": True}, "text"),
        ({"text": "Words.", "url": "not an address"}, "url"),
    ],
)
def test_what_is_missing_is_said_beside_the_field(client, author, documents, given, field):
    if "file" in given:
        given = given | {"file": SimpleUploadedFile("release.txt", b"Words.")}

    response = client.post(READ, given)

    assert list(response.context["form"].errors) == [field]
    assert not Document.objects.exists()


def test_a_text_that_is_there_already_is_used_and_that_is_said(client, document):
    response = client.post(READ, {"text": denmark.TEXT}, follow=True)

    assert response.redirect_chain == [(review(document), 302)]
    assert "The register has this text already" in text(response)
    assert Document.objects.count() == 1


@pytest.mark.parametrize("address", ["/admin/", "/admin/visits/visit/", "/admin/visits/document/"])
def test_the_page_is_offered_where_staff_begin(client, author, address):
    assert f'href="{READ}"' in client.get(address).content.decode()


def test_a_document_leads_to_its_review(client, document):
    assert f'href="{review(document)}"' in text(client.get(f"/admin/visits/document/{document.pk}/change/"))


# The review as it is shown


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8))
def test_marks_add_nothing_to_the_text_and_lead_somewhere(words, bounds):
    spans = [Span(min(pair), max(pair)) for pair in bounds if min(pair) < max(pair) <= len(words)]

    html = marked(words, [Passage(span, "somewhere") for span in spans])

    assert re.sub(r"&(\w+|#\w+);", lambda found: ENTITIES[found[0]], TAGS.sub("", html)) == words
    assert set(re.findall(r'\bid="(s-\d+-\d+)"', html)) == {f"s-{span.start}-{span.end}" for span in spans}
    covered = set().union(*(range(*span) for span in spans))
    assert html.count("<mark") >= bool(covered)


TAGS = re.compile(r"</?(?:mark|a|span)(?: [a-z-]+=\"[^\"]*\")*>")
ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'"}


def test_a_piece_under_several_passages_leads_to_the_narrowest():
    html = marked("one two three", [Passage(Span(0, 13), "wide"), Passage(Span(4, 7), "narrow")])

    assert 'href="#narrow" draggable="false">two</a>' in html
    assert html.count('href="#wide"') == 2


def test_every_link_on_the_page_has_its_place(client, document, documents):
    documents.propose = lambda document: denmark.doubtful()

    html = client.get(review(document)).content.decode()

    visible = re.sub(r"<template.*?</template>", "", html, flags=re.DOTALL)
    ids = re.findall(r'\sid="([^"]+)"', visible)
    assert sorted(ids) == sorted(set(ids))
    links = set(re.findall(r'href="#([^"]+)"', visible))
    assert links - set(ids) == set()
    assert len([link for link in links if link.startswith("s-")]) > 40
    assert len([link for link in links if link.startswith("f-p0-finding-")]) >= 10


def test_the_source_stands_there_letter_by_letter(client, document):
    html = client.get(review(document)).content.decode()

    shown = re.search(r'<div class="source-text"[^>]*>(.*?)</div>', html, re.DOTALL)[1]
    assert strip_tags(shown).replace("&amp;", "&").replace("&#x27;", "'").replace("&quot;", '"') == denmark.TEXT


def test_the_page_says_how_sure_it_is_by_which_rule_and_what_is_open(client, document, documents):
    documents.propose = lambda document: denmark.doubtful()

    shown = text(client.get(review(document)))

    assert "please check" in shown
    assert "focus.role" in shown
    assert "What the text leaves open" in shown
    assert "Which customs site was visited?" in shown
    assert "Global Research Network" in shown


def test_a_text_about_no_visit_says_so_and_offers_what_else_can_be_done(client, document, documents):
    documents.propose = lambda document: denmark.no_visit()

    response = client.get(review(document))

    assert "The text tells of no visit to a State." in text(response)
    assert f'href="/admin/visits/document/{document.pk}/change/"' in text(response)
    assert 'href="/admin/visits/visit/add/"' in text(response)
    assert client.post(review(document)).status_code == 409


def test_an_arabic_text_runs_from_right_to_left(client, document, documents):
    Document.objects.filter(pk=document.pk).update(language="ar")

    assert 'lang="ar" dir="rtl"' in text(client.get(review(document)))


def test_more_rows_need_no_more_queries(client, document, documents):
    counts = []
    for number in (1, 3):
        findings = [
            Part("finding", {"kind": Value("progress"), "topic": Value("gender"), "text": Value(f"Text {each}")})
            for each in range(number)
        ]
        proposing(documents, one(segment("2018"), *findings))
        client.get(review(document))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(review(document))
        counts.append(len(queries))

    assert counts[0] == counts[1]


# Creating


def test_accepting_all_creates_the_record_that_was_entered_by_hand(client, author, document):
    response = client.post(review(document), filled(client.get(review(document))))

    edition = created()
    assert response.url == page(edition)
    assert denmark.facts(edition) == denmark.recorded()
    assert edition.visit.events.filter(actor=author).count() == 2


def test_what_is_left_out_is_not_created_and_need_not_be_right(client, document):
    values = filled(client.get(review(document)))
    wrong = {"p0-finding-0-DELETE": "on", "p0-finding-0-kind": "nonsense", "p0-person-0-DELETE": "on"}

    client.post(review(document), values | wrong)

    edition = created()
    assert (edition.findings.count(), edition.people.count()) == (9, 1)
    assert not edition.evidence.filter(span_start=584).exists()


def test_what_is_changed_is_created_as_it_was_changed(client, document):
    changed = {
        "p0-title": "Visit to Denmark",
        "p0-segment-0-start": "28 May 2018",
        "p0-focus-0-topic": "gender",
        "p0-focus-7-DELETE": "on",
    }

    client.post(review(document), filled(client.get(review(document)), **changed))

    edition = created()
    assert (edition.title, edition.segments.get().start) == ("Visit to Denmark", "2018-05-28")
    assert edition.focuses.first().topic.slug == "gender"


def test_a_row_is_added_with_its_passage(client, document):
    values = filled(client.get(review(document)))
    start = denmark.TEXT.index("Copenhagen")
    passages = json.dumps([{"field": "name", "start": start, "end": start + 10, "quote": "Copenhagen"}])

    client.post(review(document), new_row(values, "p0-person", name="Hans", role="other", passages=passages))

    hans = created().people.get(name="Hans")
    assert hans.position == 3
    assert created().evidence.get(child_uid=hans.uid).quote == "Copenhagen"


def test_a_value_that_was_cleared_keeps_no_passage(client, document):
    client.post(review(document), filled(client.get(review(document)), **{"p0-person-0-department": ""}))

    jens = created().people.first()
    assert set(created().evidence.filter(child_uid=jens.uid).values_list("field", flat=True)) == {
        "name",
        "title",
        "organisation",
        "role",
    }


def passage(**changed) -> str:
    return json.dumps([{"field": "title", "start": 0, "end": 4, "quote": "CTED"} | changed])


@pytest.mark.parametrize(
    "passages",
    [
        passage(quote="cted"),
        passage(start=1, end=5),
        passage(end=99_999),
        passage(start=-4, end=0),
        passage(start=4, end=4, quote=""),
        passage(field="state"),
        passage(start="0"),
        passage(start=None),
        passage(start=True),
        '{"field": "title"}',
        "[1]",
        "[[]]",
        "not JSON",
        "[" * 5_000,
    ],
)
def test_a_passage_that_the_document_does_not_hold_is_refused(client, document, passages):
    values = filled(client.get(review(document)), **{"p0-passages": passages})

    response = client.post(review(document), values)

    assert response.status_code == 200
    assert response.context["review"].sheets[0].form.errors.keys() == {"passages"}
    assert filled(response)["p0-passages"] == "[]"
    assert not Edition.objects.exists()


def test_what_is_wrong_stands_beside_its_field_and_all_that_was_typed_is_kept(client, document):
    typed = {
        "p0-summary": "My own words.",
        "p0-segment-0-end": "2018-05-01",
        "p0-person-1-name": "x" * 121,
        "p0-finding-2-DELETE": "on",
    }
    values = filled(client.get(review(document)), **typed)

    response = client.post(review(document), values)

    assert "The last day cannot be before the first." in text(response)
    assert "at most 120 characters" in text(response)
    kept, token = filled(response), "csrfmiddlewaretoken"
    assert {name: kept[name] for name in values if name != token} == {
        name: ["on"] if name.endswith("DELETE") else value for name, value in values.items() if name != token
    }
    assert not Visit.objects.exists()


def test_the_same_is_not_recorded_in_two_rows(client, document):
    values = filled(client.get(review(document)), **{"p0-kind-1-kind": "focused"})

    response = client.post(review(document), values)

    assert "Another row says this already." in text(response)
    assert not Visit.objects.exists()


def test_a_state_must_be_chosen(client, document):
    response = client.post(review(document), filled(client.get(review(document)), **{"p0-country": ""}))

    assert response.context["review"].sheets[0].form.errors.keys() == {"country"}


# Visits that are there already


def test_a_visit_of_the_very_same_dates_is_taken_for_it(client, document):
    public = advance(pipeline.create(document, without_findings(), by=make_user(Role.EDITOR)), State.PUBLISHED)
    shown = client.get(review(document))
    assert "This State has a visit at these dates already" in text(shown)

    response = client.post(review(document), filled(shown))

    edition = created()
    assert response.url == page(edition)
    assert (edition.visit, edition.copied_from, edition.findings.count()) == (public.visit, public, 10)


def without_findings() -> Proposal:
    whole = denmark.extraction().proposals[0]
    return Proposal(whole.country, tuple(part for part in whole.parts if part.model != "finding"))


def test_a_visit_at_about_the_same_time_is_asked_about_and_can_be_another(client, document):
    other = make_edition(State.PUBLISHED, start="2018-05", end="2018-05")
    shown = client.get(review(document))
    assert filled(shown)["p0-about"] == ["new"]
    assert page(other) in text(shown)

    client.post(review(document), filled(shown))

    assert created().visit != other.visit


def test_going_on_with_what_another_person_has_in_review_is_refused_with_its_reason(client, document):
    make_edition(State.IN_REVIEW, start="2018-05-29", end="2018-06-01")

    response = client.post(review(document), filled(client.get(review(document))))

    assert response.status_code == 409
    assert "Your role does not include this step." in text(response)
    assert filled(response)["p0-title"] == "CTED conducts focused visit to Denmark"


def test_nothing_new_is_said_instead_of_opening_an_edition(client, document):
    advance(pipeline.create(document, denmark.extraction().proposals[0], by=make_user()), State.PUBLISHED)
    told = sorted(span for value in denmark.extraction().document.values() for span in value.spans)
    pipeline.extend(document, denmark.extraction().proposals[0], Visit.objects.get(), by=make_user(), passages=told)
    count = Edition.objects.count()

    response = client.post(review(document), filled(client.get(review(document))))

    assert response.status_code == 409
    assert "holds everything already" in text(response)
    assert Edition.objects.count() == count


def test_when_dates_are_put_right_the_page_asks_about_the_visit_that_was_then(client, document, documents):
    then = make_edition(State.PUBLISHED, start="2015-03-01", end="2015-03-02")
    shown = filled(client.get(review(document)), **{"p0-segment-0-start": "2015-03-02", "p0-segment-0-end": "2015-03"})

    asked = client.post(review(document), shown)
    assert "Say whether the text is about it." in text(asked)
    assert page(then) in text(asked)
    assert Edition.objects.count() == 1

    again = filled(asked)
    assert again["p0-about"] == ["new"]
    client.post(review(document), again | {"p0-about": str(then.visit_id)})
    assert created().visit == then.visit


def test_a_visit_that_was_not_asked_about_cannot_be_chosen(client, document):
    other = make_edition(State.PUBLISHED, start="1999", end="1999")

    response = client.post(review(document), filled(client.get(review(document)), **{"p0-about": str(other.visit_id)}))

    assert response.status_code == 200
    assert Edition.objects.count() == 1


# Tours


def test_a_tour_is_created_in_one_go_and_linked(client, document, documents):
    documents.propose = lambda document: denmark.tour()

    response = client.post(review(document), filled(client.get(review(document))), follow=True)

    first, second = Edition.objects.order_by("pk")
    assert response.redirect_chain == [(page(first), 302)]
    assert f'href="{page(second)}"' in text(response)
    assert first.visitlinks.get().target == second.visit


def test_of_a_tour_only_what_is_ticked_is_created(client, document, documents):
    documents.propose = lambda document: denmark.tour()
    values = filled(client.get(review(document)), **{"p0-accepted": None, "p0-segment-0-start": "nonsense"})

    client.post(review(document), values)

    assert [edition.visit.country.iso3 for edition in Edition.objects.all()] == ["FIN"]


def test_a_tour_without_a_tick_creates_nothing_and_says_so(client, document, documents):
    documents.propose = lambda document: denmark.tour()
    values = filled(client.get(review(document)), **{"p0-accepted": None, "p1-accepted": None})

    response = client.post(review(document), values)

    assert response.status_code == 409
    assert "No draft is ticked" in text(response)


# Who may


def test_who_only_reads_may_look_but_not_create(document, documents):
    reader = make_user(None, password="a long enough password")
    reader.user_permissions.add(Permission.objects.get(codename="view_document"))
    client = Client()
    client.force_login(reader)

    assert client.get(review(document)).status_code == 200
    assert "Create the draft" not in text(client.get(review(document)))
    assert client.post(review(document)).status_code == 403
    assert client.get(READ).status_code == 403


def test_a_document_that_is_not_there_is_not_found(client, author, documents):
    assert client.get("/admin/visits/document/999/review/").status_code == 404
