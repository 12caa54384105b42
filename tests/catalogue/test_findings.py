"""Findings across visits: the filters choose visits, then kinds and topics choose among what was found there."""

import datetime
import sqlite3
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.http import QueryDict

from tests.factories import make_country, make_edition, make_next_edition, make_region
from visits.catalogue import assistance
from visits.catalogue.findings import FindingList
from visits.editorial import actions
from visits.enums import State
from visits.exceptions import InvalidParameters
from visits.models import Country, Finding, Focus, Generation, Topic, User

pytestmark = pytest.mark.django_db


def topic(slug: str) -> Topic:
    return Topic.objects.get_or_create(slug=slug, defaults={"name": slug})[0]


def with_findings(*found, topics=()):
    """A filler for the factory: each finding as kind, slug of its topic or None, text and perhaps direction."""

    def fill(edition):
        for slug in topics:
            Focus.objects.create(edition=edition, topic=topic(slug))
        for position, (kind, about, text, *direction) in enumerate(found):
            Finding.objects.create(
                edition=edition,
                position=position,
                kind=kind,
                topic=about and topic(about),
                text=text,
                direction="".join(direction),
            )

    return fill


@pytest.fixture
def register():
    """Two visits with findings and topics, one with findings alone, one with topics alone."""
    europe = make_region()
    norway = make_country("Norway", "NOR", "NO", region=europe)
    make_edition(
        State.PUBLISHED,
        country=make_country(region=europe),
        start="2018",
        fill=with_findings(
            ("progress", "borders", "A law on borders."),
            ("good-practice", "gender", "Women in the police."),
            ("statement", None, "Thanks."),
            topics=["borders", "gender"],
        ),
    )
    make_edition(
        State.PUBLISHED,
        country=norway,
        start="2021",
        end="2021",
        fill=with_findings(("to-strengthen", "borders", "Fewer open ports."), topics=["borders"]),
    )
    make_edition(
        State.PUBLISHED,
        country=make_country("Chad", "TCD", "TD"),
        start="2015",
        fill=with_findings(("progress", None, "A plan."), ("progress", "gender", "A law on women.")),
    )
    make_edition(State.PUBLISHED, country=norway, start="2012", fill=with_findings(topics=["gender"]))


def ask(query: str = "") -> FindingList:
    return FindingList(QueryDict(query))


def texts(query: str = "") -> list[str]:
    return [str(card.text) for card in ask(query).cards]


EVERYTHING = ["Fewer open ports.", "A law on borders.", "Women in the police.", "Thanks.", "A plan.", "A law on women."]


def test_without_filters_every_finding_is_listed_with_the_newest_visit_first(register):
    assert texts() == EVERYTHING


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("country=nor", ["Fewer open ports."]),
        ("region=europe&year=2018", ["A law on borders.", "Women in the police.", "Thanks."]),
        ("to=2017-01-01", ["A plan.", "A law on women."]),
        ("finding=progress", ["A law on borders.", "A plan.", "A law on women."]),
        ("finding=progress&finding=to-strengthen&region=europe", ["Fewer open ports.", "A law on borders."]),
        ("finding=assistance", []),
        ("country=nor&finding=progress", []),
        ("topic=borders", ["Fewer open ports.", "A law on borders."]),
        ("topic=borders&topic=gender", ["Fewer open ports.", "A law on borders.", "Women in the police."]),
        ("topic=gender&finding=good-practice", ["Women in the police."]),
        ("sort=oldest&finding=progress", ["A plan.", "A law on women.", "A law on borders."]),
        ("sort=country&finding=progress", ["A plan.", "A law on women.", "A law on borders."]),
    ],
)
def test_filters_choose_visits_and_kinds_and_topics_choose_among_their_findings(register, query, found):
    assert texts(query) == found


@pytest.fixture
def few_values():
    """A database that takes 15 values in one question; really it is a quarter of a million."""
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite can be told to take fewer.")
    connection.ensure_connection()
    before = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 15)
    yield
    connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)


