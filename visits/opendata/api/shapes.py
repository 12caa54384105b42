"""What the objects that the API answers look like, as JSON Schema, with what each member means.

Columns come from the registry of downloads, parts of records from the register's own fields: neither is told twice.
"""

from collections.abc import Iterable
from functools import lru_cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from visits.catalogue.changes import ChangeKind
from visits.catalogue.described import Described, described
from visits.catalogue.filters import GroupFilter, VisitFilterSet
from visits.catalogue.records import PARTS
from visits.enums import BodyKind, DocumentKind, Membership, VisitLinkKind

from ..columns import Column, Type
from ..tables import FINDINGS, VISITS
from .asked import LANGUAGES

# What can be asked for besides the columns of a list of visits.
EXPANDED = (*PARTS, "links", "documents")

TYPES = {
    Type.TEXT: {"type": "string"},
    Type.INTEGER: {"type": "integer"},
    Type.DATE: {"type": "string", "format": "date"},
    Type.PARTIAL_DATE: {"type": "string", "pattern": r"^(\d{4}(-\d\d(-\d\d)?)?)?$"},
    Type.MOMENT: {"type": "string", "format": "date-time"},
    Type.LIST: {"type": "array", "items": {"type": "string"}},
}
CHANGES = {
    ChangeKind.PUBLISHED: gettext_lazy("The first edition of the visit was published."),
    ChangeKind.CORRECTED: gettext_lazy("Another edition was published in the place of the one before."),
    ChangeKind.WITHDRAWN: gettext_lazy("The visit and all its editions are gone: delete your copy."),
    ChangeKind.CONSOLIDATED: gettext_lazy("The record has become part of that of another visit: delete your copy."),
    ChangeKind.WITHHELD: gettext_lazy("An earlier edition was withheld; the visit stands."),
    ChangeKind.RELEASED: gettext_lazy("An edition that had been withheld can be read again."),
    ChangeKind.REDACTED: gettext_lazy("Words were taken out of an edition for good: read it again."),
    ChangeKind.TRANSLATED: gettext_lazy("A translation was published or corrected; the edition is the same."),
    ChangeKind.DOCUMENT: gettext_lazy("What is told of a document of this visit has changed."),
    ChangeKind.TERM: gettext_lazy("A State, region, topic, resolution or body was named or described anew."),
}


# How a member is written


def text(meaning: str, **more) -> dict:
    return {"type": "string", "description": meaning, **more}


def maybe(member: dict) -> dict:
    """The same, or null."""
    return member | {"type": [member["type"], "null"]} | ({"enum": [*member["enum"], None]} if "enum" in member else {})


def number(meaning: str) -> dict:
    return {"type": "integer", "description": meaning}


def flag(meaning: str) -> dict:
    return {"type": "boolean", "description": meaning}


def listed(items: dict, meaning: str = "") -> dict:
    return {"type": "array", "items": items} | ({"description": meaning} if meaning else {})


def ref(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}"}


def shape(properties: dict, *, optional: Iterable[str] = (), meaning: str = "") -> dict:
    required = [name for name in properties if name not in optional]
    described_as = {"description": meaning} if meaning else {}
    return {"type": "object"} | described_as | {"properties": properties, "required": required}


def sparse(properties: dict) -> dict:
    """Of what `fields` chooses from, nothing is sure to be there."""
    return {"type": "object", "properties": properties}


def language_of(name: str) -> dict:
    meaning = _("The language that “%(name)s” is really in.") % {"name": name}
    return {f"{name}_language": text(meaning, enum=list(LANGUAGES))}


def translated(name: str, meaning: str) -> dict:
    """A text, and the language it is in; that is left out where there is no text."""
    return {name: text(meaning)} | language_of(name)


def moment(meaning: str) -> dict:
    return text(meaning, format="date-time")


def day(meaning: str) -> dict:
    return text(meaning, format="date")


# What there is


def column(of: Column) -> dict:
    return TYPES[of.type] | {"title": str(of.label), "description": str(of.meaning)}


def columns(of: Iterable[Column]) -> dict:
    return {each.name: column(each) for each in of}


def value(of: Described) -> dict:
    if of.kind == "translated":
        return translated(of.name, of.label)
    if of.kind == "term":
        name = _("Name of the same.")
        return {of.name: maybe(text(of.label)), f"{of.name}_name": text(name)}
    if of.kind == "choice":
        return {of.name: text(of.label, enum=list(of.choices))}
    kinds = {"number": maybe(number(of.label)), "flag": flag(of.label)}
    return {of.name: kinds.get(of.kind) or text(of.label)}


def part(name: str) -> dict:
    values = described(name)
    properties = {"uid": text(_("The same in every edition."), format="uuid")}
    for each in values:
        properties |= value(each)
    optional = {f"{each.name}_language" for each in values} | {f"{each.name}_name" for each in values}
    return shape(properties | {"evidence": listed(ref("Quote"))}, optional=optional)


