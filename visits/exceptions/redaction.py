"""What stands in the way of a redaction."""

from django.utils.translation import gettext_lazy

from .base import RegisterError


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
