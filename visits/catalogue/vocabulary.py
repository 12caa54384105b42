"""The terms that visits are filtered by, kept in memory: there are some hundreds of them, and every list names many."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import prefetch_related_objects
from django.utils import translation

from visits.models import Body, Country, Generation, Region, Resolution, Topic

from .wording import Text, in_alphabet, name_of

MODELS = {"topic": Topic, "country": Country, "region": Region, "resolution": Resolution, "body": Body}


class Vocabulary:
    """All terms as they stood at a generation, or later.

    Of each kind of term: `groups`, key → the primary keys it stands for in records: its own, and those of terms that
    it has replaced; a region stands for its countries. `keys`, primary key → key. `replaced`, keys that are understood
    but no longer offered.
    """

    def __init__(self, generation: int):
        self.generation = generation
        # Their own order is that of the language in which somebody happened to ask first.
        self.rows = {group: list(model.objects.order_by("pk")) for group, model in MODELS.items()}
        prefetch_related_objects(self.rows["body"], "member_of")
        self.groups = {group: families(rows) for group, rows in self.rows.items()} | {"region": self.regions()}
        self.keys = {group: {row.pk: key_of(row) for row in rows} for group, rows in self.rows.items()}
        replaced = {group: [row for row in rows if row.replaced_by_id] for group, rows in self.rows.items()}
        self.replaced = {group: set(map(key_of, rows)) for group, rows in replaced.items()}
        self.by_pk = {group: {row.pk: row for row in rows} for group, rows in self.rows.items()}
        self.names: dict[tuple[str, int, str], Text] = {}
        self.worded: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def regions(self) -> dict[str, list[int]]:
        by_pk = {region.pk: region for region in self.rows["region"]}
        found = {region.slug: [] for region in self.rows["region"]}
        for country in self.rows["country"]:
            region = by_pk.get(country.region_id)
            while region:
                found[region.slug].append(country.pk)
                region = by_pk.get(region.parent_id)
        return found

    def choices(self, group: str) -> list[tuple[str, str]]:
        """Key and name of each term in the active language, in its alphabet."""
        at = group, translation.get_language()
        if at not in self.worded:
            named = ((key_of(row), str(row)) for row in self.rows[group])
            self.worded[at] = sorted(named, key=lambda choice: in_alphabet(choice[1]))
        return self.worded[at]

    def offered(self, group: str) -> list[str]:
        """The keys of terms that none has replaced, in the alphabet of the active language."""
        return [key for key, _name in self.choices(group) if key not in self.replaced[group]]

    def row(self, group: str, pk: int):
        # What was published since the terms were read may have a newer one.
        return self.by_pk[group].get(pk) or MODELS[group].objects.get(pk=pk)

    def name(self, group: str, pk: int) -> Text:
        """The name of a term in the active language."""
        at = group, pk, translation.get_language()
        if at not in self.names:
            self.names[at] = name_of(self.row(group, pk))
        return self.names[at]

    def aliases(self, group: str) -> Iterable[tuple[str, str]]:
        """Key and name for the other names that terms go by."""
        return ((key_of(row), alias) for row in self.rows[group] for alias in row.alias_list)


held: Vocabulary | None = None


def current(generation: int | None = None) -> Vocabulary:
    """The terms of this moment, or at least of this generation: read again when it has moved."""
    global held
    if generation is None:
        generation = Generation.current()
    vocabulary = held
    if vocabulary is None or vocabulary.generation < generation:
        held = vocabulary = Vocabulary(generation)
    return vocabulary


def latest() -> Vocabulary:
    """The terms as they were last read: for what happens many times while one page is made."""
    return held or current()


def forget() -> None:
    """For tests, where the rows of another test are gone and the generation begins again."""
    global held
    held = None


def key_of(row) -> str:
    """What the row is called in addresses."""
    return str(row.natural_key()[0])


def families(rows) -> dict[str, list[int]]:
    replaced = defaultdict(list)
    for row in rows:
        replaced[row.replaced_by_id].append(row.pk)
    return {key_of(row): [row.pk, *replaced[row.pk]] for row in rows}
