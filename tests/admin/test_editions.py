"""The list of visits and the form of an edition."""

import re

import pytest
from django.db.models import UniqueConstraint

from tests.examples import body, resolution
from tests.factories import make_country, make_document, make_edition, make_next_edition, make_user
from visits.enums import State, Verb
from visits.models import (
    CHILDREN,
    DocumentLink,
    Edition,
    Event,
    Participation,
    Person,
    Visit,
)

from .support import fill_with, filled, make_topic, new_row, page, text

pytestmark = pytest.mark.django_db


def test_adding_a_visit_opens_its_draft(client, author):
    country = make_country()

    response = client.post("/admin/visits/visit/add/", {"country": country.pk, "internal_notes": "From the archive."})

    visit = Visit.objects.get()
    draft = visit.editions.get()
    assert response["Location"] == page(draft)
    assert (visit.internal_notes, draft.state) == ("From the archive.", State.DRAFT)
    assert Event.objects.get().verb == Verb.START
    assert Event.objects.get().actor == author


def test_adding_a_visit_without_a_country_says_so(client, author):
    response = client.post("/admin/visits/visit/add/", {"country": "", "internal_notes": "Typed already."})

    assert "This field is required." in text(response)
    assert "Typed already." in text(response)


def test_a_visit_keeps_its_country_and_changes_its_notes(client, author):
    edition = make_edition()
    other = make_country("Norway", "NOR", "NO")
    address = f"/admin/visits/visit/{edition.visit_id}/change/"

    client.post(address, filled(client.get(address), internal_notes="Ask for the report.", country=other.pk))

    edition.visit.refresh_from_db()
    assert (edition.visit.internal_notes, edition.visit.country.iso3) == ("Ask for the report.", "DNK")
    event = Event.objects.filter(verb=Verb.CHANGE_RECORD).get()
    assert (event.actor, event.visit, [change["field"] for change in event.changes]) == (
        author,
        edition.visit,
        ["internal_notes"],
    )


def test_nobody_deletes_visits_or_editions(client):
    edition = make_edition()
    client.force_login(make_user(is_superuser=True))

    assert client.post(f"/admin/visits/visit/{edition.visit_id}/delete/", {"post": "yes"}).status_code == 403
    assert client.post(f"/admin/visits/edition/{edition.pk}/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/visits/edition/add/").status_code == 403


def test_the_list_names_states_numbers_and_dates(client, author):
    edition = make_edition(State.PUBLISHED, title="Visit to Denmark")
    make_next_edition(edition, State.DRAFT, title="Visit to Denmark, corrected")

    words = text(client.get("/admin/visits/visit/"))

    assert "Visit to Denmark, corrected" in words
    assert "state-published" in words
    assert "state-draft" in words
    assert "29 May to 1 June 2018" in words


@pytest.mark.parametrize("query", ["q=denmark", "q=DNK", "q=Danemark", "q=Corrected+title", "state=draft"])
def test_a_visit_is_found(client, author, query):
    make_country(name_fr="Danemark")
    make_edition(title="Corrected title")
    make_edition(State.PUBLISHED, title="Another", country=make_country("Norway", "NOR", "NO"))

    words = text(client.get(f"/admin/visits/visit/?{query}"))

    assert "Corrected title" in words
    assert "1 visit" in words


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_visits_takes_ten_queries(client, author, count, django_assert_num_queries):
    for number in range(count):
        edition = make_edition(State.PUBLISHED, country=make_country(f"Country {number}", f"AA{number}", f"A{number}"))
        make_next_edition(edition, State.DRAFT)

    with django_assert_num_queries(10):
        client.get("/admin/visits/visit/")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_of_editions_takes_eight_queries(client, author, count, django_assert_num_queries):
    for number in range(count):
        make_edition(country=make_country(f"Country {number}", f"AA{number}", f"A{number}"))

    with django_assert_num_queries(8):
        client.get("/admin/visits/edition/")


