"""E-mail that waits to be sent: written in the transaction that gives rise to it, sent afterwards by a chore."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LONGEST_PAUSE = timedelta(hours=6)


class EmailQuerySet(models.QuerySet):
    def due(self, now: datetime):
        return self.filter(next_try_at__lte=now).order_by("next_try_at", "pk")

    def given_up(self):
        return self.filter(next_try_at=None)


class Email(models.Model):
    """Plain text to one person. The row is there until it has been sent, or for some weeks once it was given up."""

    to = models.EmailField(_("to"))
    subject = models.CharField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(
        _("next attempt"), null=True, default=timezone.now, db_index=True, help_text=_("Empty once it was given up.")
    )
    last_error = models.CharField(_("what went wrong"), max_length=500, blank=True)

    objects = EmailQuerySet.as_manager()

    class Meta:
        verbose_name = _("unsent e-mail")
        verbose_name_plural = _("unsent e-mail")
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return f"{self.to}: {self.subject}"

    def claim(self, now: datetime) -> bool:
        """Put the next attempt off, longer each time, and say whether this one is ours: of two senders one gets it."""
        pause = min(timedelta(minutes=2 ** (self.attempts + 1)), LONGEST_PAUSE)
        mine = Email.objects.due(now).filter(pk=self.pk, attempts=self.attempts)
        return bool(mine.order_by().update(attempts=F("attempts") + 1, next_try_at=now + pause))
