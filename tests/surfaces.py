"""Everything the public can ask, as the URL configuration has it and as the register stands, and what it answers."""

import gzip
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from itertools import cycle, product
from uuid import UUID

from django.conf import settings

from tests import decoding
from tests.crawler import Answer, Browser, Route, in_language, routes
from visits.models import Body, Country, Edition, Finding, Resolution, Topic, User, Visit
from visits.opendata import bundle
from visits.opendata.api.shapes import EXPANDED

LANGUAGES = [code for code, _name in settings.LANGUAGES]
OTHER_LANGUAGES = [code for code in LANGUAGES if code != settings.LANGUAGE_CODE]
STAFF = ("/admin/", "/accounts/")
NOTHING = {"slug": "nowhere-1999", "number": 9, "uid": UUID(int=1), "share": 0}
# Where a list is asked for by the filters of visits.
LISTS = ("visits", "findings", "statistics", "corrections", "use-visits", "use-findings", "countries", "facets")
QUERIES = (
    *("topic=border-management", "country=dnk&country=nor&country=fin", "body=wco", "resolution=1373", "year=2018"),
    *("from=2018-01-01&to=2018-12-31", "as_of=2018-01-01", "sort=country&page_size=100", "q=visit", "finding=none"),
    # Refused.
    *("topic=border-managemnt", "nonsense=1", "page=99", "flavour=spreadsheet"),
)
PACKAGE = "/data/"
MADE_AT = re.compile(rb"<dcterms:(created|modified).*?</dcterms:")


@dataclass(frozen=True)
class Surface:
    """`name`: what the URL configuration calls it."""

    name: str
    language: str
    address: str
    method: str = "GET"

    @property
    def is_public(self) -> bool:
        return not self.address.startswith(STAFF)

    def __str__(self):
        return f"{self.method} {self.address}"


def surfaces(near: Iterable[str] = ()) -> list[Surface]:
    """Every pattern filled with everything that the register has for it; one that cannot be filled fails.

    `near`: what nobody may be helped to find by asking for something like it.
    """
    bundle.build(settings.BUNDLE_DIR)
    every, missing = [], []
    examples = Examples()
    for route in routes():
        known = examples.of(route)
        if known:
            every += of_route(route, known)
        else:
            missing.append(route)
    assert not missing, f"These patterns have no example for the crawler: {missing}"
    return list(dict.fromkeys([*every, *of_api(examples), *refused(near)]))


class Examples:
    """What fills the parameters of patterns: what there is, and for each pattern once what there is not."""

    def __init__(self):
        numbered = Edition.objects.order_by("visit__slug", "number").exclude(number=None)
        self.editions = [{"slug": slug, "number": n} for slug, n in numbered.values_list("visit__slug", "number")]
        slugs = [*Visit.objects.exclude(slug=None).order_by("slug").values_list("slug", flat=True)]
        hidden = Edition.objects.filter(number=None).first() or Edition.objects.first()
        self.by_name = {
            "slug": slugs,
            "uid": [*dict.fromkeys(Finding.objects.order_by("pk").values_list("uid", flat=True))],
            "name": sorted(path.name for path in settings.BUNDLE_DIR.iterdir()),
            "share": [1],
            "object_id": [hidden.pk],
            "pk": [hidden.pk],
            "id": [User.objects.first().pk],
            "content_type_id": [1],
            "app_label": ["visits"],
            "url": ["nothing"],
            "verb": ["publish"],
            "language": ["fr"],
            "format": ["csv", "xlsx"],
        }
        self.keys = {
            "country": [*map(str.lower, Country.objects.values_list("iso3", flat=True))],
            "topic": [*Topic.objects.values_list("slug", flat=True)],
            "resolution": [*Resolution.objects.values_list("number", flat=True)],
            "body": [*Body.objects.values_list("slug", flat=True)],
        }

    def of(self, route: Route) -> list[dict] | None:
        """None where nothing is known of a parameter."""
        if route.parameters == ("slug", "number"):
            return self.editions
        keys = self.keys.get(route.name.removeprefix("api-"))
        known = [keys if name == "key" else self.by_name.get(name) for name in route.parameters]
        if None in known:
            return None
        return [dict(zip(route.parameters, values, strict=True)) for values in product(*known)]


def of_route(route: Route, examples: list[dict]) -> Iterator[Surface]:
    name = route.name or route.text
    addresses = [route.fill(values) for values in examples]
    for address in addresses:
        yield Surface(name, settings.LANGUAGE_CODE, address)
        if route.in_languages:
            yield from (Surface(name, code, address_in(code, address)) for code in OTHER_LANGUAGES)
    if route.text.startswith(STAFF):
        return
    yield from (Surface(name, settings.LANGUAGE_CODE, addresses[0], method) for method in ("HEAD", "OPTIONS", "POST"))
    if route.parameters:
        nothing = {parameter: NOTHING.get(parameter, "nothing") for parameter in route.parameters}
        yield Surface("refused", settings.LANGUAGE_CODE, route.fill(nothing))
    elif name.removeprefix("api-").partition(".")[0] in LISTS:
        for query, code in [*product(QUERIES[:1], LANGUAGES), *zip(QUERIES[1:], cycle(LANGUAGES), strict=False)]:
            yield Surface(name, code, address_in(code, f"{route.text}?{query}"))


def address_in(code: str, address: str) -> str:
    return address if code == settings.LANGUAGE_CODE else in_language(address, code)


