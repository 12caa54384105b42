"""The summary of a proposed record, composed from what was read like those of the register."""

from collections.abc import Iterable

from visits.enums import PartRole, PersonRole

from . import facts, sentences
from .proposal import Confidence, Part, Value
from .vocabulary import Vocabulary


def summary(country: str, parts: Iterable[Part], vocabulary: Vocabulary) -> Value | None:
    """A sentence or two in English that say nothing beyond the parts; None while no date of the visit is known."""
    found = {}
    for part in parts:
        found.setdefault(part.model, []).append(part)
    dated = [part for part in found.get("segment", ()) if part.get("start") or part.get("end")]
    if not dated:
        return None
    kinds = found.get("kind", ())
    heads = [part for part in found.get("person", ()) if part.get("role") == PersonRole.HEAD]
    members = [part for part in found.get("participation", ()) if part.get("role") != PartRole.LEAD]
    numbers = [part.get("resolution") for part in found.get("resolutionlink", ())]
    recorded = facts.Recorded(
        slug="",
        country=facts.Country(country, "", vocabulary.names[country]),
        parts=tuple(
            facts.Part(part.get("modality"), bool(part.get("modality_inferred")), part.get("start"), part.get("end"))
            for part in dated
        ),
        kinds=tuple(part.get("kind") for part in kinds),
        ordinal=next((part.get("ordinal") for part in kinds if part.get("ordinal")), None),
        head=facts.Head(*(heads[0].get(name) for name in ("name", "title", "organisation"))) if heads else None,
        bodies=tuple(body(vocabulary.acronyms[part.get("body")], vocabulary) for part in members),
        resolutions=tuple(f"{n} ({vocabulary.resolutions[n]})" for n in numbers if n in vocabulary.resolutions),
        topics=(),
        sources=(),
        notes=(),
    )
    return Value(sentences.summary(recorded), (), "edition.composed", Confidence.LIKELY)


def body(acronym: str, vocabulary: Vocabulary) -> facts.Body:
    return facts.Body(acronym, vocabulary.slugs[acronym], vocabulary.body_names[acronym])
