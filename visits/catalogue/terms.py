"""The lists and pages of topics, resolutions and bodies: each term with the visits recorded for it."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from visits.exceptions import NotPublished
from visits.models import Body, Reference, Resolution, Topic

from . import facets, vocabulary
from .cards import Card
from .listing import Listing
from .related import Related, related
from .vocabulary import key_of
from .wording import Text, day_in_words, in_alphabet, name_of


@dataclass(frozen=True)
class TermEntry:
    """A term in a list, with the number of visits published for it."""

    key: str
    short: str
    name: Text
    detail: str
    visits: int


@dataclass(frozen=True)
class Detail:
    """A line about a term; `key` is set where it leads to the page of another term of the same kind."""

    label: str
    value: Text
    key: str = ""


@dataclass(frozen=True)
class TermPage:
    """`details` word what is known of the term, among it the kind of a body, symbol and date of a resolution."""

    key: str
    short: str
    name: Text
    kind: str
    symbol: str
    adopted_on: date | None
    description: Text
    details: tuple[Detail, ...]
    url: str
    aliases: tuple[str, ...]
    cards: list[Card]
    visits: int
    query: str
    related: Related


@dataclass(frozen=True)
class Vocabulary:
    """How the terms of one kind are listed: the parameter that filters by them, and what is told together with one."""

    model: type[Reference]
    parameter: str
    name_field: str
    related: tuple[str, ...]

    def entries(self) -> list[TermEntry]:
        """Every term that has not been replaced, with its count of visits."""
        visits = facets.current(wait=True).sets[self.parameter]
        entries = [
            TermEntry(key_of(term), short_form(term), self.name(term), kind_of(term), len(visits[key_of(term)]))
            for term in vocabulary.latest().rows[self.parameter]
            if not term.replaced_by_id
        ]
        # What has a short form is in its order already.
        return sorted(entries, key=lambda entry: "" if entry.short else in_alphabet(entry.name))

    def page(self, key) -> TermPage:
        """The page of a term, or of the one that has replaced it. Raises NotPublished when there is no such term."""
        term = self.model.objects.select_related("replaced_by").filter(**{self.model.KEY: key}).first()
        if term is None:
            raise NotPublished(key=key)
        if term.replaced_by:
            term = term.replaced_by
            key = term.natural_key()[0]
        query = QueryDict(mutable=True)
        query[self.parameter] = str(key)
        listing = Listing(query)
        return TermPage(
            key=str(key),
            short=short_form(term),
            name=self.name(term),
            kind=getattr(term, "kind", ""),
            symbol=getattr(term, "symbol", ""),
            adopted_on=getattr(term, "adopted_on", None),
            description=name_of(term, "definition") if isinstance(term, Topic) else Text(""),
            details=tuple(details_of(term)),
            url=getattr(term, "url", ""),
            aliases=tuple(term.alias_list),
            cards=listing.cards,
            visits=listing.total,
            query="?" + query.urlencode(),
            related=related(self.parameter, str(key), self.related),
        )

    def name(self, term) -> Text:
        return name_of(term, self.name_field)


TOPICS = Vocabulary(Topic, "topic", "name", ("year", "country", "topic", "body"))
RESOLUTIONS = Vocabulary(Resolution, "resolution", "subject", ("region", "year", "topic"))
BODIES = Vocabulary(Body, "body", "name", ("body", "country", "topic", "year"))


def short_form(term) -> str:
    return {Resolution: str, Body: lambda body: body.acronym}.get(type(term), lambda other: "")(term)


def kind_of(term) -> str:
    if isinstance(term, Topic):
        return _("cross-cutting") if term.cross_cutting else ""
    return term.get_kind_display() if isinstance(term, Body) else ""


def details_of(term):
    """What else the register knows of a term."""
    if isinstance(term, Resolution):
        yield Detail(_("Symbol"), Text(term.symbol))
        if term.adopted_on:
            yield Detail(_("Adopted"), Text(day_in_words(term.adopted_on)))
    elif isinstance(term, Body):
        yield Detail(_("Kind"), Text(term.get_kind_display()))
        for body in term.member_of.all():
            yield Detail(_("Member of"), name_of(body), body.slug)
        for body in term.members.all():
            yield Detail(_("Member"), name_of(body), body.slug)
    elif term.cross_cutting:
        yield Detail(_("Kind"), Text(_("cross-cutting issue")))
