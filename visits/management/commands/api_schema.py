"""The description of the API in OpenAPI, on the screen or in a file: it is kept with the code, so that every change of
what was promised to programs is seen."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from visits.opendata.api.schema import schema


def as_text() -> str:
    with translation.override("en"):
        return json.dumps(schema("en"), indent=1, ensure_ascii=False) + "\n"


class Command(BaseCommand):
    help = "Show the description of the API, or write it into a file."

    def add_arguments(self, parser):
        parser.add_argument("--write", type=Path, metavar="FILE", help="The file to write it into.")

    def handle(self, write, **options):
        if write is None:
            self.stdout.write(as_text())
            return
        try:
            write.write_text(as_text(), encoding="utf-8")
        except OSError as error:
            raise CommandError(f"{write} was not written: {error}") from error
