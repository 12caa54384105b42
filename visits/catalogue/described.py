"""What the values of a record's parts are called and what they can be: for those who document them."""

from typing import NamedTuple

from django.db.models import BooleanField, IntegerField

from visits.models import Child

from .records import PARTS


class Described(NamedTuple):
    """A value of a part of a record: its name, what it is called, and `kind`: `text`, `translated`, `term`, `choice`,
    `number` or `flag`, with the `choices` there are."""

    name: str
    label: str
    kind: str
    choices: tuple[str, ...] = ()


def described(part: str) -> list[Described]:
    """Which values a part of that name has."""
    model = PARTS[part]
    return [describe(model, name) for name in model.CONTENT_FIELDS]


def describe(model: type[Child], name: str) -> Described:
    field = model._meta.get_field(name)
    label = str(field.verbose_name)
    if name in model.TRANSLATABLE:
        return Described(name, label, "translated")
    if field.is_relation:
        return Described(name, label, "term")
    if field.choices:
        blank = ("",) if field.blank else ()
        return Described(name, label, "choice", (*blank, *(str(value) for value, _label in field.choices)))
    kinds = {IntegerField: "number", BooleanField: "flag"}
    return Described(name, label, next((kind for of, kind in kinds.items() if isinstance(field, of)), "text"))
