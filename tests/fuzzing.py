"""Asks every public address what nobody should ask, and judges each answer: no error of ours, nothing reflected.

    python -m tests.fuzzing [--requests N] [--seed S ...] [--only NUMBER]

N requests are shared out over the seeds. A request follows from its seed and its number: `--only` asks one again.
"""

import argparse
import gzip
import json
import logging
import os
import random
import re
import sys
import time
import traceback
import warnings
from collections import Counter
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import quote, unquote_to_bytes, urlencode, urlsplit
from uuid import UUID
from xml.etree import ElementTree

import django

from tests.hanging import Hung, patiently

# A hang guard, not a budget.
PATIENCE = 20
MARK = "x-fuzz-"
# Named in headers only: what makes addresses of them would tell it to the next reader too.
FORGED = "forged.example"
HOSTS = ("127.0.0.1", "127.0.0.1:8000", "localhost", "[::1]:8000")
FORGED_HOSTS = (FORGED, f"127.0.0.1@{FORGED}", f"{FORGED}:0", "127.0.0.1:x", "", "[::1", "127.0.0.1/..", f"<{FORGED}>")
METHODS = ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "G<T")
# Somewhere in most of them stands a markup that must not come back as markup; {n} is the number of the request.
TAG, ATTRIBUTE = "<x-fuzz-{n}>", 'x-fuzz-{n}="'
HOSTILE = (
    *(TAG, f'">{TAG}', f"'>{TAG}", f"-->{TAG}", f"]]>{TAG}", f"</script>{TAG}", f"</title>{TAG}", f"</textarea>{TAG}"),
    *(f'" {ATTRIBUTE}', "' x-fuzz-{n}='", "` x-fuzz-{n}=`", f"&lt;{TAG}", f"%3C{TAG}%253Cx-fuzz-{{n}}%253E"),
    *("javascript:x-fuzz-{n}", "data:text/html,<x-fuzz-{n}>", "//x-fuzz-{n}.example/", "https://x-fuzz-{n}.example/"),
    *("\\u003cx-fuzz-{n}\\u003e", "＜x-fuzz-{n}＞", "+ADw-x-fuzz-{n}+AD4-"),
    *('"', "'", "\\", "`", "&", "&&amp;", "&#60;", "%", "%%", "%s%n%d", "%(name)s", "{}", "{0.__class__}", "${7*7}"),
    *("{{{{ 7|add:7 }}}}<x-fuzz-{n}>", "{{% debug %}}", "{{{{ request.META }}}}", "<%= 7 %>", "#{{7}}"),
    *(
        "\x00",
        "a\x00b",
        f"\x00{TAG}",
        "\r\n",
        "x\r\nX-Fuzz: 1\r\n\r\n<x-fuzz-{n}>",
        "\n",
        "\r",
        "\t",
        "\x0b",
        "\x1b[31m",
    ),
    *("\x7f", "\x85", "\u2028", "\ufffe", "\uffff", "\ufeff", "\u202e<x-fuzz-{n}>", "\u200f", "e\u0301" * 50, "ﷺ"),
    *("زيارة", "访问", "\U0001f600" * 30, "\U0010ffff", "\u212a", "İ", "ß", "²", "٣", "¼", "１３７３"),
    *("-1", "0", "00", "1.5", "1e309", "NaN", "Infinity", "0x10", "1_000", "2147483648", "9223372036854775808"),
    *("9" * 30, "9" * 5000, "-" + "9" * 30, " 1 ", "+1", "1,2", "true", "null", "undefined", "None", "[]"),
    *("0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "2018-02-30", "2018-13-01", "2018-05-29T00:00:00+99:99"),
    *(
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2018-05-29T",
        "2018-W01-1",
        "0.0",
        "1.1",
        "9" * 20 + ".1",
    ),
    *(
        "../../../../etc/passwd",
        "..\\..\\win.ini",
        "/etc/passwd",
        "file:///etc/passwd",
        ".",
        "..",
        "%2e%2e%2f",
        "a/../b",
    ),
    *(
        "' OR '1'='1",
        "1; DROP TABLE visits_visit;--",
        "1) UNION SELECT 1--",
        "'; SELECT pg_sleep(30)--",
        "$$",
        "\\'; --",
    ),
    *(
        '"',
        '""',
        '"unclosed',
        "a AND",
        "NOT",
        "-",
        "--",
        "-a",
        "a NEAR/3 b",
        "a*",
        "*",
        "^a",
        "title:a",
        "(a",
        "a OR OR b",
    ),
    *('"a" "b" -"c"', "a" * 300, "a " * 100, '"' * 200, "-" * 200, "(" * 200, "a & b | !c <-> d", ":*", "%_%", "()"),
    *(
        "",
        " ",
        ",",
        ",,",
        "a,a",
        "*,*",
        "__all__",
        "pk",
        "visit__internal_notes",
        "password",
        "user__password__contains",
    ),
    *("none", "x" * 2000, "中" * 2000, "<" * 1000),
)
BAD_ESCAPES = ("%", "%zz", "%ff", "%fe%ff", "%c0%ae", "%c3%28", "%ed%a0%80", "%f4%90%80%80", "%u003c", "%00", "%0d%0a")
# What browsers may read as the beginning of another site.
ELSEWHERE = ("//", "///", "/%5C", "/%09/", "/fr//", "/ar/%5C", "%2f%2f", "/https://")
NAMES = (
    TAG,
    f'" {ATTRIBUTE}',
    "",
    "q[]",
    "topic[0][a]",
    "q[[[[",
    "__proto__",
    "topic__in",
    "TOPIC",
    "\x00",
    "о",
    "x" * 500,
)
HEADERS = {
    "HTTP_ACCEPT": ("*/*", "text/html", "application/json;q=0", "x" * 500, ";;;q=,", TAG, "text/csv, */*;q=9e9"),
    "HTTP_ACCEPT_LANGUAGE": ("fr", "ar;q=0.5, zh-hans", TAG, "x" * 2000, "*;q=x", "\xff"),
    "HTTP_ACCEPT_ENCODING": ("gzip", "br", "gzip;q=0", "identity;q=0, *;q=0", TAG),
    "HTTP_IF_NONE_MATCH": ("*", '"x"', 'W/"', "W/" * 500, TAG, '"a", "b', "\xff"),
    "HTTP_IF_MATCH": ("*", '"x"', TAG),
    "HTTP_IF_MODIFIED_SINCE": ("Thu, 01 Jan 1970 00:00:00 GMT", "Thu, 99 Foo 99999 99:99:99 GMT", TAG, "9" * 30),
    "HTTP_IF_UNMODIFIED_SINCE": ("Thu, 01 Jan 1970 00:00:00 GMT", TAG),
    "HTTP_RANGE": ("bytes=0-1", "bytes=-1", "bytes=9-1", "bytes=" + "0-," * 300, "bytes=99999999999999999999-", TAG),
    "HTTP_X_FORWARDED_HOST": (FORGED, TAG),
    "HTTP_X_FORWARDED_PROTO": ("https", "http", "javascript", TAG, "https, http"),
    "HTTP_X_FORWARDED_FOR": ("1.2.3.4", "::1, x", TAG, "9" * 500, ""),
    "HTTP_X_FORWARDED_PORT": ("1", "x", TAG),
    "HTTP_FORWARDED": (f"host={FORGED};proto=https", TAG),
    "HTTP_X_ORIGINAL_URL": ("/admin/", TAG),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE", TAG),
    "HTTP_REFERER": (f"https://{FORGED}/", TAG, "", "javascript:x-fuzz-{n}"),
    "HTTP_ORIGIN": (f"https://{FORGED}", "null", TAG),
    "HTTP_COOKIE": ("sessionid=x", "csrftoken=<x-fuzz-{n}>", "django_language=xx", "=;=;", "x" * 4000, "a=\xff"),
    "HTTP_USER_AGENT": (TAG, "", "x" * 4000, "{{{{ 7 }}}}"),
    "HTTP_AUTHORIZATION": ("Basic", "Basic eDp4", "Bearer x", "Token", TAG),
    "CONTENT_TYPE": ("application/json", "text/xml", "multipart/form-data", "multipart/form-data; boundary=", TAG, "x"),
    # Servers refuse what is no number before they hand it on.
    "CONTENT_LENGTH": ("", "0", "1", "9999999999"),
}
BODIES = (
    b"",
    b"{",
    b"[" * 5000,
    b"\xff\x00",
    b"--\r\n",
    b'<?xml version="1.0"?><!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>',
)


@dataclass(frozen=True)
class Request:
    number: int
    route: str
    target: str
    method: str = "GET"
    headers: dict = field(default_factory=dict)
    body: bytes = b""

    @property
    def path(self) -> str:
        """As WSGI servers hand it on."""
        return unquote_to_bytes(self.target.partition("?")[0]).decode("latin-1")

    def asked_of(self, browser):
        answer = browser.get(
            self.target,
            **{"REQUEST_METHOD": self.method, "PATH_INFO": self.path, "wsgi.input": BytesIO(self.body)} | self.headers,
        )
        if answer.content and answer.headers.get("Content-Encoding") == "gzip":
            return replace(answer, content=gzip.decompress(answer.content))
        return answer

    @property
    def host(self) -> str:
        return self.headers.get("HTTP_HOST", HOSTS[0])


class Universe:
    """What the register has now: its addresses, the parameters of each, real values for both."""

    def __init__(self):
        from tests import crawler
        from visits.catalogue.filters import VisitFilterSet
        from visits.catalogue.universe import StateFilterSet
        from visits.models import Body, Country, Finding, Resolution, Topic, Visit
        from visits.opendata.exports import FLAVOUR, FLAVOURS
        from visits.opendata.tables import FINDINGS, VISITS

        self.in_language = crawler.in_language
        self.routes = sorted(
            {route for route in crawler.routes() if not route.text.startswith(("/admin/", "/accounts/"))},
            key=lambda route: route.text,
        )
        slugs = sorted(Visit.objects.exclude(slug=None).values_list("slug", flat=True))
        keys = {
            "country": sorted(key.lower() for key in Country.objects.values_list("iso3", flat=True)),
            "topic": sorted(Topic.objects.values_list("slug", flat=True)),
            "resolution": sorted(Resolution.objects.values_list("number", flat=True)),
            "body": sorted(Body.objects.values_list("slug", flat=True)),
        }
        uids = sorted(str(uid) for uid in Finding.objects.values_list("uid", flat=True))
        self.in_path = {"slug": slugs, "number": [1, 2, 3], "share": [0, 1], "uid": uids, "name": ["SHA256SUMS"]}
        self.keys = keys
        values = {
            name: [str(value) for value, _label in getattr(filtering.field, "choices", ()) if value]
            for filters in (StateFilterSet, VisitFilterSet)
            for name, filtering in filters(data={}).filters.items()
        }
        columns = [column.name for table in (VISITS, FINDINGS) for column in table]
        days = ["2001-01-01", "2010-06-30", "2018-05-29", "2019-03-31"]
        values |= {"q": ["border", '"Security Council"', "Denmark -airport", "граница", *slugs], "fields": columns}
        values |= {"from": days, "to": days, "as_of": days, "year": [str(year) for year in range(1999, 2025)]}
        values |= {"page": ["1", "2", "3"], "page_size": ["1", "50", "100"], FLAVOUR: list(FLAVOURS)}
        self.values = values | {
            "visit": slugs,
            "since": ["2018-01-01", "2018-01-01T00:00:00Z", ""],
            "about": ["/visits/"],
        }
        self.parameters = {
            "countries": list(StateFilterSet.base_filters),
            "report": ["about", "text", "email", "token"],
        }
        self.parameters |= self.described()
        self.otherwise = [*VisitFilterSet.base_filters, "fields", FLAVOUR]

    def described(self) -> dict[str, list[str]]:
        """The parameters of the API, and the values that its description gives them."""
        from django.conf import settings
        from django.urls import resolve

        told = json.loads((settings.BASE_DIR / "docs" / "openapi.json").read_text())
        parameters = {}
        for path, methods in told["paths"].items():
            asked = [each for each in methods["get"].get("parameters", ()) if each["in"] == "query"]
            filled = re.sub(
                r"\{(slug|key|uid|number)\}", lambda name: str(UUID(int=1)) if name[1] == "uid" else "1", path
            )
            parameters[resolve(told["servers"][0]["url"] + filled).url_name] = [each["name"] for each in asked]
            for each in asked:
                schema = each["schema"]
                known = self.values.setdefault(each["name"], [])
                known += [value for value in schema.get("items", schema).get("enum", ()) if value not in known]
        return parameters

    def request(self, seed: int, number: int) -> Request:
        chance = random.Random(f"{seed}:{number}")  # noqa: S311
        route = self.routes[number % len(self.routes)]
        return Asking(self, chance, number, route).request()


class Asking:
    """One request in the making."""

    def __init__(self, universe: Universe, chance: random.Random, number: int, route):
        self.universe, self.chance, self.number, self.route = universe, chance, number, route
        # Where one value is refused, nobody reads the others: in some requests they are all real.
        self.is_tame = self.often(0.3)

    def often(self, share: float) -> bool:
        return self.chance.random() < share

    def is_wild(self, share: float) -> bool:
        return not self.is_tame and self.often(share)

    def hostile(self, values=HOSTILE) -> str:
        value = self.chance.choice(values)
        return value.replace("{n}", str(self.number)).replace("{{", "{").replace("}}", "}")

    def escaped(self, value: str) -> str:
        """Percent-escapes, sometimes those of no text at all, sometimes none."""
        if self.is_wild(0.05):
            return quote(value, safe="") + self.chance.choice(BAD_ESCAPES)
        if self.is_wild(0.05):
            return re.sub(r"[\s#?&\x00-\x1f\x7f]", "", value).encode().decode("latin-1")
        return quote(value, safe="")

    def path(self) -> str:
        filled = {}
        for name in self.route.parameters:
            kind = self.route.name.removeprefix("api-")
            known = self.universe.in_path.get(name) or self.universe.keys.get(kind) or ["1"]
            filled[name] = self.escaped(self.hostile() if self.is_wild(0.25) else str(self.chance.choice(known)))
        path = self.route.fill(filled)
        if self.often(0.5):
            path = self.universe.in_language(path, self.chance.choice(("ar", "zh-hans", "fr", "ru", "es", "xx")))
        return self.bent(path) if self.is_wild(0.1) else path

    def bent(self, path: str) -> str:
        """Below, beside or around what is known."""
        path, separator, query = path.partition("?")
        bent = self.chance.choice(
            (
                lambda: f"{path}{self.escaped(self.hostile())}",
                lambda: f"{path}/{self.escaped(self.hostile())}/",
                lambda: path.rstrip("/") or "/",
                lambda: f"{self.chance.choice(ELSEWHERE)}{MARK}{self.number}.example{path}",
                lambda: f"/static/..{path}",
                lambda: path.upper(),
                lambda: path.replace("/", "//"),
                lambda: f"{path}%2e%2e/%2e%2e/etc/passwd",
                lambda: f"{path}{self.chance.choice(BAD_ESCAPES)}",
                lambda: path + "a/" * 500,
            )
        )()
        return bent + separator + query

    def pairs(self) -> list[str]:
        names = self.universe.parameters.get(self.route.name, self.universe.otherwise) or ["lang"]
        found = []
        for _each in range(self.chance.choice((0, 1, 1, 2, 3, 6))):
            name = (
                self.chance.choice(names) if not self.is_wild(0.1) else self.chance.choice(list(self.universe.values))
            )
            known = self.universe.values.get(name)
            value = self.chance.choice(known) if known and not self.is_wild(0.5) else self.hostile()
            name = self.hostile(NAMES) if self.is_wild(0.05) else name
            times = self.chance.choice((2, 2, 3, 300)) if self.often(0.05) else 1
            found += [f"{quote(name, safe='')}={self.escaped(value)}"] * times
        if self.is_wild(0.02):
            found.append(self.chance.choice(("&&&", "=", "=&=", ";", "a", "%", "?", "q", "topic")))
        if self.often(0.0005):
            found += ["a=1"] * 10_001
        return found

    def request(self) -> Request:
        target, pairs = self.path(), self.pairs()
        if pairs:
            target += ("&" if "?" in target else "?") + "&".join(pairs)
        method = self.chance.choice(METHODS) if self.often(0.15) else "GET"
        if self.route.name == "report" and self.often(0.5):
            method = "POST"
        headers = {}
        for _each in range(self.chance.choice((0, 0, 1, 2, 4))):
            name = self.chance.choice(list(HEADERS))
            headers[name] = self.hostile(HEADERS[name])
        if self.often(0.1):
            headers["HTTP_HOST"] = self.chance.choice(HOSTS)
        elif self.often(0.05):
            headers["HTTP_HOST"] = self.chance.choice(FORGED_HOSTS)
        body = b""
        if method not in ("GET", "HEAD"):
            body = self.sent(headers)
            headers.setdefault("CONTENT_LENGTH", str(len(body)))
        return Request(self.number, self.route.name, target, method, headers, body)

    def sent(self, headers: dict) -> bytes:
        if self.often(0.3):
            return self.chance.choice(BODIES)
        # A form as a browser sends it, from one of many addresses, or limits would answer for the form.
        token = "a" * 32
        headers |= {"HTTP_COOKIE": f"csrftoken={token}", "CONTENT_TYPE": "application/x-www-form-urlencoded"}
        headers["REMOTE_ADDR"] = f"10.{self.number >> 16 & 255}.{self.number >> 8 & 255}.{self.number & 255}"
        typed = {name: self.hostile() for name in ("about", "text", "source", "email", "homepage", "token")}
        real = {"about": "/visits/", "text": "It was 2006.", "email": "r@example.org", "homepage": ""}
        typed |= {name: value for name, value in real.items() if self.often(0.7)}
        return urlencode(typed | {"csrfmiddlewaretoken": token}).encode()


AWAY = re.compile(rf"javascript:|data:text|[/\\][\t\r\n]*[/\\]|https?://{MARK}")


class Markup(HTMLParser):
    """Finds what somebody else's markup has become a part of."""

    ADDRESSES = ("href", "src", "action", "formaction")

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if MARK in tag or any(MARK in name for name, _value in attributes):
            self.found.append(self.get_starttag_text())
        for name, value in attributes:
            begun = (value or "").strip().lower()
            if name in self.ADDRESSES and AWAY.match(begun):
                self.found.append(self.get_starttag_text())


def wrong(request: Request, answer) -> list[str]:
    """What is not as promised."""
    body, media = answer.body, answer.headers.get("Content-Type", "").partition(";")[0]
    found = []
    # It says that the register is not ready, which is its business: nothing was ever backed up here, for one.
    if answer.status >= 500 and (request.route, answer.status) != ("readyz", 503):
        found.append("an error of ours")
    if media.endswith(("html", "xml")) and f"<{MARK}" in body:
        found.append("markup is reflected")
    if media == "text/html" and MARK in body:
        markup = Markup()
        markup.feed(body)
        found += [f"becomes a part of the page: {tag}" for tag in markup.found]
    if media.endswith("xml") and body and answer.status == 200:
        found += not_well_formed(answer.content)
    if MARK in body and answer.headers.get("X-Content-Type-Options") != "nosniff":
        found.append("a browser may take it for something else")
    for name, value in answer.headers.items():
        if re.search(r"[\r\n\x00]", name + str(value)) or f"<{MARK}" in str(value):
            found.append(f"the header {name} holds what was sent: {value!r}")
    location = urlsplit(answer.headers.get("Location", ""))
    if location.netloc not in ("", request.host) or location.scheme not in ("", "http", "https"):
        found.append(f"leads away: {answer.headers['Location']}")
    if FORGED in answer.everything:
        found.append("takes its own name from a header")
    # Of a range or a condition that cannot be met the header says all.
    if (
        answer.status >= 400
        and answer.status not in (412, 416)
        and is_for_programs(request)
        and media != "application/problem+json"
    ):
        found.append(f"refuses a program with {media or 'nothing'}")
    return found


def not_well_formed(content: bytes) -> list[str]:
    try:
        ElementTree.fromstring(content)  # noqa: S314
    except ElementTree.ParseError as error:
        return [f"is not XML: {error}"]
    return []


def is_for_programs(request: Request) -> bool:
    """Whether the address is one of the API or of a file."""
    from django.urls import Resolver404, resolve

    path = request.path.encode("latin-1").decode("utf-8", "replace")
    try:
        name = resolve(path).url_name or ""
    except Resolver404:
        return path.startswith("/api/")
    # A page for people.
    if name == "api-docs":
        return False
    named = name.startswith("api") or "." in name or name in ("catalog", "bundle")
    # Whoever asks for another site is refused before anybody knows what was asked for.
    return named and (request.host in HOSTS or path.startswith("/api/"))


class Fuzzing:
    """Asks, judges and counts."""

    def __init__(self):
        from tests.crawler import Browser

        self.universe, self.browser = Universe(), Browser()
        self.outcomes, self.failures = Counter(), []

    def run(self, seed: int, numbers) -> None:
        from django.core.signals import got_request_exception

        raised = []

        def remember(**_signal):
            raised.append(traceback.format_exc())

        got_request_exception.connect(remember)
        try:
            for number in numbers:
                raised.clear()
                self.ask(seed, number, raised)
        finally:
            got_request_exception.disconnect(remember)

    def ask(self, seed: int, number: int, raised: list[str]) -> None:
        request = self.universe.request(seed, number)
        try:
            with patiently(PATIENCE):
                answer = request.asked_of(self.browser)
        except (Exception, Hung) as error:
            kind = "hung" if isinstance(error, Hung) else "raised"
            self.outcomes[request.route, kind] += 1
            self.failures.append(report(seed, request, kind, traceback.format_exc()))
            return
        self.outcomes[request.route, answer.status] += 1
        if found := wrong(request, answer):
            told = "\n".join([f"{answer.status} {answer.headers}", answer.body[:1500], *raised])
            self.failures.append(report(seed, request, "; ".join(found), told))

    def figures(self) -> str:
        """Requests by route and outcome."""
        kinds = sorted({kind for _route, kind in self.outcomes}, key=str)
        routes = sorted({route for route, _kind in self.outcomes})
        rows = [("route", *kinds, "all")]
        rows += [
            (route, *(self.outcomes[route, kind] for kind in kinds), self.total(lambda r, _k, it=route: r == it))
            for route in routes
        ]
        rows.append(("all", *(self.total(lambda _r, k, it=kind: k == it) for kind in kinds), self.outcomes.total()))
        return "\n".join(f"{row[0]:<22}" + "".join(f"{cell:>8}" for cell in row[1:]) for row in rows)

    def total(self, counts) -> int:
        return sum(number for (route, kind), number in self.outcomes.items() if counts(route, kind))


def report(seed: int, request: Request, what: str, told: str) -> str:
    again = f"python -m tests.fuzzing --seed {seed} --only {request.number}"
    sent = f"{request.method} {request.target}\n  {request.headers}\n  {request.body!r}"
    return f"{what}\n  {again}\n  {sent}\n{told}\n"


def fill():
    """The small register with a row in every table, and its data package."""
    from django.conf import settings

    from tests.populated import populate
    from visits.opendata import bundle

    populate()
    bundle.build(settings.BUNDLE_DIR)


def prepare():
    """An empty database of this process, then filled."""
    from django.core.management import call_command

    from visits.ops.preparing import compile_catalogues

    compile_catalogues()
    call_command("migrate", verbosity=0)
    call_command("createcachetable")
    fill()


def main(arguments=None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--seed", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--only", type=int)
    asked = parser.parse_args(arguments)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    prepare()
    logging.disable()
    fuzzing, begun = Fuzzing(), time.monotonic()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for index, seed in enumerate(asked.seed):
            share = len(range(index, asked.requests, len(asked.seed)))
            fuzzing.run(seed, range(share) if asked.only is None else [asked.only])
    print("\n".join(fuzzing.failures[:20]))  # noqa: T201
    print(fuzzing.figures())  # noqa: T201
    took = time.monotonic() - begun
    print(  # noqa: T201
        f"{fuzzing.outcomes.total()} requests, seeds {asked.seed}, {took:.0f} seconds, {len(fuzzing.failures)} failures"
    )
    return bool(fuzzing.failures)


if __name__ == "__main__":
    sys.exit(main())
