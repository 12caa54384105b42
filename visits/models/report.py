"""What readers say is wrong. For staff alone; nothing of it is public."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.enums import ReportState

from .base import VersionedModel


class ErrorReport(VersionedModel):
    """An error that a reader reported. What the reader wrote never changes, but for the address, which is erased."""

    key = models.CharField(max_length=64, unique=True, editable=False)
    at = models.DateTimeField(_("received"), default=timezone.now, editable=False)
    about = models.CharField(_("page"), max_length=300, blank=True, editable=False)
    text = models.TextField(_("what is wrong"), editable=False)
    source = models.TextField(_("where that can be read"), blank=True, editable=False)
    email = models.EmailField(_("reader’s address"), blank=True, editable=False)
    language = models.CharField(_("language of the page"), max_length=10, editable=False)
    state = models.CharField(_("state"), max_length=9, choices=ReportState, default=ReportState.OPEN)
    handled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("taken up by")
    )
    closed_at = models.DateTimeField(_("closed"), null=True)
    note = models.TextField(_("what came of it"), blank=True)

    class Meta:
        verbose_name = _("error report")
        verbose_name_plural = _("error reports")
        # Open ones first, as the name of their state comes last; of these the one that has waited longest.
        ordering = ["-state", "at", "pk"]
        indexes = [models.Index("at", name="report_open", condition=models.Q(state=ReportState.OPEN))]

    def __str__(self):
        return self.reference

    @property
    def reference(self) -> str:
        """What the reader is told to name it by."""
        return f"R-{self.pk}"
