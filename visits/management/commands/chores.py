from django.core.management.base import BaseCommand

from visits.ops import chores, counters


class Command(BaseCommand):
    help = "Do what has to be done again and again, such as publishing what is due, until told to end."

    def add_arguments(self, parser):
        parser.add_argument("--every", type=float, default=20, metavar="SECONDS")

    def handle(self, every, **options):
        counters.take_part("chores")
        chores.run(every, chores.told_to_end())
