"""Citations name the edition that is cited, with what is known of the visit, and are read as they were written."""

import json

import pytest
import rispy
from django.utils import timezone
from hypothesis import given
from lxml import etree

from tests.crawler import Browser
from tests.examples import fill_every_part
from tests.factories import make_country, make_edition, make_next_edition, translate
from visits.catalogue.rows import DatedPart
from visits.catalogue.wording import Text
from visits.editorial import actions
from visits.enums import State
from visits.models import Edition, User
from visits.opendata.addresses import Site
from visits.opendata.citations import as_bibtex, as_csl, as_ris, citation, in_one_line

from .hostile import TEXTS, UID, topic, visit_row
from .readers import ORIGIN, bib, bib_entries, csl, csl_items, read_bibtex, ris, ris_entries
from .steps import corrected_since, norway, withdraw

pytestmark = pytest.mark.django_db

ENDINGS = ("ris", "bib", "csl.json")
READERS = {"ris": ris, "bib": bib, "csl.json": csl}


@pytest.fixture
def browser():
    return Browser()


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_list_of_citations_holds_the_visits_of_the_list_in_its_order(browser, ending):
    for year in range(2015, 2018):
        make_edition(State.PUBLISHED, start=str(year), end=str(year))
    make_edition(State.PUBLISHED, country=norway())
    make_edition(State.DRAFT, country=norway())
    withdraw(make_edition(State.PUBLISHED, country=norway(), start="2016", end="2016"))
    read = READERS[ending]

    assert read(browser) == ["norway-2018", "denmark-2017", "denmark-2016", "denmark-2015"]
    assert read(browser, "sort=oldest&country=dnk&year=2015&year=2017") == ["denmark-2015", "denmark-2017"]
    assert read(browser, "q=norway&page_size=1", "ar/") == ["norway-2018"]
    assert read(browser, "kind=regional") == []
    assert browser.get(f"/visits.{ending}").headers["X-Total-Count"] == "4"
    assert browser.get(f"/visits.{ending}?topc=x").status == 400


def test_a_citation_says_what_the_record_is(browser):
    edition = make_next_edition(make_edition(State.PUBLISHED, fill=fill_every_part))
    published, today = edition.published_at.date(), timezone.now().date()
    address = f"{ORIGIN}/visits/denmark-2018/editions/2/"
    days = "Dates of the visit: 29 May to 1 June 2018, 29 May to 1 June 2018"

    assert ris_entries(browser, "/visits.ris") == [
        {
            "type_of_reference": "ELEC",
            "id": "cted-denmark-2018.2",
            "title": "A visit",
            "secondary_title": "Register of CTED visits",
            "edition": "2",
            "year": f"{published.year}",
            "date": f"{published:%Y/%m/%d}",
            "access_date": f"{today:%Y/%m/%d}",
            "urls": [address],
            "accession_number": "denmark-2018",
            "language": "en",
            "place_published": "Denmark",
            "notes": [days],
            "abstract": "What it was about.",
            "keywords": ["focused visit", "follow-up visit", "Topic 0"],
        }
    ]
    assert bib_entries(browser, "/visits.bib") == [
        {
            "ENTRYTYPE": "misc",
            "ID": "cted-denmark-2018.2",
            "title": "A visit",
            "howpublished": "Register of CTED visits, edition 2",
            "year": f"{published.year}",
            "month": f"{published:%b}".lower(),
            "url": address,
            "urldate": today.isoformat(),
            "eventdate": "2018-05-29/2018-06-01",
            "venue": "Denmark",
            "note": days,
            "language": "en",
            "keywords": "focused visit, follow-up visit, Topic 0",
            "abstract": "What it was about.",
        }
    ]
    assert csl_items(browser, "/visits.csl.json") == [
        {
            "id": "cted-denmark-2018.2",
            "type": "webpage",
            "title": "A visit",
            "container-title": "Register of CTED visits",
            "edition": "2",
            "issued": {"date-parts": [[published.year, published.month, published.day]]},
            "accessed": {"date-parts": [[today.year, today.month, today.day]]},
            "URL": address,
            "language": "en",
            "event-place": "Denmark",
            "event-date": {"date-parts": [[2018, 5, 29], [2018, 6, 1]]},
            "note": days,
            "keyword": "focused visit, follow-up visit, Topic 0",
            "abstract": "What it was about.",
        }
    ]


