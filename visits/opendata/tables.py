"""Which columns visits and findings have: the one place that CSV, XLSX, JSON, the API's documentation and the data
dictionary are made from."""

from django.utils.translation import gettext_lazy as _

from .columns import Column, Origin, Type, column

TEXT, INTEGER, DATE, PARTIAL_DATE, MOMENT, LIST, BOOLEAN = Type
STATED, INFERRED, DERIVED, REGISTER = Origin


def modalities(row, *, inferred: bool) -> list[str]:
    found = (part.modality for part in row.parts if bool(part.is_inferred) is inferred and part.modality != "unknown")
    return list(dict.fromkeys(found))


# What a visit and a finding have in common, each about the visit.
WHERE = (
    column("country", TEXT, STATED, _("Country"), _("Name of the State visited."), "country.name.text"),
    column(
        "country_iso3", TEXT, REGISTER, _("Country code"), _("ISO 3166-1 alpha-3 code of the State."), "country.iso3"
    ),
    column(
        "region",
        TEXT,
        REGISTER,
        _("Region"),
        _("The region of the UN M49 standard in which the State lies."),
        lambda row: row.country.region.name.text if row.country.region else "",
    ),
)
WHEN = (
    column("start", PARTIAL_DATE, STATED, _("First day"), _("When the visit began, as far as it is stated."), "start"),
    column("end", PARTIAL_DATE, STATED, _("Last day"), _("When the visit ended, as far as it is stated."), "end"),
    column(
        "earliest",
        DATE,
        DERIVED,
        _("Earliest possible first day"),
        _("The first day that the stated dates can mean. Where only a month is known, its first day."),
        "earliest",
    ),
    column(
        "latest",
        DATE,
        DERIVED,
        _("Latest possible last day"),
        _("The last day that the stated dates can mean. Where only a month is known, its last day."),
        "latest",
    ),
)
TITLE = (
    column(
        "title",
        TEXT,
        STATED,
        _("Title"),
        _("Title of the record, in the language of the download where it is translated."),
        "title.text",
    ),
    column(
        "title_language",
        TEXT,
        REGISTER,
        _("Language of the title"),
        _("The language that the title is really in."),
        "title.language",
    ),
)

EDITION_URL = column(
    "edition_url",
    TEXT,
    REGISTER,
    _("Permanent address"),
    _("The page of this very edition, to be cited."),
    lambda row, site: site.edition(row.slug, row.edition),
)

