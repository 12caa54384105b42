"""The register's own memory: what happened, what can be searched, and the generation of what the public sees."""

from django.conf import settings
from django.db import connection, models
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from visits.enums import Verb

from .base import GuardedModel, GuardedQuerySet
from .edition import Edition
from .visit import Visit


def called(row) -> str:
    """What an event calls a row: in the register's own language, whatever language its author works in."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(row)


class EventQuerySet(GuardedQuerySet):
    def about(self, row):
        """What happened to this row: an edition's steps, or the changes of a record that is no edition."""
        if isinstance(row, Edition):
            return self.filter(edition=row)
        return self.filter(subject_model=row._meta.model_name, subject_pk=row.pk)

    def latest_pk(self) -> int:
        return self.order_by("-pk").values_list("pk", flat=True).first() or 0


class Event(GuardedModel):
    """Something that was done, by whom, when and why. Append-only; it outlives the account of who did it."""

    at = models.DateTimeField(_("time"), auto_now_add=True, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="events", verbose_name=_("staff member")
    )
    actor_name = models.CharField(_("name at the time"), max_length=150)
    verb = models.CharField(_("what was done"), max_length=13, choices=Verb)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="events", verbose_name=_("visit"))
    edition = models.ForeignKey(Edition, models.PROTECT, null=True, related_name="events", verbose_name=_("edition"))
    subject = models.CharField(_("record"), max_length=250, blank=True)
    # No foreign key: an event outlives the record it tells of.
    subject_model = models.CharField(max_length=40, blank=True, editable=False)
    subject_pk = models.PositiveBigIntegerField(null=True, editable=False)
    note = models.TextField(_("note"), blank=True)
    changes = models.JSONField(_("changes"), default=list)
    generation = models.PositiveBigIntegerField(
        _("generation"), null=True, editable=False, help_text=_("The one it began; empty where the public saw nothing.")
    )

    objects = EventQuerySet.as_manager()

    class Meta(GuardedModel.Meta):
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index("subject_model", "subject_pk", name="event_subject"),
            models.Index("generation", name="event_generation", condition=models.Q(generation__isnull=False)),
        ]

    def __str__(self):
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name}: {self.get_verb_display()}"

    @classmethod
    def fixed_rows(cls, rows):
        return rows

    @classmethod
    def may_change_when_fixed(cls, values):
        # All that deleting an account does to its events.
        return values == {"actor": None}


class Generation(models.Model):
    """One row: a counter raised in the same transaction as every change that the public can see."""

    n = models.PositiveBigIntegerField(default=0)

    def __str__(self):
        return str(self.n)

    @classmethod
    def raise_by_one(cls) -> int:
        """Begin a new generation and return its number; the row stays locked until the transaction ends."""
        row = cls.objects.filter(pk=1)
        if not row.update(n=F("n") + 1):
            # Two first publications may meet here: both find the row then, and both count.
            cls.objects.get_or_create(pk=1)
            row.update(n=F("n") + 1)
        return cls.current()

    @classmethod
    def current(cls) -> int:
        # Asked for every page: for the ORM it would be ten times the work.
        with connection.cursor() as cursor:
            cursor.execute("SELECT n FROM visits_generation WHERE id = 1")
            row = cursor.fetchone()
        return row[0] if row else 0


class SearchRow(models.Model):
    """The own words of a published visit, as `visits.text.fold.words` gives them. Written with every transition.

    Names of terms are not in it: those are found through the vocabularies. The database keeps a full-text index of it
    by itself (see the migration `search_index`).
    """

    visit = models.OneToOneField(Visit, models.PROTECT, primary_key=True, related_name="search_row")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    title = models.TextField()
    body = models.TextField()

    def __str__(self):
        return self.title
