"""Forms filled in as a browser would: what the page holds, with some of it typed over."""

from html import unescape

from django.urls import reverse

from tests.factories import make_edition
from tests.forms import Fields
from tests.ingest import tables
from visits.models import Engagement, Evidence, Finding, Focus, ImportedDraft, Person, Topic, User

PASSWORD = "a long enough password"


def sign_in(client, username, password=PASSWORD, **headers):
    return client.post("/accounts/login/?next=/admin/", {"login": username, "password": password}, headers=headers)


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
