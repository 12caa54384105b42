"""What is wrong with the installation and in the register, and how to mend it."""

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from visits.ops import doctor, installation


class Command(BaseCommand):
    help = "Tell what is wrong and how to mend it. Fails where something is grave."
    # What they find is told among the rest.
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--thorough", action="store_true", help="also look through every page of the database")

    def handle(self, thorough, **options):
        grave = self.tell("The installation", installation.complaints(thorough))
        try:
            grave += self.tell("Records whose checks fail", doctor.failing_records())
        except DatabaseError as error:
            raise CommandError(f"The records could not be looked through: {error}") from error
        if grave:
            raise CommandError(f"Grave: {grave}. They stand above, marked with an exclamation mark.")

    def tell(self, title, complaints) -> int:
        """Write them, and return how many are grave."""
        self.stdout.write(self.style.MIGRATE_HEADING(title))
        count = grave = 0
        for complaint in complaints:
            count, grave = count + 1, grave + complaint.is_grave
            line = f"{'! ' if complaint.is_grave else ''}{complaint.about}"
            self.stdout.write(self.style.ERROR(line) if complaint.is_grave else line)
            self.stdout.write(f"  {complaint.sentence}\n  {complaint.mend}")
        self.stdout.write(f"Found: {count}")
        return grave
