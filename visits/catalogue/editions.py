"""Every edition of every visit that is public now, whatever became of the edition: for programs."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Exists, OuterRef, Q

from visits.enums import READABLE, State
from visits.models import Edition

from .history import EditionEntry, absent, entry
from .paging import Paged


@dataclass(frozen=True)
class EditionOfVisit:
    slug: str
    entry: EditionEntry


class EditionList(Paged):
    """Newest first. `slug`: those of that visit alone; raises what `history.absent` gives where it is not public."""

    def __init__(self, slug: str, page: int, page_size: int):
        self.slug, self.page, self.page_size = slug, page, page_size
        if slug and not self.total:
            raise absent(slug)

    @cached_property
    def editions(self):
        published = Edition.objects.published()
        if self.slug:
            of_it = Edition.objects.filter(visit__slug=self.slug).exclude(number=None)
            return of_it.filter(Exists(published.filter(visit=OuterRef("visit"))))
        # Only those of withdrawn visits are withdrawn, unless the visit has been published again.
        again = Q(state=State.WITHDRAWN) & Exists(published.filter(visit=OuterRef("visit")))
        return Edition.objects.filter(Q(state__in=[*READABLE, State.WITHHELD]) | again)

    @cached_property
    def total(self) -> int:
        return self.editions.count()

    @cached_property
    def entries(self) -> list[EditionOfVisit]:
        start = (self.page - 1) * self.page_size
        rows = self.editions.select_related("visit").order_by("-published_at", "-pk")
        return [EditionOfVisit(row.visit.slug, entry(row)) for row in rows[start : start + self.page_size]]