def of_api(examples: Examples) -> Iterator[Surface]:
    """What is asked of programs' own parameters, and what the search box offers of the terms."""
    today, whole = datetime.now(UTC).date(), f"visits/?expand={','.join(EXPANDED)}"
    questions = [
        *(f"visits/?expand={part}" for part in EXPANDED),
        *(f"visits/?as_of={today}&expand=findings,links,documents", "visits/?fields=slug,title"),
        *(f"editions/?visit={slug}" for slug in examples.by_name["slug"]),
        *("facets/?year=2018", "changes/?page_size=1000", "changes/?since=2018-01-01"),
    ]
    asked = [*zip(questions, cycle(LANGUAGES), strict=False), *product([whole], LANGUAGES)]
    for question, code in asked:
        yield Surface(f"api-{question.partition('/')[0]}", code, address_in(code, f"/api/v1/{question}"))
    for term, code in product(("topic", "body", "subject"), LANGUAGES):
        yield Surface("suggestions", code, address_in(code, f"/suggestions/?q={term}"))


def refused(near: Iterable[str]) -> Iterator[Surface]:
    """Nothing, and what is like something that is hidden."""
    for nothing in ("/nothing/", "/fr/nothing/", "/api/v1/nothing/", "/visits/%00/", "/visits/nowhere-1999.pdf"):
        yield Surface("refused", "en", nothing)
    for word in near:
        for place in ("/suggestions/?q=", "/visits/?q=", "/ar/visits/?topic=", "/visits.json?body=", "/findings/?q="):
            yield Surface("refused", "en", f"{place}{word}")
        for place in ("visits/?country=", "facets/?q=", "editions/?visit=", "visits/", "topics/", "bodies/"):
            yield Surface("refused", "en", f"/api/v1/{place}{word}{'' if '?' in place else '/'}")
        for place in ("/visits/", "/topics/", "/bodies/", "/data/bundle/", "/"):
            yield Surface("refused", "en", f"{place}{word}")


@dataclass
class Crawl:
    """What the public was told, at each surface: as it was made, and as it was kept for the next who asks.

    `texts` are searched for in every reading of it.
    """

    texts: set[str]
    browser: Browser = field(default_factory=lambda: Browser(max_bytes=1 << 30))
    answers: dict[Surface, Answer] = field(default_factory=dict)
    held: dict[Surface, set[str]] = field(default_factory=dict)
    asked: int = 0

    def __post_init__(self):
        self.known: dict[bytes, set[str]] = {}

    def of(self, every: Iterable[Surface]) -> "Crawl":
        for surface in every:
            made = self.answers[surface] = self.ask(surface)
            self.held[surface] = self.search(made)
            if made.headers.get("ETag", "").startswith("W/"):
                kept = self.ask(surface, HTTP_ACCEPT_ENCODING="gzip")
                self.held[surface] |= self.search(kept)
                assert unpacked(kept) == made.content, f"{surface} was kept as something else."
        return self

    def ask(self, surface: Surface, **headers) -> Answer:
        self.asked += 1
        return self.browser.get(surface.address, REQUEST_METHOD=surface.method, **headers)

    def search(self, answer: Answer) -> set[str]:
        headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items()).encode()
        return set().union(*map(self.search_in, (answer.content, headers)))

    def search_in(self, content: bytes) -> set[str]:
        key = sha256(content).digest()
        if key not in self.known:
            self.known[key] = decoding.found(self.texts, content)
        return self.known[key]

    @property
    def seen(self) -> set[str]:
        return set().union(*self.held.values())

    def where(self, texts: set[str]) -> list[str]:
        """Which of these were told, on how many surfaces, and on which ones first: what is to be empty."""
        told = defaultdict(list)
        for surface, held in self.held.items():
            for text in held & texts:
                told[text].append(str(surface))
        return [f"{text}: {len(places)} surfaces, as {', '.join(places[:3])}" for text, places in sorted(told.items())]

    def differing(self, other: "Crawl") -> set[tuple[str, str, str]]:
        """What the public was told otherwise the other time, of what it asked both times: surface, address, part."""
        return {
            (surface.name, str(surface), name)
            for surface, answer in self.answers.items()
            if surface.is_public
            for name, _value in parts(answer) ^ parts(other.answers[surface])
            # The number of the request, which each answer has for itself.
            if name.lower() != "x-request-id"
        }

    def matrix(self) -> dict[tuple[str, str], int]:
        """By public surface and language: how many of the texts are told there."""
        told = defaultdict(set)
        for surface, held in self.held.items():
            if surface.is_public:
                told[surface.name, surface.language] |= held
        return {place: len(texts) for place, texts in told.items()}

    def figures(self, texts: set[str]) -> str:
        leaks = sum(len(held & texts) for held in self.held.values())
        return f"{len(texts)} texts × {len(self.answers)} surfaces ({self.asked} answers): {leaks} found"


def unpacked(answer: Answer) -> bytes:
    is_packed = answer.headers.get("Content-Encoding") == "gzip"
    return gzip.decompress(answer.content) if is_packed else answer.content


def parts(answer: Answer) -> set[tuple[str, object]]:
    """What can differ."""
    return {("status", answer.status), ("content", told(answer)), *answer.headers.items()}


def told(answer: Answer) -> bytes:
    """What it says, but for when archives, workbooks being some, note that they were made."""
    return MADE_AT.sub(b"", b"\n".join(decoding.unpacked(answer.content)))
