"""What was taken out of the register and brought back as it was changes nothing: for every visit of it, and for
invented ones."""

import csv
import io

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import fill_every_part
from tests.factories import make_edition, make_user
from visits.admin.exports import write_csv
from visits.enums import Role
from visits.ingest.offers import compare
from visits.models import DocumentLink, Edition, Person, Segment
from visits.text.spreadsheets import write_workbook

from .tables import csv_of, table_of, upload

pytestmark = pytest.mark.django_db


def written(writer, editions=None) -> bytes:
    headings, *rows = table_of(editions)
    file = io.BytesIO()
    writer(file, "Visits", headings, rows)
    return file.getvalue()


def compared(name: str, make) -> tuple[int, list, list]:
    imported = upload((), make_user(Role.AUTHOR), name=name, make=lambda: make)
    found = compare(imported)
    changes = [(offer.entry.name, change) for offer in found.offers for change in offer.changes or ["new"]]
    return found.same, changes, found.faults


@pytest.fixture(scope="module", params=["register", "synthesis"])
def visits(request, django_db_setup, django_db_blocker):
    """How many visits there are. It takes seconds to load them: once for this file, undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        if request.param == "register":
            call_command("load_register", verbosity=0)
        else:
            call_command("synthesize", visits=150, seed=5, verbosity=0)
        yield Edition.objects.standing().count()
        transaction.set_rollback(True)


@pytest.mark.parametrize(("name", "writer"), [("visits.csv", write_csv), ("visits.xlsx", write_workbook)])
def test_a_whole_register_brought_back_as_it_was_changes_nothing(visits, name, writer):
    assert compared(name, written(writer)) == (visits, [], [])


def test_rows_in_another_order_change_nothing(visits):
    headings, *rows = table_of()
    # What is said of a visit as a whole stands in its first row.
    data = csv_of(headings, *rows[::-1])

    assert compared("visits.csv", data) == (visits, [], [])


@pytest.mark.parametrize("visits", ["register"], indirect=True)
def test_the_table_that_the_register_was_made_from_changes_nothing_in_it(visits):
    source = settings.BASE_DIR / "fixtures" / "sources" / "visits.csv"
    rows = list(csv.reader(source.read_text(encoding="utf-8").splitlines()))
    # It has a record of its own, made from the whole release.
    others = [row for row in rows if row[0] != "denmark-2018"]

    assert compared("visits.csv", csv_of(*others)) == (visits - 1, [], [])


TEXT = st.text(max_size=60) | st.text(alphabet="'=+-@\t\r\n ;,\"a\x07\ufffe", max_size=20)


@given(
    texts=st.tuples(TEXT, TEXT, TEXT),
    names=st.tuples(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["", "CTED", "Ministry"])),
    parts=st.lists(st.tuples(st.sampled_from(["", "2018", "2018-05", "2018-05-29"]), TEXT), max_size=3),
    format=st.sampled_from(["csv", "xlsx"]),
)
def test_any_draft_brought_back_as_it_was_changes_nothing(texts, names, parts, format):
    clean = [text.replace("\0", "") for text in texts]
    with transaction.atomic():
        edition = make_edition(fill=fill_every_part)
        Edition.objects.filter(pk=edition.pk).update(title=clean[0][:250], summary=clean[1], aim=clean[2])
        name, title, organisation = (text.replace("\0", "") for text in names)
        Person.objects.create(edition=edition, name=name, title=title, organisation=organisation, role="head")
        edition.segments.all().delete()
        for start, places in parts:
            Segment.objects.create(edition=edition, start=start, places=places.replace("\0", "")[:250])
        DocumentLink.objects.filter(edition=edition).delete()

        own = Edition.objects.filter(pk=edition.pk)
        found = compared(f"visits.{format}", written({"csv": write_csv, "xlsx": write_workbook}[format], own))
        transaction.set_rollback(True)

    assert found[1:] == ([], [])
