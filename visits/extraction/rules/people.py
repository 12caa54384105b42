"""Who headed the delegation, who received it, and who else speaks: name, title, organization and role.

A person is found by a form of address before the name, by a title before it, or by a title after it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from visits.enums import PersonRole
from visits.extraction.context import Context, Named, overlap, value
from visits.extraction.layout import Sentence
from visits.extraction.phrases import Phrases
from visits.extraction.proposal import Confidence, Part, Span, Value
from visits.extraction.sentences import WITH_ARTICLE
from visits.text.fold import fold

from .people_names import APOSTROPHE, names_in


@dataclass(frozen=True)
class Person:
    """Places of what the text says of one person; a place may be missing. `rank` is a title before the name, where
    another one follows it."""

    sentence: Sentence
    name: Span | None
    title: Span | None = None
    rank: Span | None = None
    department: Span | None = None
    organisation: Span | None = None
    role: PersonRole = PersonRole.OTHER
    cue: Span | None = None
    addressed: bool = False

    def text(self, name: str, context: Context) -> str:
        span = getattr(self, name)
        return span.of(context.layout.text) if span else ""


def people(context: Context) -> list[Person]:
    """Everybody named, once, where the most is said of them."""
    found: dict[str, Person] = {}
    for sentence in context.sentences:
        for person in in_sentence(sentence, context):
            name = person.text("name", context)
            known = next((one for one in found if same(one, name)), None)
            if known is None:
                if person.title or person.cue or person.addressed:
                    found[name or f"({person.text('title', context)})"] = person
            else:
                found[known] = merged(found[known], person)
    nameless = [person for person in found.values() if person.name is None]
    for head in nameless:
        # The Executive Director who “was the head of the delegation” may be named elsewhere.
        for key, person in found.items():
            if person.name and person.role == PersonRole.OTHER and holds(person, head, context):
                found[key] = replace(person, role=PersonRole.HEAD, cue=head.cue)
    heads = [person for person in found.values() if person.role == PersonRole.HEAD and person.name]
    # A title without a name is told only where no name is.
    return [person for person in found.values() if person not in nameless or not heads]


def holds(person: Person, head: Person, context: Context) -> bool:
    """Whether the title is that of the head, who is not named there."""
    return fold(head.text("title", context)) == fold(person.text("title", context)) != ""


def same(known: str, name: str) -> bool:
    """Whether both are one person: a later mention gives only the family name, which some languages put first."""
    if not name or known.startswith("("):
        return False
    return known == name or known.startswith(f"{name} ") or known.endswith(f" {name}")


def merged(known: Person, other: Person) -> Person:
    better = known if known.title or not other.title else replace(other, name=known.name)
    if better.role == PersonRole.OTHER and other.role != PersonRole.OTHER:
        better = replace(better, role=other.role, cue=other.cue)
    if known.role == PersonRole.HEAD:
        better = replace(better, role=known.role, cue=known.cue)
    return better


def in_sentence(sentence: Sentence, context: Context) -> Iterator[Person]:
    phrases, text = context.phrases, sentence.text
    taken = [
        one.span for one in [*context.within(context.bodies, sentence), *context.within(context.countries, sentence)]
    ]
    for name in names_in(text, phrases):
        span = sentence.place(*name)
        before, after = text[: name.start], text[name.end :]
        address = phrases["people.address"].search(before)
        # A long name may be that of a State or a body; with a form of address it is somebody's.
        if not address and any(overlap(span, other) for other in taken):
            continue
        title_before = phrases["people.title_before"].search(before)
        title_after = phrases["people.title_after"].match(after)
        office = phrases["people.office_after"].match(after)
        is_told = any(phrases[name].search(before) for name in ("people.led_by", "people.hosted_by"))
        if not (address or title_before or title_after or office or is_told):
            continue
        if phrases["people.background"].search(before) and not title_after:
            continue
        person = Person(sentence, span, addressed=bool(address))
        if title_after:
            person = titled(person, name.end + title_after.start("title"), name.end + title_after.end("title"), context)
        if title_before:
            rank = titled(person, *title_before.span("title"), context)
            person = replace(person, rank=rank.title) if person.title else rank
        if office and not person.organisation:
            place = sentence.place(name.end + office.start("organisation"), name.end + office.end("organisation"))
            person = replace(person, organisation=place)
        yield with_role(person, context)
    for match in phrases["people.nameless_head"].finditer(text):
        person = Person(sentence, None, role=PersonRole.HEAD, cue=sentence.place(*match.span()))
        yield titled(person, *match.span("title"), context)


def titled(person: Person, start: int, end: int, context: Context) -> Person:
    """With title, department and organization out of words such as `Adviser in the X Department within Y`."""
    sentence, phrases = person.sentence, context.phrases
    words = sentence.text[start:end]
    parts = {}
    if head := phrases["people.is_head"].search(words):
        person = replace(
            person, role=PersonRole.HEAD, cue=sentence.place(start + head.start("cue"), start + head.end("cue"))
        )
        if head.start() > 0:
            end = start + head.start()
            words = sentence.text[start:end]
        else:
            start += head.end()
            words = sentence.text[start:end]
    bodies = [one for one in context.within(context.bodies, sentence) if overlap(one.span, sentence.place(start, end))]
    for pattern in ("people.of_department", "people.of_organisation"):
        if found := phrases[pattern].search(words):
            for name in ("department", "organisation"):
                if name in found.re.groupindex and found[name]:
                    parts[name] = sentence.place(start + found.start(name), start + found.end(name))
            # Chinese names the office first.
            if found.start() == 0:
                start, words = start + found.end(), words[found.end() :]
            else:
                words = words[: found.start()]
            break
    if "organisation" not in parts and bodies:
        parts["organisation"], words, start = of_body(bodies, words, start, sentence, phrases)
    countries = context.within(context.countries, sentence)
    for country in () if "organisation" in parts else countries:
        lead = words[: max(0, country.span.start - sentence.start - start)]
        if country.span.end == sentence.place(start, start + len(words)).end and (
            cut := phrases["people.of_country"].search(lead)
        ):
            parts["organisation"], words = country.span, words[: cut.start()]
    if "organisation" not in parts and (owner := phrases["people.owner"].match(words)):
        parts["organisation"] = sentence.place(start, start + owner.end("owner"))
        start, words = start + owner.end(), words[owner.end() :]
    lead = len(words) - len(words.lstrip(" ,"))
    words = words.strip(" ,;")
    title = sentence.place(start + lead, start + lead + len(words)) if words else None
    return replace(person, title=title, **parts)


def of_body(bodies: list[Named], words: str, start: int, sentence: Sentence, phrases: Phrases) -> tuple[Span, str, int]:
    """A body before the title or after it is the organization; what is left are the title's words, from `start`."""
    body = bodies[0]
    begin, end = body.span.start - sentence.start - start, body.span.end - sentence.start - start
    if begin <= 0:
        rest = re.match(rf"[{APOSTROPHE}]?s?\s+", words[end:])
        cut = end + (rest.end() if rest else 0)
        return body.span, words[cut:], start + cut
    left = phrases["people.of"].sub("", words[:begin])
    return body.span, left, start


