"""What the delegation did: meetings with the Government, on-site visits, side meetings, civil society."""

import re
from collections.abc import Iterator

from visits.enums import EngagementKind, SiteKind
from visits.extraction.context import Context, value
from visits.extraction.layout import Role, Sentence
from visits.extraction.proposal import Confidence, Part, Span

KINDS = {
    "government": EngagementKind.GOVERNMENT,
    "site": EngagementKind.SITE,
    "side": EngagementKind.SIDE,
    "civil_society": EngagementKind.CIVIL_SOCIETY,
}


def parts(context: Context) -> list[Part]:
    found: list[tuple[Span, Part]] = []
    for sentence in context.sentences:
        if sentence.role is Role.BODY and not context.says("engagements.never", sentence):
            found += in_sentence(sentence, context)
    return [part for _span, part in sorted(found, key=lambda one: one[0])]


def in_sentence(sentence: Sentence, context: Context) -> Iterator[tuple[Span, Part]]:
    for name, kind in KINDS.items():
        for match in context.phrases[f"engagements.{name}"].finditer(sentence.text):
            if kind == EngagementKind.SITE:
                yield from sites(match, sentence, context)
            else:
                yield meeting(kind, match, sentence, context)


def meeting(kind: EngagementKind, match: re.Match, sentence: Sentence, context: Context) -> tuple[Span, Part]:
    span = sentence.place(*match.span())
    said = sentence.place(*match.span("what")) if "what" in match.re.groupindex and match["what"] else span
    values = {"kind": value(kind.value, said, rule="engagements.meeting")}
    if kind != EngagementKind.SIDE:
        words = span.of(context.layout.text)
        values["description"] = value(words[:1].upper() + words[1:], span, rule="engagements.meeting")
    whom = whom_met(match, sentence, context)
    if whom:
        values["counterpart"] = value(whom.of(context.layout.text), whom, rule="engagements.counterpart")
        met = [body for body in context.within(context.bodies, sentence) if whom.start <= body.span.start < whom.end]
        if met and kind == EngagementKind.SIDE:
            values["body"] = value(context.vocabulary.slugs[met[0].key], whom, rule="engagements.body")
    if place := context.phrases["engagements.place"].match(sentence.text[match.end() :]):
        where = sentence.place(match.end() + place.start("place"), match.end() + place.end("place"))
        values["place"] = value(where.of(context.layout.text), where, rule="engagements.place")
    return span, Part("engagement", values)


def whom_met(match: re.Match, sentence: Sentence, context: Context) -> Span | None:
    if "whom" not in match.re.groupindex or not match["whom"]:
        return None
    start, end = match.span("whom")
    acronym = re.match(r"\s?\([\w/ -]{2,20}\)", sentence.text[end:])
    return sentence.place(start, end + (acronym.end() if acronym else 0))


def sites(match: re.Match, sentence: Sentence, context: Context) -> Iterator[tuple[Span, Part]]:
    """Each site of a list on its own, with its kind."""
    rest_from = match.end()
    stop = context.phrases["engagements.until"].search(sentence.text, rest_from)
    rest = sentence.text[rest_from : stop.start() if stop else None]
    said = sentence.place(*match.span())
    found = [
        (sentence.place(rest_from + place.start(), rest_from + place.end()), name)
        for name, pattern in context.phrases.group("sites")
        for place in pattern.finditer(rest)
    ]
    found.sort(key=lambda one: (one[0].start, one[0].start - one[0].end))
    kept: list[tuple[Span, str]] = []
    for span, name in found:
        if not kept or span.start >= kept[-1][0].end:
            kept.append((span, name))
    for span, name in kept:
        site = SiteKind(name) if name in SiteKind.values else SiteKind.OTHER
        whole = around(span, sentence, rest_from, context)
        if span is kept[0][0] and context.phrases["engagements.named_visit"].search(match.group()):
            whole = Span(said.start, whole.end)
        yield span, Part("engagement", {
            "kind": value(EngagementKind.SITE.value, said, rule="engagements.site"),
            "site_kind": value(site.value, span, rule="engagements.site_kind"),
            "description": value(described(whole.of(context.layout.text), context), whole, rule="engagements.site",
                                 confidence=Confidence.LIKELY),
        })  # fmt: skip


def around(span: Span, sentence: Sentence, rest_from: int, context: Context) -> Span:
    """The item of the list that names the site."""
    begin = sentence.start + rest_from
    before = sentence.text[rest_from : span.start - sentence.start]
    lead = [match.end() for match in context.phrases["engagements.item_begins"].finditer(before)]
    rest = sentence.text[span.end - sentence.start :]
    after = context.phrases["engagements.item_ends"].search(rest)
    start = begin + (lead[-1] if lead else len(before) - len(before.lstrip()))
    words = Span(start, span.end + (after.start() if after else len(rest))).of(context.layout.text)
    return Span(start, start + len(words.rstrip()))


def described(words: str, context: Context) -> str:
    words = context.phrases["engagements.article"].sub("", words.strip())
    return words[:1].upper() + words[1:]
