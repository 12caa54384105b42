"""Two terms that mean the same become one: what is in work moves to the survivor, what is fixed stays as it was."""

from django.conf import settings
from django.db import transaction
from django.db.models import Model

from visits.enums import Verb
from visits.exceptions import CannotMerge, PermissionRequired, Refused, StaleVersion
from visits.models import (
    CHILDREN,
    Body,
    Country,
    Edition,
    Evidence,
    Reference,
    Region,
    Resolution,
    Topic,
    User,
    Visit,
)
from visits.models.content import differences, snapshot

from . import actions, rules

# The rows of an edition that name a term, by the term's model: row → field.
NAMING = {
    vocabulary: tuple(
        (child, field.name)
        for child in CHILDREN
        for field in child._meta.concrete_fields
        if field.is_relation and field.remote_field.model is vocabulary
    )
    for vocabulary in (Topic, Body, Resolution, Country, Region)
}


def merge(term: Reference, into: Reference, *, by: User, version: int, into_version: int) -> int:
    """Replace `term` by `into`, and say how many editions in work were moved.

    The versions are those the person had before their eyes. Names and aliases of the term become aliases of the
    survivor, so that nothing is found less than before.
    """
    permission = f"visits.change_{term._meta.model_name}"
    if not rules.may(by, permission):
        raise Refused([PermissionRequired(permission=permission)])
    if type(term) is not type(into) or term.pk == into.pk:
        raise CannotMerge(term=term, into=into)
    with transaction.atomic():
        term, into = locked(term, version), locked(into, into_version)
        if term.replaced_by_id or into.replaced_by_id:
            raise CannotMerge(term=term, into=into)
        with actions.saving_record(into, by=by):
            into.aliases = "\n".join(aliases_after(term, into))
            if isinstance(into, Region) and into.parent_id == term.pk:
                into.parent = term.parent
            into.save()
            if isinstance(into, Body):
                into.member_of.add(*term.member_of.exclude(pk=into.pk))
                into.member_of.remove(term)
        with actions.saving_record(term, by=by):
            term.replaced_by = into
            term.save()
        # Last, so that rows written below are found by the names that the survivor has now.
        moved = editions_in_work(term)
        for edition in moved:
            move_rows(edition, term, into, by)
        move_records(term, into, by)
    return len(moved)


def editions_in_work(term: Reference) -> list[Edition]:
    """The editions in work that name the term in one of their rows."""
    naming = (child.objects.filter(**{field: term}).values("edition") for child, field in NAMING[type(term)])
    keys = {row["edition"] for rows in naming for row in rows}
    return list(Edition.objects.working().filter(pk__in=keys).select_related("visit__country").order_by("pk"))


def locked(term: Reference, version: int) -> Reference:
    stored = type(term).objects.select_for_update().get(pk=term.pk)
    if stored.version != version:
        raise StaleVersion(row=stored, held=version, stored=stored.version)
    return stored


def names(term: Reference) -> list[str]:
    """All that a term is called, in every language."""
    field = "subject" if isinstance(term, Resolution) else "name"
    columns = (getattr(term, f"{field}_{code.replace('-', '_')}") or "" for code, _name in settings.LANGUAGES)
    own = {Body: ("acronym",), Resolution: ("symbol",)}.get(type(term), ())
    former = term.former_names.splitlines() if isinstance(term, Country) else []
    return [*columns, *(getattr(term, name) for name in own), *former, *term.alias_list]


def aliases_after(term: Reference, into: Reference) -> list[str]:
    """The aliases of the survivor: its own, and each name of the term that it does not bear yet."""
    known = {name.casefold() for name in names(into)}
    aliases = list(into.alias_list)
    for name in names(term):
        if name.strip() and name.casefold() not in known:
            known.add(name.casefold())
            aliases.append(name)
    return aliases


def move_rows(edition: Edition, term: Reference, into: Reference, by: User) -> None:
    edition = actions.locked(edition, None)
    before = snapshot(edition)
    for child, field in NAMING[type(term)]:
        for row in child.objects.filter(edition=edition, **{field: term}):
            move_row(row, field, into)
    edition.claim_version()
    # No contribution: who keeps the vocabulary in order has not written the record, and may still publish it.
    actions.record(Verb.CHANGE_RECORD, edition, by, changes=differences(before, snapshot(edition)))


def move_row(row, field: str, into: Reference) -> None:
    once = {field, "edition"} in (fields_of(constraint) for constraint in row._meta.constraints)
    kept = once and type(row).objects.filter(edition=row.edition_id, **{field: into}).first()
    if not kept:
        setattr(row, field, into)
        row.save()
        return
    for name in set(row.CONTENT_FIELDS) - {field}:
        setattr(kept, name, weightier(row, kept, name))
    kept.save()
    for evidence in Evidence.objects.filter(edition=row.edition_id, child_uid=row.uid):
        evidence.child_uid = kept.uid
        evidence.save()
    row.delete()


def fields_of(constraint) -> set[str]:
    return {expression.name for expression in getattr(constraint, "expressions", ())}


def weightier(row, kept, name: str):
    """Of two rows that become one: what is stated rather than what is not, and the role that comes first."""
    one, other = getattr(kept, name), getattr(row, name)
    choices = [value for value, _label in row._meta.get_field(name).flatchoices]
    if one in choices and other in choices:
        return min(one, other, key=choices.index)
    return one or other


def move_records(term: Reference, into: Reference, by: User) -> None:
    """What else points at the term and is not fixed: each is a recorded change of its own."""
    # A chain of replacements would have to be followed at every reading.
    point(type(term).objects.filter(replaced_by=term), "replaced_by", into, by)
    if isinstance(term, Country):
        # Once published, a visit keeps its country and its address.
        point(Visit.objects.filter(country=term, slug=None), "country", into, by)
    if isinstance(term, Region):
        point(Country.objects.filter(region=term), "region", into, by)
        point(Region.objects.filter(parent=term).exclude(pk=into.pk), "parent", into, by)
    if isinstance(term, Body):
        for body in Body.objects.filter(member_of=term).exclude(pk=into.pk):
            with actions.saving_record(body, by=by):
                body.claim_version()
                body.member_of.remove(term)
                body.member_of.add(into)


def point(rows, field: str, into: Model, by: User) -> None:
    for row in rows:
        with actions.saving_record(row, by=by):
            setattr(row, field, into)
            row.save()
