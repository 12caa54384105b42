"""What was found: progress, good practice, what to strengthen, assistance, and what somebody stated. An aim is none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from visits.enums import Direction, FindingKind
from visits.ingest.context import Context, Named, value
from visits.ingest.layout import Role, Sentence
from visits.ingest.proposal import Confidence, Part, Span

from .people import Person
from .topics import named as topics_named

ORDER = ("assistance", "good-practice", "progress", "to-strengthen", "statement")


@dataclass(frozen=True)
class Clause:
    """A part of a sentence with one matter. `lead` is what governs it: `The delegation welcomed`."""

    span: Span
    lead: Span

    @property
    def is_first(self) -> bool:
        return self.lead.start == self.span.start


class Reader:
    def __init__(self, context: Context, people: list[Person], aim: Span | None):
        self.context, self.people, self.aim = context, people, aim
        self.text = context.layout.text

    def parts(self) -> list[Part]:
        found, speaker = [], None
        for sentence in self.context.sentences:
            if sentence.role is not Role.BODY:
                continue
            speaker = self.speaker(sentence, speaker)
            found += self.in_sentence(sentence, speaker)
        return found

    def in_sentence(self, sentence: Sentence, speaker: tuple[str, Span] | None) -> Iterator[Part]:
        phrases = self.context.phrases
        is_aim = self.aim and self.aim.start <= sentence.start < self.aim.end
        if is_aim or phrases["findings.never"].search(sentence.text):
            return
        for clause in self.clauses(sentence):
            words = clause.span.of(self.text)
            governed = f"{'' if clause.is_first else clause.lead.of(self.text) + ' '}{words}"
            kind = self.kind_of(governed, words)
            if kind:
                yield self.part(kind, clause, sentence, speaker)

    def kind_of(self, governed: str, words: str) -> FindingKind | None:
        for name in ORDER:
            if self.context.phrases[f"findings.{name}"].search(governed):
                return FindingKind(name)
        return None

    def clauses(self, sentence: Sentence) -> Iterator[Clause]:
        """A sentence split where it turns to another matter."""
        phrases, text = self.context.phrases, sentence.text
        lead_end = 0
        lead = phrases["findings.lead"].match(text)
        if lead:
            lead_end = lead.end()
        cuts = [0, *(match.start() for match in phrases["findings.next"].finditer(text, lead_end)), len(text)]
        for start, end in zip(cuts, cuts[1:], strict=False):
            joint = phrases["findings.next"].match(text, start) if start else None
            begin = joint.end() if joint else start
            words = text[begin:end].rstrip(" .;,")
            if words.strip():
                span = sentence.place(begin, begin + len(words))
                yield Clause(span, sentence.place(0, lead_end) if lead_end else Span(span.start, span.start))

    def speaker(self, sentence: Sentence, last: tuple[str, Span] | None) -> tuple[str, Span] | None:
        """Whose view a sentence gives: a person in it who says something, or who `he` and `she` is."""
        phrases = self.context.phrases
        if not phrases["findings.says"].search(sentence.text):
            return last if phrases["findings.pronoun"].match(sentence.text) else None
        for person in self.people:
            name = person.text("name", self.context)
            if name and (begin := sentence.text.find(name.split()[-1])) >= 0:
                whole = sentence.text.find(name)
                span = sentence.place(whole, whole + len(name)) if whole >= 0 else person.name
                return name, span if whole >= 0 else sentence.place(begin, begin + len(name.split()[-1]))
        if phrases["findings.pronoun"].match(sentence.text):
            return last
        if both := phrases["findings.both"].match(sentence.text):
            return self.both(both), sentence.place(*both.span())
        return None

    def both(self, match: re.Match) -> str:
        return re.sub(r"^Both\s+", "", match.group()).strip()

    def part(self, kind: FindingKind, clause: Clause, sentence: Sentence, speaker) -> Part:
        words = clause.span.of(self.text)
        values = {"kind": value(kind.value, clause.span, rule=f"findings.{kind.value}", confidence=Confidence.LIKELY)}
        if kind in (FindingKind.ASSISTANCE, FindingKind.TO_STRENGTHEN):
            direction, span = self.direction(kind, clause, sentence)
            if direction:
                values["direction"] = value(direction.value, *span, rule="findings.direction", confidence=Confidence.LIKELY)
        if kind != FindingKind.STATEMENT and (topic := self.topic(clause, sentence)):
            values["topic"] = value(topic.key, topic.span, rule="findings.topic", confidence=Confidence.LIKELY)
        if speaker:
            values["speaker"] = value(speaker[0], speaker[1], rule="findings.speaker", confidence=Confidence.LIKELY)
        text = f"{words[:1].upper()}{words[1:]}."
        return Part("finding", values | {"text": value(text, clause.span, rule="findings.clause", confidence=Confidence.LIKELY)})

    def direction(self, kind: FindingKind, clause: Clause, sentence: Sentence):
        """Whether assistance is offered, needed or discussed; of what is to be strengthened only that it was discussed."""
        phrases = self.context.phrases
        words = clause.span.of(self.text)
        if kind == FindingKind.TO_STRENGTHEN:
            lead = clause.lead.of(self.text)
            is_discussed = phrases["findings.discussed"].search(lead)
            return (Direction.DISCUSSED, [trimmed(clause.lead, self.text)]) if is_discussed else (None, [])
        for direction in Direction:
            if found := phrases[f"findings.{direction.value}"].search(words):
                return direction, [Span(clause.span.start + found.start(), clause.span.start + found.end())]
        return Direction.DISCUSSED, []

    def topic(self, clause: Clause, sentence: Sentence) -> Named | None:
        """The one topic that a clause names; of several none."""
        inside = [one for one in topics_named(sentence, self.context) if clause.span.start <= one.span.start < clause.span.end]
        return inside[0] if len({one.key for one in inside}) == 1 else None


def trimmed(span: Span, text: str) -> Span:
    return Span(span.start, span.start + len(span.of(text).rstrip()))


def parts(context: Context, people: list[Person], aim: Span | None) -> list[Part]:
    return Reader(context, people, aim).parts()
