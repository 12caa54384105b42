"""When a text was published: by its stamp, its dateline, its last line, or what was known beforehand."""

import re

from visits.extraction.context import Context, Dated
from visits.extraction.proposal import Confidence, Span, Value

from .calendar import Moment, periods

# Lines at the beginning in which a dateline stands.
FIRST_LINES = 4
# How Chinese agencies end a dateline.
CABLED = re.compile(r"\s?[电讯]")


def published(context: Context) -> Value | None:
    """The day the text was published: as its stamp, its dateline or its last line says, or as was known before."""
    layout = context.layout
    if stamp := layout.stamp:
        words = stamp["date"]
        found = [one for one in periods(words, context.phrases) if one.has_days and one.end.year]
        if found:
            begin = layout.stamp_start + stamp.start("date")
            span = Span(begin, begin + len(words.rstrip()))
            return Value(found[0].start.partial, (span,), "document.stamp")
    for dated in context.dates:
        if dated.period.end.year and is_dateline(dated, context):
            return Value(dated.period.start.partial, (dated.span,), "document.dateline")
    known = str(context.known.get("published_on") or "") or from_address(str(context.known.get("url") or ""))
    return Value(known, (), "document.known", Confidence.LIKELY) if known else None


def from_address(url: str) -> str:
    """Addresses of news often hold the day: `/2018/06/02/` or `2011-12-06`."""
    found = re.search(r"((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?!\d)", url)
    return Moment(Span(0, 0), *map(int, found.groups())).partial if found else ""


def is_dateline(dated: Dated, context: Context) -> bool:
    """`NAIROBI, 21 June 2023 —` and `Posted on 7 October 2022` say when the text was published."""
    sentence, period = dated.sentence, dated.period
    if period.is_range or not period.has_days:
        return False
    before, after = sentence.text[: period.span.start], sentence.text[period.span.end :]
    if context.phrases["document.published"].search(before):
        return True
    if CABLED.match(after):
        return sentence.paragraph <= FIRST_LINES
    place = re.fullmatch(r"[\w .,/’'()،-]{0,60}[,،(]\s*(?:le |the |el |den )?|\W*", before)
    words = re.match(r"\s*(?:года|г\.|م)?\s*(?:[-–—―|)]|:|$|،|\.$)", after)
    return bool(place and words and sentence.paragraph <= FIRST_LINES)
