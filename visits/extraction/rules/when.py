"""When the visit was: its dated parts, apart from earlier visits, publication and all else that has a date."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from visits.enums import Modality
from visits.extraction.context import Context, Dated, Named, value
from visits.extraction.layout import Role
from visits.extraction.proposal import Confidence, Part, Span, Value

from .calendar import Moment, Period
from .publication import is_dateline

# What speaks for a date being that of the visit.
IN_SENTENCE_OF_VISIT, NAMES_STATE, NAMES_VISIT, NAMES_DELEGATION, HELD, HAS_LEAD = 4, 1, 3, 2, 2, 1
HAS_DAYS, IS_RANGE, IN_HEADING = 3, 2, 1
BY_YEAR_ALONE, PER_SENTENCE = -4, -0.15
ENOUGH = 4


@dataclass(frozen=True)
class Scored:
    dated: Dated
    score: float
    modality: Modality

    @property
    def period(self) -> Period:
        return self.dated.period


def parts(context: Context, state: str, mentions: list[Named], published: Value | None, *, alone: bool) -> list[Part]:
    """The dated parts of the visit to the State that `mentions` name. Of a tour (not `alone`), only dates beside it."""
    scored = [one for dated in context.dates if (one := score(dated, context, mentions, state))]
    if not alone:
        sentences = {mention.sentence for mention in mentions}
        beside = [one for one in scored if one.dated.sentence in sentences]
        scored = nearest(beside, mentions) or scored
    today = on_the_day(context, published)
    chosen = [*best(scored, Modality.VIRTUAL), *best(scored, Modality.UNKNOWN)]
    found = [part(one, context, published) for one in chosen]
    found = [one for one in found if one]
    here = [one for one in found if one.get("modality") != Modality.VIRTUAL]
    if today and not here:
        found.append(today)
    elif today and len(here) == 1 and "end" not in here[0].values and "end" in today.values:
        # `completed today a visit which began on 26 July`.
        (begun,) = here
        found[found.index(begun)] = replace(begun, values=begun.values | {"end": today.values["end"]})
    if not found:
        undated(context)
    return sorted(found, key=lambda one: str(one.get("start") or one.get("end")))


def score(dated: Dated, context: Context, mentions: list[Named], state: str) -> Scored | None:
    """How much speaks for this date being one of the visit; nothing for a date of something else."""
    sentence, period, phrases = dated.sentence, dated.period, context.phrases
    before, after = sentence.text[: period.span.start], sentence.text[period.span.end :]
    lead = phrases["when.clause"].split(before)[-1]
    is_virtual = says_virtual(sentence.text, period, context)
    # The virtual part of a visit comes before the other one.
    if (phrases["when.earlier"].search(lead) and not is_virtual) or phrases["when.earlier_after"].match(after):
        return None
    if phrases["when.other"].search(before) or phrases["when.other_after"].match(after):
        return None
    is_beside = any(one.sentence is sentence for one in mentions)
    by_year = not period.has_days and not period.start.month
    if is_dateline(dated, context) or (by_year and not is_beside):
        return None
    points = PER_SENTENCE * sentence.number
    points += IN_SENTENCE_OF_VISIT * is_beside + BY_YEAR_ALONE * by_year
    points += NAMES_STATE * any(one.key == state for one in context.within(context.countries, sentence))
    points += NAMES_VISIT * (is_virtual or bool(phrases["visit.noun"].search(sentence.text)))
    points += NAMES_DELEGATION * any(one.key == "CTED" for one in context.within(context.bodies, sentence))
    points += HELD * bool(phrases["when.held"].search(sentence.text))
    points += HAS_LEAD * bool(phrases["when.lead"].search(before))
    points += HAS_DAYS * period.has_days + IS_RANGE * period.is_range
    points += IN_HEADING * (sentence.role is not Role.BODY)
    modality = Modality.VIRTUAL if is_virtual else Modality.UNKNOWN
    return Scored(dated, points, modality) if points >= ENOUGH else None


def clause_of(sentence: str, period: Period, context: Context) -> Span:
    """The clause of a sentence that a date belongs to."""
    begins = context.phrases["when.part_begins"].finditer(sentence[: period.span.start])
    begin = max((match.end() for match in begins), default=0)
    end = context.phrases["when.part_ends"].search(sentence[period.span.end :])
    return Span(begin, period.span.end + end.start() if end else len(sentence))


def says_virtual(sentence: str, period: Period, context: Context) -> bool:
    """Whether the clause of a date says that its part was virtual; where it names both parts, whether the virtual one
    is named nearer to the date."""
    begin, end = clause_of(sentence, period, context)

    def gap(name: str) -> int:
        places = (match.span() for match in context.phrases[name].finditer(sentence[begin:end]))
        # What stands before a date says more of it than what follows.
        gaps = [max(4 * (start + begin - period.span.end), period.span.start - stop - begin) for start, stop in places]
        return min(gaps, default=len(sentence))

    return gap("when.virtual") < len(sentence) and gap("when.virtual") <= gap("when.on_site")


def nearest(scored: list[Scored], mentions: list[Named]) -> list[Scored]:
    def distance(one: Scored) -> int:
        gaps = [
            one.dated.span.start - mention.span.end for mention in mentions if mention.sentence is one.dated.sentence
        ]
        # What follows the name belongs to it rather than what stands before.
        return min(gap if gap >= 0 else -2 * gap for gap in gaps)

    return [min(scored, key=distance)] if scored else []


def best(scored: list[Scored], modality: Modality) -> list[Scored]:
    """The dates of the part of this modality: the one most spoken for, and what the same sentence adds to it."""
    of_kind = sorted((one for one in scored if one.modality == modality), key=lambda one: -one.score)
    if not of_kind:
        return []
    first = of_kind[0]
    # `concluded on 14 October` gives less than `from 6 to 14 October`.
    if not first.period.is_range:
        first = next((one for one in of_kind if one.period.is_range and is_bound(first, one)), first)
    same = [
        one
        for one in of_kind
        if one is not first
        and one.dated.sentence is first.dated.sentence
        and one.period.is_range
        and first.period.is_range
        and one.period.has_days == first.period.has_days
    ]
    return [first, *same]


def is_bound(single: Scored, longer: Scored) -> bool:
    """Whether a day is the first or the last of a range."""
    return single.period.end.partial in (longer.period.start.partial, longer.period.end.partial)


def part(scored: Scored, context: Context, published: Value | None) -> Part | None:
    """A segment from a date: each bound with its own passage, of what the text states and no more."""
    dated = scored.dated
    sentence, confidence = dated.sentence, Confidence.CERTAIN
    period = dated.period
    if not period.end.year:
        year = year_near(period, dated.span, published, context)
        if not year:
            question = _("The text says “%(date)s” without a year. Add the year.")
            words = dated.span.of(context.layout.text)
            context.ask("no_year", question % {"date": words}, model="segment", field="start", span=dated.span)
            return None
        period, confidence = period.in_year(year), Confidence.LIKELY
    asked = len(context.questions)
    first, last = bounds(scored, period, context)
    if len(context.questions) > asked:
        confidence = Confidence.CHECK
    stated = {"start": first, "end": last}.items()
    values = {name: bound(moment, sentence, confidence) for name, moment in stated if moment and moment.partial}
    return Part("segment", modality(scored, context) | values)


def bounds(scored: Scored, period: Period, context: Context) -> tuple[Moment | None, Moment | None]:
    """First and last day; of a single day that only ends or begins the visit, the other is left open."""
    sentence = scored.dated.sentence
    before, after = sentence.text[: scored.period.span.start], sentence.text[scored.period.span.end :]
    if not period.is_range and period.has_days:
        if context.phrases["when.ended"].search(before) or context.phrases["when.ended_after"].match(after):
            return None, period.end
        if context.phrases["when.began"].search(before) or context.phrases["when.began_after"].match(after):
            return period.start, None
        if lasting := context.says("when.lasting", sentence):
            question = _("The text speaks of %(duration)s and gives one day, %(day)s. Say whether it is the first.")
            words = {"duration": lasting[0], "day": scored.dated.span.of(context.layout.text)}
            context.ask("one_day_of_several", question % words, model="segment", field="start", span=scored.dated.span)
            return None, period.end
    return period.start, period.end


def bound(moment: Moment, sentence, confidence: Confidence) -> Value:
    return Value(moment.partial, (sentence.place(*moment.span),), "when.period", confidence)


def modality(scored: Scored, context: Context) -> dict[str, Value]:
    if scored.modality == Modality.VIRTUAL:
        found = context.says("when.virtual", scored.dated.sentence)
        return {
            "modality": value(Modality.VIRTUAL.value, scored.dated.sentence.place(*found.span()), rule="when.virtual")
        }
    for phrase in ("when.on_site_visit", "when.on_site", "when.went"):
        for sentence in [scored.dated.sentence, *context.body]:
            if found := context.says(phrase, sentence):
                stated = value(Modality.ON_SITE.value, sentence.place(*found.span()), rule=phrase)
                # That the delegation went somewhere is told, that these dates are those of it follows.
                inferred = value(True, rule=phrase)
                return {"modality": stated} | (
                    {} if phrase == "when.on_site_visit" else {"modality_inferred": inferred}
                )
    return unknown_modality()


def unknown_modality() -> dict[str, Value]:
    return {"modality": value(Modality.UNKNOWN.value, rule="when.modality")}


def on_the_day(context: Context, published: Value | None) -> Part | None:
    """`concluded today a three-day mission`, or one paid `this month`, in a text that says when it was published."""
    for sentence in context.body if published and published.spans else ():
        today = context.says("when.today", sentence)
        if today and context.says("visit.noun", sentence):
            spans = (sentence.place(*today.span()), *published.spans)
            day = Value(published.value, spans, "when.today", Confidence.LIKELY)
            began = context.phrases["when.began"].search(sentence.text[: today.start()])
            return Part("segment", unknown_modality() | {("start" if began else "end"): day})
        month = context.says("when.this_month", sentence)
        if month and context.says("visit.noun", sentence):
            spans = (sentence.place(*month.span()), *published.spans)
            stated = Value(published.value[:7], spans, "when.this_month", Confidence.LIKELY)
            return Part("segment", unknown_modality() | {"start": stated, "end": stated})
    return None


def year_near(period: Period, span: Span, published: Value | None, context: Context) -> int:
    """The year of a date without one: that of publication, or else that of the date before it."""
    if published and published.value:
        year, month = int(published.value[:4]), int(published.value[5:7])
        return year - (period.start.month > month + 1)
    years = [one for one in context.whole.dates if one.period.end.year and gives_year(one, span, context)]
    before = [one for one in years if one.span.start < span.start]
    return (before[-1:] or years[:1])[0].period.end.year if years else 0


def gives_year(dated: Dated, span: Span, context: Context) -> bool:
    """Whether the year of a date is that of one without, at `span`: of a day, of the title, or in the same sentence."""
    if dated.period.has_days or dated.sentence.role is Role.TITLE:
        return True
    before = dated.sentence.text[: dated.period.span.start]
    is_earlier = context.phrases["when.earlier"].search(before)
    return dated.sentence.span.start <= span.start < dated.sentence.span.end and not is_earlier


def undated(context: Context) -> None:
    """Ask for the dates, and say what the text has of them."""
    for sentence in context.body:
        if found := context.says("when.relative", sentence):
            question = _("The text says only “%(words)s”. Add the dates if another source gives them.")
            span = sentence.place(*found.span())
            return context.ask(
                "relative_date", question % {"words": found[0]}, model="segment", field="start", span=span
            )
    return context.ask("no_dates", _("No date of the visit was found. Add its dates."), model="segment", field="start")