@pytest.mark.parametrize("count", [1, 10])
def test_the_form_takes_as_many_queries_for_ten_rows_as_for_one(client, author, count, django_assert_num_queries):
    edition = make_edition(fill=fill_with(count))

    with django_assert_num_queries(23):
        client.get(page(edition))


def test_saving_writes_the_edition_and_its_rows_as_one_event(client, author):
    edition = make_edition()
    values = filled(client.get(page(edition)), title="A better title", **{"segments-0-places": "Copenhagen"})
    values = new_row(values, "focuses", topic=make_topic("legislation").pk, role="focus")

    response = client.post(page(edition), values, follow=True)

    assert "“A better title” has been saved." in text(response)
    edition.refresh_from_db()
    assert edition.title == "A better title"
    assert edition.segments.get().places == "Copenhagen"
    assert edition.focuses.get().topic.slug == "legislation"
    event = Event.objects.filter(verb=Verb.SAVE, actor=author).get()
    assert {(change["part"], change["field"]) for change in event.changes} == {
        ("edition", "title"),
        ("segment", "places"),
        ("focus", "topic"),
        ("focus", "role"),
    }


def test_saving_an_untouched_form_changes_nothing_and_makes_nobody_a_contributor(client, author):
    edition = make_edition(
        text="<p>First.</p><p>Second.</p>", summary="One line.\nAnother line.", fill=fill_with(2), by=make_user()
    )
    version = Edition.objects.get(pk=edition.pk).version

    response = client.post(page(edition), filled(client.get(page(edition))), follow=True)

    assert "Nothing was different, so nothing was saved." in text(response)
    assert Edition.objects.get(pk=edition.pk).version == version
    assert not Event.objects.filter(actor=author).exists()


def test_rich_text_is_sanitised(client, author):
    edition = make_edition()

    client.post(
        page(edition), filled(client.get(page(edition)), text='<p onclick="x()">A<script>alert(1)</script></p>')
    )

    edition.refresh_from_db()
    assert edition.text == "<p>A</p>"


def test_faults_stand_beside_their_fields_and_what_was_typed_stays(client, author):
    edition = make_edition()
    values = filled(client.get(page(edition)), summary="Typed.", **{"segments-0-start": "June"})
    values = new_row(values, "findings", kind="assistance", text="Help is needed.")

    response = client.post(page(edition), values)

    words = text(response)
    assert "Write a day (2018-05-29), a month (2018-05) or a year (2018)" in words
    assert "Say whether the assistance was offered, needed or discussed." in words
    assert "Typed." in words
    assert "Help is needed." in words
    assert not edition.findings.exists()


# What an edition can name once only.
ONCE = {
    "kinds": lambda: {"kind": "initial"},
    "focuses": lambda: {"topic": make_topic("legislation").pk, "role": "focus"},
    "resolutionlinks": lambda: {"resolution": resolution(0).pk},
    "participations": lambda: {"body": body(0).pk, "role": "member"},
    "visitlinks": lambda: {"kind": "follows", "target": make_edition().visit_id},
    "documentlinks": lambda: {"document": make_document().pk},
}


def test_all_that_stands_once_in_an_edition_is_tried():
    def rules(model):
        return [rule for rule in model._meta.constraints if isinstance(rule, UniqueConstraint)]

    # Every row has one more: its identifier.
    unique = {model for model in CHILDREN if len(rules(model)) > 1}
    assert {Edition._meta.get_field(name).related_model for name in ONCE} == unique


@pytest.mark.parametrize("prefix", ONCE)
def test_what_is_recorded_twice_is_told_beside_the_later_row(client, author, prefix):
    edition, row = make_edition(kinds=()), ONCE[prefix]()
    values = new_row(filled(client.get(page(edition))), prefix, **row)

    response = client.post(page(edition), new_row(values, prefix, **row) | {"title": "Typed"})

    assert response.status_code == 200
    assert text(response).count("This is recorded in another row already.") == 1
    assert 'value="Typed"' in text(response)
    client.post(page(edition), values)
    again = client.post(page(edition), new_row(filled(client.get(page(edition))), prefix, **row))
    assert text(again).count("This is recorded in another row already.") == 1


