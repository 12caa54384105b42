"""`manage.py ingest`: what stands in files, for people, for programs, and as drafts."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from tests.factories import make_country, make_edition, make_user
from tests.register import everything
from visits.exceptions import EncryptedFile
from visits.extraction.proposal import Confidence, Extraction, Part, Proposal, Question, Span, Value
from visits.ingest import account, asjson, batch
from visits.ingest.readers import Reading
from visits.models import Body, Document, Edition, Visit

from .files import docx, page, pdf

RELEASE = """CTED visits Denmark

From 29 May to 1 June 2018 the Executive Directorate (CTED) of the Committee conducted a follow-up visit to Denmark.

The delegation also included the World Customs Organization (WCO)."""
OTHER = "A seminar on the history of lighthouses was held yesterday. Nobody travelled."

TEXT = "Experts of CTED and WCO visited Denmark on 29 May 2018, first by video in April 2018. The IMO was told."


def at(words: str) -> tuple[Span, ...]:
    start = TEXT.index(words)
    return (Span(start, start + len(words)),)


def part(model: str, **values) -> Part:
    return Part(model, {name: value if isinstance(value, Value) else Value(value) for name, value in values.items()})


def segment(modality: str, day: str, words: str) -> Part:
    return part("segment", modality=modality, start=Value(day, at(words), "when", Confidence.LIKELY), end=day)


FOUND = Extraction(
    document={"published_on": Value("2018-06-02"), "language": Value("en")},
    proposals=(
        Proposal(
            country=Value("DNK", at("Denmark")),
            parts=(
                part("edition", title="Experts visit", aim=Value(None)),
                segment("virtual", "2018-04", "April 2018"),
                segment("on-site", "2018-05-29", "29 May 2018"),
                part("kind", kind="focused"),
                part("kind", kind="follow-up", ordinal=2),
                part("focus", topic="legislation", role="focus"),
                part("focus", topic="gender", role="mentioned"),
                part("resolutionlink", resolution=1373),
                part("participation", body=Value("wco", at("WCO"))),
                part("participation", body=Value("cted", at("CTED")), role="lead"),
                part("person", name="Zoë Lind", role="head"),
                part("engagement", kind="side-meeting", body="wco"),
                part("finding", kind="assistance", direction="offered", text="Training was offered."),
            ),
            questions=(Question("misprint", "Is it so?", "resolutionlink", "resolution", at("2018")[0]),),
            mentioned=(Value("imo", at("IMO")), Value("Unknown Office")),
        ),
    ),
    questions=(Question("category", "Which category?"),),
)
ACRONYMS = {"cted": "CTED", "wco": "WCO", "imo": "IMO"}


def the_object(**changes) -> dict:
    (found,) = asjson.objects("a.txt", TEXT, FOUND, ACRONYMS, "https://example.org/")
    return found | changes


# The objects


def test_an_object_speaks_as_the_labels_do():
    found = the_object()

    assert {name: found[name] for name in ("file", "source_url", "visits", "country", "publication_date")} == {
        "file": "a.txt",
        "source_url": "https://example.org/",
        "visits": 1,
        "country": "DNK",
        "publication_date": "2018-06-02",
    }
    assert (found["start"], found["end"]) == ("2018-05-29", "2018-05-29")
    assert [one["start"] for one in found["segments"]] == ["2018-04", "2018-05-29"]
    assert (found["kinds"], found["ordinal"]) == (["focused", "follow-up"], 2)
    assert found["bodies"] == ["CTED", "WCO"]
    assert found["mentioned_bodies"] == ["IMO", "Unknown Office"]
    assert found["topics"] == ["gender", "legislation"]
    assert found["resolutions"] == [1373]
    person = {"name": "Zoë Lind", "title": "", "department": "", "organisation": "", "role": "head"}
    assert found["people"] == [person]
    assert found["engagements"][0]["body"] == "WCO"
    gist = {"kind": "assistance", "gist": "Training was offered."}
    assert found["findings"] == [gist | {"direction": "offered", "topic": "", "speaker": ""}]
    assert found["aim"] == ""


def test_evidence_quotes_the_text_and_names_the_value():
    found = the_object()

    assert all(TEXT[one["start"] : one["end"]] == one["quote"] for one in found["evidence"])
    assert ("segment", 1, "start", "29 May 2018", "likely") in [
        (one["model"], one["index"], one["field"], one["quote"], one["confidence"]) for one in found["evidence"]
    ]
    assert ("visit", 0, "country", "Denmark") in [
        (one["model"], one["index"], one["field"], one["quote"]) for one in found["evidence"]
    ]
    assert [question["code"] for question in found["questions"]] == ["category", "misprint"]
    assert found["questions"][1]["quote"] == "2018"


def test_a_text_about_no_visit_is_one_object_whose_questions_say_why():
    none = Extraction({"published_on": Value("2018-06-02")}, (), (Question("no_visit", "No visit."),))

    (found,) = asjson.objects("a.txt", TEXT, none, ACRONYMS)

    empty = {name: value for name, value in found.items() if name not in ("file", "questions")}
    assert empty == {name: value for name, value in asjson.nothing().items() if name not in ("file", "questions")}
    assert [question["sentence"] for question in found["questions"]] == ["No visit."]


def test_every_object_has_every_key():
    assert the_object().keys() == asjson.nothing().keys()


values = st.none() | st.text(max_size=5) | st.integers() | st.booleans()
parts = st.builds(
    Part,
    st.sampled_from(["segment", "kind", "focus", "resolutionlink", "participation", "person", "engagement", "finding"]),
    st.dictionaries(
        st.sampled_from(["kind", "role", "start", "end", "modality", "name", "direction", "text", "place"]),
        st.builds(Value, st.text(max_size=5), st.just(()) | st.just((Span(0, 4),))),
    ),
)


@given(st.lists(parts, max_size=6), st.lists(st.builds(Value, values), max_size=2))
def test_whatever_is_proposed_can_be_written_and_told(some, mentioned):
    proposal = Proposal(Value("DNK"), (part("edition"), *some), (), tuple(mentioned))

    (found,) = asjson.objects("a.txt", TEXT, Extraction({}, (proposal,)), {})

    assert json.loads(json.dumps(found)) == found
    assert account.of(found).startswith("a.txt\n  country: DNK")


# Many files


@pytest.fixture
def register(db):
    make_country()
    for acronym, name in (
        ("CTED", "Counter-Terrorism Committee Executive Directorate"),
        ("WCO", "World Customs Organization"),
    ):
        Body.objects.create(acronym=acronym, slug=acronym.lower(), name=name, kind="un")


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        paths = []
        for name, content in files.items():
            path = tmp_path / name.replace("_", ".")
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            paths.append(path)
        return paths

    return write


def ingest(*paths, **options) -> tuple[list[str], str, str]:
    """Lines of output, progress, and what the run ended with."""
    out, err, ended = StringIO(), StringIO(), ""
    try:
        call_command("ingest", *map(str, paths), stdout=out, stderr=err, no_color=True, **options)
    except CommandError as error:
        ended = str(error)
    return out.getvalue().splitlines(), err.getvalue(), ended


def test_every_format_tells_the_same(register, folder):
    paragraphs = RELEASE.split("\n\n")
    article = f"<h1>{paragraphs[0]}</h1><p>{paragraphs[1]}</p><p>{paragraphs[2]}</p>"
    lines = [paragraphs[0], "", paragraphs[1][:80], paragraphs[1][80:], "", paragraphs[2]]
    files = folder(a_txt=RELEASE, b_html=page(article), c_docx=docx(*paragraphs), d_pdf=pdf(lines))

    lines, _progress, ended = ingest(*files, json=True)

    assert ended == ""
    objects = [json.loads(line) for line in lines]
    assert [found["file"] for found in objects] == [path.name for path in files]
    for found in objects:
        assert (found["country"], found["start"], found["end"]) == ("DNK", "2018-05-29", "2018-06-01")
        assert (found["kinds"], found["bodies"]) == (["follow-up"], ["CTED", "WCO"])


def test_one_bad_file_stops_no_other(register, folder, tmp_path):
    files = folder(a_txt=RELEASE, b_pdf=pdf(["Words"], password="secret"), c_txt=OTHER)

    lines, progress, ended = ingest(files[0], files[1], tmp_path / "missing.txt", tmp_path, files[2], json=True)

    assert [json.loads(line)["visits"] for line in lines] == [1, 0]
    assert [line.split()[0] for line in progress.splitlines()] == ["1/5", "2/5", "3/5", "4/5", "5/5"]
    assert str(EncryptedFile(name="b.pdf")) in progress
    assert ended == "Files: 5; visits: 1; about no visit: 1; drafts: 0; failed: 3."


def test_a_text_about_no_visit_is_no_failure(register, folder):
    (line,), progress, ended = ingest(*folder(a_txt=OTHER), json=True)

    assert ended == ""
    assert "No visit is told of." in progress
    assert json.loads(line)["questions"]


def test_without_an_option_people_are_told(register, folder):
    lines, _progress, _ended = ingest(*folder(a_txt=RELEASE))

    assert lines[0] == "a.txt"
    assert "  country: DNK" in lines
    assert "  kinds: follow-up" in lines
    assert "  bodies: CTED, WCO" in lines


def test_reading_alone_changes_nothing(register, folder):
    before = everything()

    ingest(*folder(a_txt=RELEASE), json=True)

    assert everything() == before


def test_a_mistake_of_the_program_stops_no_other_file(register, folder, caplog):
    def propose(name, data):
        if name == "a.txt":
            raise ZeroDivisionError
        return Reading(TEXT), FOUND

    first, second = batch.ingest(folder(a_txt="x", b_txt="y"), propose=propose)

    assert first.refused.code == "unreadable"
    assert second.visits == 1
    assert "ZeroDivisionError" in caplog.text


# Drafts


def test_a_draft_is_made_in_the_name_of_whoever_asks(register, folder):
    author = make_user(username="ada")

    _lines, progress, ended = ingest(*folder(a_txt=RELEASE), create=True, by="ada")

    assert ended == ""
    assert "1 draft created." in progress
    edition = Edition.objects.get()
    assert (edition.visit.country.iso3, edition.state) == ("DNK", "draft")
    assert edition.events.first().actor == author
    assert edition.documentlinks.get().document.text == RELEASE


@pytest.mark.parametrize("options", [{"create": True}, {"by": "ada"}, {"create": True, "by": "nobody"}])
def test_a_draft_is_made_only_for_somebody_known(register, folder, options):
    make_user(username="ada")

    lines, _progress, ended = ingest(*folder(a_txt=RELEASE), **options)

    assert ended
    assert lines == []
    assert not Document.objects.exists()


def test_a_text_about_no_visit_leaves_nothing(register, folder):
    make_user(username="ada")

    _lines, _progress, ended = ingest(*folder(a_txt=OTHER), create=True, by="ada")

    assert ended == ""
    assert not Document.objects.exists()
    assert not Visit.objects.exists()


def test_a_visit_that_is_recorded_is_not_recorded_twice(register, folder):
    author = make_user(username="ada")
    make_edition(by=author, start="2018-05-31", end="2018-06-03")
    before = everything()

    _lines, progress, ended = ingest(*folder(a_txt=RELEASE), create=True, by="ada")

    assert ended
    assert "recorded already" in progress
    assert everything() == before


def test_whoever_may_not_make_drafts_makes_none(register, folder):
    make_user(None, username="ada")
    before = everything()

    _lines, _progress, ended = ingest(*folder(a_txt=RELEASE), create=True, by="ada")

    assert ended
    assert everything() == before
