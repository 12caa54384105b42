"""Where the name of a person can stand: words with capital letters, or what follows a form of address."""

import re
from collections.abc import Iterator

from visits.extraction.phrases import Phrases
from visits.extraction.proposal import Span

APOSTROPHE = "'’ʼ‘ʻ"
CAPITAL = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮİĴĶĹĻĽĿŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽА-ЯЁ"
WORD = rf"(?:(?:a[dlnrst]|ash|el)-)?[{CAPITAL}][\w{APOSTROPHE}]*(?:-[\w{APOSTROPHE}]+)*"
INITIAL = rf"[{CAPITAL}]\."
PARTICLES = (
    "de da do dos das del della di du des la le van von der den ten ter al el bin bint ibn abu ben ould mint y e zu"
)
PARTICLE = f"(?:{PARTICLES.replace(' ', '|')})"
# In words; before them a title may stand with capital letters of its own.
LONGEST = 7
LATIN = re.compile(
    rf"(?<![\w{APOSTROPHE}.-])[{APOSTROPHE}]?(?:{WORD}|{INITIAL})(?:\s(?:{PARTICLE}\s)*(?:{WORD}|{INITIAL})){{1,9}}(?![\w])"
)


def names_in(text: str, phrases: Phrases) -> Iterator[Span]:
    """Places of what may be the name of a person."""
    if phrases.code in ("ar", "zh-hans"):
        for match in phrases["people.name"].finditer(text):
            yield Span(*match.span("name"))
        return
    for match in LATIN.finditer(text):
        start, end = match.span()
        # A name may begin with a glottal stop; without a form of address it is a quotation that begins.
        if text[start] in APOSTROPHE and not phrases["people.address"].search(text[:start]):
            start += 1
        # A form of address or a title begins with a capital letter as well.
        if lead := phrases["people.not_of_name"].match(text[start:end]):
            start += lead.end()
        words = text[start:end]
        # The end of an office runs into the name: Minister of Interior Ana Mora.
        while " " in words and phrases["people.no_name"].search(words.split()[0]):
            lead = len(words) - len(words.split(maxsplit=1)[1])
            start, words = start + lead, words[lead:]
        if tail := phrases["people.not_at_end"].search(words):
            words = words[: tail.start()]
        words = re.sub(rf"[{APOSTROPHE}]s$", "", words.strip())
        is_name = 1 < len(words.split()) <= LONGEST or (words and phrases["people.address"].search(text[:start]))
        if is_name and not phrases["people.no_name"].search(words):
            yield Span(start, start + len(words))