VISITS: tuple[Column, ...] = (
    column(
        "slug",
        TEXT,
        REGISTER,
        _("Name in addresses"),
        _("What the visit is called in addresses. It never changes and is never given to another visit."),
        "slug",
    ),
    column(
        "url",
        TEXT,
        REGISTER,
        _("Address"),
        _("The page of the visit, with its current edition."),
        lambda row, site: site.visit(row.slug),
    ),
    column(
        "edition",
        INTEGER,
        REGISTER,
        _("Edition"),
        _("Number of the edition that this row is made from. It rises with every correction."),
        "edition",
    ),
    EDITION_URL,
    *TITLE,
    *WHERE,
    *WHEN,
    column(
        "periods",
        LIST,
        STATED,
        _("Dates"),
        _("Each dated part of the visit as an interval of ISO 8601; two dots for a bound that is not known."),
        lambda row: [part.interval for part in row.parts],
    ),
    column(
        "modalities",
        LIST,
        STATED,
        _("Modality"),
        _("Whether the visit was held on site or virtually, where a source says so."),
        lambda row: modalities(row, inferred=False),
    ),
    column(
        "modalities_inferred",
        LIST,
        INFERRED,
        _("Modality, inferred"),
        _("Whether the visit was held on site or virtually, where no source says so in words."),
        lambda row: modalities(row, inferred=True),
    ),
    column(
        "kinds",
        LIST,
        STATED,
        _("Kind of visit"),
        _("Kinds of visit that the sources call it; empty where they call it none."),
        lambda row: [kind for kind, _ordinal in row.kinds],
    ),
    column(
        "assessment",
        TEXT,
        DERIVED,
        _("Assessment"),
        _("Whether any of its kinds is one of an assessment visit: yes, no, or unknown where no kind is recorded."),
        "assessment",
    ),
    column(
        "topics",
        LIST,
        STATED,
        _("Topics"),
        _("Topics of the visit, whatever part they had in the talks, by their names in addresses."),
        lambda row: [topic.key for topic, _role in row.topics],
    ),
    column(
        "topic_names",
        LIST,
        STATED,
        _("Names of the topics"),
        _("The same topics in words, in the same order."),
        lambda row: [topic.name.text for topic, _role in row.topics],
    ),
    column(
        "focus_topics",
        LIST,
        STATED,
        _("Focus of the talks"),
        _("Those of the topics that the talks focused on."),
        lambda row: [topic.key for topic, role in row.topics if role == "focus"],
    ),
    column(
        "resolutions",
        LIST,
        STATED,
        _("Resolutions"),
        _("Numbers of the Security Council resolutions whose implementation the visit was about."),
        lambda row: [resolution.key for resolution in row.resolutions],
    ),
    column(
        "bodies",
        LIST,
        STATED,
        _("Participating bodies"),
        _("Bodies in the delegation, by their names in addresses."),
        lambda row: [body.key for body, _role in row.bodies],
    ),
    column(
        "body_names",
        LIST,
        STATED,
        _("Names of the bodies"),
        _("The same bodies in words, in the same order."),
        lambda row: [body.name.text for body, _role in row.bodies],
    ),
    column(
        "heads",
        LIST,
        STATED,
        _("Head of the delegation"),
        _("Who led the delegation, by name or, without one, by title."),
        lambda row: list(filter(None, row.heads)),
    ),
    column(
        "findings",
        INTEGER,
        DERIVED,
        _("Number of findings"),
        _("How many findings are recorded for the visit. None recorded does not mean that nothing was found."),
        lambda row: len(row.findings),
    ),
    column("summary", TEXT, STATED, _("Summary"), _("One or two sentences on the visit."), "summary.text"),
    column("aim", TEXT, STATED, _("Aim"), _("What the visit set out to do. Never a finding."), "aim.text"),
    column("mandate", TEXT, STATED, _("Mandate"), _("On whose behalf the visit was made."), "mandate.text"),
    column(
        "sources",
        LIST,
        REGISTER,
        _("Sources"),
        _("Addresses of the disclosed documents that the record was made from."),
        lambda row: [address for source in row.sources if (address := source.url or source.symbol)],
    ),
    column(
        "published_at", MOMENT, REGISTER, _("Published"), _("When this edition was published here."), "published_at"
    ),
    column(
        "change_note",
        TEXT,
        REGISTER,
        _("Change note"),
        _("What this edition changed and why; empty for the first."),
        "change_note",
    ),
)

FINDINGS: tuple[Column, ...] = (
    column(
        "uid",
        TEXT,
        REGISTER,
        _("Identifier"),
        _("Identifier of the finding. It is the same in every edition of the visit."),
        lambda row: str(row.uid),
    ),
    column(
        "url",
        TEXT,
        REGISTER,
        _("Address"),
        _("Leads to the finding on the page of its visit."),
        lambda row, site: site.finding(row.uid),
    ),
    column(
        "kind",
        TEXT,
        STATED,
        _("Kind of finding"),
        _("progress, good-practice, to-strengthen, assistance or statement."),
        "kind",
    ),
    column(
        "direction",
        TEXT,
        STATED,
        _("Direction of assistance"),
        _("Of assistance: whether it was offered, needed or discussed."),
        "direction",
    ),
    column(
        "topic",
        TEXT,
        STATED,
        _("Topic"),
        _("Topic of the finding by its name in addresses; empty where none is recorded."),
        lambda row: row.topic.key if row.topic else "",
    ),
    column(
        "topic_name",
        TEXT,
        STATED,
        _("Name of the topic"),
        _("The same topic in words."),
        lambda row: row.topic.name.text if row.topic else "",
    ),
    column(
        "text",
        TEXT,
        STATED,
        _("Text"),
        _("The finding, in the language of the download where it is translated."),
        "text.text",
    ),
    column(
        "text_language",
        TEXT,
        REGISTER,
        _("Language of the text"),
        _("The language that the text is really in."),
        "text.language",
    ),
    column(
        "speaker",
        TEXT,
        STATED,
        _("Speaker"),
        _("Whose view it is, where a source gives it as somebody’s view."),
        "speaker.text",
    ),
    column("visit", TEXT, REGISTER, _("Visit"), _("What the visit is called in addresses."), "slug"),
    column(
        "visit_url",
        TEXT,
        REGISTER,
        _("Address of the visit"),
        _("The page of the visit, with its current edition."),
        lambda row, site: site.visit(row.slug),
    ),
    column("edition", INTEGER, REGISTER, _("Edition"), _("Number of the edition that holds the finding."), "edition"),
    EDITION_URL,
    *TITLE,
    *WHERE,
    *WHEN,
)
