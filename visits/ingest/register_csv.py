"""The register's table of visits becomes fixture objects: facts as they are given, nothing added.

A row is a dated part of a visit; rows with the same `visit` are parts of one. What the table leaves open and how that
is read, such as the role of topics, stands in docs/decisions/0007-what-the-table-of-visits-leaves-open.md.
"""

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from visits.enums import (
    Disclosure,
    DocumentKind,
    KindOfVisit,
    Modality,
    PartRole,
    PersonRole,
    TopicRole,
    VisitLinkKind,
)
from visits.exceptions import BadTable
from visits.extraction import sentences
from visits.extraction.facts import Body, Country, Head, Part, Recorded
from visits.text import dates

from . import cells
from .cells import without_scheme
from .tables import Row, Table, read

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "cted-visits-register/visits.csv")
LEADER = "CTED"
# It has a record of its own, made from the whole release: fixtures/denmark.json.
ELSEWHERE = frozenset({"denmark-2018"})
DOCUMENT_KINDS = {
    "press-release": DocumentKind.PRESS_RELEASE,
    "list": DocumentKind.WEB_PAGE,
    "other": DocumentKind.WEB_PAGE,
}
# How the notes say that the visits of one source were stages of one journey.
ONE_MISSION = "the dates are those of the whole tour"


@dataclass(frozen=True)
class Vocabulary:
    """The terms that rows may name, each by what the table calls it; resolutions as `1373 (2001)`."""

    countries: dict[str, Country]
    bodies: dict[str, Body]
    topics: frozenset[str]
    resolutions: dict[str, str]

    @classmethod
    def of_fixtures(cls, folder: Path) -> "Vocabulary":
        def fields(name: str) -> list[dict]:
            return [obj["fields"] for obj in json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))]

        return cls(
            countries={row["iso3"]: Country(row["iso3"], row["slug"], row["name_en"]) for row in fields("countries")},
            bodies={row["acronym"]: Body(row["acronym"], row["slug"], row["name_en"]) for row in fields("bodies")},
            topics=frozenset(row["slug"] for row in fields("topics")),
            resolutions={str(row["number"]): f"{row['number']} ({row['year']})" for row in fields("resolutions")},
        )


def register(path: Path, vocabulary: Vocabulary) -> list[dict]:
    """The fixture objects of a table, each after those it refers to. Raises BadTable with every fault in it."""
    table = read(path, columns(vocabulary))
    by_visit: dict[str, list[Row]] = defaultdict(list)
    for row in table.rows:
        check_row(table, row)
        if row["visit"]:
            by_visit[row["visit"]].append(row)
    for rows in by_visit.values():
        check_visit(table, rows)
    check_slugs(table, by_visit, vocabulary)
    check_documents(table)
    if table.faults:
        raise BadTable(faults=sorted(table.faults, key=lambda fault: fault.line))
    visits = sorted((put_together(rows, vocabulary) for rows in by_visit.values()), key=lambda visit: visit.order)
    return fixture([visit for visit in visits if visit.slug not in ELSEWHERE], table.rows)


# What the cells of each column hold


def columns(vocabulary: Vocabulary) -> dict[str, Callable]:
    bodies = vocabulary.bodies.keys() - {LEADER}
    return {
        "visit": cells.slug,
        "iso3": cells.term(vocabulary.countries, _("the ISO 3166 alpha-3 code of a State in the reference data")),
        "modality": cells.choice(Modality.values),
        "modality_inferred": lambda cell: cells.choice(("yes", "no"))(cell) == "yes",
        "start": cells.partial_date,
        "end": cells.partial_date,
        "kinds": cells.several(cells.choice(KindOfVisit.values)),
        "ordinal": cells.ordinal,
        "head_name": cells.words,
        "head_title": cells.words,
        "bodies": cells.several(
            cells.term(bodies, _("the acronym of a body in the reference data, without CTED, which leads"))
        ),
        "resolutions": cells.several(
            cells.term(vocabulary.resolutions, _("the number of a resolution in the reference data"))
        ),
        "topics": cells.several(cells.term(vocabulary.topics, _("the slug of a topic in the reference data"))),
        "publication_date": cells.day,
        "source_url": cells.address,
        "source_kind": cells.choice(DOCUMENT_KINDS),
        "notes": cells.words,
    }


# What cells must be to each other


def check_row(table: Table, row: Row) -> None:
    if row["start"] == row["end"] == "":
        table.blame_cell(row, "start", _("a date here or in the column end"))
    check_period(table, row)


