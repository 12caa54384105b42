"""The counting rule: how many visits to how many States the register holds, and how many are assessment visits."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count as Counted
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from visits.enums import ASSESSMENT_KINDS
from visits.models import Edition, Kind

# CTED's own count, stated in September 2024, shown beside the register's so that nobody takes a sample for the whole.
CTED_VISITS, CTED_STATES, CTED_AS_OF = 205, 119, date(2024, 9, 1)


@dataclass(frozen=True)
class Count:
    """Visits and States recorded; among them assessment visits and the States of these; the others by what is known."""

    visits: int
    states: int
    assessments: int
    assessed_states: int
    others: int
    unrecorded: int
    as_of: date
    cted_visits: int = CTED_VISITS
    cted_states: int = CTED_STATES
    cted_as_of: date = CTED_AS_OF


def count() -> Count:
    """Published visits: a visit with any assessment kind counts once; those without a recorded kind apart."""
    kinds = Kind.objects.filter(edition=OuterRef("pk"))
    is_assessment, has_kind = Q(assessed=True), Q(has_kind=True)
    counted = (
        Edition.objects.published()
        .annotate(assessed=Exists(kinds.filter(kind__in=ASSESSMENT_KINDS)), has_kind=Exists(kinds))
        .aggregate(
            visits=Counted("pk"),
            states=Counted("visit__country", distinct=True),
            assessments=Counted("pk", filter=is_assessment),
            assessed_states=Counted("visit__country", filter=is_assessment, distinct=True),
            others=Counted("pk", filter=has_kind & ~is_assessment),
            unrecorded=Counted("pk", filter=~has_kind),
        )
    )
    return Count(**counted, as_of=timezone.now().date())
