"""How each language writes dates and numbers, where Django's own formats are not those of the United Nations."""

from django.utils.translation import gettext_noop as _

# Arabic documents of the United Nations name each month twice, حزيران/يونيه: these entries of our own catalogues go
# before Django's.
MONTHS = (
    _("January"),
    _("February"),
    _("March"),
    _("April"),
    _("May"),
    _("June"),
    _("July"),
    _("August"),
    _("September"),
    _("October"),
    _("November"),
    _("December"),
)
