"""The visits to one State as a chain through the years."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.exceptions import NotPublished
from visits.models import Country, Edition, Region

from . import translations
from .cards import Term
from .filters import ordering
from .links import LinkedVisit, LinkGroup, grouped_links, linked_visits
from .related import Related, related
from .terms import Detail
from .translations import Translations
from .vocabulary import key_of
from .wording import Text, in_alphabet, listed, name_of, period

# A longer chain is continued in the list of visits.
LONGEST_CHAIN = 100


@dataclass(frozen=True)
class Change:
    """Terms of one kind that only one of two visits has; `route` names their pages."""

    label: str
    route: str
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Stage:
    """One visit of a chain. `gap` words the years that lie between it and the visit before, `changes` what is recorded
    for only one of the two; `incomparable` says where that cannot be told."""

    slug: str
    title: Text
    summary: Text
    periods: tuple[str, ...]
    kinds: tuple[str, ...]
    gap: str
    changes: tuple[Change, ...]
    incomparable: str
    links: tuple[LinkGroup, ...]


@dataclass(frozen=True)
class CountryPage:
    key: str
    name: Text
    details: tuple[Detail, ...]
    visits: int
    last: str
    since: str
    stages: tuple[Stage, ...]
    query: str
    related: Related


def continent(country: Country) -> Region | None:
    """The region that those of M49 between it and the State are parts of."""
    region = country.region
    while region and region.parent:
        region = region.parent
    return region


def country_page(iso3: str) -> CountryPage:
    """The page of a State, or of the one that has replaced it. Raises NotPublished when there is no such State."""
    states = Country.objects.select_related("region__parent__parent")
    country = states.filter(Q(iso3=iso3, replaced_by=None) | Q(replaces__iso3=iso3)).first()
    if country is None:
        raise NotPublished(key=iso3)
    is_theirs = Q(visit__country=country) | Q(visit__country__replaced_by=country)
    published = Edition.objects.published().filter(is_theirs).order_by(*ordering())
    whole = published.select_related("visit").prefetch_related(
        "segments", "kinds", "focuses__topic", "participations__body", "resolutionlinks__resolution"
    )
    editions = list(whole[: LONGEST_CHAIN + 1])
    shown = editions[:LONGEST_CHAIN]
    links = defaultdict(list)
    for link in linked_visits(shown):
        links[link.of].append(link)
    before = [*editions[1:], None]
    said = translations.of_lists([edition.visit for edition in shown], "title", "summary")
    return CountryPage(
        key=country.iso3,
        name=name_of(country),
        details=tuple(details_of(country)),
        visits=len(editions) if len(editions) <= LONGEST_CHAIN else published.count(),
        last=listed(periods(editions[0])) if editions else "",
        since=years_since(editions[0].latest, timezone.now().date()) if editions else "",
        stages=tuple(
            stage(edition, earlier, said, links[edition.pk]) for edition, earlier in zip(shown, before, strict=False)
        ),
        query=f"?country={country.iso3}",
        related=related("country", country.iso3, ("topic", "body", "resolution")),
    )


def details_of(country: Country) -> Iterable[Detail]:
    yield Detail(_("Membership"), Text(country.get_membership_display()))
    if country.region:
        yield Detail(_("Region"), name_of(country.region))
        if (widest := continent(country)) != country.region:
            yield Detail(_("Continent"), name_of(widest))


def stage(edition: Edition, earlier: Edition | None, said: Translations, links: list[LinkedVisit]) -> Stage:
    return Stage(
        slug=edition.visit.slug,
        title=said.text(edition, "title"),
        summary=said.text(edition, "summary"),
        periods=periods(edition),
        kinds=tuple(str(kind) for kind in edition.kinds.all()),
        gap=gap(earlier, edition) if earlier else "",
        changes=tuple(changes(earlier, edition)) if earlier else (),
        incomparable=incomparable(earlier, edition) if earlier else "",
        links=grouped_links(links),
    )


def changes(earlier: Edition, later: Edition) -> Iterable[Change]:
    """What is recorded for one of two visits that follow each other and not for the other, where both have any."""
    labels = {
        "topic": (_("Topics not recorded for the visit before"), _("Topics recorded for the visit before only")),
        "body": (_("Bodies that did not take part before"), _("Bodies that took part before only")),
        "resolution": (_("Resolutions not recorded for the visit before"), ""),
    }
    for route, (added, dropped) in labels.items():
        before, after = terms_of(earlier, route), terms_of(later, route)
        if not (before and after):
            continue
        for label, terms in ((added, after.keys() - before.keys()), (dropped, before.keys() - after.keys())):
            if label and terms:
                found = [(after | before)[key] for key in terms]
                yield Change(label, route, tuple(sorted(found, key=lambda term: in_alphabet(term.name))))


def terms_of(edition: Edition, route: str) -> dict[str, Term]:
    """The terms of an edition by their keys."""
    rows = {
        "topic": lambda: (row.topic for row in edition.focuses.all()),
        "body": lambda: (row.body for row in edition.participations.all()),
        "resolution": lambda: (row.resolution for row in edition.resolutionlinks.all()),
    }[route]()
    terms = [Term(key_of(row), Text(str(row)) if route == "resolution" else name_of(row)) for row in rows]
    return {term.key: term for term in terms}


def incomparable(earlier: Edition, later: Edition) -> str:
    if terms_of(earlier, "topic") and terms_of(later, "topic"):
        return ""
    return _("For one of these two visits no topics are recorded: what changed between them cannot be told.")


def periods(edition: Edition) -> tuple[str, ...]:
    return tuple(period(segment.start, segment.end) for segment in edition.segments.all())


def years_since(day: date | None, today: date) -> str:
    """Calendar years: a visit of which only the year is known has no other distance from today."""
    if day is None:
        return ""
    years = today.year - day.year
    if years <= 0:
        return _("this year")
    return ngettext("%(years)d year ago", "%(years)d years ago", years) % {"years": years}


def gap(earlier: Edition, later: Edition) -> str:
    """The calendar years between the end of one visit and the begin of the next."""
    years = max(0, later.earliest.year - earlier.latest.year)
    if not years:
        return _("in the same year as the visit before")
    return ngettext("%(years)d year after the visit before", "%(years)d years after the visit before", years) % {
        "years": years
    }
