"""The labels of `tests/samples/releases` keep to the vocabularies, to their texts, and to what its README promises."""

import csv
import json
import unicodedata

import pytest
from django.conf import settings

from visits.enums import FindingKind, KindOfVisit, Modality, PersonRole
from visits.text import dates

FOLDER = settings.BASE_DIR / "tests" / "samples" / "releases"
FIXTURES = settings.BASE_DIR / "fixtures"
LABELLED = [str(number) for number in range(101, 121)]
TEXTS = [str(number) for number in range(101, 141)]
EMPTY = {
    "source_url": "",
    "country": "",
    "start": "",
    "end": "",
    "kinds": [],
    "ordinal": None,
    "resolutions": [],
    "bodies": [],
    "mentioned_bodies": [],
    "people": [],
    "topics": [],
    "findings": [],
    "publication_date": "",
    "truncated": False,
    "segments": [],
    "visits": 0,
}


def column(table: str, name: str) -> set[str]:
    with open(FIXTURES / "sources" / f"{table}.csv", encoding="utf-8", newline="") as file:
        return {row[name] for row in csv.DictReader(file)}


def states() -> dict[str, str]:
    rows = json.loads((FIXTURES / "reference" / "countries.json").read_text(encoding="utf-8"))
    return {row["fields"]["iso3"]: row["fields"]["name_en"] for row in rows}


STATES = states()
TOPICS = column("topics", "slug")
BODIES = column("bodies", "acronym")
RESOLUTIONS = {int(number) for number in column("resolutions", "number")}
FINDINGS = set(FindingKind.values) - {FindingKind.STATEMENT}


def text(number: str) -> str:
    return (FOLDER / f"{number}.txt").read_text(encoding="utf-8")


def western_digits(words: str) -> str:
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in words)


def labels(number: str) -> list[dict]:
    label = json.loads((FOLDER / f"{number}.json").read_text(encoding="utf-8"))
    return label if isinstance(label, list) else [label]


def assert_partial_dates(*values: str):
    for value in values:
        dates.parse(value)


def test_forty_texts_of_which_the_first_twenty_are_labelled():
    assert sorted(path.stem for path in FOLDER.glob("*.txt")) == TEXTS
    assert sorted(path.stem for path in FOLDER.glob("*.json")) == LABELLED
    assert all(text(number).strip() for number in TEXTS)


@pytest.mark.parametrize("number", LABELLED)
def test_a_label_says_how_many_visits_its_text_is_about(number):
    visits = labels(number)
    assert {label["visits"] for label in visits} in ({len(visits)}, {0})
    for label in visits:
        assert label.keys() - {"notes"} == EMPTY.keys()
        if label["visits"] == 0:
            assert {key: label[key] for key in EMPTY} == EMPTY
        else:
            assert label["country"]
    assert len({label["country"] for label in visits}) == len(visits)


@pytest.mark.parametrize("number", LABELLED)
def test_a_label_uses_only_known_words(number):
    for label in labels(number):
        assert label["country"] in {"", *STATES}
        assert set(label["kinds"]) <= set(KindOfVisit.values)
        assert set(label["topics"]) <= TOPICS
        assert set(label["bodies"]) <= BODIES
        assert set(label["resolutions"]) <= RESOLUTIONS
        for key in ("kinds", "topics", "bodies", "resolutions", "mentioned_bodies"):
            assert len(set(label[key])) == len(label[key]), key
        assert not set(label["bodies"]) & set(label["mentioned_bodies"])
        for finding in label["findings"]:
            assert finding.keys() == {"kind", "gist"}
            assert finding["kind"] in FINDINGS
            assert finding["gist"]
        for person in label["people"]:
            assert person.keys() == {"name", "title", "organisation", "role"}
            assert person["role"] in PersonRole.values


@pytest.mark.parametrize("number", LABELLED)
def test_the_dates_of_a_label_are_those_of_its_on_site_part(number):
    for label in labels(number):
        assert_partial_dates(label["publication_date"])
        for segment in label["segments"]:
            assert segment.keys() == {"modality", "start", "end"}
            assert segment["modality"] in Modality.values
            assert_partial_dates(segment["start"], segment["end"])
            if segment["start"] and segment["end"]:
                assert dates.first_day(segment["start"]) <= dates.last_day(segment["end"])
        parts = label["segments"]
        main = [part for part in parts if part["modality"] == Modality.ON_SITE] or parts[:1]
        assert [(part["start"], part["end"]) for part in main] == [(label["start"], label["end"])] * bool(parts)


@pytest.mark.parametrize("number", LABELLED)
def test_what_a_label_quotes_stands_in_its_text(number):
    source = western_digits(text(number))
    for label in labels(number):
        for resolution in label["resolutions"]:
            assert str(resolution) in source
        for body in set(label["mentioned_bodies"]) - BODIES:
            assert body in source
        for person in label["people"]:
            assert person["name"] in source
            for part in person["title"].split(", "):
                assert part in source
            organisation = person["organisation"]
            of_a_state = organisation.removeprefix("Government of ")
            assert organisation in BODIES or organisation in source or of_a_state in STATES.values()
