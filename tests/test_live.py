"""What only the running server can show: two workers, one register."""

import re
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from threading import Barrier

import pytest

from tests.live import RACES_ARE_LONG, Site, Visitor, environment_of, hidden_fields

ROUNDS = 50 if RACES_ARE_LONG else 15
# Two connections that are kept open land on both workers before long; each is asked this often.
ASKED = 40

SECOND_EDITOR = """
from tests.factories import make_user
from visits.enums import Role
make_user(Role.EDITOR, username="second", password="{password}")
"""
IN_REVIEW = """
from tests.factories import make_edition
from visits.enums import State
from visits.models import User
author = User.objects.get(username="{author}")
print(*(make_edition(State.IN_REVIEW, by=author).pk for _ in range({count})))
"""
IMPORT = """
from tests.factories import make_edition
from tests.ingest import tables
from visits.models import Edition, User
edition = make_edition(title="As opened")
rows = tables.table_of(Edition.objects.filter(pk=edition.pk))
imported = tables.upload(tables.edited(rows, title="From the table"), User.objects.get(username="{author}"))
print(imported.pk, edition.pk)
"""
NEXT_EDITION = """
from tests.factories import make_next_edition
from visits.models import Edition
make_next_edition(Edition.objects.published().get(visit__slug="denmark-2018"), title="{title}")
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with Site(environment_of(tmp_path_factory.mktemp("live") / "data")) as running:
        yield running


def query(site, sql, *values):
    with closing(sqlite3.connect(Path(site.environment["DATA_DIR"]) / "register.sqlite3")) as database:
        return database.execute(sql, values).fetchall()


def test_the_list_finds_denmark_by_topic_and_refuses_what_is_no_topic(site):
    found, refused = site.get("/visits/?topic=border-management&country=dnk"), site.get("/visits/?topic=nonsense")

    assert (found.status, "/visits/denmark-2018/" in found.text) == (200, True)
    assert (refused.status, "<code>topic</code>" in refused.text) == (400, True)


def test_an_unchanged_page_answers_304(site):
    first = site.get("/visits/denmark-2018/")

    again = site.get("/visits/denmark-2018/", If_None_Match=first.headers["etag"])

    assert (first.status, again.status, again.text) == (200, 304, "")


def test_static_files_and_favicon_are_served(site):
    stylesheets = re.findall(r'href="(/static/[^"]+)"', site.get("/").text)

    assert {site.get(address).status for address in [*stylesheets, "/favicon.ico"]} == {200}


def test_after_a_publication_every_worker_gives_the_new_page(site):
    address = "/visits/denmark-2018/"
    old = site.get(address)
    assert {Visitor(site.url).get(address).text for _ in range(ASKED)} == {old.text}

    site.run_python(NEXT_EDITION.format(title="A title that is new"))

    with ThreadPoolExecutor(8) as clients:
        answers = list(
            clients.map(lambda _: Visitor(site.url).get(address, If_None_Match=old.headers["etag"]), range(ASKED))
        )
    assert {answer.status for answer in answers} == {200}
    assert [answer for answer in answers if "A title that is new" not in answer.text] == []


def publish_each(url, login, editions, barrier, results):
    """One editor in a process of their own: open every confirmation, and send it when the other one is ready too."""
    editor = Visitor(url)
    editor.sign_in(*login)
    for pk in editions:
        page = editor.get(f"/admin/visits/edition/{pk}/")
        address = re.search(rf'href="(/admin/visits/edition/{pk}/publish/[^"]*)"', follow(editor, page).text)[1]
        opened = editor.get(address.replace("&amp;", "&"))
        barrier.wait(timeout=60)
        answer = editor.get(f"/admin/visits/edition/{pk}/publish/", hidden_fields(opened.text))
        results.put((pk, opened.status, answer.status, "" if answer.status in (302, 409) else answer.text))


def follow(visitor, answer):
    return visitor.get(answer.headers["location"]) if answer.status == 302 else answer


def test_of_two_people_who_publish_at_once_one_succeeds_and_one_is_told(site):
    author, _ = site.logins["author"]
    password = site.logins["editor"][1]
    site.run_python(SECOND_EDITOR.format(password=password))
    editions = site.run_python(IN_REVIEW.format(author=author, count=ROUNDS)).split()
    ((before,),) = query(site, "SELECT n FROM visits_generation")
    processes = get_context("spawn")
    barrier, results = processes.Barrier(2), processes.Queue()
    logins = [site.logins["editor"], ("second", password)]
    people = [
        processes.Process(target=publish_each, args=(site.url, login, editions, barrier, results)) for login in logins
    ]

    for person in people:
        person.start()
    told = [results.get(timeout=120) for _ in range(2 * ROUNDS)]
    for person in people:
        person.join(timeout=60)

    assert {(opened, text) for _, opened, _, text in told} == {(200, "")}
    by_edition = {pk: sorted(status for edition, _, status, _ in told if edition == pk) for pk in editions}
    assert by_edition == {pk: [302, 409] for pk in editions}
    ((after,),) = query(site, "SELECT n FROM visits_generation")
    assert after - before == ROUNDS
    marks = ",".join("?" * ROUNDS)
    events = query(
        site,
        f"SELECT edition_id, count(*) FROM visits_event WHERE verb = 'publish' AND edition_id IN ({marks})"
        " GROUP BY edition_id",
        *editions,
    )
    assert events == [(int(pk), 1) for pk in editions]
    states = query(site, f"SELECT DISTINCT state, number FROM visits_edition WHERE id IN ({marks})", *editions)
    assert states == [("published", 1)]


def test_of_two_people_who_take_the_same_import_at_once_one_succeeds_and_one_is_told(site):
    author, _ = site.logins["author"]
    imported, edition = site.run_python(IMPORT.format(author=author)).split()
    address = f"/admin/visits/import/{imported}/change/"
    barrier = Barrier(2)

    def take(login):
        person = Visitor(site.url)
        person.sign_in(*login)
        values = hidden_fields(person.get(address).text) | {"take-2": "on", "cell-2": "title"}
        barrier.wait(timeout=60)
        return person.get(address, values)

    with ThreadPoolExecutor(2) as people:
        told = list(people.map(take, [site.logins["author"], site.logins["editor"]]))

    assert sorted(answer.status for answer in told) == [302, 409]
    loser = next(answer.text for answer in told if answer.status == 409)
    assert "Nothing was imported" in loser
    saved = query(site, "SELECT count(*) FROM visits_event WHERE edition_id = ? AND verb = 'save'", edition)
    assert saved == [(2,)]
    assert query(site, "SELECT title FROM visits_edition WHERE id = ?", edition) == [("From the table",)]
    assert query(site, "SELECT count(*) FROM visits_importeddraft WHERE edition_id = ?", edition) == [(1,)]


SCHEDULED = """
from datetime import timedelta
from django.utils import timezone
from tests.factories import make_edition
from visits.editorial import actions
from visits.enums import State
from visits.models import Edition, User
editor = User.objects.get(username="{editor}")
for _ in range({count}):
    edition = make_edition(State.IN_REVIEW)
    actions.schedule(edition, by=editor, moment=timezone.now() + timedelta(days=1), zone="UTC")
    print(edition.pk)
