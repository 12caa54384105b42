"""The content of an edition as plain values: what copying, comparing and recording changes have in common."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

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


def with_terms(model):
    """The rows of a kind of child with what they name."""
    relations = [name for name in model.CONTENT_FIELDS if model._meta.get_field(name).is_relation]
    if model is Evidence:
        # Many passages share a document, and its text is long.
        return model.objects.select_related("document").defer("document__text")
    # Without names, Django would join all that a row points to.
    return model.objects.select_related(*relations) if relations else model.objects.all()


def rows_name(model) -> str:
    """What an edition calls its rows of this kind."""
    return model._meta.get_field("edition").remote_field.related_name


def whole(editions):
    """The queryset with every part of each edition, at one query for each kind of child."""
    rows = [Prefetch(rows_name(model), with_terms(model)) for model in CHILDREN]
    return editions.select_related("visit__country", "claimed_by").prefetch_related(
        *rows, "engagements__body__member_of"
    )


def read_parts(edition: Edition, *, but: tuple = ()) -> None:
    """Read every part of an edition with prefetched rows, as `whole` does, but for some kinds and without the terms
    that rows name.

    For pages that many ask for: to put these queries into SQL took Django six times as long as all the rest of them,
    and it is always the same SQL.
    """
    for model in CHILDREN:
        if model not in but:
            rows = getattr(edition, rows_name(model)).all()
            # Where Django itself puts what it has prefetched, for which it takes no SQL.
            rows._result_cache = list(model.objects.raw(sql_of_rows(model), [edition.pk]))
            edition._prefetched_objects_cache[rows_name(model)] = rows


@cache
def sql_of_rows(model) -> str:
    """With the edition's primary key as its only parameter."""
    return model.objects.filter(edition=0).query.sql_with_params()[0]


TRANSLATED = tuple(model for model in CHILDREN if model.TRANSLATABLE)


def with_texts(editions):
    """The queryset with the parts of each edition that have texts to translate."""
    return editions.select_related("visit__country").prefetch_related(*map(rows_name, TRANSLATED))


def texts_of(edition: Edition) -> Iterator[tuple[object, str, str]]:
    """Every text of the edition that can be translated and is not empty: row, uid, field, in reading order."""
    yield from ((edition, str(edition.visit.uid), name) for name in Edition.TRANSLATABLE if getattr(edition, name))
    for model in TRANSLATED:
        for row in getattr(edition, rows_name(model)).all():
            yield from ((row, str(row.uid), name) for name in model.TRANSLATABLE if getattr(row, name))


def snapshot(edition: Edition) -> dict[tuple[str, str], Part]:
    """Every part of the edition as it is stored now, by (model name, uid), in reading order."""
    stored = plain_rows(Edition).select_related("visit").get(pk=edition.pk)
    parts = [part_of(stored, stored.visit.uid)]
    for model in CHILDREN:
        parts += [part_of(child, child.uid) for child in with_terms(model).filter(edition=stored)]
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
