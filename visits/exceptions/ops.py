"""What stands in the way of saving anything, of a backup or a restore, and of an invented register."""

from django.utils.translation import gettext_lazy

from .base import RegisterError


class NothingSaved(RegisterError):
    """The disk is full, or may only be read."""

    code = "nothing_saved"
    template = gettext_lazy(
        "The register cannot write to its disk at the moment, so what was sent has changed nothing. Please tell "
        "whoever runs the site. What is published can be read all the same."
    )


class NotForSynthesis(RegisterError):
    """Data: `count`, how many visits are there."""

    code = "not_for_synthesis"
    template = gettext_lazy(
        "Invented visits are only for a register without any visit, and this one holds %(count)s. Name an empty data "
        "folder with DATA_DIR=… or another database with DATABASE_URL=…."
    )


class PathTaken(RegisterError):
    """Data: `path`."""

    code = "path_taken"
    template = gettext_lazy("“%(path)s” exists already, and a backup overwrites nothing. Name another file.")


class NoBackup(RegisterError):
    """Data: `path`, `reason`."""

    code = "no_backup"
    template = gettext_lazy("No backup was written to “%(path)s”: %(reason)s. Nothing was left there.")


class NotRestored(RegisterError):
    """Data: `reason`."""

    code = "not_restored"
    template = gettext_lazy("Nothing was restored, the register is as it was: %(reason)s.")


class NoArchive(RegisterError):
    """Data: `path`."""

    code = "no_archive"
    template = gettext_lazy("“%(path)s” is no backup of this register. Nothing was restored.")


class DamagedArchive(RegisterError):
    """Data: `path`, `problem`."""

    code = "damaged_archive"
    template = gettext_lazy(
        "“%(path)s” is incomplete or was altered (%(problem)s). Nothing was restored; take another backup."
    )


class NewerArchive(RegisterError):
    """Data: `path`, `unknown`, what this version does not know."""

    code = "newer_archive"
    template = gettext_lazy(
        "“%(path)s” was made by a newer version of this program (%(unknown)s). Nothing was restored; install that "
        "version, or take an older backup."
    )


class NewerDatabase(RegisterError):
    """Data: `unknown`, migrations."""

    code = "newer_database"
    template = gettext_lazy(
        "The database was written by a newer version of this program (%(unknown)s). Nothing was changed; install that "
        "version."
    )
