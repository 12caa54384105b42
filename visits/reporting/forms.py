"""The form, and what tells it from one that was never opened: a signed token with its time, not a cookie."""

from datetime import timedelta
from secrets import token_urlsafe

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

LONGEST_OPEN = timedelta(days=1)
signer = signing.TimestampSigner(salt="visits.reporting")


def new_token() -> str:
    return signer.sign(token_urlsafe(8))


class Lines(forms.CharField):
    """Text of several lines; browsers count a line end as one character, and send two."""

    widget = forms.Textarea

    def to_python(self, value):
        return super().to_python((value or "").replace("\r\n", "\n"))


class ReportForm(forms.Form):
    about = forms.CharField(
        label=_("Page"),
        max_length=300,
        required=False,
        widget=forms.TextInput({"dir": "ltr"}),
        help_text=_("The address of the page with the error."),
    )
    text = Lines(label=_("What is wrong?"), max_length=5000, widget=forms.Textarea({"rows": 8, "dir": "auto"}))
    source = Lines(
        label=_("Where can that be read?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea({"rows": 3, "dir": "auto"}),
        help_text=_("An address or the name of a document, as precisely as you can."),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "dir": "ltr"}),
        help_text=_(
            "Only if you would like an answer. Editors alone see it, use it for nothing else, and it is erased 30 days "
            "after your report was answered."
        ),
    )
    # Seen by programs alone, which fill in whatever there is.
    homepage = forms.CharField(label=_("Leave this field empty"), required=False)
    token = forms.CharField(required=False)

    def clean_homepage(self):
        if self.cleaned_data["homepage"]:
            raise forms.ValidationError(_("One field of this form is for programs. Leave it empty, and send it again."))
        return ""

    def clean_token(self):
        token = self.cleaned_data["token"]
        try:
            signer.unsign(token, max_age=LONGEST_OPEN)
        except signing.BadSignature:
            raise forms.ValidationError(
                _("The form was open for longer than a day. All that you wrote still stands in it: send it again.")
            ) from None
        return token

    @property
    def refusals(self) -> list[str]:
        """What is wrong beside no field that people see."""
        return [error for name in ("__all__", "token", "homepage") for error in self.errors.get(name, ())]

    @property
    def shown(self):
        return [self[name] for name in ("about", "text", "source", "email")]
