"""However a text is written it is found; a search for it as it is would not find it."""

import csv
import gzip
import html
import json
import sqlite3
from base64 import b64encode, encodebytes, urlsafe_b64encode
from email.header import Header
from email.message import EmailMessage
from io import BytesIO, StringIO
from quopri import encodestring
from unicodedata import normalize
from urllib.parse import quote, quote_plus
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from icalendar import Event
from openpyxl import Workbook

from tests.decoding import found, shortened
from visits.opendata.citations import literally

# Each kind of character that some format writes in another way, in words that are not to be taken for others.
SECRET = "leaké «ق» & \"x\", <y>; 'z' {50 %} 中文 \\ end-of_it"


def archived(content: bytes) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("inner/file.txt", content)
    return packed.getvalue()


def in_workbook(text: str) -> bytes:
    book, file = Workbook(), BytesIO()
    book.active.append(["before", text])
    book.save(file)
    return file.getvalue()


def in_database(text: str) -> bytes:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE said (text)")
    database.execute("INSERT INTO said VALUES (?)", [text])
    database.commit()
    return database.serialize()


def in_calendar(text: str) -> bytes:
    event = Event()
    event.add("summary", f"{'something before ' * 5}{text}\nafter")
    return event.to_ical()


def in_csv(text: str) -> bytes:
    file = StringIO()
    csv.writer(file).writerow(["before", text])
    return file.getvalue().encode()


def in_header(text: str) -> bytes:
    quoted = encodestring(text.encode(), header=True).replace(b"=\n", b"")
    return b"=?utf-8?q?" + quoted + b"?="


def in_header_words(text: str) -> bytes:
    return b" ".join(b"=?utf-8?b?" + b64encode(char.encode()) + b"?=" for char in text)


def in_mail(text: str, encoding: str) -> bytes:
    message = EmailMessage()
    message.set_content(f"Before.\n{text}\n", cte=encoding)
    return message.as_bytes()


def wrapped(text: str, width: int, indent: str) -> str:
    return f"\r\n{indent}".join(text[start : start + width] for start in range(0, len(text), width))


WRITTEN = {
    "HTML": lambda text: html.escape(text).encode(),
    "HTML in numbers": lambda text: "".join(f"&#{ord(char)};" for char in text).encode(),
    "HTML in hexadecimal numbers": lambda text: "".join(f"&#x{ord(char):X};" for char in text).encode(),
    "HTML of which words are marked": lambda text: "<b>leaké</b> ".join(html.escape(text).split("leaké ")).encode(),
    "HTML with tags within words": lambda text: html.escape(text).replace("eak", "e<wbr>a<i>k</i>").encode(),
    "HTML in a feed": lambda text: html.escape(f"<p>{html.escape(text).replace('eak', 'e<b>a</b>k')}</p>").encode(),
    "JSON": lambda text: json.dumps({"said": text}).encode(),
    "JSON in HTML": lambda text: html.escape(json.dumps(text)).encode(),
    "JSON in a script": lambda text: json.dumps(text).replace("<", "\\u003C").replace("&", "\\u0026").encode(),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text)).encode(),
    "an address": lambda text: f"https://example.org/?q={quote(text, safe='')}".encode(),
    "a query": lambda text: f"?next={quote_plus(text)}".encode(),
    "an address in an address": lambda text: quote(f"/?q={quote(text)}").encode(),
    "a name of a file": lambda text: f"attachment; filename*=UTF-8''{quote(text, safe='')}".encode(),
    "a header, base64": lambda text: Header(text, "utf-8").encode().encode(),
    "a header, word by word": in_header_words,
    "a header, quoted": in_header,
    "quoted-printable": lambda text: encodestring(("before " * 9 + text).encode()),
    "e-mail, base64": lambda text: in_mail(text, "base64"),
    "e-mail, quoted-printable": lambda text: in_mail(text, "quoted-printable"),
    "base64": lambda text: b64encode(text.encode()),
    "base64 after something else": lambda text: b"data:x;base64," + b64encode(("b" * 7 + text).encode()),
    "base64 within a word": lambda text: b"ab" + b64encode(text.encode()) + b"yz",
    "base64 for addresses": lambda text: urlsafe_b64encode(f"??>>{text}".encode()).rstrip(b"="),
    "base64 in lines": lambda text: encodebytes(("before " * 11 + text).encode()),
    "base64 of JSON": lambda text: b64encode(json.dumps([text]).encode()),
    "hexadecimal": lambda text: text.encode().hex().encode(),
    "gzip": lambda text: gzip.compress(text.encode()),
    "an archive": lambda text: archived(text.encode()),
    "an archive in an archive": lambda text: archived(archived(html.escape(text).encode())),
    "a workbook": in_workbook,
    "a database in an archive, packed": lambda text: gzip.compress(archived(in_database(text))),
    "a calendar": in_calendar,
    "lines of any width": lambda text: wrapped(text, 7, "  ").encode(),
    "lines folded within characters": lambda text: b"\r\n ".join(text.encode()[i : i + 5] for i in range(0, 200, 5)),
    "CSV": in_csv,
    "BibTeX": lambda text: literally(text).encode(),
    "an address's slug": lambda text: "-".join(shortened(word) for word in text.split() if shortened(word)).encode(),
    "capitals": lambda text: text.upper().encode(),
    "decomposed characters": lambda text: normalize("NFD", text).encode(),
    "invisible characters between": lambda text: "\u200b".join(text).encode(),
    "directions isolated": lambda text: text.replace("ق", "\u2068ق\u2069").encode(),
}


@pytest.mark.parametrize("way", WRITTEN)
def test_a_text_is_found_however_it_is_written(way):
    content = b"before \n" + WRITTEN[way](SECRET) if way.startswith("HTML") else WRITTEN[way](SECRET)

    assert found([shortened(SECRET)], content) == {shortened(SECRET)}
    assert SECRET not in content.decode("utf-8", "replace"), "It would be found as it is."
    other = shortened(SECRET.replace("50", "51"))
    assert found([other], content) == set(), "What is one digit off is another text."


def test_what_stands_there_as_it_is_is_found():
    assert found([shortened(SECRET), "another"], SECRET.encode()) == {shortened(SECRET)}
