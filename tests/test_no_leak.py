"""Text that is not published appears on no public surface; published, the same crawler finds it."""

import itertools
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.db import models

from tests.crawler import Browser, addresses
from tests.factories import make_country, make_document, make_edition, make_next_edition, make_user, translate
from tests.packages import contents
from tests.searching import found
from visits.editorial import actions, redaction, reports, translating
from visits.enums import Disclosure, ReportStep, Role, State, TranslationState
from visits.models import (
    CHILDREN,
    Body,
    Country,
    Document,
    DocumentLink,
    Edition,
    Engagement,
    ErrorReport,
    Evidence,
    Finding,
    Person,
    Resolution,
    Segment,
    Topic,
    User,
    Visit,
    VisitLink,
)
from visits.models.content import texts_of
from visits.opendata import bundle
from visits.opendata.api.shapes import EXPANDED

# Columns that can carry a marker, and where their reader would be: not codes, digests, choices or dates.
TEXT_FIELDS = (models.CharField, models.TextField)
NEVER_SHOWN = {"sha256", "language", "symbol"}


def marker(*parts) -> str:
    return "leak" + "".join(str(part).replace("_", "").replace("-", "") for part in parts) + "end"


def text_columns(model):
    """The free-text content columns of a model."""
    names = getattr(model, "CONTENT_FIELDS", None) or [field.name for field in model._meta.concrete_fields]
    for name in names:
        field = model._meta.get_field(name)
        is_code = field.choices or isinstance(field, models.SlugField) or name in NEVER_SHOWN
        if isinstance(field, TEXT_FIELDS) and not is_code and name not in ("start", "end"):
            yield field


def marked_values(model, secret: str) -> dict:
    """A marker for every free-text column of the model."""
    values = {}
    for field in text_columns(model):
        text = marker(secret, model.__name__, field.name)
        values[field.name] = f"https://example.org/{text}" if isinstance(field, models.URLField) else text
    return values


class Vocabulary:
    """Terms to point to; they are public by nature and carry no marker."""

    def __init__(self):
        self.topic = Topic.objects.create(slug="border-management", name="Border management")
        self.body = Body.objects.create(acronym="WCO", slug="wco", name="World Customs Organization", kind="regional")
        self.resolution = Resolution.objects.create(number=1373, year=2001, subject="Counter-terrorism")

    def of(self, field, edition):
        return {
            Topic: self.topic,
            Body: self.body,
            Resolution: self.resolution,
            Visit: edition.visit,
            Document: None,
        }[field.related_model]


def fill_with_markers(secret: str, vocabulary: Vocabulary):
    """A filler for the factory: one child of every kind with a marker in each of its free-text columns."""

    def fill(edition):
        document = make_document(**marked_values(Document, secret) | {"disclosure": Disclosure.FULL})
        for model in CHILDREN:
            if model in (Evidence, VisitLink):
                continue
            values = marked_values(model, secret)
            for name in model.CONTENT_FIELDS:
                field = model._meta.get_field(name)
                if field.is_relation:
                    values[name] = vocabulary.of(field, edition) or document
                elif field.choices and not field.blank:
                    values[name] = field.choices[-1][0]
                elif name in ("start", "end"):
                    values[name] = "2018-06-01"
            model.objects.create(edition=edition, **values)
        Evidence.objects.create(
            edition=edition,
            child_uid=edition.visit.uid,
            field="title",
            document=document,
            span_start=0,
            span_end=len(document.text),
            quote=document.text,
        )

    return fill


def marked_edition(secret: str, state: State, vocabulary: Vocabulary, country: Country) -> Edition:
    values = marked_values(Edition, secret)
    return make_edition(
        state,
        country=country,
        kinds=(),
        change_note=marker(secret, "changenote"),
        fill=fill_with_markers(secret, vocabulary),
        **values,
    )


