"""The resources of the API: each asks the catalogue, and writes what it is given in the shape that `shapes` tells."""

from django.utils.translation import gettext_lazy as _

from visits.catalogue import changes, known_terms, rows
from visits.catalogue.editions import EditionList
from visits.catalogue.findings import FindingList
from visits.catalogue.history import EditionEntry
from visits.catalogue.listing import Listing
from visits.catalogue.problems import beyond
from visits.catalogue.records import finding_of, record_of, records
from visits.exceptions import InvalidParameters

from ..records import NAMES, OF_FINDING, as_object, finding, row
from ..values import for_json, told
from .base import Resource, chosen
from .parameters import (
    COUNTED_CHANGES,
    EXPAND,
    FILTERS,
    ISO3,
    MANY_CHANGES,
    MOST_CHANGES,
    NUMBER_IN_PATH,
    SINCE,
    SLUG_IN_PATH,
    UID_IN_PATH,
    VISIT,
    WORD,
    Parameter,
    fields,
)
from .shapes import EXPANDED, names

PAGE = {name: FILTERS[name] for name in ("page", "page_size")}


class Index(Resource):
    about = _("Where everything is.")
    answer = "Index"

    def read(self, query):
        query.check()
        return {name: self.site.to(f"api-{name}") for name in RESOURCES}


# Visits


class Visits(Resource):
    about = _("The visits that the filters leave: the same as on the page with this query, in the same order.")
    answer = "PageOfVisitInList"
    parameters = FILTERS | {"fields": fields(NAMES, "slug", "title", "start"), "expand": EXPAND}
    examples = (
        "?topic=border-management&country=DNK",
        "?q=airport&kind=focused&kind=follow-up&sort=oldest",
        "?region=europe&from=2018-01-01&to=2018-12-31&fields=slug,start,end",
        "?country=DNK&expand=findings,people&lang=fr",
    )

    def read(self, query):
        members, expand = query.several("fields", NAMES), query.several("expand", EXPANDED)
        listing = query.attempt(lambda: Listing(query.rest(FILTERS), strict_names=True))
        query.check()
        if expand:
            found = (as_object(record, self.site) for record in records(listing.page_keys))
            results = [chosen(said, members or NAMES) | expanded(said, expand) for said in found]
        else:
            results = [chosen(row(each, self.site), members) for each in rows.visits(listing.page_keys)]
        return self.page_of(results, listing.total, listing.page, listing.page_size)


def expanded(said: dict, expand: tuple[str, ...]) -> dict:
    """Of a whole record what was asked for besides the columns of a list."""
    parts = {name: said["parts"][name] for name in expand if name in said["parts"]}
    others = {name: said[name] for name in expand if name not in said["parts"]}
    return ({"parts": parts} if parts else {}) | others


class Visit(Resource):
    about = _("One visit as its current edition tells it, with every part and the passages that each rests on.")
    answer = "Visit"
    path = {"slug": SLUG_IN_PATH}
    parameters = {"fields": fields(names("Visit"), "slug", "title", "parts")}
    examples = ("", "?lang=ar", "?fields=title,text")

    def read(self, query, slug):
        members = query.several("fields", names("Visit"))
        query.check()
        return chosen(as_object(record_of(slug), self.site), members)


class Editions(Resource):
    about = _("Every edition of every visit in the register, newest first: what may be cited, and what was taken back.")
    answer = "PageOfEdition"
    parameters = {"visit": VISIT, **PAGE}
    examples = ("?page_size=10", "?visit=denmark-2018")

    def read(self, query):
        slug, (page, page_size) = query.slug("visit"), query.page()
        query.check()
        editions = EditionList(slug, page, page_size)
        if page > editions.pages:
            raise InvalidParameters(problems=[beyond(page, editions.pages)])
        results = [self.edition(of.slug, of.entry) for of in editions.entries]
        return self.page_of(results, editions.total, page, page_size)

    def edition(self, slug: str, entry: EditionEntry) -> dict:
        return {
            "visit": slug,
            "edition": entry.number,
            "url": self.site.edition(slug, entry.number),
            "published_at": for_json(entry.published_at),
            "is_current": entry.is_current,
            "is_readable": entry.is_readable,
            "change_note": str(entry.change_note),
            "withdrawn_at": for_json(entry.withdrawn_at),
            "withdrawal_reason": str(entry.withdrawal_reason),
            "withheld_at": for_json(entry.withheld_at),
            "withholding_reason": str(entry.withholding_reason),
        }


class Edition(Resource):
    about = _("A fixed edition of a visit. It never changes, but for words that have to be taken out of it.")
    answer = "Visit"
    path = {"slug": SLUG_IN_PATH, "number": NUMBER_IN_PATH}
    parameters = {"fields": fields(names("Visit"), "slug", "edition", "title")}

    def read(self, query, slug, number):
        members = query.several("fields", names("Visit"))
        query.check()
        return chosen(as_object(record_of(slug, number), self.site), members)


# Findings


class Findings(Resource):
    about = _("Findings of the visits that the filters leave, those of the kinds and topics asked for.")
    answer = "PageOfFindingInList"
    parameters = FILTERS | {"fields": fields(OF_FINDING, "uid", "kind", "text")}
    examples = ("?finding=progress&topic=foreign-terrorist-fighters", "?country=DNK&fields=uid,kind,text")

    def read(self, query):
        members = query.several("fields", OF_FINDING)
        listing = query.attempt(lambda: FindingList(query.rest(FILTERS), strict_names=True))
        query.check()
        results = [chosen(finding(each, self.site), members) for each in rows.findings(listing.page_keys)]
        return self.page_of(results, listing.total, listing.page, listing.page_size)


