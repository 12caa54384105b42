"""The resolutions whose implementation the visit was about. A misprint is told, never mended silently."""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from visits.extraction.context import Context, overlap, value
from visits.extraction.layout import Sentence
from visits.extraction.proposal import Confidence, Part, Span

from .calendar import western

# A number, which Chinese and Arabic write onto the word before, and what stands in brackets after it.
NUMBERED = re.compile(
    r"(?<![A-Za-z\d/.-])(?P<number>[1-9]\d{2,3})(?:\s{0,3}[(（](?P<year>[^()（）]{1,8})[)）])?(?![\d/%]|[.,]\d)"
)
SYMBOL = re.compile(r"S/RES/(?P<number>\d{1,4})(?:\s?\((?P<year>[^()]{1,8})\))?")
YEAR = re.compile(r"(?:19|20)\d\d")
# So far behind the word a number may stand.
NEAR = 45


def parts(context: Context) -> list[Part]:
    """Each resolution once, in the order of the text."""
    found: dict[int, Part] = {}
    for sentence in context.sentences:
        for match in numbers(sentence, context):
            number = int(match["number"])
            if number not in found:
                found[number] = part(number, match, sentence, context)
    return list(found.values())


def numbers(sentence: Sentence, context: Context) -> Iterator[re.Match]:
    """Numbers in a sentence that are those of resolutions: after the word, in one list with another, or with the year
    in brackets; not in the name of a body."""
    text = western(sentence.text)
    names = [Span(*body.span) for body in context.within(context.bodies, sentence)]
    listed_until = None
    words = [match.end() for match in context.phrases["resolutions.word"].finditer(text)]
    symbols = list(SYMBOL.finditer(text))
    # The year of a symbol is no number of its own.
    loose = [
        one for one in NUMBERED.finditer(text) if not any(overlap(Span(*one.span()), Span(*s.span())) for s in symbols)
    ]
    for match in sorted([*loose, *symbols], key=lambda one: one.start()):
        span = sentence.place(*match.span())
        if any(overlap(span, name) for name in names) or context.phrases["resolutions.of_body"].match(
            text[match.end() :]
        ):
            continue
        if context.phrases["resolutions.founding"].search(text[: match.start()]):
            continue
        is_known = int(match["number"]) in context.vocabulary.resolutions
        after_word = any(0 <= match.start() - end <= NEAR for end in words)
        follows = listed_until is not None and is_joined(text[listed_until : match.start()], context)
        has_year = bool(match["year"] and re.search(r"\d{4}", match["year"]))
        before_word = context.phrases["resolutions.word_after"].match(text[match.end() :])
        if after_word or follows or before_word or match.re is SYMBOL or (has_year and is_known):
            listed_until = match.end()
            yield match


def is_joined(between: str, context: Context) -> bool:
    return bool(context.phrases["resolutions.joined"].fullmatch(between))


def part(number: int, match: re.Match, sentence: Sentence, context: Context) -> Part:
    span = sentence.place(*match.span())
    year, known = (match["year"] or "").strip(), context.vocabulary.resolutions.get(number)
    confidence = Confidence.CERTAIN
    words = {"words": span.of(context.layout.text), "number": number, "year": known}
    if known is None:
        confidence = Confidence.CHECK
        question = _("Resolution %(number)s (“%(words)s”) is not in the register. Add it there, or leave it out.")
        context.ask("unknown_resolution", question % words, model="resolutionlink", field="resolution", span=span)
    elif year and year != str(known):
        confidence = Confidence.LIKELY if not YEAR.fullmatch(year) else Confidence.CHECK
        question = _("The text says “%(words)s”, but resolution %(number)s is of %(year)s. It may be a misprint.")
        context.ask("misprint", question % words, model="resolutionlink", field="resolution", span=span)
    return Part(
        "resolutionlink", {"resolution": value(number, span, rule="resolutions.numbered", confidence=confidence)}
    )
