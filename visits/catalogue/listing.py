"""What every list of visits is made of, whatever the format: HTML, API, feeds, exports, links of statistics."""

import datetime
import difflib
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_filters import FilterSet

from visits.exceptions import InvalidParameters
from visits.models import Edition
from visits.text.fold import fold

from .filter_form import FilterForm, filter_form
from .filters import NONE, PAGE_SIZE, GroupFilter, VisitFilterSet
from .wording import Text, name_of, period

TRACKING_NAMES = {"fbclid", "gclid", "msclkid", "mc_cid", "mc_eid", "ref"}
TRACKING_PREFIXES = ("utm_",)
# A card names as many topics and counts the others.
TOPICS_OF_CARD = 5


@dataclass(frozen=True)
class Problem:
    """A parameter that cannot be answered: why, what could be asked, and what may have been meant."""

    parameter: str
    value: str
    sentence: str
    valid: tuple[str, ...] = ()
    nearest: str = ""


@dataclass(frozen=True)
class Term:
    """A term of a vocabulary as a list shows it."""

    key: str
    name: Text


@dataclass(frozen=True)
class Card:
    """One visit in a list."""

    slug: str
    number: int
    title: Text
    summary: Text
    country: Term
    periods: tuple[str, ...]
    kinds: tuple[str, ...]
    topics: tuple[Term, ...]
    more_topics: int


@dataclass(frozen=True)
class Chip:
    """A value that the list is filtered by, and the query without it."""

    parameter: str
    group: str
    label: str
    query: str


@dataclass(frozen=True)
class PageLink:
    number: int
    query: str
    is_current: bool


def card(edition: Edition) -> Card:
    country = edition.visit.country
    topics = [focus.topic for focus in edition.focuses.all()]
    shown = topics if len(topics) <= TOPICS_OF_CARD + 1 else topics[:TOPICS_OF_CARD]
    return Card(
        slug=edition.visit.slug,
        number=edition.number,
        title=Text(edition.title),
        summary=Text(edition.summary),
        country=Term(country.iso3, name_of(country)),
        periods=tuple(period(segment.start, segment.end) for segment in edition.segments.all()),
        kinds=tuple(str(kind) for kind in edition.kinds.all()),
        topics=tuple(Term(topic.slug, name_of(topic)) for topic in shown),
        more_topics=len(topics) - len(shown),
    )


