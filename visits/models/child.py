"""What every part of an edition has in common."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from visits.exceptions import Immutable

from .base import GuardedModel, GuardedQuerySet, VersionedModel, plain_rows
from .edition import Edition


class ChildQuerySet(GuardedQuerySet):
    def get_by_natural_key(self, edition_uid, uid):
        return self.get(edition__uid=edition_uid, uid=uid)


class Child(VersionedModel, GuardedModel):
    """A row of an edition. CONTENT_FIELDS and TRANSLATABLE are as on Edition."""

    CONTENT_FIELDS: tuple[str, ...] = ()
    TRANSLATABLE: tuple[str, ...] = ()
    IDENTITY_FIELDS = frozenset({"id", "uid", "edition", "version", "position"})

    uid = models.UUIDField(_("permanent identifier"), default=uuid.uuid4, editable=False)
    edition = models.ForeignKey(Edition, models.CASCADE, related_name="%(class)ss", verbose_name=_("edition"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ChildQuerySet.as_manager()

    class Meta(GuardedModel.Meta):
        abstract = True
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint("edition", "uid", name="%(class)s_uid_unique_in_edition"),
        ]

    def named(self, relation: str) -> str:
        """The row that this one refers to; a form may hold one that refers to nothing yet."""
        return str(getattr(self, relation)) if getattr(self, f"{relation}_id") else "…"

    def natural_key(self):
        return (str(self.edition.uid), str(self.uid))

    natural_key.dependencies = ["visits.edition"]

    @classmethod
    def fixed_rows(cls, rows):
        return rows.filter(edition__in=Edition.fixed_rows(plain_rows(Edition)))

    @classmethod
    def refuse_new(cls, objs):
        editions = plain_rows(Edition).filter(pk__in={child.edition_id for child in objs})
        fixed = Edition.fixed_rows(editions).first()
        if fixed:
            raise Immutable(row=fixed, fields=[cls._meta.verbose_name_plural])
