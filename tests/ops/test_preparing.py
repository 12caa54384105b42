"""What is made ready before the server starts."""

import pytest
from django.db import connection

from tests.factories import make_edition
from visits.enums import State
from visits.ops import preparing


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL measures by itself")
def test_indexes_are_measured_once(db, django_assert_num_queries):
    make_edition(State.PUBLISHED)

    preparing.measure_indexes()

    with connection.cursor() as cursor:
        cursor.execute("SELECT idx FROM sqlite_stat1 WHERE tbl = 'visits_edition'")
        assert ("edition_newest_first",) in cursor.fetchall()
    with django_assert_num_queries(1):
        preparing.measure_indexes()


def test_the_folder_of_a_release_says_nothing_of_what_it_holds(tmp_path):
    """An upgrade lies in a folder of its own, and collects again only what is new."""
    old, new = tmp_path / "old.css", tmp_path / "new.css"
    old.write_text("a {}")
    new.write_text("a {}")

    assert preparing.digest({"site.css": old}) == preparing.digest({"site.css": new})
    new.write_text("b {}")
    assert preparing.digest({"site.css": old}) != preparing.digest({"site.css": new})
