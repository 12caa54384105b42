"""Visits: the list that staff work from, and what is kept of a visit whatever its editions say."""

from django.contrib import admin, messages
from django.db.models import Prefetch
from django.http import HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.catalogue.wording import period
from visits.editorial import actions, rules, standing
from visits.editorial.translating import LANGUAGES
from visits.enums import WORKING, State
from visits.models import Edition, Visit

from .base import ARRIVED, RecordAdmin, edition_url
from .filters import CountryFilter, InWorkFilter, KindFilter, PeriodFilter, RegionFilter, StateFilter
from .imports import TakingOut

COUNTRY_NAMES = [
    "visit__country__iso3",
    "visit__country__former_names",
    "visit__country__aliases",
    *(f"visit__country__name_{code}" for code in ("en", "ar", "zh_hans", "fr", "ru", "es")),
]


def badge(edition: Edition):
    return format_html('<span class="state state-{}">{}</span>', edition.state, edition.get_state_display())


def address_of(visit: Visit) -> str | None:
    """Where the public reads the visit; the address is part of the contract with it, whatever serves it."""
    return f"/visits/{visit.slug}/" if visit.slug else None


@admin.register(Visit)
class VisitAdmin(TakingOut, RecordAdmin):
    """The identity of a visit. Adding one opens its first draft."""

    list_display = ("name", "country", "dates", "states", "number", "in_work")
    list_exported = ("title", "slug", "country", "dates", "states", "number")
    list_display_links = None
    list_select_related = ("country",)
    list_filter = (
        StateFilter,
        InWorkFilter,
        PeriodFilter,
        KindFilter,
        ("country", CountryFilter),
        ("country__region", RegionFilter),
    )
    list_per_page = 50
    # A second count of the whole table for every page would be told nowhere else.
    show_full_result_count = False
    search_fields = ["slug", "editions__title", *(name.removeprefix("visit__") for name in COUNTRY_NAMES)]
    search_help_text = gettext_lazy("Country by any of its names, title, or address")
    ordering = ("-pk",)
    autocomplete_fields = ("country",)
    view_on_site = staticmethod(address_of)

    def get_queryset(self, request):
        columns = ("visit", "state", "number", "title")
        editions = Edition.objects.only(*columns).order_by("-pk").prefetch_related("segments")
        return super().get_queryset(request).prefetch_related(Prefetch("editions", editions, to_attr="newest_first"))

    @admin.display(description=gettext_lazy("visit"), ordering="slug")
    def name(self, visit):
        return format_html('<a href="{}">{}</a>', edition_url(shown(visit)), self.title(visit))

    @admin.display(description=gettext_lazy("title"))
    def title(self, visit):
        titles = (edition.title for edition in (shown(visit), *visit.newest_first))
        return next(filter(None, titles), _("Without a title"))

    @admin.display(description=gettext_lazy("dates"))
    def dates(self, visit):
        return "; ".join(period(segment.start, segment.end) for segment in shown(visit).segments.all()) or "–"

    @admin.display(description=gettext_lazy("state"))
    def states(self, visit):
        public = [edition for edition in visit.newest_first if edition.state == State.PUBLISHED]
        return format_html_join(" ", "{}", ((badge(edition),) for edition in dict.fromkeys([*public, shown(visit)])))

    @admin.display(description=gettext_lazy("latest edition"))
    def number(self, visit):
        return next((edition.number for edition in visit.newest_first if edition.number), "–")

    @admin.display(description=gettext_lazy("in work"))
    def in_work(self, visit):
        working = next((edition for edition in visit.newest_first if edition.state in WORKING), None)
        url = reverse("admin:visits_visit_change", args=[visit.pk])
        notes = format_html('<a href="{}">{}</a>', url, _("Notes and editions"))
        if working is None:
            return notes
        edition = edition_url(working)
        return format_html('<a href="{}">{}</a> · {}', edition, _("Edit"), notes)

    @admin.display(description=gettext_lazy("editions"))
    def editions(self, visit):
        editions = [(edition, badge(edition)) for edition in visit.newest_first]
        return render_to_string("admin/visits/_editions_of_visit.html", {"editions": editions})

    @admin.display(description=gettext_lazy("translations"))
    def translations(self, visit):
        found = standing.cells(visit.pk)
        languages = [(code, name, found.get((visit.pk, code))) for code, name in LANGUAGES.items()]
        is_public = any(edition.state == State.PUBLISHED for edition in visit.newest_first)
        context = {"visit": visit, "languages": languages, "is_public": is_public}
        return render_to_string("admin/visits/translation/_of_visit.html", context)

    def get_fields(self, request, obj=None):
        shown = ("country", "slug", "internal_notes", "editions", "translations")
        return shown if obj else ("country", "internal_notes")

    def get_readonly_fields(self, request, obj=None):
        return ("country", "slug", "editions", "translations") if obj else ()

    def has_add_permission(self, request):
        return super().has_add_permission(request) and request.user.has_perm(rules.ADD)

    def has_delete_permission(self, request, obj=None):
        return False

    def save_related(self, request, form, formsets, change):
        if change:
            return super().save_related(request, form, formsets, change)
        visit = form.instance
        draft = actions.start_draft(visit.country, by=request.user, internal_notes=visit.internal_notes)
        visit.pk, visit.draft = draft.visit_id, draft
        return None

    def response_add(self, request, obj, post_url_continue=None):
        messages.success(
            request, _("A new visit to %(country)s: here is its draft.") % {"country": obj.country}, ARRIVED
        )
        return HttpResponseRedirect(edition_url(obj.draft))


def shown(visit: Visit) -> Edition:
    """The edition that stands for the visit in a list: the one in work, else the newest that was published."""
    newest = visit.newest_first
    working = (edition for edition in newest if edition.state in WORKING)
    numbered = sorted((edition for edition in newest if edition.number), key=lambda edition: -edition.number)
    return next(working, None) or (numbered or newest)[0]
