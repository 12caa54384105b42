"""What was found: progress, good practice, what to strengthen, assistance, and what somebody stated. An aim is none."""

from collections.abc import Iterator
from dataclasses import dataclass

from visits.enums import Direction, FindingKind
from visits.extraction.context import Context, Named, value
from visits.extraction.layout import ENDED, Role, Sentence
from visits.extraction.proposal import Confidence, Part, Span

from .people import Person
from .topics import named as topics_named

MOST_OF_LEAD = 60
ORDER = ("assistance", "good-practice", "progress", "to-strengthen", "statement")


@dataclass(frozen=True)
class Clause:
    """A part of a sentence with one matter. `lead` is what governs it, such as `The delegation welcomed`; it is empty
    where nothing does."""

    span: Span
    lead: Span


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
            words = f"{clause.lead.of(self.text)} {clause.span.of(self.text)}".strip()
            if kind := self.kind_of(words):
                yield self.part(kind, clause, sentence, speaker)

    def kind_of(self, words: str) -> FindingKind | None:
        for name in ORDER:
            if self.context.phrases[f"findings.{name}"].search(words):
                return FindingKind(name)
        return None

    def clauses(self, sentence: Sentence) -> Iterator[Clause]:
        """A sentence split where it turns to another matter; what governs its beginning governs all that has no verb
        of its own."""
        phrases, text = self.context.phrases, sentence.text
        cuts = [match.span() for match in phrases["findings.next"].finditer(text)]
        bounds = zip([0, *(end for _start, end in cuts)], [*(start for start, _end in cuts), len(text)], strict=True)
        governing = Span(sentence.start, sentence.start)
        for begin, end in bounds:
            words = text[begin:end].rstrip(" .;,")
            own = phrases["findings.lead"].match(words)
            if own:
                governing = trimmed(sentence.place(begin, begin + own.end()), self.text)
                begin += own.end()
            begin += len(text[begin:end]) - len(text[begin:end].lstrip())
            words = text[begin:end].rstrip(" .;,")
            if words:
                yield Clause(sentence.place(begin, begin + len(words)), governing)

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
            return both["whom"].strip(), sentence.place(*both.span())
        return None

    def part(self, kind: FindingKind, clause: Clause, sentence: Sentence, speaker) -> Part:
        words = clause.span.of(self.text)
        says = self.shortened(clause.lead) if self.kind_of(clause.lead.of(self.text)) == kind else clause.span
        values = {"kind": value(kind.value, says, rule=f"findings.{kind.value}", confidence=Confidence.LIKELY)}
        if kind in (FindingKind.ASSISTANCE, FindingKind.TO_STRENGTHEN):
            direction, span = self.direction(kind, clause)
            if direction:
                values["direction"] = value(
                    direction.value, *span, rule="findings.direction", confidence=Confidence.LIKELY
                )
        if kind != FindingKind.STATEMENT and (topic := self.topic(clause, sentence)):
            values["topic"] = value(topic.key, topic.span, rule="findings.topic", confidence=Confidence.LIKELY)
        if speaker:
            values["speaker"] = value(speaker[0], speaker[1], rule="findings.speaker", confidence=Confidence.LIKELY)
        text = f"{words[:1].upper()}{words[1:]}{'' if ENDED.search(words) else '.'}"
        return Part(
            "finding", values | {"text": value(text, clause.span, rule="findings.clause", confidence=Confidence.LIKELY)}
        )

    def shortened(self, lead: Span) -> Span:
        """The verb of a lead that goes on for long before it."""
        if lead.end - lead.start <= MOST_OF_LEAD:
            return lead
        verbs = list(self.context.phrases["findings.says"].finditer(lead.of(self.text)))
        return Span(lead.start + verbs[-1].start(), lead.end) if verbs else lead

    def direction(self, kind: FindingKind, clause: Clause) -> tuple[Direction | None, list[Span]]:
        """Whether assistance is offered, needed or discussed; of what is to be strengthened only the last."""
        phrases = self.context.phrases
        words = clause.span.of(self.text)
        if kind == FindingKind.TO_STRENGTHEN:
            lead = clause.lead.of(self.text)
            is_discussed = phrases["findings.discussed"].search(lead)
            return (Direction.DISCUSSED, [clause.lead]) if is_discussed else (None, [])
        for direction in Direction:
            if found := phrases[f"findings.{direction.value}"].search(words):
                return direction, [Span(clause.span.start + found.start(), clause.span.start + found.end())]
        return Direction.DISCUSSED, []

    def topic(self, clause: Clause, sentence: Sentence) -> Named | None:
        """The one topic that a clause names; of several none."""
        inside = [
            one
            for one in topics_named(sentence, self.context)
            if clause.span.start <= one.span.start < clause.span.end
            and not self.context.phrases["findings.beside_topic"].search(self.text[sentence.start : one.span.start])
        ]
        # A strategy is about something.
        about = [one for one in inside if one.key != "national-strategy"] or inside
        return about[0] if len({one.key for one in about}) == 1 else None


def trimmed(span: Span, text: str) -> Span:
    return Span(span.start, span.start + len(span.of(text).rstrip()))


def parts(context: Context, people: list[Person], aim: Span | None) -> list[Part]:
    return Reader(context, people, aim).parts()
