"""Visits with texts that a format could take for its own words."""

import datetime
import uuid

from hypothesis import strategies as st

from visits.catalogue.rows import DatedPart, Named, Place, Share, VisitRow
from visits.catalogue.wording import Text

UID, KEY = uuid.UUID(int=1), 1
HANGING = ("parts", "kinds", "topics", "resolutions", "bodies", "heads", "sources", "findings")
# Of every format what ends a value, a line or a record, what it escapes with, and what none of them can hold.
WORDS = (
    *("\r\n", "\r", "\n", "\t", " ", "\x00", "\x07", "\x0b", "\x0c", "\x1c", "\x7f", "\x85", "\u2028", "\u2029"),
    *("\ufffe", "\\", "\\n", "\\N", "\\,", ";", ",", ":", '"', "'", "''", "`"),
    *("\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n", "\r\n DTSTART:1"),
    *("<b>", "</title>", "]]>", "&", "&amp;", "<!--", "<![CDATA["),
    *("{", "}", "}\n@misc{a,", "%", "$", "#", "_", "~", "^", "--", "---", "@", "\\textbf{", "$$"),
    *("\r\nER  - \r\nTY  - ELEC\r\n", "TY  - ", "|"),
    *("\u202e", "\u00a0", "\ufeff", "é", "e\u0301", "中文", "العربية", "\U0001f600"),
    *("x" * 80, "é" * 80, "\U0001f600" * 30),
)
TEXTS = st.lists(st.sampled_from(WORDS) | st.text(), max_size=8).map("".join)


def visit_row(**said) -> VisitRow:
    """A visit that the public reads, with this said of it."""
    published_at = datetime.datetime(2024, 3, 12, 10, 30, tzinfo=datetime.UTC)
    values = {
        "uid": UID,
        "slug": "denmark-2018",
        "edition": 2,
        "published_at": published_at,
        "redacted_at": None,
        "change_note": "",
        "title": Text("A visit"),
        "summary": Text(""),
        "aim": Text(""),
        "mandate": Text(""),
        "country": Place("DNK", "DK", Text("Denmark"), None),
        "earliest": datetime.date(2018, 5, 29),
        "latest": datetime.date(2018, 6, 1),
        "parts": [DatedPart("2018-05-29", "2018-06-01", "on-site", False, uuid.UUID(int=2))],
        "kinds": [("focused", None)],
        "topics": [],
        "resolutions": [],
        "bodies": [],
        "heads": [],
        "sources": [],
        "findings": [],
    }
    values |= said
    hanging = {name: values.pop(name) for name in HANGING}
    share = Share([KEY], None)
    share.found = {getattr(VisitRow, name): {KEY: rows} for name, rows in hanging.items()}
    return VisitRow(share=share, key=KEY, **values)


def topic(name: str) -> tuple[Named, str]:
    return Named("a-topic", Text(name), ""), "focus"
