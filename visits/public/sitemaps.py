"""Every page that search engines may list: https://www.sitemaps.org/protocol.html, with the languages of each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from visits.catalogue import addresses

from . import urls
from .head import EVERY_LANGUAGE, alternates, in_languages, origin_of

# Addresses without a parameter that are no pages, or none to be found.
NOT_LISTED = ("suggestions", "opensearch", "use-visits", "use-findings")


@dataclass(frozen=True)
class Entry:
    """An address, with those of the same page in all its languages; `changed_at` is empty where nobody knows."""

    location: str
    alternates: tuple[tuple[str, str], ...]
    changed_at: str


@require_safe
def sitemap(request) -> HttpResponse:
    """All pages; where there are too many for one file, the files that list them."""
    shares = addresses.shares()
    if len(shares) < 2:
        return answer(request, [*pages(request), *(entry for share in shares for entry in visits(request, share))])
    files = [reverse("sitemap-pages"), *(reverse("sitemap-visits", args=[share]) for share in shares)]
    context = {"files": [request.build_absolute_uri(file) for file in files]}
    return render(request, "visits/sitemap_index.xml", context, content_type="application/xml")


@require_safe
def sitemap_of_pages(request) -> HttpResponse:
    return answer(request, list(pages(request)))


@require_safe
def sitemap_of_visits(request, share: int) -> HttpResponse:
    entries = list(visits(request, share))
    if not entries:
        raise Http404
    return answer(request, entries)


def answer(request, entries: list[Entry]) -> HttpResponse:
    return render(request, "visits/sitemap.xml", {"entries": entries}, content_type="application/xml")


def pages(request) -> Iterator[Entry]:
    """All but those of visits. Their words are in every language, and no record says when they last changed."""
    without_parameter = [pattern.name for pattern in urls.urlpatterns if not pattern.pattern.converters]
    routes = [(name, ()) for name in without_parameter if name not in NOT_LISTED]
    for name, args in [*routes, *((group, (key,)) for group, key in addresses.terms())]:
        yield from entries(request, reverse(name, args=args), EVERY_LANGUAGE)


def visits(request, share: int) -> Iterator[Entry]:
    for visit in addresses.visits(share):
        yield from entries(request, reverse("visit", args=[visit.slug]), visit.languages, visit.published_at)


def entries(request, path: str, languages: Iterable[str], changed_at: datetime | None = None) -> Iterator[Entry]:
    """One for each language."""
    origin, found = origin_of(request), in_languages(path)
    others = alternates(origin, found, languages)
    changed = changed_at.isoformat(timespec="seconds") if changed_at else ""
    for language in languages:
        yield Entry(origin + found[language], others, changed)
