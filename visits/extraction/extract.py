"""A text becomes proposals: each rule reads its fields, and what none of them finds is asked."""

from django.utils.translation import gettext as _

from visits.enums import DocumentKind
from visits.text import dates

from . import composed, layout
from .context import Context, Named, value
from .proposal import Confidence, Extraction, Part, Proposal, Span, Value
from .rules import bodies, engagements, findings, kinds, people, places, publication, resolutions, topics, when
from .vocabulary import Vocabulary

MOST_OF_TITLE = 250
# Releases follow within weeks, those on hybrid visits within months.
LONGEST_TO_PUBLICATION = 300


def extract(text: str, vocabulary: Vocabulary, known: dict | None = None) -> Extraction:
    """What a normalised text tells. `known` may hold `language`, `title`, `url` and `published_on`.

    Without Django's database: the vocabulary holds all the names there are.
    """
    context = Context(layout.read(text, (known or {}).get("language", "")), vocabulary, known or {})
    published = publication.published(context)
    document = of_document(context, published)
    states = places.visited(context) if places.is_about_a_visit(context) else []
    if not states:
        context.ask("no_visit", _("The text tells of no visit to a State, so no draft was made of it."))
        return Extraction(document, (), tuple(context.questions), context.layout.truncated)
    if len(states) == 1:
        proposals = [proposal(context, *states[0], published, alone=True)]
    else:
        sections = places.sections(context, [country.value for country, _mentions in states])
        proposals = [
            proposal(context.limited(sections[country.value]), country, mentions, published, alone=False)
            for country, mentions in states
        ]
    proposals = [one for one in proposals if not is_long_ago(one, published)]
    if not proposals:
        context.ask("no_visit", _("The visit that the text speaks of was long before, so no draft was made of it."))
    return Extraction(
        document, tuple(proposals), tuple(() if proposals else context.questions), context.layout.truncated
    )


def is_long_ago(found: Proposal, published: Value | None) -> bool:
    """Whether a text published much later only looks back to the visit."""
    days = [part.get("end") or part.get("start") for part in found.of("segment")]
    last = max((day for day in days if day), default="")
    if not (published and last):
        return False
    return (dates.first_day(published.value) - dates.last_day(last)).days > LONGEST_TO_PUBLICATION


def proposal(
    context: Context, country: Value, mentions: list[Named], published: Value | None, *, alone: bool
) -> Proposal:
    persons = people.people(context)
    taking_part, mentioned = bodies.parts(context)
    aim = aim_of(context)
    parts = [
        *when.parts(context, country.value, mentions, published, alone=alone),
        *kinds.parts(context),
        *topics.parts(context),
        *resolutions.parts(context),
        *taking_part,
        *people.parts(context, persons, country.value),
        *engagements.parts(context),
        *findings.parts(context, persons, aim),
    ]
    ask_for_what_is_missing(context, parts)
    parts.insert(0, edition(context, aim, composed.summary(country.value, parts, context.vocabulary)))
    return Proposal(country, tuple(parts), tuple(context.questions), tuple(mentioned))


def edition(context: Context, aim: Span | None, summary: Value | None) -> Part:
    text, values = context.layout.text, {}
    if title := context.layout.title:
        values["title"] = value(title.text[:MOST_OF_TITLE], title.span, rule="edition.title")
    if body := context.layout.body_span:
        values["text"] = value(paragraphs(body.of(text)), body, rule="edition.text")
    if summary:
        values["summary"] = summary
    if aim:
        values["aim"] = value(aim.of(text), aim, rule="edition.aim")
    if mandate := mandate_of(context):
        name, span = mandate
        values["mandate"] = value(name, span, rule="edition.mandate")
    return Part("edition", values)


def paragraphs(text: str) -> str:
    """The account as paragraphs of rich text; sanitised like all rich text where it is stored."""
    lines = (line.strip() for line in text.split("\n"))
    escaped = (line.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") for line in lines if line)
    return "".join(f"<p>{line}</p>" for line in escaped)


def aim_of(context: Context) -> Span | None:
    """The sentence that says what the visit set out to do."""
    for sentence in context.body:
        if context.says("edition.aim", sentence):
            return sentence.span
    return None


def mandate_of(context: Context) -> tuple[str, Span] | None:
    """On whose behalf: the name of the committee, and the words that say so."""
    for sentence in context.body:
        if found := context.says("edition.mandate", sentence):
            return found["whom"], sentence.place(*found.span())
    return None


def of_document(context: Context, published: Value | None) -> dict[str, Value]:
    found = {
        "kind": value(DocumentKind.PRESS_RELEASE.value, rule="document.kind", confidence=Confidence.LIKELY),
        "language": value(context.layout.language, rule="document.language"),
    }
    if title := context.layout.title:
        found["title"] = value(title.text[:MOST_OF_TITLE], title.span, rule="document.title")
    if published:
        found["published_on"] = published
    if stamp := context.layout.stamp:
        start = context.layout.stamp_start
        found["web_stamp"] = value(
            stamp["stamp"].replace("+00:00", "Z"),
            Span(start + stamp.start("stamp"), start + stamp.end("stamp")),
            rule="document.stamp",
        )
        if category := stamp["category"].strip():
            begin = start + stamp.start("category")
            found["category"] = value(category, Span(begin, begin + len(category)), rule="document.stamp")
    return found


def ask_for_what_is_missing(context: Context, parts: list[Part]) -> None:
    models = {part.model for part in parts}
    missing = {
        "kind": _(
            "The text does not say what kind of visit it was. Leave the kind open, or add it from another source."
        ),
        "resolutionlink": _("The text names no resolution that the visit was about."),
        "focus": _("The text does not say what the talks were about."),
    }
    for model, sentence in missing.items():
        if model not in models:
            context.ask(f"no_{model}", sentence, model=model)
