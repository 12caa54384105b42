"""What the columns of downloads mean, for the page that explains them."""

from django import template

from visits.opendata import tables
from visits.opendata.columns import ORIGINS, READING, Column

register = template.Library()


@register.simple_tag
def columns_of(table: str) -> tuple[Column, ...]:
    return {"visits": tables.VISITS, "findings": tables.FINDINGS}[table]


@register.simple_tag
def readings() -> list[tuple]:
    """How values are written, by the name of their type."""
    return [(type.value, text) for type, text in READING.items()]


@register.simple_tag
def origins() -> list[tuple]:
    return [(origin.value, text) for origin, text in ORIGINS.items()]