"""
# Without a new version: the editor has read the one that there is.
# On a busy machine one of them may publish everything before the other gets to write: it waits.
PUBLISH_DUE = """
from django.db import connection
from django.utils import timezone
from visits.editorial.scheduling import publish_due
from visits.models import Edition
from visits.models.base import plain_rows
connection.cursor().execute("PRAGMA busy_timeout = 120000")
plain_rows(Edition).filter(state="scheduled").update(scheduled_for=timezone.now())
print(len(publish_due()))
"""


def test_runners_and_an_editor_at_once_publish_what_is_due_once_or_leave_it_in_review(site):
    """Two runners, the site's own chores, and an editor who takes editions off the schedule: one of them is first."""
    editions = site.run_python(SCHEDULED.format(editor=site.logins["editor"][0], count=ROUNDS)).split()
    ((before,),) = query(site, "SELECT n FROM visits_generation")
    editor = Visitor(site.url)
    editor.sign_in(*site.logins["editor"])
    pages = {pk: f"/admin/visits/edition/{pk}/unschedule/" for pk in editions}
    fields = {pk: hidden_fields(editor.get(address).text) for pk, address in pages.items()}
    marks = ",".join("?" * ROUNDS)
    by_state = f"SELECT id, state FROM visits_edition WHERE id IN ({marks})"

    with ThreadPoolExecutor(2) as people:
        runners = [people.submit(site.run_python, PUBLISH_DUE) for _ in range(2)]
        while "published" not in dict(query(site, by_state, *editions)).values():
            assert not all(runner.done() for runner in runners)
        # From the last on, so that they meet in the middle.
        told = {pk: editor.get(pages[pk], fields[pk]).status for pk in reversed(editions)}
        assert all(runner.result().isdigit() for runner in runners)

    states = dict(query(site, by_state, *editions))
    assert states == {int(pk): "in-review" if status == 302 else "published" for pk, status in told.items()}
    published = [pk for pk, state in states.items() if state == "published"]
    counted = f"SELECT count(*) FROM visits_event WHERE verb = 'publish' AND edition_id IN ({marks})"
    assert query(site, counted, *editions) == [(len(published),)]
    ((after,),) = query(site, "SELECT n FROM visits_generation")
    assert after - before == len(published)
