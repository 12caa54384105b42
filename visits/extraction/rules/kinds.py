"""What kind of visit it was, as worded in title and text, and which of its kind."""

import re

from visits.enums import KindOfVisit
from visits.extraction.context import Context, value
from visits.extraction.layout import Role, Sentence
from visits.extraction.proposal import Part, Span

# Sentences of the body that say what kind of visit it was; later ones speak of visits in general.
FIRST_SENTENCES = 10


def parts(context: Context) -> list[Part]:
    """Each kind once, in the order of the text."""
    found: dict[str, Part] = {}
    for sentence in context.sentences:
        if sentence.number > FIRST_SENTENCES and sentence.role is Role.BODY:
            break
        for match in context.phrases["kinds.phrase"].finditer(sentence.text):
            for kind, ordinal, span in kinds_in(match, context):
                if not is_of_another_visit(span, sentence, context):
                    add(found, kind, ordinal, sentence.place(*span))
    # “First visit” names no kind of its own where another is named.
    first = found.get(KindOfVisit.INITIAL)
    if first and "ordinal" in first.values and len(found) > 1 and first.values["kind"].rule == "kinds.first":
        del found[KindOfVisit.INITIAL]
    return list(found.values())


def is_of_another_visit(span: Span, sentence: Sentence, context: Context) -> bool:
    before, after = sentence.text[: span.start], sentence.text[span.end :]
    lead = re.split(r"[;:]", before)[-1]
    return bool(context.phrases["kinds.another"].search(lead) or context.phrases["kinds.another_after"].match(after))


def kinds_in(match: re.Match, context: Context) -> list[tuple[KindOfVisit, int | None, Span]]:
    """The kinds that a phrase such as `second follow-up assessment visit` names, with their places in the sentence."""
    words, begin = match.group(), match.start()
    ordinal = next(
        (
            (number, found)
            for number, (_name, pattern) in enumerate(context.phrases.group("ordinals"), start=1)
            if (found := pattern.search(words))
        ),
        None,
    )
    named = []
    for kind in KindOfVisit:
        if found := context.phrases[f"kinds.{kind.value}"].search(words):
            number = ordinal[0] if ordinal and ordinal[1].start() < found.start() else None
            start = ordinal[1].start() if number else found.start()
            named.append((kind, number, Span(begin + start, match.end())))
    if ordinal and ordinal[0] == 1 and not named and not context.phrases["kinds.day"].search(words):
        named.append((KindOfVisit.INITIAL, 1, Span(begin + ordinal[1].start(), match.end())))
    return named


def add(found: dict[str, Part], kind: KindOfVisit, ordinal: int | None, span: Span) -> None:
    """As it is first named; the ordinal from wherever it is."""
    rule = "kinds.first" if kind == KindOfVisit.INITIAL and ordinal == 1 else "kinds.worded"
    values = {"kind": value(kind.value, span, rule=rule)}
    if ordinal:
        values["ordinal"] = value(ordinal, span, rule="kinds.ordinal")
    found[kind] = Part("kind", values | found[kind].values if kind in found else values)
