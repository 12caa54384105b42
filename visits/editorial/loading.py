"""Fixtures into an empty register: load what they hold as drafts, then publish through the actions.

The files are ordinary Django fixtures with natural keys. They are read more strictly than `loaddata` reads them: every
value is validated as if somebody had typed it, and all faults of all files are told in one run.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from visits.enums import Verb
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
from .faults import NO_FIELD, Fault, Misfit, Place, describe, lines_of, misfits_of, not_given_here, one_of, plain_value

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


def key_field(model) -> str:
    return model.KEY if issubclass(model, Reference) else "uid"


def is_there(row: Reference) -> bool:
    return type(row)._default_manager.filter(**{row.KEY: getattr(row, row.KEY)}).exists()
