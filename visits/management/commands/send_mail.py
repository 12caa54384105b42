"""What the chores do every few seconds, done once."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from visits.models import Email
from visits.ops.mail import send_due


class Command(BaseCommand):
    help = "Send the e-mail that is due, and say what is left."

    def handle(self, **options):
        if not settings.EMAIL_URL:
            raise CommandError("No mail server is named (EMAIL_URL), so no e-mail is written or sent.")
        sent, unsent = send_due(), Email.objects.all()
        waiting, given_up = unsent.exclude(next_try_at=None), unsent.given_up()
        self.stdout.write(f"{sent} sent, {waiting.count()} waiting, {given_up.count()} given up.")
        if error := waiting.exclude(last_error="").order_by("-attempts").first():
            self.stdout.write(f"Last error: {error.last_error}")
