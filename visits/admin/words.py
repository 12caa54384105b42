"""Stored values as people read them: terms by their names, choices by their labels, dates and texts as they are said,
all in the language of the reader."""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from modeltranslation.fields import TranslationField

from visits.catalogue.history import without_tags
from visits.catalogue.wording import listed, partial_date
from visits.models import (
    CHILDREN,
    Document,
    DocumentLink,
    Edition,
    Engagement,
    Evidence,
    Finding,
    Focus,
    Kind,
    Participation,
    Person,
    ResolutionLink,
    Segment,
    Visit,
    VisitLink,
)
from visits.models.fields import PartialDateField, RichTextField

# A stored value and where it stands: model, field, what is stored, as `content.plain` gives it.
Value = tuple[type, str, object]

# What a part is called by: the first of these that says something. Dates are called by both ends.
CALLED_BY = {
    Segment: ("start", "end", "places"),
    Kind: ("kind",),
    Focus: ("topic",),
    ResolutionLink: ("resolution",),
    Participation: ("body",),
    Person: ("name", "title", "organisation"),
    Engagement: ("counterpart", "description", "kind"),
    Finding: ("text", "kind"),
    VisitLink: ("target",),
    DocumentLink: ("document",),
    Evidence: ("quote",),
}


def field_of(model: type | None, name: str):
    """None where there is no such field any more: events outlive the models they tell of."""
    with suppress(AttributeError, FieldDoesNotExist):
        return model._meta.get_field(name)


def label_of(model: type | None, name: str) -> str:
    field = field_of(model, name)
    if isinstance(field, TranslationField):
        words = {"field": field.translated_field.verbose_name, "language": language_name(field.language)}
        return _("%(field)s in %(language)s") % words
    return str(field.verbose_name) if field is not None and hasattr(field, "verbose_name") else name.replace("_", " ")


def language_name(code: str) -> str:
    """In the reader's own language."""
    return str(get_language_info(code)["name_translated"])


class Words:
    """Puts values into words. `values` are those that will be asked for: what they refer to is looked up at once, with
    a query for each table. `parts`: what the parts of the record are called, by their uid."""

    def __init__(self, values: Iterable[Value], parts: dict[str, str] | None = None):
        self.parts = parts or {}
        keys = defaultdict(set)
        for model, name, value in values:
            field = field_of(model, name)
            if field is not None and field.many_to_one and value not in (None, ""):
                keys[field.related_model].add(value)
        self.names = {
            (model, str(row.natural_key()[0])): str(row)
            for model, found in keys.items()
            for row in rows_of(model, found)
        }

    def of(self, model: type | None, name: str, value) -> str:
        if value in (None, "", []):
            return ""
        if isinstance(value, list):
            return listed(map(str, value))
        field = field_of(model, name)
        if field is None:
            return str(value)
        if field.many_to_one:
            return self.names.get((field.related_model, str(value)), str(value))
        if isinstance(field, models.BooleanField):
            return _("yes") if value in (True, "True") else _("no")
        if field.choices:
            return str(dict(field.flatchoices).get(value, value))
        return self.as_said(model, field, str(value))

    def as_said(self, model: type, field, value: str) -> str:
        if isinstance(field, RichTextField):
            return without_tags(value)
        if model is Evidence and field.name == "child_uid":
            return self.parts.get(value, _("a part that is no longer there"))
        if model is Evidence and field.name == "field":
            return next((label_of(each, value) for each in (Edition, *CHILDREN) if value in each.CONTENT_FIELDS), value)
        # What is no date, or no longer one, stands as it is.
        with suppress(ValueError):
            if isinstance(field, PartialDateField):
                return partial_date(value)
            if isinstance(field, models.DateTimeField):
                return in_words(parse_datetime(value)) or value
            if isinstance(field, models.DateField):
                return date_format(date.fromisoformat(value), "DATE_FORMAT")
        return value

    def called(self, model: type, values: dict) -> str:
        """What a part with these values is called; empty where they do not tell."""
        names = CALLED_BY.get(model, ())
        said = [self.of(model, name, values.get(name)) for name in names]
        if model is Segment and any(said[:2]):
            return " – ".join(end or "…" for end in said[:2])
        return Truncator(next(filter(None, said), "")).chars(80)


def in_words(moment: datetime | None) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT") if moment else ""


def rows_of(model: type, keys: set):
    """The rows of these natural keys, with what their names are made of."""
    rows = model._base_manager.filter(**{f"{getattr(model, 'KEY', 'uid')}__in": keys})
    if model is Visit:
        return rows.select_related("country")
    return rows.defer("text") if model is Document else rows
