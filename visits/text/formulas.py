"""Texts in CSV files for spreadsheets, which would take some of them for formulas."""

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
