"""The list of visits: narrowed down, searched, and as quick with ten thousand visits as with three."""

import pytest
from django.db import connection

from tests.factories import make_country, make_edition, make_next_edition, make_region
from visits.enums import State
from visits.models import Edition, Kind, Segment, Visit
from visits.models.base import plain_rows

from .support import fill_with, page, text

pytestmark = pytest.mark.django_db

LIST = "/admin/visits/visit/"


def listed(client, query: str) -> list[int]:
    return [visit.pk for visit in client.get(f"{LIST}?{query}").context["cl"].result_list]


@pytest.mark.parametrize(
    ("query", "is_found"),
    [
        ("year=2018", True),
        ("year=2017", False),
        ("year=2018&month=5", True),
        ("year=2018&month=6", True),
        ("year=2018&month=7", False),
        ("kind=focused", True),
        ("kind=initial", False),
        ("kind=none", False),
        ("in_work=yes", True),
        ("in_work=no", False),
        ("state=draft", True),
        ("state=published", True),
        ("state=in-review", False),
        ("year=nonsense", True),
        ("year=99999", True),
    ],
)
def test_a_visit_stands_under_what_its_standing_edition_says(client, author, query, is_found):
    edition = make_edition(State.PUBLISHED, start="2017-03-01", end="2017-03-02", kinds=["initial"])

    def correct(draft):
        draft.segments.all().delete()
        Segment.objects.create(edition=draft, start="2018-05-29", end="2018-06-01")
        draft.kinds.all().delete()
        Kind.objects.create(edition=draft, kind="focused")

    make_next_edition(edition, State.DRAFT, fill=correct)

    assert listed(client, query) == ([edition.visit_id] if is_found else [])


def test_a_visit_of_which_only_the_year_is_known_is_found_in_every_month_of_it(client, author):
    edition = make_edition(start="2005", end="")

    assert listed(client, "year=2005&month=11") == [edition.visit_id]
    assert "November 2005" in text(client.get(f"{LIST}?year=2005"))


def test_visits_of_a_country_and_without_kind(client, author):
    edition = make_edition(kinds=())
    make_edition(country=make_country("Norway", "NOR", "NO"))

    assert listed(client, f"country__id__exact={edition.visit.country_id}") == [edition.visit_id]
    assert listed(client, "kind=none") == [edition.visit_id]


def test_a_long_filter_is_closed_until_it_is_used(client, author):
    region = make_region("Northern Europe", "154")
    for letter in "ABCDEFGHIJK":
        edition = make_edition(country=make_country(f"State {letter}", f"AA{letter}", f"A{letter}", region=region))

    def is_open(name, query=""):
        return f'<details data-filter-title="{name}" open>' in text(client.get(f"{LIST}?{query}"))

    assert (is_open("state"), is_open("kind"), is_open("country")) == (True, True, False)
    assert is_open("country", f"country__id__exact={edition.visit.country_id}")
    # No choice for States without a region: there are none.
    assert "country__region__isnull" not in text(client.get(LIST))


NAMES = {
    "name_ar": "الدانمرك",
    "name_zh_hans": "丹麦",
    "name_fr": "Danemark",
    "name_ru": "Дания",
    "name_es": "Dinamarca",
    "former_names": "Jutland\nZealand",
    "aliases": "Danmark",
}


@pytest.mark.parametrize("term", ["Denmark", "DNK", "Zealand", "denmark-2018", "of+one+title", *NAMES.values()])
def test_a_visit_is_found_once_by_any_name(client, author, term):
    edition = make_edition(State.PUBLISHED, country=make_country(**NAMES), title="Visit of one title")
    make_next_edition(edition, State.DRAFT)
    make_edition(country=make_country("Norway", "NOR", "NO"))

    assert listed(client, f"q={term.splitlines()[0]}&year=2018&kind=focused") == [edition.visit_id]


def make_many(count: int) -> None:
    """That many published visits with a draft each, written in bulk."""
    countries = [make_country(f"Country {letter}", f"AA{letter}", f"A{letter}") for letter in "BCDEFGHIJK"]
    visits = Visit.objects.bulk_create([Visit(country=countries[number % 10]) for number in range(count)])
    fixed = [
        Edition(
            visit=visit, title=f"Visit {number}", state=State.PUBLISHED, number=1, published_at="2020-01-01T00:00Z",
            earliest="2018-05-29", latest="2018-06-01",
        )
        for number, visit in enumerate(visits)
    ]  # fmt: skip
    drafts = [Edition(visit=visit, title="Draft", earliest="2019-05-29", latest="2019-06-01") for visit in visits]
    # Past the guard: published through `actions`, this many would take minutes.
    editions = plain_rows(Edition).bulk_create(fixed) + Edition.objects.bulk_create(drafts)
    plain_rows(Segment).bulk_create(Segment(edition=edition, start="2018", end="2018") for edition in editions)
    plain_rows(Kind).bulk_create(Kind(edition=edition, kind="focused") for edition in editions)
    if connection.vendor == "postgresql":
        # It counts rows by itself, but none of a transaction that is open.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


QUERIES = {
    LIST: 10,
    f"{LIST}?q=Country&year=2019&month=5&kind=focused&in_work=yes": 10,
    "/admin/visits/edition/": 8,
    "/admin/visits/country/": 8,
}


@pytest.mark.parametrize("count", [3, 10_000])
def test_the_lists_and_the_form_take_the_same_queries_with_ten_thousand_visits(
    client, author, count, django_assert_num_queries
):
    make_many(count)
    edition = make_edition(fill=fill_with(3))

    for address, queries in QUERIES.items():
        with django_assert_num_queries(queries):
            assert client.get(address).status_code == 200
    with django_assert_num_queries(23):
        client.get(page(edition))


def test_a_visit_is_called_as_its_standing_edition_is_not_as_a_discarded_draft(client, author):
    edition = make_edition(State.PUBLISHED, title="As published")
    make_next_edition(edition, State.DISCARDED, title="Given up")

    words = text(client.get(LIST))

    assert "As published" in words
    assert "Given up" not in words
