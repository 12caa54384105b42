"""The labels of `tests/samples/checks` keep to the vocabularies, to their records, and to what its README promises."""

import csv
import json
import re

import pytest
from django.conf import settings

from visits.enums import FindingKind, KindOfVisit, Modality, PartRole, PersonRole
from visits.text import dates

FOLDER = settings.BASE_DIR / "tests" / "samples" / "checks"
FIXTURES = settings.BASE_DIR / "fixtures"
CLEAN = "clean"
FIELDS = {
    "another-country": r"title|summary|text|findings\.\d\.text",
    "old-country-name": r"title|text",
    "date-outside": r"summary|text",
    "body-not-recorded": r"text",
    "topic-not-recorded": r"text",
    "resolution-not-recorded": r"text",
    "body-not-named": r"bodies",
    "topic-not-named": r"topics",
    "resolution-not-named": r"resolutions",
    "resolution-after-visit": r"resolutions",
    "malformed-symbol": r"text|documents\.0\.symbol",
    "missing-source": r"documents",
    "end-before-start": r"segments\.\d\.end",
}
LANGUAGES = {"en", "fr", "es", "ru", "ar", "zh-hans"}
KEYS = {
    *("language", "country", "title", "summary", "kinds", "segments", "topics", "resolutions", "bodies", "people"),
    *("findings", "text", "documents", "made_from", "notes", "error"),
}


