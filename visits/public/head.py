"""What the head of a page tells search engines: its one address, the same page in other languages, whether to list it,
and its structured data."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.http import escape_leading_slashes
from django.utils.safestring import SafeString

from visits.catalogue.filters import GroupFilter, VisitFilterSet

from . import jsonld

SOURCE = settings.LANGUAGE_CODE
EVERY_LANGUAGE = tuple(code for code, _name in settings.LANGUAGES)
# What a list can be of and still be one of few: other questions are endless.
TERMS = frozenset(name for name, bound in VisitFilterSet.base_filters.items() if isinstance(bound, GroupFilter))


@dataclass(frozen=True)
class Head:
    """`alternates`: code and address of each language that the page is really in; none where there is only one."""

    canonical: str
    alternates: tuple[tuple[str, str], ...]
    is_listed: bool
    data: SafeString


def head(request, *nodes: dict, query: str = "", languages=EVERY_LANGUAGE, is_listed: bool = True) -> Head:
    """`nodes`: the structured data; `query`: that part of the query which makes the page what it is; `languages`: those
    that what the page says is in. In any other one, the page in the original is the one to be found."""
    match, origin = request.resolver_match, origin_of(request)
    addresses = in_languages(reverse(match.view_name, kwargs=match.kwargs), query)
    language = translation.get_language()
    is_listed = is_listed and is_one_of_few(query)
    return Head(
        canonical=origin + addresses[language if language in languages else SOURCE],
        alternates=alternates(origin, addresses, languages) if is_listed and language in languages else (),
        is_listed=is_listed,
        data=jsonld.script(*nodes),
    )


def is_one_of_few(query: str) -> bool:
    """Whether a list is of one term at most, in its usual order."""
    asked = [name for name, _value in parse_qsl(query) if name != "page"]
    return not asked or (len(asked) == 1 and asked[0] in TERMS)


def origin_of(request) -> str:
    return f"{request.scheme}://{request.get_host()}"


def in_languages(path: str, query: str = "") -> dict[str, str]:
    """The address of the page at this path, in each language."""
    prefix = translation.get_language_from_path(path)
    # Two slashes at its beginning would make another site of it.
    bare = escape_leading_slashes(path[len(prefix) + 1 :] if prefix else path)
    asked = f"?{query}" if query else ""
    return {code: (bare if code == SOURCE else f"/{code}{bare}") + asked for code in EVERY_LANGUAGE}


def alternates(origin: str, addresses: dict[str, str], languages) -> tuple[tuple[str, str], ...]:
    """The addresses in these languages, then the one for readers of any other."""
    if len(languages) < 2:
        return ()
    named = [(code, origin + address) for code, address in addresses.items() if code in languages]
    return (*named, ("x-default", origin + addresses[SOURCE]))
