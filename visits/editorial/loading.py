"""Fixtures into an empty register: load what they hold as drafts, then publish through the actions.

The files are ordinary Django fixtures with natural keys. They are read more strictly than `loaddata` reads them: every
value is validated as if somebody had typed it, and all faults of all files are told in one run.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.exceptions import NON_FIELD_ERRORS, ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, models, transaction
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from visits.enums import State, Verb
from visits.exceptions import BadFixture, Refused, RegisterNotEmpty
from visits.models import (
    CHILDREN,
    Body,
    Child,
    Country,
    Document,
    Edition,
    Evidence,
    Reference,
    Region,
    Resolution,
    Topic,
    Translation,
    User,
    Visit,
    digest_of,
)

from . import actions, translating

LOADABLE = {
    model._meta.label_lower: model
    for model in (Region, Country, Topic, Body, Resolution, Document, Visit, Edition, *CHILDREN, Translation)
}
# What the actions alone give. A fixture may hold these fields only as they are before anything was done.
GIVEN_BY_ACTIONS = {
    Visit: {"slug"},
    Edition: Edition.LIFECYCLE_FIELDS - {"version"},
    Translation: {"state", "made_by", "reviewed_by"},
}
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


def load_register(paths: Iterable[Path]) -> int:
    """Load the fixtures and publish every draft in them. Returns how many visits the register holds then.

    A reference term that is there already stays as it is. Raises RegisterNotEmpty, or BadFixture with every fault
    found; either way nothing is loaded.
    """
    with transaction.atomic():
        if count := Visit.objects.count():
            raise RegisterNotEmpty(count=count)
        loading = Loading()
        for path in paths:
            loading.read(Path(path))
        loading.publish()
        if loading.faults:
            raise BadFixture(faults=loading.faults)
        return Visit.objects.count()


class Loading:
    """One run over all files: what has been stored, what did not fit, and what lacks something because of that."""

    def __init__(self):
        self.faults: list[Fault] = []
        self.stored: set[tuple[type, str]] = set()
        self.broken: set[tuple[type, str]] = set()
        self.editions: dict[Edition, Place] = {}
        self.unfinished: set[str] = set()
        # By edition and uid: the models whose fields evidence and translations may name.
        self.parts: dict[tuple[int, str], type] = {}
        self.translations: dict[tuple[Visit, str], dict[translating.Key, str]] = defaultdict(dict)

    def read(self, path: Path) -> None:
        """Store the objects of one file that fit."""
        expected = _("a JSON list of objects was expected")
        try:
            text = path.read_text(encoding="utf-8")
            objects = json.loads(text)
        except (OSError, ValueError, RecursionError) as error:
            objects, expected = None, f"{expected} ({error})"
        if not isinstance(objects, list):
            self.faults.append(Fault(Place(str(path), 1, _("the file")), NO_FIELD, expected))
            return
        for position, (line, data) in enumerate(zip(lines_of(text), objects, strict=True), start=1):
            self.load(Place(str(path), line, describe(position, data), data), data)

    def load(self, place: Place, data) -> None:
        """Store one object if it fits."""
        if misfits := malformed(data):
            self.blame(place, misfits)
            return
        model, fields = LOADABLE[data["model"].lower()], data["fields"]
        identity = model, str(fields.get(key_field(model)))
        misfits = self.store(place, model, fields, identity)
        if misfits:
            self.blame(place, misfits)
            self.broken.add(identity)
            if isinstance(edition := fields.get("edition"), list):
                self.unfinished.update(map(str, edition))
        else:
            self.stored.add(identity)

    def store(self, place: Place, model, fields: dict, identity) -> list[Misfit]:
        values, many, misfits = self.values(model, fields)
        row = model(**values)
        if isinstance(row, Reference) and not misfits and identity not in self.stored and is_there(row):
            return []
        misfits += misfits_of(row, fields, {misfit.field for misfit in misfits})
        if isinstance(row, Evidence) and not misfits:
            misfits += self.unplaced(row, row.edition_id)
        if isinstance(row, Translation):
            return misfits or self.collect(row)
        if misfits:
            return misfits
        try:
            with transaction.atomic():
                row.save()
                for name, targets in many.items():
                    getattr(row, name).set(targets)
        except (DatabaseError, ValueError) as error:
            return [Misfit(NO_FIELD, _("the database does not take it (%(error)s)") % {"error": error})]
        if isinstance(row, Edition):
            self.editions[row] = place
            self.parts[row.pk, str(row.visit.uid)] = model
        elif isinstance(row, Child):
            self.parts[row.edition_id, str(row.uid)] = model
        return []

    def values(self, model, fields: dict) -> tuple[dict, dict, list[Misfit]]:
        """What the fixture's values mean: those of columns, those of many-to-many fields, and what does not fit."""
        known = {f.name: f for f in (*model._meta.fields, *model._meta.many_to_many) if not f.primary_key}
        values, many, misfits = {}, {}, []
        for name, given in fields.items():
            field = known.get(name)
            try:
                if field is None:
                    raise Misfit(name, _("no field of this name was expected"))
                if name in GIVEN_BY_ACTIONS.get(model, ()) and given != field.get_default():
                    raise Misfit(name, not_given_here(name))
                if field.many_to_many:
                    many[name] = self.targets(field, given)
                elif field.is_relation and given is not None:
                    values[name] = self.target(field, given)
                else:
                    values[name] = plain_value(field, given)
            except Misfit as misfit:
                misfits.append(misfit)
        return values, many, misfits

    def targets(self, field, keys) -> list:
        if not isinstance(keys, list):
            raise Misfit(field.name, _("a list of natural keys was expected"))
        return [self.target(field, key) for key in keys]

    def target(self, field, key):
        """The row that a natural key names."""
        model = field.related_model
        if isinstance(key, list):
            if (model, str(key[0] if key else "")) in self.broken:
                raise Misfit(field.name, None)
            try:
                return model._default_manager.get_by_natural_key(*key)
            except (ObjectDoesNotExist, TypeError, ValueError, ValidationError):
                pass
        expected = _("the natural key of one of the %(models)s that stand before it was expected")
        raise Misfit(field.name, expected % {"models": model._meta.verbose_name_plural})

    def unplaced(self, row: Evidence | Translation, edition: int, fields="CONTENT_FIELDS") -> list[Misfit]:
        """What is wrong with where a passage or a translation is attached."""
        uid = str(row.child_uid)
        model = self.parts.get((edition, uid))
        if model is None:
            if any((child, uid) in self.broken for child in CHILDREN):
                return [Misfit("child_uid", None)]
            expected = _("the uid of the visit, or of a part of the edition that stands before it, was expected")
            return [Misfit("child_uid", expected)]
        if row.field not in getattr(model, fields):
            return [Misfit("field", one_of(getattr(model, fields)))]
        return []

    def collect(self, row: Translation) -> list[Misfit]:
        """Keep a translation until what it translates is published."""
        edition = next((edition for edition in self.editions if edition.visit_id == row.visit_id), None)
        if edition is None:
            return [Misfit("visit", None if self.faults else _("a visit with an edition was expected"))]
        if row.language not in translating.LANGUAGES:
            return [Misfit("language", one_of(translating.LANGUAGES))]
        if not row.text:
            return [Misfit("text", _("a value was expected"))]
        if misfits := self.unplaced(row, edition.pk, "TRANSLATABLE"):
            return misfits
        texts = self.translations[edition.visit, row.language]
        if row.key in texts:
            return [Misfit("field", _("a field that this language does not have yet was expected"))]
        model = self.parts[edition.pk, row.key[0]]
        original = edition if model is Edition else model.objects.get(edition=edition, uid=row.child_uid)
        digest = digest_of(getattr(original, row.field))
        if row.source_digest != digest:
            expected = _("the digest of the original was expected, %(digest)s: this translates another wording")
            return [Misfit("source_digest", expected % {"digest": digest})]
        texts[row.key] = row.text
        return []

    def publish(self) -> None:
        """Publish the editions that lost nothing to a fault, and their translations."""
        system = User.objects.system()
        for edition, place in self.editions.items():
            if str(edition.uid) not in self.unfinished:
                self.blame(place, publish(edition, system))
        if self.faults:
            return
        for (visit, language), texts in self.translations.items():
            translating.save(visit, language, texts, visit.editions.published().get(), by=system)
            translating.submit(visit, language, by=system)
            translating.review(visit, language, by=system)

    def blame(self, place: Place, misfits: Iterable[Misfit]) -> None:
        self.faults += [Fault(place, misfit.field, misfit.expected) for misfit in misfits if misfit.expected]


def publish(edition: Edition, system: User) -> list[Misfit]:
    actions.record(Verb.START, edition, system)
    try:
        actions.publish(actions.submit(edition, by=system), by=system)
    except Refused as refused:
        return [Misfit(reason.data.get("field", NO_FIELD), reason.sentence) for reason in refused.reasons]
    return []


def malformed(data) -> list[Misfit]:
    """What is wrong with an object as a whole."""
    shaped = isinstance(data, dict) and isinstance(data.get("fields"), dict) and isinstance(data.get("model"), str)
    if not shaped:
        return [Misfit(NO_FIELD, _("an object with “model” and “fields” was expected"))]
    if data["model"].lower() not in LOADABLE:
        return [Misfit("model", one_of(LOADABLE))]
    if data.get("pk") is not None:
        # It could be that of another row, which would be overwritten.
        return [Misfit("pk", _("no primary key was expected: natural keys alone tell objects apart"))]
    return []


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


def key_field(model) -> str:
    return model.KEY if issubclass(model, Reference) else "uid"


def is_there(row: Reference) -> bool:
    return type(row)._default_manager.filter(**{row.KEY: getattr(row, row.KEY)}).exists()


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
