"""Feeds tell what was published, corrected and withdrawn, latest first, in documents that two judges accept."""

import feedparser
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given
from lxml import etree

from tests.crawler import Browser
from tests.examples import fill_every_part
from tests.factories import make_country, make_edition, make_next_edition, make_user, translate
from visits.catalogue.wording import Text
from visits.editorial import actions, redaction
from visits.enums import Role, State
from visits.models import Edition, Finding, User, Visit
from visits.opendata import feeds
from visits.opendata.addresses import Site
from visits.text.spreadsheets import held

from .hostile import TEXTS, visit_row
from .readers import ATOM, GRAMMAR, ORIGIN, atom, feed, feed_pages, relation, slug_in, tombstones
from .steps import corrected_since, norway, publish_again, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    return Browser()


def stamped(moment) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_feed_holds_the_visits_of_the_list_with_the_same_parameters(browser):
    for year in range(2015, 2020):
        make_edition(State.PUBLISHED, start=str(year), end=str(year))
    make_edition(State.PUBLISHED, country=norway())
    make_edition(State.DRAFT, country=norway())

    assert len(atom(browser)) == len(set(atom(browser))) == 6
    assert sorted(atom(browser, "country=dnk&year=2016&year=2018")) == ["denmark-2016", "denmark-2018"]
    assert atom(browser, "q=norway") == ["norway-2018"]
    assert atom(browser, "from=2019-01-01&sort=country&page_size=1") == ["denmark-2019"]


def test_an_entry_says_what_the_record_is_and_where_it_stands(browser):
    edition = make_edition(State.PUBLISHED, fill=fill_every_part, start="2018-05", end="2018-06-01")

    (entry,) = feed(browser, "/visits.atom").entries

    assert entry.id == f"urn:uuid:{edition.visit.uid}"
    assert (entry.title, entry.summary) == ("A visit", "What it was about.")
    assert entry.updated == entry.published == stamped(edition.published_at)
    assert {(link.rel, link.type, link.href) for link in entry.links} == {
        ("alternate", "text/html", f"{ORIGIN}/visits/denmark-2018/"),
        ("alternate", "application/json", f"{ORIGIN}/visits/denmark-2018.json"),
        ("cite-as", "text/html", f"{ORIGIN}/visits/denmark-2018/editions/1/"),
    }
    assert {(tag.scheme, tag.term, tag.label) for tag in entry.tags} >= {
        (f"{ORIGIN}/visits/?country=", "dnk", "Denmark"),
        (f"{ORIGIN}/visits/?kind=", "focused", "focused visit"),
        (f"{ORIGIN}/visits/?topic=", "topic-0", "Topic 0"),
    }
    assert "Denmark, May 2018 to 1 June 2018, 29 May to 1 June 2018" in entry.content[0].value
    for tag in entry.tags:
        assert atom(browser, f"{tag.scheme}{tag.term}".partition("?")[2]) == ["denmark-2018"]


def test_a_correction_is_the_same_entry_told_anew_with_its_note(browser):
    first = make_edition(State.PUBLISHED)
    make_edition(State.PUBLISHED, country=norway())
    second = make_next_edition(first, title="Another title", change_note="The title <was> wrong.")

    latest, other = feed(browser, "/visits.atom").entries

    assert (slug_in(latest.link), slug_in(other.link)) == ("denmark-2018", "norway-2018")
    assert (latest.id, latest.title) == (f"urn:uuid:{first.visit.uid}", "Another title")
    assert (latest.published, latest.updated) == (stamped(first.published_at), stamped(second.published_at))
    assert "Edition 2 corrects what was published before: <span>The title &lt;was&gt; wrong.</span>" in (
        latest.content[0].value.replace(' lang="en"', "").replace(' xml:lang="en"', "")
    )
    assert "corrects" not in other.content[0].value


def test_a_withdrawal_is_a_tombstone_whatever_the_filter_and_tells_nothing_more(browser):
    kept = make_edition(State.PUBLISHED, country=norway())
    gone = make_edition(State.PUBLISHED, title="Secret title", summary="Secret summary", fill=fill_every_part)
    make_next_edition(gone, change_note="Secret note")
    gone = withdraw(Edition.objects.published().get(visit=gone.visit), "It tells of <another> State.")

    for query in ("", "country=nor", "country=dnk", "q=norway", "year=1999", f"as_of={timezone.now().date()}"):
        address = f"/visits.atom?{query}"
        assert tombstones(browser, address) == [
            {
                "ref": f"urn:uuid:{gone.visit.uid}",
                "when": stamped(gone.withdrawn_at),
                "comment": "It tells of <another> State.",
            }
        ]
        read = feed(browser, address)
        assert read.feed.updated == stamped(gone.withdrawn_at)
        said = browser.get(address).body
        assert not [word for word in ("Secret", "2018-05", "/editions/2", "Topic 0") if word in said]
    assert atom(browser) == [kept.visit.slug]


