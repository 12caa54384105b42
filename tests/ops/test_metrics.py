"""What Prometheus is told, and who else is not."""

import json
import re
from io import StringIO
from ipaddress import ip_network

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from tests.crawler import Browser
from tests.factories import make_edition
from tests.live import ROOT
from visits.enums import State
from visits.ops import counters, health, metrics, processes
from visits.ops.backup import LAST
from visits.ops.observing import Observed, kind_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(monkeypatch):
    """As the site is served: counted in front of the cache of pages. The connection stays that of the test."""
    monkeypatch.setattr("visits.ops.metrics.close_old_connections", lambda: None)
    browser = Browser()
    browser.application = Observed(browser.application, "worker-0")
    return browser


def numbers(browser) -> dict[str, float]:
    answer = browser.get("/metrics")
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "no-store")
    lines = [line for line in answer.body.splitlines() if not line.startswith("#")]
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}


def requests(answered: str, kind: str, status=200, method="read") -> str:
    return f'cted_http_requests_total{{answered="{answered}",kind="{kind}",method="{method}",status="{status}"}}'


def test_each_request_counts_once_by_who_answered_it(browser):
    before = numbers(browser)

    first = browser.get("/topics/")
    browser.get("/topics/")
    browser.get("/fr/topics/", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    browser.get("/topics/", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    browser.get("/nothing-here/", REQUEST_METHOD="POST")

    after = numbers(browser)
    grown = {name: after[name] - before.get(name, 0) for name in after if name.startswith("cted_http_requests_total")}
    assert {name: by for name, by in grown.items() if by} == {
        requests("made", "terms"): 2,
        requests("kept", "terms"): 1,
        requests("unchanged", "terms", 304): 1,
        requests("made", "other", 404, "write"): 1,
    }
    timed = 'cted_http_request_duration_seconds_count{kind="terms"}'
    assert after[timed] - before.get(timed, 0) == 2
    assert after['cted_page_cache_pages{process="worker-0"}'] == 2
    assert after['cted_page_cache_bytes{process="worker-0"}'] > 1000


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "home"),
        ("/ar/", "home"),
        ("/fr", "home"),
        ("/visits/denmark-2018/editions/1/", "visit"),
        ("/zh-hans/visits/", "visits"),
        ("/visits.csv", "file"),
        ("/ar/visits/denmark-2018.json", "file"),
        ("/countries/DNK/", "term"),
        ("/admin/visits/edition/7/", "staff"),
        ("/api/v1/visits/", "api"),
        ("/wp-login.php", "file"),
        ("/anything/else/7f3a", "other"),
        ("", "home"),
    ],
)
def test_addresses_are_told_apart_by_few_kinds(path, kind):
    assert kind_of(path) == kind


def test_an_exception_is_counted_wherever_it_ends_a_request(browser, monkeypatch, caplog):
    def broken(*args):
        raise ZeroDivisionError("a secret")

    name = 'cted_exceptions_total{type="ZeroDivisionError"}'
    before = numbers(browser).get(name, 0)
    monkeypatch.setattr("visits.public.views.Listing", broken)
    inside = browser.get("/visits/")
    monkeypatch.setattr(browser.application.cache, "generation", broken)

    outside = browser.get("/topics/")

    assert (inside.status, outside.status, "secret" in inside.body + outside.body) == (500, 500, False)
    assert numbers(browser)[name] == before + 2
    assert [record.exc_info is not None for record in caplog.records if record.levelname == "ERROR"] == [True, True]


def test_how_the_register_stands_is_told(browser):
    make_edition(State.PUBLISHED)
    make_edition()

    told = numbers(browser)

    assert (told['cted_editions{state="published"}'], told['cted_editions{state="draft"}']) == (1, 1)
    assert (told["cted_generation"], told["cted_search_rows"], told["cted_overdue_editions"]) == (1, 1, 0)
    assert told['cted_release_info{release="test"}'] == 1
    assert {name for name in told if name.startswith("cted_check_ok")} == {
        f'cted_check_ok{{check="{name}"}}' for name in (*health.CHECKS, *health.WORRIES)
    }