def test_rows_may_trade_what_they_hold_and_keep_their_evidence(client, author):
    edition = make_edition(fill=fill_with(3))
    first, second, third = edition.focuses.all()
    values = filled(client.get(page(edition)))
    traded = {"focuses-0-topic": second.topic_id, "focuses-1-topic": third.topic_id, "focuses-2-DELETE": "on"}

    client.post(page(edition), new_row(values | traded, "focuses", topic=first.topic_id, role="mentioned"))

    held = [(focus.uid, focus.topic) for focus in edition.focuses.all()]
    assert held[:2] == [(first.uid, second.topic), (second.uid, third.topic)]
    assert [topic for _uid, topic in held[2:]] == [first.topic]
    assert edition.evidence.count() == 3


def test_a_visit_is_not_linked_to_itself(client, author):
    edition = make_edition()
    values = new_row(filled(client.get(page(edition))), "visitlinks", kind="follows", target=edition.visit_id)

    assert "A visit cannot be linked to itself." in text(client.post(page(edition), values))
    assert not edition.visitlinks.exists()


def test_a_date_may_be_typed_as_the_source_writes_it(client, author):
    edition = make_edition()
    opened = client.get(page(edition))

    # Pasted text that is longer than the date it stands for is not cut off.
    assert "maxlength" not in re.search(r'<input[^>]*name="segments-0-start"[^>]*>', text(opened))[0]
    same = filled(opened, **{"segments-0-start": "29 May 2018", "segments-0-end": "1 June 2018"})
    assert "Nothing was different" in text(client.post(page(edition), same, follow=True))
    client.post(page(edition), filled(client.get(page(edition)), **{"segments-0-end": "June 2018"}))

    assert (edition.segments.get().start, edition.segments.get().end) == ("2018-05-29", "2018-06")


def test_other_visits_to_the_state_are_named_and_those_of_the_same_days_asked_about(client, author):
    make_edition(State.PUBLISHED, title="Visit before", start="2015", end="")
    make_edition(title="Visit at that time", start="2018-06", end="")
    make_edition(country=make_country("Norway", "NOR", "NO"), title="Visit elsewhere")
    edition = make_edition()

    words = text(client.get(page(edition)))

    assert "2 other visits to Denmark are recorded here" in words
    assert "Visit before" in words
    assert "“Visit at that time” is recorded at the same time. Is it this visit?" in words
    assert words.count("Is it this visit?") == 1
    assert "Visit elsewhere" not in words


def test_new_rows_come_last(client, author):
    edition = make_edition(fill=lambda edition: Person.objects.create(edition=edition, name="First", position=4))
    values = filled(client.get(page(edition)))
    values = new_row(new_row(values, "people", name="Second", role="other"), "people", name="Third", role="other")

    client.post(page(edition), values)

    assert [person.name for person in edition.people.all()] == ["First", "Second", "Third"]


def test_a_row_takes_its_evidence_with_it(client, author):
    edition = make_edition(fill=fill_with(2))
    kept = edition.findings.last()

    client.post(page(edition), filled(client.get(page(edition)), **{"findings-0-DELETE": "on"}))

    assert [finding.pk for finding in edition.findings.all()] == [kept.pk]
    assert [evidence.child_uid for evidence in edition.evidence.all()] == [kept.uid]


DOCUMENT = "The delegation met officials. The officials met the delegation.\nIt was 5 June."


@pytest.fixture
def sourced(author):
    return make_edition(document=make_document(text=DOCUMENT), fill=fill_with(0))


