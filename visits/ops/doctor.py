"""What is wrong in the records as they stand, in words that a person can act on."""

from collections.abc import Iterator

from django.urls import reverse

from visits.editorial import checks
from visits.enums import WORKING, State
from visits.models import Edition
from visits.models.content import whole

from .installation import Complaint

# So many records are read at a time.
CHUNK = 100


def failing_records() -> Iterator[Complaint]:
    """What the consistency checks find in every edition that is published or in work."""
    editions = Edition.objects.filter(state__in=[*WORKING, State.PUBLISHED]).order_by("visit", "pk")
    for edition in whole(editions).iterator(CHUNK):
        path = reverse("admin:visits_edition_change", args=[edition.pk], query={"checked": 1})
        for slip in checks.slips(edition):
            place = f"{edition}: {slip.kind.label} ({slip.rows or slip.field})"
            yield Complaint(place, slip.sentence, path, slip.is_error and edition.state == State.PUBLISHED)
