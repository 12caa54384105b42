"""What can be refused, each with a code, a sentence to act on, and the data behind it."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class RegisterError(Exception):
    """Base of every refusal. `code` is for programs, `sentence` for people, `data` for both."""

    code = "error"
    template = gettext_lazy("This could not be done.")

    def __init__(self, **data):
        self.data = data
        super().__init__(self.code)

    @property
    def sentence(self) -> str:
        return str(self.template) % {key: str(value) for key, value in self.data.items()}

    def __str__(self) -> str:
        return self.sentence


class Refused(RegisterError):
    """A transition that the rules do not allow. Data: `verb`, `edition`."""

    code = "refused"

    def __init__(self, reasons):
        self.reasons = list(reasons)
        super().__init__(reasons=[reason.code for reason in self.reasons])

    @property
    def sentence(self) -> str:
        return " ".join(reason.sentence for reason in self.reasons)


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


class TooShortToRedact(RegisterError):
    """Data: `text`."""

    code = "too_short_to_redact"
    template = gettext_lazy("“%(text)s” is too short: it would be taken out of many other words. Write more of it.")


class NothingToRedact(RegisterError):
    code = "nothing_to_redact"
    template = gettext_lazy("This text stands nowhere in the register. Copy it from where you found it.")


class ReasonTellsIt(RegisterError):
    code = "reason_tells_it"
    template = gettext_lazy("The reason is public, and it says what is to be taken out. Put it in other words.")


class SecondRedactorRequired(RegisterError):
    code = "second_person_required"
    template = gettext_lazy("You proposed this redaction, so another person must approve it.")


class AlreadyDecided(RegisterError):
    code = "already_decided"
    template = gettext_lazy("Somebody has decided on this redaction already. Reload the page to see how.")


class ScopeChanged(RegisterError):
    code = "scope_changed"
    template = gettext_lazy(
        "The text now stands in other places than this page showed. Look at them once more, then decide."
    )


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


class RegisterNotEmpty(RegisterError):
    code = "register_not_empty"
    template = gettext_lazy(
        "The register is not empty: it is loaded only where no visit is recorded yet (visits now: %(count)s)."
    )


class NotForSynthesis(RegisterError):
    """Data: `count`, how many visits are there."""

    code = "not_for_synthesis"
    template = gettext_lazy(
        "Invented visits are only for a register without any visit, and this one holds %(count)s. Name an empty data "
        "folder with DATA_DIR=… or another database with DATABASE_URL=…."
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


class Unreadable(RegisterError):
    """A file that no text can be taken from. Data: `name`, what it is called."""

    code = "unreadable"
    template = gettext_lazy(
        "“%(name)s” could not be read because of a mistake in this program. Paste its text instead, and tell whoever "
        "runs the register."
    )


class EmptyFile(Unreadable):
    code = "empty_file"
    template = gettext_lazy("“%(name)s” is empty. Choose the file that holds the release.")


class NoText(Unreadable):
    code = "no_text"
    template = gettext_lazy(
        "There is no text in “%(name)s”. Open it where it comes from, select the text there, and paste it."
    )


class NoFile(Unreadable):
    """Data: `reason`, what the system says."""

    code = "no_file"
    template = gettext_lazy("“%(name)s” cannot be opened (%(reason)s). Check its name and whether you may read it.")


class FileTooLarge(Unreadable):
    """Data: `limit`, megabytes that a file may have."""

    code = "file_too_large"
    template = gettext_lazy(
        "“%(name)s” is larger than %(limit)s MB. Save it without its pictures, or paste the text of the release."
    )


class TooMuchInside(Unreadable):
    code = "too_much_inside"
    template = gettext_lazy(
        "“%(name)s” holds far more than a release does, so it was not opened. Save it without its pictures, or paste "
        "the text of the release."
    )


class TooMuchText(Unreadable):
    """Data: `limit`, characters that a text may have."""

    code = "too_much_text"
    template = gettext_lazy(
        "“%(name)s” has more than %(limit)s characters, which no release has. Paste the part that tells of the visit."
    )


class EncryptedFile(Unreadable):
    code = "encrypted_file"
    template = gettext_lazy("“%(name)s” is protected by a password. Save a copy of it without one.")


class ScannedPdf(Unreadable):
    code = "scanned_pdf"
    template = gettext_lazy(
        "There is no text in “%(name)s”, at most pictures of it: it was probably scanned. Run a text recognition on "
        "it, or paste the text."
    )


class BackwardsText(Unreadable):
    code = "backwards_text"
    template = gettext_lazy(
        "“%(name)s” keeps its words in the order of the printed page, so that Arabic comes out backwards. Open it, "
        "copy the text from there, and paste it."
    )


class DamagedFile(Unreadable):
    code = "damaged_file"
    template = gettext_lazy("“%(name)s” is damaged or incomplete. Download or save it once more.")


class WrongEncoding(Unreadable):
    code = "wrong_encoding"
    template = gettext_lazy(
        "It cannot be told for certain in which encoding the text of “%(name)s” is, or it is no text at all. Save it "
        "as UTF-8, or paste the text."
    )


class UnknownFormat(Unreadable):
    code = "unknown_format"
    template = gettext_lazy(
        "“%(name)s” is in a format that is not read here. Save it as PDF, DOCX, HTML or plain text, or paste the text."
    )


class LoginPage(Unreadable):
    code = "login_page"
    template = gettext_lazy(
        "“%(name)s” is a page that asks for a password, not the release behind it. Sign in, then save the page itself."
    )


class TookTooLong(Unreadable):
    """Data: `limit`, seconds that reading may take."""

    code = "took_too_long"
    template = gettext_lazy(
        "Reading “%(name)s” was given up after %(limit)s seconds. Paste the text of the release instead."
    )


class NoTable(Unreadable):
    code = "no_table"
    template = gettext_lazy(
        "“%(name)s” cannot be read as a table. Save it as a workbook (XLSX) without a password, or as CSV in UTF-8."
    )


class MacrosInside(Unreadable):
    code = "macros_inside"
    template = gettext_lazy(
        "“%(name)s” holds macros, which are programs, so it was not opened. Save it as a workbook (XLSX) without them."
    )


class TableTooLarge(Unreadable):
    """Data: `megabytes` and `rows` that a table may have."""

    code = "table_too_large"
    template = gettext_lazy(
        "“%(name)s” is larger than an import may be: %(megabytes)s MB and %(rows)s rows. Divide it into several files."
    )


class RecordedAlready(RegisterError):
    """Data: `name` of the file, `visit`."""

    code = "recorded_already"
    template = gettext_lazy(
        "“%(name)s” tells of a visit that is recorded already, or of one of the same days: %(visit)s. Nothing was "
        "created; upload the file in the admin to compare both."
    )


class ReportClosed(RegisterError):
    """Data: `report`, `state`, in words."""

    code = "report_closed"
    template = gettext_lazy("Report %(report)s is %(state)s already. Reload the page to see what came of it.")


class InvalidParameters(RegisterError):
    """A query that names no list. Data: `problems`, a list of `Problem`."""

    code = "invalid_parameters"
    template = gettext_lazy("The list cannot be shown as asked.")


class NotPublished(RegisterError):
    code = "not_published"
    template = gettext_lazy("There is no such page in the register.")


class Withdrawn(RegisterError):
    """Data: `notice`, a `catalogue.history.Notice` of what was withdrawn, when and why."""

    code = "withdrawn"
    template = gettext_lazy("The record of this visit has been withdrawn.")


class Withheld(RegisterError):
    """Data: `notice`, a `catalogue.history.WithholdingNotice`."""

    code = "withheld"
    template = gettext_lazy("This edition is withheld.")


class Consolidated(RegisterError):
    """Data: `slug` of the visit that the record of this one has become a part of."""

    code = "consolidated"
    template = gettext_lazy("The record of this visit has become part of that of another one.")


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


class NoPackage(RegisterError):
    """Nothing was built yet, or something that it holds was taken back since. Data: none."""

    code = "no_package"
    template = gettext_lazy("The data package is being built anew. Try again in some minutes.")


class PackageOvertaken(RegisterError):
    """Data: `generation`."""

    code = "package_overtaken"
    template = gettext_lazy(
        "While the data package was built, something that it holds was taken back. It was not put in place; build it "
        "again."
    )


class BeingBuilt(RegisterError):
    """Data: `folder`."""

    code = "being_built"
    template = gettext_lazy("A data package is being built in %(folder)s already. Wait until it is there.")


class NotAPackage(RegisterError):
    """Data: `folder`."""

    code = "not_a_package"
    template = gettext_lazy(
        "%(folder)s holds something else than a data package, which would be lost. Name another folder."
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
