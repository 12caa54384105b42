"""The text of a release with the passages marked that something rests on, each linked to the field that it is for."""

from dataclasses import dataclass
from itertools import pairwise

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from visits.extraction.proposal import Confidence, Span

# Darker the more passages lie over each other, as far as that can be told apart.
DEEPEST = 3


@dataclass(frozen=True)
class Passage:
    """Words of the text and the element of the page, by its id, that rests on them or asks about them."""

    span: Span
    target: str
    confidence: Confidence = Confidence.CERTAIN

    @property
    def anchor(self) -> str:
        return anchor_of(self.span)

    @property
    def length(self) -> int:
        return self.span.end - self.span.start


def anchor_of(span: Span) -> str:
    return f"s-{span.start}-{span.end}"


def marked(text: str, passages: list[Passage]) -> SafeString:
    """The text as HTML with nothing added to its characters, so that a selection in it can be counted.

    Where passages overlap, each piece is a mark of its own and leads to what the narrowest of them is for.
    """
    cuts = sorted({0, len(text), *(cut for passage in passages for cut in passage.span)})
    return mark_safe("".join(piece(text, passages, Span(*bounds)) for bounds in pairwise(cuts)))  # noqa: S308


def piece(text: str, passages: list[Passage], part: Span) -> str:
    over = [each for each in passages if each.span.start <= part.start and part.end <= each.span.end]
    words = part.of(text)
    if not over:
        return escape(words)
    narrowest = min(over, key=lambda passage: passage.length)
    anchors = list(dict.fromkeys(each.anchor for each in over))
    begun = list(dict.fromkeys(each.anchor for each in over if each.span.start == part.start))
    doubtful = any(each.confidence == Confidence.CHECK for each in over)
    return format_html(
        '<mark class="depth-{}{}" data-passages="{}"{}>{}<a href="#{}" draggable="false">{}</a></mark>',
        min(len(anchors), DEEPEST),
        " doubtful" if doubtful else "",
        " ".join(anchors),
        format_html(' id="{}"', begun[0]) if begun else "",
        format_html_join("", '<span id="{}"></span>', ((anchor,) for anchor in begun[1:])),
        narrowest.target,
        words,
    )
