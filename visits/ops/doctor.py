"""What is wrong in the register as it stands, chapter by chapter, in words that a person can act on."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from visits.editorial import checks
from visits.enums import WORKING, State
from visits.models import Edition
from visits.models.content import whole

# So many records are read at a time.
CHUNK = 100


@dataclass(frozen=True)
class Complaint:
    """`path`: where it is mended, in the admin. `is_grave`: the public reads what cannot be true."""

    record: str
    place: str
    sentence: str
    path: str
    is_grave: bool


def failing_records() -> Iterator[Complaint]:
    """What the consistency checks find in every edition that is published or in work."""
    editions = Edition.objects.filter(state__in=[*WORKING, State.PUBLISHED]).order_by("visit", "pk")
    for edition in whole(editions).iterator(CHUNK):
        path = reverse("admin:visits_edition_change", args=[edition.pk], query={"checked": 1})
        for slip in checks.slips(edition):
            place = f"{slip.kind.label} ({slip.rows or slip.field})"
            is_grave = slip.is_error and edition.state == State.PUBLISHED
            yield Complaint(str(edition), place, slip.sentence, path, is_grave)


# A title and what finds the complaints under it.
CHAPTERS = ((_("Records whose checks fail"), failing_records),)
