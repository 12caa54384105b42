"""What each role may do and who is told of what, as tables: on the screen, or between the markers of a document."""

import re
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from visits.editorial.notices import as_markdown as notices
from visits.editorial.roles import matrix_as_markdown as roles

TABLES = {"roles": roles, "notices": notices}


def with_tables(text: str) -> str:
    """The document with the tables of today between its markers."""
    with translation.override("en"):
        for name, table in TABLES.items():
            begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
            between = re.compile(f"(?<={begin}).*?(?={end})", re.S)
            text, found = between.subn(lambda _old, table=table: f"\n{table()}\n", text, count=1)
            if not found:
                raise ValueError(f"a line {begin.strip()} and after it a line {end.strip()} were expected")
    return text


class Command(BaseCommand):
    help = "Show what each role may do and who is told of what, or write it into a document."

    def add_arguments(self, parser):
        parser.add_argument("--write", type=Path, metavar="FILE", help="The document to write it into.")

    def handle(self, write, **options):
        if write is None:
            self.stdout.write("\n".join(table() for table in TABLES.values()))
            return
        try:
            write.write_text(with_tables(write.read_text(encoding="utf-8")), encoding="utf-8")
        except (OSError, ValueError) as error:
            raise CommandError(f"{write} stays as it is: {error}") from error
