"""A visit as it was read, for somebody at a terminal."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

SHOWN = (
    "title",
    "country",
    "publication_date",
    "kinds",
    "ordinal",
    "resolutions",
    "bodies",
    "mentioned_bodies",
    "topics",
)


def of(visit: dict) -> str:
    """The object of `asjson` as lines of name and value; what was not found is left out, questions come last."""
    return "\n".join([visit["file"], *(f"  {line}" for line in lines(visit)), ""])


def lines(visit: dict) -> Iterator[str]:
    yield from (f"{name}: {listed(visit[name])}" for name in SHOWN if visit[name])
    for segment in visit["segments"]:
        yield f"dates: {segment['start'] or '…'} – {segment['end'] or '…'} ({told(segment, 'modality', 'places')})"
    yield from (f"person: {told(person, 'name', 'title', 'organisation', 'role')}" for person in visit["people"])
    for engagement in visit["engagements"]:
        yield f"engagement: {told(engagement, 'kind', 'site_kind', 'counterpart', 'description', 'place')}"
    yield from (f"finding: {told(finding, 'kind', 'direction', 'gist')}" for finding in visit["findings"])
    if visit["truncated"]:
        yield _("The text breaks off.")
    yield from (f"? {question['sentence']}" for question in visit["questions"])


def told(values: dict, *names: str) -> str:
    return ", ".join(str(values[name]) for name in names if values[name])


def listed(value) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