def test_a_database_that_is_away_leaves_the_rest_to_be_told(browser, monkeypatch):
    def broken(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setitem(health.CHECKS, "database", broken)
    monkeypatch.setattr("visits.models.Edition.objects.order_by", broken)

    told = numbers(browser)

    assert (told['cted_check_ok{check="database"}'], told["cted_free_bytes"] > 0) == (0, True)
    assert "cted_generation" not in told


def test_operators_are_told_of_every_number_and_of_no_other(browser, tmp_path, settings):
    settings.DATA_DIR, settings.BUNDLE_DIR = tmp_path, tmp_path / "bundle"
    call_command("build_bundle", str(settings.BUNDLE_DIR), stdout=StringIO())
    (tmp_path / LAST).write_text(json.dumps({"made_at": "2026-11-30T00:00:00+00:00", "path": "/a.zip"}))
    chapter = (ROOT / "docs" / "operations.md").read_text().partition("### Metrics")[2].partition("### Logs")[0]
    first_cells = [row.split("|")[1] for row in chapter.splitlines() if row.startswith("| `")]

    declared = {
        family.name + "_total" * (family.type == "counter") for metric in counters.ALL for family in metric.collect()
    }
    standing = {family.name + "_info" * (family.type == "info") for family in metrics.Register("test").collect()}

    assert {f"cted_{name}" for cell in first_cells for name in re.findall("`(.+?)`", cell)} == declared | standing


# Who may ask


@pytest.mark.parametrize(
    ("proxies", "headers"),
    [
        (0, {"REMOTE_ADDR": "192.0.2.1"}),
        (0, {"REMOTE_ADDR": "::ffff:192.0.2.1"}),
        (0, {"REMOTE_ADDR": ""}),
        # A proxy on this machine, which nobody told us of.
        (0, {"HTTP_X_FORWARDED_FOR": "192.0.2.1"}),
        (0, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}),
        (0, {"HTTP_X_FORWARDED_PROTO": "https"}),
        (0, {"HTTP_FORWARDED": "for=127.0.0.1"}),
        (0, {"HTTP_X_REAL_IP": "127.0.0.1"}),
        (0, {"HTTP_VIA": "1.1 proxy"}),
        # One that we were told of.
        (1, {"HTTP_X_FORWARDED_FOR": "192.0.2.1"}),
        (1, {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 192.0.2.1"}),
        (1, {"HTTP_X_FORWARDED_FOR": "nonsense"}),
        (1, {"HTTP_X_FORWARDED_FOR": ""}),
        (1, {"HTTP_X_REAL_IP": "127.0.0.1"}),
        (2, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}),
        (2, {"HTTP_X_FORWARDED_FOR": "127.0.0.1, 192.0.2.1, 127.0.0.1"}),
    ],
)
def test_whoever_may_not_ask_finds_what_is_nowhere(browser, settings, proxies, headers):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    anonymous = re.compile(r"metrics|metricz")

    for method in ("GET", "HEAD", "POST", "OPTIONS"):
        refused, nowhere = (
            browser.get(address, REQUEST_METHOD=method, **headers) for address in ("/metrics", "/metricz")
        )
        assert refused.status == 404
        assert [answer.headers.pop("X-Request-ID") != "" for answer in (refused, nowhere)] == [True, True]
        assert refused.headers == nowhere.headers
        assert anonymous.sub("", refused.body) == anonymous.sub("", nowhere.body)


@pytest.mark.parametrize(
    ("proxies", "headers"),
    [
        (0, {}),
        (0, {"REMOTE_ADDR": "127.9.9.9"}),
        (0, {"REMOTE_ADDR": "::1"}),
        (0, {"REMOTE_ADDR": "::ffff:127.0.0.1"}),
        (0, {"REMOTE_ADDR": "198.51.100.7"}),
        (1, {}),
        (1, {"HTTP_X_FORWARDED_FOR": "192.0.2.1, 198.51.100.7"}),
        (0, {"HTTP_HOST": "10.0.0.1:8000"}),
    ],
)
def test_the_networks_of_the_setting_may_ask_by_whatever_name(browser, settings, proxies, headers):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    settings.METRICS_NETWORKS = [*settings.METRICS_NETWORKS, ip_network("198.51.100.0/24")]

    assert browser.get("/metrics", **headers).status == 200
    assert browser.get("/metrics", REQUEST_METHOD="POST", **headers).status == 405


def test_what_one_was_told_is_kept_for_nobody(browser):
    assert browser.get("/metrics").status == 200

    assert browser.get("/metrics", REMOTE_ADDR="192.0.2.1").status == 404
    assert "metrics" not in "".join(page.body.decode() for page in browser.application.cache.pages.values())


# Places of processes


@pytest.fixture
def places(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(processes, "held", [])
    yield tmp_path / "metrics"
    for lock in processes.held:
        lock.close()


def test_each_process_has_a_place_and_the_next_takes_one_that_is_free(places):
    assert [processes.take_place("worker") for _ in range(3)] == ["worker-0", "worker-1", "worker-2"]
    assert processes.take_place("chores") == "chores-0"

    processes.held[1].close()

    assert set(processes.running()) == {"worker-0", "worker-2", "chores-0"}
    assert processes.take_place("worker") == "worker-1"


def test_a_start_forgets_what_those_counted_that_ended_and_no_others(places):
    for place in (processes.take_place("worker"), processes.take_place("worker")):
        for kind in counters.FILES:
            counters.make_room(f"{kind}_{place}.db")
    processes.held[0].close()

    counters.begin_anew()

    assert sorted(path.name for path in places.glob("*.db")) == sorted(f"{kind}_worker-1.db" for kind in counters.FILES)


def test_a_folder_that_cannot_be_written_leaves_the_site_running(places, settings, caplog):
    settings.DATA_DIR = places / "missing"

    assert counters.take_part("worker") == "worker"
    assert "by itself alone" in caplog.text
