"""Where data is fetched: beside the pages that show the same, with the same parameters."""

from django.urls import path

from . import calendar, citations, dcat, exports, feeds, offered, visits

# What is given whole: every list, a visit as it is now, a fixed edition of it.
VISIT, EDITION = "visits/<slug:slug>", "visits/<slug:slug>/editions/<int:number>"
CITED = {"visits": "visits", "visit": VISIT, "edition": EDITION}

urlpatterns = [
    *(
        path(f"{table.name}.{ending}", view, name=f"{table.name}.{ending}")
        for table in (exports.VISITS, exports.FINDINGS)
        for ending, view in exports.views(table).items()
    ),
    *(
        path(f"{where}.{ending}", view, name=f"{name}.{ending}")
        for name, where in (("visit", VISIT), ("edition", EDITION))
        for ending, view in visits.VIEWS.items()
    ),
    *(
        path(f"{CITED[cited]}.{form.ending}", view, name=f"{cited}.{form.ending}")
        for form in citations.FORMATS
        for cited, view in citations.views(form).items()
    ),
    path("visits.atom", feeds.visits, name="visits.atom"),
    path("visits.ics", calendar.visits, name="visits.ics"),
    path(f"{VISIT}.ics", calendar.visit, name="visit.ics"),
]
# In every language at once, or in none.
in_no_language = [
    path("data/catalog.jsonld", dcat.catalogue, name="catalog"),
    path("data/bundle/<str:name>", offered.file, name="bundle"),
]
