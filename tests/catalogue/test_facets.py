"""Sets kept in memory and the database say the same, and follow every publication."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogue.test_listing import GROUPS, ask, make_register, on, queries
from tests.factories import make_country, make_edition, make_next_edition, make_region
from visits.catalogue import facets
from visits.catalogue.selection import InDatabase, InMemory
from visits.editorial import actions
from visits.enums import State
from visits.models import Edition, Generation, Segment, Topic, User

EARLIER = ["", "2019-12-31", "2020-03-10", "2020-08-09", "2020-08-10"]
days = st.one_of(st.none(), st.dates(datetime.date(2009, 1, 1), datetime.date(2022, 12, 31)))


@pytest.fixture
def register(db):
    found = make_register()
    # One with two parts and a year between them, and one to a State that another has replaced.
    make_edition(
        State.PUBLISHED,
        country=make_country(),
        start="2012-02",
        end="2012-03",
        fill=lambda edition: Segment.objects.create(edition=edition, modality="virtual", start="2014", end="2014-05"),
    )
    zaire = make_country("Zaire", "ZAR", "ZR", replaced_by=make_country("Chad", "TCD", "TD"))
    make_edition(State.PUBLISHED, country=zaire, start="2011", end="2011")
    return found


def test_the_first_and_the_last_day_of_all_can_be_asked_for(register):
    everything = ask().total

    assert ask("from=0001-01-01").total == ask("to=9999-12-31").total == everything
    assert ask("to=0001-01-01").total == ask("from=9999-12-31").total == 0


@pytest.fixture
def past(register):
    """The same visits published from January to July of 2020, every second of them anew and otherwise in August."""
    for month, edition in enumerate(Edition.objects.published().order_by("pk"), start=1):
        if month % 2:
            on(edition, f"2020-{month:02}-10")
        else:
            fresh = make_next_edition(edition, fill=otherwise)
            on(edition, f"2020-{month:02}-10", "2020-08-10")
            on(fresh, "2020-08-10")


def otherwise(edition):
    edition.focuses.get_or_create(topic=Topic.objects.first())
    edition.segments.update(start="2015-05", end="2015-06")
    edition.kinds.all().delete()


def both_ways(listing) -> tuple[InMemory, InDatabase]:
    in_memory = listing.selection
    assert isinstance(in_memory, InMemory)
    return in_memory, InDatabase(listing.filterset, listing.base, in_memory.asked)


def told(selection) -> dict:
    """What a reader sees of the counts: a value that no visit has is not offered."""
    return {
        group: {value: tally for value, tally in tallies.items() if tally.own}
        for group, tallies in selection.counts.items()
    }


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    asked=queries,
    since=days,
    until=days,
    as_of=st.sampled_from(EARLIER),
    sort=st.sampled_from(["newest", "oldest", "country"]),
)
def test_both_ways_find_and_count_the_same(past, asked, since, until, as_of, sort):
    if since and until and since > until:
        since, until = until, since
    query = "&".join(f"{group}={value}" for group, values in asked.items() for value in values)
    listing = ask(f"{query}&from={since or ''}&to={until or ''}&as_of={as_of}&sort={sort}")

    in_memory, in_database = both_ways(listing)

    assert in_memory.total == in_database.total
    assert told(in_memory) == told(in_database)
    for start, stop in ((0, 3), (2, 5)):
        assert in_memory.page(start, stop) == in_database.page(start, stop)


def test_what_was_public_on_an_earlier_day_differs_from_today(past):
    assert [ask(f"as_of={day}").total for day in EARLIER[1:]] == [0, 3, 7, 7]
    assert told(ask("as_of=2020-08-09").selection) != told(ask("as_of=2020-08-10").selection)
    assert told(ask("as_of=2020-08-10").selection) == told(ask().selection)


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=queries, more=st.sampled_from([(group, value) for group, values in GROUPS.items() for value in values]))
def test_the_number_beside_a_value_is_what_choosing_it_gives(register, asked, more):
    group, value = more
    value = value.upper() if group == "country" and value != "none" else value
    chosen = {value.upper() if group == "country" and value != "none" else value for value in asked.get(group, ())}
    if value in chosen:
        return
    query = "&".join(f"{name}={each}" for name, values in asked.items() for each in values)
    tally = ask(query).selection.counts[group].get(value)

    found = ask(f"{query}&{group}={value}").total

    if tally is None:
        # Nothing has it: choosing it adds nothing.
        assert found == (ask(query).total if chosen else 0)
    else:
        assert tally.visits == found


def same_as_read_again(index: facets.Index) -> bool:
    again = facets.read(Generation.current())
    everything = again.visits
    in_use, in_use_again = (
        {group: {value: visits for value, visits in values.items() if visits} for group, values in each.sets.items()}
        for each in (index, again)
    )
    return (
        in_use == in_use_again
        and index.visits == again.visits
        and index.parts == again.parts
        and index.begin.page(everything, 0, 10**6) == again.begin.page(everything, 0, 10**6)
        and index.end.page(everything, 0, 10**6) == again.end.page(everything, 0, 10**6)
    )


def test_sets_follow_every_step_of_a_record_without_being_read_again(register, monkeypatch):
    facets.current()
    whole = facets.read
    asked_for = []

    def read(generation, only=None):
        asked_for.append(None if only is None else only.count())
        return whole(generation, only)

    monkeypatch.setattr(facets, "read", read)
    system, steps = User.objects.system(), 0
    for edition in Edition.objects.published().select_related("visit"):
        fresh = make_next_edition(edition, fill=otherwise)
        assert same_as_read_again(facets.current())
        actions.withdraw(fresh, by=system, note="Wrong.")
        assert same_as_read_again(facets.current())
        steps += 2
    make_edition(State.PUBLISHED)

    assert same_as_read_again(facets.current())
    # The one that was published, then none in the place of the one that was withdrawn.
    assert [number for number in asked_for if number is not None] == [1, 0] * (steps // 2) + [1]


def test_a_changed_term_or_region_is_counted_where_it_now_belongs(register):
    facets.current()
    country, arctic = make_country(), make_region("Arctic", "999")

    with actions.saving_record(country, by=User.objects.system()):
        country.region = arctic
        country.save()

    assert ask("region=arctic").total == ask("country=DNK").total
    assert same_as_read_again(facets.current())


def test_a_change_that_no_event_tells_of_has_everything_read_again(register):
    before = facets.current()
    Topic.objects.create(slug="new", name="New")
    Generation.raise_by_one()

    after = facets.current()

    assert after.generation == before.generation + 1
    assert "new" in after.sets["topic"]


@pytest.mark.django_db(transaction=True)
def test_a_large_register_is_read_in_the_background_and_lists_are_the_same_meanwhile(monkeypatch):
    for year in range(2010, 2014):
        make_edition(State.PUBLISHED, start=f"{year}-01-01", end=f"{year}-01-02")
    monkeypatch.setattr(facets, "READ_AT_ONCE", 2)

    meanwhile = ask("year=2012")
    assert isinstance(meanwhile.selection, InDatabase)
    assert facets.current(wait=True).generation == Generation.current()
    ready = ask("year=2012")

    assert isinstance(ready.selection, InMemory)
    assert told(meanwhile.selection) == told(ready.selection)
    assert [card.slug for card in meanwhile.cards] == [card.slug for card in ready.cards]
