"""The whole published register as files."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from visits.exceptions import RegisterError
from visits.opendata import bundle


class Command(BaseCommand):
    help = "Build the data package of everything published in a folder, in place of the package that is there."

    def add_arguments(self, parser):
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, folder, **options):
        try:
            package = bundle.build(folder)
        except RegisterError as error:
            raise CommandError(error.sentence) from error
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}") from error
        self.stdout.write(
            f"{package.counts['visits']:,} visits as of generation {package.generation}, in {package.folder}"
        )
        if package.newest != package.generation:
            self.stdout.write(f"The register changed meanwhile; it is at generation {package.newest} now.")
