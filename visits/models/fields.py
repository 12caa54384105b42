"""Columns with a meaning of their own: dates as far as they are known, and rich text that is always clean."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField

from visits.text import dates


def validate_partial_date(value):
    try:
        dates.parse(value)
    except ValueError as error:
        raise ValidationError(
            _("Write a day (2018-05-29), a month (2018-05) or a year (2018), only as far as the source says."),
            code="partial_date",
        ) from error


class PartialDateFormField(forms.CharField):
    """Takes a date as sources write it too: `29 May 2018`."""

    def to_python(self, value):
        return dates.from_words(super().to_python(value))


class PartialDateField(models.CharField):
    """A date as far as the source gives it; see `visits.text.dates`."""

    default_validators = [validate_partial_date]

    def __init__(self, *args, **kwargs):
        kwargs |= {"max_length": 10, "blank": True}
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": PartialDateFormField} | kwargs | {"max_length": None})


class RichTextField(ProseEditorField):
    """HTML that is sanitised on every way into the database, fixtures and bulk writes included."""

    EXTENSIONS = {
        "Bold": True,
        "Italic": True,
        "Heading": {"levels": [2, 3, 4]},
        "BulletList": True,
        "OrderedList": True,
        "ListItem": True,
        "Blockquote": True,
        "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
        "Table": True,
        "TableRow": True,
        "TableHeader": True,
        "TableCell": True,
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs, extensions=self.EXTENSIONS, sanitize=True)

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return self.sanitize(value) if value else value
