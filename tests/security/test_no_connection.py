"""Addresses in records, tables and files are texts: nobody makes this machine ask another one for anything."""

import ast
import io
import re
import socket
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client

from tests.crawler import Browser
from tests.factories import make_document, make_edition, make_user
from tests.ingest import tables
from tests.ingest.files import docx, page, pdf, with_part
from visits.enums import Role, State
from visits.exceptions import Unreadable
from visits.ingest.readers import docx as from_docx
from visits.ingest.readers import html as from_html
from visits.ingest.readers import pdf as from_pdf
from visits.ingest.readers import xlsx as from_xlsx
from visits.models import Body, Document, Edition, Resolution, User
from visits.opendata import bundle

pytestmark = pytest.mark.django_db

INSIDE = "http://169.254.169.254/latest/meta-data/"
SECRET = "only-this-machine-knows-it"


class Asked(BaseException):
    """No `except Exception` makes it a refusal."""


@pytest.fixture
def guarded(monkeypatch, tmp_path):
    """No name can be looked up and nothing connected to; what is tried is remembered too."""
    tried = []

    def refuse(*arguments, **options):
        tried.append([each for each in arguments if not isinstance(each, socket.socket)])
        raise Asked

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("getaddrinfo", "gethostbyname", "create_connection"):
        monkeypatch.setattr(socket, name, refuse)
    return tried


def test_the_guard_notices(guarded):
    with pytest.raises(Asked):
        socket.create_connection(("127.0.0.1", 9))
    with socket.socket() as plain, pytest.raises(Asked):
        plain.connect(("127.0.0.1", 9))
    assert len(guarded) == 2


def test_a_record_with_addresses_is_written_read_published_and_packed_without_asking_anybody(guarded):
    Resolution.objects.create(number=1373, year=2001, url=INSIDE)
    Body.objects.create(acronym="WCO", slug="wco", name="Customs", kind="regional", url=INSIDE)
    document = make_document(url=INSIDE, text=f"It stands at {INSIDE}. A delegation visited Denmark in May 2018.")
    edition = make_edition(
        State.PUBLISHED, document=document, text=f'<p><a href="{INSIDE}">x</a><img src="{INSIDE}"></p>'
    )
    client = Client()
    client.force_login(make_user(Role.ADMINISTRATOR))

    bundle.build(settings.BUNDLE_DIR)
    for address in ("/visits/denmark-2018/", "/visits.json", "/visits.xlsx", "/visits.atom", "/visits/denmark-2018.md"):
        assert Browser().get(address).status == 200
    for address in (f"document/{document.pk}/change/", f"document/{document.pk}/review/", "document/export/xlsx/"):
        assert client.get(f"/admin/visits/{address}").status_code == 200
    imported = tables.upload(tables.edited(tables.table_of(Edition.objects.filter(pk=edition.pk)), source_url=INSIDE),
                             User.objects.system())  # fmt: skip
    assert client.get(f"/admin/visits/import/{imported.pk}/change/").status_code == 200
    client.post("/report/", {"about": INSIDE, "source": INSIDE, "text": INSIDE})
    call_command("check")

    assert guarded == []


ENTITIES = f"""<!DOCTYPE a [<!ENTITY file SYSTEM "file://{{file}}"><!ENTITY % outside SYSTEM "{INSIDE}"> %outside;
<!ENTITY web SYSTEM "{INSIDE}">]>"""


