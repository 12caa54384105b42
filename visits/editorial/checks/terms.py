"""Bodies, topics and resolutions: named in the text and recorded, or one without the other.

What a record without an account does not name is no slip: title and summary are not there to name everything.
"""

from collections.abc import Iterator

import regex
from django.utils.translation import gettext as _

from visits.enums import PartRole, TopicRole
from visits.extraction.proposal import Confidence, Part, Span
from visits.extraction.rules import bodies, resolutions, topics
from visits.extraction.rules.calendar import western

from .slips import Kind, Slip
from .words import Record, Words

NAME = regex.compile(r"\p{Lu}\p{Ll}")
# What a sentence, or an item of a list, begins with.
BEGINS = regex.compile(r"(?:^|[:;.•–—“«(-])\s*$")


def body_not_recorded(record: Record) -> Iterator[Slip]:
    recorded = {row.body.slug for row in record.edition.participations.all()}
    found, _mentioned = bodies.parts(record.account.context)
    sentence = _("The text says that %(words)s took part, which is not recorded. Add it, or say in a note why not.")
    members = [part for part in found if part.get("role") != PartRole.LEAD]
    yield from unrecorded(record, Kind.BODY_NOT_RECORDED, sentence, "body", members, recorded)


def topic_not_recorded(record: Record) -> Iterator[Slip]:
    recorded = {row.topic.slug for row in record.edition.focuses.all()}
    sentence = _(
        "The text says that “%(words)s” was discussed, a topic that is not recorded. Add it, or say in a note why not."
    )
    found = [part for part in topics.parts(record.account.context) if is_discussed(part, record)]
    yield from unrecorded(record, Kind.TOPIC_NOT_RECORDED, sentence, "topic", found, recorded)


def is_discussed(part: Part, record: Record) -> bool:
    """Whether the words can only mean the topic: alone some mean another matter as well, and with a capital letter they
    are of a name."""
    context, (span, *_more) = record.account.context, part.values["topic"].spans
    words = span.of(record.account.text)
    (sentence,) = [one for one in context.sentences if one.span.start <= span.start < one.span.end]
    if context.phrases["checks.aside"].search(sentence.text):
        return False
    is_weak = context.phrases["topics_are.weak"].match(words)
    is_name = NAME.match(words) and not BEGINS.search(sentence.text[: span.start - sentence.start])
    is_said = part.get("role") != TopicRole.MENTIONED and part.values["role"].confidence == Confidence.CERTAIN
    return is_said and not is_weak and not is_name


def resolution_not_recorded(record: Record) -> Iterator[Slip]:
    recorded = {row.resolution.number for row in record.edition.resolutionlinks.all()}
    sentence = _(
        "The text says that the visit was about resolution %(words)s, which is not recorded. Add it, or say in a note "
        "why not."
    )
    told = set(recorded)
    for number, span in talked_about(record.account):
        if number not in told:
            told.add(number)
            words = {"words": span.of(record.account.text)}
            yield record.account.slip(Kind.RESOLUTION_NOT_RECORDED, sentence % words, span)


def talked_about(account: Words) -> Iterator[tuple[int, Span]]:
    """The known resolutions of the account, but for those that only say where a body comes from."""
    context = account.context
    for sentence in context.sentences:
        for match in resolutions.numbers(sentence, context):
            number, before = int(match["number"]), sentence.text[: match.start()]
            if number in context.vocabulary.resolutions and not context.phrases["checks.origin"].search(before):
                yield number, sentence.place(*match.span())


def unrecorded(
    record: Record, kind: Kind, sentence: str, name: str, found: list[Part], recorded: set
) -> Iterator[Slip]:
    for part in found:
        value = part.values[name]
        if value.value not in recorded:
            (span, *_more) = value.spans
            words = {"words": span.of(record.account.text)}
            yield record.account.slip(kind, sentence % words, span)


def body_not_named(record: Record) -> Iterator[Slip]:
    if not record.account.text.strip():
        return
    named = {found.key for found in record.found("bodies")}
    sentence = _("%(term)s is recorded as taking part, and no text of the record names it. Take it out, or name it.")
    for row in record.edition.participations.all():
        if row.body.acronym not in named and row.role != PartRole.LEAD:
            yield unnamed(Kind.BODY_NOT_NAMED, sentence, "participations", "body", row, row.body.acronym)


def topic_not_named(record: Record) -> Iterator[Slip]:
    if not record.account.text.strip():
        return
    named = {found.key for found in record.found("topics")}
    for words in record.texts:
        loosely = words.context.phrases.group("topics") + words.context.phrases.group("topics_named")
        named |= {slug for slug, pattern in loosely if pattern.search(words.text)}
    sentence = _("“%(term)s” is recorded as a topic, and no text of the record names it. Take it out, or name it.")
    for row in record.edition.focuses.all():
        if row.topic.slug not in named:
            yield unnamed(Kind.TOPIC_NOT_NAMED, sentence, "focuses", "topic", row, row.topic.slug)


def resolution_not_named(record: Record) -> Iterator[Slip]:
    if not record.account.text.strip():
        return
    sentence = _("Resolution %(term)s is recorded, and no text of the record names it. Take it out, or name it.")
    said = western(" ".join(words.text for words in record.texts))
    for row in record.edition.resolutionlinks.all():
        if str(row.resolution.number) not in said:
            number = str(row.resolution.number)
            yield unnamed(Kind.RESOLUTION_NOT_NAMED, sentence, "resolutionlinks", "resolution", row, number)


def unnamed(kind: Kind, sentence: str, rows: str, field: str, row, quote: str) -> Slip:
    return Slip(kind, sentence % {"term": getattr(row, field)}, rows, field, str(row.uid), quote)
