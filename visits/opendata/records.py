"""A whole record as an object: the columns that its row in lists has, and everything else that is public of it."""

from collections.abc import Iterable

from visits.catalogue.records import Part, Quote, Record

from .addresses import Site
from .columns import Column, cells
from .tables import FINDINGS, VISITS
from .values import for_json, told

NAMES = tuple(column.name for column in VISITS)
OF_FINDING = tuple(column.name for column in FINDINGS)


def row(record_row, site: Site) -> dict:
    """What lists say of a visit."""
    return named(VISITS, record_row, site)


def finding(finding_row, site: Site) -> dict:
    """What lists say of a finding."""
    return named(FINDINGS, finding_row, site)


def named(columns: tuple[Column, ...], of, site: Site) -> dict:
    [values] = cells(columns, [of], site)
    return {column.name: for_json(value) for column, value in zip(columns, values, strict=True)}


def as_object(record: Record, site: Site) -> dict:
    return {
        **row(record.row, site),
        "uid": str(record.row.uid),
        "is_current": record.is_current,
        "superseded_at": for_json(record.superseded_at),
        "redacted_at": for_json(record.row.redacted_at),
        "redaction_reason": record.redaction_reason,
        "languages": list(record.languages),
        **told("text", record.text),
        "parts": {name: [part(each) for each in parts] for name, parts in record.parts.items()},
        "links": [
            {"kind": link.key, "visit": link.slug, "url": site.visit(link.slug), **told("title", link.title)}
            for link in record.links
        ],
        "documents": [
            {
                "kind": document.key,
                **told("title", document.title),
                "url": document.url,
                "symbol": document.symbol,
                "published_on": for_json(document.published_on),
                "category": str(document.category),
                "sha256": document.sha256,
            }
            for document in record.documents
        ],
        "undisclosed_documents": record.undisclosed_documents,
        "evidence": quotes(record.evidence),
    }


def part(of_record: Part) -> dict:
    said = {"uid": of_record.uid}
    for name, value in of_record.values.items():
        said |= told(name, value)
    return said | {"evidence": quotes(of_record.evidence)}


def quotes(evidence: Iterable[Quote]) -> list[dict]:
    return [quote._asdict() for quote in evidence]
