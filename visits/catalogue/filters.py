"""Every parameter of the list of visits: what may be asked, and which editions it leaves.

One FilterSet serves HTML, API, feeds and exports. Several values of one parameter mean OR, different parameters AND.
`q` is searched by `catalogue.search`.
"""

import re
from collections.abc import Callable, Iterable

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.enums import ASSESSMENT_KINDS, Assessment, FindingKind, KindOfVisit, Modality
from visits.models import Edition, Finding, Focus, Kind, Participation, ResolutionLink, Segment
from visits.text.fold import words

from . import vocabulary
from .facets import NONE

PAGE_SIZE, LARGEST_PAGE = 20, 100
LONGEST_QUERY = 200
RELEVANCE = "relevance"
SORT_LABELS = [
    ("newest", _("Newest first")),
    ("oldest", _("Oldest first")),
    ("country", _("By country")),
    (RELEVANCE, _("Best match first")),
]


class GroupField(forms.MultipleChoiceField):
    """Values of one vocabulary. `none`, for “not recorded”, is a value of every one."""

    default_error_messages = {"invalid_choice": _("There is no “%(value)s” to filter by.")}

    def to_python(self, value):
        # The empty option of a plain HTML form means: not asked.
        return [term for term in super().to_python(value) if term]

    def valid_values(self) -> list[str]:
        return [str(value) for value, _label in self.choices]


class CountryField(GroupField):
    def to_python(self, value):
        return [term if term == NONE else term.upper() for term in super().to_python(value)]


class YearField(GroupField):
    def valid_value(self, value):
        return value == NONE or re.fullmatch(r"(19|20)\d\d", value) is not None


class GroupFilter(django_filters.Filter):
    """Editions that `any_of` the values fit, or, for the value `none`, those that `nothing` fits."""

    def __init__(
        self,
        any_of: Callable[[list[str]], Q],
        nothing: Callable[[], Q],
        choices: Callable[[], Iterable],
        field_class=GroupField,
        aliases: Callable[[], Iterable] = tuple,
        **kwargs,
    ):
        self.any_of, self.nothing, self.field_class, self.aliases = any_of, nothing, field_class, aliases
        self.choices = choices
        super().__init__(choices=lambda: [*choices(), (NONE, _("Not recorded"))], **kwargs)

    def filter(self, qs, value):
        if not value:
            return qs
        terms = [term for term in value if term != NONE]
        wanted = self.any_of(terms) if terms else Q(pk__in=[])
        return qs.filter(wanted | self.nothing() if NONE in value else wanted)


def rows(model, lookup: str) -> dict:
    """Editions by the children they have. A fixed edition may still have a term that another one has replaced."""
    of_edition = model.objects.filter(edition=OuterRef("pk"))
    term, _separator, key = lookup.rpartition("__")
    lookups = [lookup, f"{term}__replaced_by__{key}"] if term else [lookup]

    def has_one_of(terms):
        return Q(*((f"{path}__in", terms) for path in lookups), _connector=Q.OR)

    return {
        "any_of": lambda terms: Q(Exists(of_edition.filter(has_one_of(terms)))),
        "nothing": lambda: ~Q(Exists(of_edition)),
    }


def place(*lookups: str) -> dict:
    """Editions by where their visit's country is; the first lookup tells whether it is recorded."""
    return {
        "any_of": lambda terms: Q(*((f"{lookup}__in", terms) for lookup in lookups), _connector=Q.OR),
        "nothing": lambda: Q((lookups[0], None)),
    }


def assessed(terms: list[str]) -> Q:
    kinds = Kind.objects.filter(edition=OuterRef("pk"))
    is_assessment = Q(Exists(kinds.filter(kind__in=ASSESSMENT_KINDS)))
    meaning = {
        Assessment.YES: is_assessment,
        Assessment.NO: Q(Exists(kinds)) & ~is_assessment,
        Assessment.UNKNOWN: ~Q(Exists(kinds)),
    }
    return Q(*(meaning[term] for term in terms), _connector=Q.OR)


class ViewFilter(django_filters.Filter):
    """A parameter that is applied by the Listing as a whole: dates together, order and pages last."""

    def filter(self, qs, value):
        return qs


class DayFilter(ViewFilter):
    field_class = forms.DateField

    def __init__(self, **kwargs):
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        messages = {"invalid": _("Write the day as year, month and day: 2018-05-29.")}
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, error_messages=messages, **kwargs)


class SortFilter(ViewFilter):
    field_class = forms.ChoiceField


class NumberFilter(ViewFilter):
    field_class = forms.IntegerField


def terms(group: str) -> dict:
    """The choices of a vocabulary, and the other names its terms go by."""
    return {
        "choices": lambda: vocabulary.latest().choices(group),
        "aliases": lambda: vocabulary.latest().aliases(group),
    }


