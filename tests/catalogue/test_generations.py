"""The generation is asked for at every request: while it cannot be read, nobody waits for long, and few at all."""

import sqlite3
import threading
from contextlib import closing

import pytest

from tests.catalogue.test_caching import Application, Visitor
from visits.catalogue import generations
from visits.catalogue.caching import AWAY
from visits.catalogue.generations import PAUSE, Unreadable, Watched

LONGEST = 300


class Database:
    """Tells generation 7 while it works, and counts how often it is asked; its clock stands until it is moved."""

    def __init__(self):
        self.works, self.asked, self.now = True, 0, 1000.0
        self.generation = Watched(self.read, LONGEST, clock=lambda: self.now)

    def read(self) -> int:
        self.asked += 1
        if not self.works:
            raise OSError("Nobody answers.")
        return 7


def test_a_database_that_is_away_is_asked_by_one_request_in_some_seconds():
    database = Database()
    database.works = False

    for _ in range(5):
        with pytest.raises(Unreadable):
            database.generation()
    assert database.asked == 1
    database.now += PAUSE
    for _ in range(5):
        with pytest.raises(Unreadable):
            database.generation()
    assert database.asked == 2


def test_while_one_request_waits_for_it_the_others_do_not():
    database, is_asked, may_answer = Database(), threading.Event(), threading.Event()
    database.works = False
    with pytest.raises(Unreadable):
        database.generation()
    database.now += PAUSE
    database.generation.read = lambda: is_asked.set() or (may_answer.wait(60) and 8)
    waiting = threading.Thread(target=database.generation)
    waiting.start()
    assert is_asked.wait(60)

    with pytest.raises(Unreadable):
        database.generation()
    may_answer.set()
    waiting.join(60)

    assert database.generation() == 8


def test_once_it_is_back_every_request_asks_it_again():
    database = Database()
    database.works = False
    with pytest.raises(Unreadable):
        database.generation()

    database.works, database.now = True, database.now + PAUSE

    assert [database.generation() for _ in range(3)] == [7, 7, 7]
    assert database.asked == 4


def test_kept_pages_are_shown_for_a_while_and_then_no_more():
    database, application = Database(), Application()
    visitor = Visitor(application, generation=database.generation)
    _, headers, body = visitor.get()
    database.works = False

    database.now += LONGEST
    assert visitor.get()[::2] == ("200 OK", body)
    assert visitor.get(HTTP_IF_NONE_MATCH=headers["ETag"])[0] == "304 Not Modified"
    assert len(application.asked) == 1

    database.now += 1
    visitor.get(), visitor.get(HTTP_IF_NONE_MATCH=headers["ETag"])
    assert [environ[AWAY] for environ in application.asked] == [False, True, True]


@pytest.mark.parametrize("asked", [{"path": "/never-asked/"}, {"method": "POST"}, {"path": "/admin/"}])
def test_what_is_not_kept_is_refused_at_once(asked):
    database, application = Database(), Application()
    visitor = Visitor(application, generation=database.generation)
    visitor.get()
    database.works = False

    visitor.get(**asked)

    assert application.asked[-1][AWAY]


@pytest.mark.parametrize("path", ["/healthz", "/static/css/base.css"])
def test_what_needs_no_database_does_not_ask_it(path):
    database, application = Database(), Application()

    Visitor(application, generation=database.generation).get(path)

    assert (database.asked, AWAY in application.asked[0]) == (0, False)


def test_a_file_of_sqlite_that_cannot_be_read_is_read_again_once_it_can(tmp_path):
    path = tmp_path / "register.sqlite3"
    path.write_bytes(b"no database at all" * 100)
    read = generations.from_sqlite(str(path))
    with pytest.raises(sqlite3.Error):
        read()

    path.unlink()
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE visits_generation (id INTEGER, n INTEGER)")
        database.execute("INSERT INTO visits_generation VALUES (1, 7)")

    assert read() == 7
