"""Translations of content. No part of an edition: a late one raises the generation, not the edition number."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from visits.enums import TRANSLATION_IN_WORK, TranslationState

from .base import VersionedModel
from .visit import Visit

SOURCE_LANGUAGE = "en"
FIELD = ("visit", "child_uid", "field", "language")


def digest_of(text: str) -> str:
    """What tells one wording of an original from another."""
    return hashlib.sha256(text.encode()).hexdigest()


class TranslationQuerySet(models.QuerySet):
    def reviewed(self):
        """What the public may read."""
        return self.filter(state=TranslationState.REVIEWED)

    def in_work(self):
        return self.filter(state__in=TRANSLATION_IN_WORK)


class Translation(VersionedModel):
    """One field in one language. `source_digest` (SHA-256, hexadecimal) tells which wording it was made from.

    `child_uid` is the uid of a child, or the visit's for a field of the edition itself. Like editions, a field has at
    most one translation that is public and one in work beside it. An empty text in work, once reviewed, takes the
    public one away.
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="translations", verbose_name=_("visit"))
    child_uid = models.UUIDField(_("identifier of the record’s part"))
    field = models.CharField(_("field"), max_length=40)
    language = models.CharField(_("language"), max_length=10)
    text = models.TextField(_("text"), blank=True)
    source_digest = models.CharField(_("digest of the original"), max_length=64)
    state = models.CharField(
        _("state"), max_length=9, choices=TranslationState, default=TranslationState.DRAFT, editable=False
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="translations_made",
        verbose_name=_("made by"),
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="translations_reviewed",
        verbose_name=_("reviewed by"),
    )

    objects = TranslationQuerySet.as_manager()

    class Meta:
        verbose_name = _("translation")
        verbose_name_plural = _("translations")
        permissions = [("review_translation", _("Can approve or send back a translation"))]
        constraints = [
            models.UniqueConstraint(
                *FIELD, condition=Q(state=TranslationState.REVIEWED), name="one_reviewed_translation_of_a_field"
            ),
            models.UniqueConstraint(
                *FIELD, condition=Q(state__in=TRANSLATION_IN_WORK), name="one_translation_of_a_field_in_work"
            ),
            models.CheckConstraint(
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("made_by")), name="translation_reviewed_by_another"
            ),
        ]

    def __str__(self):
        return f"{self.visit}: {self.field} ({self.language})"

    @property
    def key(self) -> tuple[str, str]:
        """Which text of the record it is of."""
        return str(self.child_uid), self.field
