"""What a published visit says in its own words, written in the transaction that publishes it.

The names of its terms are not among them: the search finds these through the vocabularies, as they are today.
"""

from html import unescape

from django.utils.html import strip_tags

from visits.models import Edition, Engagement, Finding, Participation, Person, SearchRow, Segment, Visit
from visits.text.fold import words

# Where an edition has words of its own besides its title, in the order in which the index holds them.
FIELDS = ("summary", "text", "aim", "mandate")
FIELDS_OF_CHILDREN = {
    Participation: ("named_as",),
    Person: ("name", "title", "department", "organisation"),
    Engagement: ("description", "counterpart", "place"),
    Finding: ("text", "speaker"),
    Segment: ("places",),
}


def write(edition: Edition) -> None:
    """Make the visit of this published edition findable by its words, and by nothing older."""
    body = [getattr(edition, name) for name in FIELDS]
    body[FIELDS.index("text")] = unescape(strip_tags(edition.text.replace("<", " <")))
    for model, names in FIELDS_OF_CHILDREN.items():
        for values in model.objects.filter(edition=edition).values_list(*names):
            body += values
    SearchRow.objects.update_or_create(
        visit=edition.visit,
        defaults={"edition": edition, "title": folded(edition.title), "body": folded("\n".join(body))},
    )


def folded(text: str) -> str:
    """The words of a text as the index holds them, a single space between them."""
    return " ".join(words(text))


def remove(visit: Visit) -> None:
    SearchRow.objects.filter(visit=visit).delete()
