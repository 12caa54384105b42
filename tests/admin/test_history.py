"""The history of a record tells in sentences who changed what; it is narrowed down and exported."""

import csv
from datetime import timedelta

import pytest
from django.utils import timezone, translation

from tests.examples import body, fill_every_part, topic
from tests.factories import make_document, make_edition, make_next_edition, make_user, translate
from visits.admin.sentences import DONE, Teller
from visits.editorial import actions, rules
from visits.enums import Role, State, TranslationState, Verb
from visits.models import CHILDREN, Edition, Event, Finding, Focus, Topic, User
from visits.models.base import plain_rows

from .support import fill_with, filled, page, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return make_user(Role.EDITOR, first_name="Anna", last_name="Smith")


@pytest.fixture
def administrator(client):
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def said(event) -> list[str]:
    return [sentence.text for sentence in Teller([event]).sentences(event)]


def saved(edition, by, change) -> list[str]:
    """What is told of a save in which `change` was done to the edition."""
    with actions.saving(edition, by=by):
        change(edition)
        edition.save()
    return said(edition.events.first())


def address(row, query: str = "") -> str:
    return f"/admin/visits/{row._meta.model_name}/{row.pk}/history/{query}"


def test_what_became_of_a_field_is_told_with_both_values(anna):
    edition = make_edition(title="Visit to Denmark", aim="To see.", mandate="")

    def change(edition):
        edition.title, edition.aim, edition.mandate = "Focused visit to Denmark", "", "The Committee"

    assert saved(edition, anna, change) == [
        "Anna Smith changed the title from “Visit to Denmark” to “Focused visit to Denmark”.",
        "Anna Smith emptied the aim, which was “To see.”.",
        "Anna Smith filled in the mandate: “The Committee”",
    ]


def test_parts_are_added_removed_moved_and_changed_by_name(anna):
    def fill(edition):
        for number in range(3):
            Finding.objects.create(edition=edition, kind="progress", text=f"Finding {number}", position=number + 1)
        Focus.objects.create(edition=edition, topic=topic(0))

    def change(edition):
        first, second, third = edition.findings.all()
        first.position, second.position = 2, 1
        first.save()
        second.save()
        third.delete()
        focus = edition.focuses.get()
        focus.role = "mentioned"
        focus.save()
        Focus.objects.create(edition=edition, topic=topic(1))

    assert sorted(saved(make_edition(fill=fill), anna, change)) == [
        "Anna Smith added the topic “Topic 1”.",
        "Anna Smith changed the role of the topic “Topic 0” from “focus of the talks” to “mentioned”.",
        "Anna Smith moved the finding “Finding 0” from place 1 to place 2.",
        "Anna Smith moved the finding “Finding 1” from place 2 to place 1.",
        "Anna Smith removed the finding “Finding 2”.",
    ]


def test_a_long_text_is_told_word_by_word_below_its_sentence(client, administrator, anna):
    edition = make_edition(summary="The delegation met the authorities. " * 5)

    def change(edition):
        edition.summary = edition.summary.replace("met", "visited", 1)

    assert saved(edition, anna, change) == ["Anna Smith changed the summary."]
    assert "<del>met</del><ins>visited</ins>" in text(client.get(address(edition)))


def test_a_change_of_formatting_alone_is_told_as_that(anna):
    edition = make_edition(text="<p>The same words.</p>")

    def change(edition):
        edition.text = "<p>The <strong>same</strong> words.</p>"

    assert saved(edition, anna, change) == ["Anna Smith changed the formatting of the text."]


def test_a_part_that_is_gone_since_is_still_called_by_its_name(anna):
    edition = make_edition(fill=fill_with(1))

    def change(edition):
        finding = edition.findings.get()
        finding.kind = "statement"
        finding.save()

    saved(edition, anna, change)
    told = edition.events.first()
    assert saved(edition, anna, lambda edition: edition.findings.all().delete()) == [
        "Anna Smith removed the finding “Finding 0”."
    ]

    both = Teller([edition.events.first(), told])

    assert [sentence.text for sentence in both.sentences(told)] == [
        "Anna Smith changed the kind of the finding “Finding 0” from “progress” to “statement”."
    ]


