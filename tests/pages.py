"""Every type of public page, as the URL configuration has them, each with an address of the register that is shipped.

A new pattern is a new type, judged like the others; one with parameters fails until it has an example here.
"""

import os
from itertools import product

from django.conf import settings

from .crawler import in_language, routes

LANGUAGES = [code for code, _ in settings.LANGUAGES]
EXAMPLES = {
    "visit": {"slug": "denmark-2018"},
    "editions": {"slug": "denmark-2018"},
    "edition": {"slug": "denmark-2018", "number": 1},
    "changes": {"slug": "denmark-2018", "number": 2},
    "country": {"key": "dnk"},
    "topic": {"key": "border-management"},
    "resolution": {"key": 1373},
    "body": {"key": "interpol"},
}
# What is no page although its address looks like one, with what fills it: a test holds that none of them is.
NO_PAGES = {"suggestions": {}, "finding": {"uid": "00000000-0000-0000-0000-000000000000"}}
# Faces of the same pages that the patterns do not tell apart.
FACES = {
    "list, filtered": "/visits/?q=denmark&topic=border-management&sort=oldest",
    "list, last page": "/visits/?page=6",
    "list, empty": "/visits/?q=denmark&topic=maritime-security",
    "list, misspelt": "/visits/?q=denmrak",
    "list, refused": "/visits/?from=2020-01-01&to=2019-01-01&topic=nothing",
    "findings, filtered": "/findings/?finding=assistance&country=dnk",
    "countries, filtered": "/countries/?region=europe",
    "country, not visited": "/countries/and/",
    "visit, compiled": "/visits/malawi-2024/",
    "visit, withdrawn": "/visits/samoa-2022/",
    "edition, withheld": "/visits/belgium-2021/editions/1/",
    "not found": "/nowhere/",
}
ANSWERS = {"list, refused": 400, "visit, withdrawn": 410, "edition, withheld": 410, "not found": 404}
# With A11Y=whole (`make a11y`) every type is judged in every language in every view.
IS_WHOLE = os.environ.get("A11Y") == "whole"


def types() -> dict[str, str]:
    """The address of each type of page in English, by its name."""
    found, missing = {}, []
    for route in routes():
        # Documents in other formats have a name with an ending.
        if route.text.startswith(("/admin/", "/accounts/")) or not route.text.endswith("/") or route.name in NO_PAGES:
            continue
        # Of what programs ask only the description is a page.
        if route.text.startswith("/api/") and route.name != "api-docs":
            continue
        if route.parameters and route.name not in EXAMPLES:
            missing.append(route)
        else:
            found[route.name] = route.fill(EXAMPLES.get(route.name, {}))
    assert not missing, f"These patterns have no example in tests/pages.py: {missing}"
    return found | FACES


def address(name: str, language: str) -> str:
    found = types()[name]
    return found if language == settings.LANGUAGE_CODE else in_language(found, language)


TYPES = list(types())


def combinations(name: str, views: list) -> list[tuple]:
    """The languages and views to judge this type in: every language, the views in turn, so that any two meet."""
    if IS_WHOLE:
        return list(product(LANGUAGES, views))
    first = TYPES.index(name)
    return [(language, views[(first + place) % len(views)]) for place, language in enumerate(LANGUAGES)]
