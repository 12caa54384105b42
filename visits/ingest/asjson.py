"""What was read out of a document as plain objects, one for each visit, in the words of the labelled releases."""

from collections.abc import Iterator, Mapping

from visits.enums import Modality
from visits.extraction.proposal import Extraction, Part, Proposal, Question, Value

SEGMENT = ("modality", "modality_inferred", "start", "end", "places")
PERSON = ("name", "title", "department", "organisation", "role")
ENGAGEMENT = ("kind", "site_kind", "description", "counterpart", "body", "place")
FOCUS = ("topic", "role")


def objects(file: str, text: str, found: Extraction, acronyms: Mapping[str, str], url: str = "") -> list[dict]:
    """One object for each visit that `file` tells of; for a text about none, a single one whose questions say why.

    `text` is what the spans count, `acronyms` gives the acronym for the slug of a body, `url` where the text came from.
    Whatever is not found is the empty value of its kind, as in a label: `""`, `[]`, None.
    """
    about_all = {"file": file, "source_url": url, "visits": len(found.proposals), "truncated": found.truncated}
    if not found.proposals:
        return [nothing() | about_all | {"questions": questions(found.questions, text)}]
    published = plain(found.document.get("published_on"))
    return [
        nothing()
        | about_all
        | {"publication_date": published}
        | visit(proposal, acronyms)
        | {
            "questions": questions((*found.questions, *proposal.questions), text),
            "evidence": list(evidence(proposal, found, text)),
        }
        for proposal in found.proposals
    ]


def nothing() -> dict:
    """All keys of an object, empty."""
    return {
        "file": "",
        "source_url": "",
        "visits": 0,
        "country": "",
        "title": "",
        "start": "",
        "end": "",
        "segments": [],
        "kinds": [],
        "ordinal": None,
        "resolutions": [],
        "bodies": [],
        "mentioned_bodies": [],
        "people": [],
        "topics": [],
        "focuses": [],
        "engagements": [],
        "findings": [],
        "aim": "",
        "mandate": "",
        "publication_date": "",
        "truncated": False,
        "questions": [],
        "evidence": [],
        "notes": "",
    }


def visit(proposal: Proposal, acronyms: Mapping[str, str]) -> dict:
    segments = [fields(part, SEGMENT) for part in proposal.of("segment")]
    main = main_segment(segments)
    kinds = list(proposal.of("kind"))
    ordinals = [part.get("ordinal", None) for part in kinds]
    focuses = [fields(part, FOCUS) for part in proposal.of("focus")]
    return {
        "country": plain(proposal.country),
        "title": text_of(proposal.edition, "title"),
        "start": main["start"],
        "end": main["end"],
        "segments": segments,
        "kinds": [part.get("kind") for part in kinds],
        "ordinal": next((ordinal for ordinal in ordinals if ordinal), None),
        "resolutions": [part.get("resolution") for part in proposal.of("resolutionlink")],
        "bodies": sorted({acronym(part.get("body"), acronyms) for part in proposal.of("participation")}),
        "mentioned_bodies": sorted({acronym(plain(value), acronyms) for value in proposal.mentioned}),
        "people": [fields(part, PERSON) for part in proposal.of("person")],
        "topics": sorted({focus["topic"] for focus in focuses}),
        "focuses": focuses,
        "engagements": [
            fields(part, ENGAGEMENT) | {"body": acronym(part.get("body"), acronyms)}
            for part in proposal.of("engagement")
        ],
        "findings": [finding(part) for part in proposal.of("finding")],
        "aim": text_of(proposal.edition, "aim"),
        "mandate": text_of(proposal.edition, "mandate"),
    }


def main_segment(segments: list[dict]) -> dict:
    """The part on the spot, whose dates are those of the visit; without one, the first part."""
    on_site = (segment for segment in segments if segment["modality"] != Modality.VIRTUAL)
    return next(on_site, segments[0] if segments else {"start": "", "end": ""})


def finding(part: Part) -> dict:
    return {"kind": part.get("kind"), "gist": part.get("text")} | fields(part, ("direction", "topic", "speaker"))


def fields(part: Part, names: tuple[str, ...]) -> dict:
    return {name: "" if (value := part.get(name)) is None else value for name in names}


def text_of(part: Part, name: str) -> str:
    return plain(part.values.get(name))


def plain(value: Value | None) -> str:
    return str(value.value) if value and value.value is not None else ""


def acronym(body: str | None, acronyms: Mapping[str, str]) -> str:
    """What the register writes for a body; one that it does not know stays as the text names it."""
    return acronyms.get(body or "", body or "")


def questions(asked: tuple[Question, ...], text: str) -> list[dict]:
    return [
        {
            "code": question.code,
            "sentence": str(question.sentence),
            "model": question.model,
            "field": question.field,
            "start": question.span.start if question.span else None,
            "end": question.span.end if question.span else None,
            "quote": question.span.of(text) if question.span else "",
        }
        for question in asked
    ]


def evidence(proposal: Proposal, found: Extraction, text: str) -> Iterator[dict]:
    """Every passage that a value rests on. `index` counts the parts of a model from 0, in the order of their list."""
    for model, index, name, value in placed(proposal, found):
        for span in value.spans:
            yield {
                "model": model,
                "index": index,
                "field": name,
                "start": span.start,
                "end": span.end,
                "quote": span.of(text),
                "rule": value.rule,
                "confidence": str(value.confidence),
            }


def placed(proposal: Proposal, found: Extraction) -> Iterator[tuple[str, int, str, Value]]:
    yield "visit", 0, "country", proposal.country
    counts: dict[str, int] = {}
    for part in proposal.parts:
        index = counts[part.model] = counts.get(part.model, -1) + 1
        for name, value in part.values.items():
            yield part.model, index, name, value
    for index, value in enumerate(proposal.mentioned):
        yield "mentioned", index, "body", value
    for name, value in found.document.items():
        yield "document", 0, name, value
