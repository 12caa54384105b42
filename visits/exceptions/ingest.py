"""What stands in the way of a release, a table or a fixture becoming records."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .base import RegisterError


class RegisterNotEmpty(RegisterError):
    code = "register_not_empty"
    template = gettext_lazy(
        "The register is not empty: it is loaded only where no visit is recorded yet (visits now: %(count)s)."
    )


class BadFixture(RegisterError):
    """Data: `faults`, every fault found: file, object, field, what was expected."""

    code = "bad_fixture"

    @property
    def sentence(self) -> str:
        return "\n".join(
            [_("The fixtures do not fit; nothing was loaded."), *(str(fault) for fault in self.data["faults"])]
        )


class BadTable(RegisterError):
    """Data: `faults`, every fault found: file, line, column, value, what was expected."""

    code = "bad_table"

    @property
    def sentence(self) -> str:
        return "\n".join([_("The table does not fit; nothing was written."), *map(str, self.data["faults"])])


class RecordedAlready(RegisterError):
    """Data: `name` of the file, `visit`."""

    code = "recorded_already"
    template = gettext_lazy(
        "“%(name)s” tells of a visit that is recorded already, or of one of the same days: %(visit)s. Nothing was "
        "created; upload the file in the admin to compare both."
    )


class UnfitProposal(RegisterError):
    """What was read out of a document, or put in its place, is nothing that the register can hold.

    Data: `part`, `field` (both in words), `problem`, a full sentence.
    """

    code = "unfit_proposal"
    template = gettext_lazy("%(part)s, %(field)s: %(problem)s")


class NothingNew(RegisterError):
    """Data: `visit`."""

    code = "nothing_new"
    template = gettext_lazy(
        "The record of %(visit)s holds everything already that was accepted here, with its passages. Leave it as it "
        "is, or change something first."
    )


class NothingAccepted(RegisterError):
    code = "nothing_accepted"
    template = gettext_lazy("No draft is ticked, so none was created. Tick those that you want.")


class CannotTake(RegisterError):
    """Data: `visit` as the table names it, `reason`, a full sentence."""

    code = "cannot_take"
    template = gettext_lazy("%(visit)s: %(reason)s")


class OfferChanged(RegisterError):
    """Data: `visit` as the table names it."""

    code = "stale_version"
    template = gettext_lazy(
        "%(visit)s: the record was changed after this page was shown. Nothing was imported yet: read what is different "
        "now, then import again."
    )


class ChangedSinceImport(RegisterError):
    """Data: `edition`."""

    code = "changed_since_import"
    template = gettext_lazy(
        "%(edition)s was changed or taken further after the import, so it was left as it is. Discard or correct it by "
        "hand if you want to."
    )


class NothingToUndo(RegisterError):
    code = "nothing_to_undo"
    template = gettext_lazy("This import made no draft that is still there as it was made: there is nothing to undo.")
