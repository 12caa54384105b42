"""What a check finds."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from visits.extraction.proposal import Span


class Severity(TextChoices):
    """An error blocks; a warning needs a note of the person who goes on."""

    ERROR = "error", _("error")
    WARNING = "warning", _("warning")


class Kind(TextChoices):
    ANOTHER_COUNTRY = "another-country", _("another State")
    OLD_COUNTRY_NAME = "old-country-name", _("old name of a State")
    DATE_OUTSIDE = "date-outside", _("date outside of the visit")
    BODY_NOT_RECORDED = "body-not-recorded", _("body not recorded")
    TOPIC_NOT_RECORDED = "topic-not-recorded", _("topic not recorded")
    RESOLUTION_NOT_RECORDED = "resolution-not-recorded", _("resolution not recorded")
    BODY_NOT_NAMED = "body-not-named", _("body named nowhere")
    TOPIC_NOT_NAMED = "topic-not-named", _("topic named nowhere")
    RESOLUTION_NOT_NAMED = "resolution-not-named", _("resolution named nowhere")
    RESOLUTION_AFTER_VISIT = "resolution-after-visit", _("resolution adopted after the visit")
    MALFORMED_SYMBOL = "malformed-symbol", _("malformed symbol")
    MISSING_SOURCE = "missing-source", _("missing source")
    END_BEFORE_START = "end-before-start", _("end before start")


# What cannot be true, whatever the source says. All else is read out of sentences, which can be meant otherwise.
ERRORS = {Kind.RESOLUTION_AFTER_VISIT, Kind.MALFORMED_SYMBOL, Kind.MISSING_SOURCE, Kind.END_BEFORE_START}


@dataclass(frozen=True)
class Slip:
    """`rows` and `uid` say which row of the edition it is about, by what the edition calls its rows of that kind; both
    are empty for a field of the edition itself, `uid` and `field` where rows are missing. `span` is where `quote`
    stands in the words of the field, of a rich text in what it says (`words.said`)."""

    kind: Kind
    sentence: str
    rows: str = ""
    field: str = ""
    uid: str = ""
    quote: str = ""
    span: Span | None = None

    @property
    def severity(self) -> Severity:
        return Severity.ERROR if self.kind in ERRORS else Severity.WARNING

    @property
    def is_error(self) -> bool:
        return self.severity == Severity.ERROR
