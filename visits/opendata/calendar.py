"""Any list as a calendar, and one visit: iCalendar (RFC 5545).

Each dated part of a visit is a component of its own. With both bounds known to the day it is an event of whole days,
whose DTEND is the day after. Without, it is a journal entry that has no date at all and tells in words what is known:
no day is invented, and yet the calendar holds the visits that the list holds (a VEVENT needs a DTSTART, a VJOURNAL
does not). A visit without any dated part is such an entry too.

The first part has the identifier of the visit, each further one its own: a change of dates, even from known to unknown,
is a change of the same component. SEQUENCE is the number of the edition.

A visit that was withdrawn is a cancelled event, whatever the filters, so that calendars that took it in take it out.
It has the identifier of the visit, its address and the public reason. Its day is that of the withdrawal: RFC 5545 wants
one of every event, and only this one tells nothing of the visit, not even whether its days were known.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import chain, islice

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from visits.catalogue import rows, timeline
from visits.catalogue.listing import Listing
from visits.catalogue.records import record_of
from visits.catalogue.rows import DatedPart, VisitRow
from visits.catalogue.timeline import Gone
from visits.catalogue.wording import Text, period
from visits.enums import KindOfVisit
from visits.exceptions import Consolidated, Withdrawn
from visits.text import dates
from visits.text.spreadsheets import held

from .addresses import Site
from .answers import open_data, streamed
from .exports import PIECE, VISITS, file_name

CONTENT_TYPE = "text/calendar; charset=utf-8"
# The same wherever the site is reached.
DOMAIN = "cted-visits-register"
LONGEST_LINE = 75
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\x7f": "\N{REPLACEMENT CHARACTER}"})
# An object needs a component, and an empty list has none of its own.
NOTHING = (
    "BEGIN:VTIMEZONE",
    "TZID:UTC",
    "BEGIN:STANDARD",
    "DTSTART:19700101T000000",
    "TZOFFSETFROM:+0000",
    "TZOFFSETTO:+0000",
    "END:STANDARD",
    "END:VTIMEZONE",
)


# Lines


def text(value: object) -> str:
    return held(str(value)).translate(ESCAPES)


def texts(name: str, *values: Text) -> Iterator[str]:
    """A property for each of these values, as far as there is one: each has its own language."""
    return (f"{name};LANGUAGE={value.language}:{text(value)}" for value in values if value)


def day(value: date) -> str:
    return value.isoformat().replace("-", "")


def stamp(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


ASCII_LINE = re.compile(rf"[\x00-\x7f]{{0,{LONGEST_LINE}}}")


def folded(line: str) -> str:
    """The line, broken so that no part of it has more octets than a line may have, and no character is split."""
    if ASCII_LINE.fullmatch(line):
        return line + "\r\n"
    octets, parts, start = line.encode(), [], 0
    while start < len(octets):
        # The space that a continued line begins with is one of its octets.
        stop = start + LONGEST_LINE - bool(start)
        while stop < len(octets) and octets[stop] & 0xC0 == 0x80:
            stop -= 1
        parts.append(octets[start:stop])
        start = stop
    return b"\r\n ".join(parts).decode() + "\r\n"


# Components


def calendar(found: Iterable[VisitRow], gone: Iterable[Gone], name: str, site: Site) -> Iterator[str]:
    """The lines of a calendar, some hundreds of visits at a time."""
    head = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Register of CTED visits//Calendar//EN", "CALSCALE:GREGORIAN")
    # RFC 7986, and what programs knew before it.
    named = (f"NAME:{text(name)}", f"X-WR-CALNAME:{text(name)}", "REFRESH-INTERVAL;VALUE=DURATION:P1D")
    components = chain((of_visit(row, site) for row in found), (cancelled(each, site) for each in gone))
    first = next(components, NOTHING)
    whole = chain(chain((*head, *named), first), chain.from_iterable(components), ("END:VCALENDAR",))
    lines = map(folded, whole)
    while piece := "".join(islice(lines, PIECE * 16)):
        yield piece


def of_visit(row: VisitRow, site: Site) -> Iterator[str]:
    parts = row.parts or [DatedPart("", "", "", False, row.uid)]
    for part, uid in zip(parts, chain([row.uid], (part.uid for part in parts[1:])), strict=True):
        yield from of_part(part, uid, row, site)


def of_part(part: DatedPart, uid, row: VisitRow, site: Site) -> Iterator[str]:
    days = known_days(part)
    component = "VEVENT" if days else "VJOURNAL"
    yield from (f"BEGIN:{component}", f"UID:{uid}@{DOMAIN}", f"DTSTAMP:{stamp(row.changed_at)}")
    yield from (f"LAST-MODIFIED:{stamp(row.changed_at)}", f"SEQUENCE:{row.edition}")
    if days:
        first, after = days
        yield from (f"DTSTART;VALUE=DATE:{day(first)}", f"DTEND;VALUE=DATE:{day(after)}")
        yield from ("STATUS:CONFIRMED", "TRANSP:TRANSPARENT", *texts("LOCATION", row.country.name))
    else:
        yield "STATUS:FINAL"
    yield from texts("SUMMARY", row.title)
    yield from texts("DESCRIPTION", description(part, row, site))
    yield from texts("CATEGORIES", *categories(row))
    yield from (f"URL:{site.visit(row.slug)}", f"END:{component}")


def known_days(part: DatedPart) -> tuple[date, date] | None:
    """The first day and the one after the last, where both bounds are known to the day."""
    bounds = [dates.parse(part.start), dates.parse(part.end)]
    if any(len(bound) < 3 for bound in bounds) or bounds[0] > bounds[1] or bounds[1][0] == date.max.year:
        return None
    return date(*bounds[0]), date(*bounds[1]) + timedelta(days=1)


def description(part: DatedPart, row: VisitRow, site: Site) -> Text:
    said = (
        row.summary.text,
        f"{row.country.name}: {period(part.start, part.end)}",
        site.edition(row.slug, row.edition),
    )
    return Text("\n\n".join(filter(None, said)), row.summary.language)


def categories(row: VisitRow) -> list[Text]:
    kinds = [Text(str(KindOfVisit(kind).label), get_language()) for kind, _ordinal in row.kinds]
    return [*kinds, *(topic.name for topic, _role in row.topics)]


def cancelled(gone: Gone, site: Site) -> tuple[str, ...]:
    return (
        "BEGIN:VEVENT",
        f"UID:{gone.uid}@{DOMAIN}",
        f"DTSTAMP:{stamp(gone.withdrawn_at)}",
        f"LAST-MODIFIED:{stamp(gone.withdrawn_at)}",
        f"SEQUENCE:{gone.edition}",
        f"DTSTART;VALUE=DATE:{day(gone.withdrawn_at.astimezone(UTC).date())}",
        "STATUS:CANCELLED",
        "TRANSP:TRANSPARENT",
        f"SUMMARY;LANGUAGE={get_language()}:{text(_('Record withdrawn'))}",
        *texts("DESCRIPTION", gone.reason),
        f"URL:{site.visit(gone.slug)}",
        "END:VEVENT",
    )


# Views


@open_data
def visits(request):
    listing = Listing(request.GET, strict_names=True)
    asked, name = listing.asked_in_words, _("Register of CTED visits")
    name = _("%(group)s: %(value)s") % {"group": name, "value": asked} if asked else name
    # Both as they are now: what is withdrawn while it is sent is left out.
    gone, found = list(timeline.all_gone()), rows.visits(listing.keys)
    parts = calendar(found, gone, name, Site.of(request))
    return streamed(parts, CONTENT_TYPE, file_name(VISITS, "ics"), len(listing.keys))


@open_data
def visit(request, slug):
    """One that was withdrawn is answered too, cancelled: a program that follows it would keep it otherwise."""
    found, gone = [], []
    try:
        found.append(record_of(slug).row)
    except (Withdrawn, Consolidated):
        gone.append(timeline.gone(slug))
    name = str(found[0].title) if found else _("Record withdrawn")
    return streamed(calendar(found, gone, name, Site.of(request)), CONTENT_TYPE, f"{slug}.ics", len(found))
