"""Texts by which a leak is recognised, and rows that have one in every column of free text."""

from urllib.parse import quote

from django.db import models

from tests.decoding import shortened
from tests.factories import make_country, make_document
from visits.enums import Disclosure
from visits.models import CHILDREN, Body, Document, Edition, Evidence, Resolution, Topic, Visit, VisitLink

# Columns that can carry a text of ours: not codes, digests, choices or dates.
TEXT_FIELDS = (models.CharField, models.TextField)
NO_TEXTS = {"sha256", "language", "symbol", "start", "end"}
BEGIN = "leak"


class Marks:
    """Every text that was given out, with the way it is hidden or shown and where it was written.

    Each is a word of letters, which a shortened text still begins with, and one of all that formats escape, which is
    found only by whoever undoes that. They are kept as they are searched for.
    """

    def __init__(self):
        self.texts: dict[str, tuple[str, str]] = {}

    def word(self, way: str, where: str) -> str:
        return self.given(f"{BEGIN}{way}{shortened(where)}end", way, where)

    def text(self, way: str, where: str, room: int | None = None) -> str:
        # A word that has to be folded, where there is room for it.
        long = "" if room and room < 250 else "o" * 76
        awkward = f"L{BEGIN[1:]}{way}é·{shortened(where)}: “ق” & <中>, \"x\"; 'y' 100 % {{z}} {long} end"
        return f"{self.word(way, where)} {self.given(awkward, way, where)}"

    def given(self, text: str, *place: str) -> str:
        self.texts[shortened(text)] = place
        return text

    def address(self, way: str, where: str) -> str:
        word, _space, awkward = self.text(way, where).partition(" ")
        return f"https://example.org/{word}?said={quote(awkward)}"

    def of(self, *ways: str) -> set[str]:
        return {text for text, (way, _where) in self.texts.items() if way in ways}

    def values(self, model, way: str) -> dict[str, str]:
        """A text for every column of free text of the model."""
        values = {}
        for field in text_columns(model):
            where = f"{model.__name__} {field.name}"
            is_address = isinstance(field, models.URLField)
            values[field.name] = self.address(way, where) if is_address else self.text(way, where, field.max_length)
        return values


def text_columns(model):
    """The free-text content columns of a model."""
    names = getattr(model, "CONTENT_FIELDS", None) or [field.name for field in model._meta.concrete_fields]
    for field in map(model._meta.get_field, names):
        is_code = field.choices or isinstance(field, models.SlugField) or field.name in NO_TEXTS
        if isinstance(field, TEXT_FIELDS) and not is_code:
            yield field


class Vocabulary:
    """Terms to point to. They are public whatever hangs on them, and say so by a word of their own."""

    def __init__(self, marks: Marks):
        topic, body, subject, country = (f"{name} {marks.word('term', name)}" for name in self.NAMES)
        self.topic = Topic.objects.create(slug="border-management", name=topic, definition=topic)
        self.body = Body.objects.create(acronym="WCO", slug="wco", name=body, kind="regional")
        self.resolution = Resolution.objects.create(number=1373, year=2001, subject=subject)
        self.country = make_country(country, "DNK", "DK", slug="denmark")

    NAMES = ("Borders", "Customs", "Subject", "Denmark")

    def of(self, field, edition):
        terms = {Topic: self.topic, Body: self.body, Resolution: self.resolution, Visit: edition.visit}
        return terms.get(field.related_model)


def make_marked_document(marks: Marks, way: str, disclosure=Disclosure.FULL) -> Document:
    return make_document(**marks.values(Document, way) | {"disclosure": disclosure})


def quote_whole(edition: Edition, document: Document, length: int | None = None) -> None:
    """The title of the edition rests on the document, or on so much of it."""
    end = len(document.text) if length is None else length
    said = {"span_start": 0, "span_end": end, "quote": document.text[:end]}
    Evidence.objects.create(
        edition=edition, child_uid=edition.visit.uid, field="title", document=document, position=9, **said
    )


def filler(marks: Marks, way: str, vocabulary: Vocabulary):
    """For the factory: one child of every kind with a text in each of its free-text columns."""

    def fill(edition):
        document = make_marked_document(marks, way)
        for model in CHILDREN:
            if model in (Evidence, VisitLink):
                continue
            values = marks.values(model, way)
            for field in map(model._meta.get_field, model.CONTENT_FIELDS):
                if field.is_relation:
                    values[field.name] = vocabulary.of(field, edition) or document
                elif field.choices and not field.blank:
                    values[field.name] = field.choices[-1][0]
                elif field.name in ("start", "end"):
                    values[field.name] = "2018-06-01"
            model.objects.create(edition=edition, position=9, **values)
        quote_whole(edition, document)

    return fill


def marked_fields(marks: Marks, way: str, vocabulary: Vocabulary) -> dict:
    """What `make_edition` and `make_next_edition` are given so that every column has its text."""
    note = {"change_note": marks.text(way, "change note")}
    return marks.values(Edition, way) | note | {"fill": filler(marks, way, vocabulary)}
