"""What the steps of a translation leave: for its maker, for the reviewer, and for the public search."""

import pytest

from tests.factories import make_edition, make_next_edition, make_user, translate
from tests.register import everything
from tests.searching import found
from visits.editorial import actions, translating
from visits.editorial.translating import Work
from visits.enums import Role, State, TranslationState, Verb
from visits.exceptions import Refused, StaleVersion
from visits.models import Event, Finding, SearchRow, Translation, User, digest_of

pytestmark = pytest.mark.django_db

DRAFT, IN_REVIEW, REVIEWED = TranslationState


def test_a_saved_text_remembers_who_made_it_of_which_wording():
    edition, author = make_edition(State.PUBLISHED, title="A visit"), make_user()

    translate(edition, state=DRAFT, by=author, texts={"title": "  Une visite\r\n"})

    row = Translation.objects.get()
    assert (row.text, row.state, row.made_by, row.reviewed_by) == ("Une visite", DRAFT, author, None)
    assert row.source_digest == digest_of("A visit")
    change = {"part": "edition", "uid": str(edition.visit.uid), "field": "title", "old": "", "new": "Une visite"}
    assert Work(edition.visit, "fr").events.get().changes == [change]

    translate(edition, state=DRAFT, by=author, texts={"title": "La visite"})
    change |= {"old": "Une visite", "new": "La visite"}
    assert Work(edition.visit, "fr").events.first().changes == [change]


def test_rich_text_is_as_clean_as_the_original():
    edition = make_edition(State.PUBLISHED, text="<p>Text</p>")

    translate(edition, texts={"text": '<p onclick="x()">Texte<script>alert(1)</script></p>'})

    assert Translation.objects.get().text == "<p>Texte</p>"


def test_what_was_reviewed_stays_public_until_its_successor_is():
    edition = make_edition(State.PUBLISHED)
    translate(edition, texts={"title": "Première", "summary": "Résumé"})

    translate(edition, state=IN_REVIEW, texts={"title": "Seconde"})
    public = Translation.objects.reviewed()
    assert sorted(public.values_list("text", flat=True)) == ["Première", "Résumé"]

    translating.review(edition.visit, "fr", by=User.objects.system())
    assert sorted(public.values_list("text", flat=True)) == ["Résumé", "Seconde"]
    assert Translation.objects.count() == 2


def test_going_back_to_what_is_public_leaves_nothing_in_work():
    edition = make_edition(State.PUBLISHED)
    translate(edition, texts={"title": "Première"})
    translate(edition, state=DRAFT, texts={"title": "Seconde", "summary": "Résumé"})

    translate(edition, state=DRAFT, texts={"title": "Première", "summary": " "})

    assert Work(edition.visit, "fr").state is None
    assert Translation.objects.get().text == "Première"


def test_an_empty_text_takes_the_public_one_away_once_it_is_reviewed():
    edition = make_edition(State.PUBLISHED)
    translate(edition, texts={"title": "Première"})

    translate(edition, state=IN_REVIEW, texts={"title": ""})
    assert Translation.objects.reviewed().exists()

    translating.review(edition.visit, "fr", by=User.objects.system())
    assert not Translation.objects.exists()


def test_saving_what_is_there_already_is_nothing_done():
    edition = make_edition(State.PUBLISHED)
    translate(edition, state=DRAFT, texts={"title": "Première"})
    before = everything()

    translate(edition, state=DRAFT, texts={"title": "Première", "summary": ""})

    assert everything() == before


def test_a_translation_grows_old_with_its_original_until_it_is_confirmed_or_changed():
    first = make_edition(State.PUBLISHED, title="A visit", summary="What it was about.")
    translate(first, texts={"title": "Une visite", "summary": "De quoi il s’agit."})
    second = make_next_edition(first, title="The visit", summary="What it really was about.")
    author, uid = make_user(), str(first.visit.uid)
    texts = {(uid, "title"): "Une visite", (uid, "summary"): "De quoi il s’agit."}

    assert translating.save(first.visit, "fr", texts, second, by=author) == []
    translating.save(first.visit, "fr", texts, second, by=author, confirmed=[(uid, "title")])

    assert Translation.objects.in_work().get().source_digest == digest_of("The visit")


def test_a_text_is_made_from_the_edition_that_was_read_even_if_another_was_published_meanwhile():
    first = make_edition(State.PUBLISHED, title="A visit")
    make_next_edition(first, title="The visit")

    translate(first, state=DRAFT, texts={"title": "Une visite"})

    assert Translation.objects.get().source_digest == digest_of("A visit")


