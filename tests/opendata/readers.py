"""Reads every format by somebody else's program, as those who follow the register do."""

import json
from collections.abc import Iterator
from pathlib import Path

import bibtexparser
import feedparser
import rispy
from bibtexparser.middlewares import LatexDecodingMiddleware
from icalendar import Calendar
from lxml import etree
from pylatexenc.latex2text import LatexNodes2Text, MacroTextSpec, get_default_latex_context_db

from tests.crawler import Browser

# What LaTeX has for characters that mean something to it, and pylatexenc does not know or takes for another one.
TEX = get_default_latex_context_db()
TEX.add_context_category(
    "text",
    prepend=True,
    macros=[
        MacroTextSpec("textbraceleft", "{"),
        MacroTextSpec("textbraceright", "}"),
        MacroTextSpec("textasciicircum", "^"),
    ],
)
ORIGIN = "http://127.0.0.1"
ATOM = "{http://www.w3.org/2005/Atom}"
TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}"
GRAMMAR = etree.RelaxNG(etree.parse(Path(__file__).with_name("atom.rng")))


def fetched(browser: Browser, address: str, content_type: str) -> str:
    answer = browser.get(address)
    assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (200, content_type), answer.body
    return answer.body


def asked(route: str, query: str) -> str:
    return f"/{route}?{query}" if query else f"/{route}"


def slug_in(address: str) -> str:
    """The slug in the address of the page of a visit or of one of its editions."""
    path = address.removeprefix(ORIGIN).split("/")
    return path[path.index("visits") + 1]


# Atom


def feed(browser: Browser, address: str):
    """One page of a feed, as feedparser and the grammar of Atom want it."""
    body = fetched(browser, address, "application/atom+xml").encode()
    GRAMMAR.assertValid(etree.fromstring(body))
    read = feedparser.parse(body)
    assert (read.bozo, read.version) == (False, "atom10")
    return read


def tombstones(browser: Browser, address: str) -> list[dict]:
    """What a page of a feed says was withdrawn."""
    root = etree.fromstring(fetched(browser, address, "application/atom+xml").encode())
    return [
        {"ref": gone.get("ref"), "when": gone.get("when"), "comment": gone.findtext(f"{TOMBSTONE}comment")}
        for gone in root.iter(f"{TOMBSTONE}deleted-entry")
    ]


def relation(page, name: str) -> str:
    """Where that link of a page of a feed leads, below the origin."""
    return next((link.href.removeprefix(ORIGIN) for link in page.feed.links if link.rel == name), "")


def feed_pages(browser: Browser, address: str) -> Iterator:
    while address:
        page = feed(browser, address)
        yield page
        address = relation(page, "next")


def atom(browser: Browser, query: str = "", language: str = "") -> list[str]:
    """The slugs of all pages of a feed."""
    pages = feed_pages(browser, asked(f"{language}visits.atom", query))
    return [slug_in(entry.link) for page in pages for entry in page.entries]


# iCalendar


def calendar(browser: Browser, address: str) -> list:
    """What a calendar holds, cancelled or not."""
    return Calendar.from_ical(fetched(browser, address, "text/calendar")).subcomponents


def is_cancelled(component) -> bool:
    return component.get("STATUS") == "CANCELLED"


def ics(browser: Browser, query: str = "", language: str = "") -> list[str]:
    components = calendar(browser, asked(f"{language}visits.ics", query))
    visits = [part for part in components if part.name in ("VEVENT", "VJOURNAL") and not is_cancelled(part)]
    # Each dated part of a visit is a component.
    return list(dict.fromkeys(slug_in(part["URL"]) for part in visits))


# Citations


def ris_entries(browser: Browser, address: str) -> list[dict]:
    body = fetched(browser, address, "application/x-research-info-systems")
    return rispy.loads(body.replace("\r\n", "\n"))


def ris(browser: Browser, query: str = "", language: str = "") -> list[str]:
    return [entry["accession_number"] for entry in ris_entries(browser, asked(f"{language}visits.ris", query))]


def bib_entries(browser: Browser, address: str) -> list[dict]:
    return read_bibtex(fetched(browser, address, "application/x-bibtex"))


def read_bibtex(text: str) -> list[dict]:
    library = bibtexparser.parse_string(text, append_middleware=[LatexDecodingMiddleware(decoder=LatexNodes2Text(TEX))])
    assert library.failed_blocks == []
    return [dict(entry.items()) for entry in library.entries]


def bib(browser: Browser, query: str = "", language: str = "") -> list[str]:
    return [slug_in(entry["url"]) for entry in bib_entries(browser, asked(f"{language}visits.bib", query))]


def csl_items(browser: Browser, address: str) -> list[dict]:
    return json.loads(fetched(browser, address, "application/vnd.citationstyles.csl+json"))


def csl(browser: Browser, query: str = "", language: str = "") -> list[str]:
    return [slug_in(item["URL"]) for item in csl_items(browser, asked(f"{language}visits.csl.json", query))]
