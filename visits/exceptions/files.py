"""What is wrong with a file that was handed in."""

from django.utils.translation import gettext_lazy

from .base import RegisterError


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
