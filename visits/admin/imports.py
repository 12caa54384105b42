"""Tables of visits: taken out of the list, brought back, read cell by cell before drafts are made of them, undone."""

from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visits.editorial import rules
from visits.enums import Verb
from visits.exceptions import RegisterError
from visits.ingest import imports, visit_table
from visits.ingest.imports import Choice
from visits.ingest.offers import Change, Comparison, Offer, compare
from visits.ingest.sheets import MAX_BYTES, MAX_ROWS
from visits.models import Edition, Event, Import
from visits.text import diff

from .base import arrived, edition_url, number_in, reasons_of, with_plain_newlines
from .conflicts import told
from .record import HistoryOfEvents, ReadOnlyAdmin
from .transitions import Step

PER_PAGE = 100
# Of faults and drafts: whoever has more than that to read looks into the file, or filters the list of visits.
SHOWN = 200
UNDO = Step(
    gettext_lazy("Undo the import"),
    gettext_lazy(
        "Each draft that this import made is discarded, and each that it changed gets back what it held. Drafts that "
        "somebody changed or took further since then stay as they are. The table is kept and can be imported again."
    ),
    gettext_lazy("The import of “%(title)s” has been undone."),
    "grave",
)


class TakingOut:
    """Adds to the list of visits the file `table/<format>/`, which can be edited and brought back."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.table_view)
        return [path("table/<str:format>/", view, name="visits_visit_table"), *super().get_urls()]

    def table_view(self, request, format):
        if not request.user.has_perm("visits.view_edition"):
            raise PermissionDenied
        return self.file(request, format, _("table of visits"), self.as_table)

    def as_table(self, request):
        return list(visit_table.COLUMNS), visit_table.rows_of(visit_table.standing(self.listed(request)))


class UploadForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("Table"), help_text=gettext_lazy("A workbook (.xlsx) or a CSV file."))


@dataclass
class Cell:
    """A changed cell as it is shown. `old` and `new` are the runs of their words."""

    change: Change
    is_ticked: bool

    @cached_property
    def runs(self) -> list[diff.Run]:
        return diff.words(self.change.old, self.change.new)

    @property
    def old(self) -> list[diff.Run]:
        return [run for run in self.runs if run.op != "added"]

    @property
    def new(self) -> list[diff.Run]:
        return [run for run in self.runs if run.op != "removed"]


class ShownOffer:
    """An offer as it is shown; `chosen` is what was ticked before, None where the page is opened."""

    def __init__(self, offer: Offer, user, chosen: dict[int, Choice] | None, *, tick: bool):
        self.offer, self.line, self.edition, self.base = offer, offer.line, offer.edition, offer.base()
        self.reasons, self.similar = offer.why_not(user), offer.similar
        choice = (chosen or {}).get(self.line)
        # What may be there already is for a person to say.
        self.is_ticked = (tick and not self.similar) if chosen is None else choice is not None
        self.cells = [
            Cell(change, choice is None or change.key in choice.keys or choice.base != self.base)
            for change in offer.changes
        ]

    @property
    def url(self) -> str | None:
        return edition_url(self.edition) if self.edition else None

    @property
    def becomes(self) -> str:
        return {
            Verb.START: _("A new visit to %(country)s"),
            Verb.NEW_EDITION: _("A new edition, as a draft"),
            Verb.SAVE: _("Changes of the draft"),
        }[self.offer.verb] % {"country": self.offer.country.name}


class Preview:
    """One page of what a table offers."""

    def __init__(self, imported: Import, request, chosen: dict[int, Choice] | None = None):
        self.comparison: Comparison = compare(imported)
        self.page = Paginator(self.comparison.offers, PER_PAGE).get_page(request.GET.get("page"))
        tick = request.GET.get("ticked") != "none"
        self.offers = [ShownOffer(offer, request.user, chosen, tick=tick) for offer in self.page]
        self.sheet = imported.table["name"]
        self.others = imported.table["others"]
        self.faults = self.comparison.faults[:SHOWN]
        self.has_new_editions = any(offer.offer.verb == Verb.NEW_EDITION for offer in self.offers)


@admin.register(Import)
class ImportAdmin(HistoryOfEvents, ReadOnlyAdmin):
    """Each import and what it made. Its page offers what the table says otherwise than the register."""

    list_display = ("name", "at", "actor_name", "made", "undone")
    search_fields = ("name", "actor_name", "sha256")
    search_help_text = gettext_lazy("File, staff member, or SHA-256 of the file")
    date_hierarchy = "at"
    list_per_page = 50

    def get_queryset(self, request):
        found = super().get_queryset(request)
        if not self.is_list(request):
            return found
        return found.defer("table").annotate(
            made=Count("drafts"), undone=Count("drafts", filter=Q(drafts__undone_at__isnull=False))
        )

    @admin.display(description=gettext_lazy("drafts made"), ordering="made")
    def made(self, imported):
        return imported.made

    @admin.display(description=gettext_lazy("of these undone"), ordering="undone")
    def undone(self, imported):
        return imported.undone

    def has_add_permission(self, request):
        return request.user.has_perm("visits.add_import") and rules.may(request.user, rules.ADD)

    def get_urls(self):
        view = self.admin_site.admin_view(self.undo_view)
        return [path("<int:pk>/undo/", view, name="visits_import_undo"), *super().get_urls()]

    def context(self, request, **values) -> dict:
        return {**self.admin_site.each_context(request), "opts": self.opts, **values}

    # Bringing in

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            file = form.cleaned_data["file"]
            try:
                # One byte more than is taken, so that more is refused.
                imported = imports.upload(file.name, file.read(MAX_BYTES + 1), by=request.user)
            except RegisterError as refusal:
                form.add_error("file", refusal.sentence)
            else:
                return HttpResponseRedirect(reverse("admin:visits_import_change", args=[imported.pk]))
        limits = {"megabytes": MAX_BYTES // 1024**2, "rows": MAX_ROWS}
        context = self.context(request, title=_("Import visits"), form=form, limits=limits, columns=visit_table.COLUMNS)
        return TemplateResponse(request, "admin/visits/import/upload.html", context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        imported = self.get_object(request, unquote(object_id))
        if imported is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        may_take = self.has_add_permission(request)
        is_post = request.method == "POST"
        if not self.has_view_permission(request, imported) or (is_post and not may_take):
            raise PermissionDenied
        posted = with_plain_newlines(request.POST)
        change_note = posted.get("change_note", "").replace("\0", "")
        refusals, happened, chosen = [], [], None
        if is_post:
            chosen = chosen_in(posted)
            # Without a version that can be read nobody can say what was on the page: never the stored one.
            options = {"version": number_in(posted.get("version", "")) or 0, "by": request.user}
            try:
                editions = imports.take(imported, chosen, change_note=change_note, **options)
            except RegisterError as refusal:
                refusals = reasons_of(refusal)
                imported = self.get_object(request, unquote(object_id))
                happened = told(events_since(imported, chosen, posted))
            else:
                arrived(request, made(editions))
                return HttpResponseRedirect(reverse("admin:visits_import_change", args=[imported.pk]))
        drafts = imported.drafts.select_related("edition__visit__country")
        context = self.context(
            request,
            title=_("Import of visits"),
            subtitle=imported.name,
            imported=imported,
            drafts=drafts[:SHOWN],
            count=drafts.count(),
            may_undo=imports.may_undo(imported, request.user) and drafts.filter(undone_at=None).exists(),
            preview=Preview(imported, request, chosen),
            may_take=may_take,
            change_note=change_note,
            refusals=refusals,
            happened=happened,
            seen=Event.objects.latest_pk(),
        )
        return TemplateResponse(request, "admin/visits/import/page.html", context, status=409 if refusals else 200)

    # Undoing

    def undo_view(self, request, pk):
        if request.method not in ("GET", "HEAD", "POST"):
            return HttpResponseNotAllowed(["GET", "POST"])
        imported = self.get_object(request, str(pk))
        if imported is None:
            raise Http404
        if not self.has_view_permission(request, imported) or not imports.may_undo(imported, request.user):
            raise PermissionDenied
        posted, refusals = with_plain_newlines(request.POST), []
        note = posted.get("note", "").replace("\0", "")
        address = reverse("admin:visits_import_change", args=[imported.pk])
        if request.method == "POST":
            version = number_in(posted.get("version", "")) or 0
            try:
                left = imports.undo(imported, by=request.user, version=version, note=note)
            except RegisterError as refusal:
                refusals = reasons_of(refusal)
                imported = self.get_object(request, str(pk))
            else:
                arrived(request, UNDO.done % {"title": imported.name})
                for refusal in left:
                    messages.warning(request, refusal.sentence)
                return HttpResponseRedirect(address)
        seen = number_in(posted.get("seen", ""))
        since = Event.objects.about(imported).filter(pk__gt=seen or 0).order_by("pk") if refusals and seen else ()
        context = self.context(
            request,
            title=UNDO.button,
            subtitle=imported.name,
            trail=[(reverse("admin:visits_import_changelist"), _("Imports")), (address, imported.name)],
            step=UNDO,
            reasons=refusals,
            was_refused=bool(refusals),
            happened=told(list(since)),
            possible=imported.drafts.filter(undone_at=None).exists(),
            note=note,
            version=imported.version,
            seen=Event.objects.latest_pk(),
        )
        return TemplateResponse(request, "admin/visits/confirm.html", context, status=409 if refusals else 200)


def chosen_in(posted) -> dict[int, Choice]:
    """What was ticked on the page: by line, what it was compared with and the cells."""
    found = {}
    for line in filter(None, map(number_in, posted.getlist("line"))):
        choice = Choice(posted.get(f"base-{line}", ""), frozenset(posted.getlist(f"cell-{line}")))
        if f"take-{line}" in posted and (choice.keys or choice.base.startswith("new")):
            found[line] = choice
    return found


def events_since(imported: Import, chosen: dict[int, Choice], posted) -> list[Event]:
    """What others did to the import and to the visits that were ticked, after the page was shown."""
    seen = number_in(posted.get("seen", ""))
    if seen is None:
        return []
    held = {number_in(choice.base.partition(":")[0]) for choice in chosen.values()} - {None}
    visits = Edition.objects.filter(pk__in=held).values("visit")
    own = Q(subject_model=imported._meta.model_name, subject_pk=imported.pk)
    return list(Event.objects.filter(own | Q(visit__in=visits), pk__gt=seen).order_by("pk"))


def made(editions: list[Edition]) -> str:
    message = ngettext(
        "%(count)d draft has been made. Read it once more, then submit it for review.",
        "%(count)d drafts have been made. Read each once more, then submit it for review.",
        len(editions),
    ) % {"count": len(editions)}
    first = editions[: PER_PAGE // 10]
    links = format_html_join("", ' <a href="{}">{}</a>', ((edition_url(each), each) for each in first))
    return format_html("{}{}", message, links)
