"""Lists read whole: what rows and records hold is what was recorded, all of it, and nothing that was taken back."""

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from tests.examples import fill_every_part
from tests.factories import make_country, make_document, make_edition, make_next_edition, translate
from visits.catalogue import records, rows
from visits.catalogue.findings import FindingList
from visits.catalogue.listing import Listing
from visits.catalogue.wording import Text
from visits.editorial import actions
from visits.enums import Disclosure, State
from visits.exceptions import Withdrawn
from visits.models import (
    CHILDREN,
    Document,
    DocumentLink,
    Evidence,
    Finding,
    Person,
    Segment,
    User,
    VisitLink,
)
from visits.models.content import plain

pytestmark = pytest.mark.django_db


def visits(query: str = "") -> list[rows.VisitRow]:
    return list(rows.visits(Listing(QueryDict(query)).keys))


def findings(query: str = "") -> list[rows.FindingRow]:
    return list(rows.findings(FindingList(QueryDict(query)).keys))


def test_a_list_is_read_whole_and_in_its_order_whatever_page_is_asked_for(monkeypatch):
    monkeypatch.setattr(rows, "SHARE", 2)
    slugs = [make_edition(State.PUBLISHED, start=str(year), end=str(year)).visit.slug for year in range(2010, 2015)]

    assert [row.slug for row in visits("page_size=2&page=2")] == slugs[::-1]
    assert [row.slug for row in visits("sort=oldest")] == slugs
    assert [row.slug for row in visits("q=what+the+visit")] == [
        card.slug for card in Listing(QueryDict("q=visit")).cards
    ]


@pytest.mark.parametrize("read", [visits, findings])
def test_it_takes_as_many_queries_for_many_as_for_one(read):
    def fill(edition):
        Finding.objects.create(edition=edition, kind="progress", text="Something.")

    counts = []
    for _further in range(3):
        make_edition(State.PUBLISHED, fill=fill)
        read()
        with CaptureQueriesContext(connection) as asked:
            read()
        counts.append(len(asked))

    assert len(set(counts)) == 1


def test_what_is_withdrawn_while_a_list_is_read_is_left_out_and_what_is_corrected_stays_as_it_stood():
    first, second, third = (make_edition(State.PUBLISHED, start=year, end=year) for year in ("2010", "2011", "2012"))
    keys = Listing(QueryDict("sort=oldest")).keys

    actions.withdraw(second, by=User.objects.system(), note="Entered by mistake.")
    make_next_edition(third, title="Another title")

    assert [(row.slug, row.title.text) for row in rows.visits(keys)] == [
        (first.visit.slug, first.title),
        (third.visit.slug, third.title),
    ]


@pytest.mark.parametrize(
    ("parts", "start", "end"),
    [
        ([("2018-05-29", "2018-06-01")], "2018-05-29", "2018-06-01"),
        ([("2021-04", "2021-04"), ("2020-11-02", "2020-11-03")], "2020-11-02", "2021-04"),
        ([("2018", "")], "2018", ""),
        ([("", "2019-04-25")], "", "2019-04-25"),
        ([("2018-05", "2018-05-30"), ("2018-05-31", "")], "2018-05", ""),
    ],
)
def test_a_visit_begins_and_ends_as_far_as_it_is_stated(parts, start, end):
    def fill(edition):
        edition.segments.all().delete()
        for position, (first, last) in enumerate(parts):
            Segment.objects.create(edition=edition, position=position, start=first, end=last)

    make_edition(State.PUBLISHED, fill=fill)

    [row] = visits()
    assert (row.start, row.end) == (start, end)


def test_texts_are_in_the_language_of_the_page_where_they_are_translated():
    edition = make_edition(
        State.PUBLISHED, fill=lambda edition: Finding.objects.create(edition=edition, kind="progress", text="Better.")
    )
    translate(edition, "fr")

    with translation.override("fr"):
        [visit], [finding] = visits(), findings()
    assert visit.title == Text(f"fr: {edition.title}", "fr")
    assert finding.text == Text("fr: Better.", "fr")
    assert visits()[0].title == Text(edition.title, "en")


def test_a_source_that_is_not_disclosed_is_in_no_row():
    hidden = Document.objects.create(title="Hidden", url="https://example.org/hidden", disclosure=Disclosure.NONE)
    make_edition(State.PUBLISHED, fill=lambda edition: DocumentLink.objects.create(edition=edition, document=hidden))

    [row] = visits()
    assert "Hidden" not in str(row)
    assert len(row.sources) == 1


def test_a_record_names_every_kind_of_part():
    told_apart = {Evidence, VisitLink, DocumentLink}

    assert set(records.PARTS.values()) == set(CHILDREN) - told_apart


def test_a_record_holds_every_value_of_every_part():
    edition = make_edition(State.PUBLISHED, fill=fill_every_part)

    record = records.record_of(edition.visit.slug)

    for name, model in records.PARTS.items():
        stored = list(model.objects.filter(edition=edition))
        assert [part.uid for part in record.parts[name]] == [str(row.uid) for row in stored]
        for part, row in zip(record.parts[name], stored, strict=True):
            assert {field: told(value) for field, value in part.values.items()} == {
                field: str(plain(row, field)) for field in model.CONTENT_FIELDS
            }
    assert record.text.text == edition.text


def told(value) -> str:
    return value.key if isinstance(value, rows.Named) else str(value)


def test_a_record_quotes_what_its_values_rest_on_where_that_is_disclosed():
    shown, hidden = make_document(text="Shown."), make_document(text="Hidden.", disclosure=Disclosure.NONE)

    def fill(edition):
        kind = edition.kinds.get()
        for document in (shown, hidden):
            quoted = {"document": document, "span_start": 0, "span_end": 5, "quote": document.text[:5]}
            Evidence.objects.create(edition=edition, child_uid=edition.visit.uid, field="title", **quoted)
            Evidence.objects.create(edition=edition, child_uid=kind.uid, field="kind", **quoted)

    record = records.record_of(make_edition(State.PUBLISHED, fill=fill).visit.slug)

    assert record.evidence == (records.Quote("title", "Shown", shown.url),)
    assert record.parts["kinds"][0].evidence == (records.Quote("kind", "Shown", shown.url),)


def test_records_are_read_in_the_order_asked_for_and_none_that_was_taken_back():
    first, second = (
        make_edition(State.PUBLISHED),
        make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO")),
    )
    keys = [second.pk, first.pk]
    assert [record.row.slug for record in records.records(keys)] == [second.visit.slug, first.visit.slug]

    actions.withdraw(second, by=User.objects.system(), note="Entered by mistake.")

    assert [record.row.slug for record in records.records(keys)] == [first.visit.slug]
    with pytest.raises(Withdrawn):
        records.record_of(second.visit.slug)


def test_whoever_led_the_delegation_is_named_and_nobody_else():
    def fill(edition):
        Person.objects.create(edition=edition, role="head", name="Ana Head", title="Chief")
        Person.objects.create(edition=edition, role="head", title="Deputy without a name", position=1)
        Person.objects.create(edition=edition, role="host", name="Ola Host")

    make_edition(State.PUBLISHED, fill=fill)

    assert visits()[0].heads == ["Ana Head", "Deputy without a name"]
