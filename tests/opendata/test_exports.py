"""Lists as files, by HTTP through the page cache: whole, told beforehand, refused with what could be asked."""

import csv
import io
import json
from datetime import date, datetime

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from tests.catalogue.test_listing import make_register
from tests.crawler import Answer, Browser
from tests.factories import make_edition, translate
from visits.catalogue import rows
from visits.editorial import actions
from visits.enums import State
from visits.models import Edition, Person, Segment, User
from visits.opendata import exports
from visits.opendata.tables import FINDINGS, VISITS

pytestmark = pytest.mark.django_db

REQUIRED = {
    "slug",
    "url",
    "country",
    "country_iso3",
    "start",
    "end",
    "kinds",
    "topics",
    "resolutions",
    "bodies",
    "edition",
}
FILES = [f"/{table}.{ending}" for table in ("visits", "findings") for ending in ("json", "csv", "xlsx")]
COLUMNS = {"visits": VISITS, "findings": FINDINGS}


@pytest.fixture
def register(db):
    return make_register()


def get(address: str, **headers) -> Answer:
    return Browser().get(address, **headers)


def of_json(answer: Answer) -> list[dict]:
    return json.loads(answer.content)["results"]


def of_csv(answer: Answer) -> list[dict]:
    return list(csv.DictReader(io.StringIO(answer.content.decode(), newline=""), strict=True))


def of_xlsx(answer: Answer) -> list[dict]:
    sheet = load_workbook(io.BytesIO(answer.content)).active
    # Its headings are for people: the names of the columns in their order.
    columns = COLUMNS["visits" if "visits" in answer.address else "findings"]
    names = [column.name for column in columns]
    return [dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=2, values_only=True)]


READ = {"json": of_json, "csv": of_csv, "xlsx": of_xlsx}


def read(address: str) -> list[dict]:
    answer = get(address)
    assert answer.status == 200, answer.body
    return READ[address.partition("?")[0].rpartition(".")[2]](answer)


def test_a_file_is_whole_whatever_page_is_asked_for_and_says_how_many_rows_it_has(register):
    for file in FILES:
        found = read(f"{file}?page_size=1&page=2")

        assert len(found) == (5 if "visits" in file else 4)
        assert get(f"{file}?page_size=1&page=2").headers["X-Total-Count"] == str(len(found))
        assert found == read(file)


def test_a_file_is_named_after_what_it_holds_and_the_day(register):
    for file in FILES:
        name, _dot, ending = file[1:].partition(".")
        day = timezone.now().date().isoformat()

        assert get(file).headers["Content-Disposition"] == f'attachment; filename="cted-{name}-{day}.{ending}"'


def test_head_tells_the_number_of_rows_and_sends_none(register):
    for file in FILES:
        head, whole = get(file, REQUEST_METHOD="HEAD"), get(file)

        assert (head.status, head.content) == (200, b"")
        for name in ("X-Total-Count", "Content-Type", "Content-Disposition", "ETag"):
            assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize("largest", [0, 1_000_000])
def test_an_unchanged_list_is_not_sent_again_whether_it_was_kept_or_too_long_for_that(register, largest):
    browser = Browser()
    browser.application.largest = largest
    tags = {file: browser.get(file).headers["ETag"] for file in FILES}

    for file, tag in tags.items():
        again = browser.get(file, HTTP_IF_NONE_MATCH=tag)
        assert (again.status, again.content) == (304, b"")

    make_edition(State.PUBLISHED)
    for file, tag in tags.items():
        assert browser.get(file, HTTP_IF_NONE_MATCH=tag).status == 200


@pytest.mark.parametrize("ending", READ)
def test_rows_have_what_was_promised_to_everybody_who_reads_them(register, ending):
    found = read(f"/visits.{ending}?country=dnk")

    assert [row["slug"] for row in found] == ["denmark-2018", "denmark-2010"]
    assert set(found[0]) >= REQUIRED


def test_csv_and_json_say_the_same(register):
    for table in ("visits", "findings"):
        in_json, in_csv = read(f"/{table}.json"), read(f"/{table}.csv")

        told = [{name: as_csv(value) for name, value in row.items()} for row in in_json]
        assert in_csv == told


