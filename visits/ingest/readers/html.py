"""Web pages: the article without what stands around it, and what the page says of itself."""

import codecs
import re
from collections.abc import Iterator

import trafilatura
from lxml import etree
from lxml import html as lxml_html

from visits.exceptions import LoginPage, NoText, TooMuchInside
from visits.text import dates
from visits.text.fold import fold

from .reading import Reading, language
from .text import MARKS, decode, normalise, strictly

CHARSET = re.compile(rb"""<meta[^>]+charset\s*=\s*["']?\s*([\w:.-]+)""", re.IGNORECASE)
# As browsers understand these names.
MEANT = {"iso8859-1": "windows-1252", "ascii": "windows-1252", "gb2312": "gb18030", "gbk": "gb18030"}
DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
# A page to sign in on says little besides.
CHARACTERS_OF_LOGIN = 400
BLOCKS = ("p", "head", "item", "list", "table", "quote", "code", "ab")
CELLS = " | "
PUBLISHED = (
    "//meta[@property='article:published_time' or @name='article:published_time']/@content",
    "//*[@itemprop='datePublished']/@content | //*[@itemprop='datePublished']/@datetime",
    "//meta[translate(@name,'DCTERMSIUAP','dctermsiuap')='dcterms.issued']/@content",
    "//meta[translate(@name,'DCTERMSIUAP','dctermsiuap')='dc.date.issued']/@content",
    "//meta[translate(@name,'DCTERMSIUAP','dctermsiuap')='dc.date']/@content",
    "//meta[@name='publication_date' or @name='pubdate' or @name='publishdate']/@content",
    "//time[@pubdate]/@datetime",
)
IN_JSON = re.compile(r'"datePublished"\s*:\s*"([^"]+)"')
DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)
ADDRESSES = ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content")


def read(data: bytes) -> Reading:
    page = DECLARED.sub("", decoded(data))
    try:
        tree = lxml_html.document_fromstring(page)
    except etree.XMLSyntaxError as error:
        # Whatever is wrong in a page is mended, so it was memory that this parser ran out of.
        raise TooMuchInside() from error
    found = trafilatura.bare_extraction(page, include_comments=False, include_tables=True, favor_recall=True)
    blocks = list(blocks_of(found.body)) if found is not None and found.body is not None else []
    asks_for_password = tree.xpath("//input[translate(@type,'PASWORD','pasword')='password']")
    if asks_for_password and sum(map(len, blocks)) < CHARACTERS_OF_LOGIN:
        raise LoginPage()
    if not blocks:
        raise NoText()
    title = title_of(tree)
    if title and fold(blocks[0]) != fold(title):
        blocks = [title, *(block for block in blocks if fold(block) != fold(title))]
    return Reading(
        text=normalise("\n\n".join(blocks)),
        format="html",
        title=title,
        language=language_of(tree),
        url=next((url for url in first(tree, ADDRESSES) if url.startswith(("https://", "http://"))), ""),
        published_on=published_on(tree),
    )


def decoded(data: bytes) -> str:
    """The characters of a page: as its mark says, then as it declares itself, then as plain text is understood."""
    declared = CHARSET.search(data[:4096])
    if declared and not data.startswith(tuple(mark for mark, _encoding in MARKS)):
        try:
            name = codecs.lookup(declared[1].decode()).name
        except LookupError:
            name = ""
        if name and not name.startswith("utf"):
            return strictly(data, MEANT.get(name, name))
    return decode(data)


def blocks_of(body: etree._Element) -> Iterator[str]:
    """Paragraphs, headings, items and rows of an article in its order."""
    pieces: list[str] = []
    in_row = False
    for event, element in etree.iterwalk(body, events=("start", "end")):
        is_row = element.tag == "row"
        if is_row or (element.tag in BLOCKS and not in_row):
            yield from block(pieces)
            pieces.clear()
        if is_row:
            in_row = event == "start"
        if event == "end":
            pieces += [CELLS if element.tag == "cell" else "", squeezed(element.tail)]
        else:
            pieces += ["\n" if element.tag == "lb" else "", squeezed(element.text)]
    yield from block(pieces)


def block(pieces: list[str]) -> Iterator[str]:
    text = re.sub(r" *\n *", "\n", "".join(pieces)).strip().removesuffix(CELLS.rstrip()).strip()
    if text:
        yield text


def squeezed(text: str | None) -> str:
    return re.sub(r"[ \t\r\n\f\v]+", " ", text or "")


def title_of(tree: etree._Element) -> str:
    """The heading of the page where there is one; what windows and other sites show as its title is often longer."""
    headings = [squeezed(heading.text_content()).strip() for heading in tree.xpath("//h1")]
    headings = [heading for heading in headings if heading]
    named = [*first(tree, ("//meta[@property='og:title']/@content", "//title/text()"))]
    for heading in headings:
        # Of several headings, that which the page calls itself by; sites put their own name into one too.
        if len(headings) == 1 or any(fold(heading) in fold(name) for name in named):
            return heading
    return named[0] if named else ""


def language_of(tree: etree._Element) -> str:
    said = first(tree, ("/html/@lang", "//meta[@property='og:locale']/@content"))
    return language(next(said, ""))


def published_on(tree: etree._Element) -> str:
    """The day of publication as the page declares it; never one that merely stands somewhere on it."""
    scripts = " ".join(tree.xpath("//script[@type='application/ld+json']/text()"))
    for said in (*first(tree, PUBLISHED), *IN_JSON.findall(scripts)):
        day = DAY.match(said.strip())
        if day and is_day(day[0]):
            return day[0]
    return ""


def is_day(text: str) -> bool:
    try:
        return bool(dates.parse(text))
    except ValueError:
        return False


def first(tree: etree._Element, paths: tuple[str, ...]) -> Iterator[str]:
    """What stands at the paths, in their order."""
    for path in paths:
        for value in tree.xpath(path):
            if text := squeezed(str(value)).strip():
                yield text
