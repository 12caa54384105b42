"""Bodies, topics and resolutions: named in the text and recorded, or one without the other.

What a record without an account does not name is no slip: title and summary are not there to name everything.
"""

from collections.abc import Iterator

import regex
from django.utils.translation import gettext as _

from visits.enums import PartRole, TopicRole
from visits.extraction.context import Context, Named
from visits.extraction.proposal import Confidence, Span
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
    for part in found:
        if part.get("role") != PartRole.LEAD and part.get("body") not in recorded:
            (span, *_more) = part.values["body"].spans
            words = {"words": span.of(record.account.text)}
            yield record.account.slip(Kind.BODY_NOT_RECORDED, sentence % words, span)


def topic_not_recorded(record: Record) -> Iterator[Slip]:
    recorded = {row.topic.slug for row in record.edition.focuses.all()}
    sentence = _(
        "The text says that “%(words)s” was discussed, a topic that is not recorded. Add it, or say in a note why not."
    )
    context = record.account.context
    said = {
        part.values["topic"].spans[0]
        for part in topics.parts(context)
        if part.get("role") != TopicRole.MENTIONED and part.values["role"].confidence == Confidence.CERTAIN
    }
    told = set(recorded)
    for one in context.sentences:
        for name in topics.named(one, context):
            if name.key not in told and is_discussed(name, context, is_said=name.span in said):
                told.add(name.key)
                words = {"words": name.span.of(record.account.text)}
                yield record.account.slip(Kind.TOPIC_NOT_RECORDED, sentence % words, name.span)


def is_discussed(name: Named, context: Context, *, is_said: bool) -> bool:
    """Whether the words can only mean the topic: alone some mean another matter as well, and with a capital letter they
    are of a name. `is_said`: a rule found that the talks were about it; words that name nothing else need none."""
    phrases, sentence, words = context.phrases, name.sentence, name.span.of(context.layout.text)
    begin, end = name.span.start - sentence.start, name.span.end - sentence.start
    before, after = sentence.text[:begin], sentence.text[end:]
    if phrases["checks.aside"].search(before) or (NAME.match(words) and not BEGINS.search(before)):
        return False
    if phrases["checks.left_out"].match(after):
        return False
    if phrases["checks.discussed_after"].match(after):
        return True
    if is_said or phrases["topics_are.weak"].match(words):
        return is_said and not phrases["topics_are.weak"].match(words)
    is_of_others = phrases["checks.not_talks"].search(before) or phrases["checks.loose"].match(words)
    return not is_of_others and bool(phrases["checks.talks"].search(sentence.text))


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
