"""The words of a record, read as texts of others are read: in sentences, with the register's names in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from html import unescape

from django.utils.html import strip_tags

from visits.extraction import layout, vocabulary
from visits.extraction.context import Context
from visits.extraction.layout import Role
from visits.models import Edition

from .slips import Kind, Slip

BLOCK = re.compile(r"</(?:p|h[2-4]|li|td|th|blockquote)>|<br ?/?>")
# Fewer letters than these do not tell which language of one script they are in.
ENOUGH_FOR_A_LANGUAGE = 80


def said(markup: str) -> str:
    """What rich text says, a line for each paragraph."""
    return unescape(strip_tags(BLOCK.sub("\n", markup)))


@dataclass(frozen=True)
class Words:
    """One text of a record: its field, the row it belongs to (see `Slip`), and what can be read in it."""

    rows: str
    field: str
    uid: str
    context: Context

    @property
    def text(self) -> str:
        return self.context.layout.text

    def slip(self, kind: Kind, sentence: str, span) -> Slip:
        return Slip(kind, sentence, self.rows, self.field, self.uid, span.of(self.text), span)


class Record:
    """An edition that was read whole (`models.content.whole`), before the checks."""

    def __init__(self, edition: Edition):
        self.edition = edition
        self.country = edition.visit.country
        self.vocabulary = vocabulary.load()

    @cached_property
    def account(self) -> Words:
        return self.words("text", said(self.edition.text))

    @cached_property
    def texts(self) -> list[Words]:
        return [
            self.words("title", self.edition.title, role=Role.TITLE),
            self.words("summary", self.edition.summary),
            self.account,
            self.words("aim", self.edition.aim),
            *(
                self.words("text", finding.text, rows="findings", uid=str(finding.uid))
                for finding in self.edition.findings.all()
            ),
        ]

    @cached_property
    def language(self) -> str:
        return layout.language_of(said(self.edition.text) or self.edition.summary)

    def words(self, field: str, text: str, *, rows="", uid="", role=Role.BODY) -> Words:
        language = self.language if len(text) < ENOUGH_FOR_A_LANGUAGE else ""
        if script(layout.language_of(text)) != script(self.language):
            language = ""
        return Words(rows, field, uid, Context(layout.plain(text, language, role), self.vocabulary, {}))

    def found(self, name: str) -> Iterator:
        """The names of a kind (`countries`, `bodies`, `topics`) in all texts."""
        for words in self.texts:
            yield from getattr(words.context, name)


def script(language: str) -> str:
    return "latin" if language in ("en", "fr", "es") else language
