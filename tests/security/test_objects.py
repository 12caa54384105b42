"""What a role may not do is refused for each object, also by the ways around its own page.

Each address with each role is in `tests/admin/test_every_url.py`, each step with each role in
`tests/editorial/test_transitions.py`; here is what remains between them.
"""

import pytest
from django.test import Client

from tests.admin.support import filled, page, step
from tests.factories import make_document, make_edition, make_user, translate
from tests.register import everything
from visits.editorial import redaction
from visits.enums import Disclosure, Role, State, TranslationState
from visits.models import Document, DocumentLink, Event

pytestmark = pytest.mark.django_db


def signed_in(role, **fields) -> Client:
    client = Client()
    client.force_login(make_user(role, **fields))
    return client


def test_an_author_changes_no_edition_that_was_handed_over():
    """The form of a draft, kept open, is posted to an edition that is none any more."""
    client, edition = signed_in(Role.AUTHOR), make_edition(State.DRAFT)
    typed = filled(client.get(page(edition)), title="By an author")
    # Rows of the other edition have other identifiers; the fields of the edition itself have none.
    typed |= {name: "0" for name in typed if name.endswith(("-TOTAL_FORMS", "-INITIAL_FORMS"))}
    others = [make_edition(state) for state in State if state != State.DRAFT]
    before = everything()

    answers = {other.state: client.post(page(other), typed).status_code for other in others}

    assert len(answers) == len(State) - 1
    assert set(answers.values()) <= {403, 409}
    assert everything() == before


@pytest.mark.parametrize(
    "verb", ["publish", "approve", "schedule", "withdraw", "withhold", "force-publish", "send-back"]
)
def test_no_step_is_taken_with_what_another_step_or_another_edition_asked_for(verb):
    """Hidden fields that a person may send come from pages that they may open."""
    author, edition = signed_in(Role.AUTHOR), make_edition(State.DRAFT)
    hidden = filled(author.get(step(edition, "submit")), note="x", reason="x")
    waiting = make_edition(State.IN_REVIEW)
    before = everything()

    assert author.post(step(waiting, verb), hidden | {"version": waiting.version}).status_code == 403
    assert everything() == before


def test_an_edition_is_compared_with_those_of_its_own_visit_alone():
    client, edition = signed_in(Role.AUTHOR), make_edition(State.DRAFT)
    other = make_edition(State.DRAFT, title="Of another visit")

    answer = client.get(f"{step(edition, 'compare')}?with={other.pk}&edition={other.pk}")

    assert answer.status_code == 200
    assert "Of another visit" not in answer.text


NAMES = ("preview", "compare", "history")


@pytest.mark.parametrize("name", NAMES)
def test_who_may_view_no_edition_sees_none_by_its_other_pages(name):
    edition = make_edition(State.DRAFT, title="A title that is secret")

    for client in (
        Client(),
        signed_in(None),
        signed_in(Role.AUTHOR, is_staff=False),
        signed_in(Role.AUTHOR, is_active=False),
    ):
        answer = client.get(f"/admin/visits/edition/{edition.pk}/{name}/?language=fr&format=csv", follow=True)
        assert "A title that is secret" not in answer.text


def test_bulk_actions_are_those_that_a_person_may_take():
    documents = [make_document() for _ in range(2)]
    chosen = {"action": "delete_selected", "_selected_action": [each.pk for each in documents], "post": "yes"}

    for role in (Role.AUTHOR, Role.EDITOR):
        signed_in(role).post("/admin/visits/document/", chosen)
        assert Document.objects.count() == 2


@pytest.mark.parametrize("disclosure", [Disclosure.NONE, Disclosure.PARTIAL])
def test_an_undisclosed_document_is_nowhere_to_be_had_by_guessing(disclosure):
    document = make_document(disclosure=disclosure, text="What only staff may read, word by word.")
    make_edition(State.PUBLISHED, fill=lambda edition: DocumentLink.objects.create(edition=edition, document=document))
    keys = (document.pk, document.uid, document.sha256)
    where = ("documents", "document", "sources", "files", "media", "data/bundle", "static", "api/v1/documents")

    for path in (f"/{folder}/{key}{ending}" for folder in where for key in keys for ending in ("/", ".pdf")):
        answer = Client().get(path)
        assert answer.status_code in (404,)
        assert "word by word" not in answer.text


def lookups(model: str, names):
    return [f"/admin/visits/{model}/?{name}={value}" for name in names for value in ("a", "__class__", "pbkdf2")]


@pytest.mark.parametrize(
    "address",
    [
        *lookups("edition", ("claimed_by__password__startswith", "events__actor__password__startswith")),
        *lookups("translation", ("made_by__password__startswith",)),
        *lookups("document", ("links__edition__visit__internal_notes__contains", "links__edition__title__contains")),
        *lookups("event", ("actor__password__startswith", "actor__email__contains")),
        *lookups("import", ("actor__password__startswith",)),
    ],
)
def test_a_list_is_not_asked_about_what_it_does_not_show(address):
    """Django lets lists be narrowed by related columns unless it is told not to: letter by letter that tells them."""
    make_edition(State.PUBLISHED)
    answer = signed_in(Role.AUTHOR).get(address)

    assert answer.status_code in (302, 400) or not is_narrowed(answer)


def is_narrowed(answer) -> bool:
    changes = answer.context_data.get("cl") if hasattr(answer, "context_data") and answer.context_data else None
    return changes is not None and changes.result_count != changes.full_result_count


def test_a_translation_in_work_is_reviewed_by_nobody_who_may_not():
    edition, client = make_edition(State.PUBLISHED), signed_in(Role.AUTHOR)
    translate(edition, "fr", TranslationState.IN_REVIEW)
    before = everything()

    for name in ("review", "send-back"):
        address = f"/admin/visits/translation/{edition.visit_id}/fr/{name}/"
        assert client.post(address, {"seen": Event.objects.latest("pk").pk, "note": "x"}).status_code == 403
    assert everything() == before


def test_an_author_reads_no_history_of_what_is_kept_from_authors():
    administrator = make_user(Role.ADMINISTRATOR)
    make_edition(State.PUBLISHED, summary="Led by Somebody Unnamed.")
    asked = redaction.propose("Somebody Unnamed", "A private person.", by=administrator)
    client = signed_in(Role.AUTHOR)

    for address in (f"/admin/visits/redaction/{asked.pk}/history/", f"/admin/visits/user/{administrator.pk}/history/"):
        assert client.get(address).status_code == 403
        assert client.get(f"{address}?format=csv").status_code == 403
    # What somebody asks to have taken out stands in no event.
    assert "Somebody Unnamed" not in client.get(f"/admin/visits/event/{Event.objects.latest('pk').pk}/change/").text