def check_period(table: Table, row: Row) -> None:
    start, end = row["start"], row["end"]
    if start and end and dates.last_day(end) < dates.first_day(start):
        table.blame_cell(row, "end", _("a date that is not before the start"))


def check_visit(table: Table, rows: list[Row]) -> None:
    """What its rows say of the visit as a whole agrees."""
    first = rows[0]
    for row in rows[1:]:
        if row["iso3"] and first["iso3"] and row["iso3"] != first["iso3"]:
            told = {"country": first["iso3"], "line": first.line}
            table.blame_cell(row, "iso3", _("%(country)s, the State of this visit in line %(line)d,") % told)
    for column in ("ordinal", "head_name", "head_title"):
        check_agreement(table, [row for row in rows if row[column]], column)
    kinds = {kind for row in rows for kind in row["kinds"] or ()}
    if len(kinds) != 1 and all(row["kinds"] is not None for row in rows):
        for row in rows:
            if row["ordinal"]:
                table.blame_cell(row, "ordinal", _("nothing, or one kind that it counts,"))


def check_agreement(table: Table, rows: list[Row], column: str) -> None:
    for row in rows[1:]:
        if row[column] != rows[0][column]:
            told = {"value": rows[0].raw[column], "line": rows[0].line}
            table.blame_cell(row, column, _("%(value)s as in line %(line)d, or nothing,") % told)


def check_slugs(table: Table, by_visit: dict[str, list[Row]], vocabulary: Vocabulary) -> None:
    """The slug is what publication will give: State and year, a number where it is not the first of that year."""
    placed = defaultdict(list)
    blamed = {fault.line for fault in table.faults}
    for slug, rows in by_visit.items():
        if not blamed & {row.line for row in rows}:
            first = min(dates.first_day(row["start"] or row["end"]) for row in rows)
            placed[f"{vocabulary.countries[rows[0]['iso3']].slug}-{first.year}"].append((first, slug, rows[0]))
    for base, visits in placed.items():
        for number, (_first, slug, row) in enumerate(sorted(visits, key=lambda visit: visit[:2]), start=1):
            expected = base if number == 1 else f"{base}-{number}"
            if slug != expected:
                told = {"slug": expected}
                table.blame_cell(row, "visit", _("%(slug)s, by State, first known year and order,") % told)


def check_documents(table: Table) -> None:
    by_source = defaultdict(list)
    for row in table.rows:
        if row["source_url"] and row["publication_date"]:
            by_source[row["source_url"]].append(row)
    for rows in by_source.values():
        check_agreement(table, rows, "publication_date")


# From rows to visits, from visits to fixtures


def put_together(rows: list[Row], vocabulary: Vocabulary) -> Recorded:
    def joined(column: str) -> tuple:
        return tuple(dict.fromkeys(value for row in rows for value in row[column]))

    def one(column: str):
        return next((row[column] for row in rows if row[column]), None)

    return Recorded(
        slug=rows[0]["visit"],
        country=vocabulary.countries[rows[0]["iso3"]],
        parts=tuple(Part(row["modality"], row["modality_inferred"], row["start"], row["end"]) for row in rows),
        kinds=joined("kinds"),
        ordinal=one("ordinal"),
        head=head(one("head_name") or "", one("head_title") or ""),
        bodies=tuple(vocabulary.bodies[acronym] for acronym in joined("bodies")),
        resolutions=tuple(vocabulary.resolutions[number] for number in joined("resolutions")),
        topics=joined("topics"),
        sources=tuple(dict.fromkeys(row["source_url"] for row in rows)),
        notes=tuple(row["notes"] for row in rows if row["notes"]),
    )


def head(name: str, title: str) -> Head | None:
    """The table writes the organization after the title: “Chief of Section, CTED”."""
    if title.endswith(f", {LEADER}"):
        return Head(name, title.removesuffix(f", {LEADER}"), LEADER)
    return Head(name, title, "") if name or title else None


def fixture(visits: list[Recorded], rows: list[Row]) -> list[dict]:
    used = {source for visit in visits for source in visit.sources}
    sources = defaultdict(list)
    for row in rows:
        if row["source_url"] in used:
            sources[row["source_url"]].append(row)
    links = linked(visits)
    return [
        *(document(url, telling) for url, telling in sources.items()),
        *(
            record("visit", uid=uid("visit", v.slug), country=[v.country.iso3], internal_notes="\n".join(v.notes))
            for v in visits
        ),
        *(obj for visit in visits for obj in edition(visit, links[visit.slug])),
    ]


