"""What is read out of a document: values tied to their passages, and questions where nothing certain stands there.

Spans count code points of the document's stored text, as `Evidence` does. References are natural keys: `DNK`, `unodc`,
1373. Nothing here touches the database, so that a proposal can be written as JSON, corrected and compared.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Confidence(TextChoices):
    CERTAIN = "certain", _("certain")
    LIKELY = "likely", _("likely")
    CHECK = "check", _("please check")


class Span(NamedTuple):
    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True)
class Value:
    """One value of one field. `spans` is empty for what follows from other values; `rule` is the one that read it."""

    value: str | int | bool | None
    spans: tuple[Span, ...] = ()
    rule: str = ""
    confidence: Confidence = Confidence.CERTAIN


@dataclass(frozen=True)
class Part:
    """The edition itself (`edition`) or one child of it, by the name of its model: `segment`, `kind`, `focus`,
    `resolutionlink`, `participation`, `person`, `engagement`, `finding`."""

    model: str
    values: dict[str, Value]

    def get(self, name: str, default=""):
        """The bare value of a field."""
        return self.values[name].value if name in self.values else default


@dataclass(frozen=True)
class Question:
    """What the text leaves open. `code` is for programs, `sentence` for people; `model` and `field` say what would be
    answered, `span` where the doubt arose."""

    code: str
    sentence: str
    model: str = "edition"
    field: str = ""
    span: Span | None = None


@dataclass(frozen=True)
class Proposal:
    """One visit as the text tells of it. `parts` holds the edition first, then its children in reading order.
    `mentioned` are bodies that the text names although they were not in the delegation."""

    country: Value
    parts: tuple[Part, ...]
    questions: tuple[Question, ...] = ()
    mentioned: tuple[Value, ...] = ()

    def of(self, model: str) -> Iterator[Part]:
        return (part for part in self.parts if part.model == model)

    @property
    def edition(self) -> Part:
        return next(self.of("edition"))


@dataclass(frozen=True)
class Extraction:
    """All that a document tells. `document` are values of the document itself: kind, title, language, published_on,
    category, web_stamp. Without a visit in it, `proposals` is empty and a question says why."""

    document: dict[str, Value] = field(default_factory=dict)
    proposals: tuple[Proposal, ...] = ()
    questions: tuple[Question, ...] = ()
    truncated: bool = False

    @property
    def passages(self) -> list[Span]:
        """Where the document tells of itself."""
        return sorted({span for value in self.document.values() for span in value.spans})
