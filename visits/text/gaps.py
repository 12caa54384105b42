"""Taking words out of texts: found however they are written, and a gap left in their place."""

import html
import re
import unicodedata

GAP, BLACK = "[redacted]", "█"
TAG = re.compile(r"<[^<>]*>")
# What may stand between two letters without being seen, or between two words.
UNSEEN = r"(?:<[^<>]*>|[\u00ad\u200b-\u200f])*"
SPACE = r"(?:\s|&nbsp;|<[^<>]*>)+"
ALIKE = ("'’ʼ`", "-‐‑–")


def wordings(text: str) -> list[str]:
    """The lines of what was proposed, the longest first: a name before a part of it."""
    lines = (" ".join(unicodedata.normalize("NFC", line).split()) for line in text.splitlines())
    return sorted(filter(None, lines), key=len, reverse=True)


def pattern_of(text: str) -> re.Pattern:
    """Finds each wording in any case and with any white space, also where rich text has tags or entities in it."""
    found = (SPACE.join(UNSEEN.join(map(letter, word)) for word in line.split()) for line in wordings(text))
    return re.compile("|".join(found), re.IGNORECASE)


def letter(char: str) -> str:
    alike = next((chars for chars in ALIKE if char in chars), char)
    written = {form for each in alike for form in (each, html.escape(each), unicodedata.normalize("NFD", each))}
    return f"(?:{'|'.join(map(re.escape, sorted(written, key=len, reverse=True)))})"


def without(pattern: re.Pattern, text: str) -> str:
    """The text with a gap where it stood. Tags that stood in it stay, so that what they enclose still ends."""
    return pattern.sub(lambda found: GAP + "".join(TAG.findall(found.group())), text)


def blackened(pattern: re.Pattern, text: str) -> str:
    """The text as long as before, in the same lines."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", BLACK, found.group()), text)
