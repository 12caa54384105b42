"""What is to be read out of the release on the visit to Denmark: the record that was entered by hand, as a proposal."""

import json
from collections import defaultdict
from dataclasses import replace

from django.conf import settings

from tests.factories import make_country
from visits.extraction.proposal import Confidence, Extraction, Part, Proposal, Question, Span, Value
from visits.ingest.writing import PROPOSED
from visits.models import Body, Document, Edition, Resolution, Topic
from visits.models.content import rows_name

RECORD = json.loads((settings.BASE_DIR / "fixtures" / "denmark.json").read_text(encoding="utf-8"))


def fields_of(model: str) -> list[dict]:
    return [entry["fields"] for entry in RECORD if entry["model"] == f"visits.{model}"]


RELEASE = fields_of("document")[0]
TEXT = RELEASE["text"]
SPANS = defaultdict(list)
for row in fields_of("evidence"):
    SPANS[row["child_uid"], row["field"]].append(Span(row["span_start"], row["span_end"]))


def part_of(model: type, fields: dict, uid: str) -> Part:
    values = {}
    for name in model.CONTENT_FIELDS:
        given = fields.get(name)
        key = given[0] if isinstance(given, list) else given
        if name in fields:
            values[name] = Value(key, tuple(SPANS[uid, name]), f"{model._meta.model_name}.{name}")
    return Part(model._meta.model_name, values)


def extraction(*, questions=()) -> Extraction:
    """One visit, as it stands in the fixture."""
    edition = part_of(Edition, fields_of("edition")[0], fields_of("visit")[0]["uid"])
    parts = [edition]
    for model in PROPOSED:
        parts += [part_of(model, fields, fields["uid"]) for fields in fields_of(model._meta.model_name)]
    country = Value("DNK", (Span(31, 38),), "country.title")
    mentioned = (Value("Global Research Network", (Span(1625, 1648),)),)
    link = fields_of("documentlink")[0]["uid"]
    told = dict(zip(("title", "web_stamp", "published_on", "category"), SPANS[link, "document"], strict=True))
    document = {name: Value(RELEASE[name], (span,)) for name, span in told.items()}
    return Extraction(document, (Proposal(country, tuple(parts), tuple(questions), mentioned),))


def doubtful() -> Extraction:
    """The same, where one value is to be checked and two questions are open."""
    asked = (
        Question("no_summary", "The text has no summary: write one.", "edition", "summary"),
        Question("which_site", "Which customs site was visited?", "engagement", "place", Span(1492, 1508)),
    )
    found = extraction(questions=asked)
    proposal = found.proposals[0]
    parts = [
        replace(part, values=part.values | {"role": replace(part.values["role"], confidence=Confidence.CHECK)})
        if part.get("topic") == "gender"
        else part
        for part in proposal.parts
    ]
    return replace(found, proposals=(replace(proposal, parts=tuple(parts)),))


def tour() -> Extraction:
    """A text that tells of a visit to Denmark and one to Finland, of two days each."""
    proposals = []
    for iso3, start, end in (("DNK", "2018-05-29", "2018-05-30"), ("FIN", "2018-05-31", "2018-06-01")):
        segment = Part("segment", {"start": Value(start, (Span(170, 191),)), "end": Value(end)})
        edition = Part("edition", {"title": Value(f"Visit to {iso3}")})
        proposals.append(Proposal(Value(iso3), (edition, segment)))
    return Extraction({}, tuple(proposals))


def no_visit() -> Extraction:
    return Extraction(questions=(Question("no_visit", "The text tells of no visit to a State."),))


def make_terms() -> None:
    """The vocabulary that the record needs, and no other."""
    make_country()
    make_country("Finland", "FIN", "FI")
    for slug in {fields["topic"][0] for fields in fields_of("focus") + fields_of("finding") if fields["topic"]}:
        Topic.objects.get_or_create(slug=slug, defaults={"name": slug.replace("-", " ").capitalize()})
    for number, year in ((1373, 2001), (1624, 2005), (2178, 2014)):
        Resolution.objects.get_or_create(number=number, defaults={"year": year})
    for slug in ("cted", "unodc", "interpol", "wco", "diis"):
        acronym = slug.upper()
        Body.objects.get_or_create(slug=slug, defaults={"acronym": acronym, "name": f"The {acronym}", "kind": "un"})


def store_release() -> Document:
    names = ("title", "url", "language", "published_on", "category", "web_stamp", "text")
    document = Document.objects.create(**{name: RELEASE[name] for name in names})
    document.refresh_from_db()
    return document


def facts(edition: Edition) -> tuple[dict, list]:
    """What an edition holds, without its uids: the rows of each kind in their order, and the passages of each value."""
    rows, names = {}, {str(edition.visit.uid): "edition"}
    rows["edition"] = [{name: getattr(edition, name) for name in Edition.CONTENT_FIELDS}]
    for model in PROPOSED:
        rows[model._meta.model_name] = []
        for row in getattr(edition, rows_name(model)).order_by("position"):
            names[str(row.uid)] = f"{model._meta.model_name} {row.position}"
            values = {name: plain_key(getattr(row, name)) for name in model.CONTENT_FIELDS}
            rows[model._meta.model_name].append(values)
    for link in edition.documentlinks.all():
        names[str(link.uid)] = f"documentlink {link.position}"
    evidence = [
        (row.position, names[str(row.child_uid)], row.field, row.span_start, row.span_end, row.quote)
        for row in edition.evidence.order_by("position")
    ]
    return rows, evidence


def plain_key(value):
    return value.natural_key()[0] if hasattr(value, "natural_key") else value


def recorded() -> tuple[dict, list]:
    """The same of the fixture."""
    edition, visit = fields_of("edition")[0], fields_of("visit")[0]["uid"]
    rows, names = {"edition": [{name: edition[name] for name in Edition.CONTENT_FIELDS}]}, {visit: "edition"}
    for model in PROPOSED:
        name = model._meta.model_name
        rows[name] = [
            {field: key_of(model, field, fields) for field in model.CONTENT_FIELDS} for fields in fields_of(name)
        ]
        names |= {fields["uid"]: f"{name} {fields['position']}" for fields in fields_of(name)}
    names[fields_of("documentlink")[0]["uid"]] = "documentlink 1"
    evidence = [
        (row["position"], names[row["child_uid"]], row["field"], row["span_start"], row["span_end"], row["quote"])
        for row in fields_of("evidence")
    ]
    return rows, evidence


def key_of(model: type, field: str, fields: dict):
    given = fields.get(field, model._meta.get_field(field).get_default())
    return given[0] if isinstance(given, list) else given
