"""What the talks were about, and the part that each topic had in them."""

from collections.abc import Iterator

from visits.enums import TopicRole
from visits.extraction.context import Context, Named, overlap, value
from visits.extraction.layout import Role, Sentence
from visits.extraction.proposal import Confidence, Part, Span

ORDER = list(TopicRole)
# So many topics in a sentence make a list.
ENOUGH = 3


def parts(context: Context) -> list[Part]:
    """Each topic once, by the strongest part it had; topics of the talks first, then what was also discussed."""
    found: dict[str, tuple[TopicRole, Named, Span | None]] = {}
    for sentence in context.sentences:
        for name, role, cue in in_sentence(sentence, context):
            if name.key not in found or ORDER.index(role) < ORDER.index(found[name.key][0]):
                found[name.key] = (role, name, cue)
    ranked = sorted(found.values(), key=lambda one: (ORDER.index(one[0]), one[1].span))
    return [part(name, role, cue) for role, name, cue in ranked]


def named(sentence: Sentence, context: Context) -> list[Named]:
    """Topics in a sentence, by the vocabulary's names and by other words; of those that overlap the longest."""
    found = list(context.within(context.topics, sentence))
    for slug, pattern in context.phrases.group("topics"):
        for match in pattern.finditer(sentence.text):
            blank = len(match.group()) - len(match.group().lstrip())
            found.append(Named(sentence, sentence.place(match.start() + blank, match.end()), slug))
    found.sort(key=lambda one: one.span.start - one.span.end)
    kept: list[Named] = []
    for one in found:
        inside = any(overlap(one.span, other.span) for other in kept)
        in_body = any(overlap(one.span, body.span) for body in context.within(context.bodies, sentence))
        before = sentence.text[: one.span.start - sentence.start]
        if not (inside or in_body or context.phrases["topics_are.office"].search(before)):
            kept.append(one)
    return sorted(kept, key=lambda one: one.span)


def in_sentence(sentence: Sentence, context: Context) -> Iterator[tuple[Named, TopicRole, Span | None]]:
    """The topics of a sentence that says what was talked about."""
    phrases = context.phrases
    if sentence.role is not Role.BODY or phrases["topics_are.never"].search(sentence.text):
        return
    names = named(sentence, context)
    if len({name.key for name in names}) < ENOUGH:
        names = [name for name in names if not phrases["topics_are.weak"].match(name.span.of(context.layout.text))]
    listed = names
    for role in (TopicRole.CROSS_CUTTING, TopicRole.FOCUS, TopicRole.MENTIONED):
        for cue in phrases[f"topics_are.{role.value}"].finditer(sentence.text):
            span = sentence.place(*cue.span())
            if reached := [name for name in names if is_reached(name, span, sentence, context)]:
                yield from ((name, own_role(role, name, sentence, context), span) for name in reached)
                # What stands before may have been said to have another part.
                names = [name for name in names if name not in reached]
                break
    # A list of topics is what the talks were about, whatever the words around it.
    certain = [name for name in listed if not phrases["topics_are.weak"].match(name.span.of(context.layout.text))]
    if len({name.key for name in listed}) >= ENOUGH and len({name.key for name in certain}) > 1:
        yield from ((name, TopicRole.FOCUS, None) for name in names)


def is_reached(name: Named, cue: Span, sentence: Sentence, context: Context) -> bool:
    """A cue speaks of what follows it, unless it ends the sentence; a clause with another matter stops it."""
    text = context.layout.text
    looks_back = bool(context.phrases["topics_are.before"].search(cue.of(text)))
    if name.span.start >= cue.end or overlap(name.span, cue):
        return not context.phrases["topics_are.until"].search(text[cue.end : name.span.start])
    return looks_back


def own_role(role: TopicRole, name: Named, sentence: Sentence, context: Context) -> TopicRole:
    after = sentence.text[name.span.end - sentence.start :]
    if role == TopicRole.FOCUS and context.phrases["topics_are.crossing"].match(after):
        return TopicRole.CROSS_CUTTING
    return role


def part(name: Named, role: TopicRole, cue: Span | None) -> Part:
    confidence = Confidence.CERTAIN if cue and role != TopicRole.MENTIONED else Confidence.LIKELY
    return Part(
        "focus",
        {
            "topic": value(name.key, name.span, rule="topics.named", confidence=confidence),
            "role": value(role.value, *([cue] if cue else []), rule=f"topics.{role.value}", confidence=confidence),
        },
    )
