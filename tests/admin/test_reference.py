"""Vocabularies and documents: every write is recorded and raises the generation."""

import pytest
from django.apps import apps

from tests.factories import make_country, make_document, make_edition, make_region, make_user
from tests.searching import found
from visits.editorial import actions
from visits.enums import Role, State, Verb
from visits.models import Body, Document, Event, Evidence, Generation, Participation, Resolution, Topic, User

from .support import filled, text

pytestmark = pytest.mark.django_db

MODELS = ["topic", "body", "resolution", "country", "region", "document"]


@pytest.fixture
def administrator(client):
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def make_rows(count: int, start: int = 0) -> None:
    """That many rows of each vocabulary."""
    for number in range(start, start + count):
        letter = "ABCDEFGH"[number]
        make_country(
            f"Country {letter}", f"AA{letter}", f"A{letter}", region=make_region(f"Region {number}", str(number))
        )
        make_document()
        Topic.objects.create(slug=f"topic-{number}", name=f"Topic {number}")
        Body.objects.create(acronym=f"B{number}", slug=f"b{number}", name=f"Body {number}", kind="un")
        Resolution.objects.create(number=1000 + number, year=2000, subject=f"Subject {number}")


def last(model):
    return apps.get_model("visits", model).objects.latest("pk")


def change(model, pk) -> str:
    return f"/admin/visits/{model}/{pk}/change/"


@pytest.mark.parametrize("model", MODELS)
def test_a_change_is_recorded_and_raises_the_generation(client, administrator, model):
    make_rows(1)
    row, generation = last(model), Generation.current()
    field = {"resolution": "subject_en", "document": "title"}.get(model, "name_en")

    response = client.post(change(model, row.pk), filled(client.get(change(model, row.pk)), **{field: "Renamed"}))

    assert response.status_code == 302
    assert getattr(last(model), field) == "Renamed"
    assert Generation.current() == generation + 1
    event = Event.objects.latest("pk")
    assert (event.verb, event.actor) == (Verb.CHANGE_RECORD, administrator)
    assert field in [entry["field"] for entry in event.changes]


@pytest.mark.parametrize("model", MODELS)
def test_an_untouched_form_records_nothing(client, administrator, model):
    make_rows(1)
    row, events = last(model), Event.objects.count()

    client.post(change(model, row.pk), filled(client.get(change(model, row.pk))))

    assert Event.objects.count() == events
    assert last(model).version == row.version


QUERIES = {"topic": 7, "body": 7, "resolution": 7, "country": 8, "region": 7, "document": 10}


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("model", MODELS)
def test_lists_take_the_same_queries_however_many_rows(client, administrator, model, count, django_assert_num_queries):
    make_rows(count)

    with django_assert_num_queries(QUERIES[model]):
        client.get(f"/admin/visits/{model}/")


def test_adding_a_term_is_recorded(client, administrator):
    address = "/admin/visits/topic/add/"

    client.post(address, filled(client.get(address), slug="gender", name_en="Gender", name_fr="Genre"))

    topic = Topic.objects.get()
    assert (topic.name, topic.name_fr) == ("Gender", "Genre")
    assert Event.objects.get().subject == "topic: Gender"


def test_the_english_name_is_required(client, administrator):
    address = "/admin/visits/topic/add/"

    response = client.post(address, filled(client.get(address), slug="gender", name_fr="Genre"))

    assert "This field is required." in text(response)
    assert not Topic.objects.exists()


def test_membership_of_a_body_is_recorded_with_it(client, administrator):
    make_rows(2)
    network, institute = Body.objects.order_by("pk")

    client.post(change("body", institute.pk), filled(client.get(change("body", institute.pk)), member_of=[network.pk]))

    assert list(institute.member_of.all()) == [network]
    event = Event.objects.latest("pk")
    assert event.changes == [{"field": "member_of", "old": [], "new": [str(network)]}]


def test_a_deletion_is_recorded(client, administrator):
    make_rows(1)
    generation = Generation.current()

    address = f"/admin/visits/topic/{last('topic').pk}/delete/"

    client.post(address, filled(client.get(address)))

    assert not Topic.objects.exists()
    assert Generation.current() == generation + 1
    assert Event.objects.latest("pk").subject == "topic: Topic 0"


def test_deleting_several_records_each(client, administrator):
    make_rows(3)
    chosen = list(Topic.objects.values_list("pk", flat=True))

    asked = client.post("/admin/visits/topic/", {"action": "delete_selected", "_selected_action": chosen})
    client.post("/admin/visits/topic/", filled(asked, _selected_action=chosen))

    assert not Topic.objects.exists()
    assert Event.objects.filter(subject__startswith="topic: ").count() == 3


def test_what_is_used_is_not_deleted_and_says_by_what(client, administrator):
    make_rows(1)
    body = Body.objects.get()
    make_edition(State.PUBLISHED, fill=lambda edition: Participation.objects.create(edition=edition, body=body))

    response = client.post(f"/admin/visits/body/{body.pk}/delete/", {"post": "yes"})

    assert f"“{body}” cannot be deleted, because records use it:" in text(response)
    assert "denmark-2018, edition 1</a>" in text(response)
    assert f"/admin/visits/body/{body.pk}/merge/" in text(response)
    assert Body.objects.exists()


