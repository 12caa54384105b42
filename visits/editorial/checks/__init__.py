"""What a record must have, and must not say, before others are asked to read it. A draft may lack all of it."""

from visits.models import Edition

from .completeness import incomplete
from .places import another_country, date_outside, old_country_name
from .slips import Kind, Severity, Slip
from .structure import end_before_start, malformed_symbol, missing_source, resolution_after_visit
from .terms import (
    body_not_named,
    body_not_recorded,
    resolution_not_named,
    resolution_not_recorded,
    topic_not_named,
    topic_not_recorded,
)
from .words import Record

__all__ = ["Kind", "Severity", "Slip", "incomplete", "slips"]

# What cannot be true first, then in the order of the form.
CHECKS = (
    end_before_start,
    missing_source,
    resolution_after_visit,
    malformed_symbol,
    another_country,
    old_country_name,
    date_outside,
    topic_not_recorded,
    resolution_not_recorded,
    body_not_recorded,
    topic_not_named,
    resolution_not_named,
    body_not_named,
)


def slips(edition: Edition) -> list[Slip]:
    """What the consistency checks find in an edition that was read whole (`models.content.whole`)."""
    record = Record(edition)
    return [slip for check in CHECKS for slip in check(record)]
