"""What the register answers to many questions, as JSON: run on two databases, the same must come out.

python -m tests.answers
"""

import json
import sys
from datetime import UTC, datetime

import django

QUERIES = [
    *("visit", "focused visit", '"focused visit"', "visit -follow", "-visit", "border control", '"border control"'),
    *("counter-terrorism", "Copenhagen police", "S/RES/1373 (2001)", "1373", "2396 airport", "follow up 2018", "WCO"),
    *(
        "UNODC -africa",
        "Côte d’Ivoire",
        "cote d'ivoire",
        "Türkiye",
        "كوت ديفوار",
        "الدَّانمَرْك",
        "边境",
        "境管",
        "恐怖主义",
    ),
    # Words of translations alone.
    *("focalizada", '"тематическую поездку"', "مركزة", "重点访问", "effectue une visite"),
    *("Россия", "женщины", "no such thing", "the", "of the", '"of the"', "a b c", "x'); DROP TABLE", "%", "100 %"),
]
LISTS = [
    *("", "topic=border-management", "topic=border-management&topic=none&year=2018", "region=africa&sort=oldest"),
    *("kind=none", "assessment=no&modality=virtual", "body=wco&resolution=1373", "from=2018-05-30&to=2018-06-01"),
    *(
        "sort=country",
        f"as_of={datetime.now(UTC).date()}",
        "finding=progress",
        "year=2018&region=europe",
        "country=DNK&country=none",
    ),
]


def main():
    django.setup()
    from django.core.management import call_command
    from django.http import QueryDict

    from visits.catalogue.findings import FindingList
    from visits.catalogue.listing import Listing
    from visits.catalogue.selection import InDatabase
    from visits.catalogue.timeline import Timeline
    from visits.models import Country, Topic

    call_command("migrate", verbosity=0)
    call_command("load_register", stdout=sys.stderr)
    terms = *Country.objects.exclude(visits=None).order_by("iso3").distinct(), *Topic.objects.order_by("slug")
    names = [name for row in terms for name in (row.name_en, row.name_ar, row.name_zh_hans)]
    answers = {}
    for query in [*QUERIES, *names]:
        asked = QueryDict(mutable=True)
        asked.update({"q": query, "page_size": "100"})
        answers[query] = [card.slug for card in Listing(asked).cards] if any(map(str.isalnum, query)) else None
    for query in LISTS:
        listing = Listing(QueryDict(query + "&page_size=100"))
        slow = InDatabase(listing.filterset, listing.base, listing.selection.asked)
        for way, selection in (("sets", listing.selection), ("rows", slow)):
            answers[f"{query} by {way}"] = (
                [edition.visit.slug for edition in selection.page(0, 100)],
                {
                    group: {value: tally.visits for value, tally in sorted(tallies.items()) if tally.own}
                    for group, tallies in selection.counts.items()
                },
            )
    for query in ("", "q=denmark&sort=country", "sort=oldest&topic=none"):
        answers[f"findings {query}"] = [str(card.text) for card in FindingList(QueryDict(query)).cards]
    for query in ("page_size=100", "page=2&page_size=7&topic=border-management"):
        timeline = Timeline(QueryDict(query))
        slugs = [row.slug for row in timeline.shown if all(part.uid.version for part in row.parts)]
        answers[f"timeline {query}"] = (slugs, [gone.slug for gone in timeline.gone], timeline.total)
    json.dump(answers, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
