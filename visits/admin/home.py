"""The first page of the admin: what waits for whom, each part a query of `editorial.desk` with its number and the list
that holds all of it."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from django.contrib import admin
from django.contrib.humanize.templatetags.humanize import naturalday
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from visits.editorial import desk, reports, rules, scheduling
from visits.editorial.translating import LANGUAGES
from visits.enums import ReportState, Verb
from visits.models import Edition, Email, User

from .base import edition_url
from .transitions import compare_url
from .translation_desk import Language
from .translations import address_of as translation_url

# So many lines of a section stand on the page; the rest is one click away.
SHOWN = 5


@dataclass(frozen=True)
class Row:
    """A line of a section: what it is about, where one goes on with it, and what is to be known before."""

    title: str
    address: str
    country: str
    facts: tuple[str, ...] = ()
    late: str = ""
    claimed: str = ""
    # What can be done right here: the verb and the edition, which the button then posts.
    step: tuple[Verb, Edition] | None = None
    # A way into each of several languages.
    languages: tuple[tuple[Language, str], ...] = ()


@dataclass(frozen=True)
class Section:
    """`link` leads to the whole list; `empty` is said where nothing waits, and without it the section is not there."""

    name: str
    title: str
    rows: tuple[Row, ...]
    count: int
    link: str
    empty: str


def title_of(edition: Edition) -> str:
    return edition.title or _("Without a title")


def moment(time) -> str:
    """Of today and yesterday the hour too, of what was before the day alone."""
    time = timezone.localtime(time)
    day = naturalday(time)
    if timezone.localdate() - time.date() > timedelta(days=1):
        return day
    return _("%(day)s, %(hour)s") % {"day": day, "hour": date_format(time, "H:i")}


def listing(name: str) -> str:
    return reverse("admin:visits_edition_changelist", query={"desk": name})


def my_drafts(user: User) -> Section:
    drafts = desk.drafts_of(user)
    rows = (
        Row(title_of(draft), edition_url(draft), draft.visit.country, (said_of_draft(draft),))
        for draft in drafts[:SHOWN]
    )
    return Section(
        "my-drafts", _("My drafts"), tuple(rows), drafts.count(), listing("my-drafts"),
        _("You have no draft in work."),
    )  # fmt: skip


def said_of_draft(draft: Edition) -> str:
    return _("last worked on %(time)s") % {"time": moment(draft.touched)}


def awaiting_review(user: User) -> Section:
    waiting = desk.awaiting_review()
    return Section(
        "in-review",
        _("Awaiting review"),
        tuple(review_row(edition, user) for edition in waiting[:SHOWN]),
        waiting.count(),
        listing("in-review"),
        _("Nothing waits for a review."),
    )


def review_row(edition: Edition, user: User) -> Row:
    facts = [_("submitted by %(name)s, %(time)s") % words_of(edition.submitted_by, edition.submitted_at)]
    due = desk.due(edition.submitted_at)
    day = {"day": naturalday(timezone.localtime(due))}
    is_late = due < timezone.now()
    if not is_late:
        facts.append(_("due %(day)s") % day)
    return Row(
        title_of(edition),
        compare_url(edition),
        edition.visit.country,
        tuple(facts),
        _("overdue: was due %(day)s") % day if is_late else "",
        claimed(edition, user),
        step_of(edition, user),
    )


def claimed(edition: Edition, user: User) -> str:
    if edition.claimed_by is None:
        return ""
    if edition.claimed_by == user:
        return _("claimed by you, %(time)s") % {"time": moment(edition.claimed_at)}
    return _("claimed by %(name)s, %(time)s") % words_of(edition.claimed_by, edition.claimed_at)


def words_of(name: str, time) -> dict:
    return {"name": name, "time": moment(time)}


def step_of(edition: Edition, user: User) -> tuple[Verb, Edition] | None:
    if not rules.may(user, rules.PUBLISH):
        return None
    return (Verb.UNCLAIM if edition.claimed_by == user else Verb.CLAIM), edition


def out_of_date(user: User) -> Section:
    keys = desk.translations_out_of_date()
    languages = defaultdict(list)
    for visit, language in keys:
        languages[visit].append(language)
    editions = Edition.objects.published().filter(visit__in=list(languages)[:SHOWN])
    rows = tuple(translation_row(edition, languages[edition.visit_id]) for edition in desk.listed(editions))
    link = reverse("admin:visits_translation_changelist", query={"state": "outdated"})
    return Section(
        "out-of-date", _("Translations out of date"), rows, len(keys), link,
        _("Every translation follows its original."),
    )  # fmt: skip


def translation_row(edition: Edition, codes: list[str]) -> Row:
    ways = [(Language.of(code, LANGUAGES[code]), translation_url(edition.visit_id, code)) for code in codes]
    return Row(title_of(edition), ways[0][1], edition.visit.country, languages=tuple(ways))


def recently_published(user: User) -> Section:
    published = desk.recently_published()
    rows = (
        Row(title_of(edition), compare_url(edition), edition.visit.country, (said_of_published(edition),))
        for edition in published[:SHOWN]
    )
    return Section(
        "recent", _("Published in the last 30 days"), tuple(rows), published.count(), listing("recent"),
        _("Nothing was published in the last 30 days."),
    )  # fmt: skip


def said_of_published(edition: Edition) -> str:
    words = {"number": edition.number, "time": moment(edition.published_at)}
    return _("Edition %(number)s, published %(time)s") % words


def scheduled(user: User) -> Section:
    waiting = desk.scheduled()
    return of_editions("scheduled", _("Scheduled"), waiting, said_of_scheduled, _("Nothing is scheduled."))


def said_of_scheduled(edition: Edition) -> dict:
    return {"facts": (scheduling.in_words(edition.scheduled_for, edition.scheduled_zone),)}


def overdue(user: User) -> Section:
    late = {each.edition.pk: each for each in islice(scheduling.overdue(), SHOWN)}
    waiting = desk.overdue()

    def said(edition: Edition) -> dict:
        # What was published since it was looked up is overdue no more.
        reasons = late[edition.pk].reasons if edition.pk in late else ()
        return said_of_scheduled(edition) | {"late": " ".join(reason.sentence for reason in reasons)}

    return of_editions("overdue", _("Overdue on the schedule"), waiting, said)


def awaiting_approval(user: User) -> Section:
    waiting = desk.awaiting_approval()
    title, empty = _("Awaiting approval afterwards"), _("Nothing was published without a second person.")
    return of_editions(
        "awaiting-approval", title, waiting, lambda edition: {"facts": (said_of_published(edition),)}, empty
    )


def failing(user: User) -> Section:
    waiting = desk.failing()
    return of_editions(
        "failing",
        _("The checks found something"),
        waiting,
        said_of_failing,
        _("The checks find nothing in what is in work."),
    )


def said_of_failing(edition: Edition) -> dict:
    errors, warnings = edition.errors_found or 0, edition.warnings_found or 0
    warned = ngettext("%(count)s warning", "%(count)s warnings", warnings) % {"count": warnings}
    late = ngettext("%(count)s error", "%(count)s errors", errors) % {"count": errors} if errors else ""
    return {"late": late, "facts": (warned,) if warnings else (), "address": f"{edition_url(edition)}?checked=1#checks"}


def of_editions(name: str, title: str, editions, said: Callable[[Edition], dict], empty: str = "") -> Section:
    """`said`: what the row of an edition tells besides its title and country."""
    rows = (
        Row(**{"title": title_of(each), "address": compare_url(each), "country": each.visit.country} | said(each))
        for each in editions[:SHOWN]
    )
    return Section(name, title, tuple(rows), editions.count(), listing(name), empty)


def reported(user: User) -> Section:
    waiting = reports.waiting()
    rows = (
        Row(
            Truncator(report.text).chars(80),
            reverse("admin:visits_errorreport_change", args=[report.pk]),
            report.about,
            (_("received %(time)s") % {"time": moment(report.at)},),
        )
        for report in waiting[:SHOWN]
    )
    link = reverse("admin:visits_errorreport_changelist", query={"state__exact": ReportState.OPEN.value})
    return Section("reported", _("Reported by readers"), tuple(rows), waiting.count(), link, _("No report waits."))


def unsent(user: User) -> Section:
    given_up = Email.objects.given_up()
    rows = (
        Row(email.subject, reverse("admin:visits_email_change", args=[email.pk]), email.to, (email.last_error,))
        for email in given_up[:SHOWN]
    )
    link = reverse("admin:visits_email_changelist")
    return Section("unsent", _("E-mail that could not be sent"), tuple(rows), given_up.count(), link, "")


# What the desk shows, in this order: the permission it takes, and what makes the section.
SECTIONS: tuple[tuple[str, Callable[[User], Section]], ...] = (
    (rules.CHANGE, my_drafts),
    ("visits.view_edition", awaiting_review),
    ("visits.view_edition", overdue),
    (rules.APPROVE, awaiting_approval),
    ("visits.view_edition", scheduled),
    ("visits.view_edition", failing),
    ("visits.view_errorreport", reported),
    ("visits.view_translation", out_of_date),
    ("visits.view_edition", recently_published),
    ("visits.view_email", unsent),
)


def sections_for(user: User) -> list[Section]:
    found = (section(user) for permission, section in SECTIONS if user.has_perm(permission))
    return [section for section in found if section.count or section.empty]


class DeskFilter(admin.SimpleListFilter):
    """Narrows the list of editions down to a section of the desk."""

    title = gettext_lazy("desk")
    parameter_name = "desk"
    QUERIES = {
        "my-drafts": (gettext_lazy("My drafts"), desk.drafts_of),
        "in-review": (gettext_lazy("Awaiting review"), lambda user: desk.awaiting_review()),
        "claimed": (gettext_lazy("Claimed by me"), desk.claimed_by),
        "late": (gettext_lazy("Review overdue"), lambda user: desk.late_reviews()),
        "overdue": (gettext_lazy("Overdue on the schedule"), lambda user: desk.overdue()),
        "awaiting-approval": (gettext_lazy("Awaiting approval afterwards"), lambda user: desk.awaiting_approval()),
        "scheduled": (gettext_lazy("Scheduled"), lambda user: desk.scheduled()),
        "failing": (gettext_lazy("The checks found something"), lambda user: desk.failing()),
        "recent": (gettext_lazy("Published in the last 30 days"), lambda user: desk.recently_published()),
    }

    def lookups(self, request, model_admin):
        return [(name, label) for name, (label, _query) in self.QUERIES.items()]

    def queryset(self, request, queryset):
        if self.value() not in self.QUERIES:
            return queryset
        _label, query = self.QUERIES[self.value()]
        return queryset.filter(pk__in=query(request.user).order_by().values("pk"))


def index(request, extra_context=None):
    """In place of Django's index: the same page with the desk on it."""
    context = {"sections": sections_for(request.user)} | (extra_context or {})
    return admin.AdminSite.index(admin.site, request, context)
