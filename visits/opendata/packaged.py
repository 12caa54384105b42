"""What a table of the data package is."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.functional import Promise

from visits.catalogue.records import Record

from .columns import Column


@dataclass(frozen=True)
class PackagedTable:
    """`key`: the columns that no two rows have in common; `foreign`: column → table and column that it names."""

    name: str
    label: Promise
    meaning: Promise
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    foreign: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class TableOfRecords(PackagedTable):
    """`rows`: those that a record gives."""

    rows: Callable[[Record], Iterable]


@dataclass(frozen=True)
class Vocabulary(PackagedTable):
    """`group`: the kind of term, as the catalogue names it."""

    group: str
