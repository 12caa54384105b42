"""Texts as cells of spreadsheets, which cannot hold every character and take some texts for formulas."""

import re

BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet would calculate."""
    return f"'{text}" if begins_like_one(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text.startswith("'") and begins_like_one(text) else text


def begins_like_one(text: str) -> bool:
    # Apostrophes before it may have been there already: each `guarded` adds one, each `unguarded` takes one.
    return text.lstrip("'").startswith(BEGINNINGS)


# What has no place in XML, and so in no workbook.
NOT_HELD = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def held(text: str) -> str:
    """The text as a cell gives it back: what it cannot hold is replaced, line ends are one character."""
    return NOT_HELD.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n").replace("\r", "\n"))
