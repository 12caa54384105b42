"""Lists as files, whole: JSON, CSV and workbooks with every parameter of the list."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import islice
from tempfile import TemporaryFile

from django.http import FileResponse, QueryDict
from django.utils import timezone
from django.utils.translation import get_language_bidi, gettext_lazy
from django.utils.translation import gettext as _

from visits.catalogue import rows
from visits.catalogue.findings import FindingList
from visits.catalogue.listing import Listing
from visits.catalogue.problems import Problem, nearest
from visits.exceptions import InvalidParameters
from visits.text.dates import first_day, parse
from visits.text.spreadsheets import WORKBOOK, csv_parts, write_workbook

from . import tables
from .addresses import Site
from .answers import open_data, streamed
from .columns import FIELDS, Column, Type, cells, chosen, fields_of
from .values import as_list, for_csv, for_json

PIECE = 500
FLAVOUR = "flavour"
EXACT, SPREADSHEET = FLAVOURS = ("exact", "spreadsheet")
# Of one sheet, its heading left aside.
MOST_ROWS_OF_A_SHEET = 1_048_575
# What CSV cannot hold as it is.
WRITTEN = {Type.LIST: as_list, Type.DATE: for_json, Type.MOMENT: for_json}


@dataclass(frozen=True)
class Table:
    """A list that can be taken away: how it is asked for, how it is read, and what its rows have."""

    name: str
    label: str
    listing: type[Listing]
    read: Callable[[Sequence[int]], Iterator]
    columns: tuple[Column, ...]

    def ask(self, params: QueryDict, *others: str) -> Listing:
        """The list asked for. `others`: names in the query that are the format's own."""
        return self.listing(params, strict_names=True, others=(FIELDS, *others))

    def narrowed(self, params: QueryDict) -> "Table":
        """With the columns asked for; what the others hold is then not even read."""
        return replace(self, columns=chosen(self.columns, fields_of(params)))

    def pieces(self, listing: Listing, site: Site) -> Iterator[list[list]]:
        """The cells of all rows, some hundreds of them at a time."""
        found = cells(self.columns, self.read(listing.keys), site)
        while piece := list(islice(found, PIECE)):
            yield piece


VISITS = Table("visits", gettext_lazy("Visits"), Listing, rows.visits, tables.VISITS)
FINDINGS = Table("findings", gettext_lazy("Findings"), FindingList, rows.findings, tables.FINDINGS)


# Files


def as_json(table: Table, listing: Listing, site: Site) -> Iterator[str]:
    """An object with `count` and `results`, an object for each row."""
    names = [column.name for column in table.columns]
    yield f'{{"count": {len(listing.keys)}, "results": ['
    between = ""
    for piece in table.pieces(listing, site):
        found = (dict(zip(names, map(for_json, row), strict=True)) for row in piece)
        yield between + ",\n".join(json.dumps(row, ensure_ascii=False) for row in found)
        between = ",\n"
    yield "]}\n"


def as_csv(table: Table, listing: Listing, site: Site, *, for_spreadsheets: bool) -> Iterator[str]:
    written = [(place, WRITTEN[column.type]) for place, column in enumerate(table.columns) if column.type in WRITTEN]

    def pieces():
        for piece in table.pieces(listing, site):
            for row in piece:
                for place, write in written:
                    row[place] = write(row[place])
            yield piece

    return csv_parts([column.name for column in table.columns], pieces(), for_spreadsheets=for_spreadsheets)


def workbook(table: Table, listing: Listing, site: Site):
    """A file with one sheet. It is written to the disk first: its table of contents can only be made at the end."""
    file = TemporaryFile()  # noqa: SIM115
    headings = [str(column.label) for column in table.columns]
    found = (
        [for_sheet(value, column) for value, column in zip(row, table.columns, strict=True)]
        for piece in table.pieces(listing, site)
        for row in piece
    )
    write_workbook(file, str(table.label), headings, found, mirrored=get_language_bidi())
    file.seek(0)
    return file


def for_sheet(value, column: Column):
    """Dates as dates where they are whole days; moments in universal time, which is all that sheets know."""
    if column.type == Type.PARTIAL_DATE and len(parse(value)) == 3:
        return first_day(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None)
    return value if isinstance(value, date) else for_csv(value)


# Views


def file_name(table: Table, ending: str, flavour: str = "") -> str:
    return "-".join(filter(None, (f"cted-{table.name}", timezone.now().date().isoformat(), flavour))) + f".{ending}"


def views(table: Table) -> dict[str, Callable]:
    """By ending, the view that answers the table's list in that format."""

    @open_data
    def answer_json(request):
        listing = table.ask(request.GET)
        parts = as_json(table.narrowed(request.GET), listing, Site.of(request))
        return streamed(parts, "application/json", file_name(table, "json"), len(listing.keys))

    @open_data
    def answer_csv(request):
        listing, flavour = table.ask(request.GET, FLAVOUR), flavour_of(request.GET)
        for_spreadsheets = flavour == SPREADSHEET
        parts = as_csv(table.narrowed(request.GET), listing, Site.of(request), for_spreadsheets=for_spreadsheets)
        name = file_name(table, "csv", flavour if for_spreadsheets else "")
        return streamed(parts, "text/csv; charset=utf-8; header=present", name, len(listing.keys))

    @open_data
    def answer_xlsx(request):
        listing = table.ask(request.GET)
        total = len(listing.keys)
        if total > MOST_ROWS_OF_A_SHEET:
            raise too_many_rows(total)
        file = workbook(table.narrowed(request.GET), listing, Site.of(request))
        response = FileResponse(file, as_attachment=True, filename=file_name(table, "xlsx"), content_type=WORKBOOK)
        response["X-Total-Count"] = str(total)
        return response

    return {"json": answer_json, "csv": answer_csv, "xlsx": answer_xlsx}


def flavour_of(params: QueryDict) -> str:
    """Which CSV is asked for."""
    flavours = list(filter(None, params.getlist(FLAVOUR))) or [EXACT]
    if len(flavours) == 1 and flavours[0] in FLAVOURS:
        return flavours[0]
    wrong = ", ".join(flavours)
    close = nearest(wrong, [(flavour, flavour) for flavour in FLAVOURS])
    raise InvalidParameters(problems=[Problem(FLAVOUR, wrong, _("There is no such flavour of CSV."), FLAVOURS, close)])


def too_many_rows(total: int) -> InvalidParameters:
    sentence = _("A workbook cannot hold so many rows: filter the list, or take it as CSV.")
    return InvalidParameters(problems=[Problem("xlsx", str(total), sentence)])