def crawl(slugs: list[str]) -> dict[str, str]:
    """What an anonymous visitor is told at every address of the URL configuration, in every language, and by the data
    package as it would be built now."""
    package = bundle.build(settings.BUNDLE_DIR)
    visits = [{"slug": slug, "number": number} for slug in slugs for number in (1, 2, 3)]
    everything = addresses(
        examples={
            **{f"{page}{ending}": visits for page in ("visit", "edition") for ending in ("", ".json", ".md")},
            "editions": visits,
            "changes": visits,
            **{f"{cited}.{ending}": visits for cited in ("visit", "edition") for ending in ("ris", "bib", "csl.json")},
            "visit.ics": visits,
            "country": [{"key": "dnk"}, {"key": "nor"}],
            "topic": [{"key": "border-management"}, {"key": "nothing"}],
            "resolution": [{"key": "1373"}, {"key": "1"}],
            "body": [{"key": "wco"}, {"key": "nobody"}],
            "bundle": [{"name": file.name} for file in package.files],
            "finding": [{"uid": uid} for uid in Finding.objects.values_list("uid", flat=True)],
            "api-visit": visits,
            "api-edition": visits,
            "api-country": [{"key": "dnk"}, {"key": "nor"}],
            "api-topic": [{"key": "border-management"}, {"key": "nothing"}],
            "api-resolution": [{"key": "1373"}, {"key": "1"}],
            "api-body": [{"key": "wco"}, {"key": "nobody"}],
            "api-finding": [{"uid": uid} for uid in Finding.objects.values_list("uid", flat=True)],
        },
        by_parameter={
            "object_id": Edition.objects.values_list("pk", flat=True)[:2],
            "pk": Edition.objects.values_list("pk", flat=True)[:2],
            "content_type_id": ["1"],
            "app_label": ["visits"],
            "url": ["nothing"],
            "id": [User.objects.first().pk],
            "share": [0, 1],
            "verb": ["publish"],
            "language": ["fr"],
            "format": ["csv", "xlsx"],
        },
    )
    lists = [
        f"/{route}?{query}"
        for route in (
            *("visits/", "findings/", "visits.json", "findings.csv", "visits.atom", "visits.ics", "visits.bib"),
        )
        for query in (
            "topic=border-management",
            "country=dnk&country=nor",
            "body=wco",
            "resolution=1373",
            "year=2018",
            "from=2018-01-01&to=2018-12-31",
            "as_of=2018-01-01",
            "sort=country&page_size=100",
            "topic=unknown",
        )
    ]
    lists += [
        f"/api/v1/{query}"
        for query in (
            f"visits/?expand={','.join(EXPANDED)}",
            f"visits/?as_of={datetime.now(UTC).date()}&expand=findings,links,documents&lang=fr",
            "visits/?topic=border-management&fields=slug,title",
            "findings/?country=dnk&country=nor",
            *(f"editions/?visit={slug}" for slug in slugs),
            "facets/?year=2018&topic=unknown",
            "facets/?year=2018",
            "changes/?page_size=1000",
            "changes/?since=2018-01-01",
        )
    ]
    browser = Browser()
    # Twice: once as made, once as kept.
    told = {
        f"{address} ({turn})": browser.get(address).everything
        for turn, address in itertools.product(("made", "kept"), [*everything, *lists])
    }
    return told | contents(settings.BUNDLE_DIR)


def leaks(told: dict[str, str], markers) -> list[tuple[str, str]]:
    return [(address, text) for address, page in told.items() for text in markers if text in page]


def markers_of(secret: str) -> set[str]:
    """Every marker of an edition and of what hangs on it."""
    models_marked = [Edition, Document, *(model for model in CHILDREN if model not in (Evidence, VisitLink))]
    return {marker(secret, model.__name__, field.name) for model in models_marked for field in text_columns(model)} | {
        marker(secret, "changenote")
    }


@pytest.fixture
def vocabulary(db):
    return Vocabulary()


UNPUBLISHED = (State.DRAFT, State.IN_REVIEW, State.SCHEDULED, State.WITHDRAWN, State.DISCARDED)


def test_no_text_of_an_unpublished_edition_is_on_any_public_surface(vocabulary):
    denmark, norway = make_country(), make_country("Norway", "NOR", "NO")
    for state in UNPUBLISHED:
        marked_edition(state.name, state, vocabulary, norway)
    in_work = make_next_edition(make_edition(State.PUBLISHED, country=denmark), State.DRAFT, title=marker("inwork"))

    told = crawl(["denmark-2018", "norway-2018", "norway-2018-2"])

    secrets = set().union(*(markers_of(state.name) for state in UNPUBLISHED)) | {marker("inwork")}
    assert leaks(told, secrets) == []
    assert "norway-2018" not in told["/visits/ (made)"]
    assert in_work.visit.slug in told["/visits/ (made)"]


