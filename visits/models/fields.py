"""Columns with a meaning of their own: dates as far as they are known, and rich text that is always clean."""

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


class PartialDateField(models.CharField):
    """A date as far as the source gives it; see `visits.text.dates`."""

    default_validators = [validate_partial_date]

    def __init__(self, *args, **kwargs):
        kwargs |= {"max_length": 10, "blank": True}
        super().__init__(*args, **kwargs)


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
