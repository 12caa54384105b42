"""Text that is not published appears on no public surface; published, the same crawler finds it."""

import logging
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.conf import settings as of_site
from django.contrib.admin.models import CHANGE, LogEntry
from django.core import mail
from django.db import DatabaseError, connection

from tests.conftest import forget
from tests.crawler import Answer, Browser, routes
from tests.factories import (
    make_country,
    make_document,
    make_edition,
    make_next_edition,
    make_user,
    translate,
)
from tests.marked import Marks, Vocabulary, make_marked_document, marked_fields, quote_whole
from tests.searching import found
from tests.surfaces import OTHER_LANGUAGES, PACKAGE, Crawl, Surface, surfaces
from visits.editorial import actions, redaction, reports
from visits.enums import Disclosure, ReportStep, Role, State, TranslationState, VisitLinkKind
from visits.models import (
    CHILDREN,
    DocumentLink,
    Edition,
    Email,
    ErrorReport,
    Import,
    ImportedDraft,
    Segment,
    User,
    VisitLink,
)
from visits.models.content import texts_of
from visits.opendata import bundle
from visits.ops.mail import send_due
from visits.reporting.forms import new_token

pytestmark = pytest.mark.django_db

# Surfaces that tell nothing of what the register says, and what they tell instead. All others are to show some text.
NOTHING_OF_RECORDS = {
    "healthz": "that the process is alive",
    "readyz": "whether readers can be answered",
    "robots": "where robots may go",
    "security": "where weaknesses are reported",
    "api": "the addresses of the resources",
    "api-schema": "what programs can ask",
    "api-docs": "what programs can ask",
    "sitemap": "addresses of sitemaps",
    "sitemap-pages": "addresses of pages",
    "sitemap-visits": "addresses of visits, which are made of country and year",
    "catalog": "which files there are",
    "finding": "the address that it leads to",
    "data": "numbers, and which files there are",
    "about": "what this site is, and numbers",
    "accessibility": "how the site was judged",
    "opensearch": "where is searched",
    "report": "a form, with what was typed into it",
    "refused": "that there is nothing",
}
# Hidden as long as it is in one of these.
UNPUBLISHED = (State.DRAFT, State.IN_REVIEW, State.SCHEDULED, State.DISCARDED)
# Of these surfaces, what is of one answer alone: the form has a token, the package was built anew in between, and the
# moment at which a workbook was made packs to another length.
OF_ONE_ANSWER = {
    "healthz": {"Expires"},
    "readyz": {"Expires"},
    "report": {"Expires", "content"},
    "visits.xlsx": {"Content-Length"},
    "findings.xlsx": {"Content-Length"},
    "bundle": {"Last-Modified"},
    "catalog": {"ETag"},
    "data": {"ETag"},
    "use-visits": {"ETag"},
    "use-findings": {"ETag"},
}


@pytest.fixture(autouse=True)
def with_mail_server(settings):
    settings.EMAIL_URL, settings.PUBLIC_URL = "smtp://127.0.0.1", "https://visits.example.org"