def name_of_part(name: str) -> str:
    return f"Visit-{name}"


def parts_of_visit() -> dict:
    return {name: listed(ref(name_of_part(name))) for name in PARTS}


def visit() -> dict:
    said = {
        "uid": text(_("Identifier of the visit. It never changes."), format="uuid"),
        "is_current": flag(_("Whether this edition is what the register shows today.")),
        "superseded_at": maybe(moment(_("When a newer edition took its place."))),
        "redacted_at": maybe(moment(_("When words were last taken out of it."))),
        "redaction_reason": text(_("Why words were taken out.")),
        "languages": listed({"type": "string"}, _("Languages that title, summary and text can be read in.")),
        **translated("text", _("The account of the visit, as HTML.")),
        "parts": shape(parts_of_visit()),
        "links": listed(ref("Link")),
        "documents": listed(ref("Document")),
        "undisclosed_documents": number(_("How many documents it also rests on that are not disclosed.")),
        "evidence": listed(ref("Quote"), _("What title, summary, text, aim and mandate rest on.")),
    }
    return sparse(columns(VISITS) | said)


def term(properties: dict) -> dict:
    common = {
        **translated("name", _("In the language asked for, in English where there is none.")),
        "aliases": listed({"type": "string"}, _("Other names that it is found by, in any language.")),
        "visits": number(_("How many published visits have it.")),
        "url": text(_("Its page."), format="uri"),
        "visits_url": text(_("These visits."), format="uri"),
    }
    return sparse(properties | common)


def terms() -> dict[str, dict]:
    link = text(_("Its own page elsewhere; empty where none is recorded."))
    slugs = {"type": "string"}
    region = {"region": maybe(text(_("UN M49 region by its name in addresses."))), "region_name": text(_("Its name."))}
    return {
        "Country": term(
            {
                "iso3": text(_("ISO 3166-1 alpha-3 code.")),
                "iso2": text(_("ISO 3166-1 alpha-2 code.")),
                "membership": text(_("Membership of the United Nations."), enum=Membership.values),
                **region,
                "last_visit": text(_("The newest visit recorded here; empty where none is.")),
            }
        ),
        "Topic": term(
            {
                "slug": text(_("Its name in addresses.")),
                **translated("definition", _("What it means here.")),
                "cross_cutting": flag(_("Whether it concerns every other topic too.")),
            }
        ),
        "Resolution": term(
            {
                "number": text(_("Number of the resolution.")),
                "symbol": text(_("UN symbol: S/RES/1373 (2001).")),
                "year": number(_("Year of its adoption.")),
                "adopted_on": maybe(day(_("Day of its adoption."))),
                "link": link,
            }
        ),
        "Body": term(
            {
                "slug": text(_("Its name in addresses.")),
                "acronym": text(_("Its acronym.")),
                "kind": text(_("What kind of body it is."), enum=BodyKind.values),
                "member_of": listed(slugs, _("Bodies it is a member of.")),
                "members": listed(slugs, _("Bodies that are members of it.")),
                "link": link,
            }
        ),
    }


def edition() -> dict:
    return shape(
        {
            "visit": text(_("What the visit is called in addresses.")),
            "edition": number(_("Its number.")),
            "url": text(_("Its page, which answers for ever unless it is taken back."), format="uri"),
            "published_at": moment(_("When it was published.")),
            "is_current": flag(_("Whether it is what the register shows today.")),
            "is_readable": flag(_("Whether it can be read: not withheld, not withdrawn.")),
            "change_note": text(_("What it changed and why; empty for the first.")),
            "withdrawn_at": maybe(moment(_("When it was withdrawn."))),
            "withdrawal_reason": text(_("Why it was withdrawn.")),
            "withheld_at": maybe(moment(_("When it was withheld."))),
            "withholding_reason": text(_("Why it is withheld.")),
        }
    )


def change() -> dict:
    kinds = " ".join(f"{kind}: {meaning}" for kind, meaning in CHANGES.items())
    return shape(
        {
            "cursor": text(_("Its place in the order of changes.")),
            "at": moment(_("When it happened.")),
            "change": text(kinds, enum=[kind.value for kind in ChangeKind]),
            "visit": maybe(text(_("What the visit is called in addresses; null where a term changed."))),
            "uid": maybe(text(_("Identifier of the visit."), format="uuid")),
            "edition": maybe(number(_("Number of the edition that it is about."))),
            "language": text(_("Of a translation: its language.")),
            "note": text(_("The change note or the reason, as the public reads it.")),
            "into": text(_("Of a consolidated visit: the visit that it has become part of.")),
            "url": text(_("The page that shows it."), format="uri"),
            "api_url": text(_("Where to read what changed again."), format="uri"),
        }
    )


