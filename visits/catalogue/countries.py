"""The visits to one State as a chain through the years."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.exceptions import NotPublished
from visits.models import Country, Edition, Region

from .links import LinkedVisit, LinkGroup, grouped_links, linked_visits
from .terms import Detail
from .wording import Text, listed, name_of, period

# A longer chain is continued in the list of visits.
LONGEST_CHAIN = 100


@dataclass(frozen=True)
class Stage:
    """One visit of a chain. `gap` words the years that lie between it and the visit before."""

    slug: str
    title: Text
    summary: Text
    periods: tuple[str, ...]
    kinds: tuple[str, ...]
    gap: str
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


def continent(country: Country) -> Region | None:
    """The region that those of M49 between it and the State are parts of."""
    region = country.region
    while region and region.parent:
        region = region.parent
    return region


def country_page(iso3: str) -> CountryPage:
    """Raises NotPublished when there is no such State."""
    country = Country.objects.select_related("region__parent__parent").filter(iso3=iso3).first()
    if country is None:
        raise NotPublished(key=iso3)
    published = (
        Edition.objects.published().filter(visit__country=country).order_by("-earliest", "-latest", "visit__slug")
    )
    editions = list(published.select_related("visit").prefetch_related("segments", "kinds")[: LONGEST_CHAIN + 1])
    shown = editions[:LONGEST_CHAIN]
    links = defaultdict(list)
    for link in linked_visits(shown):
        links[link.of].append(link)
    before = [*editions[1:], None]
    return CountryPage(
        key=country.iso3,
        name=name_of(country),
        details=tuple(details_of(country)),
        visits=len(editions) if len(editions) <= LONGEST_CHAIN else published.count(),
        last=listed(periods(editions[0])) if editions else "",
        since=years_since(editions[0].latest, timezone.now().date()) if editions else "",
        stages=tuple(
            stage(edition, earlier, links[edition.pk]) for edition, earlier in zip(shown, before, strict=False)
        ),
        query=f"?country={country.iso3}",
    )


def details_of(country: Country) -> Iterable[Detail]:
    yield Detail(_("Membership"), Text(country.get_membership_display()))
    if country.region:
        yield Detail(_("Region"), name_of(country.region))
        if (widest := continent(country)) != country.region:
            yield Detail(_("Continent"), name_of(widest))


def stage(edition: Edition, earlier: Edition | None, links: list[LinkedVisit]) -> Stage:
    return Stage(
        slug=edition.visit.slug,
        title=Text(edition.title),
        summary=Text(edition.summary),
        periods=periods(edition),
        kinds=tuple(str(kind) for kind in edition.kinds.all()),
        gap=gap(earlier, edition) if earlier else "",
        links=grouped_links(links),
    )


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
