"""Bytes become normalised text, or are refused with a sentence that says what to do.

Plain text is read here. Every other format goes through libraries that were written for trusted files, so it is read
in a process of its own with little memory and time: see `isolation`.
"""

import codecs
import re
from pathlib import PurePath

from django.utils.translation import gettext as _

from visits.exceptions import EmptyFile, EncryptedFile, FileTooLarge, NoText, UnknownFormat, Unreadable

from . import isolation, text
from .reading import MAX_BYTES, MEGABYTE, Reading

__all__ = ["MAX_BYTES", "Reading", "read"]

PDF, ZIP, OLE = b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# A protected DOCX is such a stream inside another container.
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
OTHERS = (
    OLE,
    rb"{\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\0",
    b"MM\0*",
    b"RIFF",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"%!PS",
    b"PK\x05\x06",
)
# After whatever may stand before the first element of a page.
PAGE = re.compile(rb"(?>\s+|<\?xml[^>]*>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL)
LOOKED_AT = 4096
NAMED = {".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx"}


def read(name: str, data: bytes) -> Reading:
    """The text of a file, or of what was pasted, with what its format tells of it.

    `name` is that of the file, empty for what was pasted. Raises a subclass of Unreadable whose data holds it.
    """
    try:
        if len(data) > MAX_BYTES:
            raise FileTooLarge(limit=MAX_BYTES // MEGABYTE)
        if not data:
            raise EmptyFile()
        format = recognised(name, data)
        reading = text.read(data) if format == "text" else isolation.read(format, data)
        if not any(char.isalpha() for char in reading.text):
            raise NoText()
        return reading
    except Unreadable as error:
        raise type(error)(**error.data | {"name": name or _("pasted text")}) from error


def recognised(name: str, data: bytes) -> str:
    """The format of a file: by its content, and by its name where that says nothing."""
    head = data[:LOOKED_AT]
    if PDF in head[:1024]:
        return "pdf"
    if head.startswith(ZIP):
        return "docx"
    if head.startswith(OLE) and ENCRYPTED in data:
        raise EncryptedFile()
    if head.startswith(OTHERS):
        raise UnknownFormat()
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # The names of elements look alike once every second byte is left out.
        head = head[2:].replace(b"\0", b"")
    if PAGE.match(head.removeprefix(codecs.BOM_UTF8)):
        return "html"
    return NAMED.get(PurePath(name).suffix.lower(), "text")