def test_a_step_on_what_was_not_read_is_refused():
    edition = make_edition(State.PUBLISHED)
    translate(edition, state=DRAFT, texts={"title": "Première"})
    seen = Work(edition.visit, "fr").events.latest_pk()
    translate(edition, state=DRAFT, texts={"summary": "Résumé"})
    before = everything()

    with pytest.raises(StaleVersion):
        translating.submit(edition.visit, "fr", by=make_user(), seen=seen)
    with pytest.raises(StaleVersion):
        translating.save(edition.visit, "fr", {}, edition, by=User.objects.system(), seen=seen)
    assert {model: rows for model, rows in everything().items() if model is Translation} == {
        Translation: before[Translation]
    }


def test_another_language_is_nobody_elses_business():
    edition, author = make_edition(State.PUBLISHED), make_user(Role.EDITOR)
    translate(edition, "fr", IN_REVIEW, by=author)
    translate(edition, "es", IN_REVIEW)

    translating.review(edition.visit, "es", by=author)

    with pytest.raises(Refused):
        translating.review(edition.visit, "fr", by=author)


def test_who_worked_on_what_is_public_may_review_what_comes_after():
    edition, editor = make_edition(State.PUBLISHED), make_user(Role.EDITOR)
    translate(edition, by=editor, texts={"title": "Première"})
    translate(edition, state=IN_REVIEW, texts={"title": "Seconde"})

    translating.review(edition.visit, "fr", by=editor)

    assert Translation.objects.get().reviewed_by == editor


def test_sending_back_needs_a_reason():
    edition = make_edition(State.PUBLISHED)
    translate(edition, state=IN_REVIEW)

    with pytest.raises(Refused) as refused:
        translating.send_back(edition.visit, "fr", by=User.objects.system(), note=" ")

    assert [reason.code for reason in refused.value.reasons] == ["note_required"]


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW, State.WITHDRAWN])
def test_only_what_the_public_reads_is_translated(state):
    edition = make_edition(state)

    with pytest.raises(Refused) as refused:
        translate(edition)

    assert [reason.code for reason in refused.value.reasons] == ["nothing_to_translate"]


# What a search finds of it


def test_a_visit_is_found_by_its_translations_once_they_are_reviewed():
    edition = make_edition(
        State.PUBLISHED,
        text="<p>An account.</p>",
        fill=lambda edition: Finding.objects.create(edition=edition, kind="progress", text="A plan."),
    )
    finding = edition.findings.get()
    texts = {"text": "<p>Рассказ о&nbsp;поездке</p>", (finding, "text"): "Национальный план"}
    translate(edition, "ru", IN_REVIEW, texts=texts)
    assert found("рассказ") == []

    translating.review(edition.visit, "ru", by=User.objects.system())

    for words in ("рассказ", '"о поездке"', "национальный план"):
        assert found(words) == ["denmark-2018"], words


def test_a_translated_title_ranks_as_a_title():
    make_edition(State.PUBLISHED, start="2001", end="", summary="Visite ciblée")
    edition = make_edition(State.PUBLISHED, start="1999", end="", title="Focused visit")
    translate(edition, texts={"title": "Visite ciblée"})

    assert found("ciblée") == ["denmark-1999", "denmark-2001"]


def test_what_is_published_next_is_found_by_its_translations_and_not_by_those_of_what_is_gone():
    def take_away(edition):
        edition.findings.all().delete()

    edition = make_edition(
        State.PUBLISHED, fill=lambda edition: Finding.objects.create(edition=edition, kind="progress", text="A plan.")
    )
    translate(edition, texts={"title": "Visite", (edition.findings.get(), "text"): "Un projet"})
    assert found("projet") == ["denmark-2018"]

    fresh = make_next_edition(edition, fill=take_away, title="Another title")

    assert found("visite") == ["denmark-2018"]
    assert found("projet") == []
    actions.withdraw(fresh, by=User.objects.system(), note="Entered by mistake.")
    assert found("visite") == []
    assert not SearchRow.objects.exists()


def test_events_of_a_translation_are_in_the_history_of_the_visit():
    edition = make_edition(State.PUBLISHED)

    translate(edition)

    events = Event.objects.filter(visit=edition.visit, edition=None).order_by("pk")
    assert [(event.verb, event.subject) for event in events] == [
        (verb, "denmark-2018: French") for verb in (Verb.SAVE, Verb.SUBMIT, Verb.REVIEW)
    ]
