"""The filters beside a list, as a reader without scripts has them: a form, its numbers, and where they lead."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlencode

import pytest

from tests.factories import make_country, make_edition
from visits.enums import State
from visits.models import Focus, Topic

pytestmark = pytest.mark.django_db


@dataclass
class Option:
    name: str
    value: str
    checked: bool
    words: str = ""

    @property
    def number(self) -> int | None:
        told = re.search(r"\((\d+)\)$", self.words)
        return int(told[1]) if told else None


@dataclass
class Link:
    attributes: dict
    words: str = ""

    @property
    def name(self) -> str:
        return self.attributes.get("aria-label") or " ".join(self.words.split())


@dataclass
class Form(HTMLParser):
    """The filters of a page: `options` to choose, the other `fields` as they stand; besides, all `links`."""

    page: str
    options: list[Option] = field(default_factory=list)
    fields: list[tuple[str, str]] = field(default_factory=list)
    orders: list[str] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    found: str = ""
    inside: str = ""
    is_filters: bool = False

    def __post_init__(self):
        super().__init__()
        self.feed(self.page)

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        if tag == "form":
            self.is_filters = has.get("class") == "filters"
        if tag == "input" and has.get("type") == "checkbox":
            self.options.append(Option(has["name"], has["value"], "checked" in has))
        elif tag == "input" and "name" in has and self.is_filters:
            self.fields.append((has["name"], has.get("value", "")))
        elif tag == "option":
            self.orders.append("")
            if "selected" in has:
                self.fields.append(("sort", has["value"]))
        elif tag == "a":
            self.links.append(Link(has))
        # The label of a checkbox is around it, those of other fields name theirs.
        if tag in ("a", "option") or has.get("id") == "found" or (tag == "label" and "for" not in has):
            self.inside = tag

    def handle_data(self, data):
        if self.inside == "label":
            self.options[-1].words += data
        elif self.inside == "a":
            self.links[-1].words += data
        elif self.inside == "option":
            self.orders[-1] += data
        elif self.inside == "span":
            self.found += data

    def handle_endtag(self, tag):
        if tag == self.inside:
            self.inside = ""

    @property
    def total(self) -> int:
        return int(self.found.split()[0])

    def query_with(self, option: Option) -> str:
        """What a browser sends when that option is chosen as well."""
        chosen = [(each.name, each.value) for each in self.options if each.checked]
        return urlencode([*chosen, (option.name, option.value), *self.fields])


def form_of(client, query: str = "", status: int = 200, path: str = "/visits/") -> Form:
    page = client.get(f"{path}?{query}")
    assert page.status_code == status
    return Form(page.text)


def gender(edition):
    Focus.objects.create(
        edition=edition, topic=Topic.objects.get_or_create(slug="gender", defaults={"name": "Gender"})[0]
    )


def test_the_number_is_part_of_the_name_of_its_checkbox_and_not_recorded_comes_last(client):
    make_edition(State.PUBLISHED, fill=gender)
    make_edition(State.PUBLISHED, start="2019", end="2019", kinds=())
    make_edition(State.PUBLISHED, start="2020", end="2020", kinds=(), fill=gender)

    names = [(option.name, option.words) for option in form_of(client).options]

    assert [words for name, words in names if name == "topic"] == ["Gender (2)", "Not recorded (1)"]
    assert [words for name, words in names if name == "kind"] == ["focused visit (1)", "Not recorded (2)"]
    assert [words for name, words in names if name == "year"] == ["2020 (1)", "2019 (1)", "2018 (1)"]


def test_a_name_is_never_shown_as_markup(client):
    def fill(edition):
        Focus.objects.create(edition=edition, topic=Topic.objects.create(slug="b", name="<b>Borders</b>"))

    make_edition(State.PUBLISHED, fill=fill)

    page = client.get("/visits/?topic=b").text

    assert "<b>Borders" not in page
    assert page.count("&lt;b&gt;Borders&lt;/b&gt;") >= 3


def test_each_chip_says_what_it_removes_and_removes_it(client):
    make_edition(State.PUBLISHED, fill=gender)
    query = "q=visit&topic=gender&country=DNK&from=2018-01-01&sort=relevance"

    chips = [link for link in form_of(client, query).links if "chip" in link.attributes.get("class", "")]

    assert [chip.name for chip in chips] == [
        "Remove filter: Search visit",
        "Remove filter: Topic Gender",
        "Remove filter: Country Denmark",
        "Remove filter: From 1 January 2018",
    ]
    for chip, parameter in zip(chips, ("q", "topic", "country", "from"), strict=True):
        left = form_of(client, chip.attributes["href"].removeprefix("?"))
        assert len([link for link in left.links if "chip" in link.attributes.get("class", "")]) == 3
        assert f"{parameter}=" not in chip.attributes["href"]


def test_beside_a_refusal_everything_can_be_chosen_and_nothing_is_counted(client):
    make_edition(State.PUBLISHED, fill=gender)
    make_country("Norway", "NOR", "NO")

    form = form_of(client, "topic=gender&from=2018&q=%21&year=1999", status=400)

    assert {option.number for option in form.options} == {None}
    assert {(option.name, option.value) for option in form.options if option.checked} == {
        ("topic", "gender"),
        ("year", "1999"),
    }
    assert "NOR" in {option.value for option in form.options}
    assert ("q", "!") in form.fields
    assert 'aria-describedby="problem-q"' in form.page


def test_new_words_sent_from_the_form_are_answered_with_the_best_match_first(client):
    make_edition(State.PUBLISHED)
    before = form_of(client)
    assert (dict(before.fields)["sort"], before.orders[0]) == ("", "Newest first")

    after = form_of(client, urlencode(dict(before.fields) | {"q": "visit"}))

    assert (dict(after.fields)["sort"], after.orders[0]) == ("", "Best match first")
    assert (dict(after.fields)["q"], after.total) == ("visit", 1)


def test_a_miss_leads_to_what_may_have_been_meant(client):
    make_edition(State.PUBLISHED)

    (meant,) = [link for link in form_of(client, "q=Denmrak&kind=focused").links if link.name == "Denmark"]

    assert form_of(client, meant.attributes["href"].removeprefix("?")).total == 1
    assert "kind=focused" in meant.attributes["href"]


def test_a_term_without_a_visit_leads_to_its_page(client):
    make_edition(State.PUBLISHED)
    make_country("Norway", "NOR", "NO")

    (page,) = [link for link in form_of(client, "q=Norway").links if link.name == "Norway"]

    assert page.attributes["href"] == "/countries/nor/"
    assert "(no visit recorded here)" in client.get("/visits/?q=Norway").text
