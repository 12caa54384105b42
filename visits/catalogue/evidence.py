"""The passages that the facts of an edition rest on, as far as their documents are disclosed."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from visits.enums import Disclosure
from visits.models import Child, Document, Edition, Evidence

from .wording import Text

CONTEXT = 160


@dataclass(frozen=True)
class Stretch:
    """Words of a passage; those that state the fact are marked."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Passage:
    """The place in a document that a fact rests on: its paragraph where the document is disclosed in full, else the
    quotes alone. `is_only_source`: the record has no other, so that nobody needs to be told which one it is."""

    stretches: tuple[Stretch, ...]
    title: Text
    is_only_source: bool

    @property
    def language(self) -> str:
        return self.title.language

    @property
    def direction(self) -> str:
        return self.title.direction


@dataclass(frozen=True)
class Source:
    """A disclosed document. `key` is the stored kind."""

    key: str
    kind: str
    title: Text
    url: str
    symbol: str
    published_on: date | None
    category: Text
    web_stamp: datetime | None
    sha256: str

    @property
    def has_text(self) -> bool:
        """Whether its text is kept, so that facts can show the passage they rest on."""
        return bool(self.sha256)


def documents_of(edition: Edition) -> tuple[tuple[Source, ...], int]:
    """The disclosed documents that the edition was made from, and how many others there are."""
    documents = [link.document for link in edition.documentlinks.all()]
    disclosed = tuple(source_of(document) for document in documents if document.disclosure != Disclosure.NONE)
    return disclosed, len(documents) - len(disclosed)


def source_of(document: Document) -> Source:
    return Source(
        key=document.kind,
        kind=document.get_kind_display(),
        title=Text(document.title, document.language),
        url=document.url,
        symbol=document.symbol,
        published_on=document.published_on,
        category=Text(document.category, document.language),
        web_stamp=document.web_stamp,
        sha256=document.sha256,
    )


class Sources:
    """Looks up the passages behind each part of one edition."""

    def __init__(self, edition: Edition):
        self.edition = edition
        self.rows: dict[tuple, list[Evidence]] = defaultdict(list)
        documents = {link.document_id: link.document for link in edition.documentlinks.all()}
        for row in edition.evidence.all():
            # With its text, read once.
            row.document = documents[row.document_id] = documents.get(row.document_id) or row.document
            if row.document.disclosure != Disclosure.NONE:
                self.rows[row.child_uid, row.field].append(row)
        self.is_one = len(documents) == 1

    def of(self, row: Edition | Child, *fields: str) -> tuple[Passage, ...]:
        """The passages behind these fields of the edition or of a child, behind all of them when none is named.

        Quotes of one paragraph are one passage, with several marks.
        """
        uid = self.edition.visit.uid if isinstance(row, Edition) else row.uid
        paragraphs: dict[tuple, list[Evidence]] = defaultdict(list)
        for field in fields or row.CONTENT_FIELDS:
            for evidence in self.rows.get((uid, field), ()):
                paragraphs[evidence.document, paragraph_start(evidence)].append(evidence)
        return tuple(passage(document, quoted, self.is_one) for (document, _start), quoted in paragraphs.items())


def paragraph_start(evidence: Evidence) -> int:
    return evidence.document.text.rfind("\n", 0, evidence.span_start) + 1


def passage(document: Document, quoted: list[Evidence], is_only_source: bool) -> Passage:
    spans = merged((row.span_start, row.span_end) for row in quoted)
    if document.disclosure == Disclosure.FULL:
        stretches = in_context(document.text, spans)
    else:
        stretches = [Stretch(f"{document.text[start:end]} ", marked=True) for start, end in spans]
    return Passage(tuple(stretches), Text(document.title, document.language), is_only_source)


def merged(spans) -> list[tuple[int, int]]:
    """The same characters as spans that neither overlap nor touch."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def in_context(text: str, spans: list[tuple[int, int]]) -> list[Stretch]:
    """The spans marked, with what stands between them and some words of the paragraph around them."""
    first, last = spans[0][0], spans[-1][1]
    stretches = [Stretch(words_before(text, first), marked=False)]
    for position, (start, end) in enumerate(spans):
        if position:
            stretches.append(Stretch(text[spans[position - 1][1] : start], marked=False))
        stretches.append(Stretch(text[start:end], marked=True))
    stretches.append(Stretch(words_after(text, last), marked=False))
    return [stretch for stretch in stretches if stretch.text]


def words_before(text: str, start: int) -> str:
    """From the paragraph's begin; where that is far, from a word on."""
    begin = text.rfind("\n", 0, start) + 1
    if start - begin <= CONTEXT:
        return text[begin:start]
    return "… " + text[start - CONTEXT : start].partition(" ")[2]


def words_after(text: str, end: int) -> str:
    """To the paragraph's end; where that is far, up to a word."""
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    if stop - end <= CONTEXT:
        return text[end:stop]
    return text[end : end + CONTEXT].rpartition(" ")[0] + " …"