def test_nothing_of_any_part_is_told_as_a_code(anna):
    edition = make_edition(kinds=())

    sentences = saved(edition, anna, fill_every_part)

    assert len([each for each in sentences if " added the " in each]) == len(CHILDREN)
    codes = {"follow-up", "cross-cutting", "on-site", "topic-0", "body-0", str(edition.visit.uid)}
    assert not [(code, sentence) for code in codes for sentence in sentences if f"“{code}”" in sentence]
    assert "Anna Smith added the kind “follow-up visit”." in sentences
    assert "Anna Smith added the dates “29 May 2018 – 1 June 2018”." in sentences


def test_it_is_told_in_the_language_of_the_reader(anna):
    edition = make_edition(fill=fill_with(1))
    named = Topic.objects.get()
    named.name_fr = "Gestion des frontières"
    named.save()
    event = edition.events.first()

    with translation.override("fr"):
        assert any("Gestion des frontières" in sentence for sentence in said(event))


def test_linked_terms_of_a_record_are_told_one_by_one(anna):
    member, other, third = body(0), body(1), topic(0)
    with actions.saving_record(member, by=anna):
        member.member_of.add(other)
    assert said(Event.objects.first()) == ["Anna Smith added “Body number 1” to the member of."]
    with actions.saving_record(member, by=anna):
        member.member_of.clear()
    assert said(Event.objects.first()) == ["Anna Smith removed “Body number 1” from the member of."]
    with actions.saving_record(third, by=anna):
        third.name_en = "Another name"
        third.save()
    assert said(Event.objects.first()) == ["Anna Smith changed the name in English from “Topic 0” to “Another name”."]


def test_records_that_are_entered_and_deleted_are_told_in_one_sentence_each(anna):
    row = Topic(slug="customs", name_en="Customs")
    with actions.saving_record(row, by=anna):
        row.save()
    assert said(Event.objects.first()) == ["Anna Smith entered this record: “Customs”"]
    with actions.saving_record(row, by=anna):
        row.delete()
    assert said(Event.objects.first()) == ["Anna Smith deleted this record: “Customs”"]


def test_the_history_of_an_account_tells_roles_and_never_a_password(client, administrator):
    values = {"username": "somebody", "password1": "a long enough password", "password2": "a long enough password"}
    client.post("/admin/visits/user/add/", filled(client.get("/admin/visits/user/add/")) | values)
    account = User.objects.get(username="somebody")
    groups = account.groups.model.objects.filter(name="editor")
    with actions.saving_record(account, by=administrator):
        account.groups.set(groups)
        account.set_password("another long password")
        account.save()

    words = text(client.get(address(account)))

    assert "added “editor” to the groups" in words
    assert "set a new password" in words
    assert "md5" not in words


def test_steps_and_claims_are_told(anna):
    edition = make_edition(State.IN_REVIEW)
    actions.claim(edition, by=anna)
    assert said(edition.events.first()) == ["Anna Smith claimed the review."]
    actions.claim(edition, by=make_user(Role.EDITOR, first_name="Olga", last_name="Other"))
    assert said(edition.events.first()) == ["Olga Other took the review over from Anna Smith."]
    actions.publish(edition, by=anna)
    assert said(edition.events.first()) == ["Anna Smith published the edition."]


def test_every_step_of_an_edition_has_a_sentence():
    assert set(DONE) | {Verb.CLAIM, Verb.SAVE} >= set(rules.TRANSITIONS)


def test_translations_are_told_with_their_language(anna):
    edition = make_edition(State.PUBLISHED, title="A title")
    translate(edition, "fr", TranslationState.DRAFT, by=anna, texts={"title": "Un titre"})

    assert said(Event.objects.first()) == ["Anna Smith put the title into French: “Un titre”"]
    translate(edition, "fr", texts={"title": "Le titre"})
    told = [said(event)[0] for event in edition.visit.events.all()[:3]]
    assert told[0] == "system approved the translation into French."
    assert "changed the title in French from “Un titre” to “Le titre”." in told[2]


