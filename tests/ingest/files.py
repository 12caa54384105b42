"""Files as people and their programs make them, built where a test needs them."""

import io
import zipfile
from collections.abc import Iterable

from docx import Document
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

LEFT, TOP, LEADING = 70, 760, 14


def pdf(*pages: Iterable[str], title: str = "", password: str | None = None) -> bytes:
    """A PDF of pages made of lines as a word processor sets them; an empty line is the space between paragraphs."""
    writer = PdfWriter()
    font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica", "/Encoding": "/WinAnsiEncoding"}
    for lines in pages:
        page = writer.add_blank_page(595, 842)
        content = DecodedStreamObject()
        content.set_data(b"\n".join(placed(lines)))
        page[NameObject("/Contents")] = writer._add_object(content)
        page[NameObject("/Resources")] = DictionaryObject(
            {
                NameObject("/Font"): DictionaryObject(
                    {NameObject("/F1"): DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})}
                )
            }
        )
    if title:
        writer.add_metadata({"/Title": title})
    if password is not None:
        writer.encrypt(password, "owner")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def placed(lines: Iterable[str]) -> Iterable[bytes]:
    """Each line as an own piece of text; below an empty one half a line is left free."""
    height = TOP
    for line in lines:
        if line:
            words = line.encode("cp1252").replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
            yield b"BT /F1 11 Tf 1 0 0 1 %d %d Tm (%s) Tj ET" % (LEFT, height, words)
        height -= LEADING if line else LEADING // 2


def docx(*paragraphs: str, table: Iterable[Iterable[str]] = (), title: str = "") -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows := [list(row) for row in table]:
        grid = document.add_table(len(rows), len(rows[0]))
        for row, cells in zip(grid.rows, rows, strict=True):
            for cell, words in zip(row.cells, cells, strict=True):
                cell.text = words
    document.core_properties.title = title
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """A ZIP file in which one part is another or is new."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != name:
                new.writestr(part.filename, old.read(part))
        new.writestr(name, content)
    return file.getvalue()


def page(article: str, head: str = "", around: str = "") -> str:
    """A web page with a navigation, a foot, and an article between them."""
    return (
        f'<!DOCTYPE html><html lang="en-US"><head><meta charset="utf-8"><title>Site</title>{head}</head><body>'
        '<header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">All news</a></li></ul></nav></header>'
        f"{around}<main><article>{article}</article></main>"
        '<footer><p>Copyright</p><a href="/terms">Terms of use</a></footer></body></html>'
    )