class Finding(Resource):
    about = _("One finding, as the last edition tells it that has it.")
    answer = "Finding"
    path = {"uid": UID_IN_PATH}
    parameters = {"fields": fields(names("Finding"), "uid", "text", "visit")}

    def read(self, query, uid):
        members = query.several("fields", names("Finding"))
        query.check()
        found, is_current = finding_of(uid)
        return chosen(finding(found, self.site) | {"is_current": is_current}, members)


class Facets(Resource):
    about = _("Of every filter the values that can be chosen, and how many visits each would leave.")
    answer = "Facets"
    parameters = FILTERS
    examples = ("", "?topic=border-management&year=2018&lang=es")

    def read(self, query):
        listing = query.attempt(lambda: Listing(query.rest(FILTERS), strict_names=True))
        query.check()
        return {
            group.name: [
                {
                    "value": option.value,
                    "label": option.label,
                    # What no visit has is offered only where it was asked for.
                    "count": option.visits or 0,
                    "selected": option.selected,
                }
                for option in group.options
            ]
            for group in listing.filters.groups
        }


# Terms


class Terms(Resource):
    """`group`: what filters call terms of this kind; `key`: the member that has what each is called in addresses."""

    group = key = item = ""

    def __init_subclass__(cls):
        cls.answer = cls.item if cls.path else f"PageOf{cls.item}"
        cls.parameters = {"fields": fields(names(cls.item), cls.key, "name", "visits")}

    def read(self, query, key=None):
        members = query.several("fields", names(self.item))
        query.check()
        terms = known_terms.Terms(self.group)
        if key is not None:
            return chosen(self.term(terms.one(str(key))), members)
        return self.page_of([chosen(self.term(each), members) for each in terms.every()])

    def term(self, known: known_terms.KnownTerm) -> dict:
        said = {self.key: known.key}
        for name, value in known.values.items():
            # `url` is the page here.
            said |= told("link" if name == "url" else name, value)
        return said | {
            **told("name", known.name),
            "aliases": list(known.aliases),
            "visits": known.visits,
            "url": self.site.to(self.group, known.key),
            "visits_url": self.site.to("api-visits", query=f"?{self.group}={known.key}"),
        }


class Countries(Terms):
    about = _("All Member States and observers, whether visits to them are recorded here or not.")
    group, key, item = "country", "iso3", "Country"
    examples = ("", "?lang=zh-hans&fields=iso3,name")


class Country(Countries):
    about = _("One State, by its ISO 3166-1 alpha-3 code in capital or small letters.")
    path = {"key": Parameter(_("Its code."), {"type": "string", "pattern": f"^{ISO3}$"}, "DNK")}
    examples = ("",)

    def read(self, query, key):
        return super().read(query, key.upper())


class Topics(Terms):
    about = _("All topics of the vocabulary.")
    group, key, item = "topic", "slug", "Topic"


class Topic(Topics):
    about = _("One topic.")
    path = {"key": Parameter(_("Its name in addresses."), WORD, "border-management")}


class Resolutions(Terms):
    about = _("The Security Council resolutions that visits are about.")
    group, key, item = "resolution", "number", "Resolution"


class Resolution(Resolutions):
    about = _("One resolution.")
    path = {"key": Parameter(_("Its number."), {"type": "integer", "minimum": 1}, 1373)}


class Bodies(Terms):
    about = _("The bodies that take part in visits.")
    group, key, item = "body", "slug", "Body"


class Body(Bodies):
    about = _("One body.")
    path = {"key": Parameter(_("Its name in addresses."), WORD, "interpol")}


# Changes


class Changes(Resource):
    about = _(
        "What changed for the public, in the order in which it did. Ask again with what “next” gives: no change is "
        "ever missed, whatever is published meanwhile. An answer without results means that nothing has changed yet."
    )
    answer = "Changes"
    parameters = {"since": SINCE, "page_size": MANY_CHANGES}
    examples = ("?page_size=50", "?since=2018-05-29")

    def read(self, query):
        since, most = query.one("since"), query.number("page_size", COUNTED_CHANGES, MOST_CHANGES)
        cursor = query.attempt(lambda: changes.cursor_of(since))
        query.check()
        found, following = changes.after(cursor, most)
        return {"results": [self.change(each) for each in found], "next": str(following), "since": since}

    def change(self, said: changes.Change) -> dict:
        url, api_url = self.term(*said.term) if said.term else self.visit(said.visit)
        return {
            "cursor": str(said.cursor),
            "at": for_json(said.at),
            "change": said.kind.value,
            "visit": said.visit or None,
            "uid": str(said.uid) if said.uid else None,
            "edition": said.edition,
            "language": said.language,
            "note": said.note,
            "into": said.into,
            "url": url,
            "api_url": api_url,
        }

    def visit(self, slug: str) -> tuple[str, str]:
        return self.site.visit(slug), self.site.to("api-visit", slug)

    def term(self, group: str, key: str) -> tuple[str, str]:
        """Its page and its resource; those of all States for a region, which has none."""
        several = {"region": "countries", "country": "countries", "body": "bodies"}.get(group, f"{group}s")
        if group == "region" or not key:
            return self.site.to(several), self.site.to(f"api-{several}")
        return self.site.to(group, key), self.site.to(f"api-{group}", key)


RESOURCES = {
    "visits": Visits,
    "editions": Editions,
    "findings": Findings,
    "countries": Countries,
    "topics": Topics,
    "resolutions": Resolutions,
    "bodies": Bodies,
    "facets": Facets,
    "changes": Changes,
}
