"""The admin: staff sign in through allauth, and write through `visits.editorial` alone."""

# Imported first, so that what they register can be taken off again here.
import allauth.account.admin
import allauth.mfa.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from . import (  # noqa: F401
    accounts,
    editions,
    home,
    imports,
    notices,
    record,
    redactions,
    reference,
    reports,
    translations,
    visits,
)

# Roles are synced from `editorial.roles`; addresses and second factors belong to the person who holds them.
for model in (Group, EmailAddress, EmailConfirmation, Authenticator):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

admin.site.site_header = _("Register of CTED visits")
admin.site.site_title = _("Register of CTED visits")
admin.site.index_title = _("Work on the register")
admin.site.index = home.index
admin.site.login = secure_admin_login(admin.site.login)
