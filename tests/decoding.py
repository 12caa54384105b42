"""Finds texts in whatever the public is sent, however they are written there: packed, encoded, escaped, folded, split.

What is searched are all readings of an answer, each shortened to its letters and digits: punctuation, white space, case
and accents are what escaping, folding, slugs and word-by-word comparisons change, and no text is told from another by
them alone.
"""

import gzip
import re
import sqlite3
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator
from contextlib import closing
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from html import unescape
from io import BytesIO
from unicodedata import normalize
from zipfile import ZipFile

BETWEEN = re.compile(r"[\W_]+")
ASCII_BETWEEN = bytes(code for code in range(128) if not chr(code).isalnum())
# Of calendars and headers, and of quoted-printable; what ends a word of a header is no such end of a line.
FOLD = re.compile(rb"\r?\n[ \t]|(?<!\?)=\r?\n")
TAG = re.compile(r"<[^<>]*>")
# %C3%A9 of addresses and of RFC 5987, =C3=A9 of quoted-printable.
OCTETS = re.compile(r"(?:[%=][0-9A-Fa-f]{2})+")
# Of JSON, JavaScript and Python; a pair of surrogates is one character.
CODES = re.compile(r"(?:\\u[0-9A-Fa-f]{4})+|\\x[0-9A-Fa-f]{2}|\\U[0-9A-Fa-f]{8}")
LINE_END = re.compile(r"\\[nNrt](?![a-zA-Z]*\{)")
# Of TeX: \textbackslash{}, {\o}.
COMMAND = re.compile(r"\\[A-Za-z]{2,}(?:\{\}|\s)?|\\(?=[A-Za-z]\})")
HEADER_WORD = re.compile(r"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=(?:\s+=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?=)*")
BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}(?:\r?\n[A-Za-z0-9+/_-]+)*")
HEX = re.compile(r"(?:[0-9A-Fa-f]{2}){8,}")
TO_URLSAFE = str.maketrans("+/", "-_", "\r\n")
MOST_LAYERS = 5


def shortened(text: str) -> str:
    # In two steps, because the first leaves the second little to do.
    text = normalize("NFKD", text).encode("utf-8", "replace").translate(None, ASCII_BETWEEN).decode()
    return (text if text.isascii() else BETWEEN.sub("", text)).casefold()


def found(texts: Iterable[str], content: bytes) -> set[str]:
    """Which of these `shortened` texts the content holds, in any reading of it."""
    texts = frozenset(texts)
    begins, lengths = {text[:4] for text in texts}, {len(text) for text in texts}
    # Only where one of them may begin: hundreds are searched for in thousands of pages.
    places = (
        reading[place.start() : place.start() + length]
        for reading in map(shortened, readings(content))
        for begin in begins
        for place in re.finditer(re.escape(begin), reading)
        for length in lengths
    )
    return texts.intersection(places)


def readings(content: bytes) -> Iterator[str]:
    for part in unpacked(content):
        text = FOLD.sub(b"", part).decode("utf-8", "replace")
        told = unescaped(text)
        yield text
        if told != text:
            yield told
        # Markup may be escaped in other markup, and what looks like a tag afterwards may have been text.
        for marked_up in dict.fromkeys((text, unescape(text), told)):
            if "<" in marked_up:
                yield unescaped(TAG.sub("", marked_up))
        if "\\" in text:
            yield COMMAND.sub("", text)
        yield from unarmoured(text)


def unpacked(content: bytes) -> Iterator[bytes]:
    """What is in it: of archives each member, workbooks being archives too; of databases every value."""
    if content.startswith(b"\x1f\x8b"):
        yield from unpacked(gzip.decompress(content))
    elif content.startswith(b"PK\x03\x04"):
        with ZipFile(BytesIO(content)) as archive:
            for name in archive.namelist():
                yield name.encode()
                yield from unpacked(archive.read(name))
    elif content.startswith(b"SQLite format 3\0"):
        with closing(sqlite3.connect(":memory:")) as database:
            database.deserialize(content)
            tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = (row for table in tables for row in database.execute(f'SELECT * FROM "{table}"'))
            values = (value if isinstance(value, bytes) else str(value).encode() for row in rows for value in row)
            yield b"\n".join([*map(str.encode, tables), *values])
    else:
        yield content


def unescaped(text: str) -> str:
    """Without the escapes of HTML, XML, addresses, JSON, calendars, headers and quoted-printable, in any order."""
    for _layer in range(MOST_LAYERS):
        before = text
        text = unescape(text) if "&" in text else text
        if "=?" in text:
            text = HEADER_WORD.sub(header_word, text)
        if "\\" in text:
            text = LINE_END.sub(" ", CODES.sub(code, text))
        text = OCTETS.sub(octets, text)
        if text == before:
            break
    return text


def header_word(written: re.Match) -> str:
    try:
        return str(make_header(decode_header(written[0])))
    except (HeaderParseError, LookupError, UnicodeError):
        return written[0]


def code(written: re.Match) -> str:
    text = written[0].encode().decode("unicode_escape")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def octets(written: re.Match) -> str:
    return bytes.fromhex(re.sub("[%=]", "", written[0])).decode("utf-8", "replace")


def unarmoured(text: str) -> Iterator[str]:
    """What runs of base64 and of hexadecimal digits say, wherever in the run it begins, over the ends of lines."""
    # What has no capitals are words.
    runs = [run.translate(TO_URLSAFE) for run in BASE64.findall(text) if not run.islower()]
    for start in range(4):
        told = b"".join(from_base64(run[start:]) for run in runs)
        yield unescaped(told.decode("utf-8", "ignore"))
    yield b"".join(map(bytes.fromhex, HEX.findall(text))).decode("utf-8", "ignore")


def from_base64(run: str) -> bytes:
    # One digit too many says nothing.
    run = run[:-1] if len(run) % 4 == 1 else run
    return urlsafe_b64decode(run + "=" * (-len(run) % 4))
