"""Translations of content. No part of an edition: a late one raises the generation, not the edition number."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from visits.enums import TranslationState

from .base import VersionedModel
from .visit import Visit


class Translation(VersionedModel):
    """One field in one language. `source_digest` (SHA-256, hexadecimal) tells which wording it was made from.

    `child_uid` is the uid of a child, or the visit's for a field of the edition itself.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="translations", verbose_name=_("visit"))
    child_uid = models.UUIDField(_("identifier of the record’s part"))
    field = models.CharField(_("field"), max_length=40)
    language = models.CharField(_("language"), max_length=10)
    text = models.TextField(_("text"))
    source_digest = models.CharField(_("digest of the original"), max_length=64)
    state = models.CharField(
        _("state"), max_length=8, choices=TranslationState, default=TranslationState.DRAFT, editable=False
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="translations_made", verbose_name=_("made by")
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="translations_reviewed",
        verbose_name=_("reviewed by"),
    )

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        constraints = [
            models.UniqueConstraint("visit", "child_uid", "field", "language", name="one_translation_of_a_field"),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("made_by")), name="translation_reviewed_by_another"
            ),
        ]

    def __str__(self):
        return f"{self.visit}: {self.field} ({self.language})"
