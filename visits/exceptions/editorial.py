"""What stands in the way of a step of a record, a translation or a report, or of a save."""

from django.utils.translation import gettext_lazy

from .base import RegisterError


class WrongState(RegisterError):
    code = "wrong_state"
    template = gettext_lazy("This edition is %(state)s, so it cannot be %(done)s any more. Reload the page to see it.")


class PermissionRequired(RegisterError):
    code = "permission_required"
    template = gettext_lazy("Your role does not include this step. Ask an editor or an administrator.")


class SecondPersonRequired(RegisterError):
    code = "second_person_required"
    template = gettext_lazy("You worked on this edition, so another person must publish it.")


class ClaimedAlready(RegisterError):
    code = "claimed_already"
    template = gettext_lazy("You have claimed this edition already: read it and decide, or release it.")


class NotClaimed(RegisterError):
    code = "not_claimed"
    template = gettext_lazy("You have not claimed this edition, so there is nothing to release.")


class SecondApproverRequired(RegisterError):
    code = "second_person_required"
    template = gettext_lazy("You worked on this edition, so another person must approve it.")


class NotOwnWork(RegisterError):
    code = "not_own_work"
    template = gettext_lazy("You did not work on this edition, so you can publish it as usual.")


class NothingToApprove(RegisterError):
    code = "nothing_to_approve"
    template = gettext_lazy("This edition awaits no approval: two people saw it before it was published, or since.")


class MomentPassed(RegisterError):
    """Data: `moment`."""

    code = "moment_passed"
    template = gettext_lazy("%(moment)s has passed already. Choose a later moment, or publish the edition now.")


class NobodyToPublish(RegisterError):
    code = "nobody_to_publish"
    template = gettext_lazy(
        "The account of whoever scheduled this edition is gone. Take it off the schedule and schedule it again."
    )


class NotRunYet(RegisterError):
    code = "not_run_yet"
    template = gettext_lazy(
        "Nothing stands against it: the process that publishes what is due does not seem to run. Tell whoever runs "
        "the register."
    )


class NoPlaceToLeadTo(RegisterError):
    """Data: `visit`."""

    code = "no_place_to_lead_to"
    template = gettext_lazy("%(visit)s is not published or is this visit itself: choose another one to lead to.")


class SecondTranslatorRequired(RegisterError):
    code = "second_person_required"
    template = gettext_lazy("You worked on this translation, so another person must review it.")


class NothingInWork(RegisterError):
    """Data: `done`, what was to be done."""

    code = "wrong_state"
    template = gettext_lazy(
        "Where this translation stands now, it cannot be %(done)s. Reload the page to see what is in work."
    )


class NothingToTranslate(RegisterError):
    code = "nothing_to_translate"
    template = gettext_lazy("This visit is not published, and only what the public reads is translated.")


class WorkingEditionExists(RegisterError):
    code = "working_edition_exists"
    template = gettext_lazy("This visit already has an edition in work. Continue that one, or discard it first.")


class NewerEditionExists(RegisterError):
    code = "newer_edition_exists"
    template = gettext_lazy(
        "A later edition of this visit exists. Open the new edition from that one, or restore this one."
    )


class CannotMerge(RegisterError):
    """Data: `term`, `into`."""

    code = "cannot_merge"
    template = gettext_lazy(
        "“%(term)s” cannot be merged into “%(into)s”: both must be different terms of one list, and neither of them "
        "may have been replaced already."
    )


class NoteRequired(RegisterError):
    code = "note_required"
    template = gettext_lazy("Write the reason: others will read why this was done.")


class ChangeNoteRequired(RegisterError):
    code = "change_note_required"
    template = gettext_lazy("Write a change note: from the second edition on, the public reads what changed and why.")


class Incomplete(RegisterError):
    """Data: `field`, the form field or child the sentence is about; `missing`, what it lacks."""

    code = "incomplete"
    template = gettext_lazy("%(missing)s")


class Inconsistent(RegisterError):
    """An error that the consistency checks found. Data: `sentence`, `kind`, `field`, `uid` of the row it is about."""

    code = "inconsistent"
    template = gettext_lazy("%(sentence)s")


class UnexplainedWarnings(RegisterError):
    """Data: `count`, `field`."""

    code = "unexplained_warnings"
    template = gettext_lazy(
        "The checks found something to look at (warnings: %(count)s). Correct it, or say in the note why it is right."
    )


class StaleVersion(RegisterError):
    """Data: `row`, `held` (the version the writer had read), `stored` (the version now)."""

    code = "stale_version"
    template = gettext_lazy(
        "Somebody else saved %(row)s after you opened it. Nothing of yours was saved: compare with the version "
        "now stored, then save again."
    )


class Immutable(RegisterError):
    """Data: `row`, `fields`."""

    code = "immutable"
    template = gettext_lazy("%(row)s has been fixed and never changes again. Open a new edition instead.")


class ReportClosed(RegisterError):
    """Data: `report`, `state`, in words."""

    code = "report_closed"
    template = gettext_lazy("Report %(report)s is %(state)s already. Reload the page to see what came of it.")