def test_a_search_finds_the_findings_of_more_visits_than_the_database_takes_values(register, request):
    for year in range(1990, 2010):
        make_edition(State.PUBLISHED, start=str(year), end=str(year), text="<p>Tulip</p>")
    request.getfixturevalue("few_values")

    assert (ask("q=tulip").visits, texts("q=visit")) == (20, EVERYTHING)


def test_states_stand_in_the_alphabet_of_the_page_as_in_the_list_of_visits(register):
    # Which databases put last.
    Country.objects.filter(iso3="NOR").update(name_en="Åland")

    assert texts("sort=country&finding=progress&finding=to-strengthen")[0] == "Fewer open ports."


def test_none_asks_for_visits_without_topics_and_of_these_for_findings_without_one(register):
    assert texts("topic=none") == ["A plan."]
    # Visits on gender or on no recorded topic; of these, findings on gender or on no recorded topic.
    assert texts("topic=none&topic=gender") == ["Women in the police.", "Thanks.", "A plan.", "A law on women."]


def test_visits_without_findings_have_none_to_list(register):
    listing = ask("finding=none")

    assert (listing.total, listing.visits, listing.cards) == (0, 1, [])
    assert texts("finding=none&finding=to-strengthen") == ["Fewer open ports."]


def test_a_replaced_topic_counts_as_its_replacement(register):
    before = texts("topic=borders")

    Topic.objects.filter(slug="borders").update(replaced_by=topic("border-management"))
    Generation.raise_by_one()

    assert texts("topic=border-management") == before != []


def test_it_is_told_how_many_of_the_visits_have_such_findings(register):
    assert ask().coverage_sentence.startswith("Such findings are recorded for 3 of 4 visits ")
    assert ask("topic=gender").coverage_sentence.startswith("Such findings are recorded for 1 of 2 visits ")
    assert ask("country=tcd").coverage_sentence.startswith("Such findings are recorded for 1 of 1 visit ")
    assert ask("finding=none").visits_query == "?finding=none"


def test_pages_count_findings(register):
    pages = [texts(f"page_size=4&page={page}") for page in (1, 2)]

    assert pages == [EVERYTHING[:4], EVERYTHING[4:]]
    assert [link.number for link in ask("page_size=4").page_links] == [1, 2]
    # Three visits would fit on one page of four.
    assert ask("page_size=4").visits_query == "?page_size=4"
    with pytest.raises(InvalidParameters) as refused:
        ask("page_size=4&page=3")
    assert [(problem.parameter, problem.nearest) for problem in refused.value.data["problems"]] == [("page", "2")]


def test_a_finding_names_its_visit_its_topic_and_who_said_it():
    def fill(edition):
        Finding.objects.create(
            edition=edition,
            kind="to-strengthen",
            direction="discussed",
            speaker="The host",
            text="More.",
            topic=topic("gender"),
        )

    edition = make_edition(State.PUBLISHED, title="CTED visits Denmark", fill=fill)

    (card,) = ask().cards
    assert (card.kind, card.direction, str(card.speaker)) == ("to strengthen", "discussed", "The host")
    assert (card.topic.key, card.country.key, card.slug, str(card.title)) == (
        "gender",
        "DNK",
        "denmark-2018",
        "CTED visits Denmark",
    )
    assert (card.period, card.number) == ("29 May to 1 June 2018", 1)
    assert card.uid == str(edition.findings.get().uid)


def test_nothing_is_found_that_is_not_published():
    for state in set(State) - {State.PUBLISHED, State.SUPERSEDED, State.WITHHELD}:
        make_edition(state, fill=with_findings(("assistance", None, f"In {state}.", "offered")))
    published = make_edition(State.PUBLISHED, fill=with_findings(("assistance", None, "Before.", "offered")))
    make_next_edition(published, fill=lambda edition: replace_findings(edition, "Now."))
    actions.new_edition(published.visit.editions.published().get(), by=User.objects.system())

    assert texts() == ["Now."]
    assert [str(card.text) for card in assistance.table(ask())[0].cells[0].findings] == ["Now."]


def replace_findings(edition, text: str) -> None:
    edition.findings.all().delete()
    Finding.objects.create(edition=edition, kind="assistance", direction="offered", text=text)