class Listing:
    """The visits that a query string asks for.

    `params`: the parsed query string. `strict_names`: whether a name that is no parameter is refused, as formats for
    programs do, or told in `ignored`. Raises InvalidParameters with all `problems` and the `filters` they stand beside.
    """

    def __init__(self, params: QueryDict, *, strict_names: bool = False):
        self.params = params
        self.filterset = VisitFilterSet(params, queryset=Edition.objects.all())
        unknown = unknown_names(self.filterset)
        self.ignored = [] if strict_names else unknown
        problems = [unknown_name(name, params[name]) for name in unknown] if strict_names else []
        problems += wrong_values(self.filterset)
        if not problems:
            problems += self.contradictions()
        if problems:
            raise InvalidParameters(problems=problems, filters=filter_form(self.filterset, problems))

    @property
    def form(self):
        return self.filterset.form

    @cached_property
    def filters(self) -> FilterForm:
        return filter_form(self.filterset)

    @cached_property
    def editions(self):
        """The editions found, in order: of each visit at most one."""
        as_of = self.asked["as_of"]
        base = Edition.objects.as_of(end_of(as_of)) if as_of else Edition.objects.published()
        return self.filterset.filter_queryset(base)

    @cached_property
    def total(self) -> int:
        return self.editions.count()

    @cached_property
    def cards(self) -> list[Card]:
        """The visits of the page asked for."""
        start = (self.page - 1) * self.page_size
        return [card(edition) for edition in self.editions.for_list()[start : start + self.page_size]]

    @property
    def asked(self) -> dict:
        return self.form.cleaned_data

    @property
    def page(self) -> int:
        return self.asked["page"] or 1

    @property
    def page_size(self) -> int:
        return self.asked["page_size"] or PAGE_SIZE

    @property
    def pages(self) -> int:
        return max(1, ceil(self.total / self.page_size))

    @property
    def previous_query(self) -> str | None:
        return self.query_with(page=self.page - 1) if self.page > 1 else None

    @property
    def next_query(self) -> str | None:
        return self.query_with(page=self.page + 1) if self.page < self.pages else None

    @property
    def page_links(self) -> list[PageLink | None]:
        """Ways to the first page, the last one and those around this one; None where some are left out."""
        numbers = sorted({1, self.pages, *range(max(1, self.page - 1), min(self.pages, self.page + 1) + 1)})
        links = []
        for before, number in zip([0, *numbers], numbers, strict=False):
            if number - before > 1:
                links.append(None)
            links.append(PageLink(number, self.query_with(page=number), number == self.page))
        return links

    @property
    def is_history(self) -> bool:
        """Whether this is what the register showed on an earlier day; its visits are then fixed editions."""
        return bool(self.asked["as_of"])

    @property
    def count_sentence(self) -> str:
        if self.is_history:
            return ngettext(
                "%(count)d visit as the register stood on %(day)s",
                "%(count)d visits as the register stood on %(day)s",
                self.total,
            ) % {"count": self.total, "day": date_format(self.asked["as_of"])}
        return ngettext("%(count)d visit found", "%(count)d visits found", self.total) % {"count": self.total}

    @cached_property
    def chips(self) -> list[Chip]:
        chips = []
        for name, bound in self.filterset.filters.items():
            value = self.asked[name]
            if isinstance(bound, GroupFilter):
                labels = dict(bound.field.choices) if value else {}
                for term in value:
                    label = labels.get(term, term)
                    chips.append(Chip(name, str(bound.label), str(label), self.query_without(name, term)))
            elif isinstance(value, datetime.date):
                chips.append(Chip(name, str(bound.label), date_format(value), self.query_without(name)))
        return chips

    def query_with(self, **values) -> str:
        """This list's query string with these single values."""
        kept = [(name, value) for name, value in self.pairs() if name not in values]
        return "?" + urlencode([*kept, *values.items()])

    def query_without(self, name: str, value: str | None = None) -> str:
        """This list's query string without that parameter, or without that value of it, from its first page."""
        kept = [
            (other, kept)
            for other, kept in self.pairs()
            if other != "page" and not (other == name and value in (None, kept, kept.upper()))
        ]
        return "?" + urlencode(kept) if kept else "."

    def pairs(self) -> list[tuple[str, str]]:
        known = VisitFilterSet.base_filters
        return [(name, value) for name, values in self.params.lists() for value in values if name in known and value]

    def contradictions(self) -> list[Problem]:
        since, until = self.asked["from"], self.asked["to"]
        if since and until and since > until:
            return [Problem("to", str(until), _("The last day lies before the first: exchange the two."))]
        if self.page > self.pages:
            sentence = ngettext("The list has only %(count)d page.", "The list has only %(count)d pages.", self.pages)
            return [Problem("page", str(self.page), sentence % {"count": self.pages}, nearest=str(self.pages))]
        return []


def end_of(day: datetime.date) -> datetime.datetime:
    """The last moment of that day, UTC."""
    return datetime.datetime.combine(day, datetime.time.max, tzinfo=datetime.UTC)


def unknown_names(filterset: FilterSet) -> list[str]:
    """Names in the query that are no parameter of this filterset."""
    return [name for name in filterset.data if name not in filterset.filters and not is_tracking(name)]


def wrong_values(filterset: FilterSet) -> list[Problem]:
    """What takes one value and was given several, and what its filter does not know."""
    asked, form = filterset.data, filterset.form
    problems = [
        repeated(name, asked.getlist(name))
        for name, declared in filterset.filters.items()
        if not isinstance(declared, GroupFilter) and len(asked.getlist(name)) > 1
    ]
    for name, errors in form.errors.as_data().items():
        field = form.fields[name]
        valid = tuple(str(value) for value, _label in getattr(field, "choices", ()) if value)
        for error in errors:
            value = str((error.params or {}).get("value", asked.get(name, "")))
            sentence = " ".join(error.messages)
            aliases = getattr(filterset.filters[name], "aliases", tuple)
            known = [*getattr(field, "choices", ()), *aliases()]
            problems.append(Problem(name, value, sentence, valid, nearest(value, known)))
    return problems


def is_tracking(name: str) -> bool:
    return name in TRACKING_NAMES or name.startswith(TRACKING_PREFIXES)


def unknown_name(name: str, value: str) -> Problem:
    valid = tuple(VisitFilterSet.base_filters)
    close = difflib.get_close_matches(name, valid, n=1)
    return Problem(name, value, _("There is no parameter of this name."), valid, close[0] if close else "")


def repeated(name: str, values: list[str]) -> Problem:
    return Problem(name, ", ".join(values), _("This parameter takes one value."))


def nearest(value: str, known) -> str:
    """The key closest to what was asked, among pairs of key and name; empty when none is close."""
    keys = {}
    for key, name in known:
        if key == NONE:
            continue
        keys |= {fold(str(key)): str(key), fold(str(name)): str(key)}
    close = difflib.get_close_matches(fold(value), keys, n=1)
    return keys[close[0]] if close else ""