def with_role(person: Person, context: Context) -> Person:
    """Head where the sentence says so, host where somebody speaks for the State, else other."""
    if person.role == PersonRole.HEAD:
        return person
    sentence, phrases = person.sentence, context.phrases
    begin, end = person.name.start - sentence.start, person.name.end - sentence.start
    before, after = sentence.text[:begin], sentence.text[end:]
    words = " ".join(filter(None, (person.text("title", context), person.text("organisation", context))))
    is_visitor = bool(
        phrases["people.of_visitors"].match(person.text("title", context))
        or phrases["people.of_un"].search(words)
        or (person.organisation and any(overlap(person.organisation, body.span) for body in context.bodies))
    )
    if is_of_hosts(person, context) or phrases["people.own_side"].search(before):
        return replace(person, role=PersonRole.HOST, cue=person.name)
    # Who speaks for a State may lead much, but never the delegation that visits it.
    is_host = phrases["people.of_government"].search(words) or phrases["people.hosted_by"].search(before)
    if is_host and not is_visitor:
        return as_host(person, before, context)
    if found := phrases["people.led_by"].search(before):
        lead = before[found.start() :]
        return replace(
            person, role=PersonRole.HEAD, cue=sentence.place(found.start(), found.start() + len(lead.rstrip(" ,")))
        )
    if phrases["people.leads_side"].match(after):
        return replace(person, role=PersonRole.HOST, cue=person.name)
    title_end = max((span.end for span in (person.title, person.department, person.organisation) if span), default=0)
    for rest in (max(end, title_end - sentence.start), end):
        if found := phrases["people.leads"].match(sentence.text[rest:]):
            return replace(person, role=PersonRole.HEAD, cue=sentence.place(begin, rest + found.end()))
    return as_host(person, before, context) if phrases["people.of_state"].search(words) and not is_visitor else person