def table(name: str) -> list[dict[str, str]]:
    with open(FIXTURES / "sources" / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def countries() -> list[dict]:
    rows = json.loads((FIXTURES / "reference" / "countries.json").read_text(encoding="utf-8"))
    return [row["fields"] for row in rows]


def present_names(country: dict) -> set[str]:
    names = {country[f"name_{language.replace('-', '_')}"] for language in LANGUAGES}
    return names | set(country["aliases"].split("\n")) - {""}


STATES = {country["iso3"]: present_names(country) for country in countries()}
FORMER = {name for country in countries() for name in country["former_names"].split("\n")} - {""}
TOPICS = {row["slug"]: row["name"] for row in table("topics")}
BODIES = {row["acronym"]: row["name"] for row in table("bodies")}
RESOLUTIONS = {int(row["number"]) for row in table("resolutions")}
RECORDS = {
    f"{path.parent.name}/{path.stem}": json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(FOLDER.glob("*/*.json"))
}
WRONG = [name for name, record in RECORDS.items() if record["error"]]
GOOD = [name for name, record in RECORDS.items() if not record["error"]]


def twin(name: str) -> dict:
    return RECORDS[f"{CLEAN}/{name.partition('/')[2]}"]


def acronyms(record: dict) -> list[str]:
    return [body["acronym"] for body in record["bodies"]]


def prose(record: dict) -> str:
    findings = [finding["text"] for finding in record["findings"]]
    return "\n".join([record["title"], record["summary"], *record["text"], *findings])


def value(record: dict, field: str):
    """What stands at a path such as `segments.0.end`; a text as one string."""
    for step in field.split("."):
        record = record[int(step) if step.isdecimal() else step]
    return "\n".join(record) if field == "text" else record


def sourced(record: dict) -> bool:
    return any(document["symbol"] or document["url"] for document in record["documents"])


def in_order(segment: dict) -> bool:
    start, end = dates.first_day(segment["start"]), dates.last_day(segment["end"])
    return not (start and end) or start <= end


def wrong(kind: str) -> list[str]:
    return [name for name in WRONG if RECORDS[name]["error"]["kind"] == kind]


def test_there_are_enough_of_each_kind_and_as_many_clean_ones():
    assert {kind: len(wrong(kind)) for kind in FIELDS if len(wrong(kind)) < 10} == {}
    assert len(WRONG) >= 120
    assert len(GOOD) >= 120
    assert 0.8 <= len(GOOD) / len(WRONG) <= 1.25


def test_a_third_of_the_wrong_records_is_made_from_releases():
    made = [name for name in WRONG if RECORDS[name]["made_from"]]
    assert len(made) >= max(40, len(WRONG) / 3)


def test_the_texts_vary_and_some_are_not_in_english():
    assert len({"\n".join(RECORDS[name]["text"]) for name in GOOD}) == len(GOOD)
    own = [record for record in RECORDS.values() if not record["made_from"]]
    assert len([record for record in own if record["language"] != "en"]) >= 15
    assert {record["language"] for record in own} == LANGUAGES


def test_no_record_is_there_twice():
    bare = [json.dumps({key: record[key] for key in KEYS - {"notes", "error"}}) for record in RECORDS.values()]
    assert len(set(bare)) == len(bare)


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_uses_only_known_words(name):
    record = RECORDS[name]
    assert record.keys() == KEYS
    assert record["language"] in LANGUAGES
    assert record["country"] in STATES
    assert re.fullmatch(r"(releases/\d{3})?", record["made_from"])
    assert set(record["kinds"]) <= set(KindOfVisit.values)
    assert set(record["topics"]) <= TOPICS.keys()
    assert set(record["resolutions"]) <= RESOLUTIONS
    assert set(acronyms(record)) <= BODIES.keys() - {"CTC"}
    assert record["bodies"][0] == {"acronym": "CTED", "role": PartRole.LEAD}
    assert {body["role"] for body in record["bodies"][1:]} <= {PartRole.MEMBER}
    for values in (record["kinds"], record["topics"], record["resolutions"], acronyms(record)):
        assert len(set(values)) == len(values)
    assert record["title"]
    assert record["summary"]
    assert all(paragraph.strip() == paragraph != "" for paragraph in record["text"])


@pytest.mark.parametrize("name", RECORDS)
def test_the_children_of_a_record_have_their_fields(name):
    record = RECORDS[name]
    assert record["segments"]
    for segment in record["segments"]:
        assert segment.keys() == {"modality", "start", "end", "places"}
        assert segment["modality"] in Modality.values
        assert segment["start"] or segment["end"]
        dates.parse(segment["start"])
        dates.parse(segment["end"])
    for finding in record["findings"]:
        assert finding.keys() == {"kind", "topic", "text"}
        assert finding["kind"] in FindingKind.values
        assert finding["topic"] in {"", *record["topics"]}
    for person in record["people"]:
        assert person.keys() == {"name", "title", "organisation", "role"}
        assert person["role"] in PersonRole.values
        assert person["name"] in prose(record)
    for document in record["documents"]:
        assert document.keys() == {"title", "symbol", "url"}


@pytest.mark.parametrize("name", RECORDS)
def test_a_label_belongs_to_its_folder(name):
    folder, error = name.partition("/")[0], RECORDS[name]["error"]
    assert folder == (error["kind"] if error else CLEAN)
    if error:
        assert error.keys() == {"kind", "field", "where"}
        assert re.fullmatch(FIELDS[error["kind"]], error["field"])


@pytest.mark.parametrize("name", RECORDS)
def test_what_is_not_the_error_is_consistent(name):
    record = RECORDS[name]
    kind = record["error"] and record["error"]["kind"]
    assert sourced(record) == (kind != "missing-source")
    assert all(in_order(segment) for segment in record["segments"]) == (kind != "end-before-start")
    unnamed = [number for number in record["resolutions"] if str(number) not in prose(record)]
    assert unnamed == ([int(record["error"]["where"])] if kind == "resolution-not-named" else [])


@pytest.mark.parametrize("name", WRONG)
def test_where_stands_once_where_the_label_says(name):
    record = RECORDS[name]
    field, where = record["error"]["field"], record["error"]["where"]
    found = value(record, field)
    if field == "documents":
        assert where == ""
    elif field == "bodies":
        assert where in acronyms(record)
    elif isinstance(found, list):
        assert where in [str(item) for item in found]
    elif field.startswith(("documents", "segments")):
        assert found == where
    else:
        assert found.count(where) == 1
        assert where not in prose(twin(name)) or "not-recorded" in record["error"]["kind"]


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_record_is_its_clean_twin_with_one_thing_changed(name):
    record, before = RECORDS[name], twin(name)
    changed = {key for key in KEYS - {"notes", "error"} if record[key] != before[key]}
    kind = record["error"]["kind"]
    for end in ("recorded", "named"):
        if kind.endswith(f"not-{end}"):
            field = {"b": "bodies", "t": "topics", "r": "resolutions"}[kind[0]]
            fewer, more = sorted((record[field], before[field]), key=len)
            assert [item for item in more if item in fewer] == fewer
            assert len(more) - len(fewer) == 1
            assert len(record[field]) < len(before[field]) if end == "recorded" else changed == {field}
    assert changed
    assert len(changed - {"documents"}) <= 3


@pytest.mark.parametrize("name", [*wrong("body-not-named"), *wrong("topic-not-named"), *wrong("resolution-not-named")])
def test_what_is_named_nowhere_does_not_occur(name):
    record = RECORDS[name]
    where, text = record["error"]["where"], prose(record).casefold()
    assert not re.search(rf"\b{re.escape(where.casefold())}\b", text)
    assert (BODIES | TOPICS).get(where, where).casefold() not in text


@pytest.mark.parametrize("name", [*wrong("resolution-not-recorded"), *wrong("resolution-after-visit")])
def test_a_resolution_is_named_and_is_or_is_not_recorded(name):
    record = RECORDS[name]
    (number,) = [number for number in RESOLUTIONS if str(number) in record["error"]["where"]]
    assert str(number) in prose(record)
    assert (number in record["resolutions"]) == (record["error"]["kind"] == "resolution-after-visit")


@pytest.mark.parametrize("name", [*wrong("another-country"), *wrong("old-country-name")])
def test_a_label_on_a_name_quotes_one(name):
    record = RECORDS[name]
    where = record["error"]["where"]
    if record["error"]["kind"] == "old-country-name":
        assert any(former in where for former in FORMER)
    else:
        others = [names for iso3, names in STATES.items() if iso3 != record["country"]]
        assert any(other in where for names in others for other in names)
