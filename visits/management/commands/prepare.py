"""Bring DATA_DIR to where the server can start: what is there already stays as it is."""

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from visits.admin.accounts import create_first_staff
from visits.models import Visit


class Command(BaseCommand):
    help = "Migrate, load the register if there is none, collect static files, make the first staff accounts."

    def handle(self, **options):
        try:
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            if not Visit.objects.exists():
                call_command("load_register")
        except DatabaseError as error:
            raise CommandError(f"The database cannot be used: {error}") from error
        # In the folder that collecting empties: a stamp that is there tells of a collection that was finished.
        stamp, current = settings.STATIC_ROOT / "sources.sha256", self.static_digest()
        if not (stamp.exists() and stamp.read_text() == current):
            call_command("collectstatic", verbosity=0, interactive=False, clear=True)
            stamp.write_text(current)
        if logins := create_first_staff():
            self.stdout.write("\nStaff logins, shown this once and stored nowhere in clear:")
        for username, password, role in logins:
            self.stdout.write(f"  {role:<15} {username:<15} {password}")

    def static_digest(self) -> str:
        paths = sorted(storage.path(name) for finder in get_finders() for name, storage in finder.list([]))
        return hashlib.sha256(b"".join(path.encode() + Path(path).read_bytes() for path in paths)).hexdigest()
