"""How the list of visits is narrowed down. Kind and period are those of the edition that stands for a visit there."""

from calendar import monthrange
from datetime import date
from operator import itemgetter

from django.contrib import admin
from django.db.models import Exists, Max, Min, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.enums import TAKEN_BACK, WORKING, KindOfVisit, State
from visits.models import Country, Edition, Kind, Visit

from .base import number_in


def with_standing(visits, **conditions):
    """The visits whose standing edition fits: by its key, so that no join repeats a visit."""
    editions = Edition.objects.standing().filter(**conditions)
    return visits.filter(pk__in=editions.values("visit"))


class StateFilter(admin.SimpleListFilter):
    """By the states in which a visit has an edition: one may be published while another is in work."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        states = (*WORKING, State.PUBLISHED, *TAKEN_BACK, State.DISCARDED)
        return [(state.value, state.label) for state in states]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        return queryset.filter(Exists(Edition.objects.filter(visit=OuterRef("pk"), state=self.value())))


def countries_of(request) -> list[Country]:
    """Those of which there is a visit; one query for all filters of a page that ask."""
    if not hasattr(request, "countries"):
        visited = Country.objects.filter(Exists(Visit.objects.filter(country=OuterRef("pk"))))
        request.countries = list(visited.select_related("region"))
    return request.countries


class CountryFilter(admin.RelatedFieldListFilter):
    def field_choices(self, field, request, model_admin):
        return sorted(((country.pk, str(country)) for country in countries_of(request)), key=itemgetter(1))


class RegionFilter(admin.RelatedFieldListFilter):
    # Every State lies in one.
    include_empty_choice = False

    def field_choices(self, field, request, model_admin):
        regions = {country.region for country in countries_of(request) if country.region}
        return sorted(((region.pk, str(region)) for region in regions), key=itemgetter(1))


class InWorkFilter(admin.SimpleListFilter):
    title = gettext_lazy("edition in work")
    parameter_name = "in_work"

    def lookups(self, request, model_admin):
        return [("yes", gettext_lazy("Has one")), ("no", gettext_lazy("Has none"))]

    def queryset(self, request, queryset):
        in_work = Exists(Edition.objects.working().filter(visit=OuterRef("pk")))
        if self.value() == "yes":
            return queryset.filter(in_work)
        return queryset.filter(~in_work) if self.value() == "no" else queryset


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("kind")
    parameter_name = "kind"
    NONE = "none"

    def lookups(self, request, model_admin):
        return [*KindOfVisit.choices, (self.NONE, gettext_lazy("Not recorded"))]

    def queryset(self, request, queryset):
        if self.value() is None:
            return queryset
        if self.value() == self.NONE:
            # Asked the other way round, Django would join the kinds of each edition.
            editions = Edition.objects.standing().exclude(Exists(Kind.objects.filter(edition=OuterRef("pk"))))
            return queryset.filter(pk__in=editions.values("visit"))
        return with_standing(queryset, pk__in=Kind.objects.filter(kind=self.value()).values("edition"))


class PeriodFilter(admin.SimpleListFilter):
    """A year, and in it a month: Django's date hierarchy, for dates that may be no more than a year.

    Django's own compares one day, which would file a visit of “2005” under 1 January, and follows the relation to
    every edition, also those that are no longer what a visit is. Here a visit is found
    wherever it may have taken place.
    """

    title = gettext_lazy("year")
    parameter_name = "year"
    MONTH = "month"

    def __init__(self, request, params, model, model_admin):
        month = params.pop(self.MONTH, [""])[-1]
        super().__init__(request, params, model, model_admin)
        self.year = number_in(self.value() or "")
        self.month = number_in(month)
        if self.year is not None and not 1 <= self.year <= 9998:
            self.year = None
        if self.year is None or self.month not in range(1, 13):
            self.month = None

    def expected_parameters(self):
        return [self.parameter_name, self.MONTH]

    def lookups(self, request, model_admin):
        # From the first to the last: which of them have a visit, the database could tell only by going through all.
        bounds = Edition.objects.aggregate(first=Min("earliest"), last=Max("latest"))
        if None in bounds.values():
            return []
        return [(str(year), str(year)) for year in range(bounds["last"].year, bounds["first"].year - 1, -1)]

    def queryset(self, request, queryset):
        if self.year is None:
            return queryset
        first = date(self.year, self.month or 1, 1)
        last = date(self.year, self.month or 12, monthrange(self.year, self.month or 12)[1])
        return with_standing(queryset, earliest__lte=last, latest__gte=first)

    def choices(self, changelist):
        own = {self.parameter_name: None, self.MONTH: None}

        def choice(display, chosen, **params):
            return {
                "selected": chosen,
                "query_string": changelist.get_query_string(
                    {name: value for name, value in params.items() if value},
                    [name for name in own if not params.get(name)],
                ),
                "display": display,
            }

        yield choice(_("All"), self.year is None)
        for value, label in self.lookup_choices:
            chosen = value == str(self.year)
            yield choice(label, chosen and self.month is None, year=value)
            if chosen:
                for month in range(1, 13):
                    display = date_format(date(self.year, month, 1), "YEAR_MONTH_FORMAT")
                    yield choice(display, month == self.month, year=value, month=month)