def test_one_published_again_has_no_tombstone_and_withdrawn_again_the_later_one(browser):
    withdrawn = withdraw(make_edition(State.PUBLISHED))

    fresh = publish_again(withdrawn)

    assert (tombstones(browser, "/visits.atom"), atom(browser)) == ([], ["denmark-2018"])
    assert feed(browser, "/visits.atom").entries[0].published == stamped(withdrawn.published_at)
    make_next_edition(fresh)
    assert tombstones(browser, "/visits.atom") == []

    withdraw(Edition.objects.published().get(), "Wrong again.")

    assert [gone["comment"] for gone in tombstones(browser, "/visits.atom")] == ["Wrong again."]
    assert atom(browser) == []


def test_one_that_became_part_of_another_is_withdrawn_too(browser):
    other = make_edition(State.PUBLISHED, country=norway())
    gone = withdraw(make_edition(State.PUBLISHED), "Part of the other.", consolidated_into=other.visit)

    assert [each["ref"] for each in tombstones(browser, "/visits.atom")] == [f"urn:uuid:{gone.visit.uid}"]
    assert atom(browser) == ["norway-2018"]


def test_a_withheld_edition_leaves_no_word(browser):
    first = make_edition(State.PUBLISHED, title="Secret title")
    make_next_edition(first, title="Plain title")
    first.refresh_from_db()

    actions.withhold(first, by=User.objects.system(), note="It names a child.")

    assert tombstones(browser, "/visits.atom") == []
    assert [entry.title for entry in feed(browser, "/visits.atom").entries] == ["Plain title"]


def test_a_redaction_is_told_to_those_who_hold_what_was_taken_out(browser):
    edition = make_edition(State.PUBLISHED, summary="It names Somebody Special.")
    Edition.objects.filter(pk=edition.pk).update(published_at=edition.published_at.replace(year=2020))
    make_edition(State.PUBLISHED, country=norway())
    asked = redaction.propose("Somebody Special", "The person asked for it.", by=make_user(Role.EDITOR))
    scope = redaction.scope_of(redaction.Search("Somebody Special").places())
    redaction.approve(asked, by=make_user(Role.EDITOR), scope=scope, version=asked.version)

    latest, _other = feed(browser, "/visits.atom").entries

    assert slug_in(latest.link) == "denmark-2018"
    assert latest.updated > latest.published
    assert "Special" not in browser.get("/visits.atom").body


def test_the_latest_comes_first_over_all_pages_whatever_the_order_asked_for(browser):
    for year in (2019, 2015, 2017, 2016, 2018):
        make_edition(State.PUBLISHED, start=str(year), end=str(year))
    withdraw(Edition.objects.published().get(visit__slug="denmark-2015"))
    make_next_edition(Edition.objects.published().get(visit__slug="denmark-2019"))
    withdraw(Edition.objects.published().get(visit__slug="denmark-2016"))

    for sort in ("", "newest", "oldest", "country"):
        pages = list(feed_pages(browser, f"/visits.atom?sort={sort}&page_size=2"))
        gone = [tombstones(browser, relation(page, "self")) for page in pages]

        assert [[slug_in(entry.link)[-4:] for entry in page.entries] for page in pages] == [
            ["2019"],
            ["2018"],
            ["2017"],
        ]
        assert [len(each) for each in gone] == [1, 1, 0]
        assert {page.feed.updated for page in pages} == {gone[0][0]["when"]}
        assert {page.feed.id for page in pages} == {feed(browser, "/visits.atom").feed.id}
        assert [
            {name: relation(page, name) for name in ("self", "first", "previous", "next", "last")} for page in pages
        ] == [
            {
                "self": "/visits.atom?page_size=2",
                "first": "/visits.atom?page_size=2",
                "previous": "",
                "next": "/visits.atom?page=2&page_size=2",
                "last": "/visits.atom?page=3&page_size=2",
            },
            {
                "self": "/visits.atom?page=2&page_size=2",
                "first": "/visits.atom?page_size=2",
                "previous": "/visits.atom?page_size=2",
                "next": "/visits.atom?page=3&page_size=2",
                "last": "/visits.atom?page=3&page_size=2",
            },
            {
                "self": "/visits.atom?page=3&page_size=2",
                "first": "/visits.atom?page_size=2",
                "previous": "/visits.atom?page=2&page_size=2",
                "next": "",
                "last": "/visits.atom?page=3&page_size=2",
            },
        ]
    assert browser.get("/visits.atom?page_size=2&page=4").status == 400


