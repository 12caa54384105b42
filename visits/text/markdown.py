"""Texts as CommonMark: whatever characters a text has, it is text there, and no markup."""

import re
from html.parser import HTMLParser

# Also what only dialects of it know: tables, and lines through words.
SPECIAL = re.compile(r"[\\`*_\[\]<>|~]|&(?=#?\w+;)|!(?=\[|$)|#(?=#*\s*$)")
# What would begin a heading, a list or the line under a heading.
BEGINNING = re.compile(r"^(\d+(?=[.)])|(?=[#+=-]))")
ENTITY = re.compile(r"&(?=#?\w+;)")
NOT_IN_ADDRESSES = str.maketrans({code: f"%{code:02X}" for code in (*range(33), 127, *map(ord, "()<>\\"))})
MARKS = {"h2": "### ", "h3": "#### ", "h4": "##### ", "blockquote": "> "}
BLOCKS = ("p", "ul", "ol", "li", "tr", *MARKS)


def escaped(text: str) -> str:
    """The text in one line."""
    return as_line(SPECIAL.sub(r"\\\g<0>", text))


def as_line(markup: str) -> str:
    return BEGINNING.sub(r"\1\\", " ".join(markup.split()))


def link(markup: str, address: str) -> str:
    """`markup` leading to the address."""
    return f"[{markup}]({target(address)})"


def target(address: str) -> str:
    return ENTITY.sub("&amp;", address.translate(NOT_IN_ADDRESSES))


def prose(markup: str) -> str:
    """Rich text, as far as it is blocks and links: it stands under a heading of the second level."""
    reader = Prose()
    reader.feed(markup)
    reader.end_block()
    return "\n\n".join(reader.blocks)


class Prose(HTMLParser):
    """Takes sanitised HTML apart. `around`: of each element that is open, what its first line begins with, and what the
    others do."""

    def __init__(self):
        super().__init__()
        self.blocks, self.said, self.around, self.lists = [], [], [], []
        self.address, self.is_row = "", False

    def handle_starttag(self, tag, attrs):
        if tag == "a":
            self.address = dict(attrs).get("href") or ""
            self.said.append("[")
        elif tag == "br":
            self.said.append(" ")
        elif tag in ("td", "th") and self.said:
            self.said.append(r" \| ")
        elif tag in BLOCKS and not self.is_row:
            self.end_block()
            self.is_row = tag == "tr"
            self.lists += [{"ul": "- ", "ol": "1. "}[tag]] if tag in ("ul", "ol") else []
            mark = self.lists[-1] if tag == "li" and self.lists else MARKS.get(tag, "")
            self.around.append([mark, mark if tag == "blockquote" else " " * len(mark)])

    def handle_endtag(self, tag):
        if tag == "a":
            self.said.append(f"]({target(self.address)})")
        elif tag == "tr" or (tag in BLOCKS and not self.is_row):
            self.end_block()
            self.around.pop()
            self.is_row = False
            if tag in ("ul", "ol"):
                self.lists.pop()

    def handle_data(self, data):
        self.said.append(SPECIAL.sub(r"\\\g<0>", data))

    def end_block(self):
        line = as_line("".join(self.said))
        self.said.clear()
        if line:
            self.blocks.append("".join(first for first, _others in self.around) + line)
            for marks in self.around:
                marks[0] = marks[1]
