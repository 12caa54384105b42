"""Documents that records are made from. They stand alone and are linked to editions."""

import hashlib
import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from visits.enums import FROZEN, Disclosure, DocumentKind

from .base import GuardedModel, GuardedQuerySet, VersionedModel


def digest(text: str) -> str:
    """What a text is known by; nothing for none."""
    return hashlib.sha256(text.encode()).hexdigest() if text else ""


class DocumentQuerySet(GuardedQuerySet):
    def get_by_natural_key(self, uid):
        return self.get(uid=uid)


class Document(VersionedModel, GuardedModel):
    """A source. Its text is fixed as soon as a fixed edition quotes it; its disclosure may change, and is logged."""

    FIXED_FIELDS = {"uid", "text", "sha256"}

    uid = models.UUIDField(_("permanent identifier"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=13, choices=DocumentKind, default=DocumentKind.PRESS_RELEASE)
    title = models.CharField(_("title"), max_length=250)
    symbol = models.CharField(_("UN symbol"), max_length=40, blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=10, default="en")
    published_on = models.DateField(_("publication date"), null=True, blank=True)
    category = models.CharField(_("category"), max_length=250, blank=True, help_text=_("As the publisher files it."))
    web_stamp = models.DateTimeField(
        _("web stamp"), null=True, blank=True, help_text=_("A time found on the page; what it means is not known.")
    )
    disclosure = models.CharField(
        _("disclosure"), max_length=7, choices=Disclosure, default=Disclosure.NONE,
        help_text=_("What of it the public may read. An undisclosed document hides its evidence with it."),
    )  # fmt: skip
    text = models.TextField(_("text"), blank=True, help_text=_("Spans of evidence count its characters."))
    sha256 = models.CharField(_("SHA-256 of the text"), max_length=64, blank=True, editable=False)

    objects = DocumentQuerySet.as_manager()

    class Meta(GuardedModel.Meta):
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-published_on", "title"]
        constraints = [
            models.UniqueConstraint("sha256", condition=~Q(sha256=""), name="document_text_stored_once"),
        ]

    def __str__(self):
        return self.title

    def natural_key(self):
        return (str(self.uid),)

    def save(self, **kwargs):
        self.sha256 = digest(self.text)
        super().save(**kwargs)

    @classmethod
    def fixed_rows(cls, rows):
        return rows.filter(Q(evidence__edition__state__in=FROZEN) | Q(links__edition__state__in=FROZEN))

    @classmethod
    def may_change_when_fixed(cls, values):
        return not cls.FIXED_FIELDS & values.keys()
