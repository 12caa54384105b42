"""The register's first content: vocabularies and visits, from fixtures into an empty database."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import ngettext

from visits.editorial.loading import load_register
from visits.exceptions import RegisterError

FIXTURES = settings.BASE_DIR / "fixtures"
# In the order in which they refer to each other.
VOCABULARIES = ("regions", "countries", "topics", "bodies", "resolutions")
REFERENCE = [FIXTURES / "reference" / f"{name}.json" for name in VOCABULARIES]
VISITS = [FIXTURES / "denmark.json", FIXTURES / "register.json"]
DEFAULT = [*REFERENCE, *VISITS, *sorted((FIXTURES / "translations").glob("*.json"))]


class Command(BaseCommand):
    help = "Load fixtures into an empty register and publish the visits in them, or nothing if anything does not fit."

    def add_arguments(self, parser):
        parser.add_argument(
            "paths", nargs="*", type=Path, default=DEFAULT, metavar="FILE",
            help="Fixtures to load instead of the register's own, each after those it refers to.",
        )  # fmt: skip

    def handle(self, paths, **options):
        try:
            count = load_register(paths)
        except RegisterError as error:
            raise CommandError(error.sentence) from error
        sentence = ngettext(
            "The register now holds %(count)d visit.", "The register now holds %(count)d visits.", count
        )
        self.stdout.write(self.style.SUCCESS(sentence % {"count": count}))
