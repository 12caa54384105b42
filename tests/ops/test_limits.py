"""That nobody takes the site away from its readers by being slow, large or many: its shipped settings, running."""

import re
import shutil
import socket
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.live import Site, Visitor, environment_of

# A hang guard. Where readers had to wait for those who are slow, they would wait for longer.
NOT_LONG = 10
TOKEN = "a" * 32
MEBIBYTE = 1024 * 1024
PAGE = "/topics/"


@pytest.fixture(scope="module")
def site(template, tmp_path_factory):
    data = tmp_path_factory.mktemp("limits") / "data"
    data.mkdir()
    shutil.copy(template, data / "register.sqlite3")
    with Site(environment_of(data)) as running:
        yield running


def connected(site) -> socket.socket:
    return socket.create_connection(("127.0.0.1", int(site.environment["PORT"])), timeout=NOT_LONG)


def head_of(line: str, *headers: str) -> bytes:
    return "\r\n".join([f"{line} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]).encode()


def post_of(path: str, *headers: str) -> bytes:
    """Forms are read before anybody knows who sends them."""
    form = "Content-Type: application/x-www-form-urlencoded"
    return head_of(f"POST {path}", form, f"Cookie: csrftoken={TOKEN}", *headers)


def status_of(connection) -> int:
    """What the answer begins with; 0 where there is none."""
    try:
        begun = connection.recv(64)
    except ConnectionError:
        return 0
    return int(begun.split()[1]) if begun else 0


def asked(site, request: bytes) -> int:
    with connected(site) as connection:
        # It may be refused before it has come in full.
        with suppress(ConnectionError):
            connection.sendall(request)
        return status_of(connection)


def readers_are_answered(site) -> bool:
    """By both workers, each of which takes new connections."""
    begun = time.monotonic()
    answers = {asked(site, head_of(f"GET {PAGE}", "Connection: close")) for _ in range(10)}
    return answers == {200} and time.monotonic() - begun < NOT_LONG


def memory(site) -> dict[str, float]:
    told = Visitor(site.url).get("/metrics").text
    found = re.findall(r'^cted_process_resident_memory_bytes\{process="(\S+)"\} (\S+)$', told, re.M)
    return {place: float(size) for place, size in found}


HALF = {
    "heads": head_of("GET /", "X-Slow: ")[:-4],
    "bodies of the sign-in": post_of("/accounts/login/", "Content-Length: 1000") + b"login=a",
    "bodies that no page takes": post_of(PAGE, "Content-Length: 1000") + b"x",
    "nothing": b"",
}


@pytest.mark.slow
@pytest.mark.parametrize(("sent", "count"), [(half, 500 if half in ("heads", "nothing") else 40) for half in HALF])
def test_those_who_send_half_of_something_hold_up_nobody(site, sent, count):
    with ExitStack() as open_ones:
        slow = [open_ones.enter_context(connected(site)) for _ in range(count)]
        for connection in slow:
            connection.sendall(HALF[sent])

        assert readers_are_answered(site)

    assert readers_are_answered(site)


@pytest.mark.slow
def test_a_connection_that_asks_nothing_is_closed(site):
    with connected(site) as connection:
        assert status_of(connection) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (head_of(f"GET {PAGE}", "X-Large: " + "a" * 300_000), 431),
        (head_of(f"GET {PAGE}", *(f"X-{number}: a" for number in range(10_000))), 431),
        (head_of(f"GET {PAGE}?{'a' * 100_000}"), 414),
    ],
    ids=["a large header", "many headers", "a long address"],
)
def test_a_head_that_is_too_large_is_refused(site, request_head, status):
    assert asked(site, request_head) == status
    assert readers_are_answered(site)


@pytest.mark.slow
def test_bodies_that_are_too_large_are_refused_and_not_kept(site):
    readers_are_answered(site)
    before = memory(site)
    assert set(before) == {"worker-0", "worker-1", "chores-0"}
    large = "x" * 100 * MEBIBYTE
    piece = f"{MEBIBYTE:x}\r\n{'x' * MEBIBYTE}\r\n"

    refused = {
        path: asked(site, post_of(path, f"Content-Length: {len(large)}") + large.encode())
        for path in ("/accounts/login/", "/admin/visits/document/ingest/", "/report/", PAGE)
    }
    in_pieces = asked(site, post_of("/accounts/login/", "Transfer-Encoding: chunked") + (piece * 100).encode())

    assert (set(refused.values()), in_pieces) == ({413}, 411)
    after = memory(site)
    assert {place for place, size in after.items() if size - before[place] > 30 * MEBIBYTE} == set()


@pytest.mark.slow
def test_what_goes_to_the_admin_is_taken_in_also_when_it_is_large_but_not_when_it_breaks_off(site):
    form = f"csrfmiddlewaretoken={TOKEN}&text={'x' * (2 * MEBIBYTE)}"
    whole = post_of("/admin/", f"Content-Length: {len(form)}") + form.encode()

    # Nobody is signed in: Django has read the form, found its token, and leads to the sign-in.
    assert asked(site, whole) == 302
    with connected(site) as connection:
        connection.sendall(whole[:-MEBIBYTE])
        connection.shutdown(socket.SHUT_WR)
        assert status_of(connection) == 400


@pytest.mark.slow
def test_what_all_workers_did_is_told_together(site):
    """Whichever of them is asked. Each request comes on a connection of its own, so that both get some."""
    counted = r'^cted_http_requests_total\{answered="(?:kept|made)",kind="data",method="read",status="200"\} (\S+)$'

    def told() -> float:
        return sum(map(float, re.findall(counted, Visitor(site.url).get("/metrics").text, re.M)))

    before = told()
    assert {Visitor(site.url).get("/data/").status for _ in range(40)} == {200}

    assert {told() for _ in range(6)} == {before + 40}
    files = sorted(path.name for path in (Path(site.environment["DATA_DIR"]) / "metrics").glob("*.lock"))
    assert files == ["chores-0.lock", "worker-0.lock", "worker-1.lock"]
    assert 'cted_chores_total{chore="publish_due",outcome="done"}' in Visitor(site.url).get("/metrics").text
