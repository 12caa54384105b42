"""Where data is fetched: beside the pages that show the same, with the same parameters."""

from django.urls import path

from . import exports

urlpatterns = [
    path(f"{table.name}.{ending}", view, name=f"{table.name}.{ending}")
    for table in (exports.VISITS, exports.FINDINGS)
    for ending, view in exports.views(table).items()
]
