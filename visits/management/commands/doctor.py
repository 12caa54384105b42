"""What is wrong in the register as it stands."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from visits.ops.doctor import CHAPTERS


class Command(BaseCommand):
    help = "Tell what is wrong in the register. Fails where the public reads something that cannot be true."

    def handle(self, **options):
        grave = 0
        for title, complaints in CHAPTERS:
            self.stdout.write(self.style.MIGRATE_HEADING(str(title)))
            found = list(complaints())
            for complaint in found:
                grave += complaint.is_grave
                line = f"{complaint.record}: {complaint.place}"
                self.stdout.write(self.style.ERROR(line) if complaint.is_grave else line)
                self.stdout.write(f"  {complaint.sentence}\n  {complaint.path}")
            self.stdout.write(_("Found: %(count)d") % {"count": len(found)})
        if grave:
            sentence = ngettext(
                "%(count)d error stands in what is published.", "%(count)d errors stand in what is published.", grave
            )
            raise CommandError(sentence % {"count": grave})
