"""The closed vocabularies of the register: what a column may hold and what it is called."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    """Where an edition stands. See `editorial.rules.TRANSITIONS` for the ways between."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in-review", _("in review")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    SUPERSEDED = "superseded", _("superseded")
    WITHHELD = "withheld", _("withheld")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DISCARDED = "discarded", _("discarded")


WORKING = (State.DRAFT, State.IN_REVIEW, State.SCHEDULED)
READABLE = (State.PUBLISHED, State.SUPERSEDED)
# Public once, and no longer.
TAKEN_BACK = (State.WITHHELD, State.WITHDRAWN)
FROZEN = (*READABLE, *TAKEN_BACK, State.DISCARDED)


class Verb(TextChoices):
    """What can be done to an edition, or to another record; also the name of the event that records it."""

    START = "start", _("started")
    SAVE = "save", _("saved")
    SUBMIT = "submit", _("submitted for review")
    SEND_BACK = "send-back", _("sent back")
    SCHEDULE = "schedule", _("scheduled")
    UNSCHEDULE = "unschedule", _("taken off the schedule")
    PUBLISH = "publish", _("published")
    FORCE_PUBLISH = "force-publish", _("published without a second person")
    APPROVE = "approve", _("approved afterwards")
    NEW_EDITION = "new-edition", _("opened as a new edition")
    RESTORE = "restore", _("restored")
    DISCARD = "discard", _("discarded")
    WITHDRAW = "withdraw", _("withdrawn")
    WITHHOLD = "withhold", _("withheld")
    RELEASE = "release", _("released")
    CHANGE_RECORD = "change-record", _("changed")
    REVIEW = "review", _("reviewed")
    CLAIM = "claim", _("claimed for review")
    UNCLAIM = "unclaim", _("released from a claim")
    PROPOSE = "propose", _("proposed for redaction")
    DECLINE = "decline", _("declined for redaction")
    REDACT = "redact", _("redacted")


CONTRIBUTING = (Verb.START, Verb.SAVE, Verb.NEW_EDITION, Verb.RESTORE)


class Role(TextChoices):
    AUTHOR = "author", _("author")
    EDITOR = "editor", _("editor")
    ADMINISTRATOR = "administrator", _("administrator")


class KindOfVisit(TextChoices):
    INITIAL = "initial", _("initial visit")
    FOLLOW_UP = "follow-up", _("follow-up visit")
    FOCUSED = "focused", _("focused visit")
    COMPREHENSIVE = "comprehensive", _("comprehensive visit")
    REGIONAL = "regional", _("regional visit")
    HIGH_LEVEL = "high-level", _("high-level visit")
    CONSULTATION = "consultation", _("consultation visit")
    ADVOCACY = "advocacy", _("advocacy visit")


ASSESSMENT_KINDS = (
    KindOfVisit.INITIAL,
    KindOfVisit.FOLLOW_UP,
    KindOfVisit.FOCUSED,
    KindOfVisit.COMPREHENSIVE,
    KindOfVisit.REGIONAL,
)


class Assessment(TextChoices):
    YES = "yes", _("assessment visit")
    NO = "no", _("not an assessment visit")
    UNKNOWN = "unknown", _("kind not recorded")


class Modality(TextChoices):
    ON_SITE = "on-site", _("on site")
    VIRTUAL = "virtual", _("virtual")
    UNKNOWN = "unknown", _("not known")


class TopicRole(TextChoices):
    FOCUS = "focus", _("focus of the talks")
    CROSS_CUTTING = "cross-cutting", _("also discussed")
    MENTIONED = "mentioned", _("mentioned")


class PartRole(TextChoices):
    LEAD = "lead", _("led the delegation")
    MEMBER = "member", _("took part")


class PersonRole(TextChoices):
    HEAD = "head", _("head of the delegation")
    HOST = "host", _("host")
    OTHER = "other", _("other")


