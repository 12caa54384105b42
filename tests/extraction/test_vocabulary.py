"""The names that are looked for in texts, as they are stored."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.factories import make_country
from visits.extraction import vocabulary
from visits.models import Country


def questions_asked() -> int:
    vocabulary.built.cache_clear()
    with CaptureQueriesContext(connection) as asked:
        vocabulary.load()
    return len(asked)


def test_names_of_many_states_take_no_more_questions_than_those_of_one(db):
    denmark = make_country()
    few = questions_asked()
    for number in range(20):
        old = make_country(f"Old {number}", f"X{number:02}", f"X{chr(65 + number)}")
        Country.objects.filter(pk=old.pk).update(replaced_by=denmark)
        make_country(f"State {number}", f"Y{number:02}", f"Y{chr(65 + number)}")

    assert questions_asked() == few


def test_a_name_that_another_one_replaced_is_found_as_that(db):
    denmark = make_country()
    old = make_country("Old Denmark", "DAN", "DA")
    Country.objects.filter(pk=old.pk).update(replaced_by=denmark)
    vocabulary.built.cache_clear()

    assert [found.key for found in vocabulary.load().countries.find("A visit to Old Denmark.")] == ["DNK"]