def test_as_of_finds_what_was_found_that_day():
    first = make_edition(State.PUBLISHED, fill=with_findings(("assistance", None, "Before.", "offered")))
    second = make_next_edition(first, fill=lambda edition: replace_findings(edition, "Now."))
    noon = datetime.datetime(2020, 1, 10, 12, tzinfo=datetime.UTC)
    first.refresh_from_db()
    first.published_at, first.superseded_at = noon, noon + datetime.timedelta(days=5)
    second.published_at = first.superseded_at
    first.save(), second.save()

    assert [texts(f"as_of=2020-01-{day}") for day in ("09", "10", "20")] == [[], ["Before."], ["Now."]]
    assert ask("as_of=2020-01-10").cards[0].number == 1


def cells(query: str = "") -> dict:
    """The table of assistance as topic → direction → texts and how many more there are."""
    return {
        str(row.topic.name) if row.topic else None: {
            cell.direction: ([str(card.text) for card in cell.findings], cell.more) for cell in row.cells
        }
        for row in assistance.table(ask(query))
    }


def test_assistance_stands_side_by_side_under_its_topics_with_the_newest_first(register):
    make_edition(
        State.PUBLISHED,
        start="2019",
        end="2019",
        fill=with_findings(
            ("assistance", None, "Training.", "offered"),
            ("assistance", "gender", "Advice.", "needed"),
            ("assistance", "borders", "Scanners.", "offered"),
            ("progress", "gender", "A law."),
        ),
    )
    make_edition(
        State.PUBLISHED, start="2020", end="2020", fill=with_findings(("assistance", "borders", "Ships.", "offered"))
    )
    Topic.objects.filter(slug="gender").update(replaced_by=topic("a-replacement"))

    nothing = ([], 0)
    assert cells() == {
        "a-replacement": {"offered": nothing, "needed": (["Advice."], 0), "discussed": nothing},
        "borders": {"offered": (["Ships.", "Scanners."], 0), "needed": nothing, "discussed": nothing},
        None: {"offered": (["Training."], 0), "needed": nothing, "discussed": nothing},
    }
    assert list(cells()) == ["a-replacement", "borders", None]
    assert list(cells("year=2020")) == ["borders"]
    assert cells("finding=progress") == {}


def test_a_cell_shows_the_newest_three_and_counts_the_others():
    make_edition(
        State.PUBLISHED,
        start="2015",
        fill=with_findings(*(("assistance", None, f"Old {number}.", "needed") for number in range(4))),
    )
    make_edition(State.PUBLISHED, start="2018", fill=with_findings(("assistance", None, "New.", "needed")))

    assert cells("page_size=1&page=2")[None]["needed"] == (["New.", "Old 0.", "Old 1."], 2)


def test_a_table_of_many_cells_shows_the_newest_of_as_many_as_fit_and_counts_all():
    for year in range(2000, 2020):
        offered = (("assistance", f"topic-{year}", f"Training {n} of {year}.", "offered") for n in range(2))
        needed = ("assistance", f"topic-{year}", f"Advice of {year}.", "needed")
        make_edition(State.PUBLISHED, start=str(year), end=str(year), fill=with_findings(*offered, needed))

    found = cells()

    every = [cell for row in found.values() for cell in row.values()]
    assert (len(found), sum(len(shown) + more for shown, more in every)) == (20, 60)
    assert sum(len(shown) for shown, _more in every) == assistance.MOST
    assert found["topic-2019"]["offered"] == (["Training 0 of 2019."], 1)
    assert found["topic-2000"] == {"offered": ([], 2), "needed": ([], 1), "discussed": ([], 0)}


@pytest.mark.parametrize(
    ("asked", "parameter", "nearest"),
    [
        ({"finding": "progres"}, "finding", "progress"),
        ({"topic": "bordrs"}, "topic", "borders"),
        ({"page": "0"}, "page", ""),
        ({"as_of": "2999-01-01"}, "as_of", ""),
    ],
)
def test_what_the_list_of_visits_refuses_is_refused_here(register, asked, parameter, nearest):
    with pytest.raises(InvalidParameters) as refused:
        ask(urlencode(asked))

    (problem,) = refused.value.data["problems"]
    assert (problem.parameter, problem.nearest) == (parameter, nearest)