def test_the_same_crawler_finds_every_marker_once_it_is_published(vocabulary):
    edition = marked_edition("shown", State.PUBLISHED, vocabulary, make_country())
    make_next_edition(edition, change_note=marker("shown", "changenote"), title=marker("shown", "Edition", "title"))

    told = crawl([edition.visit.slug])

    found = {text for _address, text in leaks(told, markers_of("shown"))}
    assert found == markers_of("shown")
    # The data package has all of it too, in every way that it is written.
    packaged = contents(settings.BUNDLE_DIR)
    for name in (bundle.DATABASE, bundle.RECORDS_FILE, f"{bundle.PACKED}: {bundle.NAME}/{bundle.RECORDS_FILE}"):
        assert {text for _name, text in leaks({name: packaged[name]}, markers_of("shown"))} == found


def test_what_a_withdrawal_takes_away_is_gone_from_pages_that_were_already_kept(vocabulary):
    edition = marked_edition("gone", State.PUBLISHED, vocabulary, make_country())
    browser = Browser()
    assert marker("gone", "Edition", "title") in browser.get("/visits/denmark-2018/").body

    actions.withdraw(edition, by=User.objects.system(), note="Entered by mistake.")

    after = browser.get("/visits/denmark-2018/")
    assert after.status == 410
    assert leaks({"page": after.everything, "list": browser.get("/visits/").everything}, markers_of("gone")) == []


def test_a_withheld_edition_is_nowhere_and_was_found_before(vocabulary):
    edition = marked_edition("kept", State.PUBLISHED, vocabulary, make_country())

    def empty(fresh):
        for model in CHILDREN:
            model.objects.filter(edition=fresh).delete()
        Segment.objects.create(edition=fresh, start="2018")
        DocumentLink.objects.create(edition=fresh, document=make_document())

    others = dict.fromkeys((*Edition.CONTENT_FIELDS, "change_note"), "Plain.")
    make_next_edition(edition, fill=empty, **others)
    # Its note stands beside the comparison with an edition before it, and it has none.
    expected = markers_of("kept") - {marker("kept", "changenote")}
    told = crawl(["denmark-2018"])
    assert {text for _address, text in leaks(told, markers_of("kept"))} >= expected

    edition.refresh_from_db()
    actions.withhold(edition, by=User.objects.system(), note="It tells of a minor.")

    told = crawl(["denmark-2018"])
    assert leaks(told, markers_of("kept")) == []
    assert "It tells of a minor." in told["/visits/denmark-2018/editions/1/ (made)"]
    assert "It tells of a minor." in told["/visits/denmark-2018/editions/ (kept)"]


def test_what_was_redacted_is_nowhere_and_was_found_before(vocabulary):
    edition = marked_edition("redacted", State.PUBLISHED, vocabulary, make_country())
    translate(edition, "fr")
    make_next_edition(edition, title=marker("redacted", "Edition", "title") + " again")
    make_next_edition(Edition.objects.published().get(), State.DRAFT)
    make_edition(State.WITHDRAWN, country=make_country("Norway", "NOR", "NO"), title="leakredacted")
    secret, slugs = "leakredacted", ["denmark-2018", "norway-2018"]
    assert {text for _address, text in leaks(crawl(slugs), markers_of("redacted"))} == markers_of("redacted")
    # Beginnings of words are not found, so whole ones are searched for.
    whole = marker("redacted", "Edition", "title")
    assert found(whole) == ["denmark-2018"]

    asked = redaction.propose(secret, "The person asked for it.", by=make_user(Role.EDITOR))
    scope = redaction.scope_of(redaction.Search(secret).places())
    redaction.approve(asked, by=make_user(Role.EDITOR), scope=scope, version=asked.version)

    told = crawl(slugs)
    assert leaks(told, [secret, *markers_of("redacted")]) == []
    assert found(whole) == []
    assert "The person asked for it." in told["/visits/denmark-2018/ (made)"]
    assert "The person asked for it." in told["/visits/denmark-2018/editions/1/ (kept)"]


