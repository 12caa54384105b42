"""The records of `tests/samples/checks` as editions, in memory: some could not be stored."""

import hashlib
import json
from pathlib import Path

from django.conf import settings

from visits.models import (
    CHILDREN,
    Body,
    Country,
    Document,
    DocumentLink,
    Edition,
    Finding,
    Focus,
    Participation,
    Resolution,
    ResolutionLink,
    Segment,
    Topic,
    Visit,
)
from visits.models.content import rows_name

SAMPLES = settings.BASE_DIR / "tests" / "samples"


def read(folder: Path) -> dict[str, dict]:
    return {
        f"{path.parent.name}/{path.stem}": json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.glob("*/*.json"))
    }


RECORDS = read(SAMPLES / "checks")
# These the rules may be tuned on.
DEVELOPMENT = {path.name: read(path) for path in sorted((SAMPLES / "checks-development").iterdir()) if path.is_dir()}
# How labels name the rows of an edition.
ROWS = {"findings": Finding, "segments": Segment, "documents": DocumentLink}
OF_TERMS = {"participations": "bodies", "focuses": "topics", "resolutionlinks": "resolutions"}


def is_held_out(name: str) -> bool:
    """Half of the base texts, with all that was made of them: nobody looked at these while rules were written."""
    return bool(hashlib.sha256(name.partition("/")[2].encode()).digest()[0] % 2)


def edition_of(record: dict) -> Edition:
    """The edition of a record, as if read whole. The vocabularies are those stored."""
    visit = Visit(pk=1, country=Country.objects.get(iso3=record["country"]))
    paragraphs = "".join(f"<p>{escaped(paragraph)}</p>" for paragraph in record["text"])
    edition = Edition(pk=1, visit=visit, title=record["title"], summary=record["summary"], text=paragraphs)
    rows = {model: [] for model in CHILDREN} | {
        Segment: [
            Segment(start=segment["start"], end=segment["end"], modality=segment["modality"])
            for segment in record["segments"]
        ],
        Focus: [Focus(topic=Topic.objects.get(slug=slug)) for slug in record["topics"]],
        ResolutionLink: [
            ResolutionLink(resolution=Resolution.objects.get(number=number)) for number in record["resolutions"]
        ],
        Participation: [
            Participation(body=Body.objects.get(acronym=body["acronym"]), role=body["role"])
            for body in record["bodies"]
        ],
        Finding: [Finding(kind=finding["kind"], text=finding["text"]) for finding in record["findings"]],
        DocumentLink: [DocumentLink(document=Document(**document)) for document in record["documents"]],
    }
    edition._prefetched_objects_cache = {rows_name(model): held for model, held in rows.items()}
    return edition


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def labelled(slip, edition: Edition) -> str:
    """The field that a slip points at, as labels name it."""
    if slip.rows in OF_TERMS:
        return OF_TERMS[slip.rows]
    name = next((name for name, model in ROWS.items() if rows_name(model) == slip.rows), "")
    if not slip.uid:
        return name or slip.field
    uids = [str(row.uid) for row in edition._prefetched_objects_cache[slip.rows]]
    field = "symbol" if name == "documents" else slip.field
    return f"{name}.{uids.index(slip.uid)}.{field}"
