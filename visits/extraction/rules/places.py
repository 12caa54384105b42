"""Which State was visited. Neighbours, earlier visits, conflict zones and where somebody comes from are not."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from visits.extraction.context import Context, Named
from visits.extraction.layout import Role, Sentence
from visits.extraction.proposal import Confidence, Value

# What a mention of a State counts for.
MENTIONED, IN_TITLE, IN_FIRST, SAID_VISITED = 1, 3, 2, 8
# Sentences of the body that a release takes to say what it is about.
FIRST_SENTENCES = 3


@dataclass
class Candidate:
    """A State that may have been visited. `visited` are the mentions that say so."""

    key: str
    score: float = 0
    visited: list[Named] = field(default_factory=list)


def candidates(context: Context) -> list[Candidate]:
    """States by how much the text speaks for a visit to them, the best first."""
    found: dict[str, Candidate] = {}
    earlier: Named | None = None
    for mention in context.countries:
        candidate = found.setdefault(mention.key, Candidate(mention.key))
        is_next = earlier is not None and follows(earlier, mention, context)
        if says_visited(mention, context) or (is_next and earlier in found[earlier.key].visited):
            candidate.visited.append(mention)
            candidate.score += SAID_VISITED
        if not is_beside(mention, context):
            candidate.score += MENTIONED + IN_TITLE * (mention.sentence.role is Role.TITLE)
            candidate.score += IN_FIRST * (0 < mention.sentence.number <= FIRST_SENTENCES)
        earlier = mention
    return sorted(found.values(), key=lambda one: -one.score)


def says_visited(mention: Named, context: Context) -> bool:
    """Whether what stands around the name says that this State was visited, now and not before."""
    sentence, phrases = mention.sentence, context.phrases
    before = sentence.text[: mention.span.start - sentence.start]
    after = sentence.text[mention.span.end - sentence.start :]
    lead = phrases["places.style"].sub("", before)
    if phrases["places.of_mission"].search(lead):
        return False
    if not (phrases["places.visited"].search(lead) or phrases["places.visited_after"].match(after)):
        return False
    return not (
        phrases["places.not_now"].search(sentence.text) or phrases["when.earlier"].search(clause(before, context))
    )


def clause(before: str, context: Context) -> str:
    """The part of a sentence that leads up to a place."""
    return context.phrases["places.clause"].split(before)[-1]


def follows(earlier: Named, mention: Named, context: Context) -> bool:
    """Whether two States stand beside each other in a list."""
    if earlier.sentence is not mention.sentence:
        return False
    between = context.layout.text[earlier.span.end : mention.span.start]
    return bool(re.fullmatch(rf"[,،、]?\s*(?:(?:{context.phrases.between})\s*)?", between, re.IGNORECASE)) or bool(
        context.phrases["places.listed"].fullmatch(between)
    )


def is_beside(mention: Named, context: Context) -> bool:
    """Whether the State is named for its border, as a place that people come from, or as a conflict zone."""
    before = mention.sentence.text[: mention.span.start - mention.sentence.start]
    return bool(context.phrases["places.beside"].search(context.phrases["places.style"].sub("", before)))


def visited(context: Context) -> list[tuple[Value, list[Named]]]:
    """The States visited, each with the mentions that say so: several only where each is said to have been visited
    at dates of its own, or in one list."""
    found = candidates(context)
    said = [one for one in found if one.visited]
    if not said:
        return [unsaid(found, context)] if found and is_about_a_visit(context) else []
    tour = on_tour(said, context)
    chosen = tour if len(tour) > 1 else said[:1]
    confidence = Confidence.CERTAIN
    if len(tour) < 2 and len(said) > 1 and said[1].score >= said[0].score:
        confidence = Confidence.CHECK
        names = " / ".join(context.vocabulary.names[one.key] for one in said[:2])
        question = _("The text speaks of visits to several States (%(names)s). Check which of them it tells of.")
        context.ask("several_states", question % {"names": names}, field="country", span=said[1].visited[0].span)
    return [(value_of(one, confidence), one.visited) for one in chosen]


def on_tour(said: list[Candidate], context: Context) -> list[Candidate]:
    """The States of a mission to several, in the order of the text."""
    by_sentence = defaultdict(list)
    for one in said:
        for mention in one.visited:
            by_sentence[mention.sentence].append(one.key)
    listed = {key for keys in by_sentence.values() if len(set(keys)) > 1 for key in keys}
    dated = Counter()
    with_days = {date.sentence for date in context.dates if date.period.has_days}
    for one in said:
        dated[one.key] = sum(mention.sentence in with_days for mention in one.visited)
    chosen = [one for one in said if one.key in listed or dated[one.key]]
    return sorted(chosen, key=lambda one: one.visited[0].span) if len(chosen) > 1 else []


def value_of(candidate: Candidate, confidence: Confidence) -> Value:
    # Words of the account say more than a heading.
    mention = next((one for one in candidate.visited if one.sentence.role is Role.BODY), candidate.visited[0])
    return Value(candidate.key, (mention.span,), "places.visited", confidence)


def unsaid(found: list[Candidate], context: Context) -> tuple[Value, list[Named]]:
    best = found[0]
    mention = next(one for one in context.countries if one.key == best.key)
    sure = len(found) == 1 or best.score > 2 * found[1].score
    return Value(best.key, (mention.span,), "places.most_named", Confidence.LIKELY if sure else Confidence.CHECK), []


def is_about_a_visit(context: Context) -> bool:
    """Whether some sentence says that the Executive Directorate, or a delegation, paid a visit, and the title does not
    say that the text is about something else."""
    title = context.layout.title
    if title and context.says("places.something_else", title):
        said = [one for one in context.within(context.countries, title) if says_visited(one, context)]
        if not said and not context.says("places.visit_told", title):
            return False
    for sentence in context.sentences:
        if context.says("visit.paid", sentence) and not context.says("places.not_now", sentence):
            senders = any(body.key in ("CTED", "CTC") for body in context.within(context.bodies, sentence))
            if senders or context.says("visit.visitors", sentence):
                return True
    return False


def sections(context: Context, keys: list[str]) -> dict[str, list[Sentence]]:
    """The sentences that tell of each State of a tour: its own, from where it is first named to where another is, and
    those that tell of all."""
    own, shared, current = {key: [] for key in keys}, [], None
    for sentence in context.sentences:
        named = {mention.key for mention in context.within(context.countries, sentence)} & own.keys()
        is_shared = bool(context.says("places.shared", sentence))
        if sentence.role is Role.TITLE or len(named) > 1 or is_shared:
            shared.append(sentence)
            current = None if is_shared else current
            continue
        current = named.pop() if named else current
        (own[current] if current else shared).append(sentence)
    return {key: sorted([*shared, *sentences], key=lambda one: one.span) for key, sentences in own.items()}
