"""What every stored row shares: a version that refuses stale saves, and the guard over what is fixed."""

from django.db import models, transaction
from django.db.models import F
from django.db.models.signals import pre_delete, pre_save
from django.utils.translation import gettext_lazy as _

from visits.exceptions import Immutable, StaleVersion


class VersionedModel(models.Model):
    """A row that people edit. A save from an outdated copy raises StaleVersion and writes nothing."""

    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, **kwargs):
        # A copy made up by hand can carry the key of a stored row: that is no new row either.
        if self._state.adding and not (self.pk and plain_rows(type(self)).filter(pk=self.pk).exists()):
            return super().save(**kwargs)
        with transaction.atomic():
            self.claim_version()
            try:
                super().save(**kwargs)
            except BaseException:
                self.version -= 1
                raise

    def claim_version(self):
        """Raise the stored version by one, if it still is the one this copy was read at."""
        stored = plain_rows(type(self)).filter(pk=self.pk)
        if not stored.filter(version=self.version).update(version=F("version") + 1):
            now = stored.values_list("version", flat=True).first()
            raise StaleVersion(row=self, held=self.version, stored=now)
        self.version += 1


class GuardedQuerySet(models.QuerySet):
    """Refuses bulk writes to fixed rows; what row by row writing does is refused by the signals below."""

    def update(self, **values):
        names = {self.model._meta.get_field(name).name: value for name, value in values.items()}
        # Rows that are not fixed could be moved to an owner that is.
        moves = not names.keys().isdisjoint(owners(self.model))
        if moves or (not self.model.may_change_when_fixed(names) and self.model.fixed_rows(self).exists()):
            raise Immutable(row=self.model._meta.verbose_name_plural, fields=sorted(names))
        if issubclass(self.model, VersionedModel):
            # Whoever has one of these rows open holds an outdated copy from now on.
            values.setdefault("version", F("version") + 1)
        return super().update(**values)

    def delete(self):
        # The signal would see each row too, but inside Django's own transaction, which it would spoil for the caller.
        refuse_if_fixed(self, ["*"])
        return super().delete()

    delete.alters_data = True
    delete.queryset_only = True

    def bulk_create(self, objs, batch_size=None, **kwargs):
        objs = list(objs)
        if kwargs.get("update_conflicts"):
            raise Immutable(row=self.model._meta.verbose_name_plural, fields=kwargs.get("update_fields"))
        for obj in objs:
            # Also a stored row whose key was taken away.
            obj._state.adding = True
        self.model.refuse_new(objs)
        return super().bulk_create(objs, batch_size, **kwargs)


class GuardedModel(models.Model):
    """A row that is fixed at some point of its life and from then on never changes, by any path."""

    objects = GuardedQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def delete(self, **kwargs):
        refuse_if_fixed(plain_rows(type(self)).filter(pk=self.pk), ["*"])
        return super().delete(**kwargs)

    @classmethod
    def fixed_rows(cls, rows):
        """The part of the queryset `rows` that is fixed."""
        raise NotImplementedError

    @classmethod
    def may_change_when_fixed(cls, values: dict) -> bool:
        """Whether a fixed row may take these new values (by field name)."""
        return False

    @classmethod
    def refuse_new(cls, objs):
        """Raise Immutable when these rows, as they are about to be written, have no place where they are going."""


def plain_rows(model):
    """Rows of `model` without guard or manager: for looking at what is stored, whatever a copy in memory says."""
    return models.QuerySet(model)


def overwrite(row, **values) -> None:
    """Write these columns of a stored row whether it is fixed or not. The only way past the guard, and for
    `editorial.redaction` alone: a test holds that. Copies of the row that somebody has open are outdated."""
    if isinstance(row, VersionedModel):
        values["version"] = F("version") + 1
    plain_rows(type(row)).filter(pk=row.pk).update(**values)


def owners(model) -> set[str]:
    """The fields that say what a row belongs to: what it is deleted with."""
    return {f.name for f in model._meta.concrete_fields if f.is_relation and f.remote_field.on_delete is models.CASCADE}


def refuse_if_fixed(rows, fields):
    fixed = rows.model.fixed_rows(rows).first()
    if fixed:
        raise Immutable(row=fixed, fields=sorted(fields))


def refuse_fixed_save(sender, instance, raw, **kwargs):
    stored = plain_rows(sender).filter(pk=instance.pk)
    old = stored.first() if instance.pk else None
    if old is None:
        instance._state.adding = True
        sender.refuse_new([instance])
        return
    changed = {
        f.name: getattr(instance, f.attname)
        for f in sender._meta.concrete_fields
        if f.value_from_object(old) != f.value_from_object(instance)
    }
    if not raw and issubclass(sender, VersionedModel):
        # It was raised just before, in the row as in the copy.
        changed["version"] = instance.version
    if changed and not sender.may_change_when_fixed(changed):
        refuse_if_fixed(stored, changed)
    if changed:
        sender.refuse_new([instance])


def refuse_fixed_delete(sender, instance, **kwargs):
    refuse_if_fixed(plain_rows(sender).filter(pk=instance.pk), ["*"])


def install_guards(models_to_guard):
    """Connect the guard to every guarded model: signals also see fixtures loaded raw and cascading deletes."""
    for model in models_to_guard:
        if issubclass(model, GuardedModel):
            pre_save.connect(refuse_fixed_save, sender=model, dispatch_uid=f"guard-save-{model.__name__}")
            pre_delete.connect(refuse_fixed_delete, sender=model, dispatch_uid=f"guard-delete-{model.__name__}")
