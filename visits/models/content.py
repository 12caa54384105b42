"""The content of an edition as plain values: what copying, comparing and recording changes have in common."""

from dataclasses import dataclass, field

from django.db.models import Prefetch

from .base import plain_rows
from .children import CHILDREN, Evidence
from .edition import Edition


@dataclass(frozen=True)
class Part:
    """The edition itself or one of its children. `uid` is the same in every edition of the visit."""

    row: object = field(compare=False, repr=False)
    model: type
    uid: str
    values: dict

    def __str__(self):
        return str(self.row)


def plain(row, name):
    """A field's value as JSON can hold it; a reference to another row as its natural key."""
    field = row._meta.get_field(name)
    if field.is_relation:
        target = getattr(row, name)
        return target.natural_key()[0] if target else None
    value = getattr(row, name)
    return value if isinstance(value, (str, int, bool, type(None))) else str(value)


def part_of(row, uid) -> Part:
    return Part(row, type(row), str(uid), {name: plain(row, name) for name in row.CONTENT_FIELDS})


def relations_of(model) -> list[str]:
    return [name for name in model.CONTENT_FIELDS if model._meta.get_field(name).is_relation]


def whole(editions):
    """The queryset with every part of each edition, at one query for each kind of child."""
    joined = []
    for model in CHILDREN:
        relations = relations_of(model)
        if model is Evidence:
            # Many passages share a document, and its text is long.
            relations.remove("document")
        name = model._meta.get_field("edition").remote_field.related_name
        joined.append(Prefetch(name, model.objects.select_related(*relations)))
    return editions.select_related("visit__country").prefetch_related(
        *joined, "engagements__body__member_of", "evidence__document"
    )


def snapshot(edition: Edition) -> dict[tuple[str, str], Part]:
    """Every part of the edition as it is stored now, by (model name, uid), in reading order."""
    stored = plain_rows(Edition).select_related("visit").get(pk=edition.pk)
    parts = [part_of(stored, stored.visit.uid)]
    for model in CHILDREN:
        children = model.objects.filter(edition=stored).select_related(*relations_of(model))
        parts += [part_of(child, child.uid) for child in children]
    return {(part.model._meta.model_name, part.uid): part for part in parts}


def differences(before: dict, after: dict) -> list[dict]:
    """What became different between two snapshots, one entry for each field: part, uid, field, old, new.

    Besides content it tells of what people also edit: the order of parts and the change note.
    """
    found = []
    for key in dict.fromkeys([*before, *after]):
        old = before[key].values if key in before else {}
        new = after[key].values if key in after else {}
        if old and new:
            old, new = old | beside_content(before[key].row), new | beside_content(after[key].row)
        found += [
            {"part": key[0], "uid": key[1], "field": name, "old": old.get(name), "new": new.get(name)}
            for name in dict.fromkeys([*old, *new])
            if old.get(name) != new.get(name)
        ]
    return found


def beside_content(row) -> dict:
    return {name: getattr(row, name) for name in ("position", "change_note") if hasattr(row, name)}
