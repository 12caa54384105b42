"""Visits for those who cite them: RIS, BibTeX and CSL-JSON, of a list, of a visit, of a fixed edition.

What is cited is an edition, at the address that keeps it, as it was read on the day of the download. Its key is made of
the name of the visit and the number of the edition, and so is the same wherever it is taken from. Of the days of the
visit is told what is known of them.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from itertools import islice

from django.utils import timezone
from django.utils.translation import gettext as _

from visits.catalogue import rows
from visits.catalogue.listing import Listing
from visits.catalogue.records import record_of
from visits.catalogue.rows import VisitRow
from visits.catalogue.wording import listed, period
from visits.enums import KindOfVisit
from visits.text import dates
from visits.text.spreadsheets import held

from .addresses import Site
from .answers import of_one_visit, open_data, streamed
from .exports import PIECE, VISITS, file_name


@dataclass(frozen=True)
class Citation:
    """An edition as it is cited. `start` and `end` of the visit are partial dates; `days`: all of them in words."""

    key: str
    slug: str
    number: int
    title: str
    language: str
    register: str
    url: str
    published_on: date
    read_on: date
    country: str
    start: str
    end: str
    days: str
    summary: str
    keywords: tuple[str, ...]


def citation(row: VisitRow, site: Site) -> Citation:
    kinds = [str(KindOfVisit(kind).label) for kind, _ordinal in row.kinds]
    return Citation(
        key=f"cted-{row.slug}.{row.edition}",
        slug=row.slug,
        number=row.edition,
        title=in_one_line(row.title.text),
        language=row.title.language,
        register=_("Register of CTED visits"),
        url=site.edition(row.slug, row.edition),
        published_on=row.published_at.astimezone(UTC).date(),
        read_on=timezone.now().date(),
        country=in_one_line(row.country.name.text),
        start=row.start,
        end=row.end,
        days=listed(period(part.start, part.end) for part in row.parts) or period("", ""),
        summary=in_one_line(row.summary.text),
        keywords=tuple(map(in_one_line, [*kinds, *(topic.name.text for topic, _role in row.topics)])),
    )


# What readers of lines take for the end of one; other spaces, such as those before French marks, stay.
BREAKS = re.compile("[ \t\n\x1c-\x1f\x7f\x85\u2028\u2029]+")


def in_one_line(text: str) -> str:
    return BREAKS.sub(" ", held(text)).strip()


# RIS


def as_ris(citations: Iterable[Citation]) -> Iterator[str]:
    for cited in citations:
        yield "".join(f"{tag}  - {value}\r\n" for tag, value in ris_tags(cited)) + "ER  - \r\n\r\n"


def ris_tags(cited: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", "ELEC"
    yield "ID", cited.key
    yield "TI", cited.title
    yield "T2", cited.register
    yield "ET", str(cited.number)
    yield "PY", str(cited.published_on.year)
    yield "DA", f"{cited.published_on:%Y/%m/%d}"
    yield "Y2", f"{cited.read_on:%Y/%m/%d}"
    yield "UR", cited.url
    yield "AN", cited.slug
    yield "LA", cited.language
    yield "CY", cited.country
    yield "N1", visited(cited)
    if cited.summary:
        yield "AB", cited.summary
    for keyword in cited.keywords:
        yield "KW", keyword


def visited(cited: Citation) -> str:
    return _("Dates of the visit: %(days)s") % {"days": cited.days}


# BibTeX

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# Braces by their names: even escaped ones are counted.
MEANT_LITERALLY = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "`": r"\textasciigrave{}",
    # Two of them together are typeset as something else.
    "'": "'{}",
    "-": "-{}",
} | {character: f"\\{character}" for character in "%&$#_"}
SPECIAL = re.compile(r"[\\{}~^`%&$#_]|'(?=')|-(?=-)")


def as_bibtex(citations: Iterable[Citation]) -> Iterator[str]:
    for cited in citations:
        said = "".join(f"  {name} = {value},\n" for name, value in bibtex_fields(cited))
        yield f"@misc{{{cited.key},\n{said}}}\n\n"


def bibtex_fields(cited: Citation) -> Iterator[tuple[str, str]]:
    # In two pairs of braces: styles would write what is in one in small letters.
    yield "title", f"{{{{{literally(cited.title)}}}}}"
    edition = _("%(register)s, edition %(number)s") % {"register": cited.register, "number": cited.number}
    yield "howpublished", f"{{{literally(edition)}}}"
    yield "year", f"{{{cited.published_on.year}}}"
    yield "month", MONTHS[cited.published_on.month - 1]
    yield "url", f"{{{cited.url}}}"
    yield "urldate", f"{{{cited.read_on.isoformat()}}}"
    if cited.start or cited.end:
        yield "eventdate", f"{{{cited.start}}}" if cited.start == cited.end else f"{{{cited.start}/{cited.end}}}"
    yield "venue", f"{{{literally(cited.country)}}}"
    yield "note", f"{{{literally(visited(cited))}}}"
    yield "language", f"{{{cited.language}}}"
    if cited.keywords:
        yield "keywords", f"{{{literally(', '.join(cited.keywords))}}}"
    if cited.summary:
        yield "abstract", f"{{{literally(cited.summary)}}}"


def literally(text: str) -> str:
    """The text as TeX sets it letter by letter, with as many opening braces as closing ones."""
    return SPECIAL.sub(lambda found: MEANT_LITERALLY[found.group()], text)


# CSL-JSON


def as_csl(citations: Iterable[Citation]) -> Iterator[str]:
    between = "["
    for cited in citations:
        yield between + json.dumps(csl_item(cited), ensure_ascii=False)
        between = ",\n"
    yield "[]\n" if between == "[" else "]\n"


def csl_item(cited: Citation) -> dict:
    item = {
        "id": cited.key,
        "type": "webpage",
        "title": cited.title,
        "container-title": cited.register,
        "edition": str(cited.number),
        "issued": {"date-parts": [list(dates.parse(cited.published_on.isoformat()))]},
        "accessed": {"date-parts": [list(dates.parse(cited.read_on.isoformat()))]},
        "URL": cited.url,
        "language": cited.language,
        "event-place": cited.country,
        "note": visited(cited),
    }
    bounds = dict.fromkeys((cited.start, cited.end))
    if all(bounds):
        item["event-date"] = {"date-parts": [list(dates.parse(bound)) for bound in bounds]}
    elif any(bounds):
        # An array of one would say that the visit lasted no longer.
        item["event-date"] = {"literal": f"{cited.start or '..'}/{cited.end or '..'}"}
    if cited.keywords:
        item["keyword"] = ", ".join(cited.keywords)
    if cited.summary:
        item["abstract"] = cited.summary
    return item


# Files


@dataclass(frozen=True)
class Format:
    ending: str
    content_type: str
    write: Callable[[Iterable[Citation]], Iterator[str]]


FORMATS = (
    Format("ris", "application/x-research-info-systems; charset=utf-8", as_ris),
    Format("bib", "application/x-bibtex; charset=utf-8", as_bibtex),
    Format("csl.json", "application/vnd.citationstyles.csl+json", as_csl),
)


def file(form: Format, found: Iterable[VisitRow], site: Site, name: str, total: int):
    return streamed(joined(form.write(citation(row, site) for row in found)), form.content_type, name, total)


def joined(parts: Iterator[str]) -> Iterator[str]:
    """The same text in longer parts."""
    while part := "".join(islice(parts, PIECE)):
        yield part


def views(form: Format) -> dict[str, Callable]:
    """By what is cited, the view that answers it in that format."""

    @open_data
    def visits(request):
        listing = Listing(request.GET, strict_names=True)
        found, name = rows.visits(listing.keys), file_name(VISITS, form.ending)
        return file(form, found, Site.of(request), name, len(listing.keys))

    @of_one_visit
    def visit(request, slug):
        return file(form, [record_of(slug).row], Site.of(request), f"{slug}.{form.ending}", 1)

    @of_one_visit
    def edition(request, slug, number):
        name = f"{slug}-edition-{number}.{form.ending}"
        return file(form, [record_of(slug, number).row], Site.of(request), name, 1)

    return {"visits": visits, "visit": visit, "edition": edition}