@pytest.fixture(autouse=True)
def quiet():
    """Of what is refused everything is told in the log."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def marks():
    return Marks()


@pytest.fixture
def vocabulary(marks):
    return Vocabulary(marks)


def publish_marked(marks, way, vocabulary, *place) -> Edition:
    """A visit to that country, whose second edition is marked in every column, the note to it included."""
    country = make_country(*place) if place else vocabulary.country
    return make_next_edition(make_edition(State.PUBLISHED, country=country), **marked_fields(marks, way, vocabulary))


def translate_marked(marks, way, edition, language, state=TranslationState.REVIEWED):
    texts = {
        (row, name): marks.text(way, f"{language} {type(row).__name__} {name}") for row, _uid, name in texts_of(edition)
    }
    translate(edition, language, state, texts=texts)


def hide(marks, vocabulary, shown: Edition, plain: Edition) -> None:
    """Everything that people write and the public does not read, in each of its ways and of every column."""
    author, editor = make_user(Role.AUTHOR), make_user(Role.EDITOR)
    for number, state in enumerate(UNPUBLISHED):
        make_edition(
            state,
            country=make_country("Norway", "NOR", "NO"),
            start=f"{2001 + number}",
            end="",
            by=author,
            **marked_fields(marks, f"state{state}", vocabulary),
        )
    draft = make_next_edition(plain, State.DRAFT, **marked_fields(marks, "inwork", vocabulary))
    actions.submit(draft, by=author, note=marks.text("step", "submitted"))
    actions.send_back(draft, by=editor, note=marks.text("step", "sent back"))
    with actions.saving_record(draft.visit, by=author):
        draft.visit.internal_notes = marks.text("notes", "internal notes")
        draft.visit.save()
    translate_marked(marks, "translationdraft", shown, "fr", TranslationState.DRAFT)
    translate_marked(marks, "translationreview", shown, "ar", TranslationState.IN_REVIEW)
    make_marked_document(marks, "document")
    make_marked_document(marks, "undisclosed", Disclosure.NONE)
    said = {name: marks.text("report", name) for name in ("text", "source")}
    said |= {name: marks.word("report", name) for name in ("about", "email")}
    reports.receive("a token", **said, language="en")
    reports.take(ReportStep.ANSWER, ErrorReport.objects.get(), by=editor, note=marks.text("report", "note"))
    # It is proposed, so that staff read it; nothing is taken out.
    redaction.propose(marks.word("notes", "internal notes"), marks.text("redaction", "reason"), by=editor)
    Email.objects.create(to="a@example.org", subject=marks.word("mail", "subject"), body=marks.text("mail", "body"))
    table = Import.objects.create(
        actor=author, actor_name=marks.word("import", "actor"), name=marks.word("import", "name"), sha256="0" * 64,
        table=[[marks.text("import", "table")]],
    )  # fmt: skip
    ImportedDraft.objects.create(
        source=table, edition=draft, verb="start", version=1, changes=[marks.text("import", "row")]
    )
    LogEntry.objects.create(
        user=editor,
        action_flag=CHANGE,
        object_repr=marks.word("log", "object"),
        change_message=marks.text("log", "said"),
    )


def make_staff(marks) -> tuple[User, User]:
    names = {"username": marks.word("staff", "username"), "first_name": marks.word("staff", "first name")}
    author = make_user(Role.AUTHOR, **names, email=f"{marks.word('staff', 'address')}@example.org")
    return author, make_user(Role.EDITOR, username=marks.word("staff", "editor"))


def test_what_is_hidden_is_nowhere_and_changes_no_byte_of_what_the_public_gets(marks, vocabulary, figures):
    """Not a number beside a filter, not a length, not an ETag: the register answers as if it were not there."""
    author, editor = make_staff(marks)
    shown = make_edition(
        State.IN_REVIEW, country=vocabulary.country, by=author, **marked_fields(marks, "public", vocabulary)
    )
    shown = actions.send_back(shown, by=editor, note=marks.text("step", "first sent back"))
    shown = actions.submit(shown, by=author, note=marks.text("step", "first submitted"))
    shown = actions.publish(shown, by=editor, note=marks.text("step", "published"))
    translate(shown, "fr")
    partial = make_document(
        title="A release", text=f"Said. {marks.text('context', 'document')}", disclosure=Disclosure.PARTIAL
    )
    plain = make_edition(
        State.PUBLISHED,
        country=make_country("Chile", "CHL", "CL"),
        document=partial,
        fill=lambda edition: quote_whole(edition, partial, length=len("Said.")),
    )
    make_country("Norway", "NOR", "NO")
    before = Crawl(set(marks.texts)).of(surfaces())

    hide(marks, vocabulary, shown, plain)
    forget()
    ways = sorted({way for way, _where in marks.texts.values()} - {"public", "term"})
    after = Crawl(set(marks.texts)).of(surfaces(near=[f"leak{way}" for way in ways]))

    hidden = marks.of(*ways)
    figures(after.figures(hidden))
    leaks = [*before.where(hidden), *after.where(hidden)]
    assert not leaks, "\n".join(leaks)
    assert {text for text in hidden if found(text)} == set()
    assert marks.of("term") <= before.seen == after.seen
    sent = send(after.browser, "/report/", text="It is wrong.", email="reader@example.org", token=new_token())
    assert (sent.status, after.search(sent) & hidden) == (200, set())
    differing = sorted(each for each in before.differing(after) if each[2] not in OF_ONE_ANSWER.get(each[0], ()))
    assert not differing, "\n".join(map(str, differing))


def test_what_is_taken_back_is_nowhere_although_it_was_everywhere(marks, vocabulary, figures):
    """The positive control: each text is found first, and on every surface of every language some."""
    taken = take_from(marks, vocabulary)
    crawl = Crawl(set(marks.texts)).of(surfaces())

    figures(f"published: {crawl.figures(set(marks.texts))}")
    assert {marks.texts[text] for text in set(marks.texts) - crawl.seen} == set(), "Nobody would notice a leak of it."
    silent = {place for place, texts in crawl.matrix().items() if not texts and place[0] not in NOTHING_OF_RECORDS}
    assert silent == set(), "The crawler looks at these, and sees nothing of the register there."
    assert {place for place, texts in crawl.matrix().items() if texts and place[0] in NOTHING_OF_RECORDS} == set()

    for way, take in taken.items():
        of_each_kind = {surface.name: surface for surface, held in crawl.held.items() if held & marks.of(way)}.values()
        # Taken back are the pages and the package of this moment.
        bundle.build(of_site.BUNDLE_DIR)
        before = Crawl(marks.of(way), browser=crawl.browser).of(of_each_kind)
        # Of a package that is built again, the list of changes is a new one.
        assert {surface.name for surface, held in before.held.items() if not held} <= {"bundle"}
        take()
        after = Crawl(marks.of(way), browser=crawl.browser).of(of_each_kind)
        leaks = after.where(marks.of(way))
        assert not leaks, "\n".join(leaks)
        stale = [str(surface) for surface in of_each_kind if is_unchanged(after, before, surface)]
        assert stale == [], "Whoever has these is told that they are still good."
    hidden = set(marks.texts) - marks.of("term", "public", "narrowedquote") | {"leakredacted"}
    # Of the same site, whole: whatever it kept in memory is still there, and the data package is the one from before.
    later = Crawl(set(marks.texts) | {"leakredacted"}, browser=crawl.browser).of(crawl.answers)
    figures(f"taken back: {later.figures(hidden)}")
    leaks = later.where(hidden)
    assert not leaks, "\n".join(leaks)
    # And the package as it is built again, and what is like something that is gone.
    near = surfaces(near=["leakwithdrawn", "leakundisclosed"])
    later.of(surface for surface in near if surface not in later.answers or PACKAGE in surface.address)
    assert later.where(hidden) == []
    assert {answer.status for answer in later.answers.values()} >= {200, 204, 301, 302, 400, 403, 404, 405, 410}
    assert later.seen == set(marks.texts) - hidden
    assert {text for text in hidden if found(text)} == set()
    told = {surface.address: answer for surface, answer in later.answers.items() if surface.method == "GET"}
    assert "It tells of a minor." in told["/visits/estonia-2018/editions/2/"].body
    assert "It tells of a minor." in told["/visits/estonia-2018/editions/"].body
    assert "The person asked for it." in told["/visits/finland-2018/editions/2/"].body
    assert told["/visits/norway-2018/"].status == 410
    assert told["/visits/iceland-2018/"].headers["Location"] == "/visits/denmark-2018/"


def take_from(marks, vocabulary) -> dict:
    """A register that is public in every column, and what takes it back, by the way in which it does."""
    system = User.objects.system()
    public = publish_marked(marks, "public", vocabulary)
    withdrawn = publish_marked(marks, "withdrawn", vocabulary, "Norway", "NOR", "NO")
    for language in OTHER_LANGUAGES:
        translate_marked(marks, "withdrawn", withdrawn, language)
    consolidated = publish_marked(marks, "consolidated", vocabulary, "Iceland", "ISL", "IS")
    withheld = publish_marked(marks, "withheld", vocabulary, "Estonia", "EST", "EE")
    plain = dict.fromkeys((*Edition.CONTENT_FIELDS, "change_note"), "Plain.")
    make_next_edition(withheld, fill=empty, **plain)
    withheld.refresh_from_db()
    redacted = publish_marked(marks, "redacted", vocabulary, "Finland", "FIN", "FI")
    translate_marked(marks, "redacted", redacted, "fr")
    make_next_edition(redacted, State.DRAFT)
    undisclosed, narrowed = (
        make_marked_document(marks, "undisclosed"),
        make_document(
            title=marks.text("narrowedquote", "title"),
            text=f"{marks.text('narrowedquote', 'quote')} {marks.text('narrowed', 'context')}",
        ),
    )
    quote = narrowed.text[: narrowed.text.index(marks.text("narrowed", "context"))].strip()

    def rest_on_both(edition):
        DocumentLink.objects.create(edition=edition, document=undisclosed, position=9)
        quote_whole(edition, undisclosed)
        quote_whole(edition, narrowed, len(quote))
        VisitLink.objects.create(edition=edition, kind=VisitLinkKind.FOLLOWS, target=withdrawn.visit)

    make_edition(State.PUBLISHED, country=make_country("Sweden", "SWE", "SE"), document=narrowed, fill=rest_on_both)

    def disclose(document, disclosure):
        with actions.saving_record(document, by=system):
            document.disclosure = disclosure
            document.save()

    def redact():
        asked = redaction.propose("leakredacted", "The person asked for it.", by=make_user(Role.EDITOR))
        scope = redaction.scope_of(redaction.Search(asked.text).places())
        redaction.approve(asked, by=make_user(Role.EDITOR), scope=scope, version=asked.version)

    return {
        "withdrawn": lambda: actions.withdraw(withdrawn, by=system, note="Entered by mistake."),
        "consolidated": lambda: actions.withdraw(
            consolidated, by=system, note="It was one visit.", consolidated_into=public.visit
        ),
        "withheld": lambda: actions.withhold(withheld, by=system, note="It tells of a minor."),
        "redacted": redact,
        "undisclosed": lambda: disclose(undisclosed, Disclosure.NONE),
        "narrowed": lambda: disclose(narrowed, Disclosure.PARTIAL),
    }


def empty(fresh):
    for model in CHILDREN:
        model.objects.filter(edition=fresh).delete()
    Segment.objects.create(edition=fresh, start="2018")
    DocumentLink.objects.create(edition=fresh, document=make_document())


def is_unchanged(crawl: Crawl, before: Crawl, surface: Surface) -> bool:
    """Whether somebody who kept the answer from before is told that nothing changed since."""
    etag = before.answers[surface].headers.get("ETag")
    return bool(etag) and crawl.ask(surface, HTTP_IF_NONE_MATCH=etag).status == 304


def test_what_goes_wrong_inside_is_on_no_page_of_an_error(marks, vocabulary, figures, settings):
    publish_marked(marks, "public", vocabulary)
    every = [surface for surface in surfaces() if surface.is_public and surface.name != "bundle"]

    def refuse(execute, sql, params, many, context):
        raise DatabaseError(f"{marks.text('error', 'text')} in {sql} {params}")

    crawl = Crawl(set(marks.texts) | {"visitsgeneration"}, browser=Browser(generation=lambda: 1))
    with connection.execute_wrapper(refuse):
        crawl.of(every)

    errors = [surface for surface, answer in crawl.answers.items() if answer.status == 500]
    figures(f"with a broken database: {crawl.figures(crawl.texts)}, {len(errors)} of them errors")
    assert {surface.name for surface in errors} >= {"visits", "visit", "visits.json", "api-visits", "visits.atom"}
    settings.API_RATE = 1
    limited = Crawl(crawl.texts).of(surface for surface in every if surface.name == "api-visit")
    refused = [surface for surface, answer in limited.answers.items() if answer.status == 429]
    assert refused
    assert {text for surface in refused for text in limited.held[surface]} == set()


def test_e_mail_goes_to_active_staff_alone(vocabulary):
    """Readers who report an error leave an address: nobody writes to it from here, and no page asks for another one."""
    left, author = make_user(Role.EDITOR, email="left@example.org"), make_user(Role.AUTHOR, email="author@example.org")
    editor = make_user(Role.EDITOR, email="editor@example.org")
    edition = make_edition(State.IN_REVIEW, by=left)
    left.is_active = False
    left.save()
    Email.objects.all().delete()
    for number, state in enumerate(State):
        make_edition(state, by=author, start=f"{2001 + number}", end="")
    actions.submit(make_edition(by=author, start="2019", end=""), by=author)
    edition = actions.publish(edition, by=editor)
    translate(edition, by=author)
    report = {"about": "/visits/", "text": "It is wrong.", "source": "", "email": "reader@example.org"}
    reports.receive("a token", **report, language="en")
    for step in (ReportStep.TAKE_UP, ReportStep.ANSWER):
        reports.take(step, ErrorReport.objects.get(), by=editor, note="Thanks.")
    redaction.propose("It is wrong", "It was asked for.", by=editor)
    actions.withdraw(edition, by=User.objects.system(), note="By mistake.")
    browser, typed = (
        Browser(),
        {"email": "reader@example.org", "username": "reader", "login": "reader", "text": "Wrong."},
    )
    for route in routes():
        if route.name == "report" or (route.text.startswith("/accounts/") and not route.parameters):
            send(browser, route.text, **typed, token=new_token())

    recipients = set(Email.objects.values_list("to", flat=True))
    send_due()

    assert recipients == {"author@example.org", "editor@example.org"}
    assert {address for message in mail.outbox for address in message.recipients()} == recipients


def send(browser: Browser, address: str, **typed) -> Answer:
    """As a browser sends a form."""
    token = "a" * 32
    body = urlencode(typed | {"csrfmiddlewaretoken": token}).encode()
    sent = {"REQUEST_METHOD": "POST", "wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    sent |= {"CONTENT_TYPE": "application/x-www-form-urlencoded", "HTTP_COOKIE": f"csrftoken={token}"}
    return browser.get(address, **sent)
