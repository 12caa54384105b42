"""Where data is fetched: beside the pages that show the same, with the same parameters."""

from django.urls import path

from . import dcat, exports, offered

urlpatterns = [
    path(f"{table.name}.{ending}", view, name=f"{table.name}.{ending}")
    for table in (exports.VISITS, exports.FINDINGS)
    for ending, view in exports.views(table).items()
]
# In every language at once, or in none.
in_no_language = [
    path("data/catalog.jsonld", dcat.catalogue, name="catalog"),
    path("data/bundle/<str:name>", offered.file, name="bundle"),
]
