"""The one way in to every list: what is asked is what is found, and what cannot be answered is refused."""

import datetime
from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_country, make_edition, make_next_edition, make_region
from visits.catalogue.listing import Listing
from visits.editorial import actions
from visits.enums import State
from visits.exceptions import InvalidParameters
from visits.models import Body, Edition, Finding, Focus, Participation, Resolution, ResolutionLink, Segment, Topic, User

# Each a visit as a reader of the sources would note it down: the list must find it by exactly this.
FACTS = [
    {"country": "DNK", "start": "2018-05-29", "end": "2018-06-01", "kind": ["focused", "follow-up"],
     "topic": ["border-management", "gender"], "body": ["wco"], "resolution": ["1373"], "finding": ["progress"]},
    {"country": "DNK", "start": "2010", "end": "2010", "kind": ["initial"], "topic": [], "body": [],
     "resolution": ["1373", "1624"], "finding": []},
    {"country": "NOR", "start": "2021-03", "end": "2021-04", "kind": [], "topic": ["gender"], "body": ["unodc", "wco"],
     "resolution": [], "finding": ["progress", "good-practice"]},
    {"country": "NOR", "start": "", "end": "2019-04-25", "kind": ["high-level"], "topic": ["border-management"],
     "body": [], "resolution": ["1624"], "finding": ["statement"]},
    {"country": "TCD", "start": "2021-04-30", "end": "", "kind": ["advocacy", "initial"], "topic": [],
     "body": ["unodc"], "resolution": ["1373"], "finding": []},
]  # fmt: skip
REGIONS = {"DNK": ["europe", "northern-europe"], "NOR": ["europe", "northern-europe"], "TCD": []}
ASSESSMENT = {"initial", "follow-up", "focused", "comprehensive", "regional"}
GROUPS = {
    "country": ["DNK", "NOR", "TCD", "dnk", "none"],
    "region": ["europe", "northern-europe", "none"],
    "topic": ["border-management", "gender", "none"],
    "body": ["wco", "unodc", "none"],
    "resolution": ["1373", "1624", "none"],
    "kind": ["focused", "initial", "high-level", "comprehensive", "none"],
    "finding": ["progress", "good-practice", "none"],
    "assessment": ["yes", "no", "unknown", "none"],
    "modality": ["on-site", "virtual", "none"],
    "year": ["2010", "2018", "2019", "2021", "1999", "none"],
}


def make_register():
    """The visits of FACTS, published. Returns each one's slug with its facts."""
    europe = make_region("Europe", "150")
    northern = make_region("Northern Europe", "154", parent=europe)
    countries = {
        "DNK": make_country(region=northern),
        "NOR": make_country("Norway", "NOR", "NO", region=northern),
        "TCD": make_country("Chad", "TCD", "TD"),
    }
    topics = {slug: Topic.objects.create(slug=slug, name=slug) for slug in ("border-management", "gender")}
    topics["border-management"].aliases = "border security\ncustoms"
    topics["border-management"].save()
    bodies = {
        slug: Body.objects.create(slug=slug, acronym=slug.upper(), name=slug, kind="un") for slug in ("wco", "unodc")
    }
    resolutions = {number: Resolution.objects.create(number=number, year=2001) for number in ("1373", "1624")}
    found = []
    for facts in FACTS:

        def fill(edition, facts=facts):
            for slug in facts["topic"]:
                Focus.objects.create(edition=edition, topic=topics[slug])
            for slug in facts["body"]:
                Participation.objects.create(edition=edition, body=bodies[slug])
            for number in facts["resolution"]:
                ResolutionLink.objects.create(edition=edition, resolution=resolutions[number])
            for kind in facts["finding"]:
                Finding.objects.create(edition=edition, kind=kind, text="Something.")

        country = countries[facts["country"]]
        edition = make_edition(
            State.PUBLISHED, country=country, start=facts["start"], end=facts["end"], kinds=facts["kind"], fill=fill
        )
        found.append((edition.visit.slug, facts))
    return found


@pytest.fixture
def register(db):
    return make_register()


def ask(query: str = "", **options) -> Listing:
    return Listing(QueryDict(query), **options)


def slugs(query: str = "") -> list[str]:
    return [card.slug for card in ask(query).cards]


def values_of(facts: dict, group: str) -> list[str]:
    """What the facts say of a group, as the filter's values name it."""
    if group == "country":
        return [facts["country"]]
    if group == "region":
        return REGIONS[facts["country"]]
    if group == "assessment":
        if not facts["kind"]:
            return ["unknown", "none"]
        return ["yes" if ASSESSMENT & set(facts["kind"]) else "no"]
    if group == "modality":
        return ["on-site"]
    if group == "year":
        return [(facts["start"] or facts["end"])[:4]]
    return facts[group]


def fits(facts: dict, asked: dict) -> bool:
    for group, wanted in asked.items():
        values = values_of(facts, group)
        wanted = {value.upper() if group == "country" and value != "none" else value for value in wanted}
        if not wanted & set(values) and not ("none" in wanted and not values):
            return False
    return True


