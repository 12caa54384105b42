"""What pages say to programs is what they say to people, and no more."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.test import override_settings
from django.utils import translation

from tests.crawler import Browser, routes
from tests.examples import fill_every_part, make_child
from tests.factories import make_edition, make_next_edition, translate
from visits.catalogue.wording import partial_date, period
from visits.enums import Modality, State
from visits.models import Body, DocumentLink, Participation, Resolution, Segment, Topic

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1/"
HOSTILE = "</script><script>alert(1)</script> & <!-- <b>"
BOUNDS = ("startDate", "endDate")
CONSTANTS = {"required name=search_term_string"}
# Of each page that people read: its address, and the types of what it says to programs.
PAGES = {
    "home": ("", {"WebSite", "SearchAction", "EntryPoint"}),
    "visits": ("visits/", {"Dataset"}),
    "visit": (
        "visits/denmark-2018/",
        {
            *("Event", "Country", "GovernmentOrganization", "Organization", "DefinedTerm", "Legislation"),
            *("CreativeWork", "BreadcrumbList", "ListItem"),
        },
    ),
    "editions": ("visits/denmark-2018/editions/", set()),
    "edition": ("visits/denmark-2018/editions/1/", set()),
    "changes": ("visits/denmark-2018/editions/2/changes/", set()),
    "findings": ("findings/", set()),
    "countries": ("countries/", set()),
    "country": ("countries/dnk/", {"Country", "BreadcrumbList", "ListItem"}),
    "topics": ("topics/", set()),
    "topic": ("topics/topic-0/", {"DefinedTerm", "DefinedTermSet", "BreadcrumbList", "ListItem"}),
    "resolutions": ("resolutions/", set()),
    "resolution": ("resolutions/1373/", {"Legislation", "BreadcrumbList", "ListItem"}),
    "bodies": ("bodies/", set()),
    "body": ("bodies/body-0/", {"GovernmentOrganization", "BreadcrumbList", "ListItem"}),
    "statistics": ("statistics/", set()),
    "data": ("data/", {"Dataset", "DataDownload"}),
    "use-visits": ("data/visits/", set()),
    "use-findings": ("data/findings/", set()),
    "corrections": ("corrections/", set()),
    "about": ("about/", set()),
    "accessibility": ("accessibility/", set()),
}


class Page(HTMLParser):
    """What somebody reads on a page, where its links lead, and its structured data."""

    def __init__(self, browser: Browser, address: str):
        super().__init__()
        self.browser, self.words, self.links, self.blocks, self.inside = browser, [], set(), [], ""
        answer = browser.get(f"/{address}")
        assert answer.status == 200, address
        self.language = answer.headers["Content-Language"]
        self.feed(answer.body)
        self.text = in_one_line(" ".join(self.words))
        self.nodes = [node for block in self.blocks for node in json.loads(block)["@graph"]]

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "a":
            self.links.add(attrs["href"])
        if tag in ("script", "style"):
            self.inside = attrs.get("type", tag)

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        if self.inside == "application/ld+json":
            self.blocks.append(data)
        elif not self.inside:
            self.words.append(data)

    def shows(self, key: str, value: str) -> bool:
        """Whether a reader of the page could have told this value."""
        with translation.override(self.language):
            if value.startswith(SITE):
                return self.browser.get("/" + value.removeprefix(SITE)).status == 200
            if value.startswith("http"):
                return value in self.links
            if key == "period":
                value = period(*value.split("/"))
            if key == "temporalCoverage":
                return all(year in self.text for year in value.split("/"))
            if re.fullmatch(r"\d{4}(-\d\d)*", value):
                value = partial_date(value)
        return value in CONSTANTS or in_one_line(value) in self.text

    def unshown(self) -> list[tuple[str, str]]:
        return [(key, value) for key, value in strings(self.nodes) if not self.shows(key, value)]


def in_one_line(text: str) -> str:
    return " ".join(text.split())


def strings(said, key: str = ""):
    """Every value in structured data that is not one of schema.org's own words, with what it is a value of."""
    if isinstance(said, dict):
        # What begins and ends is worded as one; the bounds of a whole are those of its parts.
        bounds = [said.get(name, "") for name in BOUNDS]
        of_parts = {part.get(name, "") for part in said.get("subEvent", ()) for name in BOUNDS}
        if any(bounds) and not set(bounds) <= of_parts | {""}:
            yield "period", "/".join(bounds)
        for name, value in said.items():
            # A position only counts what stands in the order of the page.
            if name not in ("@type", "eventAttendanceMode", "position", *BOUNDS):
                yield from strings(value, name)
    elif isinstance(said, list):
        for value in said:
            yield from strings(value, key)
    else:
        yield key, str(said)


def types(said) -> set[str]:
    if isinstance(said, dict):
        return {said["@type"]} | types(list(said.values()))
    return set().union(*map(types, said)) if isinstance(said, list) else set()


def event(browser: Browser, **fields) -> dict:
    """What the page of a visit with these dated parts says it was."""
    slug = make_edition(State.PUBLISHED, **fields).visit.slug
    page = Page(browser, f"visits/{slug}/")
    assert page.unshown() == []
    return next(node for node in page.nodes if node["@type"] == "Event")


@pytest.fixture
def browser():
    return Browser()


