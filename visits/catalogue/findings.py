"""Findings across visits: progress, good practices, what to strengthen, assistance, statements.

The filters choose visits, exactly as in the list of visits. Of these are listed the findings of the kinds asked for
(every kind where none is) and, where topics are asked for, those recorded under one of them: the finding's own topic,
a replaced one counting as its replacement, `none` as no topic. Pages count findings, the newest visit first.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import ngettext

from visits.models import Finding

from . import translations
from .cards import Term
from .filters import NONE, ordering
from .listing import Listing
from .translations import Translations
from .wording import Text, day_in_words, listed, name_of, number, period


@dataclass(frozen=True)
class FindingCard:
    """One finding in a list, and the visit it comes from; `number` is that of the edition that holds it."""

    uid: str
    kind: str
    direction: str
    text: Text
    speaker: Text
    topic: Term | None
    slug: str
    number: int
    title: Text
    country: Term
    period: str


class FindingList(Listing):
    """The findings that a query string asks for; parameters and refusals are those of Listing."""

    @cached_property
    def wanted(self) -> Q:
        """What kinds and topics ask of a finding."""
        kinds, topics = self.asked["finding"], self.asked["topic"]
        wanted = Q(kind__in=kinds) if kinds else Q()
        if topics:
            recorded = Q(topic__slug__in=topics) | Q(topic__replaced_by__slug__in=topics)
            wanted &= recorded | Q(topic=None) if NONE in topics else recorded
        return wanted

    @cached_property
    def findings(self):
        """All that are found, in no order."""
        return Finding.objects.filter(self.wanted, edition__in=self.editions.order_by().values("pk")).order_by()

    @cached_property
    def counts(self) -> dict[str, int]:
        return self.findings.aggregate(findings=Count("pk"), visits=Count("edition", distinct=True))

    @property
    def total(self) -> int:
        return self.counts["findings"]

    @property
    def visits(self) -> int:
        """How many visits the filters choose, whether findings are recorded for them or not."""
        return self.selection.total

    @property
    def visits_query(self) -> str:
        """The query of the list of these visits."""
        return "?" + urlencode([(name, value) for name, value in self.pairs() if name != "page"])

    @cached_property
    def keys(self) -> array:
        """See `Listing.keys`; here those of findings."""
        ordered = self.findings.order_by(*in_order(self.asked["sort"]))
        return array("Q", ordered.values_list("pk", flat=True))

    @cached_property
    def page_keys(self) -> list[int]:
        return list(self.on_page.values_list("pk", flat=True))

    @cached_property
    def cards(self) -> list[FindingCard]:
        """The findings of the page asked for, those of one visit together."""
        return cards(whole(self.on_page))

    @property
    def on_page(self):
        # No order by relevance: how well a visit fits a search says nothing of each of its findings.
        sort = self.asked["sort"]
        start, end = (self.page - 1) * self.page_size, self.page * self.page_size
        # No more visits are sorted than can reach this page.
        has_some = Exists(Finding.objects.filter(self.wanted, edition=OuterRef("pk")))
        editions = self.editions.filter(has_some).order_by(*ordering(sort)).values("pk")[:end]
        return Finding.objects.filter(self.wanted, edition__in=editions).order_by(*in_order(sort))[start:end]

    @property
    def count_sentence(self) -> str:
        if self.is_history:
            return ngettext(
                "%(count)s finding as the register stood on %(day)s",
                "%(count)s findings as the register stood on %(day)s",
                self.total,
            ) % {"count": number(self.total), "day": day_in_words(self.asked["as_of"])}
        return ngettext("%(count)s finding found", "%(count)s findings found", self.total) % {
            "count": number(self.total)
        }

    @property
    def coverage_sentence(self) -> str:
        return ngettext(
            "Such findings are recorded for %(recorded)s of %(visits)s visit that fits the filters.",
            "Such findings are recorded for %(recorded)s of %(visits)s visits that fit the filters.",
            self.visits,
        ) % {"recorded": number(self.counts["visits"]), "visits": number(self.visits)}


def in_order(sort: str = "newest") -> list:
    """What puts findings in the order of their visits, those of one visit in the order of the record."""
    return [*ordering(sort, "edition__"), "position", "pk"]


def whole(findings):
    """With all that a card shows."""
    return findings.select_related("edition__visit__country", "topic__replaced_by").prefetch_related(
        "edition__segments"
    )


def cards(rows: Iterable[Finding]) -> list[FindingCard]:
    """Of these findings, read `whole`."""
    rows = list(rows)
    said = translations.of_lists((row.edition.visit for row in rows), "title", parts=[row.uid for row in rows])
    return [card(row, said) for row in rows]


def card(row: Finding, said: Translations) -> FindingCard:
    edition, visit = row.edition, row.edition.visit
    return FindingCard(
        uid=str(row.uid),
        kind=row.get_kind_display(),
        direction=row.get_direction_display(),
        text=said.text(edition, "text", row),
        speaker=said.text(edition, "speaker", row),
        topic=term(row.topic),
        slug=visit.slug,
        number=edition.number,
        title=said.text(edition, "title"),
        country=Term(visit.country.iso3, name_of(visit.country)),
        period=listed(period(segment.start, segment.end) for segment in edition.segments.all()),
    )


def term(topic) -> Term | None:
    return Term(topic.slug, name_of(topic)) if topic else None
