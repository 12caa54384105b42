"""What is wrong with a fixture: where an object stands, which value does not fit there, and what was expected."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from visits.enums import State

NO_FIELD = "-"
BETWEEN_OBJECTS = re.compile(r"[\s,\]]*")


@dataclass(frozen=True)
class Place:
    """Where an object stands, in words that find it, and what the file gives it."""

    file: str
    line: int
    object: str
    data: object = None

    def value(self, field: str) -> str:
        """What stands in that field, or in those, as the file has it; "–" where nothing does."""
        if not isinstance(self.data, dict):
            return as_written([self.data] if self.data is not None else [])
        fields = self.data.get("fields")
        held = self.data | (fields if isinstance(fields, dict) else {})
        # Of a translated field the fixture has the column of its first language.
        names = [key for name in field.split(", ") for key in (name, f"{name}_en") if key in held]
        return as_written([held[name] for name in names])


@dataclass(frozen=True)
class Fault:
    place: Place
    field: str
    expected: str

    def __str__(self):
        return _("%(file)s, line %(line)d, %(object)s, field %(field)s, value %(value)s: %(expected)s") % {
            "file": self.place.file,
            "line": self.place.line,
            "object": self.place.object,
            "field": self.field,
            "value": self.place.value(self.field),
            "expected": self.expected,
        }


@dataclass
class Misfit(Exception):
    """A value that does not fit. What was expected is None where it refers to an object that has a fault itself:
    that fault is told there, and what follows from it nowhere."""

    field: str
    expected: str | None


def lines_of(text: str) -> Iterable[int]:
    """The line on which each object of a JSON list begins."""
    decoder, line, last, at = json.JSONDecoder(), 1, 0, text.index("[") + 1
    while (at := BETWEEN_OBJECTS.match(text, at).end()) < len(text):
        line, last = line + text.count("\n", last, at), at
        yield line
        _object, at = decoder.raw_decode(text, at)


def as_written(values: list) -> str:
    """The values as JSON has them, no longer than a message can take; a dash where there is none."""
    return Truncator(", ".join(json.dumps(value, ensure_ascii=False) for value in values) or "–").chars(60)


def describe(position: int, data) -> str:
    """An object's place in its file, its model and the most telling of its fields."""
    if not isinstance(data, dict):
        return _("object %(position)d") % {"position": position}
    fields = data.get("fields") if isinstance(data.get("fields"), dict) else {}
    telling = next((str(fields[key]) for key in ("uid", "slug", "iso3", "acronym", "number") if key in fields), "")
    words = f"{data.get('model', '')} {telling}".strip()
    return _("object %(position)d (%(words)s)") % {"position": position, "words": words or "?"}


def plain_value(field, given):
    """A JSON value as the field holds it. Text stays text: `["x"]` is no title, and 1.5 no number of characters."""
    if given is None:
        if field.null:
            return None
        raise Misfit(field.name, _("a value was expected"))
    kind, expected = str, _("a text was expected")
    if isinstance(field, models.BooleanField):
        kind, expected = bool, _("true or false was expected")
    elif isinstance(field, models.IntegerField):
        kind, expected = int, _("a whole number was expected")
    if type(given) is not kind:
        raise Misfit(field.name, expected)
    try:
        value = field.to_python(given)
    except ValidationError as error:
        raise Misfit(field.name, " ".join(error.messages)) from error
    if isinstance(value, datetime) and timezone.is_naive(value):
        raise Misfit(field.name, _("a time with its zone was expected"))
    return value


def misfits_of(row, fields: dict, unusable: set[str]) -> list[Misfit]:
    """What a person typing this would be told, leaving out the fields that have no usable value anyway."""
    misfits = []

    def check(validate, *args):
        try:
            validate(*args)
        except ValidationError as error:
            for name, errors in error.update_error_dict({}).items():
                field = NO_FIELD if name == NON_FIELD_ERRORS else name
                misfits.extend(Misfit(field, expectation(row, field, single)) for single in errors)

    check(row.clean_fields, unusable)
    unusable = unusable | {misfit.field for misfit in misfits}
    check(row.validate_unique, unusable)
    # What is wrong with a row itself is told even where the edition it belongs to could not be stored.
    if not unusable - {"edition"}:
        check(row.clean)
    for constraint in row._meta.constraints:
        try:
            constraint.validate(type(row), row, exclude=unusable)
        except ValidationError as error:
            misfits.append(Misfit(fields_of(constraint, fields), rule_of(constraint, error)))
    return misfits


def expectation(row, field: str, error: ValidationError) -> str:
    if error.code in ("null", "blank"):
        return _("a value was expected")
    if error.code == "invalid_choice":
        return one_of(value for value, _label in row._meta.get_field(field).flatchoices)
    return " ".join(error.messages)


def one_of(values: Iterable[str]) -> str:
    return _("one of %(values)s was expected") % {"values": ", ".join(values)}


def not_given_here(field: str) -> str:
    if field == "state":
        return _("%(draft)s was expected: a fixture never writes a published edition") % {"draft": State.DRAFT.value}
    return _("nothing was expected: publication gives it")


def fields_of(constraint, fields: dict) -> str:
    """The fields of the fixture that a rule is about; of a derived column the one that it is derived from."""
    if isinstance(constraint, models.CheckConstraint):
        columns = constraint.condition.referenced_base_fields
    else:
        columns = {expression.name for expression in constraint.expressions}
    named = [name for name in fields if any(column == name or column.startswith(f"{name}_") for column in columns)]
    return ", ".join(named or sorted(columns))


def rule_of(constraint, error: ValidationError) -> str:
    if constraint.violation_error_message != constraint.default_violation_error_message:
        return " ".join(error.messages)
    # The names of constraints are their rules.
    return _("the rule “%(rule)s” was expected to hold") % {"rule": constraint.name.replace("_", " ")}
