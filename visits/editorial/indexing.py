"""What a published visit says in its own words and in their translations, written in the transaction that publishes
one or the other.

The names of its terms are not among them: the search finds these through the vocabularies, as they are today.
"""

from html import unescape

from django.db import connection
from django.utils.html import strip_tags

from visits.models import Edition, Engagement, Finding, Participation, Person, SearchRow, Segment, Translation, Visit
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
    own, parts = edition.visit.uid, {edition.visit.uid}
    titles, body = [edition.title], [plain(getattr(edition, name), name) for name in FIELDS]
    for model, names in FIELDS_OF_CHILDREN.items():
        for uid, *values in model.objects.filter(edition=edition).values_list("uid", *names):
            body += values
            parts.add(uid)
    # Those of parts that the edition no longer has are shown nowhere.
    translations = Translation.objects.reviewed().filter(visit=edition.visit, child_uid__in=parts)
    for uid, field, text in translations.values_list("child_uid", "field", "text"):
        of_edition = field if uid == own else ""
        (titles if of_edition == "title" else body).append(plain(text, of_edition))
    SearchRow.objects.update_or_create(
        visit=edition.visit,
        defaults={"edition": edition, "title": folded("\n".join(titles)), "body": folded("\n".join(body))},
    )


def plain(text: str, name: str) -> str:
    """The words of a field of the edition, one of which is HTML."""
    return unescape(strip_tags(text.replace("<", " <"))) if name == "text" else text


def folded(text: str) -> str:
    """The words of a text as the index holds them, a single space between them."""
    return " ".join(words(text))


def purge() -> None:
    """Take out of the full-text index itself what no row says any more: SQLite keeps deleted words until it merges."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO visits_searchtext (visits_searchtext) VALUES ('optimize')")


def remove(visit: Visit) -> None:
    SearchRow.objects.filter(visit=visit).delete()
