"""Two examples of every row that can hang on an edition, different in each content field."""

import uuid

from tests.factories import make_country
from visits.enums import (
    Direction,
    EngagementKind,
    FindingKind,
    KindOfVisit,
    Modality,
    PartRole,
    PersonRole,
    SiteKind,
    TopicRole,
    VisitLinkKind,
)
from visits.models import (
    CHILDREN,
    Body,
    Child,
    Document,
    DocumentLink,
    Edition,
    Engagement,
    Evidence,
    Finding,
    Focus,
    Kind,
    Participation,
    Person,
    Resolution,
    ResolutionLink,
    Segment,
    Topic,
    Visit,
    VisitLink,
)


def topic(n: int) -> Topic:
    return Topic.objects.get_or_create(slug=f"topic-{n}", defaults={"name": f"Topic {n}"})[0]


def body(n: int) -> Body:
    defaults = {"slug": f"body-{n}", "name": f"Body number {n}", "kind": "un"}
    return Body.objects.get_or_create(acronym=f"BODY-{n}", defaults=defaults)[0]


def resolution(n: int) -> Resolution:
    return Resolution.objects.get_or_create(number=1373 + n, defaults={"year": 2001, "subject": f"Subject {n}"})[0]


def document(n: int) -> Document:
    defaults = {"text": f"Passage {n} of a source.", "disclosure": "full"}
    return Document.objects.get_or_create(title=f"Source {n}", defaults=defaults)[0]


def visit(n: int) -> Visit:
    name, iso3, iso2 = (("Finland", "FIN", "FI"), ("Sweden", "SWE", "SE"))[n]
    return Visit.objects.get_or_create(country=make_country(name, iso3, iso2))[0]


# Each takes 0 or 1, which of the two examples.
EXAMPLES = {
    Segment: lambda n: {
        "modality": (Modality.ON_SITE, Modality.VIRTUAL)[n],
        "modality_inferred": (True, False)[n],
        "start": ("2018-05-29", "2018-06")[n],
        "end": ("2018-06-01", "2018-07")[n],
        "places": ("Copenhagen", "Aarhus")[n],
    },
    Kind: lambda n: {"kind": (KindOfVisit.FOLLOW_UP, KindOfVisit.REGIONAL)[n], "ordinal": (2, 3)[n]},
    Focus: lambda n: {"topic": topic(n), "role": (TopicRole.CROSS_CUTTING, TopicRole.MENTIONED)[n]},
    ResolutionLink: lambda n: {"resolution": resolution(n)},
    Participation: lambda n: {
        "body": body(n),
        "role": (PartRole.LEAD, PartRole.MEMBER)[n],
        "named_as": ("the first body", "the second body")[n],
    },
    Person: lambda n: {
        "name": ("Jens Haarløv", "Ahmed Seif El-Dawla")[n],
        "title": ("Chief Consultant", "Chief of Section")[n],
        "department": ("Stabilization and Security", "Assessment")[n],
        "organisation": ("Ministry of Foreign Affairs", "CTED")[n],
        "role": (PersonRole.HOST, PersonRole.HEAD)[n],
    },
    Engagement: lambda n: {
        "kind": (EngagementKind.SITE, EngagementKind.SIDE)[n],
        "site_kind": (SiteKind.CUSTOMS, SiteKind.AIRPORT)[n],
        "description": ("Customs measures in practice", "A talk at the airport")[n],
        "counterpart": ("Customs officers", "Researchers")[n],
        "body": body(n),
        "place": ("Copenhagen", "Billund")[n],
    },
    Finding: lambda n: {
        "kind": (FindingKind.ASSISTANCE, FindingKind.PROGRESS)[n],
        "direction": (Direction.OFFERED, Direction.DISCUSSED)[n],
        "topic": topic(n),
        "speaker": ("the host", "the head")[n],
        "text": ("Training was offered.", "Progress was made.")[n],
    },
    VisitLink: lambda n: {"kind": (VisitLinkKind.FOLLOWS, VisitLinkKind.SAME_MISSION)[n], "target": visit(n)},
    DocumentLink: lambda n: {"document": document(n)},
    Evidence: lambda n: {
        "child_uid": uuid.UUID(int=n),
        "field": ("title", "summary")[n],
        "document": document(n),
        "span_start": (0, 8)[n],
        "span_end": (7, 9)[n],
        "quote": ("Passage", "1")[n],
    },
}


def edition_example(n: int) -> dict:
    return {
        "title": ("A visit", "Another visit")[n],
        "summary": ("What it was about.", "What it was really about.")[n],
        "text": ("<p>A long account.</p>", "<p>A longer account.</p>")[n],
        "aim": ("To see.", "To hear.")[n],
        "mandate": ("On behalf of the Committee", "On behalf of the Council")[n],
    }


def make_child(model: type[Child], edition: Edition, n: int = 0, **fields) -> Child:
    return model.objects.create(edition=edition, **(EXAMPLES[model](n) | fields))


def fill_every_part(edition: Edition) -> None:
    """Give the edition one row of every kind, and every content field of its own."""
    for name, value in edition_example(0).items():
        setattr(edition, name, value)
    edition.save()
    for position, model in enumerate(CHILDREN, start=1):
        make_child(model, edition, position=position)
