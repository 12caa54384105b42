"""What a page says, for programs: schema.org as JSON-LD. Nothing that the page does not show."""

import json
from collections.abc import Iterable

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from visits.catalogue.countries import CountryPage
from visits.catalogue.pages import Dates, Fact, VisitPage
from visits.catalogue.statistics import Count
from visits.catalogue.terms import TermPage
from visits.enums import BodyKind, Modality, TopicRole
from visits.text import dates

# Text must not end the element that it stands in.
ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "<>&"}
ATTENDANCE = {
    frozenset({Modality.ON_SITE}): "https://schema.org/OfflineEventAttendanceMode",
    frozenset({Modality.VIRTUAL}): "https://schema.org/OnlineEventAttendanceMode",
    frozenset({Modality.ON_SITE, Modality.VIRTUAL}): "https://schema.org/MixedEventAttendanceMode",
}
# What the talks were about; what a source merely mentions is not among it.
TALKED_ABOUT = (TopicRole.FOCUS, TopicRole.CROSS_CUTTING)


def script(*nodes: dict) -> SafeString:
    """A block of data, which no browser runs: the policy for scripts needs no exception for it."""
    if not nodes:
        return SafeString()
    data = {"@context": "https://schema.org", "@graph": nodes}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=str).translate(ESCAPED)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308


def node(type_: str, **said) -> dict:
    """A thing of this type, with what is known of it."""
    return {"@type": type_} | {name: value for name, value in said.items() if value}


def address(request, route: str, *args) -> str:
    return request.build_absolute_uri(reverse(route, args=args))


# Pages


def home(request) -> Iterable[dict]:
    search = node(
        "SearchAction",
        target=node("EntryPoint", urlTemplate=address(request, "visits") + "?q={search_term_string}"),
    )
    yield node(
        "WebSite",
        name=_("Register of CTED visits"),
        url=address(request, "home"),
        potentialAction=search | {"query-input": "required name=search_term_string"},
    )


def visits(request, count: Count) -> Iterable[dict]:
    """The register as a set of data, where all of it is listed."""
    if count.visits:
        yield node(
            "Dataset",
            name=_("Register of CTED visits"),
            description=count.span_sentence,
            url=address(request, "visits"),
            temporalCoverage=f"{count.first_year}/{count.last_year}",
        )


def data(request, count: Count) -> Iterable[dict]:
    """The register as a set of data, with where it can be taken."""
    if count.visits:
        yield node(
            "Dataset",
            name=_("Register of CTED visits"),
            description=count.span_sentence,
            url=address(request, "data"),
            temporalCoverage=f"{count.first_year}/{count.last_year}",
            distribution=[
                node("DataDownload", name="CSV", contentUrl=address(request, "visits.csv")),
                node("DataDownload", name="JSON", contentUrl=address(request, "visits.json")),
            ],
        )


def visit(request, page: VisitPage) -> Iterable[dict]:
    here, country = address(request, "visit", page.slug), address(request, "country", page.country.key)
    bodies = {group.key: group.entries for group in page.bodies}
    topics = [topic for group in page.topics if group.key in TALKED_ABOUT for topic in group.entries]
    yield node(
        "Event",
        name=page.title.text,
        description=page.summary,
        url=here,
        **when(page.dates),
        location=node("Country", name=page.country.name, url=country),
        organizer=[organization(request, body, "GovernmentOrganization") for body in bodies.get("lead", ())]
        or node("GovernmentOrganization", name=_("Counter-Terrorism Committee Executive Directorate")),
        contributor=[organization(request, body) for body in bodies.get("member", ())],
        about=[
            *(node("DefinedTerm", name=topic.text, url=address(request, "topic", topic.key)) for topic in topics),
            *(
                node("Legislation", name=row.text or row.detail, url=address(request, "resolution", row.key))
                for row in page.resolutions
            ),
        ],
        subjectOf=[
            node("CreativeWork", name=source.title, url=source.url, datePublished=source.published_on)
            for source in page.sources
            if source.url
        ],
    )
    top = _("Visits"), address(request, "visits")
    yield breadcrumbs(top, (page.country.name, country), (page.title.text, here))


def country(request, page: CountryPage) -> Iterable[dict]:
    here = address(request, "country", page.key)
    yield node("Country", name=page.name, url=here)
    yield breadcrumbs((_("Countries"), address(request, "countries")), (page.name, here))


def topic(request, page: TermPage) -> Iterable[dict]:
    here, topics = address(request, "topic", page.key), (_("Topics"), address(request, "topics"))
    yield node(
        "DefinedTerm",
        name=page.name,
        alternateName=page.aliases,
        description=page.description,
        url=here,
        inDefinedTermSet=node("DefinedTermSet", name=topics[0], url=topics[1]),
    )
    yield breadcrumbs(topics, (page.name, here))


def resolution(request, page: TermPage) -> Iterable[dict]:
    here = address(request, "resolution", page.key)
    yield node(
        "Legislation",
        name=page.name or page.short,
        alternateName=page.aliases,
        legislationIdentifier=page.symbol,
        legislationDate=page.adopted_on,
        url=here,
        sameAs=page.url,
    )
    yield breadcrumbs((_("Resolutions"), address(request, "resolutions")), (page.short, here))


def body(request, page: TermPage) -> Iterable[dict]:
    here = address(request, "body", page.key)
    yield node(
        "ResearchOrganization" if page.kind == BodyKind.RESEARCH else "GovernmentOrganization",
        name=page.name,
        alternateName=[page.short, *page.aliases],
        url=here,
        sameAs=page.url,
    )
    yield breadcrumbs((_("Bodies"), address(request, "bodies")), (page.short, here))


TERMS = {"topic": topic, "resolution": resolution, "body": body}


# Parts of pages


def when(parts: tuple[Dates, ...]) -> dict:
    """Begin and end as far as they are recorded for every part, each part apart where there are several, and how they
    met where no part leaves it open or inferred."""
    starts, ends = [part.start for part in parts], [part.end for part in parts]
    is_stated = not any(part.inferred for part in parts)
    said = {
        "startDate": min(starts, key=dates.first_day) if all(starts) else "",
        "endDate": max(ends, key=dates.last_day) if all(ends) else "",
        "eventAttendanceMode": ATTENDANCE.get(frozenset(part.key for part in parts)) if is_stated else "",
    }
    if len(parts) > 1:
        said["subEvent"] = [node("Event", name=part.period, **when((part,))) for part in parts]
    return said


def organization(request, fact: Fact, type_: str = "Organization") -> dict:
    return node(type_, name=fact.text, alternateName=fact.short, url=address(request, "body", fact.key))


def breadcrumbs(*steps: tuple[str, str]) -> dict:
    """The way from the top of the site to a page, that page included."""
    items = [node("ListItem", position=at, name=name, item=url) for at, (name, url) in enumerate(steps, start=1)]
    return node("BreadcrumbList", itemListElement=items)
