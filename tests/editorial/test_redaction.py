"""A person or passage is taken out everywhere, by two people, and nothing remembers it."""

import ast
import json
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models

from tests.examples import body
from tests.factories import make_document, make_edition, make_next_edition, make_user, translate
from tests.register import everything
from tests.searching import found
from visits.editorial import actions, redaction, translating
from visits.enums import RedactionState, Role, State, TranslationState, Verb
from visits.exceptions import Refused, StaleVersion
from visits.models import (
    Document,
    DocumentLink,
    Edition,
    Email,
    Engagement,
    ErrorReport,
    Event,
    Evidence,
    Finding,
    Generation,
    Import,
    Participation,
    Person,
    Redaction,
    SearchRow,
    Segment,
    Translation,
    User,
)
from visits.models.base import plain_rows
from visits.models.content import snapshot
from visits.text.gaps import BLACK, GAP

pytestmark = pytest.mark.django_db

NAME, REASON = "Jens Haarløv", "The person asked for it, and two people agreed."
TEXT = f"On Monday {NAME} spoke of borders.\nLater Jens\nHaarløv thanked everybody."


def proposed(text=NAME, by=None) -> Redaction:
    return redaction.propose(text, REASON, by=by or make_user(Role.EDITOR))


def approve(asked: Redaction, by=None) -> Redaction:
    scope = redaction.scope_of(redaction.Search(asked.text).places())
    return redaction.approve(asked, by=by or make_user(Role.EDITOR), scope=scope, version=asked.version)


def redact(text=NAME) -> Redaction:
    return approve(proposed(text))


def quote(edition, document, passage, field="summary"):
    start = document.text.index(passage)
    Evidence.objects.create(
        edition=edition,
        child_uid=edition.visit.uid,
        field=field,
        document=document,
        span_start=start,
        span_end=start + len(passage),
        quote=passage,
    )


def everywhere(document):
    """Fills an edition with the name in everything that people can write in it."""

    def fill(edition):
        for name in Edition.CONTENT_FIELDS:
            setattr(edition, name, f"Of {NAME}.")
        edition.text = "<p>Jens <strong>Haarløv</strong> &amp; others</p>"
        edition.change_note = f"{NAME} added."
        edition.save()
        Segment.objects.create(edition=edition, start="2018", places=f"House of {NAME}")
        Participation.objects.create(edition=edition, body=body(0), named_as=f"{NAME} & Co")
        Person.objects.create(
            edition=edition, name=NAME, title="Chief Consultant", department="Security", organisation="Ministry"
        )
        Person.objects.create(edition=edition, name="Anne Other", title="Chief Consultant")
        Engagement.objects.create(
            edition=edition, kind="side-meeting", description=f"{NAME} spoke", counterpart=NAME, place=f"{NAME}’s"
        )
        Finding.objects.create(edition=edition, kind="statement", speaker=NAME, text=f"“Well”, said {NAME}.")
        DocumentLink.objects.create(edition=edition, document=document)
        quote(edition, document, f"{NAME} spoke")
        quote(edition, document, "of borders", "title")
        quote(edition, document, "Haarløv thanked", "aim")

    return fill


@pytest.fixture
def world():
    """The name in editions of every state, documents, notes, translations, events and Django's own log."""
    document = make_document(text=TEXT, title=f"Speech of {NAME}", category=NAME)
    published = make_edition(State.PUBLISHED, fill=everywhere(document), document=make_document())
    translate(published, "fr", texts={"title": f"De {NAME}"})
    translate(published, "ar", TranslationState.DRAFT, texts={"summary": f"عن {NAME}"})
    person = published.people.get(name=NAME)
    translate(published, "es", texts={(person, "title"): "Consultor jefe"})
    for state in (State.SUPERSEDED, State.WITHDRAWN, State.DISCARDED, State.DRAFT, State.SCHEDULED, State.WITHHELD):
        make_edition(state, fill=everywhere(document))
    author = make_user()
    with actions.saving_record(published.visit, by=author):
        published.visit.internal_notes = f"Ask {NAME}."
        published.visit.save()
    draft = make_edition(title="Plain", summary="Plain.")
    with actions.saving(draft, by=author):
        gone = Person.objects.create(edition=draft, name=NAME, organisation="Another ministry")
    with actions.saving(draft, by=author):
        gone.delete()
    message = json.dumps([{"added": {"name": "person", "object": NAME}}])
    LogEntry.objects.create(
        user=author,
        content_type=ContentType.objects.get_for_model(Edition),
        object_id=str(published.pk),
        object_repr=f"Visit of {NAME}",
        action_flag=CHANGE,
        change_message=message,
    )
    return published


