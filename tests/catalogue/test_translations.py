"""What readers of a language get: reviewed translations, else English that says so."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

from tests.examples import fill_every_part
from tests.factories import make_country, make_edition, make_next_edition, translate
from visits.catalogue import history
from visits.catalogue.listing import Listing
from visits.catalogue.translations import Coverage, languages_of
from visits.enums import State, TranslationState
from visits.models import Finding, VisitLink

pytestmark = pytest.mark.django_db

LISTS = ("/", "/visits/", "/findings/", "/countries/dnk/", "/topics/gender/")
ENGLISH = '<span lang="en" dir="ltr">{}</span>'


def page_in(language: str, edition, number: int | None = None):
    with translation.override(language):
        return history.fixed("denmark-2018", number) if number else history.current("denmark-2018")


def with_finding(edition):
    Finding.objects.create(edition=edition, kind="progress", text="A plan.", speaker="The host")


def test_every_text_of_a_visit_is_shown_in_its_translation(client):
    edition = make_edition(State.PUBLISHED, fill=fill_every_part)
    translate(edition)

    page = client.get("/fr/visits/denmark-2018/").text

    for text in ("A visit", "What it was about.", "To see.", "Copenhagen", "Chief Consultant", "Customs officers"):
        assert f"fr: {text}" in page, text
    assert '<div class="prose" lang="fr" dir="ltr">fr: <p>A long account.</p></div>' in page
    # The source's own wording stays as it is.
    assert ENGLISH.format("Jens Haarløv") in page
    assert ENGLISH.format("the first body") in page
    assert "fr: " not in client.get("/visits/denmark-2018/").text
    assert "fr: " not in client.get("/es/visits/denmark-2018/").text


def test_what_is_not_translated_is_marked_as_english_in_every_list_and_on_the_page(client):
    edition = make_edition(State.PUBLISHED, title="A visit", summary="About.", fill=with_finding)
    with translation.override("ar"):
        note = gettext("What is in English here comes from records that have not been translated yet.")
    for address in LISTS[:4]:
        page = client.get(f"/ar{address}").text
        assert ENGLISH.format("A plan.") in page or ENGLISH.format("A visit") in page, address
        assert (note in page, note in client.get(address).text) == (True, False), address

    translate(edition, "ar", texts={"title": "زيارة", (edition.findings.get(), "text"): "خطة"})

    for address in LISTS[:4]:
        page = client.get(f"/ar{address}").text
        assert "زيارة" in page or "خطة" in page, address
        assert "A visit" not in page, address
        assert "A plan." not in page, address
    assert ENGLISH.format("About.") in client.get("/ar/visits/").text


def test_titles_of_linked_visits_and_of_the_history_are_translated(client):
    norway = make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO"), title="Norway")
    edition = make_edition(
        State.PUBLISHED,
        title="Denmark",
        fill=lambda edition: VisitLink.objects.create(edition=edition, kind="follows", target=norway.visit),
    )
    for each, title in ((norway, "La Norvège"), (edition, "Le Danemark")):
        translate(each, texts={"title": title})

    assert "La Norvège" in client.get("/fr/visits/denmark-2018/").text
    assert "La Norvège" in client.get("/fr/countries/dnk/").text
    assert "Le Danemark" in client.get("/fr/visits/norway-2018/").text
    for address in ("editions/", "editions/1/changes/"):
        assert "Le Danemark" in client.get(f"/fr/visits/denmark-2018/{address}").text


def test_what_is_in_work_changes_nothing_that_is_shown(client):
    edition = make_edition(State.PUBLISHED, title="A visit")
    translate(edition, texts={"title": "Première"})
    translate(edition, state=TranslationState.IN_REVIEW, texts={"title": "Seconde", "summary": "Résumé"})

    page = client.get("/fr/visits/denmark-2018/").text

    assert "Première" in page
    assert "Seconde" not in page
    assert "Résumé" not in page


def test_a_list_already_shown_has_the_translation_as_soon_as_it_is_reviewed(client):
    edition = make_edition(State.PUBLISHED, title="A visit")
    assert "A visit" in client.get("/fr/visits/").text

    translate(edition, texts={"title": "Une visite"})

    assert "Une visite" in client.get("/fr/visits/").text
    assert "A visit" in client.get("/visits/").text


# Notices


@pytest.mark.parametrize(
    ("texts", "notice"),
    [
        ({}, "This record has not been translated yet: what it says is in English."),
        ({"title": "Visite"}, "This record is partly translated: the rest is in English."),
        ({"title": "Visite", "summary": "Résumé"}, ""),
    ],
)
def test_the_page_says_how_much_of_it_is_translated(client, texts, notice):
    edition = make_edition(State.PUBLISHED)
    if texts:
        translate(edition, "fr", texts=texts)

    shown = client.get("/fr/visits/denmark-2018/").text
    with translation.override("fr"):
        found = [sentence for sentence in NOTICES if gettext(sentence) in shown]

    assert found == ([notice] if notice else [])
    assert [sentence for sentence in NOTICES if sentence in client.get("/visits/denmark-2018/").text] == []


NOTICES = (
    "This record has not been translated yet: what it says is in English.",
    "This record is partly translated: the rest is in English.",
    "What is marked as older than the original was translated before its English wording changed.",
)


def test_a_translation_older_than_the_original_is_shown_and_says_so():
    first = make_edition(State.PUBLISHED, title="A visit", summary="About.", text="<p>Text.</p>")
    translate(first)
    second = make_next_edition(first, title="The visit")

    page = page_in("fr", second)

    assert (str(page.title.text), page.title.text.is_older) == ("fr: A visit", True)
    assert (str(page.summary), page.summary.is_older) == ("fr: About.", False)
    assert page.translation == Coverage(texts=3, translated=3, older=1)


def test_a_fixed_edition_is_shown_in_translations_of_its_very_wording_alone():
    first = make_edition(State.PUBLISHED, title="A visit", summary="About.")
    translate(first)
    second = make_next_edition(first, title="The visit")
    assert [str(page_in("fr", first, number).title.text) for number in (1, 2)] == ["fr: A visit"] * 2

    translate(second, texts={"title": "La visite"})

    old, new = page_in("fr", first, 1), page_in("fr", second)
    assert (old.title.text.text, old.title.text.language) == ("A visit", "en")
    assert str(old.summary) == "fr: About."
    assert (new.title.text.text, new.title.text.is_older) == ("La visite", False)


def test_what_the_register_showed_on_an_earlier_day_is_in_translations_of_its_wording(client):
    first = make_edition(State.PUBLISHED, title="A visit", summary="About.")
    translate(first)

    assert "fr: A visit" in client.get(f"/fr/visits/?as_of={first.published_at:%Y-%m-%d}").text


# Which languages a page is really in


@pytest.mark.parametrize(
    ("fields", "texts", "is_translated"),
    [
        ({"text": ""}, ("title", "summary"), True),
        ({"text": ""}, ("title",), False),
        ({"text": "<p>Text.</p>"}, ("title", "summary"), False),
        ({"text": "<p>Text.</p>", "aim": "To see."}, ("title", "summary", "text"), True),
    ],
)
def test_a_page_is_in_a_language_once_title_summary_and_text_are(fields, texts, is_translated):
    edition = make_edition(State.PUBLISHED, **fields)
    other = make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO"))
    translate(edition, "ar", texts=dict.fromkeys(texts, "نص"))
    translate(edition, "es", state=TranslationState.IN_REVIEW)
    expected = ("ar", "en") if is_translated else ("en",)

    assert languages_of([edition.visit_id, other.visit_id]) == {edition.visit_id: expected, other.visit_id: ("en",)}
    assert page_in("en", edition).languages == page_in("fr", edition).languages == expected


def test_a_page_stays_in_a_language_when_the_original_moves_on():
    edition = make_edition(State.PUBLISHED)
    translate(edition)

    fresh = make_next_edition(edition, summary="Anew.")

    assert languages_of([edition.visit_id])[edition.visit_id] == page_in("fr", fresh).languages == ("en", "fr")


# Searching


def test_the_passage_that_was_found_is_shown_in_the_language_it_was_found_in(client):
    edition = make_edition(State.PUBLISHED, text="<p>The customs were assessed.</p>")
    translate(edition, "fr", texts={"text": "<p>Les douanes ont été évaluées.</p>"})

    def passage(language, words):
        with translation.override(language):
            (card,) = Listing(client.get(f"/visits/?q={words}").wsgi_request.GET).cards
        return str(card.excerpt), card.excerpt.language

    assert passage("fr", "douanes") == ("Les douanes ont été évaluées.", "fr")
    assert passage("fr", "customs") == ("The customs were assessed.", "en")
    assert passage("en", "douanes") == ("Les douanes ont été évaluées.", "fr")


# Queries


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/visits/", 6),
        ("/visits/?q=visit", 11),
        ("/findings/", 6),
    ],
)
def test_translations_take_one_query_more_however_many_there_are(
    client, django_assert_num_queries, address, queries, count
):
    for _ in range(count):
        translate(make_edition(State.PUBLISHED, title="A visit", fill=with_finding))
    # Whoever comes first after a publication has the sets renewed, and the names read.
    client.get("/fr/statistics/")
    client.get("/fr/suggestions/?q=visit")

    with django_assert_num_queries(queries):
        assert client.get(f"/fr{address}").status_code == 200
