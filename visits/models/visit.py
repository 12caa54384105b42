"""The identity of a visit. What is said of it stands in its editions."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from visits.enums import State

from .base import GuardedModel, GuardedQuerySet, VersionedModel
from .reference import Country


class VisitQuerySet(GuardedQuerySet):
    def get_by_natural_key(self, uid):
        return self.get(uid=uid)


class Visit(VersionedModel, GuardedModel):
    """One visit to one country. Once published its address and its country never change."""

    IDENTITY_FIELDS = {"uid", "country", "slug"}

    uid = models.UUIDField(_("permanent identifier"), default=uuid.uuid4, unique=True, editable=False)
    country = models.ForeignKey(Country, models.PROTECT, related_name="visits", verbose_name=_("country"))
    slug = models.SlugField(
        _("slug"), max_length=80, unique=True, null=True, editable=False, help_text=_("Given at the first publication.")
    )
    consolidated_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        editable=False,
        related_name="consolidated",
        verbose_name=_("consolidated into"),
        limit_choices_to={"editions__state": State.PUBLISHED},
        help_text=_("While this visit is withdrawn, its addresses lead to that one."),
    )
    internal_notes = models.TextField(_("internal notes"), blank=True, help_text=_("For staff; never public."))

    objects = VisitQuerySet.as_manager()

    class Meta(GuardedModel.Meta):
        verbose_name = _("visit")
        verbose_name_plural = _("visits")

    def __str__(self):
        return self.slug or str(_("visit to %(country)s, not yet published") % {"country": self.country})

    def natural_key(self):
        return (str(self.uid),)

    natural_key.dependencies = ["visits.country"]

    @classmethod
    def fixed_rows(cls, rows):
        return rows.exclude(slug=None)

    @classmethod
    def may_change_when_fixed(cls, values):
        return not cls.IDENTITY_FIELDS & values.keys()
