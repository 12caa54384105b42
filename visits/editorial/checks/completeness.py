"""What a record must have before others are asked to read it. A draft may lack all of it."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext as _

from visits.exceptions import Incomplete
from visits.models import Edition


def incomplete(edition: Edition) -> Iterable[Incomplete]:
    """What is missing, with the field or the group of rows it is missing from."""
    if not edition.title.strip():
        yield Incomplete(field="title", missing=_("The title is missing."))
    if not edition.summary.strip():
        yield Incomplete(field="summary", missing=_("The summary is missing: it is what lists show."))
    segments = edition.segments.all()
    if not segments.exclude(Q(start="") & Q(end="")).exists():
        yield Incomplete(field="segments", missing=_("No date is recorded: give at least the year of the visit."))
    if not edition.documentlinks.exists():
        yield Incomplete(
            field="documentlinks", missing=_("The source is missing: link the document this is taken from.")
        )