def has_a_word(text: str):
    if not words(text):
        raise forms.ValidationError(_("Write at least one word or number to search for."), code="no_word")


def not_in_the_future(day):
    if day > timezone.now().date():
        raise forms.ValidationError(_("That day has not come yet."), code="future")


class WordsFilter(ViewFilter):
    field_class = forms.CharField


class VisitFilterSet(django_filters.FilterSet):
    q = WordsFilter(label=_("Search"), max_length=LONGEST_QUERY, validators=[has_a_word])
    topic = GroupFilter(**rows(Focus, "topic__slug"), **terms("topic"), label=_("Topic"))
    country = GroupFilter(
        **place("visit__country__iso3", "visit__country__replaced_by__iso3"),
        **terms("country"),
        field_class=CountryField,
        label=_("Country"),
    )
    region = GroupFilter(
        **place(*(f"visit__country__region__{above}slug" for above in ("", "parent__", "parent__parent__"))),
        **terms("region"),
        label=_("Region"),
    )
    resolution = GroupFilter(**rows(ResolutionLink, "resolution__number"), **terms("resolution"), label=_("Resolution"))
    body = GroupFilter(**rows(Participation, "body__slug"), **terms("body"), label=_("Participating body"))
    kind = GroupFilter(**rows(Kind, "kind"), choices=lambda: KindOfVisit.choices, label=_("Kind of visit"))
    assessment = GroupFilter(
        any_of=assessed,
        nothing=lambda: assessed([Assessment.UNKNOWN]),
        choices=lambda: Assessment.choices,
        label=_("Assessment"),
    )
    modality = GroupFilter(**rows(Segment, "modality"), choices=lambda: Modality.choices, label=_("Modality"))
    finding = GroupFilter(**rows(Finding, "kind"), choices=lambda: FindingKind.choices, label=_("Findings"))
    year = GroupFilter(
        any_of=lambda years: Q(earliest__year__in=[int(year) for year in years]),
        nothing=lambda: Q(earliest=None),
        # Those that visits are of come with their counts; they are asked for only to help with a wrong one.
        choices=tuple,
        aliases=lambda: years_of_visits(),
        field_class=YearField,
        label=_("Year"),
    )
    as_of = DayFilter(label=_("As the register stood on"), validators=[not_in_the_future])
    sort = SortFilter(label=_("Order"), choices=SORT_LABELS)
    page = NumberFilter(label=_("Page"), validators=[MinValueValidator(1)])
    page_size = NumberFilter(
        label=_("Visits on a page"), validators=[MinValueValidator(1), MaxValueValidator(LARGEST_PAGE)]
    )

    class Meta:
        model = Edition
        fields = []

    @classmethod
    def get_filters(cls):
        # `from` is a word of Python, so it cannot be an attribute.
        return super().get_filters() | {"from": DayFilter(label=_("From")), "to": DayFilter(label=_("To"))}

    def filter_queryset(self, queryset, but: str = ""):
        """The editions asked for, in order. `but` names a group whose choices are left aside."""
        asked = self.form.cleaned_data
        for name, declared in self.filters.items():
            if name != but:
                queryset = declared.filter(queryset, asked[name])
        queryset = overlapping(queryset, asked["from"], asked["to"])
        return queryset.order_by(*ordering(asked["sort"]))


def ordering(sort: str = "newest", through: str = "") -> list:
    """What puts editions in that order, or rows that a relation leads from `through` to their edition."""
    by_date = [F(f"{through}{name}") for name in ("earliest", "latest", "visit")]
    if sort == "oldest":
        return [date.asc() for date in by_date]
    newest = [date.desc() for date in by_date]
    if sort != "country":
        return newest
    # Databases know one alphabet, or none.
    states, terms = f"{through}visit__country__in", vocabulary.latest()
    places = enumerate(terms.groups["country"][key] for key in terms.offered("country"))
    return [Case(*(When(**{states: keys}, then=place) for place, keys in places)), *newest]


def years_of_visits() -> list[tuple[str, str]]:
    years = Edition.objects.published().values_list("earliest__year", flat=True).order_by("-earliest__year").distinct()
    return [(str(year), str(year)) for year in years if year]


def overlapping(queryset, since, until):
    """Editions with a dated part that may overlap the days `since` to `until`; None leaves that side open.

    A bound that the source does not give widens nothing: the other one stands for both.
    """
    if not since and not until:
        return queryset
    segments = Segment.objects.filter(edition=OuterRef("pk"))
    if since:
        segments = segments.filter(Q(end_latest__gte=since) | Q(end_latest=None, start_latest__gte=since))
    if until:
        segments = segments.filter(Q(start_earliest__lte=until) | Q(start_earliest=None, end_earliest__lte=until))
    return queryset.filter(Exists(segments))
