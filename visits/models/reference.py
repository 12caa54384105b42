"""The vocabularies that records are made of: places, topics, resolutions, bodies.

`name` and its like are columns per language (see `visits.translation`), each with the origin of the wording.
"""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from visits.enums import BodyKind, Membership, NameOrigin

from .base import VersionedModel

ONE_PER_LINE = _("One on each line, in any language.")


class ReferenceManager(models.Manager):
    def get_by_natural_key(self, key):
        return self.get(**{self.model.KEY: key})


class Reference(VersionedModel):
    """A term that records point to. It is replaced by another rather than deleted, so that old records keep it."""

    KEY = "slug"

    replaced_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name=_("replaced by")
    )
    aliases = models.TextField(_("aliases"), blank=True, help_text=ONE_PER_LINE)

    objects = ReferenceManager()

    class Meta:
        abstract = True

    def __str__(self):
        return self.name

    def natural_key(self):
        return (getattr(self, self.KEY),)

    @property
    def alias_list(self) -> list[str]:
        return self.aliases.splitlines()


def name_field(label):
    return models.CharField(label, max_length=200)


def origin_field():
    return models.CharField(_("origin of the wording"), max_length=4, choices=NameOrigin, default=NameOrigin.OWN)


class Region(Reference):
    """A region of the UN M49 standard."""

    slug = models.SlugField(_("slug"), unique=True)
    m49 = models.CharField(_("M49 code"), max_length=3, unique=True)
    name = name_field(_("name"))
    name_origin = origin_field()
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["m49"]


class Country(Reference):
    """A Member State or observer State of the United Nations."""

    KEY = "iso3"

    iso3 = models.CharField(
        _("ISO 3166 alpha-3 code"), max_length=3, unique=True, validators=[RegexValidator(r"^[A-Z]{3}\Z")]
    )
    iso2 = models.CharField(
        _("ISO 3166 alpha-2 code"), max_length=2, unique=True, validators=[RegexValidator(r"^[A-Z]{2}\Z")]
    )
    slug = models.SlugField(_("slug"), unique=True, help_text=_("Begins the address of every visit to this State."))
    name = name_field(_("name"))
    name_origin = origin_field()
    former_names = models.TextField(_("former names"), blank=True, help_text=ONE_PER_LINE)
    membership = models.CharField(_("membership"), max_length=8, choices=Membership, default=Membership.MEMBER)
    region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="countries", verbose_name=_("region")
    )

    class Meta:
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        ordering = ["name", "iso3"]

    @property
    def alias_list(self) -> list[str]:
        """Former names are asked for like any other."""
        return [*super().alias_list, *self.former_names.splitlines()]


class Topic(Reference):
    """A focus area of the talks."""

    slug = models.SlugField(_("slug"), unique=True)
    name = name_field(_("name"))
    name_origin = origin_field()
    definition = models.TextField(_("definition"), blank=True)
    cross_cutting = models.BooleanField(_("cross-cutting"), default=False)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name", "slug"]


class Resolution(Reference):
    """A resolution of the Security Council."""

    KEY = "number"

    number = models.PositiveIntegerField(_("number"), unique=True)
    year = models.PositiveSmallIntegerField(_("year"))
    subject = models.CharField(_("subject"), max_length=200, blank=True)
    subject_origin = origin_field()
    adopted_on = models.DateField(_("adopted on"), null=True, blank=True)
    url = models.URLField(_("link"), blank=True)

    class Meta:
        verbose_name = _("resolution")
        verbose_name_plural = _("resolutions")
        ordering = ["number"]

    def __str__(self):
        return f"{self.number} ({self.year})"

    @property
    def symbol(self) -> str:
        return f"S/RES/{self.number} ({self.year})"


class Body(Reference):
    """An organization, office or institution that takes part in visits or is met on them."""

    KEY = "slug"

    acronym = models.CharField(_("acronym"), max_length=20, unique=True)
    slug = models.SlugField(_("slug"), unique=True, help_text=_("The acronym in lower case."))
    name = name_field(_("name"))
    name_origin = origin_field()
    kind = models.CharField(_("kind"), max_length=14, choices=BodyKind)
    member_of = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="members", verbose_name=_("member of")
    )
    url = models.URLField(_("link"), blank=True)

    class Meta:
        verbose_name = _("body")
        verbose_name_plural = _("bodies")
        ordering = ["acronym"]