def remembered() -> str:
    """All that is stored, without case, as text."""
    told = (repr(everything()) + repr(list(LogEntry.objects.values_list()))).casefold()
    # JSON that is kept as text escapes the letter, and what is shown of a text escapes the backslash.
    return told.replace("\\\\u00f8", "ø").replace("\\u00f8", "ø")


def test_nothing_stored_remembers_it(world):
    assert remembered().count("haarløv") > 50
    assert found("Haarløv") != []

    redact()

    for word in ("haarløv", "haarlov", "jens", "another ministry"):
        assert word not in remembered()
    assert found("Haarløv") == found("Haarlov") == []


def test_the_full_text_index_keeps_no_word_of_it(world):
    assert b"aarlov" in words_of_the_index()

    redact()

    assert b"aarlov" not in words_of_the_index()


def words_of_the_index() -> bytes:
    words = {
        "sqlite": "SELECT block FROM visits_searchtext_data",
        "postgresql": "SELECT convert_to(vector::text, 'UTF8') FROM visits_searchrow",
    }
    with connection.cursor() as cursor:
        cursor.execute(words[connection.vendor])
        return b"".join(bytes(block) for (block,) in cursor.fetchall())


def test_everything_else_stays_as_it_was(world):
    before = {edition.pk: snapshot(edition) for edition in Edition.objects.all()}
    kept = counted()

    redact()

    for edition in Edition.objects.all():
        for key, part in snapshot(edition).items():
            old = before[edition.pk][key]
            for name, value in part.values.items():
                is_of_person = part.model is Person and old.values["name"] == NAME
                if not is_of_person and not redaction.pattern_of(NAME).search(str(old.values[name])):
                    assert value == old.values[name] or (part.model is Evidence and BLACK in value)
    assert counted() == kept


def counted() -> dict:
    """How many rows there are of everything but what tells of a redaction and of who takes part in it."""
    passed_over = ("Event", "Redaction", "User", "User_groups")
    return {model: len(rows) for model, rows in everything().items() if model.__name__ not in passed_over}


def test_texts_get_a_gap_and_rich_text_stays_whole(world):
    redact()

    world = Edition.objects.get(pk=world.pk)
    assert world.title == f"Of {GAP}."
    assert world.text == f"<p>{GAP}<strong></strong> &amp; others</p>"
    assert sorted(world.people.values_list("name", "title", "department", "organisation")) == [
        ("Anne Other", "Chief Consultant", "", ""),
        (GAP, GAP, GAP, GAP),
    ]
    assert Translation.objects.get(language="es").text == GAP
    assert Translation.objects.get(language="fr").text == f"De {GAP}"


def test_documents_keep_their_length_so_that_every_passage_stays_where_it_is(world):
    redact()

    for row in Evidence.objects.select_related("document"):
        assert row.document.text[row.span_start : row.span_end] == row.quote
    quotes = set(Evidence.objects.values_list("quote", flat=True))
    assert quotes == {f"{BLACK * 12} spoke", "of borders", f"{BLACK * 7} thanked"}
    document = Evidence.objects.first().document
    assert len(document.text) == len(TEXT)
    assert document.text.count("\n") == 2
    assert document.sha256 == redaction.digest(document.text)


def test_a_translation_is_as_current_as_it_was(world):
    older = make_next_edition(world, aim="Another aim.", fill=None)
    translate(older, "ru", texts={"title": "Визит", "aim": "Цель"})
    latest = make_next_edition(older, aim=f"The aim of {NAME}.")
    before = standing_of(latest)
    assert before == {"ru": (1, 1), "fr": (1, 0), "es": (1, 0)}

    redact()

    assert standing_of(latest) == before


def standing_of(edition) -> dict:
    """By language, how many translations are current, and how many older than their original."""
    from visits.editorial.standing import cells

    found = cells(edition.visit_id)
    return {language: (cell.current, cell.older) for (_visit, language), cell in found.items() if cell.public}


def test_an_event_tells_of_each_edition_and_one_generation_begins(world):
    generation, last = Generation.current(), Event.objects.latest_pk()
    editor = make_user(Role.EDITOR)

    done = approve(proposed(), by=editor)

    assert Generation.current() == generation + 1
    events = Event.objects.filter(pk__gt=last, verb=Verb.REDACT, subject_model="redaction")
    assert {(event.actor, event.note, event.generation, event.subject) for event in events} == {
        (editor, REASON, generation + 1, str(done))
    }
    assert events.filter(edition=world).count() == 1
    assert set(Edition.objects.filter(events__in=events)) == set(Edition.objects.exclude(redacted_at=None))


