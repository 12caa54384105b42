"""What cannot be read: there is no such thing, or it was taken back."""

from django.utils.translation import gettext_lazy

from .base import RegisterError


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