def test_a_feed_is_known_by_its_filter_and_language_alone(browser):
    make_edition(State.PUBLISHED)

    def known(address: str) -> str:
        return feed(browser, address).feed.id

    assert known("/visits.atom?year=2018&country=dnk") == known("/visits.atom?country=DNK&year=2018&sort=oldest")
    assert known(
        "/visits.atom",
    ) == known("/visits.atom?page=1&page_size=7&utm_source=x")
    assert len({known(f"/{prefix}visits.atom{asked}") for prefix in ("", "fr/", "ar/") for asked in ("", "?q=a")}) == 6


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_feed_speaks_its_language_and_says_where_it_does_not(browser, language):
    make_edition(State.PUBLISHED, country=norway(), title="Not translated")
    edition = make_edition(State.PUBLISHED, title="Translated")
    translate(edition, language, texts={"title": f"{language} title"})

    address = f"/{language}/visits.atom"
    read = feed(browser, address)

    root = etree.fromstring(browser.get(address).body.encode())
    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    titles = {title.text: title.get(lang) for title in root.iter(f"{ATOM}title") if title.get(lang)}
    assert root.get(lang) == language
    assert titles == {"Not translated": "en", f"{language} title": language}
    assert {link.href for entry in read.entries for link in entry.links if link.type == "text/html"} == {
        f"{ORIGIN}/{language}/visits/{slug}/{rest}"
        for slug in ("denmark-2018", "norway-2018")
        for rest in ("", "editions/1/")
    }
    assert read.feed.id != feed(browser, "/visits.atom").feed.id


def test_what_the_register_showed_on_an_earlier_day_can_be_read_too(browser):
    _first, day = corrected_since(2020)

    (entry,) = feed(browser, f"/visits.atom?as_of={day}").entries

    assert (entry.title, entry.updated[:10]) == ("As it was", day)
    assert next(link.href for link in entry.links if link.rel == "cite-as").endswith("/denmark-2018/editions/1/")
    assert atom(browser, "as_of=2019-01-01") == []


def test_a_feed_that_holds_nothing_is_one(browser):
    make_country()

    read = feed(browser, "/visits.atom?country=dnk")

    assert (read.entries, read.feed.updated) == ([], "1970-01-01T00:00:00Z")
    assert relation(read, "next") == ""


@pytest.mark.parametrize("query", ["topc=x", "country=atlantis", "page=2", "page_size=101", "flavour=exact"])
def test_what_cannot_be_answered_is_refused(browser, query):
    answer = browser.get(f"/visits.atom?{query}")

    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert query.partition("=")[0] in answer.body


def test_the_list_announces_the_feed_of_what_it_shows(browser):
    make_edition(State.PUBLISHED)

    def announced(address: str) -> list[str]:
        links = etree.HTML(browser.get(address).body).iter("link")
        return [link.get("href") for link in links if link.get("type") == "application/atom+xml"]

    assert announced("/visits/") == ["/visits.atom"]
    assert announced("/fr/visits/?sort=oldest&country=dnk&page=1&nonsense=1") == ["/fr/visits.atom?country=DNK"]
    (address,) = announced("/visits/?q=visit+%26+more")
    assert feed(browser, address).feed.title == "Register of CTED visits: Search: visit & more"


def test_a_page_takes_as_many_queries_for_many_as_for_one(browser):
    def fill(edition):
        Finding.objects.create(edition=edition, kind="progress", text="Something.")

    counts = []
    for _further in range(3):
        make_edition(State.PUBLISHED, fill=fill)
        withdraw(make_edition(State.PUBLISHED))
        browser.get("/visits.atom")
        with CaptureQueriesContext(connection) as asked:
            browser.get("/visits.atom?page_size=100")
        counts.append(len(asked))

    assert Visit.objects.count() == 6
    assert len(set(counts)) == 1


@given(TEXTS, TEXTS, TEXTS)
def test_whatever_a_text_holds_is_read_as_it_was_written(title, summary, note):
    site = Site(ORIGIN, "en")
    row = visit_row(title=Text(title), summary=Text(summary), change_note=note)
    said = feeds.document(
        id="urn:uuid:00000000-0000-0000-0000-000000000000",
        title=title,
        updated="2024-03-12T10:30:00Z",
        home=f"{ORIGIN}/",
        page=f"{ORIGIN}/visits/",
        links=[],
        tombstones=[feeds.Tombstone(row.uid.urn, "2024-03-12T10:30:00Z", Text(note), site.visit(row.slug))],
        entries=[feeds.entry(row, {}, site, site)],
    ).encode()

    root = etree.fromstring(said)
    GRAMMAR.assertValid(root)
    entry = root.find(f"{ATOM}entry")
    assert [root.findtext(f"{ATOM}title"), entry.findtext(f"{ATOM}title")] == [held(title)] * 2
    assert entry.findtext(f"{ATOM}summary", "") == held(summary)
    assert root.findtext(".//{http://purl.org/atompub/tombstones/1.0}comment") == held(note)
    if note:
        assert held(note) in "".join(entry.find(f"{ATOM}content").itertext())
    read = feedparser.parse(said)
    assert (read.bozo, len(read.entries)) == (False, 1)
