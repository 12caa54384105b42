from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class VisitsConfig(AppConfig):
    name = "visits"
    verbose_name = _("Register of visits")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from visits.editorial.roles import sync_roles
        from visits.models import install_guards

        install_guards(self.get_models())
        # Permissions exist only after the migrations have run.
        post_migrate.connect(sync_roles, sender=self)
