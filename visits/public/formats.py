"""What else a list can be taken as, and how programs and spreadsheets ask for it: by the names of the addresses, which
are of another surface."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visits.catalogue.listing import Listing

FOR_SPREADSHEETS = (("flavour", "spreadsheet"),)
# Each by what its address ends with, and what it is asked with besides.
FILES = (
    (_("CSV"), "csv", ()),
    (_("CSV for spreadsheets"), "csv", FOR_SPREADSHEETS),
    (_("Excel"), "xlsx", ()),
    (_("JSON"), "json", ()),
)
SUBSCRIPTIONS = (
    (_("News feed (Atom)"), "atom", ()),
    (_("Calendar"), "ics", ()),
    (_("RIS"), "ris", ()),
    (_("BibTeX"), "bib", ()),
)
FORMATS = {"visits": FILES + SUBSCRIPTIONS, "findings": FILES}
# Whatever page was asked for, a file has all of the list.
OF_PAGES = ("page", "page_size")


@dataclass(frozen=True)
class Format:
    label: Promise
    url: str


@dataclass(frozen=True)
class Snippet:
    """Lines to be copied. `hint`: where they go."""

    name: str
    hint: Promise
    code: str


@dataclass(frozen=True)
class Taking:
    """Everything that a list can be taken as. `use`: the page with lines for programs."""

    formats: tuple[Format, ...]
    use: str


def taking(route: str, listing: Listing | None = None) -> Taking:
    """Of the list on that page, as it is filtered and ordered; without one, of all of it."""
    query = query_of(listing)
    formats = (Format(label, address(route, ending, query, more)) for label, ending, more in FORMATS[route])
    asked = f"?{urlencode(query)}" if query else ""
    return Taking(tuple(formats), reverse(f"use-{route}") + asked)


def query_of(listing: Listing | None) -> list[tuple[str, str]]:
    asked = parse_qsl(listing.canonical_query) if listing else []
    return [(name, value) for name, value in asked if name not in OF_PAGES]


def address(route: str, ending: str, query=(), more=()) -> str:
    asked = urlencode([*query, *more])
    return reverse(f"{route}.{ending}") + (f"?{asked}" if asked else "")


def snippets(route: str, origin: str, listing: Listing | None = None) -> Iterator[Snippet]:
    """How to fetch that list, as it is filtered, in the language of the page."""
    query = query_of(listing)
    csv = origin + address(route, "csv", query)
    sheet = origin + address(route, "csv", query, FOR_SPREADSHEETS)
    yield Snippet("curl", _("In a terminal"), f"curl --fail --output {route}.csv '{csv}'")
    yield Snippet(
        "Python",
        _("With the library pandas"),
        f'import pandas\n{route} = pandas.read_csv("{csv}", dtype=str, keep_default_na=False)',
    )
    yield Snippet(
        "R", _("Without any library"), f'{route} <- read.csv("{csv}", colClasses = "character", encoding = "UTF-8")'
    )
    yield Snippet(
        "Google Sheets",
        _("In a cell; Excel takes the same address under Data, From Web"),
        f'=IMPORTDATA("{sheet}")',
    )