def test_the_page_says_when_and_why_in_every_edition_that_lost_something(client, world):
    other = make_edition(State.PUBLISHED)
    redact()

    page = client.get(f"/visits/{world.visit.slug}/").content.decode()
    assert "Something was redacted on" in page
    assert REASON in page
    assert REASON not in client.get(f"/visits/{other.visit.slug}/").content.decode()
    copy = make_next_edition(Edition.objects.get(pk=world.pk))
    assert (copy.redaction_reason, copy.redacted_at is not None) == (REASON, True)


def test_a_second_redaction_adds_its_reason(world):
    redact()
    second = redaction.propose("Anne Other", "She asked too.", by=make_user(Role.EDITOR))
    approve(second)

    assert Edition.objects.get(pk=world.pk).redaction_reason == f"{REASON}\nShe asked too."


def test_a_form_that_was_open_meanwhile_is_refused(world):
    draft = Edition.objects.get(state=State.DRAFT, title__contains=NAME)
    held = Edition.objects.get(pk=draft.pk)
    redact()

    with pytest.raises(StaleVersion), actions.saving(held, by=make_user()):
        raise AssertionError("it would bring the name back")


def test_a_translation_that_was_open_meanwhile_is_refused(world):
    seen = translating.Work(world.visit, "fr").events.latest_pk()
    redact()

    key = {(str(world.visit.uid), "title"): f"De {NAME} encore"}
    with pytest.raises(StaleVersion):
        translating.save(world.visit, "fr", key, Edition.objects.get(pk=world.pk), by=make_user(), seen=seen)


def test_a_text_that_no_longer_fits_its_column_is_blackened():
    edition = make_edition(title="x" * 245 + " Kim")

    redact("Kim")

    edition.refresh_from_db()
    assert edition.title == "x" * 245 + " " + BLACK * 3


def test_what_is_left_goes_on_living(world):
    redact()

    edition = make_next_edition(Edition.objects.get(pk=world.pk), title="A plain title")
    actions.withdraw(edition, by=User.objects.system(), note="Wrong.")

    assert edition.number == 2
    assert not SearchRow.objects.filter(visit=edition.visit).exists()


# Two people


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def refused_with(attempt, *args, **kwargs) -> list[str]:
    before = everything()
    with pytest.raises(Refused) as refused:
        attempt(*args, **kwargs)
    assert everything() == before
    return codes(refused)


@pytest.mark.parametrize(
    ("text", "reason", "expected"),
    [
        ("", REASON, ["nothing_to_redact"]),
        ("Nobody At All", REASON, ["nothing_to_redact"]),
        ("Li", REASON, ["too_short_to_redact"]),
        ("redacted", REASON, ["too_short_to_redact"]),
        (NAME, " ", ["note_required"]),
        (NAME, "It names jens haarløv.", ["reason_tells_it"]),
    ],
)
def test_a_proposal_that_would_do_no_good_is_refused(text, reason, expected):
    make_edition(title=NAME)

    assert refused_with(redaction.propose, text, reason, by=make_user(Role.EDITOR)) == expected


@pytest.mark.parametrize(
    ("role", "may"), [(None, False), (Role.AUTHOR, False), (Role.EDITOR, True), (Role.ADMINISTRATOR, True)]
)
def test_editors_and_administrators_propose_and_approve(role, may):
    make_edition(title=NAME)
    asked, user = proposed(), make_user(role)

    if may:
        redaction.propose(NAME, REASON, by=user)
        assert approve(asked, by=user).state == RedactionState.DONE
    else:
        assert refused_with(redaction.propose, NAME, REASON, by=user) == ["permission_required"]
        assert refused_with(approve, asked, by=user) == ["permission_required"]
        assert refused_with(redaction.decline, asked, by=user, note="No.", version=1) == ["permission_required"]


def test_nobody_approves_what_they_proposed():
    make_edition(title=NAME)
    administrator = make_user(Role.ADMINISTRATOR)

    assert refused_with(approve, proposed(by=administrator), by=administrator) == ["second_person_required"]


