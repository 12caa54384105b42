"""The counting rule: how many visits to how many States the register holds, and how many are assessment visits."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count as Counted
from django.db.models import Exists, Max, Min, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from visits.enums import ASSESSMENT_KINDS, Assessment
from visits.models import Edition, Kind

from . import facets

# CTED's own count, stated in September 2024, shown beside the register's so that nobody takes a sample for the whole.
CTED_VISITS, CTED_STATES, CTED_AS_OF = 205, 119, date(2024, 9, 1)


@dataclass(frozen=True)
class Count:
    """Visits and States recorded; among them assessment visits and the States of these; the others by what is known.

    `first_year`, `last_year`: those in which the earliest and the latest visit began; None without any.
    """

    visits: int
    states: int
    assessments: int
    assessed_states: int
    others: int
    unrecorded: int
    first_year: int | None
    last_year: int | None
    as_of: date
    cted_visits: int = CTED_VISITS
    cted_states: int = CTED_STATES
    cted_as_of: date = CTED_AS_OF

    @property
    def span_sentence(self) -> str:
        span = {"first": self.first_year, "last": self.last_year}
        return _("Every visit recorded here, from %(first)d to %(last)d, with the sources it was compiled from.") % span


def count(index: facets.Index | None = None) -> Count:
    """Published visits: a visit with any assessment kind counts once; those without a recorded kind apart.

    `index`: the sets to count by, where the caller has them; without, those of this process or the database.
    """
    index = index or facets.current()
    return Count(**(in_memory(index) if index else in_database()), as_of=timezone.now().date())


def in_memory(index: facets.Index) -> dict[str, int]:
    countries = index.sets["country"]
    states = [countries[key] for key in index.offered["country"] if key != facets.NONE]
    assessments, others, unrecorded = (
        index.having("assessment", [value]) for value in (Assessment.YES, Assessment.NO, Assessment.UNKNOWN)
    )
    years = sorted(int(year) for year in index.sets["year"] if year != facets.NONE) or [None]
    return {
        "visits": len(index.visits),
        "states": sum(map(bool, states)),
        "assessments": len(assessments),
        "assessed_states": sum(assessments.intersect(visits) for visits in states),
        "others": len(others),
        "unrecorded": len(unrecorded),
        "first_year": years[0],
        "last_year": years[-1],
    }


def in_database() -> dict[str, int]:
    kinds = Kind.objects.filter(edition=OuterRef("pk"))
    is_assessment, has_kind = Q(assessed=True), Q(has_kind=True)
    # A State that another has replaced in the vocabulary is that other.
    state = Coalesce("visit__country__replaced_by", "visit__country")
    return (
        Edition.objects.published()
        .annotate(assessed=Exists(kinds.filter(kind__in=ASSESSMENT_KINDS)), has_kind=Exists(kinds))
        .aggregate(
            visits=Counted("pk"),
            states=Counted(state, distinct=True),
            assessments=Counted("pk", filter=is_assessment),
            assessed_states=Counted(state, filter=is_assessment, distinct=True),
            others=Counted("pk", filter=has_kind & ~is_assessment),
            unrecorded=Counted("pk", filter=~has_kind),
            first_year=Min("earliest__year"),
            last_year=Max("earliest__year"),
        )
    )
