"""The pages of an import: uploaded, read cell by cell, taken in parts, undone."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories import make_country, make_edition, make_user
from tests.ingest import tables
from tests.ingest.test_imports import cted, new_visit  # noqa: F401
from visits.admin import imports as pages
from visits.editorial import actions
from visits.enums import Role, State
from visits.ingest.offers import compare
from visits.ingest.visit_table import COLUMNS
from visits.models import Edition, Import, ImportedDraft

from .support import filled, imported_draft, text
from .test_exports import exported

pytestmark = pytest.mark.django_db

ADD = "/admin/visits/import/add/"


def send(client, data: bytes, name: str = "visits.csv"):
    return client.post(ADD, {"file": SimpleUploadedFile(name, data)})


def page_of(imported: Import) -> str:
    return f"/admin/visits/import/{imported.pk}/change/"


def test_a_table_is_kept_with_who_when_and_digest_and_leads_to_its_preview(client, author):
    edition = make_edition(title="As drafted")
    data = tables.csv_of(*tables.edited(tables.table_of(), title="Corrected"))

    response = send(client, data)

    imported = Import.objects.get()
    assert response["Location"] == page_of(imported)
    assert (imported.actor, imported.actor_name, imported.name) == (author, str(author), "visits.csv")
    words = text(client.get(page_of(imported)))
    assert imported.sha256 in words
    for word in (str(edition.visit.uid), "<del>As drafted</del>", "<ins>Corrected</ins>", "Changes of the draft"):
        assert word in words
    assert Edition.objects.get().title == "As drafted"


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv", b"\x00", "cannot be read as a table"),
        ("a.csv", b"x" * (5 * 1024**2 + 1), "larger than an import may be: 5 MB and 5000 rows"),
        ("a.csv", b"", "The submitted file is empty."),
    ],
)
def test_what_is_no_table_is_told_beside_the_field_and_not_kept(client, author, name, data, told):
    words = text(send(client, data, name))

    assert told in words
    assert "Nothing was kept." in words
    assert not Import.objects.exists()


def test_bad_rows_are_told_by_sheet_row_and_column_beside_the_good_ones(client, author):
    make_edition(start="2018", end="2018")
    make_edition(start="2019", end="2019")
    rows = tables.edited(tables.edited(tables.table_of(), start="soon"), row=2, title="Corrected")
    imported = tables.upload(rows, author, name="visits.xlsx", make=tables.xlsx_of)

    words = text(client.get(page_of(imported)))

    assert "Visits, line 2, column start: a day (2018-05-29), a month (2018-05), a year (2018) or nothing was" in words
    assert "1 visit is on offer." in words
    assert "<ins>Corrected</ins>" in words


def test_what_is_ticked_is_taken_and_the_rest_stays_on_offer(client, author):
    first, second = (make_edition(State.PUBLISHED, start=year, end=year) for year in ("2018", "2019"))
    rows = tables.edited(tables.table_of(), title="One", summary="Told otherwise.")
    imported = tables.upload(tables.edited(rows, row=2, title="Two"), author)
    posted = filled(client.get(page_of(imported)), **{"take-3": None, "cell-2": ["title"]}, change_note="Titles.")

    response = client.post(page_of(imported), posted | {"line": ["2", "3"]}, follow=True)

    assert "1 draft has been made." in text(response)
    draft = Edition.objects.working().get()
    assert (draft.visit, draft.title, draft.summary) == (first.visit, "One", first.summary)
    assert draft.change_note == "Titles."
    changes = {offer.entry.name: [each.column for each in offer.changes] for offer in compare(imported).offers}
    assert changes == {"denmark-2018": ["summary"], "denmark-2019": ["title"]}
    assert draft.title in text(response)
    assert second.visit.editions.count() == 1


def test_nothing_ticked_is_told_and_nothing_is_made(client, author):
    make_edition()
    imported = tables.upload(tables.edited(tables.table_of(), title="One"), author)

    response = client.post(page_of(imported), filled(client.get(f"{page_of(imported)}?ticked=none")))

    assert response.status_code == 409
    assert "No draft is ticked" in text(response)
    assert not ImportedDraft.objects.exists()


def test_a_new_visit_that_may_be_there_already_is_not_ticked_by_itself(client, author, cted):  # noqa: F811
    imported = tables.upload(new_visit(), author)
    assert "take-2" in filled(client.get(page_of(imported)))
    recorded = make_edition(country=make_country("Finland", "FIN", "FI"), start="2020-03", end="2020", title="There")

    response = client.get(page_of(imported))

    assert "This State has a visit at these dates already." in text(response)
    assert str(recorded.visit.uid) in text(response)
    assert "take-2" not in filled(response)


def test_what_cannot_be_taken_says_why_and_has_nothing_to_tick(client, author):
    make_edition(State.IN_REVIEW)
    imported = tables.upload(tables.edited(tables.table_of(), title="One"), author)

    response = client.get(page_of(imported))

    assert "This edition is in review" in text(response)
    assert not {"take-2", "cell-2"} & filled(response).keys()


def test_a_long_table_is_offered_page_by_page(client, author, monkeypatch):
    monkeypatch.setattr(pages, "PER_PAGE", 1)
    for year in ("2018", "2019"):
        make_edition(start=year, end=year)
    rows = tables.edited(tables.edited(tables.table_of(), title="One"), row=2, title="Two")
    imported = tables.upload(rows, author)

    second = client.get(f"{page_of(imported)}?page=2")
    client.post(f"{page_of(imported)}?page=2", filled(second))

    assert sorted(Edition.objects.filter(title__in=("One", "Two")).values_list("title", flat=True)) == ["Two"]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_the_table_of_the_list_holds_the_visits_that_it_is_narrowed_to(client, author, format):
    for state in (State.DRAFT, State.PUBLISHED):
        make_edition(state)

    response = client.get(f"/admin/visits/visit/table/{format}/?state=published")

    assert response.status_code == 200
    sent = send(client, b"".join(response.streaming_content), f"table.{format}")
    assert "1 visit is as the register has it." in text(client.get(sent["Location"]))
    assert "0 visits are on offer." in text(client.get(sent["Location"]))
    assert compare(Import.objects.get()).same == 1
    assert {"visit", "iso3", "start"} < set(COLUMNS)


def test_the_lists_lead_to_the_import_and_to_the_table(client, author):
    words = text(client.get("/admin/visits/visit/?state=draft"))

    assert ADD in words
    assert "/admin/visits/visit/table/xlsx/?state=draft" in words


def test_the_import_is_undone_from_its_page(client, author):
    draft = imported_draft(by=author)
    assert f"/admin/visits/import/{draft.source_id}/undo/" in text(client.get(page_of(draft.source)))
    address = f"/admin/visits/import/{draft.source_id}/undo/"

    response = client.post(address, filled(client.get(address), note="It was the wrong file."), follow=True)

    assert "The import of “visits.csv” has been undone." in text(response)
    assert "<strong>undone</strong>" in text(response)
    assert address not in text(response)
    assert draft.edition.events.filter(verb="save").count() == 3
    assert Edition.objects.get().title == "As it was"
    assert "It was the wrong file." in text(client.get(f"/admin/visits/import/{draft.source_id}/history/"))
    assert exported(client, "import")[1][3:] == ["1", "1"]


def test_what_somebody_changed_since_is_told_by_name_after_undoing(client, author):
    for year in ("2018", "2019"):
        make_edition(start=year, end=year)
    rows = tables.edited(tables.edited(tables.table_of(), title="One"), row=2, title="Two")
    imported = tables.upload(rows, author)
    tables.take(imported, author)
    held = Edition.objects.get(title="One")
    with actions.saving(held, by=make_user(Role.EDITOR)):
        held.summary = "In their words."
        held.save()
    address = f"/admin/visits/import/{imported.pk}/undo/"

    words = text(client.post(address, filled(client.get(address)), follow=True))

    assert "was changed or taken further after the import, so it was left as it is" in words
    assert "changed since" in words
    assert Edition.objects.get(pk=held.pk).title == "One"
    assert not Edition.objects.filter(title="Two").exists()


def test_an_editor_undoes_the_import_of_an_author_and_another_author_does_not(client):
    draft = imported_draft(by=make_user(Role.AUTHOR))
    address = f"/admin/visits/import/{draft.source_id}/undo/"

    for role, status in ((Role.AUTHOR, 403), (Role.EDITOR, 200)):
        client.force_login(make_user(role))
        assert client.get(address).status_code == status
        assert (address in text(client.get(page_of(draft.source)))) is (status == 200)


def test_pages_of_an_import_have_a_strict_policy_and_nothing_inline(client, author):
    draft = imported_draft(by=author)

    for address in (ADD, page_of(draft.source), f"/admin/visits/import/{draft.source_id}/undo/"):
        response = client.get(address)
        assert "unsafe" not in response["Content-Security-Policy"]
        assert "nonce" not in response["Content-Security-Policy"]
        assert " style=" not in response.content.decode()


def test_a_preview_takes_few_queries_however_many_visits_it_compares(client, author, django_assert_max_num_queries):
    for _ in range(5):
        make_edition(State.PUBLISHED)
    imported = tables.upload(tables.table_of(), author)

    with django_assert_max_num_queries(30):
        client.get(page_of(imported))
