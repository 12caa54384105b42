from django.core.management.base import BaseCommand

from visits.editorial import scheduling


class Command(BaseCommand):
    help = "Publish the editions whose moment has come. The chores do it by themselves, every 20 seconds."

    def handle(self, **options):
        for edition in scheduling.publish_due():
            self.stdout.write(f"{edition} has been published.")
        for late in scheduling.overdue():
            reasons = " ".join(reason.sentence for reason in late.reasons)
            self.stderr.write(f"{late.edition.title} ({late.edition}) is overdue: {reasons}")
