"""What a reader hands on, and how much it may be."""

import re
from dataclasses import dataclass

MEGABYTE = 1024 * 1024
# Of a file as it is uploaded.
MAX_BYTES = 20 * MEGABYTE
# The longest reports of a visit have about a hundred pages.
MAX_CHARACTERS = 400_000


@dataclass(frozen=True)
class Reading:
    """The text of a document as it will be stored, and what its format itself tells of it; "" for what it does not.

    `format` is text, html, pdf or docx; `language` one of the register's or another two-letter code; `published_on` a
    day as YYYY-MM-DD.
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
    """The language that a tag such as `en-US` or `zh-CN` means, as the register writes it; "" for anything else."""
    code = re.split(r"[-_]", tag.strip().lower())[0]
    if not re.fullmatch("[a-z]{2}", code):
        return ""
    return "zh-hans" if code == "zh" else code