def test_no_term_is_replaced_by_itself(client, administrator):
    make_rows(2)
    survivor, topic = Topic.objects.order_by("pk")
    Topic.objects.filter(pk=topic.pk).update(replaced_by=survivor)

    response = client.post(
        change("topic", topic.pk), filled(client.get(change("topic", topic.pk)), replaced_by=topic.pk)
    )

    assert "A term cannot be replaced by itself." in text(response)


def test_replaced_terms_are_not_offered_any_more(client, administrator):
    make_rows(2)
    old, new = Topic.objects.order_by("pk")
    with actions.saving_record(old, by=administrator):
        old.replaced_by = new
        old.save()

    offered = client.get(
        "/admin/autocomplete/", {"app_label": "visits", "model_name": "focus", "field_name": "topic", "term": "topic"}
    )

    assert [result["text"] for result in offered.json()["results"]] == ["Topic 1"]


def test_authors_read_the_vocabularies_and_change_none(client, author):
    make_rows(1)

    for model in ("topic", "body", "resolution", "country", "region"):
        assert client.get(change(model, last(model).pk)).status_code == 200
        assert client.post(change(model, last(model).pk), {"name_en": "Mine"}).status_code == 403
        assert client.get(f"/admin/visits/{model}/add/").status_code == 403


def test_a_new_name_of_a_country_is_found_at_once(client, administrator):
    edition = make_edition(State.PUBLISHED)
    country = edition.visit.country

    client.post(change("country", country.pk), filled(client.get(change("country", country.pk)), name_fr="Danemark"))

    assert found("Danemark") == [edition.visit.slug]


def test_the_text_of_a_document_is_kept_to_the_letter(client, author):
    address = "/admin/visits/document/add/"

    client.post(address, filled(client.get(address), title="A release", text="  First line.\r\n\r\nSecond.\r\n"))

    assert Document.objects.get().text == "  First line.\n\nSecond.\n"


def test_a_text_that_the_register_has_is_refused_with_its_document_and_what_was_typed_stays(client, author):
    make_document(title="The first release", text="One text.")
    other = make_document(text="Another text.")
    new = {"title": "Typed anew", "kind": "report", "language": "en", "disclosure": "full", "text": "One text."}

    for address, values in {
        "/admin/visits/document/add/": new,
        change("document", other.pk): filled(client.get(change("document", other.pk)), text="One text."),
    }.items():
        told = client.post(address, values)
        assert "The register has this text already, as the document “The first release”: use that one." in text(told)
        assert f'value="{values["title"]}"' in text(told)
    assert Document.objects.count() == 2


def test_a_text_that_records_quote_is_not_moved(client, author):
    document = make_document(text="One two three.")

    def quote(edition):
        Evidence.objects.create(
            edition=edition, child_uid=edition.visit.uid, field="title", document=document,
            span_start=4, span_end=7, quote="two",
        )  # fmt: skip

    make_edition(document=document, fill=quote)
    values = filled(client.get(change("document", document.pk)))

    moved = client.post(change("document", document.pk), values | {"text": "Now one two three."})
    client.post(change("document", document.pk), values | {"text": "One two three, and four."})

    assert "Records quote this text" in text(moved)
    document.refresh_from_db()
    assert document.text == "One two three, and four."


def test_the_text_behind_a_fixed_edition_is_only_shown(client, administrator):
    document = make_document(text="One two three.")
    make_edition(State.PUBLISHED, document=document)

    page = client.get(change("document", document.pk))
    client.post(change("document", document.pk), filled(page, text="Forged.", disclosure="none"))

    assert 'name="text"' not in text(page)
    document.refresh_from_db()
    assert (document.text, document.disclosure) == ("One two three.", "none")


def test_events_and_translations_are_only_read(client):
    make_edition(State.PUBLISHED)
    client.force_login(make_user(Role.ADMINISTRATOR, is_superuser=True))
    event = Event.objects.latest("pk")

    assert client.get("/admin/visits/event/?verb=publish").status_code == 200
    assert client.get("/admin/visits/translation/").status_code == 200
    assert client.get(change("event", event.pk)).status_code == 200
    for address in (change("event", event.pk), f"/admin/visits/event/{event.pk}/delete/", "/admin/visits/event/add/"):
        assert client.post(address, {"post": "yes", "note": "Rewritten"}).status_code == 403
    assert Event.objects.get(pk=event.pk).note == ""


def test_events_outlive_the_person(client, administrator):
    make_rows(1)
    person = make_user(Role.ADMINISTRATOR, first_name="Gone")
    with actions.saving_record(last("topic"), by=person) as topic:
        topic.name = "Renamed"
        topic.save()
    User.objects.filter(pk=person.pk).delete()

    assert "Gone" in text(client.get("/admin/visits/event/"))