def post_evidence(client, edition, **row):
    row = {"about": f"{edition.visit.uid}:title", "source": edition.documentlinks.get().document_id} | row
    return client.post(page(edition), new_row(filled(client.get(page(edition))), "evidence", **row), follow=True)


def test_the_place_of_a_passage_is_found(client, sourced):
    post_evidence(client, sourced, quote="officials. The")

    evidence = sourced.evidence.get()
    assert (evidence.span_start, evidence.span_end) == (19, 33)
    assert (evidence.child_uid, evidence.field) == (sourced.visit.uid, "title")


def test_a_passage_over_a_line_end_is_found_though_browsers_post_crlf(client, sourced):
    post_evidence(client, sourced, quote="delegation.\r\nIt was")

    assert sourced.evidence.get().quote == "delegation.\nIt was"


def test_a_passage_that_is_not_there_is_refused(client, sourced):
    response = post_evidence(client, sourced, quote="The delegation met nobody.")

    assert "The document does not say this." in text(response)
    assert "The delegation met nobody." in text(response)


def test_a_passage_that_is_there_twice_asks_which(client, sourced):
    response = post_evidence(client, sourced, quote="officials")

    assert "more than once, from the characters 19, 34." in text(response)
    assert not sourced.evidence.exists()


def test_of_a_passage_that_is_there_twice_one_can_be_named(client, sourced):
    post_evidence(client, sourced, quote="officials", span_start="34")

    assert sourced.evidence.get().span_start == 34


def test_evidence_names_a_part_of_this_edition(client, sourced):
    other = make_edition()

    response = post_evidence(client, sourced, quote="5 June", about=f"{other.visit.uid}:title")

    assert "Select a valid choice." in text(response)
    assert not sourced.evidence.exists()


def test_a_passage_can_be_changed_without_saying_again_what_it_shows(client, author):
    edition = make_edition(document=make_document(text=DOCUMENT), fill=fill_with(1))

    client.post(page(edition), filled(client.get(page(edition)), **{"evidence-0-quote": "5 June"}))

    evidence = edition.evidence.get()
    assert (evidence.quote, evidence.span_start) == ("5 June", DOCUMENT.index("5 June"))
    assert evidence.child_uid == edition.findings.get().uid


def test_every_kind_of_row_is_on_the_form(client, author):
    edition = make_edition(fill=fill_with(1))

    prefixes = [formset.formset.prefix for formset in client.get(page(edition)).context["inline_admin_formsets"]]

    assert prefixes == [
        "segments",
        "kinds",
        "focuses",
        "resolutionlinks",
        "participations",
        "people",
        "engagements",
        "findings",
        "visitlinks",
        "documentlinks",
        "evidence",
    ]
    assert {DocumentLink, Participation} <= {Edition._meta.get_field(name).related_model for name in prefixes}


def test_an_edition_that_is_not_there_leads_back(client, author):
    assert client.get("/admin/visits/edition/999/change/").status_code == 302


def test_the_history_is_made_of_events(client, author):
    edition = make_edition()
    client.post(page(edition), filled(client.get(page(edition)), title="A better title"))

    words = text(client.get(f"/admin/visits/edition/{edition.pk}/history/"))

    assert str(author) in words
    assert "A better title" in words
    assert client.get(f"/admin/visits/visit/{edition.visit_id}/history/").status_code == 200


def test_the_history_is_for_those_who_may_read_the_record(client):
    edition = make_edition()
    client.force_login(make_user(role=None))

    assert client.get(f"/admin/visits/edition/{edition.pk}/history/").status_code == 403
    assert client.get(page(edition)).status_code == 403


def test_a_last_day_before_the_first_is_told_beside_its_row(client, author):
    edition = make_edition(by=author)

    response = client.post(page(edition), filled(client.get(page(edition)), **{"segments-0-end": "2017"}))

    assert "The last day cannot be before the first." in text(response)
    assert edition.segments.get().end == "2018-06-01"
