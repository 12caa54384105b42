"""The tables of the data package: the vocabularies, what records give, what was translated and what has changed."""

from django.utils.translation import gettext_lazy as _

from .columns import column
from .packaged import PackagedTable
from .packaged_records import RECORDS, TO_VISIT
from .packaged_terms import VOCABULARIES
from .tables import BOOLEAN, DERIVED, INTEGER, MOMENT, REGISTER, STATED, TEXT

TRANSLATIONS = PackagedTable(
    "translations",
    _("Translations"),
    _("Reviewed translations of texts of published visits; the other tables hold the originals, in English."),
    (
        column("visit", TEXT, REGISTER, _("Visit"), _("What the visit is called in addresses."), "slug"),
        column(
            "part",
            TEXT,
            REGISTER,
            _("Part"),
            _("Identifier of the visit, or of the part of its record that the text belongs to."),
            "part",
        ),
        column("field", TEXT, REGISTER, _("Field"), _("Name of the text’s column."), "field"),
        column("language", TEXT, REGISTER, _("Language"), _("The language of the translation."), "language"),
        column("text", TEXT, STATED, _("Text"), _("The translation."), "text"),
        column(
            "is_older",
            BOOLEAN,
            DERIVED,
            _("Older than the original"),
            _("Whether the original has been changed since it was translated."),
            "is_older",
        ),
    ),
    ("visit", "part", "field", "language"),
    TO_VISIT,
)
CHANGES = PackagedTable(
    "changes",
    _("Changes"),
    _("What was published, corrected, withdrawn, withheld, released or redacted since the package before this one."),
    (
        column(
            "generation",
            INTEGER,
            REGISTER,
            _("Generation"),
            _("Number of the change: it rises with everything that changes for the public."),
            "cursor.generation",
        ),
        column("at", MOMENT, REGISTER, _("Time"), _("When it was done."), "at"),
        column("visit", TEXT, REGISTER, _("Visit"), _("What the visit is called in addresses."), "visit"),
        column("edition", INTEGER, REGISTER, _("Edition"), _("Number of the edition."), "edition"),
        column(
            "change",
            TEXT,
            REGISTER,
            _("Change"),
            _("published, corrected, withdrawn, withheld, released or redacted."),
            "kind.value",
        ),
        column("note", TEXT, REGISTER, _("Note"), _("Why: the change note of a correction, or the reason."), "note"),
        column(
            "url",
            TEXT,
            REGISTER,
            _("Permanent address"),
            _("The page of this very edition, or what stands there now."),
            lambda row, site: site.edition(row.visit, row.edition),
        ),
    ),
    ("generation", "visit", "edition"),
    {},
)
TABLES: tuple[PackagedTable, ...] = (*VOCABULARIES, *RECORDS, TRANSLATIONS, CHANGES)