def test_who_approves_has_seen_every_place():
    make_edition(title=NAME)
    asked = proposed()
    scope = redaction.scope_of(redaction.Search(NAME).places())
    make_edition(title=f"{NAME} again")

    refused = refused_with(redaction.approve, asked, by=make_user(Role.EDITOR), scope=scope, version=asked.version)

    assert refused == ["scope_changed"]


def test_it_is_decided_once():
    make_edition(title=NAME)
    asked = proposed()
    approve(asked)
    decided = Redaction.objects.get()

    editor = make_user(Role.EDITOR)

    assert refused_with(approve, decided, by=editor) == ["already_decided"]
    again = {"by": editor, "note": "No.", "version": decided.version}
    assert refused_with(redaction.decline, decided, **again) == ["already_decided"]
    with pytest.raises(StaleVersion):
        approve(asked)


def test_declined_it_changes_nothing_and_forgets_the_text():
    edition, proposer = make_edition(title=NAME), make_user(Role.EDITOR)
    asked = proposed(by=proposer)
    assert refused_with(redaction.decline, asked, by=proposer, note=f"{NAME} agreed.", version=1) == ["reason_tells_it"]

    declined = redaction.decline(asked, by=proposer, note="A mistake.", version=asked.version)

    assert (declined.state, declined.text) == (RedactionState.DECLINED, "")
    assert Edition.objects.get(pk=edition.pk).title == NAME
    assert list(Event.objects.about(declined).values_list("verb", "note")) == [
        ("decline", "A mistake."),
        ("propose", REASON),
    ]


def test_what_fails_halfway_is_undone(world, monkeypatch):
    asked, editor = proposed(), make_user(Role.EDITOR)
    before = everything()

    def fail(edition):
        raise RuntimeError("out of order")

    monkeypatch.setattr(redaction.indexing, "write", fail)

    with pytest.raises(RuntimeError, match="out of order"):
        approve(asked, by=editor)
    assert everything() == before


# That nothing is forgotten, and that nobody else can do it

# Columns of text in which nobody writes freely, or that must not be touched.
NO_PROSE = {
    (Segment, "start"), (Segment, "end"), (Evidence, "field"), (Edition, "scheduled_zone"),
    # What is looked for, erased in the same transaction.
    (Redaction, "text"), (Redaction, "found"),
    (Event, "actor_name"), (Event, "subject_model"),
    (Document, "language"), (Document, "sha256"),
    (Translation, "field"), (Translation, "language"), (Translation, "source_digest"),
    (Email, "to"), (Email, "last_error"), (Import, "actor_name"), (Import, "sha256"),
    (ErrorReport, "key"), (ErrorReport, "email"), (ErrorReport, "language"),
}  # fmt: skip
# Vocabularies and accounts are no content; search rows are written anew.
NO_CONTENT = {"Region", "Country", "Topic", "Resolution", "Body", "User", "SearchRow"}


def test_every_column_of_text_is_searched_or_has_a_reason_not_to_be():
    searched = {
        (model, name) for table in (redaction.TEXTS, redaction.OTHERWISE) for model in table for name in table[model]
    }
    texts = {
        (model, field.name)
        for model in apps.get_app_config("visits").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, (models.CharField, models.TextField, models.JSONField))
        and not (field.choices or isinstance(field, models.SlugField) or model.__name__ in NO_CONTENT)
    }

    assert texts - searched == NO_PROSE
    assert searched - texts == {(LogEntry, "object_repr"), (LogEntry, "change_message")}


ROOT = Path(__file__).resolve().parent.parent.parent / "visits"


def users_of(name: str) -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for path in ROOT.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if name in (getattr(node, "id", None), getattr(node, "attr", None), getattr(node, "name", None))
    }


def test_only_redaction_writes_past_the_guard():
    assert users_of("overwrite") == {"models/base.py", "editorial/redaction.py"}


def test_rows_without_their_guard_are_only_looked_at_elsewhere():
    written = set()
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_write = isinstance(node, ast.Attribute) and node.attr in (
                "update",
                "delete",
                "bulk_create",
                "bulk_update",
            )
            if is_write and "plain_rows" in ast.dump(node.value):
                written.add(str(path.relative_to(ROOT)))

    # What the checks count in a draft is no content.
    assert written == {"models/base.py", "editorial/recording.py"}


def test_a_translation_that_the_public_never_read_marks_no_public_page():
    edition = make_edition(State.PUBLISHED)
    translate(edition, "fr", TranslationState.DRAFT)
    plain_rows(Translation).filter(visit=edition.visit_id).update(text=NAME)

    redact()

    assert Edition.objects.get(pk=edition.pk).redacted_at is None