class EngagementKind(TextChoices):
    GOVERNMENT = "government-meeting", _("meeting with the Government")
    SITE = "on-site-visit", _("on-site visit")
    SIDE = "side-meeting", _("side meeting")
    CIVIL_SOCIETY = "civil-society-meeting", _("meeting with civil society")


class SiteKind(TextChoices):
    AIRPORT = "airport", _("airport")
    BORDER = "border", _("border crossing")
    PORT = "port", _("port")
    PRISON = "prison", _("prison")
    FIU = "fiu", _("financial intelligence unit")
    CUSTOMS = "customs", _("customs")
    POLICE = "police", _("police facility")
    OTHER = "other", _("other site")


class FindingKind(TextChoices):
    PROGRESS = "progress", _("progress")
    GOOD_PRACTICE = "good-practice", _("good practice")
    TO_STRENGTHEN = "to-strengthen", _("to strengthen")
    ASSISTANCE = "assistance", _("assistance")
    STATEMENT = "statement", _("statement")


class Direction(TextChoices):
    OFFERED = "offered", _("offered")
    NEEDED = "needed", _("needed")
    DISCUSSED = "discussed", _("discussed")


class VisitLinkKind(TextChoices):
    FOLLOWS = "follows", _("follows")
    SAME_MISSION = "same-mission", _("same mission as")


class DocumentKind(TextChoices):
    PRESS_RELEASE = "press-release", _("press release")
    REPORT = "report", _("report")
    SUMMARY = "summary", _("summary")
    WEB_PAGE = "web-page", _("web page")


class Disclosure(TextChoices):
    """How much of a document the public may read."""

    NONE = "none", _("not disclosed")
    PARTIAL = "partial", _("quoted passages only")
    FULL = "full", _("whole text")


class BodyKind(TextChoices):
    UN = "un", _("United Nations")
    UN_SPECIALIZED = "un-specialized", _("United Nations specialized agency")
    UN_RELATED = "un-related", _("United Nations related organization")
    INTERNATIONAL = "international", _("international organization")
    REGIONAL = "regional", _("regional organization")
    FATF_STYLE = "fatf-style", _("FATF and FATF-style regional body")
    RESEARCH = "research", _("research institution or network")


class Membership(TextChoices):
    MEMBER = "member", _("Member State")
    OBSERVER = "observer", _("observer State")


class NameOrigin(TextChoices):
    """Who stands behind a name: the UN, the CLDR, or this register alone."""

    UN = "un", _("United Nations")
    CLDR = "cldr", _("CLDR")
    OWN = "own", _("this register, unofficial")


class TranslationState(TextChoices):
    """Where a translation stands. Only what is reviewed is public."""

    DRAFT = "draft", _("draft")
    IN_REVIEW = "in-review", _("in review")
    REVIEWED = "reviewed", _("reviewed")


TRANSLATION_IN_WORK = (TranslationState.DRAFT, TranslationState.IN_REVIEW)


class RedactionState(TextChoices):
    PROPOSED = "proposed", _("proposed")
    DONE = "done", _("carried out")
    DECLINED = "declined", _("declined")


class Standing(TextChoices):
    """How far a record is translated into a language; what waits for somebody comes before what is public."""

    IN_REVIEW = "in-review", _("in review")
    DRAFT = "draft", _("draft")
    OUTDATED = "outdated", _("older than the original")
    PARTIAL = "partial", _("partly translated")
    MISSING = "missing", _("missing")
    CURRENT = "current", pgettext_lazy("translation", "current")


class ReportState(TextChoices):
    """Where the report of an error stands."""

    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")
    DISMISSED = "dismissed", _("dismissed")


class ReportStep(TextChoices):
    """What staff do with the report of an error."""

    TAKE_UP = "take-up", _("taken up")
    ANSWER = "answer", _("answered")
    DISMISS = "dismiss", _("dismissed")


class Precision(IntegerChoices):
    """How much of a date a source gives."""

    UNKNOWN = 0, _("not known")
    YEAR = 1, _("year")
    MONTH = 2, _("month")
    DAY = 3, _("day")
