"""What was corrected, newest first: the change notes of the editions after the first, as far as they can be read."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Exists, F, OuterRef
from django.http import QueryDict

from visits.exceptions import NotPublished
from visits.models import Edition

from . import translations
from .cards import Term
from .filters import PAGE_SIZE
from .paging import Paged
from .wording import Text, name_of


@dataclass(frozen=True)
class Correction:
    """`has_changes`: whether the edition before can still be read, so that both can be compared."""

    slug: str
    title: Text
    country: Term
    number: int
    published_at: datetime
    note: Text
    has_changes: bool


class Corrections(Paged):
    """A page of them. Raises NotPublished for a page that there is not."""

    page_size = PAGE_SIZE

    def __init__(self, params: QueryDict):
        asked = params.get("page") or "1"
        self.page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0
        if not 1 <= self.page <= self.pages:
            raise NotPublished(page=asked)

    @cached_property
    def editions(self):
        return Edition.objects.readable().filter(number__gt=1).exclude(change_note="")

    @cached_property
    def total(self) -> int:
        return self.editions.count()

    @cached_property
    def entries(self) -> list[Correction]:
        before = Edition.objects.readable().filter(visit=OuterRef("visit"), number=OuterRef("number") - 1)
        start = (self.page - 1) * self.page_size
        rows = self.editions.select_related("visit__country").annotate(has_changes=Exists(before))
        rows = list(rows.order_by(F("published_at").desc(), "-pk")[start : start + self.page_size])
        said = translations.of_lists((row.visit for row in rows), "title")
        return [
            Correction(
                slug=row.visit.slug,
                title=said.text(row, "title"),
                country=Term(row.visit.country.iso3, name_of(row.visit.country)),
                number=row.number,
                published_at=row.published_at,
                note=Text(row.change_note),
                has_changes=row.has_changes,
            )
            for row in rows
        ]

    @property
    def canonical_query(self) -> str:
        return f"page={self.page}" if self.page > 1 else ""

    def query_with(self, page: int) -> str:
        return f"?page={page}"
