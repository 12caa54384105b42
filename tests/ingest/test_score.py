"""The arithmetic that the reading of releases is judged by."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.ingest import FIELDS, Score, score, shown, table
from visits.enums import FindingKind, KindOfVisit, PersonRole
from visits.ingest import asjson

HEAD = {"name": "Zoë Lind-Öberg", "title": "Chief", "organisation": "CTED", "role": "head"}


def a_visit(**values) -> dict:
    return asjson.nothing() | {"visits": 1} | values


def counted(found, labelled) -> Score:
    result = Score()
    result.add("001", found, labelled)
    return result


def tally(name: str, found, labelled) -> tuple[int, int, int]:
    counts = counted(found, labelled).tallies[name]
    return counts.right, counts.needless, counts.missed


def test_shares_are_those_of_items():
    result = counted([a_visit(bodies=["CTED", "WCO", "IOM"])], [a_visit(bodies=["CTED", "WCO", "UNODC", "ICAO"])])

    bodies = result.tallies["bodies"]
    assert (bodies.precision, bodies.recall, bodies.f1) == (2 / 3, 2 / 4, 4 / 7)


def test_nothing_found_where_nothing_is_labelled_counts_as_nothing():
    result = counted([a_visit()], [a_visit()])

    assert {name for name in FIELDS if result.tallies[name].f1 is not None} == {"visits"}


def test_first_and_last_day_are_an_item_each():
    found = a_visit(start="2018-05-29", end="2018-06")

    assert tally("dates", [found], [a_visit(start="2018-05-29", end="2018-06-01")]) == (1, 1, 1)
    assert tally("dates", [found], [a_visit(end="2018-05-29")]) == (0, 2, 1)


def test_somebody_is_known_by_name_and_role_however_it_is_spelt():
    same = HEAD | {"name": "ZOE LIND ÖBERG", "title": "Head", "organisation": "cted"}

    assert tally("people", [a_visit(people=[same])], [a_visit(people=[HEAD])]) == (1, 0, 0)
    assert tally("person_title", [a_visit(people=[same])], [a_visit(people=[HEAD])]) == (0, 1, 1)
    assert tally("person_organisation", [a_visit(people=[same])], [a_visit(people=[HEAD])]) == (1, 0, 0)
    assert tally("people", [a_visit(people=[HEAD | {"role": "host"}])], [a_visit(people=[HEAD])]) == (0, 1, 1)


def test_somebody_without_a_name_is_known_by_title():
    nameless = HEAD | {"name": ""}

    assert tally("people", [a_visit(people=[nameless])], [a_visit(people=[nameless])]) == (1, 0, 0)
    assert tally("people", [a_visit(people=[nameless | {"title": "X"}])], [a_visit(people=[nameless])]) == (0, 1, 1)


def test_findings_are_counted_by_kind_and_statements_left_out():
    found = [{"kind": kind, "gist": ""} for kind in ("progress", "progress", "assistance", "statement")]
    labelled = [{"kind": kind, "gist": "other words"} for kind in ("progress", "to-strengthen")]

    assert tally("findings", [a_visit(findings=found)], [a_visit(findings=labelled)]) == (1, 2, 1)


def test_visits_of_a_tour_are_matched_by_country():
    labelled = [a_visit(country="SYC", end="2021"), a_visit(country="COM", end="2022")]
    found = [a_visit(country="COM", end="2022"), a_visit(country="SYC", end="2021")]

    assert tally("dates", found, labelled) == (2, 0, 0)
    assert tally("dates", found[:1], labelled) == (1, 0, 1)
    assert tally("country", found[:1], labelled) == (1, 0, 1)


def test_a_visit_of_the_wrong_country_is_judged_by_the_rest():
    assert tally("dates", [a_visit(country="AUT", end="2021")], [a_visit(country="AUS", end="2021")]) == (1, 0, 0)


def test_a_visit_read_out_of_a_text_about_none_is_needless():
    none = asjson.nothing()

    assert tally("country", [a_visit(country="AUT")], [none]) == (0, 1, 0)
    assert tally("visits", [a_visit(country="AUT")], [none]) == (0, 1, 1)
    assert tally("visits", [none], [none]) == (1, 0, 0)


def test_a_label_that_does_not_say_how_many_visits_is_about_those_it_lists():
    label = a_visit()
    del label["visits"]

    assert tally("visits", [a_visit()], [label]) == (1, 0, 0)


def some(values):
    return st.lists(st.sampled_from(values), max_size=4)


visits_of_any_kind = st.builds(
    a_visit,
    country=st.sampled_from(["", "DNK", "KEN"]),
    start=st.sampled_from(["", "2018", "2018-05"]),
    kinds=some(KindOfVisit.values),
    ordinal=st.none() | st.integers(1, 3),
    findings=st.lists(st.fixed_dictionaries({"kind": st.sampled_from(FindingKind.values)}), max_size=4),
    people=st.lists(
        st.fixed_dictionaries(
            {name: st.sampled_from(["", "a", "b"]) for name in ("name", "title", "organisation")}
            | {"role": st.sampled_from(PersonRole.values)}
        ),
        max_size=3,
    ),
)
documents = st.lists(visits_of_any_kind, min_size=1, max_size=3).map(
    lambda visits: [visit | {"visits": len(visits)} for visit in visits]
)


@given(documents)
def test_what_is_as_labelled_has_no_error(visits):
    result = counted(visits, visits)

    assert shown(result) == ""
    assert {tally.f1 for tally in result.tallies.values()} <= {None, 1.0}


@given(documents, documents)
def test_exchanging_the_sides_exchanges_precision_and_recall(left, right):
    one, other = counted(left, right), counted(right, left)

    # Which visits of one country are paired depends on the side they are looked up from.
    countries = [visit["country"] for visit in (*left, *right)]
    names = FIELDS if len(set(countries)) == len(countries) else ("visits", "country")
    for name in names:
        assert one.tallies[name].precision == other.tallies[name].recall


def test_a_folder_is_scored_as_a_sum_over_its_documents(tmp_path):
    for number, label in (("001", a_visit(country="DNK")), ("002", [a_visit(country="KEN", ordinal=2)])):
        (tmp_path / f"{number}.json").write_text(json.dumps(label))
        (tmp_path / f"{number}.txt").write_text("A text.")
    (tmp_path / "003.txt").write_text("A text without a label.")

    result = score(tmp_path, lambda name, data: [a_visit(country="DNK")])

    assert list(result.seconds) == ["001", "002"]
    assert result.as_object()["fields"]["country"]["f1"] == pytest.approx(1 / 2)
    assert shown(result) == "002\n  - country: KEN\n  + country: DNK\n  - ordinal: 2"
    assert "2 documents" in table(result)