def document(url: str, rows: list[Row]) -> dict:
    kinds = {DOCUMENT_KINDS[row["source_kind"]] for row in rows}
    return record(
        "document",
        uid=uid("document", url),
        # One row may name as a press release what another saw in a list.
        kind=(DocumentKind.PRESS_RELEASE if DocumentKind.PRESS_RELEASE in kinds else kinds.pop()).value,
        # The table does not give the page's own title.
        title=without_scheme(url),
        url=url,
        language="fr" if "/fr/" in url else "en",
        published_on=next((row["publication_date"] for row in rows if row["publication_date"]), None),
        disclosure=Disclosure.PARTIAL.value,
    )


def linked(visits: list[Recorded]) -> dict[str, list[tuple[VisitLinkKind, str]]]:
    """By slug, the visits that each one points to. `visits` stand in the order of their first days."""
    links = defaultdict(list)
    of_country, of_tour = defaultdict(list), defaultdict(list)
    for visit in visits:
        if KindOfVisit.FOLLOW_UP in visit.kinds and (earlier := followed(of_country[visit.country])):
            links[visit.slug].append((VisitLinkKind.FOLLOWS, earlier.slug))
        of_country[visit.country].append(visit)
        if any(ONE_MISSION in note for note in visit.notes):
            of_tour[visit.sources].append(visit)
    for tour in of_tour.values():
        for visit in tour:
            links[visit.slug] += [(VisitLinkKind.SAME_MISSION, other.slug) for other in tour if other != visit]
    return links


def followed(earlier: list[Recorded]) -> Recorded | None:
    """The latest assessment visit before; where none is known to be one, the latest that may have been."""
    known = [visit for visit in earlier if visit.is_assessment]
    possible = [visit for visit in earlier if visit.may_be_assessment]
    return (known or possible or [None])[-1]


def edition(visit: Recorded, links: list[tuple[VisitLinkKind, str]]) -> Iterable[dict]:
    """The draft of a visit and what hangs on it."""
    of_edition = uid("edition", visit.slug)
    yield record(
        "edition",
        uid=of_edition,
        visit=[uid("visit", visit.slug)],
        title=sentences.title(visit),
        summary=sentences.summary(visit, stages=1 + [kind for kind, _slug in links].count(VisitLinkKind.SAME_MISSION)),
    )

    def children(model: str, rows: Iterable[tuple[str, dict]]) -> Iterable[dict]:
        for position, (name, values) in enumerate(rows, start=1):
            own = uid("edition", visit.slug, model, name)
            yield record(model, uid=own, edition=[of_edition], position=position, **values)

    yield from children("segment", ((str(n), segment(part)) for n, part in enumerate(visit.parts, start=1)))
    yield from children("kind", ((kind, {"kind": kind, "ordinal": visit.ordinal}) for kind in visit.kinds))
    yield from children(
        "focus", ((slug, {"topic": [slug], "role": TopicRole.MENTIONED.value}) for slug in visit.topics)
    )
    numbers = [int(words.split()[0]) for words in visit.resolutions]
    yield from children("resolutionlink", ((str(number), {"resolution": [number]}) for number in numbers))
    delegation = [(LEADER.lower(), PartRole.LEAD), *((body.slug, PartRole.MEMBER) for body in visit.bodies)]
    yield from children("participation", ((slug, {"body": [slug], "role": role.value}) for slug, role in delegation))
    if visit.head:
        yield from children("person", [("head", vars(visit.head) | {"role": PersonRole.HEAD.value})])
    yield from children(
        "visitlink",
        ((f"{kind}/{slug}", {"kind": kind.value, "target": [uid("visit", slug)]}) for kind, slug in links),
    )
    yield from children("documentlink", ((url, {"document": [uid("document", url)]}) for url in visit.sources))


def segment(part: Part) -> dict:
    return {
        "modality": part.modality,
        "modality_inferred": part.inferred,
        "start": part.start,
        "end": part.end,
    }


def record(model: str, **fields) -> dict:
    return {"model": f"visits.{model}", "fields": fields}


def uid(*names: str) -> str:
    """The same names give the same identifier: a rebuilt fixture is the same fixture."""
    return str(uuid.uuid5(NAMESPACE, "/".join(names)))
