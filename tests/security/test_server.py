"""What the real server answers to what no browser sends, set up as behind a proxy that speaks HTTPS."""

import re
import socket
import sqlite3
from contextlib import closing
from functools import partial
from importlib.metadata import distributions

import pytest

from bench.server import django_server
from tests.live import PATIENCE

pytestmark = pytest.mark.slow

HOST, HTTPS = "Host: visits.example.org", "X-Forwarded-Proto: https"
FORM = "Content-Type: application/x-www-form-urlencoded"


def ask(port: int, *lines: str, body: str = "") -> tuple[int, dict[str, list[str]], str]:
    """Status, headers by their name in small letters, and body of what is answered to these very lines."""
    asked = "\r\n".join([*lines, "Connection: close", "", body])
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(asked.encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode()
    head, _, text = answer.partition("\r\n\r\n")
    status, *fields = head.split("\r\n")
    headers = {}
    for name, value in (field.split(": ", 1) for field in fields):
        headers.setdefault(name.lower(), []).append(value)
    return int(status.split()[1]), headers, text


@pytest.fixture(scope="module")
def asking(tmp_path_factory):
    """Asks the server with the options that it is shipped with, on a database that holds a generation and nothing
    else."""
    database = tmp_path_factory.mktemp("server") / "register.sqlite3"
    with closing(sqlite3.connect(database)) as made, made:
        made.execute("CREATE TABLE visits_generation (id, n)")
    environment = {
        "TEST_DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "ALLOWED_HOSTS": "visits.example.org",
        "HTTPS": "1",
    }
    with django_server("cted.wsgi:application", environment) as server, server.log:
        yield partial(ask, server.port)


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        *((["POST /report/ HTTP/1.1", HOST, HTTPS, FORM, f"Content-Length: {length}"], "about=x") for length in
          ("many", "-1", "+7", "0x7", "7.0", "7, 7", "9" * 30)),
        (["POST /report/ HTTP/1.1", HOST, HTTPS, FORM, "Content-Length: 7", "Content-Length: 8"], "about=x"),
        (["GET /visits/ HTTP/1.1", HTTPS, "X-Line: a\x00b", HOST], ""),
        (["GET /visits/ HTTP/1.1", HTTPS, "X-Line: a", " folded", HOST], ""),
        (["GET /visits/ HTTP/1.1", HTTPS, "Host: evil.example"], ""),
        (["GET /visits/ HTTP/1.1", HTTPS, "Host: evil.example", HOST], ""),
        (["GET /visits/ HTTP/1.1", HTTPS, HOST, "Host: evil.example"], ""),
        (["GET /visits/ HTTP/1.1", HTTPS, "Host: visits.example.org@evil.example"], ""),
        (["GET /visits/ HTTP/1.1", HTTPS, "Host: visits.example.org.evil.example"], ""),
        (["GET /visits/ HTTP/1.1", HTTPS, "Host: evil.example", "X-Forwarded-Host: visits.example.org"], ""),
        (["GET /visits/ HTTP/1.1", HTTPS], ""),
        (["NONSENSE"], ""),
    ],
)  # fmt: skip
def test_what_no_browser_sends_is_refused_and_is_no_error_of_ours(asking, lines, body):
    status, headers, text = asking(*lines, body=body)

    assert status == 400
    assert "evil.example" not in f"{headers}{text}"


@pytest.mark.parametrize("length", [[], ["Content-Length: 7"], ["Content-Length: 17"]])
@pytest.mark.parametrize("piece", ["7", "ZZ", "8"])
def test_a_body_in_pieces_is_refused_whatever_it_is_said_to_be(asking, length, piece):
    lines = ["POST /report/ HTTP/1.1", HOST, HTTPS, FORM, *length, "Transfer-Encoding: chunked"]

    status, _headers, _text = asking(*lines, body=f"{piece}\r\nabout=x\r\n0\r\n\r\n")

    assert status == 411


def test_of_the_host_in_the_request_line_nothing_comes_back(asking):
    status, headers, text = asking("GET https://evil.example/nowhere/ HTTP/1.1", HOST, HTTPS)

    assert status == 404
    assert "evil.example" not in f"{headers}{text}"


ASKED = [
    ["GET /healthz HTTP/1.1", HOST],
    ["GET /nowhere/ HTTP/1.1", HOST, HTTPS],
    ["GET /visits/ HTTP/1.1", HOST],
    ["GET /accounts/login/ HTTP/1.1", HOST, HTTPS],
    ["GET /static/css/base.css HTTP/1.1", HOST, HTTPS],
    ["GET /visits/ HTTP/1.1", "Host: evil.example"],
    ["TRACE / HTTP/1.1", HOST, HTTPS],
    ["NONSENSE"],
]


@pytest.mark.parametrize("lines", ASKED, ids=lambda lines: lines[0])
def test_no_answer_says_in_which_version_anything_runs_here(asking, lines):
    _status, headers, text = asking(*lines)

    # The server gives its name where no proxy puts its own in place of it.
    assert headers.keys().isdisjoint({"x-powered-by", "via", "x-runtime", "x-generator"})
    assert headers.get("server", ["granian"]) == ["granian"]
    versions = [each.version for each in distributions() if each.version.count(".") > 1]
    said = f"{headers}{text}"
    assert [version for version in versions if re.search(rf"(?<![\w.]){re.escape(version)}(?![\w.])", said)] == []
    assert "Traceback" not in text
    assert 'name="generator"' not in text


def test_over_https_browsers_are_told_to_stay_there(asking):
    for lines in (ASKED[1], ASKED[3]):
        _status, headers, _text = asking(*lines)
        assert headers["strict-transport-security"] == ["max-age=31536000"]


def test_what_comes_unencrypted_is_led_to_https_and_nowhere_else(asking):
    asked = [
        ["GET /visits/?q=a HTTP/1.1", HOST],
        ["GET /visits/?q=a HTTP/1.1", HOST, "X-Forwarded-Proto: http"],
        ["GET /visits/?q=a HTTP/1.1", HOST, "X-Forwarded-Proto: http, https"],
        ["GET /visits/?q=a HTTP/1.1", HOST, "X-Forwarded-Proto: http", "X-Forwarded-Host: evil.example"],
    ]
    for lines in asked:
        status, headers, _text = asking(*lines)
        assert (status, headers["location"]) == (301, ["https://visits.example.org/visits/?q=a"])


def test_cookies_are_for_https_and_this_site_alone(asking):
    _status, headers, _text = asking("GET /accounts/login/ HTTP/1.1", HOST, HTTPS)

    (cookie,) = headers["set-cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert "Domain=" not in cookie