@pytest.fixture
def register():
    """A visit of which everything is recorded, in two editions and two languages, and terms of which all is known."""

    def fill(edition):
        fill_every_part(edition)
        make_child(Participation, edition, 1)

    translate(make_next_edition(make_edition(State.PUBLISHED, fill=fill)))
    Topic.objects.update(definition_en="What this topic is.", aliases="Other topic\nالموضوع")
    Resolution.objects.update(adopted_on="2001-09-28", url="https://example.org/1373", aliases="The resolution")
    Body.objects.update(url="https://example.org/body", aliases="Body by another name")
    for link in DocumentLink.objects.all():
        type(link.document).objects.filter(pk=link.document_id).update(
            url=f"https://example.org/{link.document_id}", published_on="2018-06-02"
        )


def test_every_page_has_an_expectation():
    of_people = {
        route.name
        for route in routes()
        # What has an ending is a file for programs, and the API is for them too.
        if route.text.endswith("/") and not route.text.startswith(("/admin/", "/accounts/", "/api/"))
    }

    assert of_people - {"suggestions", "finding", "report"} == PAGES.keys()


@pytest.mark.parametrize("language", ["", "ar/", "zh-hans/", "fr/", "ru/", "es/"])
def test_a_page_says_to_programs_what_it_shows(register, browser, language):
    for address, expected in PAGES.values():
        page = Page(browser, language + address)

        assert types(page.nodes) == expected, address
        assert page.unshown() == [], address


def test_a_value_that_a_page_does_not_show_is_found(register, browser):
    page = Page(browser, "visits/denmark-2018/")
    untrue = {"name": "What nobody wrote", "url": "https://example.org/elsewhere", "datePublished": "1999-01-02"}
    page.nodes = [untrue | {"startDate": "2018-05-29", "endDate": "2018-06-02"}]

    assert {key for key, _value in page.unshown()} == {*untrue, "period"}


def test_a_text_cannot_end_the_block_it_stands_in(browser):
    make_edition(State.PUBLISHED, title=HOSTILE, summary=HOSTILE)

    body = browser.get("/visits/denmark-2018/").body
    page = Page(browser, "visits/denmark-2018/")

    assert "alert(1)</script>" not in body
    (block,) = page.blocks
    assert set("<>&").isdisjoint(block)
    assert page.nodes[0]["name"] == page.nodes[0]["description"] == HOSTILE


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2018-05-29", "2018-06-01", {"startDate": "2018-05-29", "endDate": "2018-06-01"}),
        ("2018-05", "2018-05", {"startDate": "2018-05", "endDate": "2018-05"}),
        ("2018", "2018-06-01", {"startDate": "2018", "endDate": "2018-06-01"}),
        ("2018-05-29", "", {"startDate": "2018-05-29"}),
        ("", "2018", {"endDate": "2018"}),
    ],
)
def test_a_date_is_as_precise_as_it_is_recorded(browser, start, end, said):
    found = event(browser, start=start, end=end)

    assert {name: value for name, value in found.items() if name in BOUNDS} == said


def test_each_part_of_a_visit_is_told_and_no_bound_is_made_up(browser):
    def later_on_site(edition):
        Segment.objects.create(edition=edition, modality="on-site", start="2021-03-08", end="", position=2)

    found = event(browser, start="2021-02", end="2021-02", fill=later_on_site)

    assert (found["startDate"], "endDate" in found) == ("2021-02", False)
    assert [part["startDate"] for part in found["subEvent"]] == ["2021-02", "2021-03-08"]
    assert [part["name"] for part in found["subEvent"]] == ["February 2021", "from 8 March 2021; end not recorded"]


@pytest.mark.parametrize(
    ("modalities", "inferred", "said"),
    [
        ([Modality.ON_SITE], False, "https://schema.org/OfflineEventAttendanceMode"),
        ([Modality.VIRTUAL], False, "https://schema.org/OnlineEventAttendanceMode"),
        ([Modality.VIRTUAL, Modality.ON_SITE], False, "https://schema.org/MixedEventAttendanceMode"),
        ([Modality.VIRTUAL, Modality.UNKNOWN], False, None),
        ([Modality.UNKNOWN], False, None),
        ([Modality.ON_SITE], True, None),
    ],
)
def test_how_they_met_is_said_only_where_it_is_stated(browser, modalities, inferred, said):
    def meet(edition):
        edition.segments.all().delete()
        for modality in modalities:
            Segment.objects.create(edition=edition, modality=modality, modality_inferred=inferred, start="2018")

    assert event(browser, fill=meet).get("eventAttendanceMode") == said


def test_an_empty_register_is_no_set_of_data(browser):
    assert Page(browser, "visits/").nodes == []


def test_only_the_whole_list_is_the_set_of_data(register, browser):
    assert types(Page(browser, "visits/?sort=newest&page=1").nodes) >= {"Dataset"}
    assert Page(browser, "visits/?kind=focused").nodes == []


@override_settings(ALLOWED_HOSTS=["register.example"])
def test_addresses_are_those_that_were_asked(browser):
    page = browser.get("/", HTTP_HOST="register.example", HTTP_X_FORWARDED_PROTO="http")

    assert '"url":"http://register.example/"' in page.body
