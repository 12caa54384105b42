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


class User(AbstractUser):
    is_system = models.BooleanField(_("system account"), default=False, editable=False)

    objects = RegisterUserManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")

    def __str__(self):
        return self.get_full_name() or self.username
