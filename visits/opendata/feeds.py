"""Any list as a feed: Atom (RFC 4287), with what was withdrawn as tombstones (RFC 6721), page by page (RFC 5005).

A visit has one entry, told anew with every edition. The latest change comes first, whatever order a list is asked for:
readers of feeds look at the first page. A page holds the entries and tombstones of one stretch of time. Within it
tombstones stand before entries, where the grammar of RFC 4287 has room for them; that order means nothing.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from visits.catalogue.rows import VisitRow
from visits.catalogue.timeline import Gone, Timeline
from visits.catalogue.wording import Text, listed, period
from visits.enums import KindOfVisit
from visits.text.spreadsheets import held

from .addresses import Site
from .answers import open_data
from .values import moment

CONTENT_TYPE = "application/atom+xml; charset=utf-8"
FEEDS = UUID("3f0b5b0e-6f43-4d7e-9d3c-0d6a4f1f6c55")
# Of a feed that holds nothing: nothing has changed in it yet.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Category:
    """`scheme` and `term`, one after the other, are the address of the list of visits that share it."""

    scheme: str
    term: str
    label: Text


@dataclass(frozen=True)
class Entry:
    id: str
    title: Text
    updated: str
    published: str
    summary: Text
    where_and_when: str
    correction: str
    note: Text
    links: tuple[tuple[str, str, str], ...]
    categories: tuple[Category, ...]


@dataclass(frozen=True)
class Tombstone:
    id: str
    when: str
    reason: Text
    page: str


@open_data
def visits(request):
    timeline = Timeline(request.GET, strict_names=True)
    site = Site.of(request)
    # Categories are the same in every language.
    schemes = Site(site.origin, settings.LANGUAGE_CODE)
    asked, register = timeline.asked_in_words, _("Register of CTED visits")
    said = document(
        id=feed_id(timeline),
        title=_("%(group)s: %(value)s") % {"group": register, "value": asked} if asked else register,
        updated=moment(timeline.changed_at or NEVER),
        home=site.to("home"),
        page=site.to("visits", query=question(timeline.whole_query)),
        links=list(pages(timeline, site)),
        tombstones=[tombstone(gone, site) for gone in timeline.gone],
        entries=[entry(row, timeline.first_published, site, schemes) for row in timeline.shown],
    )
    return HttpResponse(said, content_type=CONTENT_TYPE)


def document(**said) -> str:
    constant = {
        "language": get_language(),
        "register": _("Register of CTED visits"),
        "rights": _(
            "This is not an official site of the United Nations. The data was compiled from public sources, which "
            "every record names and links."
        ),
    }
    return held(render_to_string("visits/visits.atom", constant | said))


def feed_id(timeline: Timeline) -> str:
    """The same for every page of a feed, and wherever the site is reached."""
    return uuid5(FEEDS, f"{get_language()}/visits?{timeline.whole_query}").urn


def question(query: str) -> str:
    return f"?{query}" if query else ""


def pages(timeline: Timeline, site: Site):
    numbers = {"self": timeline.page, "first": 1, "last": timeline.pages}
    if timeline.page > 1:
        numbers["previous"] = timeline.page - 1
    if timeline.page < timeline.pages:
        numbers["next"] = timeline.page + 1
    for relation, number in numbers.items():
        asked = timeline.asked | {"sort": "", "page": number if number > 1 else None}
        yield relation, site.to("visits.atom", query=question(timeline.query_of(asked)))


def entry(row: VisitRow, first_published: dict[UUID, datetime], site: Site, schemes: Site) -> Entry:
    edition = site.edition(row.slug, row.edition)
    return Entry(
        id=row.uid.urn,
        title=row.title,
        updated=moment(row.changed_at),
        published=moment(first_published.get(row.uid, row.published_at)),
        summary=row.summary,
        where_and_when=listed([row.country.name.text, *(period(part.start, part.end) for part in row.parts)]),
        correction=_("Edition %(number)s corrects what was published before:") % {"number": row.edition},
        note=Text(row.change_note if row.edition > 1 else ""),
        links=(
            ("alternate", "text/html", site.visit(row.slug)),
            ("alternate", "application/json", site.visit_as(row.slug, "json")),
            # RFC 8574: what to cite.
            ("cite-as", "text/html", edition),
        ),
        categories=tuple(categories(row, schemes)),
    )


def categories(row: VisitRow, site: Site):
    scheme = site.to("visits", query="?{}=").format
    yield Category(scheme("country"), row.country.iso3.lower(), row.country.name)
    for kind, _ordinal in row.kinds:
        yield Category(scheme("kind"), kind, Text(str(KindOfVisit(kind).label), get_language()))
    for topic, _role in row.topics:
        yield Category(scheme("topic"), topic.key, topic.name)


def tombstone(gone: Gone, site: Site) -> Tombstone:
    return Tombstone(gone.uid.urn, moment(gone.withdrawn_at), gone.reason, site.visit(gone.slug))
