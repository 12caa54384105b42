"""One version of a visit's content, with a state and, once published, a number."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from visits.enums import FROZEN, READABLE, TAKEN_BACK, WORKING, State
from visits.exceptions import Immutable

from .base import GuardedModel, GuardedQuerySet, VersionedModel, plain_rows
from .fields import RichTextField
from .visit import Visit


class EditionQuerySet(GuardedQuerySet):
    def get_by_natural_key(self, uid):
        return self.get(uid=uid)

    def working(self):
        return self.filter(state__in=WORKING)

    def failing(self):
        """What is in work and has something that the checks found when it was last saved, errors first."""
        found = self.working().filter(Q(errors_found__gt=0) | Q(warnings_found__gt=0))
        return found.order_by(F("errors_found").desc(nulls_last=True), "-pk")

    def published(self):
        """What the public reads today: at most one edition of each visit."""
        return self.filter(state=State.PUBLISHED)

    def readable(self):
        """What the public may read at a fixed address: published and superseded editions."""
        return self.filter(state__in=READABLE)

    def due(self, moment):
        """What was to be published by then and is not."""
        return self.filter(state=State.SCHEDULED, scheduled_for__lte=moment)

    def awaiting_approval(self):
        """What was published without a second person and nobody has approved since, as far as it may be read."""
        return self.readable().filter(awaits_approval=True)

    def as_of(self, moment):
        """What the public read at `moment`, as far as it may still be read."""
        return self.readable().filter(Q(superseded_at=None) | Q(superseded_at__gt=moment), published_at__lte=moment)

    def standing(self):
        """One for each visit, for what staff ask of it: the one in work, else the latest numbered, else the newest."""
        in_work = Case(When(state__in=WORKING, then=0), default=1)
        of_visit = plain_rows(Edition).filter(visit=OuterRef("visit"))
        ordered = of_visit.order_by(in_work, F("number").desc(nulls_last=True), "-pk")
        return self.filter(pk=Subquery(ordered.values("pk")[:1]))

    def for_list(self, *, with_text: bool = False):
        """With what a list shows of them; their long texts only where they are searched."""
        rows = self.select_related("visit")
        return rows if with_text else rows.defer("text", "aim", "mandate")


class Edition(VersionedModel, GuardedModel):
    """One version of a visit's content. A published edition never changes again.

    CONTENT_FIELDS drive copying, comparing, translating and exporting; TRANSLATABLE are those of them that are text,
    in reading order. LIFECYCLE_FIELDS are the only ones that move once the edition is fixed. DERIVED_FIELDS go with the
    content, into copies too. IDENTITY_FIELDS belong to this edition alone and are never copied.
    """

    CONTENT_FIELDS = ("title", "summary", "text", "aim", "mandate")
    TRANSLATABLE = ("title", "summary", "aim", "mandate", "text")
    LIFECYCLE_FIELDS = frozenset(
        {"state", "number", "version", "published_at", "awaits_approval", "superseded_at"}
        | {"withdrawn_at", "withdrawal_reason", "withheld_at", "withholding_reason", "claimed_by", "claimed_at"}
    )
    DERIVED_FIELDS = frozenset(
        {"earliest", "latest", "errors_found", "warnings_found", "redacted_at", "redaction_reason"}
    )
    IDENTITY_FIELDS = frozenset(
        {"id", "uid", "visit", "copied_from", "created_at", "change_note", "scheduled_for", "scheduled_zone"}
    )

    uid = models.UUIDField(_("permanent identifier"), default=uuid.uuid4, unique=True, editable=False)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="editions", verbose_name=_("visit"))
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="copies", verbose_name=_("copied from")
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    change_note = models.TextField(
        _("change note"), blank=True, help_text=_("What changed and why. Public; required from the second edition on.")
    )

    title = models.CharField(_("title"), max_length=250)
    summary = models.TextField(_("summary"), blank=True, help_text=_("One or two sentences, shown in lists."))
    text = RichTextField(_("text"), blank=True, help_text=_("The account of the visit as the source gives it."))
    aim = models.TextField(_("aim"), blank=True, help_text=_("What the visit set out to do. Never a finding."))
    mandate = models.CharField(_("mandate"), max_length=250, blank=True, help_text=_("On whose behalf."))

    earliest = models.DateField(_("earliest possible first day"), null=True, editable=False)
    latest = models.DateField(_("latest possible last day"), null=True, editable=False)
    # By the consistency checks, as of the last save; not known before the first.
    errors_found = models.PositiveSmallIntegerField(_("errors found"), null=True, editable=False)
    warnings_found = models.PositiveSmallIntegerField(_("warnings found"), null=True, editable=False)

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    number = models.PositiveIntegerField(_("number"), null=True, editable=False)
    scheduled_for = models.DateTimeField(_("to be published at"), null=True, editable=False)
    scheduled_zone = models.CharField(_("time zone"), max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    awaits_approval = models.BooleanField(_("awaiting approval"), default=False, editable=False)
    superseded_at = models.DateTimeField(_("superseded at"), null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, editable=False)
    withdrawal_reason = models.TextField(_("reason for the withdrawal"), blank=True, editable=False)
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="claims",
        verbose_name=_("claimed by"),
    )
    claimed_at = models.DateTimeField(_("claimed at"), null=True, editable=False)
    withheld_at = models.DateTimeField(_("withheld at"), null=True, editable=False)
    withholding_reason = models.TextField(_("reason for withholding it"), blank=True, editable=False)
    # Copies have it too: what was taken out of one is missing in them.
    redacted_at = models.DateTimeField(_("redacted at"), null=True, editable=False)
    redaction_reason = models.TextField(_("reason for the redaction"), blank=True, editable=False)

    objects = EditionQuerySet.as_manager()

    class Meta(GuardedModel.Meta):
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        permissions = [
            ("publish_edition", _("Can publish or send back an edition")),
            ("force_publish_edition", _("Can publish own work, to be approved by another person afterwards")),
            ("approve_edition", _("Can approve what was published without a second person")),
            ("withdraw_edition", _("Can withdraw a published edition")),
            ("withhold_edition", _("Can withhold a superseded edition, and release it")),
        ]
        ordering = ["visit", F("number").asc(nulls_last=True), "pk"]
        indexes = [
            # With all that orders lists and nothing else: editions themselves are long.
            models.Index(
                "state", F("earliest").desc(), F("latest").desc(), F("visit").desc(), name="edition_newest_first"
            ),
            # Few editions are corrections.
            models.Index(F("published_at").desc(), condition=Q(number__gt=1), name="edition_corrections"),
            models.Index("state", F("published_at").desc(), name="edition_latest_published"),
        ]
        constraints = [
            models.UniqueConstraint("visit", condition=Q(state=State.PUBLISHED), name="one_published_edition"),
            models.UniqueConstraint("visit", condition=Q(state__in=WORKING), name="one_working_edition"),
            models.UniqueConstraint("visit", "number", name="edition_number_unique_in_visit"),
            models.CheckConstraint(condition=Q(latest__gte=F("earliest")), name="edition_latest_not_before_earliest"),
            models.CheckConstraint(
                condition=Q(state__in=[*WORKING, State.DISCARDED], number=None, published_at=None)
                | Q(
                    state__in=[*READABLE, *TAKEN_BACK],
                    number__isnull=False,
                    published_at__isnull=False,
                    earliest__isnull=False,
                ),
                name="edition_numbered_once_published",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by=None, claimed_at=None)
                | Q(state=State.IN_REVIEW, claimed_by__isnull=False, claimed_at__isnull=False),
                name="edition_claimed_only_in_review",
            ),
            models.CheckConstraint(
                condition=Q(state=State.SCHEDULED, scheduled_for__isnull=False)
                | (~Q(state=State.SCHEDULED) & Q(scheduled_for=None)),
                name="edition_has_a_moment_while_scheduled",
            ),
        ]

    def __str__(self):
        if self.number:
            return str(_("%(visit)s, edition %(number)s") % {"visit": self.visit, "number": self.number})
        return str(_("%(visit)s, %(state)s") % {"visit": self.visit, "state": self.get_state_display()})

    def natural_key(self):
        return (str(self.uid),)

    natural_key.dependencies = ["visits.visit"]

    @classmethod
    def fixed_rows(cls, rows):
        return rows.filter(state__in=FROZEN)

    @classmethod
    def may_change_when_fixed(cls, values):
        return values.keys() <= cls.LIFECYCLE_FIELDS and values.get("state", State.PUBLISHED) in FROZEN

    @classmethod
    def refuse_new(cls, objs):
        # An edition is born a draft: nothing, a fixture included, can write one that is already published.
        for edition in objs:
            if edition._state.adding and edition.state != State.DRAFT:
                raise Immutable(row=edition, fields=["state"])
