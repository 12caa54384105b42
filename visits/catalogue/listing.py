"""What every list of visits is made of, whatever the format: HTML, API, feeds, exports, links of statistics."""

import datetime
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from visits.exceptions import InvalidParameters
from visits.models import Edition

from . import facets, names, vocabulary
from .cards import Card, cards
from .filter_form import FilterForm, filter_form
from .filters import PAGE_SIZE, RELEVANCE, SORT_LABELS, GroupFilter, VisitFilterSet
from .keys import Keys
from .paging import Paged
from .problems import Problem, beyond, unknown_name, unknown_names, wrong_values
from .search import recorded, search, unmet
from .selection import Asked, InDatabase, InMemory
from .wording import Text, day_in_words, listed, number

# What chooses no visits.
VIEW = ("sort", "page", "page_size")


@dataclass(frozen=True)
class Chip:
    """A value that the list is filtered by, and the query without it."""

    parameter: str
    group: str
    label: str
    query: str


@dataclass(frozen=True)
class Meant:
    """A term with a name close to what was searched for, and the query with that name instead; without a query where
    no visit is recorded for the term, so that there is only its page."""

    group: str
    key: str
    name: Text
    query: str


class Listing(Paged):
    """The visits that a query string asks for.

    `params`: the parsed query string. `strict_names`: whether a name that is no parameter is refused, as formats for
    programs do, or told in `ignored`; `others`: names that the format itself understands. Raises InvalidParameters
    with all `problems` and the `filters` they stand beside.
    """

    def __init__(self, params: QueryDict, *, strict_names: bool = False, others: Sequence[str] = ()):
        self.params = params
        self.index = facets.current()
        if self.index is None:
            vocabulary.current()
        self.filterset = VisitFilterSet(params, queryset=Edition.objects.all())
        unknown = [name for name in unknown_names(self.filterset) if name not in others]
        self.ignored = [] if strict_names else unknown
        known = (*VisitFilterSet.base_filters, *others)
        problems = [unknown_name(name, params[name], known) for name in unknown] if strict_names else []
        problems += wrong_values(self.filterset)
        if not problems:
            problems += self.contradictions()
        if problems:
            raise InvalidParameters(problems=problems, filters=filter_form(self.filterset, problems=problems))

    @property
    def form(self):
        return self.filterset.form

    @cached_property
    def filters(self) -> FilterForm:
        return filter_form(self.filterset, self.selection.counts, sort=self.sort)

    @cached_property
    def selection(self) -> InMemory | InDatabase:
        """The visits found, however they are found."""
        chosen = {name: self.asked[name] for name, declared in self.groups() if self.asked[name]}
        asked = Asked(chosen, self.asked["from"], self.asked["to"], self.sort)
        as_of, words = self.asked["as_of"], self.asked["q"]
        index = self.index or (facets.current(wait=True) if words else None)
        if index is None:
            return InDatabase(self.filterset, self.base, asked)
        if as_of:
            return InMemory(index.as_of(end_of(as_of)), self.base, asked)
        return InMemory(index, self.base, asked, search(index, words) if words else None)

    @property
    def base(self):
        """The editions that filters choose from."""
        as_of = self.asked["as_of"]
        return Edition.objects.as_of(end_of(as_of)) if as_of else Edition.objects.published()

    @property
    def sort(self) -> str:
        return self.asked["sort"] or (RELEVANCE if self.asked["q"] else "newest")

    @cached_property
    def total(self) -> int:
        return self.selection.total

    @cached_property
    def cards(self) -> list[Card]:
        """The visits of the page asked for."""
        start = (self.page - 1) * self.page_size
        stop = start + self.page_size
        if isinstance(self.selection, InDatabase) or self.selection.hits:
            return cards(self.selection.page(start, stop), getattr(self.selection, "hits", None))
        # The same visits head most lists.
        visits, kept = self.selection.visits(start, stop), self.selection.index.cards_in(get_language())
        if missing := [visit for visit in visits if visit not in kept]:
            editions = self.selection.editions_of(missing)
            kept |= zip((edition.visit_id for edition in editions), cards(editions), strict=True)
        return [kept[visit] for visit in visits if visit in kept]

    @cached_property
    def keys(self) -> array:
        """The primary keys of all that is found, in the order of the list, whatever page is asked for.

        Editions never change, so that whatever is read of these later is what the list held at this moment.
        """
        return array("Q", self.selection.keys())

    @cached_property
    def page_keys(self) -> list[int]:
        """Those of `keys` that the page asked for holds."""
        start = (self.page - 1) * self.page_size
        return self.selection.keys(start, start + self.page_size)

    @cached_property
    def meant(self) -> list[Meant]:
        """Where a search has found nothing: what may have been meant. None of it leads to another empty list."""
        typed, selection, found = self.asked["q"], self.selection, {}
        if not typed or selection.total:
            return []
        for (start, end), others in unmet(selection.index, typed).items():
            for near in names.current().nearest(typed[start:end]):
                visits = recorded(selection.index, near.group, near.key)
                query = self.query_with(q=f"{typed[:start]}{near.label}{typed[end:]}")
                meant = Meant(near.group, near.key, near.label, query if visits else "")
                # A region has no page of its own.
                if selection.leaves_some_of(visits & others) if visits else near.group != "region":
                    found.setdefault((near.group, near.key), meant)
        return list(found.values())

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
    def is_history(self) -> bool:
        """Whether this is what the register showed on an earlier day; its visits are then fixed editions."""
        return bool(self.asked["as_of"])

    @property
    def count_sentence(self) -> str:
        if self.is_history:
            return ngettext(
                "%(count)s visit as the register stood on %(day)s",
                "%(count)s visits as the register stood on %(day)s",
                self.total,
            ) % {"count": number(self.total), "day": day_in_words(self.asked["as_of"])}
        return ngettext("%(count)s visit found", "%(count)s visits found", self.total) % {"count": number(self.total)}

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
            elif name == "q" and value:
                chips.append(Chip(name, str(bound.label), value, self.query_without(name)))
            elif isinstance(value, datetime.date):
                chips.append(Chip(name, str(bound.label), day_in_words(value), self.query_without(name)))
        return chips

    @property
    def canonical_query(self) -> str:
        """Of all query strings that ask for this list, the one that it is known by."""
        usual = {"sort": RELEVANCE if self.asked["q"] else "newest", "page": 1, "page_size": PAGE_SIZE}
        return self.query_of({name: value for name, value in self.asked.items() if value != usual.get(name)})

    @property
    def whole_query(self) -> str:
        """That which asks for the same visits, whatever their order and page."""
        return self.query_of({name: value for name, value in self.asked.items() if name not in VIEW})

    @property
    def cited_query(self) -> str:
        """That which finds the same visits later too: as they stand today. A search knows today alone."""
        as_of = None if self.asked["q"] else self.as_at
        return self.query_of({name: value for name, value in self.asked.items() if name not in VIEW} | {"as_of": as_of})

    @property
    def as_at(self) -> datetime.date:
        """The day whose register this is."""
        return self.asked["as_of"] or timezone.now().date()

    def query_of(self, asked: dict) -> str:
        asked = {name: value for name, value in asked.items() if value}
        return urlencode(
            [
                (name, value)
                for name, values in sorted(asked.items())
                for value in (sorted(set(values)) if isinstance(values, list) else [values])
            ]
        )

    @property
    def asked_in_words(self) -> str:
        """What the list is filtered by."""
        return listed(_("%(group)s: %(value)s") % {"group": chip.group, "value": chip.label} for chip in self.chips)

    def query_with(self, **values) -> str:
        """This list's query string with these single values."""
        kept = [(name, value) for name, value in self.pairs() if name not in values]
        return "?" + urlencode([*kept, *values.items()])

    def query_without(self, name: str, value: str | None = None) -> str:
        """This list's query string without that parameter, or without that value of it, from its first page."""
        kept = [
            (other, kept)
            for other, kept in self.pairs()
            if other != "page"
            and not (other == name and value in (None, kept, kept.upper()))
            # Nothing fits best where nothing is searched for.
            and not (name == "q" and (other, kept) == ("sort", RELEVANCE))
        ]
        return "?" + urlencode(kept) if kept else "."

    def pairs(self) -> list[tuple[str, str]]:
        known = VisitFilterSet.base_filters
        return [(name, value) for name, values in self.params.lists() for value in values if name in known and value]

    @cached_property
    def editions(self):
        """The editions found, for what is not made of lists: of each visit at most one."""
        editions = self.filterset.filter_queryset(self.base)
        return editions.filter(visit__in=Keys(self.selection.found)) if self.asked["q"] else editions

    def groups(self) -> Iterator[tuple[str, GroupFilter]]:
        return ((name, bound) for name, bound in self.filterset.filters.items() if isinstance(bound, GroupFilter))

    def contradictions(self) -> list[Problem]:
        since, until = self.asked["from"], self.asked["to"]
        if since and until and since > until:
            return [Problem("to", str(until), _("The last day lies before the first: exchange the two."))]
        if self.asked["q"] and self.asked["as_of"]:
            sentence = _("What the register showed on an earlier day cannot be searched: leave out one of the two.")
            return [Problem("as_of", str(self.asked["as_of"]), sentence)]
        if self.asked["sort"] == RELEVANCE and not self.asked["q"]:
            sentence = _("Without words to search for there is no best match.")
            others = tuple(sort for sort, _label in SORT_LABELS if sort != RELEVANCE)
            return [Problem("sort", RELEVANCE, sentence, valid=others, nearest="newest")]
        # Counting is asked for only where it can matter.
        if self.page > 1 and self.page > self.pages:
            return [beyond(self.page, self.pages)]
        return []


def end_of(day: datetime.date) -> datetime.datetime:
    """The last moment of that day, UTC."""
    return datetime.datetime.combine(day, datetime.time.max, tzinfo=datetime.UTC)