@pytest.mark.parametrize(
    ("start", "end", "eventdate", "event_date"),
    [
        ("2018", "2018", "2018", {"date-parts": [[2018]]}),
        ("2018-05", "2018-06-01", "2018-05/2018-06-01", {"date-parts": [[2018, 5], [2018, 6, 1]]}),
        ("2018-05-29", "", "2018-05-29/", {"literal": "2018-05-29/.."}),
        ("", "2018-06", "/2018-06", {"literal": "../2018-06"}),
        ("", "", None, None),
    ],
)
def test_of_the_days_is_told_what_is_known(start, end, eventdate, event_date):
    parts = [DatedPart(start, end, "on-site", False, UID)] if start or end else []
    cited = citation(visit_row(parts=parts), Site(ORIGIN, "en"))

    (entry,) = read_bibtex("".join(as_bibtex([cited])))
    (item,) = json.loads("".join(as_csl([cited])))
    (tags,) = rispy.loads("".join(as_ris([cited])).replace("\r\n", "\n"))

    assert entry.get("eventdate") == eventdate
    assert item.get("event-date") == event_date
    assert (tags["year"], tags["date"]) == ("2024", "2024/03/12")
    if not parts:
        assert tags["notes"] == ["Dates of the visit: date not recorded"]


def cited_at(browser: Browser, address: str) -> dict[str, tuple[str, str]]:
    """Key and title in each format."""
    (tags,) = ris_entries(browser, f"{address}.ris")
    (entry,) = bib_entries(browser, f"{address}.bib")
    (item,) = csl_items(browser, f"{address}.csl.json")
    return {(tags["id"], tags["title"]), (entry["ID"], entry["title"]), (item["id"], item["title"])}


def test_an_edition_is_cited_alike_wherever_it_is_taken_from_and_for_ever(browser):
    _first, day = corrected_since(2020)

    assert cited_at(browser, "/visits/denmark-2018/editions/1") == {("cted-denmark-2018.1", "As it was")}
    for address in ("/visits", "/visits/denmark-2018", "/visits/denmark-2018/editions/2"):
        assert cited_at(browser, address) == {("cted-denmark-2018.2", "As it is")}
    (item,) = csl_items(browser, f"/visits.csl.json?as_of={day}")
    assert item["id"] == "cted-denmark-2018.1"
    assert browser.get("/visits/denmark-2018/editions/3.ris").status == 404


def test_two_visits_of_one_year_have_keys_of_their_own(browser):
    for _time in range(2):
        make_next_edition(make_edition(State.PUBLISHED))

    visits = [("denmark-2018", 1), ("denmark-2018", 2), ("denmark-2018-2", 1), ("denmark-2018-2", 2)]
    cited = [bib_entries(browser, f"/visits/{slug}/editions/{number}.bib") for slug, number in visits]

    assert len({entry["ID"] for (entry,) in cited}) == 4


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_was_taken_back_answers_with_its_notice(browser, ending):
    first = make_edition(State.PUBLISHED, title="Secret")
    make_next_edition(first, title="Plain")
    first.refresh_from_db()
    actions.withhold(first, by=User.objects.system(), note="It names a child.")

    withheld = browser.get(f"/visits/denmark-2018/editions/1.{ending}")
    assert withheld.status == 410
    assert json.loads(withheld.body)["reason"] == "It names a child."
    assert browser.get(f"/visits/denmark-2018/editions/2.{ending}").status == 200

    withdraw(Edition.objects.published().get(), "Entered by mistake.")

    for address in ("denmark-2018", "denmark-2018/editions/1", "denmark-2018/editions/2"):
        gone = browser.get(f"/visits/{address}.{ending}")
        assert (gone.status, gone.headers["Content-Type"]) == (410, "application/problem+json")
        assert json.loads(gone.body)["reason"] == "Entered by mistake."
        assert "Plain" not in gone.body


