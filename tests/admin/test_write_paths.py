"""Every way to write through the admin refuses what comes from an outdated page. New ways must be named here."""

import pytest
from django.contrib import admin
from django.urls import URLPattern

from tests.factories import make_country, make_document, make_edition, make_region, make_user
from tests.ingest import tables
from visits.editorial import actions
from visits.enums import ReportStep, Role, State
from visits.ingest import imports
from visits.models import Body, Country, Document, Edition, Event, Import, Region, Resolution, Topic, User, Visit

from .support import fill_with, filled, imported_draft, page, step, text

pytestmark = pytest.mark.django_db

# Record → the field that two people change. Each has a form; those with `delete` also a page and a bulk action.
RECORDS = {
    Topic: "name_en",
    Body: "name_en",
    Resolution: "subject_en",
    Country: "name_en",
    Region: "name_en",
    Document: "title",
    Visit: "internal_notes",
    User: "first_name",
}
MERGED = (Topic, Body, Resolution, Country, Region)
STEPS = {
    "submit": State.DRAFT,
    "send-back": State.IN_REVIEW,
    "publish": State.IN_REVIEW,
    "schedule": State.IN_REVIEW,
    "unschedule": State.SCHEDULED,
    "force-publish": State.IN_REVIEW,
    "approve": State.PUBLISHED,
    "discard": State.DRAFT,
    "new-edition": State.PUBLISHED,
    "restore": State.DISCARDED,
    "withdraw": State.PUBLISHED,
    "claim": State.IN_REVIEW,
    "unclaim": State.IN_REVIEW,
    "withhold": State.SUPERSEDED,
    "release": State.WITHHELD,
}
COVERED = {
    "visits_edition_change",
    *(f"visits_{model._meta.model_name}_change" for model in RECORDS),
    *(f"visits_{model._meta.model_name}_delete" for model in RECORDS),
    *(f"visits_{model._meta.model_name}_merge" for model in MERGED),
    *(f"visits_edition_{verb}" for verb in STEPS),
    # What a reader reported is taken through steps of its own: tests/admin/test_reports.py.
    *(f"visits_errorreport_{step.value}" for step in ReportStep),
    "visits_import_change",
    "visits_import_undo",
}
# Django's own pages that change no stored record of the register, or none that somebody can have read before.
OTHERS = {
    "index", "login", "logout", "password_change", "password_change_done", "autocomplete", "jsi18n", "view_on_site",
    "app_list", None,
    # Sets a new password whatever the old one was.
    "auth_user_password_change",
    # They add: a document, a draft, or to a draft what it does not hold yet (tests/ingest/test_pipeline.py).
    "visits_document_read", "visits_document_review",
}  # fmt: skip
# Its page is for reading; what was reported is never changed or deleted.
OTHERS |= {"visits_errorreport_change", "visits_errorreport_delete"}
# Pages of models that nobody changes or deletes there; redactions are tried in test_redactions.py.
READ_ONLY = {"email", "event", "redaction", "translation"}
UNDELETED = {"visits_edition_delete", "visits_import_delete"}


def route_names() -> set:
    def walk(patterns):
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                yield pattern.name
            else:
                yield from walk(pattern.url_patterns)

    return set(walk(admin.site.get_urls()))


def test_every_write_path_is_covered():
    reading = ("_add", "_changelist", "_export", "_table", "_history", "_preview", "_compare", "_life")
    left = {
        name
        for name in route_names() - COVERED - OTHERS
        if not name.endswith(reading) and name.split("_")[1] not in READ_ONLY and name not in UNDELETED
    }

    assert left == set()
    assert route_names() >= COVERED


def test_the_only_bulk_action_is_the_deletion_and_no_list_is_edited_in_place(rf):
    request = rf.get("/")
    request.user = make_user(None, is_superuser=True)
    registered = {model: each for model, each in admin.site._registry.items() if model._meta.app_label == "visits"}

    assert {name for each in registered.values() for name in each.get_actions(request)} == {"delete_selected"}
    assert [model for model, each in registered.items() if each.list_editable] == []


@pytest.fixture
def other():
    return make_user(Role.ADMINISTRATOR, first_name="Olga", last_name="Other")


@pytest.fixture
def administrator(client):
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def make(model, letter: str = "A"):
    number = ord(letter)
    return {
        Topic: lambda: Topic.objects.create(slug=f"topic-{number}", name=f"Topic {letter}"),
        Body: lambda: Body.objects.create(acronym=letter, slug=letter.lower(), name=f"Body {letter}", kind="un"),
        Resolution: lambda: Resolution.objects.create(number=number, year=2001, subject=f"Subject {letter}"),
        Country: lambda: make_country(f"Country {letter}", f"AA{letter}", f"A{letter}"),
        Region: lambda: make_region(f"Region {letter}", str(number)),
        Document: lambda: make_document(title="As opened"),
        Visit: lambda: make_edition().visit,
        User: lambda: make_user(first_name="As opened"),
    }[model]()


