"""Staff accounts."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.utils.translation import gettext_lazy as _


class RegisterUserManager(UserManager):
    def system(self):
        """The account in whose name fixtures are loaded. It cannot sign in."""
        user, created = self.get_or_create(username="system", defaults={"is_system": True, "is_active": False})
        if created:
            user.set_unusable_password()
            user.save()
        return user

    def reachable(self):
        """Those to whom e-mail can be sent, and who want it. The first accounts have addresses that nobody can have."""
        staff = self.filter(is_active=True, is_staff=True, is_system=False, wants_email=True)
        return staff.exclude(email="").exclude(email__iendswith=".invalid")


class User(AbstractUser):
    KEY = "username"

    is_system = models.BooleanField(_("system account"), default=False, editable=False)
    wants_email = models.BooleanField(
        _("wants e-mail"), default=True, help_text=_("About each step of what they worked on or have to decide.")
    )

    objects = RegisterUserManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")

    def __str__(self):
        return self.get_full_name() or self.username