@pytest.mark.parametrize("language", ["fr", "ar"])
def test_a_citation_speaks_its_language_and_says_where_it_does_not(browser, language):
    make_edition(State.PUBLISHED, country=norway(), title="Not translated")
    edition = make_edition(State.PUBLISHED, title="Translated")
    translate(edition, language, texts={"title": f"{language} title"})

    told = {item["title"]: item for item in csl_items(browser, f"/{language}/visits.csl.json")}

    assert {title: item["language"] for title, item in told.items()} == {
        "Not translated": "en",
        f"{language} title": language,
    }
    assert told["Not translated"]["URL"] == f"{ORIGIN}/{language}/visits/norway-2018/editions/1/"
    assert {entry["language"] for entry in ris_entries(browser, f"/{language}/visits.ris")} == {"en", language}


def words(node) -> str:
    return " ".join("".join(node.itertext()).split())


def test_the_page_of_a_visit_tells_how_to_cite_it_and_leads_to_the_files(browser):
    make_next_edition(make_edition(State.PUBLISHED, title="A visit"))

    for address, number in (("", 2), ("editions/2/", 2), ("editions/1/", 1)):
        page = etree.HTML(browser.get(f"/visits/denmark-2018/{address}").body)
        (section,) = page.xpath("//section[@aria-labelledby='cite']")
        (line,) = section.xpath(".//p[@class='fact citation']")
        today = f"{timezone.now().date():%-d %B %Y}"
        assert words(line) == (
            f"“A visit”, Register of CTED visits, edition {number} (as at {today}). "
            f"{ORIGIN}/visits/denmark-2018/editions/{number}/"
        )
        links = section.xpath(".//a/@href")
        assert links[:3] == [f"/visits/denmark-2018/editions/{number}.{ending}" for ending in ENDINGS]
        whole = [f"/visits/denmark-2018/editions/{number}.{ending}" for ending in ("json", "md")]
        assert links[3:] == [*whole, *(["/visits/denmark-2018.ics"] if number == 2 else [])]
        assert {browser.get(link).status for link in links} == {200}


def test_a_list_tells_how_to_cite_it_so_that_it_is_found_again_as_it_was(browser):
    make_edition(State.PUBLISHED)
    make_edition(State.PUBLISHED, country=norway())

    def told(address: str) -> tuple[str, str]:
        (line,) = etree.HTML(browser.get(address).body).xpath("//div[@id='list']/p[@class='hint'][last()]")
        said, _space, cited = words(line).rpartition(" ")
        return said, cited

    day = timezone.now().date()
    today = f"{day:%-d %B %Y}"
    said, cited = told("/visits/?country=dnk&sort=oldest")
    assert said == (f"How to cite: “Visits: Country Denmark”, Register of CTED visits, 1 visit found (as at {today}).")
    assert cited == f"{ORIGIN}/visits/?as_of={day}&country=DNK"
    assert csl(browser, cited.partition("?")[2]) == ["denmark-2018"]
    assert told("/visits/")[1] == f"{ORIGIN}/visits/?as_of={day}"
    # A search knows today's register alone.
    assert told("/visits/?q=norway")[1] == f"{ORIGIN}/visits/?q=norway"
    assert "How to cite" not in browser.get("/visits/?as_of=2019-01-01").body
    make_country("Sweden", "SWE", "SE")
    assert "How to cite" not in browser.get("/visits/?country=swe").body


@given(TEXTS.filter(in_one_line), TEXTS, TEXTS)
def test_whatever_a_text_holds_is_read_as_it_was_written(title, summary, name):
    row = visit_row(title=Text(title), summary=Text(summary), topics=[topic(name)])
    cited = [citation(row, Site(ORIGIN, "en"))] * 2
    titles, summaries = in_one_line(title).strip(), in_one_line(summary).strip()

    for tags in rispy.loads("".join(as_ris(cited)).replace("\r\n", "\n")):
        assert (tags["title"], tags.get("abstract", "")) == (titles, summaries)
        assert tags["keywords"] == ["focused visit", in_one_line(name).strip()]

    (entry,) = read_bibtex("".join(as_bibtex(cited[:1])))
    assert (entry["title"].strip(), entry.get("abstract", "").strip()) == (titles, summaries)
    assert entry["url"] == f"{ORIGIN}/visits/denmark-2018/editions/2/"

    for item in json.loads("".join(as_csl(cited))):
        assert (item["title"], item.get("abstract", "")) == (in_one_line(title), in_one_line(summary))
