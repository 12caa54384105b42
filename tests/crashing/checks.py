"""What must hold after every crash; each check yields what is wrong, in words."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator

from django.db import connection, transaction
from django.http import QueryDict

from tests.crashing.client import LANGUAGE, Line
from tests.searching import found
from visits.catalogue import facets
from visits.catalogue.listing import Listing
from visits.catalogue.selection import InDatabase
from visits.editorial import indexing, rules
from visits.enums import State, TranslationState, Verb
from visits.models import Edition, Event, Generation, SearchRow, Translation, Visit
from visits.models.base import plain_rows

MARK = re.compile(r"mark\w+")
# What the client calls a write: the verb of its event, and what the event is about where that is no edition.
RECORDED = {
    "note": (Verb.CHANGE_RECORD, "visit"),
    "translate": (Verb.SAVE, f"translation {LANGUAGE}"),
    "submit translation": (Verb.SUBMIT, f"translation {LANGUAGE}"),
    "review translation": (Verb.REVIEW, f"translation {LANGUAGE}"),
}
SEEN = {Verb.PUBLISH, Verb.WITHDRAW, Verb.REVIEW}
LISTS = ("", "kind=focused", "modality=on-site&sort=oldest", "topic=none")


class Stored:
    """What the register holds of what was written: of each mark, the event that brought it."""

    def __init__(self):
        columns = ("pk", "verb", "visit", "edition", "subject_model", "note", "changes")
        self.events = {}
        for pk, verb, visit, edition, subject, note, changes in Event.objects.order_by("pk").values_list(*columns):
            for mark in MARK.findall(note + json.dumps(changes)):
                self.events.setdefault(mark, (pk, verb, visit, edition, subject))
        self.notes = {
            mark: visit
            for visit, notes in Visit.objects.values_list("pk", "internal_notes")
            for mark in MARK.findall(notes)
        }

    def has(self, line: Line) -> bool:
        if line.kind == "start":
            # Its notes, which a later event may tell as what they were before.
            return line.mark in self.notes or line.mark in self.events
        if line.mark not in self.events:
            return False
        _pk, verb, visit, edition, subject = self.events[line.mark]
        of_what = RECORDED.get(line.kind)
        if of_what:
            return (verb, subject, visit) == (*of_what, line.visit)
        if line.kind == Verb.NEW_EDITION:
            return (verb, visit) == (line.kind, line.visit)
        return (verb, edition) == (line.kind, line.edition)


def lost(lines: list[Line], stored: Stored) -> Iterator[str]:
    """Of what was acknowledged, what is not there, or not in the order in which people were told."""
    places = defaultdict(int)
    for line in lines:
        if not stored.has(line):
            yield f"LOST: {line.kind} of edition {line.edition} of visit {line.visit} ({line.mark}) was acknowledged"
        elif line.mark in stored.events and line.kind != "start":
            place = stored.events[line.mark][0]
            if place < places[line.visit]:
                yield f"{line.kind} ({line.mark}) of visit {line.visit} was recorded before what preceded it"
            places[line.visit] = place


def half_done() -> Iterator[str]:
    """Editions and translations that are not what their events made of them."""
    expected, translations = replayed()
    columns = ("pk", "state", "number", "title", "published_at", "superseded_at", "withdrawn_at", "claimed_by", "visit")
    standing = defaultdict(list)
    for pk, state, number, title, *moments, claimed, visit in plain_rows(Edition).values_list(*columns):
        standing[visit].append(state)
        is_told = expected.pop(pk, None)
        is_so = {"state": state, "number": number, "title": title, "claimed": claimed is not None}
        is_so |= dict(
            zip(("published", "superseded", "withdrawn"), (each is not None for each in moments), strict=True)
        )
        if is_told is None:
            yield f"edition {pk} has no event"
        elif is_told != is_so:
            yield f"edition {pk} is {is_so}, and its events make it {is_told}"
    yield from (f"edition {pk} has events and is not there" for pk in expected)
    for visit, states in standing.items():
        in_work = sum(state in (State.DRAFT, State.IN_REVIEW, State.SCHEDULED) for state in states)
        if states.count(State.PUBLISHED) > 1 or in_work > 1:
            yield f"visit {visit} has editions that are {states}"
    held = defaultdict(set)
    for visit, text, state in Translation.objects.values_list("visit", "text", "state"):
        held[visit].add((text, state))
    if dict(held) != translations:
        yield f"translations are {dict(held)}, and their events make them {translations}"


def replayed() -> tuple[dict[int, dict], dict[int, set]]:
    """Every edition, and the translations of every visit, as the events tell of them."""
    lives, of_visit, translations = {}, defaultdict(list), defaultdict(dict)
    copies = dict(plain_rows(Edition).values_list("pk", "copied_from"))
    columns = ("verb", "visit", "edition", "subject_model", "changes")
    for verb, visit, edition, subject, changes in Event.objects.order_by("pk").values_list(*columns):
        if subject.startswith("translation"):
            translate(translations[visit], verb, changes)
        elif edition:
            if edition not in lives:
                source = lives.get(copies.get(edition), {"title": ""})
                lives[edition] = {"state": State.DRAFT, "number": None, "title": source["title"], "claimed": False}
                lives[edition] |= dict.fromkeys(("published", "superseded", "withdrawn"), False)
                of_visit[visit].append(lives[edition])
            move(lives[edition], of_visit[visit], verb, changes)
    return lives, {visit: set(held.values()) for visit, held in translations.items()}


def move(life: dict, siblings: list[dict], verb: str, changes: list[dict]) -> None:
    for change in changes:
        if verb == Verb.SAVE and (change["part"], change["field"]) == ("edition", "title"):
            life["title"] = change["new"]
    if verb == Verb.PUBLISH:
        for other in siblings:
            if other["state"] == State.PUBLISHED:
                other |= {"state": State.SUPERSEDED, "superseded": True}
        life |= {"number": max(other["number"] or 0 for other in siblings) + 1, "published": True}
    if verb == Verb.WITHDRAW:
        for other in siblings:
            if other["state"] in (State.PUBLISHED, State.SUPERSEDED):
                other |= {"state": State.WITHDRAWN, "withdrawn": True}
    target = rules.TRANSITIONS[verb].target if verb in rules.TRANSITIONS else None
    if target:
        life |= {"state": target, "claimed": False}
    if verb == Verb.CLAIM:
        life["claimed"] = True


def translate(held: dict, verb: str, changes: list[dict]) -> None:
    """The one text in work and the one that is public, each with its state."""
    if verb == Verb.SAVE:
        held["work"] = (changes[0]["new"], TranslationState.DRAFT)
    elif verb == Verb.SUBMIT:
        held["work"] = (held["work"][0], TranslationState.IN_REVIEW)
    elif verb == Verb.REVIEW:
        held["public"] = (held.pop("work")[0], TranslationState.REVIEWED)


def generations(since: int) -> Iterator[str]:
    """Every step that the public sees raised the generation by one, and nothing else did."""
    events = list(Event.objects.filter(pk__gt=since).order_by("pk").values_list("verb", "generation"))
    raised = [generation for _verb, generation in events if generation is not None]
    now = Generation.current()
    if sorted(raised) != list(range(now - len(raised) + 1, now + 1)):
        yield f"the generation is {now}, and the events raised it to {raised[-5:]}"
    for verb, generation in events:
        if (verb in SEEN) != (generation is not None):
            yield f"an event of {verb} has the generation {generation}"


def search_rows(visits: set[int]) -> Iterator[str]:
    """Published visits, and no others, can be searched for by what they say; those of `visits` by the very words."""
    published = set(Edition.objects.published().values_list("visit", "pk"))
    if (rows := set(SearchRow.objects.values_list("visit", "edition"))) != published:
        yield f"rows to search in and published editions differ by {sorted(rows ^ published)}"
    for edition in Edition.objects.published().filter(visit__in=visits).select_related("visit"):
        mark, held = MARK.search(edition.title)[0], SearchRow.objects.filter(visit=edition.visit)
        before = held.values_list("title", "body").first()
        with transaction.atomic():
            indexing.write(edition)
            again = held.values_list("title", "body").first()
            transaction.set_rollback(True)
        if before != again:
            yield f"what is searched of visit {edition.visit} is not what it says"
        if (slugs := found(mark)) != [edition.visit.slug]:
            yield f"a search for {mark} finds {slugs}, not {edition.visit.slug}"
    for edition in Edition.objects.filter(state=State.WITHDRAWN, visit__in=visits):
        if slugs := found(MARK.search(edition.title)[0]):
            yield f"a search finds what was withdrawn: {slugs}"


def catalogue() -> Iterator[str]:
    """What lists and the numbers beside filters are made of says what plain queries of the database say."""
    published = dict(Edition.objects.published().values_list("visit", "pk"))
    plain = {"country": defaultdict(set)}
    for visit, country in Visit.objects.filter(pk__in=published).values_list("pk", "country"):
        plain["country"][country].add(visit)
    for group, (model, column) in facets.ROWS.items():
        plain[group], visits = defaultdict(set), {edition: visit for visit, edition in published.items()}
        for edition, value in model.objects.filter(edition__in=visits).values_list("edition", column):
            if value is not None:
                plain[group][value].add(visits[edition])
        none = published.keys() - set().union(*plain[group].values())
        if none:
            plain[group][None] = none
    # The one that this process has kept and renewed since the beginning, and one that is made anew.
    for name, index in (("kept", facets.current(wait=True)), ("fresh", facets.read(Generation.current()))):
        if set(index.visits) != set(published):
            yield f"the {name} index has {len(index.visits)} visits, and {len(published)} are published"
        for group, values in plain.items():
            held = {value: set(visits) for value, visits in index.raw[group].items() if visits}
            if held != values:
                yield f"the {name} index of {group} is {held}, and the database says {dict(values)}"


def lists() -> Iterator[str]:
    """Lists with the numbers beside their filters are the same by sets as by queries."""
    for query in LISTS:
        listing = Listing(QueryDict(query + "&page_size=100"))
        slow = InDatabase(listing.filterset, listing.base, listing.selection.asked)
        by_sets, by_rows = ([edition.pk for edition in way.page(0, 100)] for way in (listing.selection, slow))
        if by_sets != by_rows or counted(listing.selection) != counted(slow):
            yield f"the list “{query}” differs by sets and by rows"


def counted(selection) -> dict:
    return {
        (group, value): tally
        for group, tallies in selection.counts.items()
        for value, tally in tallies.items()
        if tally.own
    }


def whole() -> Iterator[str]:
    """The database says of itself that it is whole."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            yield from (str(row[0]) for row in cursor.execute("PRAGMA integrity_check").fetchall() if row[0] != "ok")
            # With 1 it also compares the index of words with the rows that it is of; it raises where they differ.
            cursor.execute("INSERT INTO visits_searchtext (visits_searchtext, rank) VALUES ('integrity-check', 1)")
        else:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
            cursor.execute("""
                SELECT bt_index_check(c.oid, true) FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid
                JOIN pg_am a ON a.oid = c.relam WHERE a.amname = 'btree' AND c.relpersistence = 'p'
            """)
            cursor.execute("""
                SELECT c.relname, v.msg FROM pg_class c, verify_heapam(c.oid) v
                WHERE c.relkind = 'r' AND c.relpersistence = 'p'
            """)
            yield from (f"{table}: {said}" for table, said in cursor.fetchall())
    connection.check_constraints()
