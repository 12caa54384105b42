"""Forms filled in as a browser would: what the page holds, with some of it typed over."""

from html import unescape
from html.parser import HTMLParser

from django.urls import reverse

from tests.factories import make_edition
from tests.ingest import tables
from visits.models import Engagement, Evidence, Finding, Focus, ImportedDraft, Person, Topic, User


class Fields(HTMLParser):
    """The values that a browser would post from the page, by name."""

    def __init__(self, html: str):
        super().__init__()
        self.values: dict[str, str | list[str]] = {}
        self.area = self.select = None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        name = attrs.get("name", "")
        if tag == "input" and attrs.get("type") in ("checkbox", "radio"):
            if "checked" in attrs:
                self.values.setdefault(name, [])
                self.values[name].append(attrs.get("value", "on"))
        elif tag == "input" and name and attrs.get("type") != "submit" and "disabled" not in attrs:
            self.values[name] = attrs.get("value", "")
        elif tag == "textarea":
            self.area, self.values[name] = name, ""
        elif tag == "select":
            self.select = name
            self.values[name] = [] if "multiple" in attrs else ""
        elif tag == "option" and self.select is not None and "selected" in attrs:
            if isinstance(self.values[self.select], list):
                self.values[self.select].append(attrs["value"])
            else:
                self.values[self.select] = attrs["value"]

    def handle_data(self, data):
        if self.area is not None:
            self.values[self.area] += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            # A browser drops the line end after the opening tag and posts the others as CRLF.
            self.values[self.area] = self.values[self.area].removeprefix("\n").replace("\n", "\r\n")
            self.area = None
        elif tag == "select":
            self.select = None


def filled(response, **typed) -> dict:
    """What the page would post after typing. A value of None takes a field away."""
    values = Fields(response.content.decode()).values
    values = {name: value for name, value in values.items() if name and "__prefix__" not in name} | typed
    return {name: value for name, value in values.items() if value is not None}


def new_row(values: dict, prefix: str, **typed) -> dict:
    """`values` with one more row in the form set of that prefix."""
    index = int(values[f"{prefix}-TOTAL_FORMS"])
    row = {f"{prefix}-{index}-{name}": value for name, value in typed.items()}
    return values | row | {f"{prefix}-TOTAL_FORMS": str(index + 1)}


def page(edition) -> str:
    return reverse("admin:visits_edition_change", args=[edition.pk])


def step(edition, verb: str) -> str:
    return f"/admin/visits/edition/{edition.pk}/{verb}/"


def text(response) -> str:
    """The words of the page, without the entities that HTML needs."""
    return unescape(response.content.decode())


def make_topic(slug: str) -> Topic:
    return Topic.objects.get_or_create(slug=slug, defaults={"name": slug.title()})[0]


def fill_with(count: int):
    """A `fill` for make_edition: that many rows of what staff enter most."""

    def fill(edition):
        for number in range(count):
            topic = make_topic(f"topic-{number}")
            Focus.objects.create(edition=edition, topic=topic)
            finding = Finding.objects.create(edition=edition, kind="progress", topic=topic, text=f"Finding {number}")
            Engagement.objects.create(edition=edition, kind="side-meeting", description=f"Meeting {number}")
            Person.objects.create(edition=edition, name=f"Person {number}")
            document = edition.documentlinks.first().document
            quote = document.text.split()[0]
            Evidence.objects.create(
                edition=edition, child_uid=finding.uid, field="text", document=document,
                span_start=0, span_end=len(quote), quote=quote,
            )  # fmt: skip

    return fill


def imported_draft(by: User | None = None) -> ImportedDraft:
    """A draft whose title an import has changed; uploaded and taken by the system where nobody is named."""
    edition, by = make_edition(title="As it was"), by or User.objects.system()
    table = tables.table_of(type(edition).objects.filter(pk=edition.pk))
    imported = tables.upload(tables.edited(table, title="As imported"), by)
    tables.take(imported, by)
    return imported.drafts.get()