def as_csv(value) -> str:
    return "|".join(value) if isinstance(value, list) else "" if value is None else str(value)


def test_values_are_as_they_are_recorded(register):
    [row] = read("/visits.json?q=denmark&year=2018")

    assert row["url"] == "http://127.0.0.1/visits/denmark-2018/"
    assert row["edition_url"] == "http://127.0.0.1/visits/denmark-2018/editions/1/"
    assert (row["start"], row["end"], row["periods"]) == ("2018-05-29", "2018-06-01", ["2018-05-29/2018-06-01"])
    assert (row["kinds"], row["topics"]) == (["focused", "follow-up"], ["border-management", "gender"])
    assert (row["bodies"], row["resolutions"], row["findings"]) == (["wco"], ["1373"], 1)
    assert read("/visits.json?year=2019")[0]["periods"] == ["../2019-04-25"]


def test_what_is_inferred_stands_apart_from_what_is_stated(db):
    def fill(edition):
        edition.segments.update(modality_inferred=True)
        Segment.objects.create(edition=edition, modality="virtual", start="2019", end="2019")

    make_edition(State.PUBLISHED, fill=fill)

    [row] = read("/visits.json")
    assert (row["modalities"], row["modalities_inferred"]) == (["virtual"], ["on-site"])


def test_a_vertical_line_in_a_value_of_a_list_is_told_from_one_between_values(db):
    def fill(edition):
        for position, name in enumerate(["A|B", "C\\", "D"]):
            Person.objects.create(edition=edition, role="head", name=name, position=position)

    make_edition(State.PUBLISHED, fill=fill)

    assert read("/visits.csv")[0]["heads"] == r"A\|B|C\\|D"
    assert read("/visits.json")[0]["heads"] == ["A|B", "C\\", "D"]


def test_csv_for_spreadsheets_says_so_and_holds_no_formula(db):
    make_edition(State.PUBLISHED, title="=HYPERLINK(1)", summary="-2\nlines")

    answer, exact = get("/visits.csv?flavour=spreadsheet"), get("/visits.csv?flavour=exact")

    assert answer.content.startswith(b"\xef\xbb\xbfslug,")
    assert answer.headers["Content-Disposition"].endswith('-spreadsheet.csv"')
    [row] = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert (row["title"], row["summary"]) == ("'=HYPERLINK(1)", "'-2\nlines")
    assert exact.content == get("/visits.csv").content
    assert of_csv(exact)[0]["title"] == "=HYPERLINK(1)"
    assert exact.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"


def test_a_workbook_has_dates_as_dates_a_frozen_heading_and_texts_as_texts(register):
    make_edition(State.PUBLISHED, start="2022-01-02", end="2022-02", title="=1+1")

    sheet = load_workbook(io.BytesIO(get("/visits.xlsx").content)).active
    row = read("/visits.xlsx")[0]

    assert (sheet.freeze_panes, sheet.sheet_view.rightToLeft) == ("A2", False)
    assert row["start"] == datetime.fromisoformat("2022-01-02")
    assert row["end"] == "2022-02"
    assert isinstance(row["published_at"], datetime)
    assert row["latest"] == datetime.fromisoformat("2022-02-28")
    title = next(cell for cell in sheet[2] if cell.value == "=1+1")
    assert (title.data_type, title.number_format) == ("s", "@")


def test_files_speak_the_language_of_their_address(register):
    translate(Edition.objects.published().get(visit__slug="denmark-2018"), "ar")

    [row] = read("/ar/visits.json?country=dnk&year=2018")
    assert (row["title"][:3], row["title_language"]) == ("ar:", "ar")
    assert row["url"] == "http://127.0.0.1/ar/visits/denmark-2018/"
    assert load_workbook(io.BytesIO(get("/ar/visits.xlsx").content)).active.sheet_view.rightToLeft


@pytest.mark.parametrize("ending", READ)
def test_only_the_columns_asked_for_are_told_in_the_order_asked_for(register, ending):
    answer = get(f"/visits.{ending}?fields=end,slug&fields=kinds,end&country=tcd")

    if ending == "xlsx":
        sheet = load_workbook(io.BytesIO(answer.content)).active
        assert [cell.value for cell in sheet[1]] == ["Last day", "Name in addresses", "Kind of visit"]
    else:
        [row] = READ[ending](answer)
        assert list(row) == ["end", "slug", "kinds"]


