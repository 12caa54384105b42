"""Measured inside a process of the site, whose folder DATA_DIR names: printed as one JSON object.

What is not there yet, such as the search, is left out: its rows are then missing, and the bench says so.
"""

import json
import os
import random
import statistics
import time
from collections import Counter
from contextlib import suppress
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cted.settings")
django.setup()

from django.contrib.auth.models import Group  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from visits.catalogue.filters import VisitFilterSet  # noqa: E402
from visits.enums import Role  # noqa: E402
from visits.models import Edition, SearchRow, Topic, User  # noqa: E402

RANDOM = random.Random(1)  # noqa: S311


def main():
    # More than the page cache has room for.
    slugs = sample(Edition.objects.published(), "visit__slug", 1000)
    asked = selections(60)
    found = {
        "lists": ["/visits/?" + urlencode(selection, doseq=True) for selection in asked],
        "visits": [f"/visits/{slug}/" for slug in slugs],
    }
    with suppress(ImportError):
        from visits.catalogue import facets

        index = facets.current(wait=True)
        times = [milliseconds(lambda selection=selection: index.counts(selection)) for selection in asked]
        found["counts_ms"], found["counts_most_ms"] = statistics.median(times), max(times)
    if "q" in VisitFilterSet.base_filters:
        found["searches"] = ["/visits/?" + urlencode({"q": words, "sort": "relevance"}) for words in pairs_of_words()]
    found["list_queries"] = queries(found["lists"][:20])
    found["visit_queries"] = queries(found["visits"][:20])
    found["desk"] = [
        "/admin/visits/visit/",
        "/admin/visits/visit/?state=published&year=2019",
        "/admin/visits/visit/?p=3",
    ]
    found["session"] = signed_in()
    found["desk_queries"] = queries(found["desk"], Cookie=f"sessionid={found['session']}")
    print(json.dumps(found))


def sample(rows, name: str, count: int) -> list:
    """That column of some rows, taken from all over the table."""
    last = rows.latest("pk").pk
    return list(
        rows.filter(pk__in=RANDOM.sample(range(1, last + 1), min(2 * count, last))).values_list(name, flat=True)
    )


def selections(count: int) -> list[dict]:
    """Filters of lists, one to three at a time."""
    values = {
        "topic": list(Topic.objects.values_list("slug", flat=True)),
        "year": [str(year) for year in range(2006, 2024)],
        "kind": ["initial", "follow-up", "focused", "comprehensive"],
        "modality": ["on-site", "virtual"],
        "finding": ["progress", "assistance", "none"],
    }
    groups = [RANDOM.sample(list(values), RANDOM.randint(1, 3)) for _selection in range(count)]
    return [{group: [RANDOM.choice(values[group])] for group in chosen} for chosen in groups]


def pairs_of_words() -> list[str]:
    """Two words at a time, each of them in a tenth to four tenths of all visits."""
    rows = sample(SearchRow.objects, "body", 300)
    shares = Counter(word for body in rows for word in set(body.split()))
    common = sorted(word for word, number in shares.items() if 0.1 < number / len(rows) < 0.4 and len(word) > 3)
    return [" ".join(RANDOM.sample(common, 2)) for _pair in range(30)]


def milliseconds(call) -> float:
    started = time.perf_counter()
    call()
    return (time.perf_counter() - started) * 1000


def signed_in() -> str:
    """The key of a session in which an author has signed in, for the pages of staff."""
    author, _created = User.objects.get_or_create(username="bench", defaults={"is_staff": True})
    author.groups.set(Group.objects.filter(name=Role.AUTHOR))
    client = Client()
    client.force_login(author, "django.contrib.auth.backends.ModelBackend")
    return client.session.session_key


def queries(addresses: list[str], **headers) -> int:
    """The most queries that one of these pages takes, the first of them not counted."""
    client, counts = Client(headers={"host": "127.0.0.1"} | headers), []
    for address in addresses:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address)
        assert answer.status_code == 200, address
        counts.append(len(captured))
    return max(counts[1:])


if __name__ == "__main__":
    main()
