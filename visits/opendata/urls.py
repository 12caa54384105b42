"""Where data is fetched: beside the pages that show the same, with the same parameters."""

from django.urls import path

from . import exports, visits

urlpatterns = [
    *(
        path(f"{table.name}.{ending}", view, name=f"{table.name}.{ending}")
        for table in (exports.VISITS, exports.FINDINGS)
        for ending, view in exports.views(table).items()
    ),
    *(path(f"visits/<slug:slug>.{ending}", view, name=f"visit.{ending}") for ending, view in visits.VIEWS.items()),
    *(
        path(f"visits/<slug:slug>/editions/<int:number>.{ending}", view, name=f"edition.{ending}")
        for ending, view in visits.VIEWS.items()
    ),
]
