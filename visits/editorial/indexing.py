"""What a published visit says in its own words, written in the transaction that publishes it.

The names of its terms are not among them: the search finds these through the vocabularies, as they are today.
"""

from html import unescape

from django.utils.html import strip_tags

from visits.models import Edition, SearchRow, Visit
from visits.text.fold import words


def write(edition: Edition) -> None:
    """Make the visit of this published edition findable by its words, and by nothing older."""
    body = [edition.summary, unescape(strip_tags(edition.text.replace("<", " <"))), edition.aim, edition.mandate]
    body += edition.participations.values_list("named_as", flat=True)
    for person in edition.people.all():
        body += [person.name, person.title, person.department, person.organisation]
    for engagement in edition.engagements.all():
        body += [engagement.description, engagement.counterpart, engagement.place]
    for finding in edition.findings.all():
        body += [finding.text, finding.speaker]
    body += edition.segments.values_list("places", flat=True)
    SearchRow.objects.update_or_create(
        visit=edition.visit,
        defaults={
            "edition": edition,
            "title": " ".join(words(edition.title)),
            "body": " ".join(words("\n".join(body))),
        },
    )


def remove(visit: Visit) -> None:
    SearchRow.objects.filter(visit=visit).delete()
