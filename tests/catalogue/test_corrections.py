"""The page of corrections: what was put right in published records, and nothing that cannot be read any more."""

import pytest
from django.http import QueryDict

from tests.factories import make_country, make_edition, make_next_edition, translate
from visits.catalogue.corrections import Corrections
from visits.editorial import actions
from visits.enums import State
from visits.exceptions import NotPublished
from visits.models import User

pytestmark = pytest.mark.django_db


def corrections(query=""):
    return Corrections(QueryDict(query))


def told() -> list[tuple]:
    return [(entry.slug, entry.number, str(entry.note), entry.has_changes) for entry in corrections().entries]


def test_later_editions_are_told_with_their_notes_newest_first():
    denmark = make_edition(State.PUBLISHED, change_note="Not a correction: the first edition.")
    second = make_next_edition(denmark, change_note="The date was wrong.")
    norway = make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO"))
    make_next_edition(norway, change_note="A source was added.")
    third = make_next_edition(second, change_note="The place was wrong.")
    make_next_edition(third, State.DRAFT, change_note="Nobody knows this yet.")

    assert told() == [
        ("denmark-2018", 3, "The place was wrong.", True),
        ("norway-2018", 2, "A source was added.", True),
        ("denmark-2018", 2, "The date was wrong.", True),
    ]


def test_what_was_withdrawn_is_told_no_more_and_nothing_is_compared_with_it():
    second = make_next_edition(make_edition(State.PUBLISHED), change_note="The date was wrong.")
    withdrawn = actions.withdraw(second, by=User.objects.system(), note="Entered by mistake.")
    assert told() == []

    make_next_edition(withdrawn, change_note="Back again, as it should be.")

    assert told() == [("denmark-2018", 3, "Back again, as it should be.", False)]


def test_the_title_is_in_the_language_of_the_page_and_the_note_as_it_was_written(client):
    translate(make_next_edition(make_edition(State.PUBLISHED), title="A visit", change_note="Shorter."), "fr")

    page = client.get("/fr/corrections/").text

    assert "fr: A visit" in page
    assert '<span lang="en" dir="ltr">Shorter.</span>' in page
    assert '<a href="/fr/visits/denmark-2018/editions/2/changes/">' in page


def test_it_is_read_page_by_page(client):
    edition = make_edition(State.PUBLISHED)
    for number in range(25):
        edition = make_next_edition(edition, change_note=f"Correction {number}.")

    first, second = corrections(), corrections("page=2")
    assert [entry.number for entry in (*first.entries, *second.entries)] == list(range(26, 1, -1))
    assert (first.pages, first.next_query, second.previous_query) == (2, "?page=2", "?page=1")
    assert 'rel="next" href="?page=2"' in client.get("/corrections/").text
    for page in ("3", "0", "-1", "two", "１", "9" * 30):
        assert client.get("/corrections/", {"page": page}).status_code == 404
    with pytest.raises(NotPublished):
        corrections("page=3")


def test_a_page_of_many_is_made_with_as_many_queries_as_one_of_few(client, django_assert_num_queries):
    edition = make_edition(State.PUBLISHED)
    for corrected in (1, 3):
        for _number in range(corrected):
            edition = make_next_edition(edition)
        with django_assert_num_queries(2):
            client.get("/corrections/")


def test_without_any_it_says_so(client):
    make_edition(State.PUBLISHED)

    assert "No record has been corrected" in client.get("/corrections/").text