def option() -> dict:
    return shape(
        {
            "value": text(_("The value of the parameter; “none” for what is not recorded.")),
            "label": text(_("What it is called.")),
            "count": number(_("How many visits choosing it gives, all other choices kept.")),
            "selected": flag(_("Whether it is chosen.")),
        }
    )


def groups() -> list[str]:
    return [name for name, bound in VisitFilterSet.base_filters.items() if isinstance(bound, GroupFilter)]


def problem() -> dict:
    wrong = {
        "name": text(_("Name of the parameter.")),
        "value": text(_("What was asked.")),
        "detail": text(_("What is wrong with it.")),
        "valid": listed({"type": "string"}, _("What could be asked, where that can be listed.")),
        "nearest": text(_("What may have been meant.")),
    }
    return shape(
        {
            "type": text(_("Always about:blank: “code” tells problems apart.")),
            "title": text(_("The phrase of the status.")),
            "status": number(_("The status of the answer.")),
            "detail": text(_("The problem in a sentence, in the language asked for.")),
            "code": text(_("The problem for programs.")),
            "parameters": listed(shape(wrong), _("Of 400: all that is wrong with the query.")),
            "visit": text(_("Of 410: the visit; of a consolidated one, the visit that it has become part of.")),
            "edition": number(_("Of 410: the edition that is withheld.")),
            "withdrawn_at": moment(_("Of 410: since when the visit has been withdrawn.")),
            "withheld_at": moment(_("Of 410: since when the edition has been withheld.")),
            "reason": text(_("Of 410: why.")),
            "request_id": text(_("Of 500: the number to name to whoever runs the site.")),
        },
        optional=["parameters", "visit", "edition", "withdrawn_at", "withheld_at", "reason", "request_id"],
        meaning=_("What is wrong, as RFC 9457 has it."),
    )


def page_of(name: str) -> dict:
    return shape(
        {
            "count": number(_("How many there are on all pages.")),
            "next": maybe(text(_("The next page."), format="uri")),
            "previous": maybe(text(_("The page before."), format="uri")),
            "results": listed(ref(name)),
        }
    )


def shapes() -> dict[str, dict]:
    """All of them by name, in the active language."""
    expanded = {"parts": shape(parts_of_visit(), optional=PARTS)}
    expanded |= {"links": listed(ref("Link")), "documents": listed(ref("Document"))}
    finding = columns(FINDINGS)
    current = {"is_current": flag(_("Whether the current edition of the visit still has it."))}
    objects = {
        "VisitInList": sparse(columns(VISITS) | expanded),
        "Visit": visit(),
        **{name_of_part(name): part(name) for name in PARTS},
        "Link": shape(
            {
                "kind": text(_("How the visit stands to it."), enum=[*VisitLinkKind.values, "followed-by"]),
                "visit": text(_("What the other visit is called in addresses.")),
                "url": text(_("Its page."), format="uri"),
                **translated("title", _("Its title.")),
            },
            optional=["title_language"],
        ),
        "Document": shape(
            {
                "kind": text(_("What kind of document it is."), enum=DocumentKind.values),
                **translated("title", _("Its title.")),
                "url": text(_("Where it is published; empty where it is not on the web.")),
                "symbol": text(_("Its UN symbol; empty where it has none.")),
                "published_on": maybe(day(_("When it was published."))),
                "category": text(_("What its publisher files it under.")),
                "sha256": text(_("Digest of its text as the register read it.")),
            },
            optional=["title_language"],
            meaning=_("A disclosed document that the record was made from."),
        ),
        "Quote": shape(
            {
                "field": text(_("The value that rests on it.")),
                "quote": text(_("The words of the source.")),
                "document": text(_("The address of the source.")),
            },
            meaning=_("The passage that a value rests on."),
        ),
        "FindingInList": sparse(finding),
        "Finding": sparse(finding | current),
        **terms(),
        "Edition": edition(),
        "Change": change(),
        "Changes": shape(
            {
                "results": listed(ref("Change")),
                "next": text(_("What to ask for next, as “since”; also where nothing has changed yet.")),
                "since": text(_("What was asked for.")),
            }
        ),
        "Option": option(),
        "Facets": shape({name: listed(ref("Option")) for name in groups()}),
        "Index": shape({}, meaning=_("The address of each resource.")),
        "Problem": problem(),
    }
    several = ("VisitInList", "FindingInList", "Country", "Topic", "Resolution", "Body", "Edition")
    return objects | {f"PageOf{name}": page_of(name) for name in several}


@lru_cache
def names(of: str) -> tuple[str, ...]:
    """Which members objects of that shape have."""
    return tuple(shapes()[of]["properties"])
