"""Tables of visits as staff upload them."""

import csv
import io

from openpyxl import Workbook

from visits.ingest import imports
from visits.ingest.offers import compare
from visits.ingest.visit_table import COLUMNS, rows_of, standing
from visits.models import Import, Visit


def csv_of(*rows, delimiter=",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode()


def xlsx_of(*rows, title="Visits") -> bytes:
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def table_of(editions=None) -> list[list[str]]:
    """The table of these editions, or of those that stand for the visits of the register."""
    visits = Visit.objects.order_by("pk")
    return [list(COLUMNS), *rows_of(standing(visits if editions is None else visits.filter(editions__in=editions)))]


def edited(table: list[list[str]], row: int = 1, **cells) -> list[list[str]]:
    table = [list(values) for values in table]
    for name, value in cells.items():
        table[row][COLUMNS.index(name)] = value
    return table


def upload(rows, by, *, name="visits.csv", make=csv_of) -> Import:
    return imports.upload(name, make(*rows), by=by)


def choices(imported: Import) -> dict[int, imports.Choice]:
    """Everything that it offers."""
    return {
        offer.line: imports.Choice(offer.base(), frozenset(change.key for change in offer.changes))
        for offer in compare(imported).offers
    }


def take(imported: Import, by, **options):
    return imports.take(imported, choices(imported), by=by, version=imported.version, **options)
