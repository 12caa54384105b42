"""What every refusal has: a code, a sentence to act on, and the data behind it."""

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
