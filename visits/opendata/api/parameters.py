"""Every parameter of the API: what it means, what it can be, and an example that finds something."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from visits.catalogue.facets import NONE
from visits.catalogue.filters import LARGEST_PAGE, LONGEST_QUERY, PAGE_SIZE, VisitFilterSet
from visits.enums import Assessment, FindingKind, KindOfVisit, Modality

from .asked import LANGUAGES, SLUG
from .shapes import EXPANDED

COUNTED_CHANGES, MOST_CHANGES = 100, 1000
ISO3 = "[A-Za-z]{3}"


@dataclass(frozen=True)
class Parameter:
    """`schema`: of one value; `several`: “again” where it may be repeated, “commas” where values stand side by side.

    All examples together are one question that can be answered.
    """

    meaning: Promise | str
    schema: dict
    example: object = None
    several: str = ""
    may_be_empty: bool = False


def one_of(values: Iterable[str]) -> dict:
    return {"type": "string", "enum": list(values)}


NOT_RECORDED = _("Several values: any of them. “none”: nothing is recorded.")


def of_group(meaning: Promise, schema: dict, example: str) -> Parameter:
    return Parameter(format_lazy("{} {}", meaning, NOT_RECORDED), schema, example, "again")


DAY = {"type": "string", "format": "date"}
WORD = {"type": "string", "pattern": SLUG}
FILTERS = {
    "q": Parameter(
        _("Words, “phrases” and -exclusions, in any of the six languages."),
        {"type": "string", "minLength": 1, "maxLength": LONGEST_QUERY},
        "Denmark",
    ),
    "topic": of_group(_("Topic of the talks."), WORD, "foreign-terrorist-fighters"),
    "country": of_group(
        _("State visited, by its ISO 3166-1 alpha-3 code."), {"type": "string", "pattern": f"^({ISO3}|none)$"}, "DNK"
    ),
    "region": of_group(_("UN M49 region of the State."), WORD, "europe"),
    "resolution": of_group(
        _("Security Council resolution, by its number."), {"type": "string", "pattern": r"^([0-9]+|none)$"}, "1373"
    ),
    "body": of_group(_("Body in the delegation."), WORD, "interpol"),
    "kind": of_group(_("Kind of visit."), one_of([*KindOfVisit.values, NONE]), "focused"),
    "assessment": of_group(
        _("Whether any of its kinds is one of an assessment visit."), one_of([*Assessment.values, NONE]), "yes"
    ),
    "modality": of_group(_("How the visit was held."), one_of([*Modality.values, NONE]), "on-site"),
    "finding": of_group(_("Kinds of finding recorded for it."), one_of([*FindingKind.values, NONE]), "progress"),
    "year": of_group(
        _("Year in which the visit began."), {"type": "string", "pattern": r"^((19|20)[0-9]{2}|none)$"}, "2018"
    ),
    "from": Parameter(_("Visits that may have lasted till this day or a later one."), DAY, "2018-01-01"),
    "to": Parameter(_("Visits that may have begun on this day or an earlier one."), DAY, "2018-12-31"),
    "as_of": Parameter(_("What the register showed at the end of this day; not together with “q”."), DAY),
    "sort": Parameter(
        _("Order; “relevance”, only with “q”, puts the best match first."),
        one_of(value for value, _label in VisitFilterSet.base_filters["sort"].extra["choices"]),
        "oldest",
    ),
    "page": Parameter(_("Which page, from 1 to the last."), {"type": "integer", "minimum": 1, "default": 1}, 1),
    "page_size": Parameter(
        _("How many entries a page has."),
        {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
        10,
    ),
}
LANGUAGE_ASKED = Parameter(
    _("Language of names, labels and texts, as far as they are translated, and of refusals."),
    one_of(LANGUAGES) | {"default": "en"},
    "fr",
)


def fields(valid: Iterable[str], *example: str) -> Parameter:
    return Parameter(_("Only these members, in this order."), one_of(valid), list(example), "commas")


EXPAND = Parameter(
    _("Besides the columns, these parts of each record, below “parts”; “links” and “documents” beside them."),
    one_of(EXPANDED),
    ["findings", "people"],
    "commas",
)
VISIT = Parameter(_("Of this visit alone, by its name in addresses."), WORD, "denmark-2018")
SINCE = Parameter(
    _("What an answer gave as “next”; or a day or moment, for all that changed from then on; else from the beginning."),
    {"type": "string", "pattern": r"^([0-9]+[.][0-9]+|[0-9]{4}-[0-9]{2}-[0-9]{2}(T.+)?)?$"},
    "2018-05-29",
    may_be_empty=True,
)
MANY_CHANGES = Parameter(
    _("About how many changes to answer at once."),
    {"type": "integer", "minimum": 1, "maximum": MOST_CHANGES, "default": COUNTED_CHANGES},
    50,
)

# What stands in addresses.
SLUG_IN_PATH = Parameter(_("What the visit is called in addresses."), WORD, "denmark-2018")
NUMBER_IN_PATH = Parameter(_("Number of the edition."), {"type": "integer", "minimum": 1}, 1)
UID_IN_PATH = Parameter(
    _("Identifier of the finding."), {"type": "string", "format": "uuid"}, "852e2e7f-7ef0-5645-94f4-f3fe085f6176"
)
