"""What is asked is what is found, marked where it stands, and no more than what is published."""

import pytest
from django.db import connection
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_country, make_edition, make_next_edition
from visits.catalogue.listing import Listing
from visits.catalogue.search import OF_POSTGRESQL, matching, parsed
from visits.editorial import actions
from visits.enums import State
from visits.models import Body, Edition, Topic, User
from visits.text.fold import words

pytestmark = pytest.mark.django_db


def ask(query: str, **others) -> Listing:
    asked = QueryDict(mutable=True)
    asked.update({"q": query, "page_size": "100", **others})
    return Listing(asked)


def found(query: str, **others) -> list[str]:
    return [card.slug for card in ask(query, **others).cards]


def shown(text) -> str:
    """A text with what is marked in it in brackets."""
    return "".join(f"[{piece}]" if is_match else piece for piece, is_match in text.pieces)


@pytest.fixture
def three():
    """Visits whose texts differ by what is asked of them below."""
    texts = {
        "2001": "The police and the customs work together at borders.",
        "2002": "Customs police is a unit of its own.",
        "2003": "打击恐怖主义的边境管制。 Counter-terrorism.",
    }
    for year, text in texts.items():
        make_edition(State.PUBLISHED, start=year, end="", title="Visit", summary="One.", text=f"<p>{text}</p>")


@pytest.mark.parametrize(
    ("query", "years"),
    [
        ("customs police", ["2002", "2001"]),
        ('"customs police"', ["2002"]),
        ("«customs police»", ["2002"]),
        ("police -unit", ["2001"]),
        ('customs -"customs police"', ["2001"]),
        ("-customs", ["2003"]),
        ("border", ["2001"]),
        ("CUSTOM", ["2002", "2001"]),
        ("边境", ["2003"]),
        ("境管", ["2003"]),
        ("境边", []),
        ("counter-terrorism", ["2003"]),
        ("terrorism-counter", []),
        ("police nowhere", []),
        ("visit 2002", ["2002"]),
        ("visit", ["2003", "2002", "2001"]),
    ],
)
def test_words_phrases_and_exclusions(three, query, years):
    assert found(query) == [f"denmark-{year}" for year in years]


def test_clauses_are_read_as_they_are_written():
    read = [(" ".join(clause.words), clause.excluded) for clause in parsed('border -"two words" S/RES/1373 - "" 边境')]

    assert read == [("border", False), ("two word", True), ("s res 1373", False), ("边 境", False)]


def test_a_phrase_does_not_reach_from_the_title_into_the_text():
    make_edition(State.PUBLISHED, title="A visit to Oslo", summary="Harbour police.")

    assert len(found('"oslo harbour"')) == 0
    assert len(found("oslo harbour")) == 1


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered(three, text):
    if words(text) and "\x00" not in text:
        listing = ask(text)
        assert listing.total == len(listing.cards)


def test_a_visit_to_the_state_comes_before_one_that_only_mentions_it():
    chad, norway = make_country("Chad", "TCD", "TD"), make_country("Norway", "NOR", "NO")
    mentions = make_edition(State.PUBLISHED, country=norway, start="2022", end="", text="<p>As in Chad before.</p>")
    titled = make_edition(State.PUBLISHED, country=norway, start="2010", end="", title="Norway and Chad")
    to_chad = make_edition(State.PUBLISHED, country=chad, start="2001", end="", title="A visit")

    assert found("chad") == [each.visit.slug for each in (to_chad, titled, mentions)]
    assert found("chad", sort="newest") == [each.visit.slug for each in (mentions, titled, to_chad)]


def test_the_state_of_exactly_that_name_comes_first():
    states = make_country("Guinea-Bissau", "GNB", "GW"), make_country("Guinea", "GIN", "GN")
    bissau, guinea = (
        make_edition(State.PUBLISHED, country=state, start=year, end="", title="Visit")
        for state, year in zip(states, ("2022", "2001"), strict=True)
    )

    assert found("Guinea") == [guinea.visit.slug, bissau.visit.slug]


def test_the_match_is_marked_where_it_stands(three):
    (card,) = ask("unit").cards
    assert shown(card.excerpt) == "Customs police is a [unit] of its own."

    (card,) = ask("counter-terrorism").cards
    assert "[Counter-terrorism]" in shown(card.excerpt)


def test_only_what_is_published_now_is_found():
    first = make_edition(State.PUBLISHED, text="<p>Tulip</p>")
    for state in set(State) - {State.PUBLISHED, State.SUPERSEDED, State.WITHHELD}:
        make_edition(state, text="<p>Tulip</p>")
    assert found("tulip") == [first.visit.slug]

    second = make_next_edition(first, text="<p>Rose</p>")
    assert (found("tulip"), found("rose")) == ([], [first.visit.slug])

    actions.withdraw(second, by=User.objects.system(), note="Wrong.")
    assert found("rose") == []


def test_a_renamed_term_finds_its_visits_at_once_by_the_new_name():
    topic = Topic.objects.create(slug="borders", name="Borders")
    make_edition(State.PUBLISHED, fill=lambda edition: edition.focuses.create(topic=topic))
    assert (len(found("borders")), len(found("frontiers"))) == (1, 0)

    with actions.saving_record(topic, by=User.objects.system()):
        topic.name = "Frontiers"
        topic.save()

    assert (len(found("borders")), len(found("frontiers"))) == (0, 1)


@pytest.mark.parametrize(
    "use",
    [
        lambda edition, body, topic: edition.engagements.create(kind="side-meeting", body=body),
        lambda edition, body, topic: edition.findings.create(kind="progress", text="Progress.", topic=topic),
    ],
    ids=["a body met", "the topic of a finding"],
)
def test_terms_that_are_no_filter_are_found_by_their_names_too(use):
    body = Body.objects.create(slug="xyz", acronym="XYZ", name="Example body", kind="un")
    topic = Topic.objects.create(slug="xyz", name="Example of XYZ")
    make_edition(State.PUBLISHED, fill=lambda edition: use(edition, body, topic))

    assert len(found("XYZ")) == 1


def test_what_is_kept_of_a_search_follows_the_register():
    for year in ("2001", "2002"):
        make_edition(State.PUBLISHED, start=year, end="", text="<p>Tulip</p>")
    assert len(found("tulip")) == 2

    make_edition(State.PUBLISHED, start="2003", end="", text="<p>Tulip</p>")
    make_next_edition(Edition.objects.published().get(visit__slug="denmark-2001"), text="<p>Rose</p>")

    assert found("tulip") == ["denmark-2003", "denmark-2002"]


def scans() -> tuple[int, int]:
    """How often all rows were read here, and how often an index."""
    asked = "SELECT seq_scan, idx_scan FROM pg_stat_xact_user_tables WHERE relname = 'visits_searchrow'"
    with connection.cursor() as cursor:
        return cursor.execute(asked).fetchone()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no other way to them.")
@pytest.mark.parametrize("column", OF_POSTGRESQL)
def test_words_are_looked_up_in_an_index_however_many_visits_have_them(three, column):
    rows, index = scans()

    assert len(matching(("visit",), column)) == 3

    assert scans() == (rows, index + 1)
