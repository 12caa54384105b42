"""What each role may do, as a table: on the screen, or written between the markers of a document."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from visits.editorial.roles import matrix_as_markdown

BEGIN, END = "<!-- roles: begin -->\n", "<!-- roles: end -->\n"


def with_roles(text: str) -> str:
    """The document with the table of today between its markers."""
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"a line {BEGIN.strip()} and after it a line {END.strip()} were expected")
    with translation.override("en"):
        return f"{before}{BEGIN}\n{matrix_as_markdown()}\n{END}{after}"


class Command(BaseCommand):
    help = "Show what each role may do, or write it into a document."

    def add_arguments(self, parser):
        parser.add_argument("--write", type=Path, metavar="FILE", help="The document to write it into.")

    def handle(self, write, **options):
        if write is None:
            self.stdout.write(matrix_as_markdown())
            return
        try:
            write.write_text(with_roles(write.read_text(encoding="utf-8")), encoding="utf-8")
        except (OSError, ValueError) as error:
            raise CommandError(f"{write} stays as it is: {error}") from error
