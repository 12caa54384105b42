"""Which bodies were in the delegation, and which are only mentioned."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from visits.enums import PartRole
from visits.extraction.context import Context, Named, value
from visits.extraction.layout import Role, Sentence
from visits.extraction.proposal import Confidence, Part, Span, Value

LEADS = "CTED"
# The Committee sends the delegation, and is no part of it.
NEVER = {"CTC"}
# So many bodies in a sentence are a delegation rather than partners of a matter.
ENOUGH = 3


@dataclass(frozen=True)
class Reader:
    context: Context

    def parts(self) -> tuple[list[Part], list[Value]]:
        """Those that took part, the leading body first, and those mentioned."""
        found: dict[str, Part] = {}
        if lead := self.lead():
            found[LEADS] = lead
        for name, cue in self.taking_part():
            if name.key not in NEVER:
                found.setdefault(name.key, self.participation(name, cue))
        mentioned = {}
        for name in self.names:
            if name.key not in found and name.key not in NEVER and name.key not in mentioned:
                mentioned[name.key] = value(name.key, name.span, rule="bodies.mentioned")
        return list(found.values()), list(mentioned.values())

    @cached_property
    def names(self) -> list[Named]:
        """Bodies as named, each with the acronym in brackets that follows; the parent in a longer name is not one."""
        merged: list[Named] = []
        for name in self.context.bodies:
            last = merged[-1] if merged else None
            if last and last.sentence is name.sentence:
                between = self.context.layout.text[last.span.end : name.span.start]
                if last.key == name.key and re.fullmatch(r"\s?[(（«\"“/]\s?|\s?[(（]\w*[/-]", between):
                    end = self.closed(name.span.end)
                    merged[-1] = replace(last, span=Span(last.span.start, end))
                    continue
                if self.context.phrases["bodies.of_parent"].fullmatch(between) and name.key != LEADS:
                    continue
            merged.append(name)
        return [replace(name, span=self.with_acronym(name)) for name in merged]

    def closed(self, end: int) -> int:
        found = re.match(r"(?:/\w+)?\s?[)）»\"”]", self.context.layout.text[end:])
        return end + found.end() if found else end

    def with_acronym(self, name: Named) -> Span:
        """With an acronym in brackets that the register does not know, such as `(UNODC/TPB)`."""
        text = self.context.layout.text
        if text[name.span.end - 1] in ")）":
            return name.span
        found = re.match(r"\s?[(（][A-ZÀ-ÝА-Я][\w/ .-]{1,20}[)）]", text[name.span.end :])
        return Span(name.span.start, name.span.end + found.end()) if found else name.span

    def taking_part(self) -> list[tuple[Named, Span]]:
        found = []
        for sentence in self.context.sentences:
            here = [name for name in self.names if name.sentence is sentence]
            if not here or sentence.role is Role.TITLE:
                continue
            cued = [(name, cue) for cue in self.cues(sentence) for name in here if self.is_within(name, cue, here)]
            found += [*cued, *self.company(here, sentence)] or self.gathered(here, sentence)
        return found

    def company(self, here: list[Named], sentence: Sentence) -> Iterator[tuple[Named, Span]]:
        """Those in one list with the leading body, or said to have come along with the visitors."""
        text, phrases = self.context.layout.text, self.context.phrases
        if phrases["bodies.together"].search(sentence.text):
            return
        tells = any(name.key == LEADS for name in here) or self.context.says("visit.visitors", sentence)
        for index, first in enumerate(here):
            if first.key == LEADS:
                found = [*self.list_from(here[index:]), *self.list_from(here[index::-1])]
            elif tells and phrases["bodies.along"].search(text[sentence.start : first.span.start]):
                found = [first, *self.list_from(here[index:])]
            else:
                continue
            for name in found:
                is_thing = phrases["bodies.thing_after"].match(text[name.span.end :])
                if not (is_thing or self.is_absent(name, sentence)):
                    yield name, first.span

    def list_from(self, names: list[Named]) -> Iterator[Named]:
        """Those that stand in one list with the first of the names, and next to it."""
        for last, name in pairwise(names):
            earlier, later = sorted((last.span, name.span))
            between = self.context.layout.text[earlier.end : later.start]
            if not self.context.phrases["bodies.beside"].fullmatch(between):
                return
            yield name

    def gathered(self, here: list[Named], sentence: Sentence) -> list[tuple[Named, Span]]:
        """Several bodies named beside `experts` or `joined`, in a sentence that says nothing else of them."""
        found = self.context.says("bodies.gathered", sentence)
        others = {name.key for name in here} - NEVER - {LEADS}
        if not found or len(others) < ENOUGH or self.context.says("bodies.not", sentence):
            return []
        cue = sentence.place(*found.span())
        return [(name, cue) for name in here if not self.is_absent(name, sentence)]

    def cues(self, sentence: Sentence) -> list[Span]:
        """Where the sentence says that those named took part, up to the first of them."""
        cues = []
        for match in self.context.phrases["bodies.took_part"].finditer(sentence.text):
            span = sentence.place(*match.span())
            named = [one.span.start for one in self.context.within(self.context.bodies, sentence) if one.key != LEADS]
            end = min((start for start in named if span.start < start < span.end), default=span.end)
            cues.append(Span(span.start, span.start + len(Span(span.start, end).of(self.context.layout.text).rstrip())))
        return cues

    def is_within(self, name: Named, cue: Span, here: list[Named]) -> bool:
        """After `included representatives of`, or before `were members of the delegation`; not beyond a clause that
        says what others did."""
        text, phrases = self.context.layout.text, self.context.phrases
        words = cue.of(text)
        # Put first, `took part` speaks of those that follow.
        looks_back = bool(phrases["bodies.before"].search(words)) and here[0].span.start < cue.start
        between = text[cue.end : name.span.start] if name.span.start >= cue.end else text[name.span.end : cue.start]
        is_there = name.span.end <= cue.start if looks_back else name.span.start >= cue.end
        if not is_there:
            return False
        return not (phrases["bodies.not"].search(between) or self.is_absent(name, name.sentence))

    def is_absent(self, name: Named, sentence: Sentence) -> bool:
        """Whether the words around a name say that the body did not come."""
        text, phrases = self.context.layout.text, self.context.phrases
        before = text[max(sentence.start, name.span.start - 60) : name.span.start]
        after = text[name.span.end : min(sentence.span.end, name.span.end + 90)]
        apart = phrases["bodies.apart"]
        around = f"{apart.split(before)[-1]}{name.span.of(text)}{apart.split(after)[0]}"
        return bool(phrases["bodies.not_there"].search(around))

    def participation(self, name: Named, cue: Span) -> Part:
        role = PartRole.LEAD if name.key == LEADS else PartRole.MEMBER
        return Part("participation", values(name, role, cue, self.context))

    def lead(self) -> Part | None:
        """The Executive Directorate leads wherever it is named: first where it is said to have made the visit."""
        named = [name for name in self.names if name.key == LEADS]
        if not named:
            return None
        acts = [(name, span) for name in named if (span := self.act(name))]
        name, span = next((one for one in acts if one[0].sentence.role is Role.BODY), (acts or [(named[0], None)])[0])
        return Part("participation", values(name, PartRole.LEAD, span, self.context))

    def act(self, name: Named) -> Span | None:
        """From the name on, what it did: `(CTED) conducted a follow-up visit`."""
        rest = self.context.layout.text[name.span.end : name.sentence.span.end]
        found = self.context.phrases["bodies.made_visit"].match(rest)
        return Span(name.span.start, name.span.end + found.end()) if found else None


def values(name: Named, role: PartRole, cue: Span | None, context: Context) -> dict[str, Value]:
    confidence = Confidence.CERTAIN if cue else Confidence.LIKELY
    return {
        "body": value(context.vocabulary.slugs[name.key], name.span, rule="bodies.named", confidence=confidence),
        "role": value(role.value, *([cue] if cue else []), rule="bodies.took_part", confidence=confidence),
        "named_as": value(name.span.of(context.layout.text), name.span, rule="bodies.named"),
    }


def parts(context: Context) -> tuple[list[Part], list[Value]]:
    return Reader(context).parts()
