"""What was taken out of the register by two people, wherever it stood. What it was, nothing tells any more."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.enums import RedactionState

from .base import VersionedModel


class Redaction(VersionedModel):
    """`text` is kept until somebody decides, and then erased. `found`: how often it occurred, by kind of record."""

    state = models.CharField(
        _("state"), max_length=8, choices=RedactionState, default=RedactionState.PROPOSED, editable=False
    )
    text = models.TextField(
        _("text to redact"),
        blank=True,
        help_text=_("Each wording on a line of its own, as it stands in records and documents, in every script."),
    )
    reason = models.TextField(
        _("reason"), help_text=_("The public reads it beside what is left. It must not say what was taken out.")
    )
    found = models.JSONField(_("what was found"), default=dict, editable=False)
    proposed_at = models.DateTimeField(_("proposed at"), default=timezone.now, editable=False)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        editable=False,
        related_name="redactions_proposed",
        verbose_name=_("proposed by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="redactions_decided",
        verbose_name=_("decided by"),
    )

    class Meta:
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        ordering = ["-pk"]
        permissions = [("approve_redaction", _("Can approve a redaction that another person proposed"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RedactionState.PROPOSED, decided_by=None)
                | (~Q(state=RedactionState.PROPOSED) & Q(text="", decided_by__isnull=False)),
                name="redaction_forgets_its_text_once_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state=RedactionState.DONE) | ~Q(decided_by=F("proposed_by")),
                name="redaction_approved_by_another",
            ),
        ]

    def __str__(self):
        return str(_("redaction %(number)s") % {"number": self.pk})
