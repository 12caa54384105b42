"""E-mail about each step: who is told what. Written in the step's transaction, and sent later by `ops.mail`.

Plain text in English, the language that staff share: the title and the reason, and where to read the rest. To add a
step is to add a row; where nobody is told, the row says so.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from visits.enums import Verb
from visits.models import Edition, Email, Redaction, User, called

from . import rules


class Audience(StrEnum):
    """Never the person who did it."""

    CONTRIBUTORS = "whoever worked on it"
    OTHER_EDITORS = "editors and administrators who did not work on it"


@dataclass(frozen=True)
class Notice:
    """`subject` and `sentence` are given `title`, and `actor`, the name of who did it."""

    audience: tuple[Audience, ...]
    subject: str
    sentence: str


NOBODY = Notice((), "", "")
CONTRIBUTORS, OTHER_EDITORS = (Audience.CONTRIBUTORS,), (Audience.OTHER_EDITORS,)
EVERYBODY = (*CONTRIBUTORS, *OTHER_EDITORS)

OF_EDITIONS = {
    Verb.START: NOBODY,
    Verb.SAVE: NOBODY,
    Verb.SUBMIT: Notice(
        OTHER_EDITORS,
        "For review: %(title)s",
        "%(actor)s submitted “%(title)s” for review. Read it, then publish it or send it back.",
    ),
    Verb.SEND_BACK: Notice(
        CONTRIBUTORS,
        "Sent back: %(title)s",
        "%(actor)s sent “%(title)s” back. It is a draft again: correct it and submit it once more.",
    ),
    Verb.PUBLISH: Notice(
        CONTRIBUTORS,
        "Published: %(title)s",
        "%(actor)s published “%(title)s”. The public reads it from now on.",
    ),
    Verb.DISCARD: Notice(
        EVERYBODY,
        "Discarded: %(title)s",
        "%(actor)s discarded “%(title)s”. It is kept, and can be restored as a new draft.",
    ),
    Verb.NEW_EDITION: NOBODY,
    Verb.RESTORE: NOBODY,
    Verb.WITHDRAW: Notice(
        EVERYBODY,
        "Withdrawn: %(title)s",
        "%(actor)s withdrew “%(title)s”. At its address the public reads the reason.",
    ),
    Verb.SCHEDULE: Notice(
        CONTRIBUTORS,
        "Scheduled: %(title)s",
        "%(actor)s approved “%(title)s” and scheduled it. Until then nothing changes for the public.",
    ),
    Verb.UNSCHEDULE: Notice(
        EVERYBODY,
        "Off the schedule: %(title)s",
        "%(actor)s took “%(title)s” off the schedule. It is in review again.",
    ),
    Verb.FORCE_PUBLISH: Notice(
        EVERYBODY,
        "To approve afterwards: %(title)s",
        "%(actor)s published “%(title)s” without a second person. Read it, then approve it, correct it or withdraw it.",
    ),
    Verb.APPROVE: Notice(
        CONTRIBUTORS,
        "Approved: %(title)s",
        "%(actor)s approved “%(title)s”, which had been published without a second person.",
    ),
    Verb.WITHHOLD: Notice(
        EVERYBODY,
        "Withheld: %(title)s",
        "%(actor)s withheld an earlier edition of “%(title)s”. The public reads the reason in its place.",
    ),
    Verb.RELEASE: Notice(
        EVERYBODY,
        "Released: %(title)s",
        "%(actor)s released an earlier edition of “%(title)s”. The public can read it again.",
    ),
    Verb.CLAIM: NOBODY,
    Verb.UNCLAIM: NOBODY,
    Verb.CHANGE_RECORD: NOBODY,
}
OF_TRANSLATIONS = {
    Verb.SAVE: NOBODY,
    Verb.SUBMIT: Notice(
        OTHER_EDITORS,
        "Translation for review: %(title)s",
        "%(actor)s submitted the translation %(title)s for review. Read it, then approve it or send it back.",
    ),
    Verb.SEND_BACK: Notice(
        CONTRIBUTORS,
        "Translation sent back: %(title)s",
        "%(actor)s sent the translation %(title)s back. It is a draft again: correct it and submit it once more.",
    ),
    Verb.REVIEW: Notice(
        CONTRIBUTORS,
        "Translation approved: %(title)s",
        "%(actor)s approved the translation %(title)s. The public reads it from now on.",
    ),
    Verb.REDACT: NOBODY,
}

# Neither the text that is to go nor the record that holds it is named.
OF_REDACTIONS = {
    Verb.PROPOSE: Notice(
        OTHER_EDITORS,
        "To decide: %(title)s",
        "%(actor)s proposed to redact a text. Look at where it stands, then approve or decline it.",
    ),
    Verb.DECLINE: Notice(CONTRIBUTORS, "Declined: %(title)s", "%(actor)s declined the redaction that you proposed."),
    Verb.REDACT: Notice(CONTRIBUTORS, "Redacted: %(title)s", "%(actor)s approved the redaction that you proposed."),
}


def tell(verb: Verb, edition: Edition, by: User, note: str) -> None:
    if is_told(notice := OF_EDITIONS[verb]):
        link = reverse("admin:visits_edition_compare", args=[edition.pk])
        people = readers(notice.audience, rules.contributors(edition), rules.PUBLISH, by)
        write(notice, people, edition.title or called(edition.visit), link, by, note)


def tell_of_translation(verb: Verb, work, by: User, note: str) -> None:
    """`work` is the `translating.Work`."""
    if is_told(notice := OF_TRANSLATIONS[verb]):
        link = reverse("admin:visits_translation_desk", args=[work.visit.pk, work.language])
        people = readers(notice.audience, work.contributors, "visits.review_translation", by)
        write(notice, people, called(work), link, by, note)


def tell_of_redaction(verb: Verb, redaction: Redaction, by: User, note: str) -> None:
    if is_told(notice := OF_REDACTIONS[verb]):
        link = reverse("admin:visits_redaction_change", args=[redaction.pk])
        people = readers(notice.audience, {redaction.proposed_by_id}, "visits.approve_redaction", by)
        write(notice, people, called(redaction), link, by, note)


def is_told(notice: Notice) -> bool:
    return bool(settings.EMAIL_URL and notice.audience)


def readers(audience: tuple[Audience, ...], contributors: set[int], permission: str, by: User) -> QuerySet[User]:
    people = set(contributors) if Audience.CONTRIBUTORS in audience else set()
    # What the system account submits, it also publishes: there is nothing to decide.
    if Audience.OTHER_EDITORS in audience and not by.is_system:
        editors = User.objects.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend")
        people |= set(editors.values_list("pk", flat=True)) - contributors
    return User.objects.reachable().filter(pk__in=people - {by.pk})


def write(notice: Notice, people: QuerySet[User], title: str, link: str, by: User, note: str) -> None:
    said = {"title": in_one_line(title), "actor": in_one_line(str(by))}
    paragraphs = [
        notice.sentence % said,
        f"Reason: {note.strip()}" if note.strip() else "",
        f"Compare: {settings.PUBLIC_URL}{link}",
        f"-- \nRegister of CTED visits. You need not be told: {settings.PUBLIC_URL}{reverse('account_notices')}",
    ]
    subject, body = (notice.subject % said)[:250], "\n\n".join(filter(None, paragraphs)) + "\n"
    Email.objects.bulk_create(Email(to=person.email, subject=subject, body=body) for person in people)


def in_one_line(text: str) -> str:
    """No line of a title or name begins a line of the header."""
    return " ".join(text.split())


def as_markdown() -> str:
    """Who is told of what, for `docs/editors.md`."""
    lines = ["| step | of an edition | of a translation | of a redaction |\n| --- | --- | --- | --- |\n"]
    tables = (OF_EDITIONS, OF_TRANSLATIONS, OF_REDACTIONS)
    for verb in Verb:
        cells = [", ".join(table.get(verb, NOBODY).audience) or "–" for table in tables]
        if set(cells) != {"–"}:
            lines.append("| {} | {} | {} | {} |\n".format(verb.label, *cells))
    return "".join(lines)
