"""Visits in the order in which the register came to say what it says of them, and those that were withdrawn: for
whoever follows a list instead of reading it."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce, Greatest

from visits.enums import State
from visits.models import Edition

from . import rows
from .keys import Keys
from .listing import Listing
from .rows import VisitRow
from .wording import Text


class Gone(NamedTuple):
    """A visit that was withdrawn and not published again: what may be told of it. `edition`: the number of its last."""

    uid: UUID
    slug: str
    edition: int
    withdrawn_at: datetime
    reason: Text


class Timeline(Listing):
    """The visits that a query string asks for and all that were withdrawn, the latest change first, whatever the order
    asked for. Parameters and refusals are those of Listing; `total` and pages count both.

    Whoever follows the list may hold any visit that was withdrawn. Which of them the filters would have chosen is not
    asked: it would tell what they said.
    """

    @cached_property
    def total(self) -> int:
        return len(self.keys) + gone_editions().count()

    @cached_property
    def moments(self):
        """Primary key and moment of all, the latest first."""
        changed = Greatest("published_at", Coalesce("redacted_at", "published_at"))
        shown = Edition.objects.filter(pk__in=Keys(self.keys)).order_by().annotate(moment=changed)
        gone = gone_editions().annotate(moment=F("withdrawn_at"))
        columns = ("pk", "moment")
        return shown.values_list(*columns).union(gone.values_list(*columns), all=True).order_by("-moment", "-pk")

    @cached_property
    def of_page(self) -> dict[int, datetime]:
        start = (self.page - 1) * self.page_size
        return dict(self.moments[start : start + self.page_size])

    @cached_property
    def shown(self) -> list[VisitRow]:
        """Of the page asked for, what can be read."""
        return list(rows.visits(list(self.of_page)))

    @cached_property
    def gone(self) -> list[Gone]:
        """Of the page asked for, what was withdrawn."""
        return list(told(gone_editions().filter(pk__in=list(self.of_page))))

    @cached_property
    def first_published(self) -> dict[UUID, datetime]:
        """When the first edition of each visit of the page was published."""
        first = Edition.objects.filter(number=1, visit__uid__in=[row.uid for row in self.shown]).order_by()
        return dict(first.values_list("visit__uid", "published_at"))

    @cached_property
    def changed_at(self) -> datetime | None:
        """When the list was changed last; None for one that holds nothing."""
        latest = self.of_page if self.page == 1 else dict(self.moments[:1])
        return next(iter(latest.values()), None)


def gone_editions():
    """Of each visit that was withdrawn and not published again, the last edition."""
    later = Edition.objects.filter(
        visit=OuterRef("visit"), state__in=(State.PUBLISHED, State.WITHDRAWN), number__gt=OuterRef("number")
    )
    return Edition.objects.filter(~Exists(later), state=State.WITHDRAWN).order_by()


def all_gone() -> Iterator[Gone]:
    return told(gone_editions())


def gone(slug: str) -> Gone | None:
    """That visit, where it was withdrawn and not published again."""
    return next(told(gone_editions().filter(visit__slug=slug)), None)


def told(editions) -> Iterator[Gone]:
    columns = ("visit__uid", "visit__slug", "number", "withdrawn_at", "withdrawal_reason")
    for *identity, reason in editions.order_by("-withdrawn_at", "-pk").values_list(*columns).iterator():
        yield Gone(*identity, Text(reason))
