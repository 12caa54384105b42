"""How a text is built: its title, the stamp of a web page, navigation, paragraphs and sentences, and where."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from visits.text.fold import CHINESE

from . import phrases
from .phrases import Phrases
from .proposal import Span

LINE = re.compile(r"[^\n]*\S[^\n]*")
# A stop, whatever closes a quotation, and the blank that most scripts put before the next sentence. A row of stops is
# looked at from its beginning alone: from each of them, a long one would take minutes.
STOP = re.compile(
    r"(?:(?<![.!?…؟])[.!?…؟]+[»”\"’')\]]*(?=\s|$)|[。！？]+[」』”]?|(?<=[a-zà-ÿ])\.(?=[A-Z][a-z])|;\s(?=\n))"
)
# What ends with a stop and ends no sentence.
SHORTENED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Mme|Mlle|Dr|Prof|St|Gen|Lt|Col|Maj|Sr|Sra|Srta|Amb|Hon|Messrs|No|Nos|Art|vs|e\.g|i\.e|cf|al"
    r"|H\.E|S\.E|S\.Exc|г-н|г-жа|г|гг|им|ул|т|д|н|Jan|Feb|Aug|Sept|Oct|Nov|Dec)|\b[A-ZÀ-ÝА-Я])\.$"
)
LONGEST_SHORTENED = 12
ENDED = re.compile(r"[.!?…؟。！？][»”\"’')\]」』]*\s*$")
STAMP = re.compile(
    r"^(?P<stamp>\d{4}-\d{2}-\d{2}T[\d:]+(?:Z|[+-]\d{2}:\d{2})?)\s*(?P<date>[^|]*)\|(?P<category>[^|]*)\|?$"
)
SEPARATED = re.compile(r"\s[|>»›·•/]\s|\s\|\s?|›|»")
# A page is so many characters wide.
LEAST_OF_WIDTH, MOST_OF_WIDTH = 50, 100
LISTED = re.compile(r"[-–—*•·>]|\(?\w{1,3}[.)]\s|\d")
MOST_OF_TITLE = 220
MOST_OF_CAPTION = 160
MOST_OF_NOTICE = 360
MOST_OF_SENTENCE = 2_000
# A last line without a stop that is longer breaks off.
LEAST_OF_SENTENCE = 40


class Role(Enum):
    TITLE = "title"
    STAMP = "stamp"
    NAVIGATION = "navigation"
    CAPTION = "caption"
    BODY = "body"


@dataclass(frozen=True)
class Sentence:
    """`number` counts the sentences of the body; the title is 0."""

    span: Span
    text: str
    role: Role
    paragraph: int
    number: int = 0

    @property
    def start(self) -> int:
        return self.span.start

    def place(self, start: int, end: int) -> Span:
        """Where a part of the sentence stands in the whole text, without blanks at its ends."""
        words = self.text[start:end]
        return Span(self.start + end - len(words.lstrip()), self.start + start + len(words.rstrip()))


@dataclass(frozen=True)
class Layout:
    text: str
    phrases: Phrases
    sentences: tuple[Sentence, ...]
    stamp: re.Match | None
    stamp_start: int = 0
    truncated: bool = False

    @property
    def language(self) -> str:
        return self.phrases.code

    @property
    def title(self) -> Sentence | None:
        return next((one for one in self.sentences if one.role is Role.TITLE), None)

    @property
    def told(self) -> list[Sentence]:
        """What the text says: title and body, without navigation and stamp."""
        return [one for one in self.sentences if one.role not in (Role.STAMP, Role.NAVIGATION)]

    @property
    def body(self) -> list[Sentence]:
        return [one for one in self.sentences if one.role in (Role.BODY, Role.CAPTION)]

    @property
    def body_span(self) -> Span | None:
        body = self.body
        return Span(body[0].span.start, body[-1].span.end) if body else None


def language_of(text: str) -> str:
    """The language that most of a text is written in, of the six."""
    arabic, chinese, cyrillic = (len(re.findall(f"[{letters}]", text)) for letters in ("؀-ۿ", CHINESE, "Ѐ-ӿ"))
    latin = len(re.findall("[A-Za-zÀ-ÿ]", text))
    most, language = max((arabic, "ar"), (chinese * 3, "zh-hans"), (cyrillic, "ru"), (latin, ""))
    if not most:
        return "en"
    if language:
        return language
    words = re.findall(r"[a-zà-ÿ]+", text.lower())
    small = {
        "en": {"the", "of", "and", "to", "in", "with", "on"},
        "fr": {"le", "la", "les", "des", "et", "du", "une", "dans"},
        "es": {"el", "la", "los", "las", "y", "del", "en", "una"},
    }
    counts = {language: sum(word in known for word in words) for language, known in small.items()}
    return max(counts, key=counts.get)


def read(text: str, language: str = "") -> Layout:
    """The layout of a normalised text."""
    known = phrases.of(language or language_of(text))
    lines = unwrapped(text, [Span(*match.span()) for match in LINE.finditer(text)])
    roles = dict.fromkeys(lines, Role.BODY)
    stamp = stamp_start = None
    for line in lines:
        words = line.of(text).strip()
        if found := STAMP.match(words):
            stamp, stamp_start, roles[line] = found, line.start, Role.STAMP
        elif is_navigation(words, known):
            roles[line] = Role.NAVIGATION
    if title := title_of([line for line in lines if roles[line] is Role.BODY], text):
        roles[title] = Role.TITLE
    longest = max((len(line.of(text)) for line in lines if roles[line] is Role.BODY), default=0)
    sentences, number = [], 0
    for paragraph, line in enumerate(lines):
        role = roles[line]
        spans = list(split(text, line)) if role is Role.BODY else [line]
        # Where all paragraphs are short, a short one is no caption.
        is_told = ENDED.search(line.of(text)) and longest < MOST_OF_NOTICE
        if role is Role.BODY and len(spans) == 1 and not is_told and len(line.of(text)) <= MOST_OF_CAPTION < longest:
            role = Role.CAPTION
        for span in spans:
            number += role in (Role.BODY, Role.CAPTION)
            kept = number if role is not Role.TITLE else 0
            sentences.append(Sentence(span, span.of(text), role, paragraph, kept))
    told = [one for one in sentences if one.role in (Role.BODY, Role.CAPTION)]
    truncated = bool(told) and bool(re.search(r"[\w,;-]$", told[-1].text)) and len(told[-1].text) > LEAST_OF_SENTENCE
    return Layout(text, known, tuple(sentences), stamp, stamp_start or 0, truncated)


def plain(text: str, language: str = "", role: Role = Role.BODY) -> Layout:
    """The layout of a text without anything around it: each line is a paragraph of the account, or a title."""
    spans = [
        (number, span) for number, line in enumerate(LINE.finditer(text)) for span in split(text, Span(*line.span()))
    ]
    sentences = [
        Sentence(span, span.of(text), role, paragraph, 0 if role is Role.TITLE else number)
        for number, (paragraph, span) in enumerate(spans, start=1)
    ]
    return Layout(text, phrases.of(language or language_of(text)), tuple(sentences), None)


def unwrapped(text: str, lines: list[Span]) -> list[Span]:
    """The lines, those of one paragraph put together where the text is broken at the width of a page."""
    joined: list[Span] = []
    for line in lines:
        last = joined[-1] if joined else None
        if last and text[last.end : line.start] == "\n" and is_broken(last, line, text):
            joined[-1] = Span(last.start, line.end)
        else:
            joined.append(line)
    return joined


def is_broken(last: Span, line: Span, text: str) -> bool:
    """Whether a line breaks off in the middle: it is long, ends no sentence, and the next begins with a small letter or
    is long as well."""
    width = len(text[text.rfind("\n", 0, last.end) + 1 : last.end])
    if not LEAST_OF_WIDTH <= width <= MOST_OF_WIDTH or re.search(r"[.!?:;|]\s*$", last.of(text)):
        return False
    following = line.of(text).strip()
    return following[:1].islower() or (len(following) >= LEAST_OF_WIDTH and not LISTED.match(following))


def is_navigation(line: str, known: Phrases) -> bool:
    """A row of links, or what web pages say beside the text."""
    if len(line) > MOST_OF_TITLE:
        return False
    if known["layout.navigation"].search(line):
        return True
    parts = [part for part in SEPARATED.split(line) if part.strip()]
    return len(parts) > 1 and not re.search(r"[.!?]$", line) and all(len(part.split()) <= 4 for part in parts)


def title_of(lines: list[Span], text: str) -> Span | None:
    """The first line that reads like a heading, where one stands before the account."""
    for line in lines[:5]:
        words = line.of(text).strip()
        if len(words) > MOST_OF_TITLE:
            return None
        is_sentence = re.search(r"[.!。؟؛;:]$", words)
        enough = len(words) > 8 if re.search(f"[{CHINESE}]", words) else len(words.split()) > 2
        if not is_sentence and enough and line != lines[-1] and not re.match(r"^[^.]*\d{4}$", words):
            return line
    return None


def split(text: str, line: Span) -> Iterator[Span]:
    """The sentences of a line."""
    start = line.start
    for stop in STOP.finditer(text, line.start, line.end):
        if SHORTENED.search(text[max(start, stop.end() - LONGEST_SHORTENED) : stop.end()]):
            continue
        yield from bounded(text, start, stop.end())
        start = stop.end()
    yield from bounded(text, start, line.end)


def bounded(text: str, start: int, end: int) -> Iterator[Span]:
    """What stands between two stops; cut between words where no sentence is so long, since rules look at each whole."""
    while end - start > MOST_OF_SENTENCE:
        cut = text.rfind(" ", start + 1, start + MOST_OF_SENTENCE)
        cut = cut if cut > start else start + MOST_OF_SENTENCE
        yield trimmed(text, start, cut)
        start = cut
    if text[start:end].strip():
        yield trimmed(text, start, end)


def trimmed(text: str, start: int, end: int) -> Span:
    words = text[start:end]
    return Span(start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip()))