def as_host(person: Person, before: str, context: Context) -> Person:
    cue = context.phrases["people.welcoming"].search(before)
    start = person.sentence.place(*cue.span()).start if cue else person.name.start
    return replace(person, role=PersonRole.HOST, cue=Span(start, person.name.end))


def is_of_hosts(person: Person, context: Context) -> bool:
    """Whether the sentence speaks of the delegation of a State: `Samoa’s delegation had … as its leader`, or that
    somebody `led the delegation of Samoa`."""
    text, name = context.layout.text, person.name
    return any(
        context.phrases["people.own_delegation"].match(text[country.span.end : name.start])
        if country.span.end < name.start
        else context.phrases["people.leads_of"].match(text[name.end : country.span.start])
        for country in context.within(context.countries, person.sentence)
    )


def parts(context: Context, found: list[Person], country: str) -> list[Part]:
    """`country` is the State visited: whoever speaks for another one is no host."""
    for_others = {one.span for one in context.countries if one.key != country}
    return [part(as_guest(person, for_others), context, country) for person in found]


def as_guest(person: Person, countries: set[Span]) -> Person:
    titles = [span for span in (person.title, person.organisation) if span]
    is_guest = person.role == PersonRole.HOST and any(overlap(span, other) for span in titles for other in countries)
    return replace(person, role=PersonRole.OTHER, cue=None) if is_guest else person


def part(person: Person, context: Context, country: str) -> Part:
    confidence = Confidence.CERTAIN if person.addressed or person.cue else Confidence.LIKELY
    values = {}
    for name in ("name", "title", "department", "organisation"):
        if span := getattr(person, name):
            values[name] = value(span.of(context.layout.text), span, rule=f"people.{name}", confidence=confidence)
    if person.rank and person.title:
        spans = sorted((person.rank, person.title))
        words = ", ".join(span.of(context.layout.text) for span in (person.rank, person.title))
        values["title"] = value(words, *spans, rule="people.title", confidence=confidence)
    spans = [person.cue] if person.cue else []
    values["role"] = value(person.role.value, *spans, rule="people.role", confidence=confidence)
    owner = organisation(person, context, country)
    if owner:
        values["organisation"] = owner
    return Part("person", values)


def organisation(person: Person, context: Context, country: str) -> Value | None:
    """The office that the text names; else the Government for those who speak for a State, and the Executive
    Directorate for the head of its delegation."""
    span = person.organisation
    if span and not any(one.span.start == span.start for one in context.countries):
        return None
    if span or person.role == PersonRole.HOST:
        key = next((one.key for one in context.countries if span and one.span.start == span.start), country)
        name = f"Government of {called(key, context)}"
        return value(name, *([span] if span else []), rule="people.government", confidence=Confidence.LIKELY)
    title = person.text("title", context)
    if person.role == PersonRole.HEAD or context.phrases["people.of_visitors"].match(title):
        return value("CTED", rule="people.head", confidence=Confidence.LIKELY)
    return None


def called(key: str, context: Context) -> str:
    name = context.vocabulary.names[key]
    return f"the {name}" if key in WITH_ARTICLE else name
