"""Where and when: States that stand in place of the one visited, names that States have given up, dates outside."""

from collections.abc import Iterator
from datetime import date, timedelta
from enum import IntEnum
from itertools import pairwise

import regex
from django.utils.translation import gettext as _

from visits.enums import Precision
from visits.extraction.context import Context, Dated, Named
from visits.extraction.rules import bodies, places, when
from visits.extraction.rules.calendar import Period
from visits.models import Segment
from visits.text import dates

from .slips import Kind, Slip
from .words import Record, Words

# So much longer than its one known bound a visit may have been.
LONGEST = timedelta(days=31)
# A sentence with a year further back than these before the visit speaks of the past.
RECENT = 5
# Having days, a word before it and the State beside it, a date is not yet one of the visit.
ENOUGH = when.HAS_DAYS + when.HAS_LEAD + when.NAMES_STATE
# Another word with a capital letter beside it.
NAME_GOES_ON = regex.compile(r" \p{Lu}\p{Ll}|-\p{Lu}")
NAME_BEFORE = regex.compile(
    r"(?<!^|[.!?:;“”«»] )\b(?!I[nt]\b)\p{Lu}\p{Ll}+(?:-\p{Lu}\p{Ll}+)* $"
    r"|\b(?:Gulf|Lake|Bank|Banque|Banco|Sea|Bay|Act|Province|University) (?:of|de|del)(?: the| la)? $"
    r"|\b(?:boat|ship|vessel|ferry|frigate|hotel|street|avenue|club|operation) $"
)


def another_country(record: Record) -> Iterator[Slip]:
    sentence = _(
        "The record says “%(words)s” where the visit was to %(country)s. Correct the name, or say in a note why it is "
        "right."
    )
    for words in record.texts:
        for mention in words.context.countries:
            if mention.key != record.country.iso3 and is_as_of_visited(mention, words, record.country.iso3):
                quote = mention.span.of(words.text)
                yield words.slip(
                    Kind.ANOTHER_COUNTRY, sentence % {"words": quote, "country": record.country}, mention.span
                )


def is_as_of_visited(mention: Named, words: Words, visited: str) -> bool:
    """Whether what stands around the name is said of the State that was visited: what it does, has or received."""
    context = words.context
    phrases, before, after = context.phrases, *around(mention)
    lead = phrases["places.style"].sub("", before)
    if is_listed(mention, context) or is_in_a_name(lead, after):
        return False
    if phrases["checks.not_visited"].search(lead) or phrases["checks.not_visited_after"].match(after):
        return False
    acts = phrases["checks.subject_before"].search(lead) and phrases["checks.subject_after"].match(after)
    if words.field == "text":
        acts = acts and phrases["checks.their_doing"].search(lead + after)
    # After the State visited another may do something too.
    first = context.within(context.countries, mention.sentence)[0]
    if acts and first.key != visited:
        return True
    if phrases["when.earlier"].search(places.clause(before, context)):
        return False
    is_heading = words.field in ("title", "summary") and phrases["checks.heading_before"].search(lead)
    if is_heading and len({one.key for one in context.countries}) == 1:
        return True
    return bool(phrases["checks.as_visited"].search(lead) or phrases["checks.owner_after"].match(after))


def around(mention: Named) -> tuple[str, str]:
    start = mention.sentence.start
    return mention.sentence.text[: mention.span.start - start], mention.sentence.text[mention.span.end - start :]


def is_listed(mention: Named, context: Context) -> bool:
    """Whether it stands beside another State in a list: those are neighbours, origins, partners."""
    named = context.within(context.countries, mention.sentence)
    return any(mention in pair and places.follows(*pair, context) for pair in pairwise(named))


def is_in_a_name(before: str, after: str) -> bool:
    """Whether it is a part of the name of a person, a bank, a lake."""
    return bool(NAME_GOES_ON.match(after) or NAME_BEFORE.search(before))


def old_country_name(record: Record) -> Iterator[Slip]:
    sentence = _(
        "“%(words)s” is a name that %(country)s has given up. Write the present one, or say in a note why it is right."
    )
    for words in record.texts:
        if not words.text:
            continue
        old = {
            (found.sentence, found.span): found.key
            for found in words.context.found(record.vocabulary.former, words.context.sentences)
        }
        for mention in words.context.countries:
            if old.get((mention.sentence, mention.span)) == mention.key and not is_of_the_past(mention, words, record):
                quote = mention.span.of(words.text)
                country = record.vocabulary.names[mention.key]
                yield words.slip(Kind.OLD_COUNTRY_NAME, sentence % {"words": quote, "country": country}, mention.span)


def is_of_the_past(mention: Named, words: Words, record: Record) -> bool:
    """Whether the sentence says that this was its name, or something else is named after it."""
    phrases, before, after = words.context.phrases, *around(mention)
    years = [
        one.period.start.year
        for one in words.context.within(words.context.dates, mention.sentence)
        if not phrases["checks.since"].search(one.sentence.text[: one.period.span.start])
    ]
    first = min((year for year in years if year), default=0)
    if is_in_a_name(before, after) or 0 < first < year_of(record) - RECENT:
        return True
    return bool(
        phrases["checks.past"].search(places.clause(before, words.context)) or phrases["checks.past_after"].match(after)
    )


