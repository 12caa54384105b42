"""The data dictionary: what every column of every table means and how it is read, made from the registry."""

from collections.abc import Iterator

from django.conf import settings
from django.utils import translation

from .columns import ORIGINS, READING, Column
from .package_tables import TABLES
from .packaged import PackagedTable


def in_each_language(text) -> dict[str, str]:
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = str(text)
    return said


def as_object() -> dict:
    return {
        "types": {type.value: in_each_language(text) for type, text in READING.items()},
        "origins": {origin.value: in_each_language(text) for origin, text in ORIGINS.items()},
        "tables": [table_as_object(table) for table in TABLES],
    }


def table_as_object(table: PackagedTable) -> dict:
    return {
        "name": table.name,
        "label": in_each_language(table.label),
        "meaning": in_each_language(table.meaning),
        "key": list(table.key),
        "columns": [column_as_object(column) for column in table.columns],
    }


def column_as_object(column: Column) -> dict:
    return {
        "name": column.name,
        "type": column.type.value,
        "origin": column.origin.value,
        "label": in_each_language(column.label),
        "meaning": in_each_language(column.meaning),
        "reading": in_each_language(column.reading),
    }


def as_markdown() -> Iterator[str]:
    """Lines, in the active language."""
    yield "# Data dictionary"
    yield "\nHow values are written, by type:\n"
    yield from (f"- `{type}`: {text}" for type, text in READING.items())
    yield "\nWhere values come from:\n"
    yield from (f"- `{origin}`: {text}" for origin, text in ORIGINS.items())
    for table in TABLES:
        yield f"\n## {table.name}\n\n{table.meaning} Key: {', '.join(f'`{name}`' for name in table.key)}.\n"
        yield "| column | label | type | origin | meaning |\n|---|---|---|---|---|"
        for column in table.columns:
            yield f"| `{column.name}` | {column.label} | {column.type} | {column.origin} | {column.meaning} |"
