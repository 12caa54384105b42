"""How public visits stand to each other: what one follows, what followed it, what was the same mission."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import FilteredRelation, OuterRef, Q, Subquery, Value
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from visits.enums import State, VisitLinkKind
from visits.models import SOURCE_LANGUAGE, Edition, Translation, VisitLink

from .wording import Text


@dataclass(frozen=True)
class LinkedVisit:
    """A public visit that the edition `of` is linked with; `kind` says how that edition's visit stands to it, `key`
    the same for programs."""

    of: int
    kind: str
    key: str
    slug: str
    title: Text


@dataclass(frozen=True)
class LinkGroup:
    kind: str
    visits: tuple[LinkedVisit, ...]


def linked_visits(editions: Iterable[Edition]) -> list[LinkedVisit]:
    """The links of these editions and those of published editions to their visits, in one query."""
    visits = {edition.visit_id: edition.pk for edition in editions}
    links = VisitLink.objects.filter(
        Q(edition__in=visits.values()) | Q(target__in=visits.keys(), edition__state=State.PUBLISHED)
    ).annotate(
        current=FilteredRelation("target__editions", condition=Q(target__editions__state=State.PUBLISHED)),
        target_translated=title_in(get_language(), "target"),
        source_translated=title_in(get_language(), "edition__visit"),
    )
    of_target = ("target__slug", "current__title", "target_translated")
    of_source = ("edition__visit__slug", "edition__title", "source_translated")
    # Two visits of one mission point at each other: that is one fact.
    found = {}
    own, ends = set(visits.values()), ("kind", "edition", "edition__state", "target")
    for kind, source, state, target, *others in links.values_list(*ends, *of_target, *of_source):
        of = {False: source if source in own else None, True: visits.get(target) if state == State.PUBLISHED else None}
        for reverse, edition in of.items():
            slug, title, translated = others[3:] if reverse else others[:3]
            if edition and title is not None:
                text = Text(translated, get_language()) if translated else Text(title)
                link = LinkedVisit(edition, worded(kind, reverse), key_of(kind, reverse), slug, text)
                found.setdefault((link.of, link.kind, link.slug), link)
    return list(found.values())


def title_in(language: str, visit: str) -> Subquery | Value:
    """The reviewed translation of the title of a visit that a link names."""
    if language == SOURCE_LANGUAGE:
        return Value("")
    said = Translation.objects.reviewed().filter(
        visit=OuterRef(visit), child_uid=OuterRef(f"{visit}__uid"), field="title", language=language
    )
    return Subquery(said.values("text")[:1])


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


def key_of(kind: str, reverse: bool = False) -> str:
    return "followed-by" if reverse and kind == VisitLinkKind.FOLLOWS else kind
