"""Every list of the admin as a spreadsheet: what it shows as it is filtered, searched and ordered, all rows of it."""

import io
from collections.abc import Callable, Iterable
from datetime import date, datetime
from html import unescape

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import label_for_field, lookup_field
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from visits.text.spreadsheets import WORKBOOK, csv_parts, write_workbook

CHUNK = 2000


class WholeList(ChangeList):
    """The rows of a list without its pages."""

    def get_results(self, request):
        """Nothing: what is counted and cut into pages is for the screen."""


class Exporting:
    """Adds to a list of the admin the files `export/xlsx/` and `export/csv/`, for everybody who may view the list.

    `list_exported`: the columns of the file where they are others than those of the list.
    """

    list_exported: tuple = ()

    def get_urls(self):
        name = f"visits_{self.opts.model_name}_export"
        view = self.admin_site.admin_view(self.export_view)
        return [path("export/<str:format>/", view, name=name), *super().get_urls()]

    def is_list(self, request) -> bool:
        """Whether rows are read to be listed, on a page or in a file, and not to be changed."""
        listing = {f"visits_{self.opts.model_name}_{page}" for page in ("changelist", "export")}
        return request.resolver_match.url_name in listing

    def get_changelist(self, request, **kwargs):
        is_page = request.resolver_match.url_name == f"visits_{self.opts.model_name}_changelist"
        return super().get_changelist(request, **kwargs) if is_page else WholeList

    def export_view(self, request, format):
        return self.file(request, format, self.opts.verbose_name_plural, self.exported)

    def file(self, request, format: str, title: str, exported: Callable):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET"])
        try:
            return answer(str(title), format, *exported(request))
        except IncorrectLookupParameters:
            # The list says so too.
            return HttpResponseRedirect(reverse(f"admin:visits_{self.opts.model_name}_changelist", query={"e": 1}))

    def listed(self, request) -> QuerySet:
        """All rows of the list as it is narrowed down and ordered."""
        return self.get_changelist_instance(request).queryset

    def exported(self, request) -> tuple[list[str], Iterable[list]]:
        """The headings of the list and its rows."""
        names = self.list_exported or self.get_list_display(request)
        headings = [capfirst(str(label_for_field(name, self.model, self))) for name in names]
        rows = self.listed(request).iterator(CHUNK)
        return headings, ([value_of(name, row, self) for name in names] for row in rows)


def value_of(name: str, row, model_admin):
    try:
        field, _attribute, value = lookup_field(name, row, model_admin)
    except ObjectDoesNotExist:
        return ""
    return row._get_FIELD_display(field) if field is not None and field.choices else value


def plain(value) -> str | int:
    """A value as a cell holds it: words without marks, moments with their zone."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if hasattr(value, "__html__"):
        return " ".join(unescape(strip_tags(value)).split())
    return "" if value is None else str(value)


# Files


def answer(title: str, format: str, headings: list[str], rows: Iterable[list]):
    """A table as a file to keep, named after what it lists and the day."""
    if format not in WRITERS:
        raise Http404
    file = io.BytesIO()
    WRITERS[format](file, capfirst(title), headings, ([plain(value) for value in row] for row in rows))
    file.seek(0)
    name = f"{title} {timezone.localdate().isoformat()}.{format}".replace(" ", "-")
    return FileResponse(file, as_attachment=True, filename=name, content_type=CONTENT_TYPES[format])


def write_csv(file, title: str, headings: list[str], rows: Iterable[list]) -> None:
    for part in csv_parts(headings, [rows], for_spreadsheets=True):
        file.write(part.encode())


WRITERS = {"xlsx": write_workbook, "csv": write_csv}
CONTENT_TYPES = {
    "xlsx": WORKBOOK,
    "csv": "text/csv; charset=utf-8",
}