queries = st.fixed_dictionaries(
    {}, optional={group: st.lists(st.sampled_from(values), min_size=1, max_size=3) for group, values in GROUPS.items()}
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=queries)
def test_values_of_a_group_mean_or_and_groups_mean_and(register, asked):
    query = urlencode(asked, doseq=True)

    expected = {slug for slug, facts in register if fits(facts, asked)}

    assert set(slugs(query)) == expected
    assert ask(query).total == len(expected)


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2018-06-01", "", {"denmark-2018", "norway-2019", "norway-2021", "chad-2021"}),
        ("2018-06-02", "2018-12-31", set()),
        ("", "2010-01-01", {"denmark-2010"}),
        ("2010-12-31", "2010-12-31", {"denmark-2010"}),
        ("2021-03-15", "2021-03-15", {"norway-2021"}),
        ("2021-04-30", "2021-04-30", {"norway-2021", "chad-2021"}),
        ("2019-04-25", "2019-04-25", {"norway-2019"}),
        ("2019-04-24", "2019-04-24", set()),
    ],
)
def test_days_find_what_may_overlap_them_and_invent_no_day(register, since, until, expected):
    assert set(slugs(urlencode({"from": since, "to": until}))) == expected


def test_both_days_must_be_met_by_one_part_of_the_visit(db):
    make_edition(
        State.PUBLISHED,
        start="2021-07",
        end="2021-07",
        fill=lambda edition: Segment.objects.create(edition=edition, start="2023-03-13", end="2023-03-17"),
    )

    assert slugs("from=2022-01-01&to=2022-12-31") == []
    assert slugs("from=2021-07-20&to=2021-08-01") == ["denmark-2021"]
    assert slugs("from=2023-03-17") == ["denmark-2021"]


def test_lists_are_newest_first_unless_asked_otherwise(register):
    newest = ["chad-2021", "norway-2021", "norway-2019", "denmark-2018", "denmark-2010"]

    assert slugs() == newest
    assert slugs("sort=oldest") == newest[::-1]
    assert slugs("sort=country") == ["chad-2021", "denmark-2018", "denmark-2010", "norway-2021", "norway-2019"]


def test_pages_hold_each_visit_once(register):
    pages = [slugs(f"page_size=2&page={page}") for page in (1, 2, 3)]

    assert [slug for page in pages for slug in page] == slugs()
    assert [len(page) for page in pages] == [2, 2, 1]


@pytest.mark.parametrize(
    ("query", "parameter", "nearest"),
    [
        ("topic=nonsense", "topic", ""),
        ("topic=border-managment", "topic", "border-management"),
        ("topic=border-security", "topic", "border-management"),
        ("topic=gender&topic=nonsense", "topic", ""),
        ("country=DENMARK", "country", "DNK"),
        ("country=DNQ", "country", "DNK"),
        ("resolution=1374", "resolution", "1373"),
        ("resolution=one", "resolution", ""),
        ("kind=focussed", "kind", "focused"),
        ("assessment=maybe", "assessment", ""),
        ("year=20018", "year", "2018"),
        ("year=18", "year", "2018"),
        ("from=2018-13-01", "from", ""),
        ("to=1 June 2018", "to", ""),
        ("as_of=yesterday", "as_of", ""),
        ("as_of=2999-01-01", "as_of", ""),
        ("sort=newset", "sort", "newest"),
        ("sort=relevance", "sort", "newest"),
        ("q=???", "q", ""),
        ("q=denmark&as_of=2020-01-01", "as_of", ""),
        ("page=0", "page", ""),
        ("page=two", "page", ""),
        ("page=2", "page", "1"),
        ("page_size=101", "page_size", ""),
        ("from=2019-01-01&to=2018-01-01", "to", ""),
        ("from=2018-01-01&from=2019-01-01", "from", ""),
    ],
)
def test_a_value_that_cannot_be_answered_is_refused_by_name(register, query, parameter, nearest):
    with pytest.raises(InvalidParameters) as refused:
        ask(query)

    (problem,) = refused.value.data["problems"]
    assert (problem.parameter, problem.nearest) == (parameter, nearest)
    assert problem.sentence.endswith((".", "?"))


def test_all_that_is_wrong_is_told_at_once_with_the_valid_values(register):
    with pytest.raises(InvalidParameters) as refused:
        ask("topic=nonsense&finding=nothing&page=0")

    problems = {problem.parameter: problem for problem in refused.value.data["problems"]}
    assert set(problems) == {"topic", "finding", "page"}
    assert problems["topic"].valid == ("border-management", "gender", "none")
    assert problems["topic"].value == "nonsense"


def test_the_form_beside_a_refusal_keeps_what_was_chosen(register):
    with pytest.raises(InvalidParameters) as refused:
        ask("topic=gender&topic=nonsense&from=2018-01-01&country=dnk")

    filters = refused.value.data["filters"]
    chosen = {(group.name, option.value) for group in filters.groups for option in group.options if option.selected}
    assert chosen == {("topic", "gender"), ("country", "DNK")}
    assert {day.name: day.value for day in (*filters.days, filters.as_of)} == {
        "from": "2018-01-01",
        "to": "",
        "as_of": "",
    }
    assert [group.name for group in filters.groups if group.problems] == ["topic"]