def address(row, last: str) -> str:
    return f"/admin/visits/{row._meta.model_name}/{row.pk}/{last}/"


def change(row, by, value="Their wording"):
    field = RECORDS[type(row)]
    row = type(row).objects.get(pk=row.pk)
    with actions.saving_record(row, by=by):
        setattr(row, field, value)
        row.save()


def assert_told(response, *words):
    told = text(response)
    assert response.status_code == 409
    for each in ("Olga Other", *words):
        assert each in told


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_a_stale_form_shows_both_word_by_word_and_may_then_be_saved(client, administrator, other, model):
    row, field = make(model), RECORDS[model]
    values = filled(client.get(address(row, "change")), **{field: "My wording"})
    change(row, other)

    conflict = client.post(address(row, "change"), values)

    assert_told(conflict, "<del>Their</del><ins>My</ins> wording", "Stored now: “Their wording”.")
    assert filled(conflict)[field] == "My wording"
    assert getattr(model.objects.get(pk=row.pk), field) == "Their wording"
    assert client.post(address(row, "change"), filled(conflict)).status_code == 302
    assert getattr(model.objects.get(pk=row.pk), field) == "My wording"


def test_a_stale_edition_shows_both_word_by_word_also_in_its_rows(client, author, other):
    edition = make_edition(title="As opened", fill=fill_with(2))
    values = filled(
        client.get(page(edition)),
        title="Title of mine",
        **{"people-0-name": "My person", "findings-0-kind": "statement"},
    )
    held = Edition.objects.get(pk=edition.pk)
    with actions.saving(held, by=other):
        held.title = "Title of theirs"
        held.save()
        for row, field, value in (
            (held.people.first(), "name", "Their person"),
            (held.findings.first(), "kind", "good-practice"),
            (held.people.last(), "title", "Minister"),
        ):
            setattr(row, field, value)
            row.save()

    response = client.post(page(edition), values)

    assert_told(
        response,
        "Title of <del>theirs</del><ins>mine</ins>",
        "<del>Their</del><ins>My</ins> person",
        "<del>good practice</del><ins>statement</ins>",
        "<del>Minister</del>",
    )
    assert filled(response)["people-0-name"] == "My person"
    assert Edition.objects.get(pk=edition.pk).people.first().name == "Their person"


@pytest.mark.parametrize("verb", STEPS)
def test_a_stale_step_is_refused_and_says_what_happened(client, other, verb):
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    state = STEPS[verb]
    # Only one's own work is published without a second person.
    edition = make_edition(state, title="As opened", by=user if verb == "force-publish" else None)
    if verb == "approve":
        Edition.objects.filter(pk=edition.pk).update(awaits_approval=True)
    if verb == "unclaim":
        actions.claim(edition, by=user)
    values = filled(client.get(step(edition, verb)), note="My reason")
    changed = Edition.objects.get(pk=edition.pk)
    if state in (State.DRAFT, State.IN_REVIEW):
        with actions.saving(changed, by=other):
            changed.title = "As changed"
            changed.save()
        words = ["Olga Other", "As <del>opened</del><ins>changed</ins>"]
    else:
        # Of a fixed edition nothing but its life goes on.
        changed.save()
        words = []

    response = client.post(step(edition, verb), values)

    assert response.status_code == 409
    for word in [*words, "My reason</textarea>", "Nothing of yours was saved"]:
        assert word in text(response)
    assert Edition.objects.get(pk=edition.pk).state == state
    assert not Edition.objects.exclude(visit=edition.visit).exists()


def test_a_stale_import_is_refused_with_both_texts_and_what_was_ticked(client, author, other):
    edition = make_edition(title="As opened", summary="As opened.")
    imported = tables.upload(tables.edited(tables.table_of(), title="Title of mine", summary="Mine."), author)
    address = f"/admin/visits/import/{imported.pk}/change/"
    values = filled(client.get(address), **{"cell-2": ["title"]})
    held = Edition.objects.get(pk=edition.pk)
    with actions.saving(held, by=other):
        held.title = "Title of theirs"
        held.save()

    response = client.post(address, values)

    assert_told(response, "Title of <del>theirs</del>", "Title of <ins>mine</ins>", "Nothing was imported")
    assert Edition.objects.get(pk=edition.pk).title == "Title of theirs"
    client.post(address, filled(response, **{"cell-2": ["title"]}))
    assert Edition.objects.get(pk=edition.pk).title == "Title of mine"
    assert Edition.objects.get(pk=edition.pk).summary == "As opened."


def test_of_two_who_take_the_same_import_the_second_is_told(client, author, other):
    edition = make_edition(title="As opened")
    imported = tables.upload(tables.edited(tables.table_of(), title="Title of mine"), author)
    address = f"/admin/visits/import/{imported.pk}/change/"
    values = filled(client.get(address))
    tables.take(imported, other)

    assert_told(client.post(address, values), "Nothing was imported")
    assert edition.events.filter(verb="save").count() == 2


