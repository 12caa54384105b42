"""What every rule reads: the text in sentences, and the register's names in each of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .layout import Layout, Role, Sentence
from .proposal import Confidence, Question, Span, Value
from .rules.calendar import Period, periods
from .vocabulary import Vocabulary


@dataclass(frozen=True)
class Named:
    """A name of the vocabulary in a sentence. The span counts from the beginning of the text."""

    sentence: Sentence
    span: Span
    key: str


@dataclass(frozen=True)
class Dated:
    sentence: Sentence
    period: Period

    @property
    def span(self) -> Span:
        return self.sentence.place(*self.period.span)


class Context:
    """One text before the rules. `known` is what was known beforehand, such as its address and publication date."""

    def __init__(self, layout: Layout, vocabulary: Vocabulary, known: dict):
        self.layout, self.vocabulary, self.known = layout, vocabulary, known
        self.phrases = layout.phrases
        self.questions: list[Question] = []
        self.whole = self

    @cached_property
    def sentences(self) -> list[Sentence]:
        return self.layout.told

    @property
    def body(self) -> list[Sentence]:
        return [one for one in self.sentences if one.role is not Role.TITLE]

    def limited(self, sentences: list[Sentence]) -> "Context":
        """The same text, with these sentences of it alone."""
        limited = Context(self.layout, self.vocabulary, self.known)
        limited.sentences, limited.whole = sentences, self
        limited.questions = list(self.questions)
        return limited

    @cached_property
    def bodies(self) -> list[Named]:
        return list(self.found(self.vocabulary.bodies, self.sentences))

    @cached_property
    def countries(self) -> list[Named]:
        """States, but for those in the name of a body."""
        found = self.found(self.vocabulary.countries, self.sentences)
        return [one for one in found if not any(overlap(one.span, body.span) for body in self.bodies)]

    @cached_property
    def topics(self) -> list[Named]:
        return list(self.found(self.vocabulary.topics, self.sentences))

    @cached_property
    def dates(self) -> list[Dated]:
        return [
            Dated(sentence, period)
            for sentence in self.sentences
            for period in periods(sentence.text, self.phrases)
            if not self.is_of_resolution(sentence, period)
        ]

    def is_of_resolution(self, sentence: Sentence, period: Period) -> bool:
        """`resolution 1373 from 2001` dates no visit."""
        before = sentence.text[: period.span.start]
        return not period.has_days and bool(self.phrases["resolutions.dated"].search(before))

    def found(self, matcher, sentences: list[Sentence]) -> Iterator[Named]:
        for sentence in sentences:
            for match in matcher.find(sentence.text):
                yield Named(sentence, sentence.place(*match[:2]), match.key)

    def within(self, named: list, sentence: Sentence) -> list:
        return [one for one in named if one.sentence is sentence]

    def says(self, name: str, sentence: Sentence):
        """The first match of a phrase in a sentence."""
        return self.phrases[name].search(sentence.text)

    def ask(self, code: str, sentence: str, *, model="edition", field="", span: Span | None = None) -> None:
        self.questions.append(Question(code, sentence, model, field, span))


def overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def value(content, *spans: Span, rule: str, confidence=Confidence.CERTAIN) -> Value:
    return Value(content, tuple(spans), rule, confidence)
