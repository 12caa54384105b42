"""Where data is fetched: beside the pages that show the same, with the same parameters."""

from django.urls import path

from . import calendar, citations, exports, feeds

urlpatterns = [
    path(f"{table.name}.{ending}", view, name=f"{table.name}.{ending}")
    for table in (exports.VISITS, exports.FINDINGS)
    for ending, view in exports.views(table).items()
]
urlpatterns += [
    path("visits.atom", feeds.visits, name="visits.atom"),
    path("visits.ics", calendar.visits, name="visits.ics"),
    path("visits/<slug:slug>.ics", calendar.visit, name="visit.ics"),
]
CITED = {
    "visits": "visits",
    "visit": "visits/<slug:slug>",
    "edition": "visits/<slug:slug>/editions/<int:number>",
}
urlpatterns += [
    path(f"{CITED[cited]}.{form.ending}", view, name=f"{cited}.{form.ending}")
    for form in citations.FORMATS
    for cited, view in citations.views(form).items()
]