def test_an_unknown_name_is_told_and_ignored_by_pages_and_refused_by_formats(register):
    assert ask("topik=gender&utm_source=x&fbclid=1").ignored == ["topik"]

    with pytest.raises(InvalidParameters) as refused:
        ask("topik=gender&utm_source=x", strict_names=True)
    (problem,) = refused.value.data["problems"]
    assert (problem.parameter, problem.nearest) == ("topik", "topic")


def test_empty_parameters_of_a_form_ask_nothing(register):
    assert slugs("topic=&country=&from=&to=&as_of=&sort=&page=&page_size=") == slugs()


def test_chips_lead_to_the_list_without_their_value(register):
    listing = ask("topic=gender&topic=none&country=nor&from=2020-01-01&page_size=1&page=1")

    assert {(chip.parameter, chip.label): chip.query for chip in listing.chips} == {
        ("topic", "gender"): "?topic=none&country=nor&from=2020-01-01&page_size=1",
        ("topic", "Not recorded"): "?topic=gender&country=nor&from=2020-01-01&page_size=1",
        ("country", "Norway"): "?topic=gender&topic=none&from=2020-01-01&page_size=1",
        ("from", "1 January 2020"): "?topic=gender&topic=none&country=nor&page_size=1",
    }


def test_as_of_shows_what_the_register_showed_that_day(db):
    first = make_edition(State.PUBLISHED, title="First wording")
    second = make_next_edition(first, title="Second wording")
    gone = make_edition(State.WITHDRAWN)
    on(first, "2020-01-10", "2020-03-05"), on(second, "2020-03-05"), on(gone, "2020-01-10")

    titles = {day: [str(card.title) for card in ask(f"as_of={day}").cards] for day in
              ("2020-01-09", "2020-01-10", "2020-03-04", "2020-03-05", "2020-12-31")}  # fmt: skip

    assert titles == {
        "2020-01-09": [],
        "2020-01-10": ["First wording"],
        "2020-03-04": ["First wording"],
        "2020-03-05": ["Second wording"],
        "2020-12-31": ["Second wording"],
    }
    assert ask("as_of=2020-01-10").cards[0].number == 1


def on(edition, published: str, superseded: str | None = None) -> None:
    """Move an edition's public life to these days, at noon."""

    def noon(day):
        return datetime.datetime.fromisoformat(f"{day}T12:00:00+00:00")

    edition.refresh_from_db()
    edition.published_at = noon(published)
    edition.superseded_at = noon(superseded) if superseded else None
    edition.save()


def test_a_term_finds_what_was_published_under_the_term_it_replaced(register):
    before = set(slugs("topic=gender"))
    women = Topic.objects.create(slug="women", name="Women")

    gender = Topic.objects.get(slug="gender")
    with actions.saving_record(gender, by=User.objects.system()):
        gender.replaced_by = women
        gender.save()

    assert set(slugs("topic=women")) == before


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("query", "queries"),
    [("", 5), ("kind=focused&from=2018-01-01", 5), ("q=visit&kind=focused", 11), ("as_of=2024-12-31", 1)],
)
def test_a_list_asks_the_database_as_often_however_long_it_is(
    db, client, django_assert_num_queries, count, query, queries
):
    for _ in range(count):
        make_edition(State.PUBLISHED)
    # Who comes first after a publication, or asks first for an earlier day, has the sets renewed.
    client.get("/visits/?page_size=1&as_of=2024-12-31")

    with django_assert_num_queries(queries):
        assert client.get(f"/visits/?{query}").status_code == 200


def test_states_without_a_visit_are_not_offered_and_can_be_asked_for(db):
    make_edition(State.PUBLISHED)
    make_country("Norway", "NOR", "NO")

    def offered(query: str) -> list[tuple[str, bool]]:
        country = next(group for group in ask(query).filters.groups if group.name == "country")
        return [(option.value, option.selected) for option in country.options]

    assert offered("") == [("DNK", False)]
    assert offered("country=nor") == [("DNK", False), ("NOR", True)]


@pytest.mark.parametrize(
    ("page", "links"),
    [(1, [1, 2, None, 5]), (3, [1, 2, 3, 4, 5]), (4, [1, None, 3, 4, 5])],
)
def test_the_pager_leads_to_both_ends_and_around(register, page, links):
    shown = ask(f"page_size=1&page={page}").page_links

    assert [link and link.number for link in shown] == links
    assert [link.number for link in shown if link and link.is_current] == [page]


def test_withdrawn_and_working_editions_are_in_no_list(db):
    published = make_edition(State.PUBLISHED)
    for state in set(State) - {State.PUBLISHED, State.SUPERSEDED}:
        make_edition(state)
    actions.new_edition(published, by=User.objects.system())

    assert slugs().count("denmark-2018") == 1
    assert set(slugs()) == {"denmark-2018", *superseded_anew()}


def superseded_anew() -> set[str]:
    """The factory supersedes an edition by publishing another one of its visit."""
    editions = Edition.objects.filter(state__in=[State.SUPERSEDED, State.WITHHELD])
    return {edition.visit.slug for edition in editions}
