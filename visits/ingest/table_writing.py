"""Accepted cells of a table into a draft, and a draft back to the rows that it had."""

from collections.abc import Iterable

from visits.editorial import actions
from visits.enums import Disclosure, PartRole, PersonRole, TopicRole
from visits.models import (
    CHILDREN,
    Body,
    Child,
    Document,
    DocumentLink,
    Edition,
    Kind,
    Participation,
    Person,
    Resolution,
    Segment,
    Topic,
    User,
)
from visits.models.content import rows_name

from .cells import without_scheme
from .offers import Change, Offer
from .register_csv import DOCUMENT_KINDS, LEADER, head
from .visit_table import NAMED, PERSON, TEXTS, head_of
from .writing import check

# What stays with a row whatever becomes of it.
KEPT = ("uid", "position")


class Writing:
    """Some changes of one offer into one edition, which `actions.saving` holds."""

    def __init__(self, edition: Edition, offer: Offer, changes: Iterable[Change], by: User):
        self.edition, self.offer, self.by = edition, offer, by
        self.values = {change.column: change.value for change in changes if change.segment is None}
        self.of_parts = [change for change in changes if change.segment is not None]
        self.gone = []

    def write(self, *, is_new: bool) -> None:
        texts = {name: value for name, value in self.values.items() if name in TEXTS}
        for name, value in texts.items():
            setattr(self.edition, name, value)
        if texts:
            # A draft may lack what is asked for when it is submitted.
            check(self.edition, exclude={name for name, value in texts.items() if not value})
            self.edition.save()
        if is_new and (leader := Body.objects.filter(acronym=LEADER).first()):
            self.add(Participation(body=leader, role=PartRole.LEAD))
        for column in NAMED.keys() & self.values.keys():
            self.write_named(column, self.values[column])
        self.write_ordinal()
        if not self.values.keys().isdisjoint(PERSON):
            self.write_head()
        self.write_parts()
        # Evidence goes with what it was about.
        self.edition.evidence.filter(child_uid__in=self.gone).delete()

    def write_named(self, column: str, wanted: tuple[str, ...]) -> None:
        model, name_of = NAMED[column]
        rows = {row: name_of(row) for row in self.rows(model)}
        for row, name in rows.items():
            # What a table cannot name is not left out of it on purpose.
            if name not in ("", LEADER, *wanted):
                self.remove(row)
        make = {
            "kinds": lambda name: Kind(kind=name),
            "bodies": lambda name: Participation(body=Body.objects.get(acronym=name)),
            "resolutions": lambda name: model(resolution=Resolution.objects.get(number=name)),
            "topics": lambda name: model(topic=Topic.objects.get(slug=name), role=TopicRole.MENTIONED),
            "source_url": lambda name: DocumentLink(document=self.document(name)),
        }[column]
        for name in wanted:
            if name not in rows.values():
                self.add(make(name))

    def write_ordinal(self) -> None:
        kinds = self.rows(Kind)
        if "ordinal" in self.values and len(kinds) == 1:
            self.change(kinds[0], ordinal=self.values["ordinal"])

    def write_head(self) -> None:
        row = head_of(self.edition)
        if row is None:
            row = Person(role=PersonRole.HEAD)
        if "head_name" in self.values:
            row.name = self.values["head_name"]
        if "head_title" in self.values:
            told = head("", self.values["head_title"])
            row.title, row.organisation = (told.title, told.organisation) if told else ("", "")
        if not row.name and not row.title:
            if row.pk:
                self.remove(row)
        elif row.pk:
            self.change(row)
        else:
            self.add(row)

    def write_parts(self) -> None:
        stored = self.rows(Segment)
        for change in self.of_parts:
            if change.segment >= len(stored):
                self.add(Segment(**change.value))
            elif change.value is None:
                self.remove(stored[change.segment])
            else:
                setattr(stored[change.segment], change.column, change.value)
        for number in {change.segment for change in self.of_parts if change.segment < len(stored)}:
            if stored[number].pk:
                self.change(stored[number])

    def document(self, url: str) -> Document:
        """The source at that address; one that the register does not have is stored, undisclosed."""
        known = Document.objects.filter(url=url).first()
        if known:
            return known
        told = next(row for row in self.offer.entry.rows if url in (row["source_url"] or ()))
        document = Document(
            url=url,
            title=without_scheme(url),
            language="fr" if "/fr/" in url else "en",
            published_on=told["publication_date"] or None,
            disclosure=Disclosure.NONE,
        )
        if told["source_kind"]:
            document.kind = DOCUMENT_KINDS[told["source_kind"]]
        check(document)
        with actions.saving_record(document, by=self.by):
            document.save()
        return document

    # Rows

    def rows(self, model: type[Child]) -> list[Child]:
        return list(getattr(self.edition, rows_name(model)).all())

    def add(self, row: Child) -> None:
        row.edition = self.edition
        row.position = max((other.position for other in self.rows(type(row))), default=0) + 1
        check(row)
        row.save()

    def change(self, row: Child, **values) -> None:
        for name, value in values.items():
            setattr(row, name, value)
        check(row)
        row.save()

    def remove(self, row: Child) -> None:
        self.gone.append(row.uid)
        row.delete()


# Back again


def rows_of(edition: Edition) -> dict[str, list[dict]]:
    """The content of a draft as JSON can hold it, for `put_back`."""
    kept = {"edition": [{name: getattr(edition, name) for name in (*Edition.CONTENT_FIELDS, "change_note")}]}
    for model in CHILDREN:
        columns = [model._meta.get_field(name).attname for name in (*KEPT, *model.CONTENT_FIELDS)]
        kept[model._meta.model_name] = list(model.objects.filter(edition=edition).values(*columns))
    return kept


def put_back(edition: Edition, kept: dict[str, list[dict]]) -> None:
    """Give the draft, which `actions.saving` holds, the content that `rows_of` found in it."""
    for name, value in kept["edition"][0].items():
        setattr(edition, name, value)
    edition.save()
    for model in CHILDREN:
        model.objects.filter(edition=edition).delete()
        for values in kept[model._meta.model_name]:
            row = model(edition=edition, **values)
            check(row)
            row.save()
