"""PDF: the lines of pages become paragraphs again, without what stands at the edge of every page."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from visits.exceptions import BackwardsText, DamagedFile, EncryptedFile, ScannedPdf, TooMuchText
from visits.text.fold import fold

from .reading import MAX_CHARACTERS, Reading, language
from .text import normalise

# What follows the last object; a file without it was broken off, and would be read in part.
ENDS = (b"%%EOF", b"startxref")
TAIL = 4096
LETTERS_OF_A_PAGE = 10
# How far from the top and the bottom headers, footers and numbers of pages stand, in lines.
EDGE = 3
PAGE_WORD = "page|pag|página|pág|p|страница|стр|с|صفحة|第"
PAGE_NUMBER = re.compile(
    rf"\W*(?:(?:{PAGE_WORD})\W*)?[0-9]{{1,4}}(?:\W*(?:/|of|de|sur|из|من)?\W*[0-9]{{1,4}})?\W*(?:页)?\W*", re.IGNORECASE
)
LONGEST_PAGE_NUMBER = 30
LONGEST_WORD = 80
# What browsers print at the edge: the time, or the address and the number of the page.
PRINTED = re.compile(r"^[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{2,4},? [0-9]{1,2}:[0-9]{2}\b|^\S+://\S+ [0-9]+/[0-9]+$")
ARABIC = re.compile(r"[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc]")
STOPS = ".،؛؟!"
ENDS_SENTENCE = re.compile(r"[.!?:;…。！？：；؟۔][\"'”’»）)\]]*$")
BULLET = re.compile(r"[•●▪■◦‣·–—*-]\s|\(?(?:[0-9]{1,2}|[a-zA-Z])[.)]\s")
BROKEN_WORD = re.compile(r"((?:[^\W\d_]+-)*[^\W\d_]+)[-‐\xad]$")
# English writes these with a hyphen to what follows, at the end of a line too.
HYPHENATED = {
    "anti", "co", "counter", "cross", "evidence", "ex", "follow", "high", "inter", "law", "long", "multi",
    "non", "on", "post", "pre", "risk", "self", "short", "so", "socio", "sub", "three", "two", "well", "whole",
}  # fmt: skip
CJK = r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
# Left by changes of the font; Chinese is written without.
BESIDE_CJK = re.compile(rf"(?<={CJK}) +| +(?={CJK})")
OPENING = 5


@dataclass
class Line:
    """A line as it stands on its page: how high, how far in, in letters of which size."""

    text: str
    y: float
    x: float
    size: float


def read(data: bytes) -> Reading:
    if not any(mark in data[-TAIL:] for mark in ENDS):
        raise DamagedFile()
    reader = PdfReader(io.BytesIO(data))
    decrypt(reader)
    pages = list(pages_of(reader))
    if not pages:
        raise DamagedFile()
    letters = sum(char.isalpha() for page in pages for line in page for char in line.text)
    if letters < LETTERS_OF_A_PAGE * len(pages):
        raise ScannedPdf()
    pages = without_edges(pages)
    if is_backwards([line.text for page in pages for line in page]):
        raise BackwardsText()
    blocks = paragraphs(pages)
    return Reading(
        text=normalise("\n\n".join(blocks)),
        format="pdf",
        title=title_of(reader, blocks),
        language=language(str(reader.root_object.get("/Lang", ""))),
    )


def decrypt(reader: PdfReader) -> None:
    """Many files are only protected against changes, and open with an empty password."""
    if not reader.is_encrypted:
        return
    try:
        if reader.decrypt(""):
            return
    except (DependencyError, FileNotDecryptedError, NotImplementedError) as error:
        raise EncryptedFile() from error
    raise EncryptedFile()


def pages_of(reader: PdfReader) -> Iterator[list[Line]]:
    length = 0
    for page in reader.pages:
        lines = lines_of(page)
        length += sum(len(line.text) for line in lines)
        if length > MAX_CHARACTERS:
            raise TooMuchText(limit=MAX_CHARACTERS)
        yield lines


def lines_of(page: PageObject) -> list[Line]:
    lines: list[Line] = []
    current: list[tuple[str, float, float, float]] = []

    def finish():
        text = re.sub(r"\s+", " ", "".join(piece for piece, *_place in current)).strip()
        if text:
            _piece, y, x, size = next(piece for piece in current if piece[0].strip())
            lines.append(Line(text, y, x, size))
        current.clear()

    def visit(text, outer, inner, _font, size):
        # Where the inner matrix puts a text on the page that the outer one turns and stretches.
        x = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
        y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        height = abs((size or 0) * (inner[3] or 1) * (outer[3] or 1))
        for number, piece in enumerate(text.split("\n")):
            if number:
                finish()
            current.append((piece, y, x, height))

    page.extract_text(visitor_text=visit)
    finish()
    return lines


def without_edges(pages: list[list[Line]]) -> list[list[Line]]:
    """Pages without numbers, and without headers and footers: lines that stand at the same edge of most pages."""
    pages = [peeled(page) for page in pages]
    edges = [{place for place in range(len(page)) if min(place, len(page) - 1 - place) < EDGE} for page in pages]
    seen = Counter(
        key for page, places in zip(pages, edges, strict=True) for key in {edge_key(page, place) for place in places}
    )
    least = max(2, len(pages) / 2)
    return [
        [line for place, line in enumerate(page) if place not in places or seen[edge_key(page, place)] < least]
        for page, places in zip(pages, edges, strict=True)
    ]


def peeled(page: list[Line]) -> list[Line]:
    """A page without its number and what browsers print, which come first or last."""
    first, last = 0, len(page)
    while first < last and is_about_page(page[first].text):
        first += 1
    while first < last and is_about_page(page[last - 1].text):
        last -= 1
    return page[first:last]


def is_about_page(text: str) -> bool:
    is_number = len(text) <= LONGEST_PAGE_NUMBER and PAGE_NUMBER.fullmatch(text)
    return bool(is_number or PRINTED.search(text))


def is_backwards(lines: list[str]) -> bool:
    """Whether Arabic comes in the order in which it is seen from the left: its sentences then begin with their stop."""
    arabic = [line for line in lines if 2 * len(ARABIC.findall(line)) > len(line)]
    begins = sum(line[0] in STOPS for line in arabic)
    return begins > 0 and begins >= sum(line[-1] in STOPS for line in arabic)


def edge_key(page: list[Line], place: int) -> tuple[bool, str]:
    """The same for a header on every page: numbers change from page to page."""
    return place < len(page) / 2, re.sub(r"[0-9]+", "0", page[place].text)


def paragraphs(pages: list[list[Line]]) -> list[str]:
    lines = [(line, number) for number, page in enumerate(pages) for line in page]
    if not lines:
        return []
    width = max(len(line.text) for line, _page in lines)
    leading = usual_leading(pages)
    known = Counter(word for line, _page in lines for word in words_in(line.text))
    blocks = [[lines[0][0].text]]
    for (before, its_page), (line, page) in pairwise(lines):
        begins = begins_page(before, line) if page != its_page else begins_paragraph(before, line, leading, width)
        if begins:
            blocks.append([])
        blocks[-1].append(line.text)
    return [joined(block, known) for block in blocks]


def usual_leading(pages: list[list[Line]]) -> float:
    """The distance of lines within paragraphs, in heights of their letters: the least about as frequent as any."""
    steps = Counter(
        round((before.y - line.y) / line.size, 1)
        for page in pages
        for before, line in pairwise(page)
        if before.y > line.y and line.size
    )
    return min((step for step, count in steps.items() if 2 * count >= max(steps.values())), default=0)


def begins_page(before: Line, line: Line) -> bool:
    return bool(ENDS_SENTENCE.search(before.text)) or differs(before.size, line.size)


def begins_paragraph(before: Line, line: Line, leading: float, width: int) -> bool:
    step = (before.y - line.y) / (line.size or 1)
    if BULLET.match(line.text) or differs(before.size, line.size):
        return True
    if step <= 0 or step > leading * 5:
        # Another column, or beside a picture.
        return begins_page(before, line)
    if step > leading * 1.25:
        return True
    is_indented = line.x > before.x + line.size and ENDS_SENTENCE.search(before.text)
    is_short = len(before.text) < width * 0.7 and ENDS_SENTENCE.search(before.text) and not line.text[0].islower()
    return bool(is_indented or is_short)


def differs(one: float, other: float) -> bool:
    return abs(one - other) > 0.15 * max(one, other)


def words_in(text: str) -> Iterable[str]:
    return re.findall(r"[^\W\d_]+(?:[-‐][^\W\d_]+)*", text.lower())


def joined(lines: list[str], known: Counter) -> str:
    """The lines of a paragraph as one, words that were parted at their ends put together."""
    text = lines[0]
    for before, line in pairwise(lines):
        broken = BROKEN_WORD.search(before[-LONGEST_WORD:])
        if broken and line[0].islower():
            text = with_word(text, line, broken[1].lower(), known)
        else:
            text += line if broken and line[0].isupper() else f" {line}"
    return BESIDE_CJK.sub("", text)


def with_word(text: str, line: str, first: str, known: Counter) -> str:
    """Together with or without the hyphen, as the document writes the word elsewhere; as English does, if nowhere."""
    rest = re.match(r"[^\W\d_]+", line)[0].lower()
    whole, hyphenated = first + rest, f"{first}-{rest}"
    if text.endswith("\xad"):
        keeps_hyphen = False
    elif known[whole] or known[hyphenated]:
        keeps_hyphen = known[hyphenated] > known[whole]
    else:
        keeps_hyphen = "-" in first or first in HYPHENATED
    return f"{text if keeps_hyphen else text[:-1]}{line}"


def title_of(reader: PdfReader, blocks: list[str]) -> str:
    """The title that a file gives itself, where the text says the same: most are names of earlier files."""
    title = str((reader.metadata and reader.metadata.title) or "").strip()
    return next((block for block in blocks[:OPENING] if title and fold(block) == fold(title)), "")
