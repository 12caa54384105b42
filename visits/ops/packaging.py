"""Builds the data package where that is due, in a process of its own: it may take minutes, for which what is due to be
published cannot wait, and memory that a process gives back only by ending."""

import logging
import subprocess
import sys

from django.conf import settings

from visits.catalogue import packages

log = logging.getLogger(__name__)
COMMAND = [sys.executable, "manage.py", "build_bundle", str(settings.BUNDLE_DIR)]
building: subprocess.Popen | None = None


def build_package() -> None:
    global building
    if building and building.poll() is None:
        return
    if building and building.returncode:
        log.error("Building the data package ended with status %s.", building.returncode)
    building = None
    if packages.is_due():
        building = subprocess.Popen(COMMAND, cwd=settings.BASE_DIR, stdout=subprocess.DEVNULL)  # noqa: S603


def end() -> None:
    """What was begun is left unfinished."""
    if building:
        building.terminate()
        building.wait()