def with_entities(data: bytes, part: str, file) -> bytes:
    """That part of a ZIP file with entities declared, and used where its text stands."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        body = archive.read(part).decode()
    text = re.sub(r"^<\?xml.*?\?>", "", body).replace("REPLACED", "&file;&web;").lstrip()
    assert "&file;" in text
    return with_part(data, part, f'<?xml version="1.0"?>{ENTITIES.format(file=file)}{text}'.encode())


def read(reader, data: bytes) -> str:
    """What it reads, as text; nothing where it refuses or breaks, which the process around it makes a refusal."""
    try:
        return str(reader.read(data))
    except (Unreadable, Exception):
        return ""


WORDS = "A delegation met the authorities of the country and spoke with them about the management of borders. " * 5


@pytest.fixture
def secret(tmp_path):
    path = tmp_path / "secret"
    path.write_text(SECRET)
    return path


def test_no_reader_fetches_what_a_file_names(guarded, secret):
    around = (
        f'<base href="{INSIDE}"><link rel="stylesheet" href="{INSIDE}"><img src="{INSIDE}"><iframe src="{INSIDE}">'
        f'</iframe><script src="{INSIDE}"></script><object data="{INSIDE}"></object>'
        f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file://{secret}" parse="text"/>'
    )
    article = f"<h1>Experts visit a country</h1><p>{WORDS}</p>"
    workbook = tables.xlsx_of(["title"], ["REPLACED"])
    named = [
        (from_html, page(article, around=around).encode()),
        (from_html, f"{ENTITIES.format(file=secret)}{page(f'{article}<p>&file;&web;</p>')}".encode()),
        (from_pdf, pdf([f"{WORDS[:80]} {INSIDE}"]).replace(b"%PDF-1.3", b"%PDF-1.7")),
        (from_docx, docx(WORDS, INSIDE)),
        (from_docx, with_entities(docx(WORDS, "REPLACED"), "word/document.xml", secret)),
        (from_docx, with_part(docx(WORDS), "word/_rels/document.xml.rels", relations(secret).encode())),
        (from_xlsx, with_entities(workbook, sheet_of(workbook), secret)),
    ]  # fmt: skip

    told = [read(reader, data) for reader, data in named]

    assert guarded == []
    assert [each for each in told if SECRET in each] == []
    # Some are read in spite of what they name, others refused.
    assert sum(bool(each) for each in told) >= 4


def relations(secret) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{kind}/attachedTemplate" Target="{INSIDE}" TargetMode="External"/>'
        f'<Relationship Id="r2" Type="{kind}/image" Target="file://{secret}" TargetMode="External"/></Relationships>'
    )


def sheet_of(data: bytes) -> str:
    """The part that holds the texts of a workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return next(name for name in archive.namelist() if b"REPLACED" in archive.read(name))


def test_entities_that_grow_are_not_unfolded(guarded):
    """A billion laughs: a few hundred bytes that would be gigabytes of text."""
    grown = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<!DOCTYPE a [<!ENTITY l0 "ha">{grown}]>'
    data = docx(WORDS, "REPLACED")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        declaration, _, rest = archive.read("word/document.xml").decode().partition("?>")
    data = with_part(data, "word/document.xml", f"{declaration}?>{bomb}{rest.replace('REPLACED', '&l9;')}".encode())

    assert len(read(from_docx, data)) < 1_000_000


@pytest.mark.slow
def test_a_file_that_names_addresses_is_taken_in_by_the_page_of_staff(guarded, secret):
    client = Client()
    client.force_login(make_user())
    data = page(f"<h1>Experts visit a country</h1><p>{WORDS}</p><p>&file; {INSIDE}</p>", f'<link href="{INSIDE}">')

    client.post("/admin/visits/document/read/", {"file": SimpleUploadedFile("a.html", data.encode()), "url": INSIDE})

    document = Document.objects.get()
    assert document.url == INSIDE
    assert SECRET not in document.text
    assert guarded == []


# Django sends e-mail, to the server that the settings name.
CONNECTS = {"urllib.request", "http.client", "socket", "requests", "httpx", "aiohttp", "urllib3", "ftplib", "smtplib"}


def test_no_module_of_ours_knows_how_to_connect():
    found = {}
    for folder in ("visits", "cted"):
        for path in sorted(Path(settings.BASE_DIR, folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
                if isinstance(node, ast.ImportFrom) and not node.level:
                    names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
                if CONNECTS & set(names):
                    found[str(path.relative_to(settings.BASE_DIR))] = sorted(CONNECTS & set(names))

    assert found == {}
