"""Whatever values hold, each kind of file gives them back to whoever reads it by the rules."""

import csv
import io
import json
import re
from dataclasses import replace
from operator import attrgetter
from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from visits.opendata import exports
from visits.opendata.addresses import Site
from visits.opendata.columns import Column, Origin, Type
from visits.text.spreadsheets import BEGINNINGS, held, unguarded

HOSTILE = [
    '"', '""', "'", ",", ";", "|", "\\", "\\|", "\n", "\r", "\r\n", "\ufeff", "=1+1", "+1", "-1", "@SUM(A1)", "\t=1",
    "\x00", "\x0b", "\x1f", "القرار 1373", "\u200f", "\U0001f30d", "<&>", " ", "2018-05-29", "0012", "1e5", "TRUE",
]  # fmt: skip
texts = st.lists(
    st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"]), max_size=4), max_size=4
).map("".join)
# A list without values and one with an empty value would be the same; no column has empty values.
rows = st.lists(
    st.builds(
        SimpleNamespace,
        text=texts,
        several=st.lists(texts.filter(bool), max_size=3),
        number=st.none() | st.integers(0, 10**9),
    ),
    max_size=4,
)


def column(name: str, type: Type) -> Column:
    return Column(name, type, Origin.STATED, name.title(), "", attrgetter(name), names_pages=False)


COLUMNS = (column("text", Type.TEXT), column("several", Type.LIST), column("number", Type.INTEGER))
SITE = Site("https://example.org", "en")


def table(columns, found):
    listing = SimpleNamespace(keys=range(len(found)))
    return replace(exports.VISITS, columns=columns, read=lambda keys: iter(found)), listing


def as_csv(found, columns=COLUMNS, *, for_spreadsheets: bool = False) -> str:
    return "".join(exports.as_csv(*table(columns, found), SITE, for_spreadsheets=for_spreadsheets))


def values(text: str) -> list[str]:
    """The values of a list, taken apart as `columns.READING` says."""
    found = re.findall(r"(?:^|\|)((?:[^\\|]|\\.)*)", text, re.DOTALL) if text else []
    return [re.sub(r"\\(.)", r"\1", value, flags=re.DOTALL) for value in found]


def by_the_grammar(text: str) -> list[list[str]]:
    """RFC 4180, section 2, to the letter."""
    records, record, end = [], [], 0
    for field in re.finditer(r'(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)', text):
        assert field.start() == end, f"no field of CSV begins at {text[end : end + 20]!r}"
        end, (quoted, plain, after) = field.end(), field.groups()
        record.append(plain if quoted is None else quoted.replace('""', '"'))
        if after == "\r\n":
            records.append(record)
            record = []
    assert end == len(text)
    return records


@given(rows)
def test_csv_is_rfc_4180_and_reads_back_exactly(found):
    text = as_csv(found)

    heading, *records = by_the_grammar(text)
    assert heading == ["text", "several", "number"]
    assert [(first, values(several), number) for first, several, number in records] == [
        (row.text, row.several, "" if row.number is None else str(row.number)) for row in found
    ]
    assert list(csv.reader(io.StringIO(text, newline=""), strict=True)) == [heading, *records]


@given(rows)
def test_one_empty_column_is_a_row_too(found):
    records = list(csv.reader(io.StringIO(as_csv(found, COLUMNS[:1]), newline=""), strict=True))

    assert records == [["text"], *([row.text] for row in found)]


@given(rows)
def test_for_spreadsheets_no_cell_is_a_formula_and_the_mark_of_utf_8_comes_first(found):
    text = as_csv(found, for_spreadsheets=True)

    assert text.startswith("\ufeff")
    records = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    assert not any(cell.startswith(BEGINNINGS) for record in records for cell in record)
    assert [unguarded(record[0]) for record in records[1:]] == [row.text for row in found]


@given(rows)
def test_json_holds_the_very_values(found):
    told = json.loads("".join(exports.as_json(*table(COLUMNS, found), SITE)))

    assert told == {"count": len(found), "results": [vars(row) for row in found]}


@given(rows)
def test_a_workbook_holds_texts_as_texts_and_numbers_as_numbers(found):
    with exports.workbook(*table(COLUMNS, found), SITE) as file:
        sheet = load_workbook(file).active

    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    rows_read = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [row[0] or "" for row in rows_read] == [held(row.text) for row in found]
    assert [row[2] for row in rows_read] == [row.number for row in found]
