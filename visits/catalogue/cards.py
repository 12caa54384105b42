"""One visit in a list: what it is, and why a search found it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from visits.enums import KindOfVisit
from visits.models import Edition, Focus, Kind, Participation, ResolutionLink, Segment
from visits.text.marks import excerpt, marked

from . import translations, vocabulary
from .search import Hits
from .translations import TELLING, Translations
from .wording import Text, period

# A card names as many topics and counts the others.
TOPICS_OF_CARD = 5


@dataclass(frozen=True)
class Term:
    """A term of a vocabulary as a list shows it."""

    key: str
    name: Text


@dataclass(frozen=True)
class Card:
    """One visit in a list. `excerpt`: the passage that has what was searched for, where title and summary do not;
    `found_by`: the names of terms that do."""

    slug: str
    number: int
    title: Text
    summary: Text
    excerpt: Text
    found_by: tuple[Text, ...]
    country: Term
    periods: tuple[str, ...]
    kinds: tuple[str, ...]
    topics: tuple[Term, ...]
    more_topics: int


def cards(editions: Sequence[Edition], hits: Hits | None = None) -> list[Card]:
    """The editions as a list shows them; `hits` is the search that found them.

    Asks for columns instead of rows: made into objects, these would be most of the work of a page.
    """
    keys = [edition.pk for edition in editions]
    segments = children(Segment, keys, "start", "end")
    kinds = children(Kind, keys, "kind")
    recorded = defaultdict(list)
    sources = [("topic", Focus), *([("body", Participation), ("resolution", ResolutionLink)] if hits else ())]
    for group, model in sources:
        for key, terms in children(model, keys, group).items():
            recorded[key] += ((group, *term) for term in terms)
    visits = [edition.visit for edition in editions]
    # A search may have found what another language says.
    said = translations.of_lists(visits, *(TELLING if hits else TELLING[:2]), in_every_language=bool(hits))
    return [card(each, said, segments[each.pk], kinds[each.pk], recorded[each.pk], hits) for each in editions]


def children(model, editions: Iterable[int], *columns: str) -> dict[int, list[tuple]]:
    """Of each edition, these columns of its rows, in their order."""
    found = defaultdict(list)
    for edition, *values in model.objects.filter(edition__in=editions).values_list("edition", *columns):
        found[edition].append(tuple(values))
    return found


def card(edition: Edition, said: Translations, segments, kinds, recorded: list, hits: Hits | None) -> Card:
    phrases = hits.phrases if hits else ()
    title, summary = (found_in(said.text(edition, name), phrases) for name in ("title", "summary"))
    is_shown = not hits or any(is_match for _text, is_match in (*title.pieces, *summary.pieces))
    country = "country", edition.visit.country_id
    names = () if is_shown else tuple(found_by([country, *recorded], hits))
    topics = [pk for group, pk in recorded if group == "topic"]
    shown = topics if len(topics) <= TOPICS_OF_CARD + 1 else topics[:TOPICS_OF_CARD]
    return Card(
        slug=edition.visit.slug,
        number=edition.number,
        title=title,
        summary=summary,
        excerpt=Text("") if is_shown else passage(edition, said, phrases, anywhere=not names),
        found_by=names,
        country=term(*country),
        periods=tuple(period(start, end) for start, end in segments),
        kinds=tuple(str(KindOfVisit(kind).label) for (kind,) in kinds),
        topics=tuple(term("topic", topic) for topic in shown),
        more_topics=len(topics) - len(shown),
    )


def term(group: str, pk: int) -> Term:
    terms = vocabulary.latest()
    return Term(vocabulary.key_of(terms.row(group, pk)), terms.name(group, pk))


def found_by(recorded: Iterable[tuple[str, int]], hits: Hits) -> Iterator[Text]:
    """What the visit is recorded under that is called what was searched for, in whatever language."""
    terms = vocabulary.latest()
    for group, pk in recorded:
        if (group, pk) in hits.terms and group == "resolution":
            yield Text(_("Resolution %(number)s") % {"number": terms.row(group, pk)}, get_language())
        elif (group, pk) in hits.terms:
            yield terms.name(group, pk)


def found_in(text: Text, phrases: Sequence[tuple[str, ...]]) -> Text:
    return replace(text, pieces=marked(text.text, phrases)) if phrases else text


def passage(edition: Edition, said: Translations, phrases: Sequence[tuple[str, ...]], *, anywhere: bool) -> Text:
    """Where the account of the visit says it: as it is shown, or in English, or `anywhere` in any other language."""
    texts = [said.text(edition, "text"), Text(edition.text)]
    if anywhere:
        texts += [said.text(edition, name, language=code) for name in TELLING for code, _name in settings.LANGUAGES]
    # What is not translated is the same text again.
    for text in dict.fromkeys(texts):
        if pieces := excerpt(plain_text(text.text), phrases):
            return Text("".join(part for part, _is_match in pieces), text.language, pieces)
    return Text("")


def plain_text(markup: str) -> str:
    """What rich text says, between its tags."""
    return " ".join(unescape(strip_tags(markup.replace("<", " <"))).split())
