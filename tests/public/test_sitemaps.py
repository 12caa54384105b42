"""The sitemap lists every page that may be listed, and nothing else."""

import re
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import etree

from tests.conftest import forget
from tests.crawler import Browser
from tests.factories import make_country, make_edition, make_next_edition, translate
from visits.catalogue import addresses
from visits.enums import State
from visits.models import Edition, Topic

from .test_head import SITE, Head
from .test_structured_data import PAGES, register  # noqa: F401

pytestmark = pytest.mark.django_db

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LINK = "{http://www.w3.org/1999/xhtml}link"
SCHEMA = etree.XMLSchema(etree.parse(Path(__file__).with_name("sitemap.xsd")))
# The protocol's own limits.
MOST_URLS, MOST_BYTES, LONGEST_URL = 50_000, 50 * 1024 * 1024, 2048
DAY_AND_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00")


class Sitemap:
    """A file as its schema wants it, read."""

    def __init__(self, address: str, browser: Browser | None = None):
        answer = (browser or Browser()).get(address)
        assert (answer.status, answer.headers["Content-Type"]) == (200, "application/xml")
        SCHEMA.assertValid(etree.fromstring(answer.content))
        root = ElementTree.fromstring(answer.body.encode())  # noqa: S314
        self.is_index = root.tag == f"{SITEMAP}sitemapindex"
        assert root.tag in (f"{SITEMAP}urlset", f"{SITEMAP}sitemapindex")
        assert 0 < len(root) <= MOST_URLS
        assert len(answer.body) <= MOST_BYTES
        self.urls = {}
        for entry in root:
            assert entry.tag == SITEMAP + ("sitemap" if self.is_index else "url")
            names = [child.tag for child in entry]
            assert re.fullmatch("loc (lastmod )?(link )*", "".join(f"{name.split('}')[1]} " for name in names))
            assert {name for name in names if "link" in name} <= {LINK}
            location = entry.findtext(f"{SITEMAP}loc")
            assert location.startswith(SITE)
            assert len(location) < LONGEST_URL
            assert location not in self.urls
            self.urls[location] = entry

    def alternates(self, location: str) -> dict[str, str]:
        links = self.urls[location].findall(LINK)
        assert {link.get("rel") for link in links} <= {"alternate"}
        return {link.get("hreflang"): link.get("href") for link in links}

    def changed_at(self, location: str) -> str | None:
        return self.urls[location].findtext(f"{SITEMAP}lastmod")


def all_urls(browser: Browser) -> list[str]:
    top = Sitemap("/sitemap.xml", browser)
    if not top.is_index:
        return list(top.urls)
    return [url for file in top.urls for url in Sitemap(file.removeprefix(SITE), browser).urls]


def test_every_address_answers_as_the_page_it_says_it_is(register):  # noqa: F811
    sitemap = Sitemap("/sitemap.xml")

    for location in sitemap.urls:
        head = Head(location.removeprefix(SITE))
        assert head.is_listed, location
        assert head.canonical == location
        assert head.alternates == sitemap.alternates(location)
    assert f"{SITE}/fr/visits/denmark-2018/" in sitemap.urls
    assert f"{SITE}/ru/visits/denmark-2018/" not in sitemap.urls


def test_every_page_that_may_be_listed_is(register):  # noqa: F811
    listed = all_urls(Browser())
    pages = {name: SITE + "/" + address for name, (address, _types) in PAGES.items()}

    may_be = {name for name, url in pages.items() if Head(url.removeprefix(SITE)).is_listed}

    assert {name for name, url in pages.items() if url in listed} == may_be
    assert PAGES.keys() - may_be == {"editions", "edition", "changes", "use-visits", "use-findings"}


def test_only_what_is_published_and_not_replaced_is_listed(client):
    kept = Topic.objects.create(slug="gender", name="Gender")
    Topic.objects.create(slug="women", name="Women", replaced_by=kept)
    for state in (State.DRAFT, State.WITHDRAWN):
        make_edition(state, country=make_country("Norway", "NOR", "NO"))
    make_edition(State.PUBLISHED)

    listed = all_urls(Browser())

    assert [url for url in listed if "/visits/" in url and not url.endswith("/visits/")] == [
        f"{SITE}/visits/denmark-2018/"
    ]
    assert f"{SITE}/topics/gender/" in listed
    assert f"{SITE}/topics/women/" not in listed


def test_a_visit_changed_when_what_is_published_of_it_was_and_of_other_pages_no_time_is_said():
    make_next_edition(make_edition(State.PUBLISHED))
    sitemap, published = Sitemap("/sitemap.xml"), Edition.objects.published().get().published_at

    said = {location: sitemap.changed_at(location) for location in sitemap.urls if sitemap.changed_at(location)}

    assert said.keys() == {f"{SITE}/visits/denmark-2018/"}
    (when,) = said.values()
    assert DAY_AND_TIME.fullmatch(when)
    assert datetime.fromisoformat(when) == published.replace(microsecond=0)


def test_many_visits_are_listed_in_files_of_their_own(monkeypatch):
    editions = [make_edition(State.PUBLISHED) for _ in range(3)]
    make_edition(State.DRAFT)
    together = all_urls(Browser())

    monkeypatch.setattr(addresses, "SHARE", 1)

    shares = [f"{SITE}/sitemap-visits-{edition.visit_id}.xml" for edition in editions]
    assert list(Sitemap("/sitemap.xml").urls) == [f"{SITE}/sitemap-pages.xml", *shares]
    assert all_urls(Browser()) == together
    assert [len(Sitemap(share.removeprefix(SITE)).urls) for share in shares] == [1, 1, 1]
    assert Browser().get("/sitemap-visits-0.xml").status == 404


def test_a_file_holds_no_more_than_the_protocol_allows_were_every_visit_in_every_language():
    assert addresses.SHARE * 6 <= MOST_URLS


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("file", "queries"), [("", 5), ("-pages", 1), ("-visits-0", 3)])
def test_the_database_is_asked_as_often_for_one_visit_as_for_three(
    client, django_assert_num_queries, monkeypatch, count, file, queries
):
    monkeypatch.setattr(addresses, "SHARE", 1_000_000)
    for _ in range(count):
        translate(make_edition(State.PUBLISHED))
    client.get("/visits/")

    with django_assert_num_queries(queries):
        assert client.get(f"/sitemap{file}.xml").status_code == 200


def test_a_sitemap_is_kept_until_something_is_published():
    edition, browser = make_edition(State.PUBLISHED), Browser()
    tag = browser.get("/sitemap.xml").headers["ETag"]
    assert browser.get("/sitemap.xml", HTTP_IF_NONE_MATCH=tag).status == 304

    make_next_edition(edition)

    assert browser.get("/sitemap.xml", HTTP_IF_NONE_MATCH=tag).status == 200


def test_there_is_one_sitemap_for_all_languages():
    assert Browser().get("/fr/sitemap.xml").status == 404


def test_it_is_the_same_in_whatever_language_somebody_asked_first(register):  # noqa: F811
    for english, russian in (("Aviation", "Гражданская авиация"), ("Borders", "Границы"), ("Crime", "Борьба")):
        Topic.objects.create(slug=english.lower(), name_en=english, name_ru=russian)
    told = set()
    for first in ("/visits/", "/ru/visits/"):
        forget()
        Browser().get(first)
        told.add(Browser().get("/sitemap.xml").body)

    assert len(told) == 1
