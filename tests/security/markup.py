"""Texts that would be markup wherever somebody forgot to escape them, and what finds those that became it."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

from markdown_it import MarkdownIt

MARK = re.compile(r"xm(\d+)x")
ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "data", "poster", "srcset", "ping", "background")
RUNS = re.compile(r"(?:javascript|vbscript|data):", re.I)
# Browsers read addresses without them.
PASSED_OVER = re.compile(r"[\x00-\x20]")
DATA = ("application/json", "application/ld+json")
# What stands in our own pages as data, and no text is made a part of.
OWN = ("data:image/",)
MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def payload(number: int, room: int | None = None) -> str:
    """Something that leaves quotes, elements and scripts, and begins an element of its own; shorter where there is
    little room."""
    element = f"<xm{number}x>"
    whole = f"\"'`></title></textarea></script></style>--> ]]>{element}<img src=x xm{number}x='' onerror=xm{number}x>"
    return next(text for text in (whole, f"\"'>{element}", element) if room is None or len(text) <= room)


def payload_of_html(number: int) -> str:
    """The same where markup is expected, in some of which it would run something."""
    link = f'<a href="java&#9;script:xm{number}x" onclick="xm{number}x">xm{number}x</a>'
    frame = f'<iframe srcdoc="<script>xm{number}x</script>"></iframe><svg onload="xm{number}x"></svg>'
    return f"<p>xm{number}x {link}</p>{frame}<h2 style='color: red' id=xm{number}x>{payload(number)}</h2>"


def runs(address: str) -> bool:
    return bool(RUNS.match(PASSED_OVER.sub("", address)))


class Markup(HTMLParser):
    """All in a page that came of a text: elements, attributes, addresses that run something, scripts."""

    def __init__(self, page: str):
        super().__init__()
        self.found, self.script = [], None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attributes):
        names = {name for name, _value in attributes}
        if MARK.search(tag) or any(MARK.search(name) or name.startswith("on") for name in names):
            self.found.append(self.get_starttag_text())
        for name, value in attributes:
            is_own = tag == "link" and (value or "").startswith(OWN)
            if (name in ADDRESSES and runs(value or "") and not is_own) or name == "srcdoc":
                self.found.append(self.get_starttag_text())
        if tag == "script":
            self.script = dict(attributes).get("type", "")

    def handle_endtag(self, tag):
        if tag == "script":
            self.script = None

    def handle_data(self, data):
        if self.script is None or not MARK.search(data):
            return
        try:
            assert self.script in DATA
            json.loads(data)
        except (AssertionError, ValueError):
            self.found.append(data)

    def handle_comment(self, data):
        if MARK.search(data):
            self.found.append(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def became_markup(media: str, body: str) -> list[str]:
    """What in an answer of that type came of a text and is more than text."""
    if media in ("text/html", "application/xhtml+xml"):
        return Markup(body).found
    if media.endswith("xml"):
        return in_xml(body)
    if media == "text/markdown":
        return Markup(MARKDOWN.render(body)).found
    return []


def in_xml(body: str) -> list[str]:
    found = []
    for element in ElementTree.fromstring(body).iter():  # noqa: S314
        names = (str(element.tag), *element.keys())
        if any(MARK.search(name) for name in names) or any(runs(value) for value in element.attrib.values()):
            found.append(ElementTree.tostring(element, encoding="unicode"))
    return found
