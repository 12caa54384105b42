"""A backup in the place of the register, while the site goes on."""

from datetime import UTC, datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from visits.exceptions import RegisterError
from visits.ops.backup import holds_register
from visits.ops.restore import opened, restore


class Command(BaseCommand):
    help = "Put a backup in the place of the register, or nothing if anything is wrong with it."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, metavar="PATH", help="A file that the command backup wrote.")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")
        parser.add_argument("--no-keep", action="store_true", help="Make no backup of what is replaced.")

    def handle(self, path, yes, no_keep, **options):
        kept = None
        try:
            with opened(path) as candidate:
                found = _("A register of %(moment)s with %(visits)d visits.")
                made = {"moment": candidate.manifest.made_at, "visits": candidate.manifest.rows["visits_visit"]}
                self.stdout.write(found % made)
                if not yes and input(_("Put it in the place of this one? Type yes: ")).strip() != "yes":
                    raise CommandError(_("Nothing was restored."))
                if not no_keep and holds_register():
                    kept = path.with_name(f"{path.name}.replaced-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
                restore(candidate, kept)
        except EOFError:
            raise CommandError(_("Nothing was restored, because nobody answered: add --yes.")) from None
        except RegisterError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(self.style.SUCCESS(_("The register was restored. Everybody has to sign in again.")))
        if kept:
            self.stdout.write(_("What it replaced is kept in “%(path)s”.") % {"path": kept})
