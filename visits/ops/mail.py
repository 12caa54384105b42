"""Sends what `editorial.notices` wrote. An outage of the mail server delays it, and neither loses nor doubles it."""

import logging
import time
from datetime import timedelta
from email.utils import format_datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import timezone

from visits.models import Email

logger = logging.getLogger(__name__)

GIVE_UP_AFTER = timedelta(days=4)
FORGET_AFTER = timedelta(days=30)
# Other chores wait meanwhile.
LONGEST_ROUND = 10


def send_due() -> int:
    """Send what is due, and return how much was. The first failure ends the round: mostly it is everybody's."""
    if not settings.EMAIL_URL:
        return 0
    started, now, sent = time.monotonic(), timezone.now(), 0
    Email.objects.given_up().filter(created_at__lt=now - FORGET_AFTER).delete()
    for email in Email.objects.due(now):
        if time.monotonic() - started > LONGEST_ROUND:
            break
        # Claimed before, so that whatever happens, the next attempt is a pause away, also for another process.
        if not email.claim(now):
            continue
        try:
            message(email).send()
        except Exception as error:
            failed(email, error)
            break
        email.delete()
        sent += 1
    return sent


def message(email: Email) -> EmailMessage:
    """The same at each attempt: where the server took it and the answer was lost, mail programs show it once."""
    host = urlsplit(settings.PUBLIC_URL).hostname
    headers = {
        "Message-ID": f"<{email.pk}.{email.created_at:%Y%m%d%H%M%S%f}@{host}>",
        "Date": format_datetime(email.created_at),
        "Auto-Submitted": "auto-generated",
    }
    return EmailMessage(email.subject, email.body, to=[email.to], headers=headers)


def failed(email: Email, error: Exception) -> None:
    wrong = {"last_error": f"{type(error).__name__}: {error}"[:500]}
    if timezone.now() - email.created_at > GIVE_UP_AFTER:
        logger.error("E-mail %s to %s was given up: %s", email.pk, email.to, wrong["last_error"])
        wrong["next_try_at"] = None
    Email.objects.filter(pk=email.pk).update(**wrong)
