"""Word documents: paragraphs and tables in their order, as they read when all changes are accepted."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from visits.exceptions import DamagedFile, TooMuchInside, UnknownFormat
from visits.text.fold import fold

from .reading import MEGABYTE, Reading
from .text import normalise

MAX_UNPACKED = 60 * MEGABYTE
MAX_TEXT_PART = 20 * MEGABYTE
MAX_PARTS = 3000
# Some programs number it.
MAIN = re.compile(r"word/document\d*\.xml")

# What was deleted, what stands in for older programs, and what hangs beside the text.
LEFT_OUT = {qn(tag) for tag in ("w:del", "w:moveFrom", "w:pPr", "w:rPr", "w:tblPr", "w:sdtPr", "w:pict", "w:drawing")}
LEFT_OUT.add("{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent")
CHARACTERS = {qn("w:tab"): " ", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
# Where a title stands that the properties of a file may be believed on.
OPENING = 5


def read(data: bytes) -> Reading:
    check(data)
    try:
        document = Document(io.BytesIO(data))
    except ValueError as error:
        raise UnknownFormat() from error
    except (PackageNotFoundError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise DamagedFile() from error
    blocks = [block for block in blocks_of(document.element.body) if block.strip()]
    # Templates and earlier documents leave theirs.
    claimed = fold(document.core_properties.title)
    title = next((block for block in blocks[:OPENING] if claimed and fold(block) == claimed), "")
    return Reading(text=normalise("\n\n".join(blocks)), format="docx", title=title.strip())


def check(data: bytes) -> None:
    """Refuse what would unpack to more than a document has, by what its directory says.

    The directory cannot understate: unpacking ends at the size it gives, and a part that had more does not match its
    checksum.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            sizes = {part.filename: part.file_size for part in file.infolist()}
            if len(file.infolist()) > MAX_PARTS or sum(part.file_size for part in file.infolist()) > MAX_UNPACKED:
                raise TooMuchInside()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise DamagedFile() from error
    main = [size for name, size in sizes.items() if MAIN.fullmatch(name)]
    if not main:
        raise UnknownFormat()
    if max(main) > MAX_TEXT_PART:
        raise TooMuchInside()


def blocks_of(parent) -> Iterator[str]:
    """Paragraphs, and tables row by row, whatever wraps them."""
    for element in parent:
        if element.tag in LEFT_OUT:
            continue
        if element.tag == qn("w:p"):
            yield text_of(element)
        elif element.tag == qn("w:tr"):
            yield " | ".join(filter(None, (" ".join(blocks_of(cell)).strip() for cell in cells_of(element))))
        else:
            yield from blocks_of(element)


def cells_of(row) -> Iterator:
    """The cells of a row, not those of a table in one of them."""
    for cell in row.iter(qn("w:tc")):
        if next(cell.iterancestors(qn("w:tr"))) is row:
            yield cell


def text_of(paragraph) -> str:
    pieces = []
    for element in paragraph:
        if element.tag in LEFT_OUT:
            continue
        if element.tag == qn("w:t"):
            pieces.append(element.text or "")
        else:
            pieces.append(CHARACTERS.get(element.tag) or text_of(element))
    return "".join(pieces)
