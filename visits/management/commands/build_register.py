"""`fixtures/register.json`, made from the table of visits that stands in `fixtures/sources/`."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from visits.exceptions import RegisterError
from visits.ingest.register_csv import Vocabulary, register

FIXTURES = settings.BASE_DIR / "fixtures"
SOURCE, TARGET = FIXTURES / "sources" / "visits.csv", FIXTURES / "register.json"


class Command(BaseCommand):
    help = "Write the fixture of the register from its table, or nothing if a row does not fit."

    def add_arguments(self, parser):
        parser.add_argument(
            "source", nargs="?", type=Path, default=SOURCE, help="The table, fixtures/sources/visits.csv."
        )
        parser.add_argument("target", nargs="?", type=Path, default=TARGET, help="The fixture, fixtures/register.json.")

    def handle(self, source, target, **options):
        try:
            objects = register(source, Vocabulary.of_fixtures(FIXTURES / "reference"))
        except RegisterError as error:
            raise CommandError(error.sentence) from error
        try:
            target.write_text(json.dumps(objects, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{target} cannot be written: {error.strerror}") from error
        told = _("%(count)d objects written to %(path)s.") % {"count": len(objects), "path": target}
        self.stdout.write(self.style.SUCCESS(told))
