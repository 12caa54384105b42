"""Every list of the admin as a file: the rows of the list, all of them, and nothing that a spreadsheet would run."""

import csv
import io
import re
from datetime import datetime

import pytest
from django.contrib import admin
from openpyxl import load_workbook

from tests.factories import make_document, make_edition, make_user, translate
from visits.admin.exports import CONTENT_TYPES, Exporting
from visits.enums import Role, State
from visits.models import Document, Edition, Topic

from .support import fill_with, text

pytestmark = pytest.mark.django_db

LISTED = [model for model in admin.site._registry if model._meta.app_label == "visits"]


def exported(client, model, format="csv", query="") -> list[list[str]]:
    """The cells of the file, the headings first."""
    response = client.get(f"/admin/visits/{model}/export/{format}/?{query}")
    data = b"".join(response.streaming_content)
    assert response["Content-Type"] == CONTENT_TYPES[format]
    if format == "csv":
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    rows = load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
    return [["" if value is None else str(value) for value in row] for row in rows]


def test_every_list_of_the_admin_can_be_exported():
    assert [model for model in LISTED if not isinstance(admin.site.get_model_admin(model), Exporting)] == []


@pytest.mark.parametrize("format", CONTENT_TYPES)
@pytest.mark.parametrize("model", LISTED, ids=lambda model: model._meta.model_name)
def test_a_file_has_the_headings_of_its_list_and_a_row_for_each_of_its_rows(client, model, format):
    client.force_login(make_user(Role.ADMINISTRATOR))
    edition = make_edition(State.PUBLISHED, fill=fill_with(2))
    translate(edition)

    headings, *rows = exported(client, model._meta.model_name, format)

    assert "" not in headings
    assert len(rows) == (1 if model._meta.model_name == "translation" else model.objects.count())
    page = text(client.get(f"/admin/visits/{model._meta.model_name}/"))
    assert f"/admin/visits/{model._meta.model_name}/export/{format}/" in page


def test_a_file_holds_what_the_list_was_narrowed_to_in_its_order_and_all_pages(client, author, monkeypatch):
    monkeypatch.setattr(admin.site.get_model_admin(Edition), "list_per_page", 1)
    for title in ("Beta visit", "Alpha visit", "Gamma visit", "Another"):
        make_edition(State.PUBLISHED if title == "Another" else State.DRAFT, title=title)

    _headings, *rows = exported(client, "edition", query="q=visit&state=draft&o=0&p=2")

    assert [row[0] for row in rows] == ["Alpha visit", "Beta visit", "Gamma visit"]
    assert [row[2] for row in rows] == ["draft"] * 3


def test_the_file_of_visits_says_in_words_what_the_list_shows(client, author):
    make_edition(State.PUBLISHED, title="A visit", start="2018-05-29", end="2018-06-01")

    headings, row = exported(client, "visit")

    assert headings == ["Title", "Slug", "Country", "Dates", "State", "Latest edition"]
    assert row == ["A visit", "denmark-2018", "Denmark", "29 May to 1 June 2018", "published", "1"]


def test_times_say_their_zone(client, author):
    make_edition()

    _headings, row, *_ = exported(client, "event")

    assert datetime.fromisoformat(row[0]).utcoffset() is not None
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", row[0])


FORMULA = '=HYPERLINK("https://example.org")'


def test_no_cell_of_a_workbook_is_a_formula(client, author):
    make_document(title=FORMULA)

    data = b"".join(client.get("/admin/visits/document/export/xlsx/").streaming_content)
    cell = load_workbook(io.BytesIO(data)).active["A2"]

    assert (cell.value, cell.data_type, cell.quotePrefix) == (FORMULA, "s", True)


def test_a_formula_in_a_csv_file_is_text(client, author):
    make_document(title=FORMULA)

    _headings, row = exported(client, "document")

    assert row[0] == f"'{FORMULA}"


def test_what_xml_cannot_hold_does_not_break_a_workbook(client, author):
    make_document(title="A bell\x07")

    assert exported(client, "document", "xlsx")[1][0] == "A bell\N{REPLACEMENT CHARACTER}"


def test_a_list_that_cannot_be_asked_for_leads_back_to_the_list(client, author):
    response = client.get("/admin/visits/document/export/csv/?published_on__year=x")

    assert response.status_code == 302
    assert response["Location"] == "/admin/visits/document/?e=1"


@pytest.mark.parametrize(("address", "status"), [("export/pdf/", 404), ("export/csv/", 405)])
def test_no_other_format_and_no_other_method(client, author, address, status):
    call = client.get if status == 404 else client.post

    assert call(f"/admin/visits/visit/{address}").status_code == status


def test_who_may_not_view_a_list_gets_no_file_of_it(client, author):
    assert client.get("/admin/visits/user/export/csv/").status_code == 403


@pytest.mark.parametrize("count", [1, 3])
def test_a_file_of_visits_takes_few_queries_whatever_its_length(client, author, django_assert_num_queries, count):
    for _ in range(count):
        make_edition()

    with django_assert_num_queries(9):
        exported(client, "visit")


def test_documents_are_listed_without_their_texts_and_terms_with_their_uses(client, author):
    make_edition(fill=fill_with(1))

    assert exported(client, Topic._meta.model_name)[1][3] == "1 visit"
    assert len(exported(client, Document._meta.model_name)) == 2
