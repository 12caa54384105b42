"""A register of invented visits in an empty database, for measuring."""

from django.core.management.base import BaseCommand, CommandError

from visits.exceptions import RegisterError
from visits.ops.synthesis import Progress, synthesize

from .load_register import REFERENCE


class Command(BaseCommand):
    help = "Fill a register without visits with invented ones: the same number and seed give the same register."

    def add_arguments(self, parser):
        parser.add_argument("--visits", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")

    def handle(self, visits, seed, **options):
        if visits < 1:
            raise CommandError("Give a number of visits from 1 on.")
        try:
            synthesize(visits, seed, REFERENCE, self.report)
        except RegisterError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(self.style.SUCCESS(f"The register now holds {visits:,} invented visits."))

    def report(self, progress: Progress):
        minutes, seconds = divmod(round(progress.seconds_left), 60)
        done, rate = f"{progress.done:,} visits", f"{progress.per_second:,.0f} a second"
        self.stdout.write(f"{done}, {rate}, {minutes}:{seconds:02} minutes left")
        self.stdout.flush()
