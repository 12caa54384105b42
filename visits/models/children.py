"""What hangs on an edition. Every child has a `uid` that copying keeps, so that evidence, translations, comparisons
and the addresses of findings outlive editions."""

from contextlib import suppress

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from visits.enums import (
    Direction,
    EngagementKind,
    FindingKind,
    KindOfVisit,
    Modality,
    PartRole,
    PersonRole,
    Precision,
    SiteKind,
    TopicRole,
    VisitLinkKind,
)
from visits.text import dates

from .child import Child
from .document import Document
from .edition import Edition
from .fields import PartialDateField
from .reference import Body, Resolution, Topic
from .visit import Visit


class Segment(Child):
    """A dated part of a visit. The derived days are the earliest and latest that a bound can mean."""

    CONTENT_FIELDS = ("modality", "modality_inferred", "start", "end", "places")
    TRANSLATABLE = ("places",)
    DERIVED_FIELDS = frozenset({"start_earliest", "start_latest", "end_earliest", "end_latest"})

    modality = models.CharField(_("modality"), max_length=7, choices=Modality, default=Modality.UNKNOWN)
    modality_inferred = models.BooleanField(
        _("modality is inferred"),
        default=False,
        help_text=_("The source does not say so in words; it follows from what it tells."),
    )
    start = PartialDateField(_("first day"), help_text=_("2018-05-29, 2018-05 or 2018; empty where not stated."))
    end = PartialDateField(_("last day"), help_text=_("2018-06-01, 2018-06 or 2018; empty where not stated."))
    start_earliest = models.DateField(null=True, editable=False)
    start_latest = models.DateField(null=True, editable=False)
    end_earliest = models.DateField(null=True, editable=False)
    end_latest = models.DateField(null=True, editable=False)
    places = models.CharField(_("places"), max_length=250, blank=True)

    class Meta(Child.Meta):
        verbose_name = _("dates")
        verbose_name_plural = _("dates")
        constraints = [
            *Child.Meta.constraints,
            models.CheckConstraint(
                condition=Q(start_latest__gte=F("start_earliest")), name="segment_start_latest_not_before_earliest"
            ),
            models.CheckConstraint(
                condition=Q(end_latest__gte=F("end_earliest")), name="segment_end_latest_not_before_earliest"
            ),
            models.CheckConstraint(
                condition=Q(end_latest__gte=F("start_earliest")),
                name="segment_end_not_before_start",
                violation_error_message=_("The last day cannot be before the first."),
            ),
        ]
        indexes = [models.Index(fields=["edition", "start_earliest", "end_latest"])]

    def __str__(self):
        return f"{self.start or '…'} – {self.end or '…'}"

    def clean(self):
        # The constraints compare the derived days; a bound that is no date has been told by its field.
        with suppress(ValueError):
            self.derive_days()

    def save(self, **kwargs):
        self.derive_days()
        super().save(**kwargs)

    def derive_days(self):
        self.start_earliest, self.start_latest = dates.first_day(self.start), dates.last_day(self.start)
        self.end_earliest, self.end_latest = dates.first_day(self.end), dates.last_day(self.end)

    @property
    def start_precision(self) -> Precision:
        return Precision(len(dates.parse(self.start)))

    @property
    def end_precision(self) -> Precision:
        return Precision(len(dates.parse(self.end)))

    @property
    def earliest(self):
        """The earliest day that a stated bound can mean; an unstated one widens nothing."""
        return self.start_earliest or self.end_earliest

    @property
    def latest(self):
        return self.end_latest or self.start_latest


class Kind(Child):
    CONTENT_FIELDS = ("kind", "ordinal")

    kind = models.CharField(_("kind"), max_length=13, choices=KindOfVisit)
    ordinal = models.PositiveSmallIntegerField(
        _("ordinal"), null=True, blank=True, help_text=_("“Second follow-up visit” is 2 of its kind.")
    )

    class Meta(Child.Meta):
        verbose_name = _("kind")
        verbose_name_plural = _("kinds")
        constraints = [
            *Child.Meta.constraints,
            models.UniqueConstraint("edition", "kind", name="kind_once_in_edition"),
        ]

    def __str__(self):
        return self.get_kind_display()


class Focus(Child):
    """A topic of the visit and the part it had in the talks."""

    CONTENT_FIELDS = ("topic", "role")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="focuses", verbose_name=_("edition"))
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="focuses", verbose_name=_("topic"))
    role = models.CharField(_("role"), max_length=13, choices=TopicRole, default=TopicRole.FOCUS)

    class Meta(Child.Meta):
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        constraints = [
            *Child.Meta.constraints,
            models.UniqueConstraint("edition", "topic", name="topic_once_in_edition"),
        ]

    def __str__(self):
        return f"{self.named('topic')} ({self.get_role_display()})"


class ResolutionLink(Child):
    """A resolution whose implementation the visit was about."""

    CONTENT_FIELDS = ("resolution",)

    resolution = models.ForeignKey(Resolution, models.PROTECT, related_name="links", verbose_name=_("resolution"))

    class Meta(Child.Meta):
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        constraints = [
            *Child.Meta.constraints,
            models.UniqueConstraint("edition", "resolution", name="resolution_once_in_edition"),
        ]

    def __str__(self):
        return self.named("resolution")


