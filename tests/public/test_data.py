"""What there is to take away is told in full, and every list leads to its other formats and to lines that work."""

import csv
import io
import re
import shlex
from html import unescape

import pytest
from django.conf import settings

from tests.crawler import Browser
from tests.factories import make_country, make_edition, make_next_edition
from visits.enums import State
from visits.models import Finding, Topic
from visits.opendata import bundle, tables
from visits.opendata.columns import ORIGINS, READING
from visits.public import formats

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1"


@pytest.fixture
def register():
    topic = Topic.objects.create(slug="border-management", name="Border management")

    def fill(edition):
        edition.focuses.create(topic=topic)
        Finding.objects.create(edition=edition, kind="progress", text="Progress was made.", topic=topic)

    make_edition(State.PUBLISHED, fill=fill)
    make_next_edition(make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO")))


def links(page: str) -> list[str]:
    return [unescape(address) for address in re.findall(r'<a [^>]*?href="([^"]+)"', page)]


def lines(page: str) -> list[str]:
    return [unescape(code) for code in re.findall(r"<pre [^>]*><code>(.*?)</code></pre>", page, re.S)]


def taking(page: str) -> str:
    (found,) = re.findall(r'<details class="taking">.*?</details>', page, re.S)
    return found


@pytest.mark.parametrize("language", ["", "/ar", "/zh-hans", "/fr", "/ru", "/es"])
def test_every_link_of_the_page_leads_somewhere(register, language):
    bundle.build(settings.BUNDLE_DIR)
    browser = Browser()
    page = browser.get(f"{language}/data/").body

    found = [address for address in dict.fromkeys(links(page)) if address.startswith("/")]

    assert {address: status for address in found if (status := browser.get(address).status) != 200} == {}


def test_every_column_is_explained_with_its_type_and_origin(register):
    page = Browser().get("/data/").body

    for column in (*tables.VISITS, *tables.FINDINGS):
        row = f"<code>{column.name}</code></th><td><b>{column.label}</b> {column.meaning}<td>"
        assert row.replace("</th>", "").replace("<td>", "") in re.sub(r"</?t[dhr][^>]*>", "", page), column.name
    for text in (*READING.values(), *ORIGINS.values()):
        assert str(text) in page


def test_the_package_is_told_with_sizes_and_checksums(register):
    package = bundle.build(settings.BUNDLE_DIR)
    page = Browser().get("/data/").body

    for file in package.files:
        assert f'href="/data/bundle/{file.name}"' in page
        assert file.sha256 in page


@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("/visits/", ""),
        (
            "/visits/?topic=border-management&sort=oldest&page_size=1&page=1&utm_source=a",
            "sort=oldest&topic=border-management",
        ),
        ("/fr/visits/?country=dnk&country=nor", "country=DNK&country=NOR"),
        ("/findings/?finding=progress", "finding=progress"),
    ],
)
def test_a_list_leads_to_the_same_list_in_every_format(register, address, query):
    route = "findings" if "findings" in address else "visits"
    base = address.partition("?")[0].rstrip("/")
    asked = f"?{query}" if query else ""

    found = links(taking(Browser().get(address).body))

    expected = [
        f"{base}.{ending}{asked}" + (("&" if asked else "?") + "flavour=spreadsheet" if more else "")
        for _label, ending, more in formats.FORMATS[route]
    ]
    prefix = base.removesuffix(f"/{route}")
    assert found == [*expected, f"{prefix}/data/{route}/{asked}"]


def test_how_many_there_are_is_told_before_they_are_taken(register):
    browser = Browser()

    assert "2 visits found" in taking(browser.get("/visits/?page_size=1").body)
    assert "1 visit found" in taking(browser.get("/visits/?country=dnk").body)
    assert "1 finding found" in taking(browser.get("/findings/").body)
    # There is nothing to take where nothing is found.
    assert '<details class="taking">' not in browser.get("/visits/?country=tcd&topic=none").body


@pytest.mark.parametrize("language", ["", "/ar"])
@pytest.mark.parametrize(
    ("route", "query", "rows"),
    [("visits", "", 2), ("visits", "?q=%22visit%22+-%27&country=dnk", 1), ("findings", "?topic=border-management", 1)],
)
def test_each_line_fetches_the_list_as_it_is_filtered(register, route, query, rows, language):
    page = Browser().get(f"{language}/data/{route}/{query}").body
    curl, python, r, sheet = lines(page)
    *_options, name, address = shlex.split(curl)

    assert name == f"{route}.csv"
    addresses = [address, *re.findall(r'"(http[^"]+)"', "\n".join([python, r, sheet]))]
    assert len(addresses) == 4
    for address in addresses:
        assert address.startswith(f"{SITE}{language}/{route}.csv")
        answer = Browser().get(address.removeprefix(SITE))
        assert answer.status == 200
        assert len(list(csv.DictReader(io.StringIO(answer.body)))) == rows
    assert sheet.startswith('=IMPORTDATA("')
    assert "flavour=spreadsheet" in sheet
    compile(python, "python", "exec")


def test_what_is_wrong_with_a_query_is_told_here_too(register):
    answer = Browser().get("/data/visits/?topic=nothing")

    assert answer.status == 400


def test_code_is_read_from_left_to_right(register):
    page = Browser().get("/ar/data/visits/").body

    assert page.count("<pre") == page.count('<pre class="snippets__code" dir="ltr"') == 4


def test_the_page_shows_what_is_missing_with_links(register):
    page = Browser().get("/data/").body

    assert '<a href="/visits/?topic=none">1</a>' in page
    assert "50%" in page


def test_the_page_is_in_the_footer_of_every_page(register):
    assert 'href="/data/">Data</a>' in Browser().get("/about/").body
