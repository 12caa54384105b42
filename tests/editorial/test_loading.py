"""Fixtures that do not fit: all faults are told, with file, line, object, field, value and what was expected; nothing
is loaded."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.factories import make_country, make_edition
from visits.editorial.faults import lines_of
from visits.editorial.loading import LOADABLE, load_register
from visits.enums import State
from visits.exceptions import BadFixture, RegisterNotEmpty
from visits.models import Country, Edition, Event, Generation, SearchRow, Topic, Translation, User, Visit, digest_of

pytestmark = pytest.mark.django_db

VISIT, EDITION = "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
SEGMENT, DOCUMENT = "33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444"


def obj(model, **fields):
    return {"model": f"visits.{model}", "fields": fields}


def child(model, **fields):
    return obj(model, edition=[EDITION], **fields)


def evidence(**changes):
    fields = {"child_uid": VISIT, "field": "title", "document": [DOCUMENT], "span_start": 0, "span_end": 4}
    return child("evidence", **fields | {"quote": "CTED"} | changes)


def translation(**changes):
    fields = {"visit": [VISIT], "child_uid": VISIT, "field": "title", "language": "fr", "text": "Une visite"}
    return obj("translation", **fields | {"source_digest": digest_of("A visit")} | changes)


def sound(**changes) -> list[dict]:
    """A fixture that fits; `visit={"slug": "x"}` gives one of its objects other values."""
    objects = {
        "topic": obj("topic", slug="gender", name_en="Gender"),
        "country": obj("country", iso3="DNK", iso2="DK", slug="denmark", name_en="Denmark"),
        "document": obj("document", uid=DOCUMENT, title="A release", text="CTED visited Denmark."),
        "visit": obj("visit", uid=VISIT, country=["DNK"]),
        "edition": obj("edition", uid=EDITION, visit=[VISIT], title="A visit", summary="What it was about."),
        "segment": child("segment", uid=SEGMENT, modality="on-site", start="2018-05-29", end="2018-06"),
        "documentlink": child("documentlink", document=[DOCUMENT]),
    }
    for name, values in changes.items():
        objects[name]["fields"] |= values
    return list(objects.values())


@pytest.fixture
def write(tmp_path):
    """Writes objects, or any text, to a file of that name."""

    def write(content, name="visits.json"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write


def refused(*paths) -> list[tuple[str, str, str, str]]:
    """The faults of fixtures that must not load: file, object, field, what was expected."""
    with pytest.raises(BadFixture) as caught:
        load_register(paths)
    left = [model for model in (*LOADABLE.values(), Event, Generation, SearchRow, User) if model.objects.exists()]
    assert left == []
    faults = caught.value.data["faults"]
    assert caught.value.sentence.splitlines() == [
        "The fixtures do not fit; nothing was loaded.",
        *map(str, faults),
    ]
    return [(f.place.file.rpartition("/")[2], f.place.object, f.field, f.expected) for f in faults]


def test_fixture_that_fits_is_loaded_and_published(write):
    assert load_register([write([*sound(), evidence()])]) == 1
    edition = Edition.objects.published().get()
    assert (edition.visit.slug, edition.number, str(edition.uid)) == ("denmark-2018", 1, EDITION)
    assert edition.evidence.get().quote == "CTED"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[{", "Expecting property name enclosed in double quotes: line 1 column 3 (char 2)"),
        ("", "Expecting value: line 1 column 1 (char 0)"),
    ],
)
def test_file_that_is_not_json_is_refused(write, content, reason):
    expected = f"a JSON list of objects was expected ({reason})"
    assert refused(write(content)) == [("visits.json", "the file", "-", expected)]


def test_file_that_holds_no_list_is_refused(write):
    expected = "a JSON list of objects was expected"
    assert refused(write('{"model": "visits.visit"}')) == [("visits.json", "the file", "-", expected)]


def test_file_that_is_not_there_is_refused(tmp_path):
    ((file, name, field, expected),) = refused(tmp_path / "absent.json")
    assert (file, name, field) == ("absent.json", "the file", "-")
    assert expected.startswith("a JSON list of objects was expected ([Errno 2] No such file or directory")


def test_file_that_is_not_utf8_is_refused(tmp_path):
    path = tmp_path / "latin.json"
    path.write_bytes('["Haarløv"]'.encode("latin-1"))
    ((file, name, field, expected),) = refused(path)
    assert (file, name, field) == ("latin.json", "the file", "-")
    assert expected.startswith("a JSON list of objects was expected ('utf-8' codec can't decode byte 0xf8")


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (7, "object 1"),
        ({"model": "visits.topic"}, "object 1 (visits.topic)"),
        ({"fields": {"slug": "gender"}}, "object 1 (gender)"),
        ({"model": "visits.topic", "fields": ["slug"]}, "object 1 (visits.topic)"),
        ({}, "object 1 (?)"),
    ],
)
def test_object_without_model_or_fields_is_refused(write, data, name):
    expected = "an object with “model” and “fields” was expected"
    assert refused(write([data])) == [("visits.json", name, "-", expected)]


@pytest.mark.parametrize("model", ["visits.treaty", "nonsense", "visits.event", "visits.user", "auth.group"])
def test_model_that_is_no_content_is_refused(write, model):
    ((_, name, field, expected),) = refused(write([{"model": model, "fields": {}}]))
    assert (name, field) == (f"object 1 ({model})", "model")
    assert expected == f"one of {', '.join(LOADABLE)} was expected"


def test_unknown_field_is_refused(write):
    faults = refused(write(sound(edition={"headline": "A visit"})))
    name = f"object 5 (visits.edition {EDITION})"
    assert faults == [("visits.json", name, "headline", "no field of this name was expected")]


def test_primary_key_is_refused(write):
    objects = sound()
    objects[1]["pk"] = 7
    expected = "no primary key was expected: natural keys alone tell objects apart"
    assert refused(write(objects))[0] == ("visits.json", "object 2 (visits.country denmark)", "pk", expected)


@pytest.mark.parametrize("key", [["SWE"], "DNK", 1, [], ["DNK", 1]])
def test_reference_to_what_is_not_there_is_refused(write, key):
    expected = "the natural key of one of the countries that stand before it was expected"
    name = f"object 4 (visits.visit {VISIT})"
    assert refused(write(sound(visit={"country": key}))) == [("visits.json", name, "country", expected)]


@pytest.mark.parametrize(
    ("member_of", "expected"),
    [
        ([["grn"]], "the natural key of one of the bodies that stand before it was expected"),
        ("grn", "a list of natural keys was expected"),
    ],
)
def test_membership_in_what_is_not_there_is_refused(write, member_of, expected):
    body = obj("body", slug="diis", acronym="DIIS", name_en="Institute", kind="research", member_of=member_of)
    assert refused(write([body])) == [("visits.json", "object 1 (visits.body diis)", "member_of", expected)]


@pytest.mark.parametrize(
    ("part", "field", "value", "expected"),
    [
        ("country", "iso3", "DK", "Enter a valid value."),
        ("country", "name_en", "", "a value was expected"),
        ("country", "membership", "friend", "one of member, observer was expected"),
        ("topic", "cross_cutting", "no", "true or false was expected"),
        ("document", "published_on", "2 June 2018", "“2 June 2018” value has an invalid date format. It must be in "
         "YYYY-MM-DD format."),
        ("document", "web_stamp", "2018-06-08T15:02:44", "a time with its zone was expected"),
        ("document", "url", "un.org", "Enter a valid URL."),
        ("visit", "uid", "denmark", "“denmark” is not a valid UUID."),
        ("edition", "title", ["A visit"], "a text was expected"),
        ("edition", "title", "x" * 251, "Ensure this value has at most 250 characters (it has 251)."),
        ("edition", "summary", None, "a value was expected"),
        ("segment", "modality", "by phone", "one of on-site, virtual, unknown was expected"),
        ("segment", "start", "29 May", "Write a day (2018-05-29), a month (2018-05) or a year (2018), only as far as "
         "the source says."),
        ("segment", "edition", 5, "the natural key of one of the editions that stand before it was expected"),
        ("segment", "position", 1.5, "a whole number was expected"),
        ("segment", "position", -1, "Ensure this value is greater than or equal to 0."),
    ],
)  # fmt: skip
def test_value_that_does_not_fit_is_refused(write, part, field, value, expected):
    _, name, told_field, told = refused(write(sound(**{part: {field: value}})))[0]
    assert name.split()[2].strip("()") == f"visits.{part}"
    assert told == expected
    assert told_field == ("name" if field == "name_en" else field)


def test_value_that_is_missing_is_told(write):
    objects = sound()
    del objects[5]["fields"]["edition"], objects[6]["fields"]["document"]
    assert refused(write(objects)) == [
        ("visits.json", f"object 6 (visits.segment {SEGMENT})", "edition", "a value was expected"),
        ("visits.json", "object 7 (visits.documentlink)", "document", "a value was expected"),
    ]


@pytest.mark.parametrize("state", [state.value for state in State if state != State.DRAFT] + [None, "nonsense"])
def test_edition_that_is_no_draft_is_refused(write, state):
    expected = "draft was expected: a fixture never writes a published edition"
    assert refused(write(sound(edition={"state": state}))) == [
        ("visits.json", f"object 5 (visits.edition {EDITION})", "state", expected)
    ]


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [
        ("visit", "slug", "sweden-1999"),
        ("edition", "number", 3),
        ("edition", "published_at", "2018-06-02T00:00:00Z"),
        ("edition", "withdrawal_reason", "Entered by mistake."),
    ],
)
def test_what_only_publication_gives_is_refused(write, part, field, value):
    ((_, _, told_field, told),) = refused(write(sound(**{part: {field: value}})))
    assert (told_field, told) == (field, "nothing was expected: publication gives it")


@pytest.mark.parametrize(
    ("added", "field", "expected"),
    [
        (child("finding", kind="assistance", text="Training."), "kind",
         "Say whether the assistance was offered, needed or discussed."),
        (child("segment", start="2018-06-01", end="2018-05-29"), "start, end",
         "The last day cannot be before the first."),
        (child("documentlink", document=[DOCUMENT]), "edition, document",
         "the rule “document linked once in edition” was expected to hold"),
        (obj("edition", visit=[VISIT], title="Another"), "visit",
         "the rule “one working edition” was expected to hold"),
        (evidence(span_start=1), "quote", "The document does not say this between these characters."),
        (obj("document", uid=DOCUMENT, title="Again"), "uid",
         "Document with this Permanent identifier already exists."),
        (obj("topic", slug="gender", name_en="Gender"), "slug", "Topic with this Slug already exists."),
    ],
)  # fmt: skip
def test_broken_rule_is_told(write, added, field, expected):
    ((_, _, told_field, told),) = refused(write([*sound(), added]))
    assert (told_field, told) == (field, expected)


def test_text_that_the_database_does_not_take_is_refused(write):
    ((_, name, field, expected),) = refused(write(sound(edition={"title": "\ud800"})))
    assert (name, field) == (f"object 5 (visits.edition {EDITION})", "-")
    assert expected.startswith("the database does not take it")


def test_passage_must_be_attached_to_a_part_of_the_edition(write):
    faults = refused(write([*sound(), evidence(child_uid=DOCUMENT), evidence(child_uid=SEGMENT, field="title")]))
    assert faults == [
        ("visits.json", "object 8 (visits.evidence)", "child_uid",
         "the uid of the visit, or of a part of the edition that stands before it, was expected"),
        ("visits.json", "object 9 (visits.evidence)", "field",
         "one of modality, modality_inferred, start, end, places was expected"),
    ]  # fmt: skip


def test_translation_is_loaded_and_reviewed(write):
    load_register([write(sound()), write([translation(), translation(language="ru", text="Поездка")], "more.json")])

    found = Translation.objects.order_by("language").values_list("language", "text", "state", "reviewed_by")
    system = User.objects.system().pk
    assert list(found) == [("fr", "Une visite", "reviewed", system), ("ru", "Поездка", "reviewed", system)]


@pytest.mark.parametrize(
    ("changes", "field", "expected"),
    [
        ({"source_digest": digest_of("The visit")}, "source_digest", "this translates another wording"),
        ({"field": "change_note"}, "field", "one of title, summary, aim, mandate, text was expected"),
        ({"field": "start", "child_uid": SEGMENT}, "field", "one of places was expected"),
        ({"child_uid": DOCUMENT}, "child_uid", "a part of the edition that stands before it, was expected"),
        ({"language": "en"}, "language", "one of ar, zh-hans, fr, ru, es was expected"),
        ({"text": ""}, "text", "a value was expected"),
        ({"visit": [EDITION]}, "visit", "the natural key of one of the visits"),
        ({"state": "reviewed"}, "state", "draft was expected"),
    ],
)
def test_translation_that_does_not_fit_is_refused(write, changes, field, expected):
    ((_file, name, told, sentence),) = refused(write([*sound(), translation(**changes)]))

    assert (name, told) == ("object 8 (visits.translation)", field)
    assert expected in sentence


def test_field_that_is_translated_twice_is_refused(write):
    ((_file, name, field, expected),) = refused(write([*sound(), translation(), translation(text="Autrement")]))

    assert (name, field) == ("object 9 (visits.translation)", "field")
    assert expected == "a field that this language does not have yet was expected"


def test_draft_that_cannot_be_published_is_refused(write):
    faults = refused(write(sound(edition={"title": "A visit", "summary": " "}, segment={"start": "", "end": ""})))
    name = f"object 5 (visits.edition {EDITION})"
    assert faults == [
        ("visits.json", name, "summary", "The summary is missing: it is what lists show."),
        ("visits.json", name, "segments", "No date is recorded: give at least the year of the visit."),
    ]


def test_all_faults_of_all_files_are_told_in_one_run(write):
    topics = write([obj("topic", slug="Bad slug", name_en="Topic", colour="red"), obj("theme")], "topics.json")
    broken = write("nonsense", "bodies.json")
    visits = write(sound(document={"language": 4, "kind": "poem"}, edition={"summary": ""}))
    assert [fault[:3] for fault in refused(topics, broken, visits)] == [
        ("topics.json", "object 1 (visits.topic Bad slug)", "colour"),
        ("topics.json", "object 1 (visits.topic Bad slug)", "slug"),
        ("topics.json", "object 2 (visits.theme)", "model"),
        ("bodies.json", "the file", "-"),
        ("visits.json", f"object 3 (visits.document {DOCUMENT})", "language"),
        ("visits.json", f"object 3 (visits.document {DOCUMENT})", "kind"),
    ]


def test_fault_is_told_once_and_not_again_for_what_depends_on_it(write):
    passages = [evidence(), evidence(child_uid=SEGMENT, field="start")]
    assert [fault[1:3] for fault in refused(write([*sound(country={"iso2": "dk"}), *passages]))] == [
        ("object 2 (visits.country denmark)", "iso2")
    ]
    assert [fault[1:3] for fault in refused(write([*sound(segment={"start": "May"}), *passages]))] == [
        (f"object 6 (visits.segment {SEGMENT})", "start")
    ]


def test_faults_of_an_object_are_told_even_when_it_depends_on_another_fault(write):
    assert [fault[1:3] for fault in refused(write(sound(country={"iso2": "dk"}, visit={"colour": "red"})))] == [
        ("object 2 (visits.country denmark)", "iso2"),
        (f"object 4 (visits.visit {VISIT})", "colour"),
    ]


def test_register_that_holds_a_visit_is_left_as_it_is(write):
    edition = make_edition()
    with pytest.raises(RegisterNotEmpty):
        load_register([write(sound())])
    assert list(Visit.objects.all()) == [edition.visit]
    assert not Topic.objects.exists()


def test_terms_that_staff_have_entered_stay_as_they_are(write):
    make_country(name="Kingdom of Denmark")
    load_register([write(sound())])
    assert Country.objects.get().name == "Kingdom of Denmark"
    assert Edition.objects.published().get().visit.country.iso3 == "DNK"


def test_command_says_how_many_visits_there_are(write):
    out = StringIO()
    call_command("load_register", write(sound()), stdout=out)
    assert out.getvalue() == "The register now holds 1 visit.\n"


def test_command_stops_with_the_faults_each_with_its_line_and_value(write):
    objects = sound(visit={"country": ["SWE"]}, segment={"start": "2018-06-02", "end": "2018-06-01"})
    path = write(json.dumps([7, {"model": "visits.topic", "fields": {}, "pk": 5}, *objects], indent=1))
    with pytest.raises(CommandError) as caught:
        call_command("load_register", path)

    lines = path.read_text().splitlines()
    line = {name: lines.index(f'  "model": "visits.{name}",') for name in ("topic", "visit", "segment")}
    assert str(caught.value).splitlines() == [
        "The fixtures do not fit; nothing was loaded.",
        f"{path}, line 2, object 1, field -, value 7: an object with “model” and “fields” was expected",
        f"{path}, line {line['topic']}, object 2 (visits.topic), field pk, value 5: "
        "no primary key was expected: natural keys alone tell objects apart",
        f'{path}, line {line["visit"]}, object 6 (visits.visit {VISIT}), field country, value ["SWE"]: '
        "the natural key of one of the countries that stand before it was expected",
        f"{path}, line {line['segment']}, object 8 (visits.segment {SEGMENT}), field start, end, "
        'value "2018-06-02", "2018-06-01": The last day cannot be before the first.',
    ]


@pytest.mark.parametrize("indent", [None, 1])
def test_every_object_is_told_by_the_line_it_begins_on(indent):
    objects = [{"a": [1, "]"]}, [["x"]], 7, "two\nlines", {}]
    text = "\n" + json.dumps(objects, indent=indent) + "\n"

    lines = text.splitlines()
    begins = [1 + lines.index(start) for start in (" {", " [", " 7,", ' "two\\nlines",', " {}")] if indent else [2] * 5
    assert list(lines_of(text)) == begins


def test_a_long_value_is_shortened_in_a_message(write):
    with pytest.raises(BadFixture, match=r'field title, value "xxx+…: Ensure this value has at most 250'):
        load_register([write(sound(edition={"title": "x" * 251}))])