def year_of(record: Record) -> int:
    bounds = bounds_of(record)
    return bounds[0].year if bounds else 0


def date_outside(record: Record) -> Iterator[Slip]:
    bounds = bounds_of(record)
    if bounds is None:
        return
    sentence = _(
        "The record gives “%(words)s” as a date of the visit, whose dates are %(dates)s. Correct one of them, or say "
        "in a note why both are right."
    )
    known = "; ".join(map(str, record.edition.segments.all()))
    for words in record.texts:
        inside = {dated.sentence for dated in words.context.dates if is_inside(dated, bounds)}
        for dated in words.context.dates:
            is_beside = dated.sentence in inside
            if not is_inside(dated, bounds) and is_as_of_visit(dated, words, record, is_beside=is_beside):
                quote = dated.span.of(words.text)
                yield words.slip(Kind.DATE_OUTSIDE, sentence % {"words": quote, "dates": known}, dated.span)


def is_as_of_visit(dated: Dated, words: Words, record: Record, *, is_beside: bool) -> bool:
    """Whether a date outside is given as one of the visit. `is_beside`: the sentence gives another that is one."""
    context, state = words.context, record.country.iso3
    mentions = [one for one in context.countries if one.key == state and places.says_visited(one, context)]
    scored = when.score(dated, context, mentions, state)
    before = dated.sentence.text[: dated.period.span.start]
    if not scored or context.phrases["checks.another_time"].search(before):
        return False
    alike = max(likeness(dated.period, segment) for segment in record.edition.segments.all())
    if alike == Likeness.ALL_BUT_ONE or is_beside:
        return alike == Likeness.ALL_BUT_ONE
    says_visited = bool(context.within(mentions, dated.sentence))
    if not is_as_precise(dated, record):
        return alike == Likeness.SOME and (says_visited or words.field == "summary")
    is_theirs = any(one.key == bodies.LEADS for one in context.within(context.bodies, dated.sentence))
    says_visit = says_visited or (alike and (is_theirs or context.says("visit.noun", dated.sentence)))
    return bool(says_visit) and scored.score > ENOUGH


class Likeness(IntEnum):
    """How much a date is like those of a visit. A slip of the pen changes the days, the month or the year of a range
    and leaves the rest; the dates of something else share little, and that by chance."""

    NONE = 0
    SOME = 1
    ALL_BUT_ONE = 2


def likeness(period: Period, segment: Segment) -> Likeness:
    """Compared in what both of them state."""
    told = [(moment.year, moment.month, moment.day) for moment in (period.start, period.end)]
    known = [dates.parse(bound) for bound in (segment.start, segment.end)]
    alike = []
    for part in range(3):
        stated = [
            (one[part], other[part]) for one, other in zip(told, known, strict=True) if one[part] and other[part:]
        ]
        if stated and period.is_range:
            alike.append(all(one == other for one, other in stated))
        elif stated:
            # One day may be any of the visit.
            alike.append(min(stated)[1] <= stated[0][0] <= max(stated)[1] or any(one == other for one, other in stated))
    if alike.count(False) > 1 or not any(alike):
        return Likeness.NONE
    has_days = period.is_range and period.has_days and len(alike) == 3 and alike[2]
    return Likeness.ALL_BUT_ONE if has_days else Likeness.SOME


def bounds_of(record: Record) -> tuple[date, date] | None:
    """The first and the last day that the visit can have had, generously where one is not stated."""
    firsts, lasts = [], []
    for segment in record.edition.segments.all():
        first, last = dates.first_day(segment.start), dates.last_day(segment.end)
        if first or last:
            firsts.append(first or dates.first_day(segment.end) - LONGEST)
            lasts.append(last or dates.last_day(segment.start) + LONGEST)
    return (min(firsts), max(lasts)) if firsts else None


def is_as_precise(dated: Dated, record: Record) -> bool:
    """A month beside a visit whose days are known is one of something else."""
    return dated.period.has_days or all(
        segment.start_precision < Precision.DAY and segment.end_precision < Precision.DAY
        for segment in record.edition.segments.all()
    )


def is_inside(dated: Dated, bounds: tuple[date, date]) -> bool:
    return any(is_within(period, bounds) for period in meant(dated, bounds))


def meant(dated: Dated, bounds: tuple[date, date]) -> list[Period]:
    """The period with its year, or with each year of the visit where none is written."""
    if dated.period.end.year:
        return [dated.period]
    return [dated.period.in_year(year) for year in range(bounds[0].year, bounds[1].year + 1)]


def is_within(period: Period, bounds: tuple[date, date]) -> bool:
    first, last = dates.first_day(period.start.partial), dates.last_day(period.end.partial)
    if not (first and last):
        return True
    if not period.has_days:
        return first <= bounds[1] and bounds[0] <= last
    return bounds[0] <= first and last <= bounds[1]
