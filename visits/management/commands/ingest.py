"""Files with releases: what is read out of each, as text, as JSON, or as drafts of a member of staff."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from visits.ingest import account, batch
from visits.models import User


class Command(BaseCommand):
    help = "Read releases (text, HTML, PDF, DOCX) and tell what stands in them, or make drafts of them."

    def add_arguments(self, parser):
        parser.add_argument("paths", nargs="+", type=Path, metavar="FILE")
        instead = parser.add_mutually_exclusive_group()
        instead.add_argument("--json", action="store_true", help="One JSON object for each visit and line.")
        instead.add_argument("--create", action="store_true", help="Make a draft of each visit; needs --by.")
        parser.add_argument("--by", metavar="USER", help="The user name of whoever the drafts are made by.")

    def handle(self, paths, **options):
        if options["create"] != bool(options["by"]):
            raise CommandError("--create and --by go together: say who makes the drafts.")
        by = User.objects.filter(username=options["by"], is_active=True).first()
        if options["create"] and not by:
            raise CommandError(f"There is no active member of staff with the user name {options['by']}.")
        outcomes = []
        for outcome in batch.ingest(paths, by=by):
            outcomes.append(outcome)
            self.stderr.write(f"{len(outcomes)}/{len(paths)} {outcome.file}: {outcome.sentence}")
            for visit in outcome.objects:
                self.stdout.write(json.dumps(visit, ensure_ascii=False) if options["json"] else account.of(visit))
        if any(outcome.refused for outcome in outcomes):
            raise CommandError(batch.summary(outcomes))
        if len(outcomes) > 1:
            self.stderr.write(batch.summary(outcomes))
