"""The whole register as one file, while the site goes on."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from visits.exceptions import RegisterError
from visits.ops.backup import backup, remember


class Command(BaseCommand):
    help = "Write the whole register to a new file and restore it once on trial. Nothing is overwritten."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="PATH", help="The file to write, which must not exist yet.")

    def handle(self, path, **options):
        try:
            manifest = backup(path)
        except RegisterError as error:
            raise CommandError(error.sentence) from error
        remember(path, manifest)
        sentence = _(
            "“%(path)s” holds the register of %(moment)s: %(rows)d rows in %(tables)d tables, restored on trial."
        )
        told = {"moment": manifest.made_at, "rows": sum(manifest.rows.values()), "tables": len(manifest.rows)}
        self.stdout.write(self.style.SUCCESS(sentence % {"path": path, **told}))
