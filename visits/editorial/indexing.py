"""What a published visit can be found by, written in the transaction that publishes it."""

from html import unescape

from django.conf import settings
from django.db.models import Q
from django.utils.html import strip_tags

from visits.models import Body, Country, Edition, Reference, Resolution, SearchRow, Topic, Visit
from visits.text.fold import fold

USES = {
    Country: ("visit__country",),
    Topic: ("focuses__topic", "findings__topic"),
    Body: ("participations__body", "engagements__body"),
    Resolution: ("resolutionlinks__resolution",),
}


def names_of(row: Reference, field: str) -> list[str]:
    """Every name of a term and of what replaced it, in all languages, with their aliases."""
    names = own_names_of(row, field)
    if row.replaced_by:
        # A fixed record keeps the term it was written with, and is found by the one that took its place.
        names += own_names_of(row.replaced_by, field)
    return names


def own_names_of(row: Reference, field: str) -> list[str]:
    columns = [f"{field}_{code.replace('-', '_')}" for code, _ in settings.LANGUAGES]
    return [*(getattr(row, column) or "" for column in columns), *row.alias_list]


def write(edition: Edition) -> None:
    """Make the visit of this published edition findable by it, and by nothing older."""
    # Read again: the copy at hand may be older than a renaming.
    country = Country.objects.get(visits=edition.visit)
    names = [*names_of(country, "name"), country.iso3]
    for focus in edition.focuses.select_related("topic"):
        names += names_of(focus.topic, "name")
    for participation in edition.participations.select_related("body"):
        names += [*names_of(participation.body, "name"), participation.body.acronym, participation.named_as]
    for link in edition.resolutionlinks.select_related("resolution"):
        names += [*names_of(link.resolution, "subject"), link.resolution.symbol]
    body = [edition.summary, unescape(strip_tags(edition.text.replace("<", " <"))), edition.aim, edition.mandate]
    for person in edition.people.all():
        body += [person.name, person.title, person.department, person.organisation]
    for engagement in edition.engagements.select_related("body"):
        if engagement.body:
            names += [*names_of(engagement.body, "name"), engagement.body.acronym]
        body += [engagement.description, engagement.counterpart, engagement.place]
    for finding in edition.findings.select_related("topic"):
        if finding.topic:
            names += names_of(finding.topic, "name")
        body += [finding.text, finding.speaker]
    SearchRow.objects.update_or_create(
        visit=edition.visit,
        defaults={
            "edition": edition,
            "title": fold(edition.title),
            "names": fold("\n".join(names)),
            "body": fold("\n".join(body)),
        },
    )


def remove(visit: Visit) -> None:
    SearchRow.objects.filter(visit=visit).delete()


def rewrite_for(row) -> None:
    """Write again what is found by the names of this term."""
    paths = USES.get(type(row), ())
    uses = Q(*((each, row) for path in paths for each in (path, f"{path}__replaced_by")), _connector=Q.OR)
    if uses:
        for edition in Edition.objects.published().filter(uses).distinct():
            write(edition)
