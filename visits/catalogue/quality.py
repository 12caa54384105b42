"""How much of the register is not recorded or only inferred, field by field, counted over all that is published."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from visits.enums import Disclosure, Modality, PersonRole
from visits.models import DocumentLink, Edition, Finding, Generation, Person, Segment

from . import facets
from .facets import NONE


@dataclass(frozen=True)
class Gap:
    """`missing` of all visits, or of all findings, have nothing in this field; `inferred`: how many have a value that
    no source states, None where values are never inferred. `query` lists those without, where a filter can."""

    label: Promise
    missing: int
    inferred: int | None
    query: str


@dataclass(frozen=True)
class Quality:
    visits: int
    of_visits: tuple[Gap, ...]
    findings: int
    of_findings: tuple[Gap, ...]


def quality() -> Quality:
    return quality_at(Generation.current())


@lru_cache(1)
def quality_at(generation: int) -> Quality:
    """Counted once for all languages: it goes through the whole register."""
    index, published = facets.current(wait=True), Edition.objects.published().order_by()
    findings = Finding.objects.filter(edition__in=published.values("pk")).order_by()
    gaps = tuple(of_visits(index, published))
    return Quality(len(index.visits), gaps, findings.count(), tuple(of_findings(findings)))


# For tests, where the generation begins again.
forget = quality_at.cache_clear


def of_visits(index: facets.Index, published: QuerySet[Edition]) -> Iterator[Gap]:
    counted = counts(published)

    def by_filter(label: Promise, group: str, *values: str, inferred: int | None = None) -> Gap:
        missing = len(index.having(group, (NONE, *values)))
        return Gap(label, missing, inferred, "?" + urlencode([(group, value) for value in (NONE, *values)]))

    yield Gap(_("First day"), counted["dated"], None, "")
    yield Gap(_("First day, exact to the day"), counted["exact"], None, "")
    inferred = len(index.visits) - counted["inferred"]
    yield by_filter(_("Modality"), "modality", Modality.UNKNOWN.value, inferred=inferred)
    yield by_filter(_("Kind of visit"), "kind")
    yield by_filter(_("Topics"), "topic")
    yield by_filter(_("Resolutions"), "resolution")
    yield by_filter(_("Participating bodies"), "body")
    yield by_filter(_("Findings"), "finding")
    yield Gap(_("Head of the delegation"), counted["headed"], None, "")
    yield Gap(_("Sources"), counted["sourced"], None, "")
    yield from (Gap(label, counted[name], None, "") for name, label in TEXTS.items())


TEXTS = {"summary": _("Summary"), "text": _("Text"), "aim": _("Aim"), "mandate": _("Mandate")}
# What may hang on an edition, so that it has what its name says.
HAVING = {
    "dated": Segment.objects.exclude(start=""),
    "exact": Segment.objects.filter(start_earliest=F("start_latest")),
    "inferred": Segment.objects.filter(modality_inferred=True),
    "headed": Person.objects.filter(role=PersonRole.HEAD),
    "sourced": DocumentLink.objects.exclude(document__disclosure=Disclosure.NONE),
}


def counts(published: QuerySet[Edition]) -> dict[str, int]:
    """How many editions are without each of these, in one walk over all."""
    without = {name: Q(**{name: False}) for name in HAVING} | {name: Q(**{name: ""}) for name in TEXTS}
    having = {name: Exists(rows.filter(edition=OuterRef("pk"))) for name, rows in HAVING.items()}
    # By other names than those of the columns.
    totals = {f"without_{name}": Count("pk", filter=condition) for name, condition in without.items()}
    found = published.annotate(**having).aggregate(**totals)
    return {name: found[f"without_{name}"] for name in without}


def of_findings(findings: QuerySet[Finding]) -> Iterable[Gap]:
    counted = findings.aggregate(topic=Count("pk", filter=Q(topic=None)), speaker=Count("pk", filter=Q(speaker="")))
    yield Gap(_("Topic"), counted["topic"], None, "")
    yield Gap(_("Speaker"), counted["speaker"], None, "")