def test_of_two_who_undo_the_same_import_the_second_is_told(client, author, other):
    draft = imported_draft(by=author)
    address = f"/admin/visits/import/{draft.source_id}/undo/"
    values = filled(client.get(address), note="My reason")
    imports.undo(draft.source, by=other, version=Import.objects.get().version)

    assert_told(client.post(address, values), "My reason</textarea>")
    assert Edition.objects.get().title == "As it was"


DELETED = (Topic, Body, Resolution, Document)


def test_nothing_else_is_deleted(client, administrator):
    for model in set(RECORDS) - set(DELETED):
        assert client.post(address(make(model), "delete"), {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", DELETED, ids=lambda model: model.__name__)
def test_a_stale_deletion_is_refused_until_the_change_was_read(client, administrator, other, model):
    row = make(model)
    values = filled(client.get(address(row, "delete")))
    change(row, other)

    refused = client.post(address(row, "delete"), values)

    assert_told(refused)
    assert model.objects.filter(pk=row.pk).exists()
    client.post(address(row, "delete"), filled(refused))
    assert not model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", DELETED, ids=lambda model: model.__name__)
def test_a_stale_bulk_deletion_is_refused_as_a_whole(client, administrator, other, model):
    rows = [make(model, letter) for letter in "AB"] if model is not Document else [make_document(), make_document()]
    keys = [row.pk for row in rows]
    listed = f"/admin/visits/{model._meta.model_name}/"
    asked = client.post(listed, {"action": "delete_selected", "_selected_action": keys})
    change(rows[0], other)

    refused = client.post(listed, filled(asked, _selected_action=keys))

    assert_told(refused)
    assert model.objects.filter(pk__in=keys).count() == 2
    client.post(listed, filled(refused, _selected_action=keys))
    assert not model.objects.filter(pk__in=keys).exists()


def test_a_deletion_that_does_not_say_what_was_read_is_asked_once_more(client, administrator):
    topic = make(Topic)

    assert client.post(address(topic, "delete"), {"post": "yes"}).status_code == 409
    assert Topic.objects.exists()


@pytest.mark.parametrize("model", MERGED, ids=lambda model: model.__name__)
def test_a_stale_merge_is_refused_and_may_then_be_confirmed(client, administrator, other, model):
    term, into = make(model, "A"), make(model, "B")
    values = filled(client.get(f"{address(term, 'merge')}?into={into.pk}"))
    change(into, other)

    refused = client.post(address(term, "merge"), values)

    assert_told(refused, "<ins>Their</ins>")
    assert model.objects.get(pk=term.pk).replaced_by is None
    assert client.post(address(term, "merge"), filled(refused)).status_code == 302
    assert model.objects.get(pk=term.pk).replaced_by == into


@pytest.mark.parametrize("model", RECORDS, ids=lambda model: model.__name__)
def test_every_record_has_a_history_of_its_own(client, administrator, other, model):
    row = make(model)
    change(row, other)

    words = text(client.get(address(row, "history")))

    assert "Olga Other" in words
    assert "Their wording" in words
    assert Event.objects.about(row).count() == 1


def test_a_history_outlives_what_it_tells_of(client, administrator):
    topic = make(Topic)
    key = topic.pk
    with actions.saving_record(topic, by=administrator):
        topic.delete()

    assert Event.objects.filter(subject_model="topic", subject_pk=key).count() == 1


def test_what_is_merged_is_shown_before_and_not_offered_after(client):
    client.force_login(make_user(Role.EDITOR))
    term, into = make(Topic, "A"), make(Topic, "B")
    assert address(term, "merge") in text(client.get(address(term, "change")))

    shown = client.get(f"{address(term, 'merge')}?into={into.pk}")
    assert "New aliases of “Topic B”" in text(shown)
    done = client.post(address(term, "merge"), filled(shown), follow=True)

    assert "“Topic A” has been merged into “Topic B”." in text(done)
    assert address(term, "merge") not in text(client.get(address(term, "change")))
    query = {"app_label": "visits", "model_name": "focus", "field_name": "topic", "term": "topic"}
    offered = client.get("/admin/autocomplete/", query).json()["results"]
    assert [each["text"] for each in offered] == ["Topic B"]


def test_authors_are_not_offered_a_merge(client, author):
    term = make(Topic)

    assert address(term, "merge") not in text(client.get(address(term, "change")))
    assert client.get(address(term, "merge")).status_code == 403
    assert client.post(address(term, "merge"), {"into": term.pk}).status_code == 403


def test_lists_say_how_many_visits_use_a_term(client, administrator):
    make_edition(State.PUBLISHED, fill=fill_with(2))
    make(Topic)

    words = text(client.get("/admin/visits/topic/?o=-4"))

    assert words.count(">1 visit<") == 2
    assert words.count(">0 visits<") == 1
