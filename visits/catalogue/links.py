"""How public visits stand to each other: what one follows, what followed it, what was the same mission."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from visits.enums import State, VisitLinkKind
from visits.models import Edition, VisitLink

from .wording import Text


@dataclass(frozen=True)
class LinkedVisit:
    """A public visit that the edition `of` is linked with; `kind` says how that edition's visit stands to it."""

    of: int
    kind: str
    slug: str
    title: Text


@dataclass(frozen=True)
class LinkGroup:
    kind: str
    visits: tuple[LinkedVisit, ...]


def linked_visits(editions: Iterable[Edition]) -> list[LinkedVisit]:
    """The links of these editions and those of other published editions to their visits, in one query."""
    visits = {edition.visit_id: edition.pk for edition in editions}
    title_of_target = Edition.objects.published().filter(visit=OuterRef("target")).values("title")[:1]
    links = (
        VisitLink.objects.filter(
            Q(edition__in=visits.values()) | Q(target__in=visits.keys(), edition__state=State.PUBLISHED)
        )
        .annotate(title_of_target=Subquery(title_of_target))
        .values_list(
            "kind", "edition", "target", "target__slug", "title_of_target", "edition__visit__slug", "edition__title"
        )
    )
    # Two visits of one mission point at each other: that is one fact.
    found = {}
    for kind, source, target, target_slug, target_title, source_slug, source_title in links:
        if source in visits.values() and target_title is not None:
            link = LinkedVisit(source, worded(kind), target_slug, Text(target_title))
            found.setdefault((link.of, link.kind, link.slug), link)
        elif source not in visits.values():
            link = LinkedVisit(visits[target], worded(kind, reverse=True), source_slug, Text(source_title))
            found.setdefault((link.of, link.kind, link.slug), link)
    return list(found.values())


def grouped_links(links: Iterable[LinkedVisit]) -> tuple[LinkGroup, ...]:
    """The links under the words for how the visit stands to them."""
    groups: dict[str, list] = {}
    for link in links:
        groups.setdefault(link.kind, []).append(link)
    return tuple(LinkGroup(kind, tuple(found)) for kind, found in groups.items())


def worded(kind: str, reverse: bool = False) -> str:
    if kind == VisitLinkKind.SAME_MISSION:
        return _("Same mission as")
    return _("Followed by") if reverse else _("Follows")
