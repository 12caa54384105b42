"""Bring DATA_DIR to where the server can start: what is there already stays as it is."""

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from visits.admin.accounts import create_first_staff
from visits.models import Visit
from visits.ops import counters, preparing


class Command(BaseCommand):
    help = "Migrate, load the register if there is none, collect static files, make the first staff accounts."

    def handle(self, **options):
        try:
            preparing.compile_catalogues()
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            if not Visit.objects.exists():
                call_command("load_register")
            preparing.measure_indexes()
            preparing.collect_static()
            counters.begin_anew()
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {error}") from error
        except OSError as error:
            raise CommandError(f"{error.filename} cannot be written: {error.strerror}") from error
        if logins := create_first_staff():
            self.stdout.write("\nStaff logins, shown this once and stored nowhere in clear:")
        for username, password, role in logins:
            self.stdout.write(f"  {role:<15} {username:<15} {password}")
