"""What needs no reading: the order of dates, the source, symbols, and when a resolution was adopted."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from visits.extraction.proposal import Span
from visits.models import DocumentLink, Segment
from visits.text import dates

from .slips import Kind, Slip
from .words import Record


def end_before_start(record: Record) -> Iterator[Slip]:
    for segment in record.edition.segments.all():
        first, last = dates.first_day(segment.start), dates.last_day(segment.end)
        if first and last and last < first:
            sentence = _(
                "The part of the visit that begins %(start)s ends %(end)s, before it begins. Correct its dates."
            )
            words = {"start": segment.start, "end": segment.end}
            yield Slip(Kind.END_BEFORE_START, sentence % words, "segments", "end", str(segment.uid), segment.end)


def missing_source(record: Record) -> Iterator[Slip]:
    links = record.edition.documentlinks.all()
    if any(link.document.symbol.strip() or link.document.url.strip() for link in links):
        return
    sentence = _(
        "No source has an address or a UN symbol, so nobody can look it up. Link one that has, or add it there."
    )
    yield Slip(Kind.MISSING_SOURCE, sentence, "documentlinks")


def resolution_after_visit(record: Record) -> Iterator[Slip]:
    last = max((day for segment in record.edition.segments.all() if (day := last_day_of(segment))), default=None)
    if last is None:
        return
    for link in record.edition.resolutionlinks.all():
        resolution = link.resolution
        adopted = resolution.adopted_on
        if adopted > last if adopted else resolution.year > last.year:
            sentence = _(
                "Resolution %(resolution)s was adopted after the visit had ended (%(end)s), so the visit cannot have "
                "been about it. Take it out, or correct the dates."
            )
            words = {"resolution": resolution, "end": last.isoformat()}
            number = str(resolution.number)
            yield Slip(
                Kind.RESOLUTION_AFTER_VISIT, sentence % words, "resolutionlinks", "resolution", str(link.uid), number
            )


def last_day_of(segment: Segment):
    return dates.last_day(segment.end) or dates.last_day(segment.start)


# What can only be meant as a symbol: an organ and a stroke, or the code of resolutions with numbers. Chinese writes it
# onto the word before.
MEANT = re.compile(
    r"(?<![A-Za-z0-9_/.\\-])(?:"
    r"[SAE][ .-]?/{0,2}\s?(?:RES|PRST|Res|res)(?![A-Za-z])[/\\. -]*\d[A-Za-z0-9/-]*"
    r"|[SAE]\s?[/\\|]{1,2}\s?(?=[A-Z0-9/])[A-Za-z0-9._/\\|*+&-]+"
    r"|(?:SC/)?(?:RES|PRST)\s?/\s?\d+"
    r")(?:\s?[(\[{（][^()\[\]{}（）\n]{0,8}[)\]}）]?)?(?:/[A-Z][A-Za-z0-9.]*)*"
)
ADDED = r"(?:/(?:Add|Corr|Rev|Amend|Summary)\.[1-9]\d{0,2})*"
YEAR = r"(?:19[4-9]\d|20[0-4]\d)"
# Between two strokes: a number, `NOTE.31`, `4-5`, `18(Part I)`, or letters.
PART = r"(?:(?:[A-Z][A-Za-z]*\.)?\d+(?:-\d+)?[a-z]?(?: ?\([\w ]+\))?|[A-Z][A-Za-z-]*)"
# Security Council, General Assembly, Economic and Social Council, then all others.
SYMBOL = re.compile(
    rf"(?:S/RES/[1-9]\d{{0,3}} ?\({YEAR}\)|S/PRST/{YEAR}/[1-9]\d{{0,2}}|S/PV\.[1-9]\d{{0,4}}(?: ?\(Resumption \d\))?"
    rf"|S/{YEAR}/[1-9]\d{{0,3}}|S/(?:AC|SC|NC)\.\d+(?:/{PART})+|S/INF/\d+(?:/\d+)?|S/[1-9]\d{{0,4}}"
    rf"|A/RES/(?:ES-|S-)?[1-9]\d{{0,2}}/[1-9]\d{{0,3}}(?: ?[A-Z])?|A/RES/[1-9]\d{{0,3}} ?\([A-Z-]+\)"
    rf"|A/DEC/\d+/\d+|A/(?:ES-|S-)?[1-9]\d?/(?:[A-Z]\.[\w./]+|PV\.\d+|INF/\d+|[A-Z]*[1-9]\d{{0,3}})"
    rf"|A/(?:HRC|CONF|AC|C|CN|BUR)(?:\.\d+)?(?:/{PART})+"
    rf"|E/(?:RES/)?{YEAR}(?:/{PART})+|E/(?:CN|C)\.\d+(?:/{PART})+"
    # Press releases, and bodies with a code of their own.
    rf"|(?!S?RES|S?PRST)[A-Z]{{2,}}(?:\.\d+)?(?:/{PART})+)" + ADDED
)
RESOLUTION = re.compile(rf"S/RES/(\d+) ?\(({YEAR})\)")
ENDS = ".,;:!?"
PLAIN = str.maketrans("\u00a0（）", " ()")


def malformed_symbol(record: Record) -> Iterator[Slip]:
    for words in record.texts:
        for match in MEANT.finditer(words.text):
            symbol = match.group().rstrip(ENDS + " ")
            if not is_symbol(symbol, record):
                yield words.slip(
                    Kind.MALFORMED_SYMBOL, malformed(symbol), Span(match.start(), match.start() + len(symbol))
                )
    for link in record.edition.documentlinks.all():
        yield from malformed_symbol_of(link, record)


def malformed_symbol_of(link: DocumentLink, record: Record) -> Iterator[Slip]:
    symbol = link.document.symbol.strip()
    if symbol and not is_symbol(symbol, record):
        yield Slip(Kind.MALFORMED_SYMBOL, malformed(symbol), "documentlinks", "document", str(link.uid), symbol)


def is_symbol(words: str, record: Record) -> bool:
    """Whether the words have the form of a symbol; of a resolution that is known, also its year."""
    words = words.translate(PLAIN)
    if not SYMBOL.fullmatch(words):
        return False
    named = RESOLUTION.match(words)
    return not named or record.vocabulary.resolutions.get(int(named[1]), int(named[2])) == int(named[2])


def malformed(symbol: str) -> str:
    return _("“%(symbol)s” is not a UN symbol. Write it like S/RES/1373 (2001), A/RES/60/288 or S/2008/379.") % {
        "symbol": symbol
    }