def test_internal_notes_events_and_names_of_staff_are_nowhere(vocabulary):
    author = make_user(Role.AUTHOR, username=marker("username"), first_name=marker("firstname"))
    edition = make_edition(State.IN_REVIEW, by=author)
    with actions.saving_record(edition.visit, by=author):
        edition.visit.internal_notes = marker("notes")
        edition.visit.save()
    edition = actions.send_back(edition, by=User.objects.system(), note=marker("sentback"))
    edition = actions.submit(edition, by=author, note=marker("submitted"))
    actions.publish(edition, by=User.objects.system(), note=marker("published"))
    secrets = {marker(name) for name in ("username", "firstname", "notes", "sentback", "submitted", "published")}

    assert leaks(crawl(["denmark-2018"]), secrets) == []

    make_next_edition(Edition.objects.published().get(), summary=" ".join(sorted(secrets)))
    assert {text for _address, text in leaks(crawl(["denmark-2018"]), secrets)} == secrets


def test_a_translation_is_nowhere_until_it_is_reviewed(vocabulary):
    edition = marked_edition("original", State.PUBLISHED, vocabulary, make_country())

    def marked(*parts):
        return {(row, name): marker(*parts, type(row).__name__, name) for row, _uid, name in texts_of(edition)}

    public, draft, in_review = marked("public", "fr"), marked("draft", "fr"), marked("review", "ar")
    assert {type(row) for row, _name in public} == {Edition, Segment, Person, Engagement, Finding}
    # Beside what is public in one language something is in work, and in another one alone.
    translate(edition, "fr", TranslationState.REVIEWED, texts=public)
    translate(edition, "fr", TranslationState.DRAFT, texts=draft)
    translate(edition, "ar", TranslationState.IN_REVIEW, texts=in_review)
    hidden, shown = {*draft.values(), *in_review.values()}, set(public.values())

    assert {text for _address, text in leaks(crawl([edition.visit.slug]), hidden | shown)} == shown
    assert {text for text in hidden | shown if found(text)} == shown

    translating.submit(edition.visit, "fr", by=User.objects.system())
    for language in ("fr", "ar"):
        translating.review(edition.visit, language, by=User.objects.system())

    assert {text for _address, text in leaks(crawl([edition.visit.slug]), hidden | shown)} == hidden
    assert {text for text in hidden | shown if found(text)} == hidden


def test_what_readers_report_is_nowhere(vocabulary):
    make_next_edition(make_edition(State.PUBLISHED))
    said = {name: marker("report", name) for name in ("about", "text", "source", "email")}
    reports.receive("a token", **said, language="en")
    report = ErrorReport.objects.get()
    reports.take(ReportStep.ANSWER, report, by=make_user(Role.EDITOR), note=marker("report", "note"))

    assert leaks(crawl(["denmark-2018"]), {*said.values(), marker("report", "note")}) == []


@pytest.mark.parametrize(
    ("disclosure", "shown"),
    [
        (Disclosure.NONE, set()),
        (Disclosure.PARTIAL, {"title", "quote"}),
        (Disclosure.FULL, {"title", "quote", "context"}),
    ],
)
def test_of_a_document_only_what_is_disclosed_is_shown(vocabulary, disclosure, shown):
    texts = {name: marker(name, disclosure) for name in ("title", "quote", "context")}
    quote, context = texts["quote"], texts["context"]
    document = make_document(title=texts["title"], text=f"{quote} {context}", disclosure=disclosure)

    def quote_it(edition):
        DocumentLink.objects.create(edition=edition, document=document)
        Evidence.objects.create(
            edition=edition,
            child_uid=edition.visit.uid,
            field="title",
            document=document,
            span_start=0,
            span_end=len(quote),
            quote=quote,
        )

    make_next_edition(make_edition(State.PUBLISHED), fill=quote_it)

    told = crawl(["denmark-2018"])
    assert {name for name, text in texts.items() if leaks(told, [text])} == shown