def test_of_columns_not_asked_for_nothing_is_read(register, django_assert_num_queries):
    keys = exports.VISITS.ask(exports.QueryDict("")).keys

    def read_only(*names):
        table = exports.VISITS.narrowed(exports.QueryDict(f"fields={','.join(names)}"))
        return list(exports.cells(table.columns, rows.visits(keys), exports.Site("http://x", "en")))

    with django_assert_num_queries(1):
        read_only("slug", "url", "country", "title")
    with django_assert_num_queries(2):
        read_only("slug", "topics", "topic_names", "focus_topics")


@pytest.mark.parametrize(
    ("address", "parameter", "nearest", "valid"),
    [
        ("/visits.csv?topik=gender", "topik", "topic", "fields"),
        ("/visits.json?topic=gendr", "topic", "gender", "gender"),
        ("/visits.xlsx?from=2018-13-01", "from", "", None),
        ("/visits.csv?page=9", "page", "1", None),
        ("/visits.csv?flavour=spreadsheets", "flavour", "spreadsheet", "exact"),
        ("/visits.csv?flavour=exact&flavour=excel", "flavour", "exact", "exact"),
        ("/visits.json?flavour=exact", "flavour", "", "fields"),
        ("/visits.csv?fields=slug,tittle", "fields", "title", "title"),
        ("/findings.json?fields=topics", "fields", "topic", "topic"),
        ("/findings.csv?finding=progres", "finding", "progress", "progress"),
        ("/findings.xlsx?utm_source=x&q=%3F", "q", "", None),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name_with_what_could_be_asked(
    register, address, parameter, nearest, valid
):
    answer = get(address)

    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    told = json.loads(answer.content)
    [problem] = told["parameters"]
    assert (told["status"], problem["name"], problem["nearest"]) == (400, parameter, nearest)
    assert valid is None or valid in problem["valid"]
    assert problem["detail"]


def test_what_only_follows_visitors_and_what_is_left_empty_asks_nothing(register):
    assert read("/visits.csv?utm_source=x&topic=&flavour=&fields=") == read("/visits.csv")


def test_more_rows_than_a_sheet_holds_are_refused_before_any_is_written(register, monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS_OF_A_SHEET", 4)

    answer = get("/visits.xlsx")

    assert answer.status == 400
    assert get("/visits.xlsx?country=dnk").status == 200


def test_files_are_there_to_be_read_only(register):
    answer = get("/visits.csv", REQUEST_METHOD="POST")

    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert (answer.headers["Content-Type"], json.loads(answer.body)["code"]) == (
        "application/problem+json",
        "method_not_allowed",
    )


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_what_is_withdrawn_while_a_list_is_sent_is_left_out(register, monkeypatch, ending):
    monkeypatch.setattr(rows, "SHARE", 1)
    monkeypatch.setattr(exports, "PIECE", 1)
    arriving = iter(Client(headers={"host": "127.0.0.1"}).get(f"/visits.{ending}?sort=oldest").streaming_content)
    begun = next(arriving) + next(arriving)
    assert b"denmark-2010" in begun

    actions.withdraw(
        Edition.objects.published().get(visit__slug="norway-2021"), by=User.objects.system(), note="Wrong."
    )

    whole = begun + b"".join(arriving)
    told = Answer(f"/visits.{ending}", 200, {}, whole)
    assert [row["slug"] for row in READ[ending](told)] == ["denmark-2010", "denmark-2018", "norway-2019", "chad-2021"]


def test_the_register_on_an_earlier_day_is_told_by_its_fixed_editions(register):
    first = Edition.objects.published().get(visit__slug="chad-2021")
    Edition.objects.exclude(pk=first.pk).update(published_at="2999-01-01T00:00Z")
    Edition.objects.filter(pk=first.pk).update(published_at="2020-01-01T00:00Z")

    found = read(f"/visits.json?as_of={date(2020, 1, 2)}")

    assert [(row["slug"], row["edition_url"]) for row in found] == [
        ("chad-2021", "http://127.0.0.1/visits/chad-2021/editions/1/")
    ]
