"""The vocabularies as tables of the data package."""

from collections.abc import Callable, Iterator

from django.utils.translation import gettext_lazy as _

from visits.catalogue.reference import LANGUAGES

from .columns import Column, column
from .packaged import Vocabulary
from .tables import BOOLEAN, DATE, INTEGER, LIST, REGISTER, TEXT


def in_language(attribute: str, code: str) -> Callable:
    return lambda row: getattr(row, attribute)[code]


def names(label: str) -> Iterator[Column]:
    """The name of a term in each language, and who stands behind it."""
    for code in LANGUAGES:
        suffix = code.replace("-", "_")
        yield column(
            f"{label}_{suffix}",
            TEXT,
            REGISTER,
            _("Name in one language"),
            _("What the term is called in the language at the end of the column’s name; empty where it has no name."),
            in_language("names", code),
        )
        yield column(
            f"{label}_{suffix}_origin",
            TEXT,
            REGISTER,
            _("Origin of the name"),
            _("Who stands behind that wording: un, cldr, or own for this register alone."),
            in_language("origins", code),
        )


def definitions() -> Iterator[Column]:
    for code in LANGUAGES:
        yield column(
            f"definition_{code.replace('-', '_')}",
            TEXT,
            REGISTER,
            _("Definition in one language"),
            _("What the topic takes in, in the language at the end of the column’s name."),
            in_language("definitions", code),
        )


def of_term(name: str, label, meaning, type=TEXT) -> Column:
    """What only terms of its kind have."""
    return column(name, type, REGISTER, label, meaning, lambda row: row.values[name])


def key(name: str, label, meaning) -> Column:
    return column(name, TEXT, REGISTER, label, meaning, "key")


def vocabulary(group, name, label, meaning, by: Column, *columns, called="name", **foreign) -> Vocabulary:
    shared = (
        column(
            "aliases",
            LIST,
            REGISTER,
            _("Other names"),
            _("Other names that it is found by, in any language."),
            "aliases",
        ),
        column(
            "replaced_by",
            by.type,
            REGISTER,
            _("Replaced by"),
            _("The term that took its place, by its key; empty while it stands."),
            lambda row: by.value(row._replace(key=row.replaced_by)) if row.replaced_by else None,
        ),
    )
    every = (by, *columns, *names(called), *shared)
    return Vocabulary(name, label, meaning, every, (by.name,), foreign | {"replaced_by": (name, by.name)}, group)


SLUG = key("slug", _("Name in addresses"), _("What the term is called in addresses and filters."))
VOCABULARIES: tuple[Vocabulary, ...] = (
    vocabulary(
        "region",
        "regions",
        _("Regions"),
        _("Regions of the UN M49 standard."),
        SLUG,
        of_term("m49", _("M49 code"), _("Code of the region in the UN M49 standard.")),
        of_term("parent", _("Part of"), _("The region that it is part of.")),
        parent=("regions", "slug"),
    ),
    vocabulary(
        "country",
        "countries",
        _("Countries"),
        _("Member States and observer States of the United Nations."),
        key("iso3", _("Country code"), _("ISO 3166-1 alpha-3 code of the State.")),
        of_term("iso2", _("Short country code"), _("ISO 3166-1 alpha-2 code of the State.")),
        of_term("membership", _("Membership"), _("member or observer.")),
        of_term("region", _("Region"), _("The region in which the State lies.")),
        region=("regions", "slug"),
    ),
    vocabulary(
        "topic",
        "topics",
        _("Topics"),
        _("Focus areas of the talks."),
        SLUG,
        of_term("cross_cutting", _("Cross-cutting"), _("Whether it cuts across other topics."), BOOLEAN),
        *definitions(),
    ),
    vocabulary(
        "resolution",
        "resolutions",
        _("Resolutions"),
        _("Resolutions of the Security Council."),
        column("number", INTEGER, REGISTER, _("Number"), _("Number of the resolution."), lambda row: int(row.key)),
        of_term("symbol", _("Symbol"), _("Its United Nations symbol.")),
        of_term("year", _("Year"), _("The year in which it was adopted."), INTEGER),
        of_term("adopted_on", _("Adopted"), _("The day on which it was adopted, where it is recorded."), DATE),
        of_term("url", _("Address"), _("Where it can be read.")),
        called="subject",
    ),
    vocabulary(
        "body",
        "bodies",
        _("Bodies"),
        _("Organizations, offices and institutions that took part in visits or were met on them."),
        SLUG,
        of_term("acronym", _("Acronym"), _("What it is called for short.")),
        of_term("kind", _("Kind"), _("What kind of body it is.")),
        of_term("member_of", _("Member of"), _("The bodies that it belongs to."), LIST),
        of_term("url", _("Address"), _("Its own site.")),
    ),
)
