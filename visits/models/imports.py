"""Tables of visits that were uploaded, and the drafts that were made of them."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from visits.enums import Verb

from .base import VersionedModel
from .edition import Edition


class Import(VersionedModel):
    """A table as it was uploaded. It outlives the account of who did that.

    `table` holds its rows as `ingest.readers.xlsx.Sheet` does: what is offered of them is computed anew each time.
    """

    at = models.DateTimeField(_("time"), auto_now_add=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="imports", verbose_name=_("staff member")
    )
    actor_name = models.CharField(_("name at the time"), max_length=150)
    name = models.CharField(_("file"), max_length=250)
    sha256 = models.CharField(_("SHA-256 of the file"), max_length=64)
    table = models.JSONField(_("table"))

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self):
        return self.name


class ImportedDraft(models.Model):
    """What an import made of one visit: a new visit, a new edition, or changes to the draft that there was.

    `version` is that of the edition afterwards, `before` the rows that the draft had.
    """

    VERBS = (Verb.START, Verb.NEW_EDITION, Verb.SAVE)

    source = models.ForeignKey(Import, models.PROTECT, related_name="drafts", verbose_name=_("import"))
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+", verbose_name=_("edition"))
    verb = models.CharField(_("what was done"), max_length=13, choices=[(verb, verb.label) for verb in VERBS])
    version = models.PositiveIntegerField()
    changes = models.JSONField(_("changes"), default=list)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    undone_at = models.DateTimeField(_("undone at"), null=True)

    class Meta:
        verbose_name = _("imported draft")
        verbose_name_plural = _("imported drafts")
        ordering = ["pk"]

    def __str__(self):
        return str(self.edition)
