"""A register of invented visits, as large as wanted: what speed and growth are measured with.

The same number and seed give the same rows, identifiers included. They are written in bulk, past the guards and the
actions: there is nothing that they could change, since only a register without any visit takes them.
"""

import datetime
import hashlib
import itertools
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random

from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from visits.editorial import indexing
from visits.editorial.loading import load_register
from visits.enums import Direction, EngagementKind, FindingKind, KindOfVisit, SiteKind, State, Verb
from visits.exceptions import NotForSynthesis
from visits.models import (
    Body,
    Country,
    Document,
    DocumentLink,
    Edition,
    Engagement,
    Event,
    Finding,
    Focus,
    Generation,
    Kind,
    Participation,
    Person,
    Resolution,
    ResolutionLink,
    SearchRow,
    Segment,
    Topic,
    Translation,
    User,
    Visit,
    VisitLink,
)
from visits.text import dates

from .bulk import bulk_loading, insert
from .phrases import Phrasebook, zipf

# In the order in which the rows refer to each other.
MODELS = (
    *(Document, Visit, Edition, Segment, Kind, Focus, ResolutionLink, Participation, Person, Engagement, Finding),
    *(VisitLink, DocumentLink, Translation, SearchRow),
)
# Held in memory at a time: some 15 MB of rows.
BATCH = 2000
# On the last of these days a tour can begin and end within the twentieth year.
FIRST_DAY, DAYS = datetime.date(2005, 1, 1), 20 * 365 - 90
MANDATE = "On behalf of the Counter-Terrorism Committee"
TITLES = {
    "ar": "زيارة المديرية التنفيذية إلى: %s",
    "zh-hans": "反恐执行局的访问：%s",
    "fr": "Visite de la DECT : %s",
    "ru": "Визит ИДКТК: %s",
    "es": "Visita de la DECT: %s",
}
# Weights that stand beside a value say how often it is drawn.
LIVES = {
    (State.PUBLISHED,): 945,
    (State.SUPERSEDED, State.PUBLISHED): 20,
    (State.PUBLISHED, State.DRAFT): 10,
    (State.DRAFT,): 15,
    (State.WITHDRAWN,): 10,
}
MODALITIES = {"on-site": 85, "virtual": 8, "unknown": 7}
PRECISIONS = {"day": 82, "day without end": 4, "month": 9, "year": 5}
KINDS = {kind.value: 40 // (rank + 1) for rank, kind in enumerate(KindOfVisit)}
ENGAGEMENTS = {"government-meeting": 60, "on-site-visit": 25, "side-meeting": 10, "civil-society-meeting": 5}
TOPIC_ROLES = {"focus": 75, "cross-cutting": 15, "mentioned": 10}
PEOPLE = (("head", "Head of the delegation"), ("host", "Minister"), ("other", "Adviser"))

# Drawn from a bounded stock, every phrase is folded once.
folded = cache(indexing.folded)


@dataclass(frozen=True)
class Progress:
    done: int
    per_second: float
    seconds_left: float


def synthesize(visits: int, seed: int, reference: Iterable[Path], report: Callable[[Progress], None]) -> None:
    """Fill an empty register with that many invented visits; `reference` are the fixtures of the vocabularies.

    Raises NotForSynthesis where any visit is recorded. Rows of `BATCH` visits are written at a time, and reported.
    """
    if count := Visit.objects.count():
        raise NotForSynthesis(count=count)
    if not Country.objects.exists():
        load_register(reference)
    synthesis, started = Synthesis(seed), time.monotonic()
    with bulk_loading():
        while synthesis.made < visits:
            synthesis.make(min(BATCH, visits - synthesis.made))
            with transaction.atomic():
                synthesis.store()
            rate = synthesis.made / (time.monotonic() - started)
            report(Progress(synthesis.made, rate, (visits - synthesis.made) / rate))
        with transaction.atomic():
            record(visits, seed)


def record(visits: int, seed: int) -> None:
    """Tell what was done, and let caches see it."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), MODELS):
            cursor.execute(statement)
    system = User.objects.system()
    note = _("%(count)d invented visits were written, with seed %(seed)d.") % {"count": visits, "seed": seed}
    Event.objects.create(
        actor=system,
        actor_name=str(system),
        verb=Verb.CHANGE_RECORD,
        subject=_("the whole register"),
        note=note,
        generation=Generation.raise_by_one(),
    )


class Synthesis:
    """Invents visits one after the other; their rows wait in `rows` until they are stored."""

    def __init__(self, seed: int):
        self.rng = Random(seed)  # noqa: S311
        self.book = Phrasebook(self.rng)
        self.made = 0
        self.rows = defaultdict(list)
        self.keys = {m: itertools.count(1 + (m.objects.aggregate(last=Max("pk"))["last"] or 0)) for m in MODELS}
        # Identifiers that only grow are appended to their indexes. The form is that of a UUID, version 8.
        digest = hashlib.sha256(str(seed).encode()).hexdigest()
        self.uids = (f"{digest[:12]}8{digest[12:15]}8{number:015x}" for number in itertools.count(1))
        self.slugs = Counter()
        self.countries = self.by_frequency(Country.objects.order_by("iso3"), steepness=0.7)
        self.topics = self.by_frequency(Topic.objects.order_by("slug").values_list("pk", flat=True))
        # CTED leads its delegations.
        self.lead, *others = Body.objects.order_by("pk").values_list("pk", flat=True)
        self.bodies = self.by_frequency(others)
        resolutions = list(Resolution.objects.order_by("number").values_list("pk", "year"))
        self.resolutions = {
            year: self.by_frequency([pk for pk, adopted in resolutions if adopted <= year])
            for year in range(FIRST_DAY.year, FIRST_DAY.year + 20)
        }
        names = self.book.names
        self.people = [f"{first} {last}" for first, last in itertools.pairwise(names[:1500])]
        self.places = {country.pk: self.rng.sample(names, 4) for country in self.countries[0]}

    # Drawing

    def by_frequency(self, things, steepness: float = 1.0) -> tuple[list, list]:
        """The things in an order of this register's own, with weights by which the first is drawn most often."""
        things = list(things)
        self.rng.shuffle(things)
        return things, zipf(len(things), steepness)

    def happens(self, share: float) -> bool:
        return self.rng.random() < share

    def one(self, weighted: dict):
        return self.rng.choices(list(weighted), list(weighted.values()))[0]

    def several(self, population: tuple[list, list], mean: int) -> list:
        """Different things, about that many."""
        things, weights = population
        count = min(len(things), self.rng.randint(1, 2 * mean - 1))
        return list(dict.fromkeys(self.rng.choices(things, cum_weights=weights, k=2 * count)))[:count]

    # Inventing

    def make(self, count: int) -> None:
        """Invent that many visits."""
        last = self.made + count
        while self.made < last:
            # A tour of several States leaves one document.
            stops = min(last - self.made, self.rng.randint(2, 4) if self.happens(0.08) else 1)
            day = FIRST_DAY + datetime.timedelta(self.rng.randrange(DAYS))
            document = previous = None
            for _stop in range(stops):
                [country] = self.rng.choices(self.countries[0], cum_weights=self.countries[1])
                kinds = self.kinds()
                title = " ".join(["CTED conducts", *kinds[:1], "visit to", country.name_en])
                document = document or self.document(title, day)
                previous = self.visit(country, day, kinds, title, document, previous)
                self.made += 1
                day += datetime.timedelta(7)

    def document(self, title: str, day: datetime.date) -> int:
        return self.add(
            Document,
            uid=next(self.uids),
            title=title,
            url=f"https://example.org/invented/{self.made + 1}",
            published_on=str(day + datetime.timedelta(self.rng.randint(8, 20))),
            disclosure="none" if self.happens(0.05) else "partial",
        )

    def visit(self, country, day, kinds, title, document, previous) -> int:
        """One visit with everything that hangs on it. Returns its key."""
        life = self.one(LIVES)
        segments = self.segments(country, day)
        earliest = min(row["start_earliest"] for row in segments)
        latest = max(row["end_latest"] or row["start_latest"] for row in segments)
        uid = next(self.uids)
        visit = self.add(
            Visit,
            uid=uid,
            country_id=country.pk,
            slug=None if life == (State.DRAFT,) else self.slug(country, earliest[:4]),
            internal_notes=_("Invented."),
        )
        sentences = self.rng.choices(self.book.sentences, k=self.rng.randint(14, 26))
        children = {
            Segment: segments,
            Kind: [{"kind": kind} for kind in kinds],
            Focus: [
                {"topic_id": topic, "role": self.one(TOPIC_ROLES) if place else "focus"}
                for place, topic in enumerate(self.several(self.topics, 4))
            ],
            ResolutionLink: [{"resolution_id": key} for key in self.several(self.resolutions[day.year], 3)],
            Participation: self.participations(),
            Person: self.people_met(),
            Engagement: self.engagements(country),
            Finding: self.findings(),
            VisitLink: [{"kind": "same-mission", "target_id": previous}] if previous else [],
            DocumentLink: [{"document_id": document}],
        }
        for rows in children.values():
            for row in rows:
                row["uid"] = next(self.uids)
        content = {
            "title": title,
            "text": "".join(f"<p>{' '.join(sentences[at : at + 4])}</p>" for at in range(0, len(sentences), 4)),
            "aim": self.rng.choice(self.book.sentences),
            "mandate": MANDATE if self.happens(0.8) else "",
            "earliest": earliest,
            "latest": latest,
        }
        self.editions(visit, life, content, sentences, children)
        if State.PUBLISHED in life and self.happens(0.03):
            self.translation(visit, uid, title, country)
        return visit

    def segments(self, country, day: datetime.date) -> list[dict]:
        """Mostly one; the visit that is held on line first and on site later has two."""
        precision = self.one(PRECISIONS)
        modalities, rows = ["virtual", "on-site"] if self.happens(0.04) else [self.one(MODALITIES)], []
        for modality in modalities:
            last = day + datetime.timedelta(self.rng.randint(1, 6))
            start, end = str(day), str(last)
            if precision in ("month", "year"):
                start, end = (text[: 7 if precision == "month" else 4] for text in (start, end))
            elif precision == "day without end":
                end = ""
            places = "" if modality == "virtual" else self.rng.choice(self.places[country.pk])
            row = {"modality": modality, "modality_inferred": self.happens(0.1), "start": start, "end": end}
            row |= meant("start", start) | meant("end", end) | {"places": places}
            rows.append(row)
            day = last + datetime.timedelta(self.rng.randint(5, 40))
        return rows

    def kinds(self) -> list[str]:
        """Mostly one; some visits have none recorded, some have two."""
        count = self.one({0: 12, 1: 80, 2: 8})
        return list(dict.fromkeys(self.one(KINDS) for _kind in range(count)))

    def slug(self, country, year: str) -> str:
        base = f"{country.slug}-{year}"
        self.slugs[base] += 1
        return base if self.slugs[base] == 1 else f"{base}-{self.slugs[base]}"

    def participations(self) -> list[dict]:
        rows = [{"body_id": self.lead, "role": "lead", "named_as": "CTED"}]
        return rows + [{"body_id": key, "role": "member", "named_as": ""} for key in self.several(self.bodies, 3)]

    def people_met(self) -> list[dict]:
        rows = []
        for role, title in PEOPLE[: self.rng.randint(0, 3)]:
            name, organisation = self.rng.choice(self.people), self.book.word("authority")
            rows.append({"name": name, "title": title, "organisation": organisation, "role": role})
        return rows

    def engagements(self, country) -> list[dict]:
        rows = []
        for _engagement in range(self.rng.randint(1, 3)):
            kind = self.one(ENGAGEMENTS)
            site = self.rng.choice(SiteKind.values) if kind == EngagementKind.SITE else ""
            row = {"kind": kind, "site_kind": site, "description": self.rng.choice(self.book.sentences)}
            row["counterpart"] = self.book.word("name" if site else "authority")
            rows.append(row | {"place": self.rng.choice(self.places[country.pk])})
        return rows

    def findings(self) -> list[dict]:
        rows = []
        for kind in self.rng.choices(FindingKind.values, k=self.rng.randint(0, 4)):
            row = {"kind": kind, "direction": ""}
            if kind == FindingKind.ASSISTANCE:
                row["direction"] = self.rng.choice(Direction.values)
            row["topic_id"] = self.several(self.topics, 1)[0] if self.happens(0.85) else None
            row["speaker"] = self.rng.choice(self.people) if self.happens(0.1) else ""
            rows.append(row | {"text": self.rng.choice(self.book.sentences)})
        return rows

    def editions(self, visit: int, life: tuple, content: dict, sentences: list[str], children: dict) -> None:
        """An edition for each state of the visit's life, the later ones with another summary."""
        since = datetime.date.fromisoformat(content["latest"]) + datetime.timedelta(self.rng.randint(10, 90))
        numbered = {State.SUPERSEDED, State.PUBLISHED, State.WITHDRAWN}
        moments = [f"{since + datetime.timedelta(90 * place)} 09:00:00" for place in range(3)]
        earlier = None
        for place, state in enumerate(life):
            summary = sentences[place]
            edition = self.add(
                Edition,
                uid=next(self.uids),
                visit_id=visit,
                copied_from_id=earlier,
                created_at=moments[place],
                change_note=_("The summary is another one.") if earlier else "",
                summary=summary,
                state=state.value,
                number=place + 1 if state in numbered else None,
                published_at=moments[place] if state in numbered else None,
                superseded_at=moments[place + 1] if state == State.SUPERSEDED else None,
                withdrawn_at=moments[place + 1] if state == State.WITHDRAWN else None,
                withdrawal_reason=_("Entered twice.") if state == State.WITHDRAWN else "",
                **content,
            )
            for model, rows in children.items():
                for position, row in enumerate(rows):
                    self.add(model, edition_id=edition, position=position, **row)
            if state == State.PUBLISHED:
                self.search_row(visit, edition, content, [summary, *sentences], children)
            earlier = edition

    def search_row(self, visit: int, edition: int, content: dict, sentences: list[str], children: dict) -> None:
        said = [*sentences, content["aim"], content["mandate"]]
        for model, names in indexing.FIELDS_OF_CHILDREN.items():
            said += [row.get(name, "") for row in children[model] for name in names]
        body = " ".join(filter(None, map(folded, said)))
        self.rows[SearchRow].append(
            {"visit_id": visit, "edition_id": edition, "title": folded(content["title"]), "body": body}
        )

    def translation(self, visit: int, uid: str, title: str, country) -> None:
        language = self.rng.choice(list(TITLES))
        text = TITLES[language] % getattr(country, f"name_{language.replace('-', '_')}")
        self.rows[SearchRow][-1]["title"] += f" {folded(text)}"
        self.add(
            Translation,
            visit_id=visit,
            child_uid=uid,
            field="title",
            language=language,
            text=text,
            source_digest=hashlib.sha256(title.encode()).hexdigest(),
            state="reviewed",
        )

    # Storing

    def add(self, model, **values) -> int:
        key = next(self.keys[model])
        self.rows[model].append({"id": key, **values})
        return key

    def store(self) -> None:
        """Write what was invented since."""
        for model in MODELS:
            if rows := self.rows.pop(model, None):
                insert(model, rows)


@cache
def meant(bound: str, partial: str) -> dict[str, str | None]:
    """The earliest and latest day that a bound can mean, as the columns of a segment hold them."""
    days = {"earliest": dates.first_day(partial), "latest": dates.last_day(partial)}
    return {f"{bound}_{name}": str(day) if day else None for name, day in days.items()}
