"""One visit as a file: its current edition, or a fixed one."""

import json

from django.http import HttpResponse

from visits.catalogue import history
from visits.catalogue.records import record_of

from .addresses import Site
from .answers import of_one_visit
from .markdown import as_markdown
from .records import as_object


@of_one_visit
def answer_json(request, slug: str, number: int | None = None):
    record = as_object(record_of(slug, number), Site.of(request))
    return HttpResponse(json.dumps(record, ensure_ascii=False) + "\n", content_type="application/json")


@of_one_visit
def answer_markdown(request, slug: str, number: int | None = None):
    page = history.current(slug) if number is None else history.fixed(slug, number)
    # RFC 7763.
    kind = "text/markdown; charset=utf-8; variant=CommonMark"
    return HttpResponse(as_markdown(page, Site.of(request)), content_type=kind)


VIEWS = {"json": answer_json, "md": answer_markdown}
