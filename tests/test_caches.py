"""A Redis that `CACHE_URL` names is shared by all workers, and nobody is refused anything when it goes."""

import os
import shutil
import subprocess
from types import SimpleNamespace

import pytest
from django.core.cache import cache
from django.test import Client
from redis import Redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from cted import caches
from tests.admin.support import PASSWORD, sign_in
from tests.factories import make_user
from tests.faulty import Network
from tests.live import PATIENCE, free_port
from tests.reporting.test_report import send
from tests.test_settings import read
from visits.models import ErrorReport
from visits.opendata.api import limits

OUTAGES = ("refuse", "freeze")


@pytest.fixture(scope="module")
def port():
    """That of a Redis of this test's own."""
    if not shutil.which("redis-server"):
        missing = "Redis is not installed: with Debian, apt-get install redis-server."
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    port = free_port()
    command = ["redis-server", "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        Redis(port=int(port), retry=Retry(ConstantBackoff(0.1), PATIENCE)).ping()
        yield int(port)
    finally:
        process.kill()
        process.wait(PATIENCE)


@pytest.fixture
def network(port, settings, monkeypatch):
    """What lies between the site and its Redis."""
    monkeypatch.setattr(caches, "PATIENCE", 0.2)
    monkeypatch.setattr(caches.Redis, "away_until", 0)
    with Network(port) as between:
        settings.CACHES = {"default": {"BACKEND": "cted.caches.Redis", "LOCATION": f"redis://127.0.0.1:{between.port}"}}
        cache.clear()
        yield between
        cache.own.clear()


def keys(port) -> set[str]:
    """What all workers see."""
    with Redis(port=port) as client:
        return {key.decode() for key in client.scan_iter()}


def test_it_is_named_in_one_line(tmp_path):
    shown = "settings.CACHES['default']['BACKEND'], settings.CACHES['default']['LOCATION']"

    said = read(tmp_path, shown, CACHE_URL="redis://cache.example.org:6379/1").stdout

    assert said == "cted.caches.Redis redis://cache.example.org:6379/1\n"


def test_what_is_counted_is_shared_by_all_workers(network, port):
    cache.add("asked", 0, 60)
    cache.incr("asked", 3)

    assert (keys(port), cache.get("asked")) == ({":1:asked"}, 3)


@pytest.mark.parametrize("outage", OUTAGES)
@pytest.mark.django_db
def test_without_it_staff_sign_in_and_passwords_cannot_be_guessed_all_the_same(network, client, outage):
    author = make_user(password=PASSWORD)
    getattr(network, outage)()

    assert sign_in(Client(), author.username).status_code == 302
    for _ in range(5):
        sign_in(client, author.username, "a guess")
    assert "Too many failed login attempts" in sign_in(client, author.username).text


@pytest.mark.parametrize("outage", OUTAGES)
@pytest.mark.django_db
def test_without_it_readers_report_errors_and_programs_ask(network, client, settings, monkeypatch, outage):
    settings.API_RATE = 20
    monkeypatch.setattr(limits, "counter", limits.Counter())
    # Within one minute, however long it takes.
    monkeypatch.setattr(limits, "time", SimpleNamespace(time=lambda: 90.0))
    getattr(network, outage)()

    assert [client.get("/api/v1/topics/").status_code for _ in range(25)] == [*[200] * 20, *[429] * 5]
    assert (send(client).status_code, ErrorReport.objects.count()) == (200, 1)


@pytest.mark.parametrize("outage", OUTAGES)
def test_it_is_shared_again_once_it_is_back(network, port, monkeypatch, outage):
    monkeypatch.setattr(caches, "PAUSE", 0)
    getattr(network, outage)()
    cache.set("meanwhile", 1)
    assert (keys(port), cache.get("meanwhile")) == (set(), 1)

    network.work()
    cache.set("afterwards", 1)

    assert keys(port) == {":1:afterwards"}
