"""Each page has one address that search engines are told, in the languages that it really is in."""

import re

import pytest

from tests.crawler import Browser
from tests.factories import make_country, make_edition, make_next_edition, make_region, translate
from visits.enums import State
from visits.models import Edition, Topic

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1"
LANGUAGES = {"en": "", "ar": "/ar", "zh-hans": "/zh-hans", "fr": "/fr", "ru": "/ru", "es": "/es"}


class Head:
    def __init__(self, address: str):
        self.page = Browser().get(address)
        assert self.page.status == 200, address
        head = self.page.body.partition("</head>")[0]
        (self.canonical,) = re.findall(r'<link rel="canonical" href="([^"]+)">', head.replace("&amp;", "&"))
        self.alternates = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', head))
        self.is_listed = '<meta name="robots" content="noindex">' not in head


@pytest.fixture
def register():
    region = make_region()
    make_next_edition(make_edition(State.PUBLISHED, country=make_country(region=region)))
    for slug in ("aviation", "gender"):
        Topic.objects.create(slug=slug, name=slug)


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/?utm_source=a&x=1", "/"),
        ("/visits/?page=1&sort=newest&page_size=20&utm_source=a&gclid=b&topik=c&kind=", "/visits/"),
        (
            "/visits/?topic=gender&topic=aviation&country=dnk&topic=gender",
            "/visits/?country=DNK&topic=aviation&topic=gender",
        ),
        ("/visits/?from=2018-01-01&as_of=&fbclid=1", "/visits/?from=2018-01-01"),
        ("/visits/?q=visit&sort=relevance", "/visits/?q=visit"),
        ("/visits/?q=visit&sort=newest", "/visits/?q=visit&sort=newest"),
        ("/fr/findings/?topic=gender&utm_medium=a", "/fr/findings/?topic=gender"),
        ("/countries/?sort=name&region=europe&region=europe&utm_medium=a", "/countries/?region=europe"),
        ("/countries/?sort=last", "/countries/?sort=last"),
        ("/countries/DNK/?utm_medium=a", "/countries/dnk/"),
        ("/ru/topics/gender/?x=1", "/ru/topics/gender/"),
        ("/visits/denmark-2018/?kind=focused", "/visits/denmark-2018/"),
        ("/visits/denmark-2018/editions/1/?x=1", "/visits/denmark-2018/editions/1/"),
    ],
)
def test_a_page_has_one_address_whatever_else_was_asked(register, asked, canonical):
    head = Head(asked)

    assert head.canonical == SITE + canonical
    if "?q=" not in canonical:
        assert Head(canonical).canonical == head.canonical


@pytest.mark.parametrize("address", ["/", "/visits/", "/visits/?topic=gender", "/countries/dnk/", "/about/"])
def test_a_page_of_the_interface_is_in_every_language_and_each_names_all(register, address):
    expected = {language: f"{SITE}{prefix}{address}" for language, prefix in LANGUAGES.items()}

    for language, url in expected.items():
        head = Head(url.removeprefix(SITE))
        assert head.alternates == expected | {"x-default": expected["en"]}, url
        assert head.canonical == url
        assert head.page.headers["Content-Language"] == language


def test_a_record_that_is_not_translated_is_to_be_found_in_its_own_language(register):
    for prefix in LANGUAGES.values():
        head = Head(f"{prefix}/visits/denmark-2018/")
        assert (head.canonical, head.alternates) == (f"{SITE}/visits/denmark-2018/", {}), prefix
        assert head.is_listed


def test_a_record_is_to_be_found_in_the_languages_that_it_is_translated_to(register):
    translate(Edition.objects.published().get())
    here = "/visits/denmark-2018/"

    for prefix in ("", "/fr"):
        head = Head(prefix + here)
        assert head.canonical == SITE + prefix + here
        assert head.alternates == {"en": SITE + here, "fr": f"{SITE}/fr{here}", "x-default": SITE + here}
    untranslated = Head("/ru" + here)
    assert (untranslated.canonical, untranslated.alternates) == (SITE + here, {})


@pytest.mark.parametrize(
    ("address", "is_listed"),
    [
        ("/visits/", True),
        ("/visits/?topic=gender", True),
        ("/visits/?utm_source=a&topic=gender&sort=newest", True),
        ("/findings/?finding=progress", True),
        ("/countries/?region=europe", True),
        ("/visits/?topic=gender&topic=aviation", False),
        ("/visits/?topic=gender&kind=focused", False),
        ("/findings/?topic=gender&kind=focused", False),
        ("/visits/?q=visit", False),
        ("/visits/?sort=oldest", False),
        ("/visits/?page_size=5", False),
        ("/visits/?from=2018-01-01", False),
        ("/visits/?as_of=2026-01-01", False),
        ("/countries/?sort=last", False),
        ("/visits/denmark-2018/", True),
        ("/visits/denmark-2018/editions/", False),
        ("/visits/denmark-2018/editions/1/", False),
        ("/visits/denmark-2018/editions/2/", False),
        ("/visits/denmark-2018/editions/2/changes/", False),
    ],
)
def test_what_has_no_end_or_is_history_is_not_to_be_listed(register, address, is_listed):
    head = Head(address)

    assert (head.is_listed, bool(head.alternates)) == (is_listed, is_listed and "denmark" not in address)


def test_a_further_page_of_a_list_is_a_page_of_its_own(register):
    make_edition(State.PUBLISHED)
    head = Head("/visits/?page_size=1&page=2")
    assert head.canonical == f"{SITE}/visits/?page=2&page_size=1"


@pytest.mark.parametrize("address", ["/visits/?topic=nothing", "/nothing/", "/countries/?region=nowhere"])
def test_what_is_no_page_has_no_address(register, address):
    body = Browser().get(address).body

    assert '<meta name="robots" content="noindex">' in body
    assert 'rel="canonical"' not in body
    assert "ld+json" not in body
