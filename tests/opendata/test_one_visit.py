"""One visit as JSON and as Markdown: all of it, in the language of the address, and nothing that was taken back."""

import json
import re

import pytest
from markdown_it import MarkdownIt

from tests.crawler import Answer, Browser
from tests.examples import fill_every_part
from tests.factories import make_country, make_edition, make_next_edition, make_user, translate
from visits.editorial import actions
from visits.enums import Role, State
from visits.models import Finding

pytestmark = pytest.mark.django_db

ENDINGS = ("json", "md")


def get(address: str) -> Answer:
    return Browser().get(address)


def test_json_is_the_row_of_the_list_and_everything_that_hangs_on_it():
    make_edition(State.PUBLISHED, fill=fill_every_part)

    told = json.loads(get("/visits/denmark-2018.json").content)

    [row] = json.loads(get("/visits.json").content)["results"]
    assert told | row == told
    assert told["is_current"] is True
    assert [part["text"] for part in told["parts"]["findings"]] == list(Finding.objects.values_list("text", flat=True))
    assert get("/visits/denmark-2018.json").headers["Content-Type"] == "application/json"


def test_markdown_tells_the_whole_record_in_headings_lists_and_links():
    def fill(edition):
        fill_every_part(edition)
        edition.title, edition.summary = "To Denmark", "What it was about."
        edition.save()

    edition = make_edition(State.PUBLISHED, fill=fill)

    answer = get("/visits/denmark-2018.md")

    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8; variant=CommonMark"
    lines = answer.body.splitlines()
    assert lines[:5] == [
        "# To Denmark",
        "",
        f"[Denmark](http://127.0.0.1/countries/dnk/), 29 May to 1 June 2018{lines[2].partition('June 2018')[2]}",
        "",
        "What it was about.",
    ]
    assert [line for line in lines if line.startswith("## ")] == [
        "## At a glance", "## Aim of the visit", "## Topics", "## Findings", "## What the delegation did", "## People",
        "## In the words of the source", "## Sources", "## History of this record", "## How to cite",
    ]  # fmt: skip
    assert re.fullmatch(
        r"“To Denmark”, Register of CTED visits, edition 1 \(as at \d+ \w+ \d{4}\)\. "
        r"<http://127\.0\.0\.1/visits/denmark-2018/editions/1/>",
        lines[-1],
    )
    for row in (*edition.findings.all(), *edition.engagements.all()):
        assert all(str(getattr(row, name)) in answer.body for name in type(row).TRANSLATABLE)
    assert {token.type for token in MarkdownIt("commonmark").parse(answer.body)} & {"html_block", "code_block"} == set()


def test_no_text_of_a_record_becomes_markup():
    bad = "<script>x</script> [a](b) *c* `d` # e"

    def fill(edition):
        fill_every_part(edition)
        for name in ("title", "summary", "aim", "mandate", "change_note"):
            setattr(edition, name, bad)
        edition.save()
        for model in ("findings", "engagements", "people", "segments"):
            for row in getattr(edition, model).all():
                for name in type(row).TRANSLATABLE:
                    setattr(row, name, bad)
                row.save()

    make_edition(State.PUBLISHED, fill=fill)

    tokens = MarkdownIt("commonmark").parse(get("/visits/denmark-2018.md").body)

    inline = [child for token in tokens for child in token.children or ()]
    assert not {"html_inline", "em_open", "code_inline", "image"} & {token.type for token in inline}
    addresses = {token.attrs["href"] for token in inline if token.type == "link_open"}
    assert all(address.startswith(("http://127.0.0.1/", "https://")) for address in addresses)
    assert sum(token.content.count("<script>x</script> [a](b) *c* `d` # e") for token in inline) >= 5


def test_a_record_is_told_in_the_language_of_the_address():
    translate(make_edition(State.PUBLISHED, title="To Denmark"), "fr")

    assert json.loads(get("/fr/visits/denmark-2018.json").content)["title"] == "fr: To Denmark"
    page = get("/fr/visits/denmark-2018.md").body
    assert page.startswith("# fr: To Denmark\n\n[Denmark](http://127.0.0.1/fr/countries/dnk/), 29 mai")
    assert "This record" not in page


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_fixed_edition_stays_as_it_was(ending):
    make_next_edition(make_edition(State.PUBLISHED, title="First wording"), title="Second wording")

    assert "First wording" in get(f"/visits/denmark-2018/editions/1.{ending}").body
    assert "Second wording" in get(f"/visits/denmark-2018/editions/2.{ending}").body
    assert "Second wording" in get(f"/visits/denmark-2018.{ending}").body
    if ending == "md":
        assert "> This is edition 1. It was replaced on" in get("/visits/denmark-2018/editions/1.md").body


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_not_there_is_told_as_a_problem(ending):
    make_edition(State.PUBLISHED)
    make_edition(State.DRAFT, country=make_country("Norway", "NOR", "NO"))

    for address in ("norway-2018", "nowhere-2018", "denmark-2018/editions/2", "nowhere-2018/editions/1"):
        answer = get(f"/visits/{address}.{ending}")
        assert (answer.status, answer.headers["Content-Type"]) == (404, "application/problem+json")
        assert json.loads(answer.content)["code"] == "not_published"


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_withdrawn_visit_tells_when_and_why_and_nothing_else(ending):
    make_edition(State.WITHDRAWN, title="Secret")

    for address in ("denmark-2018", "denmark-2018/editions/1"):
        answer = get(f"/visits/{address}.{ending}")
        assert (answer.status, answer.headers["Content-Type"]) == (410, "application/problem+json")
        assert "Secret" not in answer.everything
        told = json.loads(answer.content)
        assert (told["code"], told["visit"], told["reason"]) == ("withdrawn", "denmark-2018", "Entered by mistake.")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_withheld_edition_tells_why_and_the_others_are_read(ending):
    make_edition(State.WITHHELD, title="Secret")

    answer = get(f"/visits/denmark-2018/editions/1.{ending}")

    assert (answer.status, answer.headers["Content-Type"]) == (410, "application/problem+json")
    assert "Secret" not in answer.everything
    told = json.loads(answer.content)
    assert (told["code"], told["edition"], told["reason"]) == ("withheld", 1, "It names a child.")
    assert get(f"/visits/denmark-2018/editions/2.{ending}").status == 200


@pytest.mark.parametrize("ending", [*ENDINGS, "ris", "bib", "csl.json"])
def test_what_became_part_of_another_visit_leads_to_the_same_format_of_that_one(ending):
    other = make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO"))
    edition = make_edition(State.PUBLISHED)
    actions.withdraw(edition, by=make_user(Role.ADMINISTRATOR), note="One visit.", consolidated_into=other.visit)

    for address in ("/fr/visits/denmark-2018", "/fr/visits/denmark-2018/editions/1"):
        answer = get(f"{address}.{ending}")
        assert (answer.status, answer.headers["Location"]) == (301, f"/fr/visits/norway-2018.{ending}")
        assert answer.headers["Cache-Control"] == "max-age=0, must-revalidate"
