"""What a reader hands on, and how much it may be."""

import re
from dataclasses import dataclass

MEGABYTE = 1024 * 1024
# Of a file as it is uploaded.
MAX_BYTES = 20 * MEGABYTE
# The longest reports of a visit have about a hundred pages.
MAX_CHARACTERS = 400_000
TOLD_BY_WORDS = ("ar", "zh", "en", "fr", "ru", "es")


@dataclass(frozen=True)
class Reading:
    """The text of a document as it will be stored, and what its format itself tells of it; "" for what it does not.

    `format` is text, html, pdf or docx; `language` a two-letter code other than those of the register's six, which are
    told from the words; `published_on` a day as YYYY-MM-DD.
    """

    text: str
    format: str = "text"
    title: str = ""
    language: str = ""
    url: str = ""
    published_on: str = ""

    @property
    def known(self) -> dict[str, str]:
        """What is known of the document before its text is read."""
        values = {name: getattr(self, name) for name in ("title", "language", "url", "published_on")}
        return {name: value for name, value in values.items() if value}


def language(tag: str) -> str:
    """The language that a tag such as `de-AT` means, unless it is one of the six of the register.

    Which of those a text is in is told from its words: sites put one text into pages of many languages, and programs
    write down their own.
    """
    code = re.split(r"[-_]", tag.strip().lower())[0]
    return code if re.fullmatch("[a-z]{2}", code) and code not in TOLD_BY_WORDS else ""
