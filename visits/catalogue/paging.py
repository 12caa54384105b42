"""What every list that is read page by page has in common."""

from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True)
class PageLink:
    number: int
    query: str
    is_current: bool


class Paged:
    """A list that knows its `page`, its `page_size`, its `total` and, as `query_with`, the query of itself with another
    page."""

    @property
    def pages(self) -> int:
        return max(1, ceil(self.total / self.page_size))

    @property
    def previous_query(self) -> str | None:
        return self.query_with(page=self.page - 1) if self.page > 1 else None

    @property
    def next_query(self) -> str | None:
        return self.query_with(page=self.page + 1) if self.page < self.pages else None

    @property
    def page_links(self) -> list[PageLink | None]:
        """Ways to the first page, the last one and those around this one; None where some are left out."""
        numbers = sorted({1, self.pages, *range(max(1, self.page - 1), min(self.pages, self.page + 1) + 1)})
        links = []
        for before, page in zip([0, *numbers], numbers, strict=False):
            if page - before > 1:
                links.append(None)
            links.append(PageLink(page, self.query_with(page=page), page == self.page))
        return links
