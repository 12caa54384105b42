"""PostgreSQL gives the answers that SQLite gives, and while it is away readers are answered all the same."""

import itertools
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from bench.server import django_server
from tests.faulty import Network
from tests.live import PATIENCE, ROOT, Visitor, wait_for
from tests.postgresql import cluster, programs

pytestmark = pytest.mark.slow


OUTAGES = ("freeze", "refuse")
# Many more than a worker has threads.
CROWD = 40
NEVER_ASKED = map("/visits/?page_size=5&from={:04}-01-01".format, itertools.count(1))


@pytest.fixture(scope="module")
def url():
    if not programs():
        missing = "PostgreSQL is not installed: with Debian, apt-get install postgresql."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    with cluster() as running:
        yield running


@pytest.fixture(scope="module")
def answers(url, tmp_path_factory):
    """What each of the two databases answers to the same questions on the register as it is shipped."""
    asked = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.answers"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "cted.settings"}
            | {"DATA_DIR": str(tmp_path_factory.mktemp("data")), **database},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        for database in ({}, {"DATABASE_URL": url})
    ]
    said = [process.communicate(timeout=2 * PATIENCE)[0] for process in asked]
    assert [process.returncode for process in asked] == [0, 0]
    return [json.loads(text) for text in said]


@pytest.fixture(scope="module")
def network(url):
    with Network(urlsplit(url).port) as between:
        yield between


@pytest.fixture(scope="module")
def site(answers, url, network):
    """The running server on that register."""
    address = urlsplit(url)._replace(netloc=f"register@127.0.0.1:{network.port}").geturl()
    # Short, so that it takes no longer than it must.
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "TEST_DATABASE_URL": address}
    environment |= {"DATABASE_PAGE_SECONDS": "2", "CACHE_URL": "locmemcache://"}
    with django_server("cted.wsgi:application", environment) as server, server.log:
        visitor = Visitor(f"http://127.0.0.1:{server.port}")
        wait_for(lambda: visitor.get("/readyz").status == 200)
        yield visitor


def of_both_workers(ask) -> set:
    return {ask() for _ in range(8)}


def crowd(site) -> list:
    """What as many readers at once are answered, each about something that nobody asked before."""
    with ThreadPoolExecutor(CROWD) as clients:
        return list(clients.map(site.get, itertools.islice(NEVER_ASKED, CROWD)))


def all_are_answered(site) -> bool:
    return {answer.status for answer in crowd(site)} == {200}


def test_both_databases_give_the_same_answers(answers):
    on_sqlite, on_postgresql = answers

    different = {
        asked: (on_sqlite[asked], on_postgresql[asked])
        for asked in on_sqlite
        if on_sqlite[asked] != on_postgresql[asked]
    }

    assert different == {}
    assert sum(bool(answer) for answer in on_sqlite.values()) > 250


def test_sets_and_rows_give_the_same_answers_on_both(answers):
    for said in answers:
        lists = {asked.removesuffix(" by sets") for asked in said if asked.endswith(" by sets")}
        assert len(lists) >= 10
        assert [asked for asked in lists if said[f"{asked} by sets"] != said[f"{asked} by rows"]] == []


@pytest.mark.parametrize("outage", OUTAGES)
def test_while_it_is_away_kept_pages_are_shown_and_nobody_waits_for_others(site, network, outage, figures):
    kept = site.get("/visits/").text
    assert of_both_workers(lambda: site.get("/visits/").text) == {kept}

    getattr(network, outage)()
    try:
        # Each finds out for itself, or is told at once; none of the threads is lost.
        began = time.monotonic()
        refused = crowd(site)
        waited = time.monotonic() - began
        assert {answer.status for answer in refused} == {503}
        assert {answer.headers["retry-after"] for answer in refused} == {"10"}
        assert {"content-security-policy", "x-content-type-options"} <= {name.lower() for name in refused[0].headers}
        assert of_both_workers(lambda: site.get("/visits/").text) == {kept}
        assert of_both_workers(lambda: site.get("/healthz").status) == {200}
        assert of_both_workers(lambda: site.get("/readyz").status) == {503}
        assert of_both_workers(lambda: site.get("/admin/").status) == {503}
        problem = site.get("/api/v1/visits/?page_size=7")
        assert (problem.status, json.loads(problem.text)["code"]) == (503, "unavailable")
        assert json.loads(site.get("/findings.csv").text)["status"] == 503
    finally:
        network.work()

    recovered = wait_for(lambda: of_both_workers(lambda: site.get("/readyz").status) == {200})
    figures(f"{CROWD} at once: all answered after {waited:.1f} s; ready {recovered:.1f} s after it came back")
    # What was held by those who waited is free again, in both.
    wait_for(lambda: all_are_answered(site))
    assert site.get("/accounts/login/").status == 200


def test_what_it_falls_silent_in_the_middle_of_ends_too(site, network, figures):
    answered = []

    def read_on():
        while (answer := site.get(next(NEVER_ASKED))).status == 200:
            answered.append(answer)
        return answer.status

    with ThreadPoolExecutor(CROWD) as clients:
        readers = [clients.submit(read_on) for _ in range(CROWD)]
        wait_for(lambda: len(answered) > CROWD)
        began = time.monotonic()
        network.freeze()
        try:
            assert {reader.result() for reader in readers} == {503}
            waited = time.monotonic() - began
        finally:
            network.work()

    recovered = wait_for(lambda: all_are_answered(site))
    figures(f"{CROWD} at once: all answered after {waited:.1f} s; all answered with 200 {recovered:.1f} s later")