class Participation(Child):
    """A body in the visiting delegation."""

    CONTENT_FIELDS = ("body", "role", "named_as")

    body = models.ForeignKey(Body, models.PROTECT, related_name="participations", verbose_name=_("body"))
    role = models.CharField(_("role"), max_length=6, choices=PartRole, default=PartRole.MEMBER)
    named_as = models.CharField(_("named as"), max_length=250, blank=True, help_text=_("The wording of the source."))

    class Meta(Child.Meta):
        verbose_name = _("participating body")
        verbose_name_plural = _("participating bodies")
        constraints = [
            *Child.Meta.constraints,
            models.UniqueConstraint("edition", "body", name="body_once_in_edition"),
        ]

    def __str__(self):
        return self.body.acronym if self.body_id else self.named("body")


class Person(Child):
    CONTENT_FIELDS = ("name", "title", "department", "organisation", "role")
    TRANSLATABLE = ("title", "department", "organisation")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="people", verbose_name=_("edition"))
    name = models.CharField(
        pgettext_lazy("of a person", "name"),
        max_length=120,
        blank=True,
        help_text=_("Empty where only the title is given."),
    )
    title = models.CharField(pgettext_lazy("of a person", "title"), max_length=250, blank=True)
    department = models.CharField(_("department"), max_length=250, blank=True)
    organisation = models.CharField(_("organization"), max_length=250, blank=True)
    role = models.CharField(_("role"), max_length=5, choices=PersonRole, default=PersonRole.OTHER)

    class Meta(Child.Meta):
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self):
        return self.name or self.title


class Engagement(Child):
    """Something the delegation did on the visit."""

    CONTENT_FIELDS = ("kind", "site_kind", "description", "counterpart", "body", "place")
    TRANSLATABLE = ("description", "counterpart", "place")

    kind = models.CharField(_("kind"), max_length=21, choices=EngagementKind)
    site_kind = models.CharField(_("kind of site"), max_length=8, choices=SiteKind, blank=True)
    description = models.TextField(_("what was done"), blank=True)
    counterpart = models.CharField(_("with whom"), max_length=250, blank=True)
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="engagements", verbose_name=_("body met")
    )
    place = models.CharField(_("place"), max_length=120, blank=True, help_text=_("Empty where not stated."))

    class Meta(Child.Meta):
        verbose_name = _("engagement")
        verbose_name_plural = _("engagements")

    def __str__(self):
        return self.counterpart or self.description or self.get_kind_display()


class Finding(Child):
    CONTENT_FIELDS = ("kind", "direction", "topic", "speaker", "text")
    TRANSLATABLE = ("text", "speaker")

    kind = models.CharField(_("kind"), max_length=13, choices=FindingKind)
    direction = models.CharField(
        _("direction"), max_length=9, choices=Direction, blank=True, help_text=_("Required for assistance.")
    )
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("topic")
    )
    speaker = models.CharField(
        _("speaker"), max_length=250, blank=True, help_text=_("Where the source gives it as somebody’s view.")
    )
    text = models.TextField(_("text"))

    class Meta(Child.Meta):
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            *Child.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(kind=FindingKind.ASSISTANCE) | ~Q(direction=""),
                name="assistance_has_direction",
                violation_error_message=_("Say whether the assistance was offered, needed or discussed."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.text[:60]}"


class VisitLink(Child):
    """How this visit stands to another one."""

    CONTENT_FIELDS = ("kind", "target")

    kind = models.CharField(_("kind"), max_length=12, choices=VisitLinkKind)
    target = models.ForeignKey(Visit, models.PROTECT, related_name="linked_from", verbose_name=_("visit"))

    class Meta(Child.Meta):
        verbose_name = _("linked visit")
        verbose_name_plural = _("linked visits")
        constraints = [
            *Child.Meta.constraints,
            models.UniqueConstraint("edition", "kind", "target", name="visit_linked_once_in_edition"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.named('target')}"

    def clean(self):
        if self.edition_id and self.target_id == self.edition.visit_id:
            raise ValidationError({"target": _("A visit cannot be linked to itself.")}, code="linked_to_itself")


class DocumentLink(Child):
    """A document that the edition was made from."""

    CONTENT_FIELDS = ("document",)

    document = models.ForeignKey(Document, models.PROTECT, related_name="links", verbose_name=_("document"))

    class Meta(Child.Meta):
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            *Child.Meta.constraints,
            models.UniqueConstraint("edition", "document", name="document_linked_once_in_edition"),
        ]

    def __str__(self):
        return self.named("document")


class Evidence(Child):
    """The passage that a value of the edition rests on.

    `child_uid` is the uid of a child of the edition, or the visit's for a field of the edition itself.
    `span_start` and `span_end` count code points of the document's stored text; `quote` is what stands there.
    """

    CONTENT_FIELDS = ("child_uid", "field", "document", "span_start", "span_end", "quote")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="evidence", verbose_name=_("edition"))
    child_uid = models.UUIDField(_("identifier of the record’s part"))
    field = models.CharField(_("field"), max_length=40)
    document = models.ForeignKey(Document, models.PROTECT, related_name="evidence", verbose_name=_("document"))
    span_start = models.PositiveIntegerField(_("from character"))
    span_end = models.PositiveIntegerField(_("to character"))
    quote = models.TextField(_("quote"))

    class Meta(Child.Meta):
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            *Child.Meta.constraints,
            models.CheckConstraint(condition=Q(span_end__gt=F("span_start")), name="evidence_span_not_empty"),
        ]

    def __str__(self):
        return f"{self.field}: {self.quote[:60]}"

    def clean(self):
        if self.document_id and self.document.text[self.span_start : self.span_end] != self.quote:
            raise ValidationError(
                {"quote": _("The document does not say this between these characters.")}, code="quote_mismatch"
            )


CHILDREN = (
    Segment,
    Kind,
    Focus,
    ResolutionLink,
    Participation,
    Person,
    Engagement,
    Finding,
    VisitLink,
    DocumentLink,
    Evidence,
)