# Narrowed down and exported


@pytest.fixture
def told_of(anna):
    """A visit of which several people changed several things on several days."""
    edition = make_edition(title="Visit to Denmark", by=make_user(first_name="Bob", last_name="Brown"))
    saved(edition, anna, lambda edition: setattr(edition, "title", "=SUM(A1)"))
    saved(edition, anna, lambda edition: Focus.objects.create(edition=edition, topic=topic(0)))
    plain_rows(Event).filter(actor_name="Bob Brown").update(at=timezone.now() - timedelta(days=10))
    return edition


def entries(client, edition, query) -> list[str]:
    found = client.get(address(edition, query)).context["events"]
    return [sentence.text for _event, sentences in found for sentence in sentences]


def test_a_history_is_narrowed_down_by_person_step_part_and_days(client, administrator, told_of):
    added, retitled = "Anna Smith added the topic “Topic 0”.", "Anna Smith changed the title"

    assert {each.split()[0] for each in entries(client, told_of, "?who=Anna+Smith")} == {"Anna"}
    assert entries(client, told_of, "?part=focus") == [added]
    assert [each[: len(retitled)] for each in entries(client, told_of, "?who=Anna+Smith&part=itself")] == [retitled]
    assert entries(client, told_of, "?verb=start") == ["Bob Brown started the record of this visit."]
    week = timezone.localdate() - timedelta(days=7)
    assert {each.split()[0] for each in entries(client, told_of, f"?since={week}")} == {"Anna"}
    assert {each.split()[0] for each in entries(client, told_of, f"?until={week}")} == {"Bob"}
    assert "Nothing of that is recorded." in text(client.get(address(told_of, "?part=focus&who=Bob+Brown")))


@pytest.mark.parametrize("query", ["?since=yesterday", "?who=nobody", "?part=nonsense", "?verb=x"])
def test_a_filter_that_means_nothing_is_refused_and_never_answered_with_everything(
    client, administrator, told_of, query
):
    answer = client.get(address(told_of, query))

    assert answer.context["events"] == []
    assert "errorlist" in answer.content.decode()
    assert "text/csv" not in client.get(address(told_of, f"{query}&format=csv"))["Content-Type"]


def test_what_is_shown_is_exported_and_nothing_in_it_is_a_formula(client, administrator, told_of):
    exported = client.get(address(told_of, "?who=Anna+Smith&format=csv"))

    assert exported["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.DictReader(exported.content.decode("utf-8-sig").splitlines()))
    assert [line["In words"] for line in lines] == entries(client, told_of, "?who=Anna+Smith")
    assert {line["Person"] for line in lines} == {"Anna Smith"}
    retitled = next(line for line in lines if line["Field"] == "title")
    assert (retitled["Before"], retitled["After"]) == ("Visit to Denmark", "'=SUM(A1)")


def test_a_long_history_is_paged_and_exported_whole(client, administrator, anna):
    edition = make_edition()
    for number in range(60):
        saved(edition, anna, lambda edition, number=number: setattr(edition, "title", f"Title {number}"))

    assert len(client.get(address(edition)).context["events"]) == 50
    second = client.get(address(edition, "?page=2"))
    assert "started the record" in text(second)
    exported = client.get(address(edition, "?format=csv")).content.decode()
    assert exported.count("changed the title") == 60


def test_histories_take_the_same_queries_however_much_they_tell(client, administrator, django_assert_num_queries):
    small, large = (make_edition(fill=fill_with(count)) for count in (1, 30))
    make_next_edition(make_edition(State.PUBLISHED, document=make_document()))

    for edition in (small, large):
        with django_assert_num_queries(QUERIES):
            client.get(address(edition))


def test_events_themselves_are_told_in_sentences(client, administrator, anna):
    edition = make_edition(title="Before", by=anna)
    client.post(page(edition), filled(client.get(page(edition)), title="After"))
    event = Edition.objects.get(pk=edition.pk).events.first()

    words = text(client.get(f"/admin/visits/event/{event.pk}/change/"))

    assert "changed the title from “Before” to “After”." in words


QUERIES = 28
