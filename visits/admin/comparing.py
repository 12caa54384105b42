"""Two editions side by side for staff: field by field and word by word, with all that hangs on them."""

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from visits.models import CHILDREN, Edition, Evidence
from visits.models.content import Part, rows_name
from visits.text import diff

from .words import Words, label_of

# Where a passage stands in its document says nothing that the passage does not.
PASSED_OVER = {(Evidence, "span_start"), (Evidence, "span_end")}


@dataclass(frozen=True)
class ComparedField:
    label: str
    runs: tuple[diff.Run, ...]
    is_same: bool

    @property
    def only_formatting(self) -> bool:
        return not self.is_same and all(run.op == "same" for run in self.runs)


@dataclass(frozen=True)
class ComparedPart:
    """The record itself or a part of it. `op`: added, removed, changed, moved or same; a changed one may have moved
    too."""

    op: str
    title: str
    fields: tuple[ComparedField, ...]
    is_moved: bool = False

    @property
    def different(self):
        return [field for field in self.fields if not field.is_same]

    @property
    def same(self):
        return [field for field in self.fields if field.is_same]


@dataclass(frozen=True)
class Group:
    """All parts of one kind, those that are the same in both apart."""

    name: str
    title: str
    different: tuple[ComparedPart, ...]
    same: tuple[ComparedPart, ...]


Snapshot = dict[tuple[str, str], Part]


def compare(before: Snapshot, after: Snapshot) -> list[Group]:
    """By kind of part, in reading order; kinds of which neither edition has any are left out."""
    words = words_of(before, after)
    groups = (group(model, before, after, words) for model in (Edition, *CHILDREN))
    return [each for each in groups if each.different or each.same]


def words_of(before: Snapshot, after: Snapshot) -> Words:
    parts = [*before.values(), *after.values()]
    words = Words((part.model, name, value) for part in parts for name, value in part.values.items())
    words.parts |= {part.uid: title_of(part, words) for part in parts if part.model is not Evidence}
    return words


def title_of(part: Part, words: Words) -> str:
    if part.model is Edition:
        return _("The record itself")
    return f"{capfirst(part.model._meta.verbose_name)}: {words.called(part.model, part.values)}"


def group(model: type, before: Snapshot, after: Snapshot, words: Words) -> Group:
    old = {part.uid: part for part in before.values() if part.model is model}
    new = {part.uid: part for part in after.values() if part.model is model}
    moved = out_of_order(list(old), list(new))
    parts = [compared(old.get(uid), new.get(uid), uid in moved, words) for uid in dict.fromkeys([*new, *old])]
    is_itself = model is Edition
    return Group(
        "itself" if is_itself else rows_name(model),
        _("The record itself") if is_itself else capfirst(model._meta.verbose_name_plural),
        tuple(part for part in parts if part.op != "same"),
        tuple(part for part in parts if part.op == "same"),
    )


def out_of_order(old: list[str], new: list[str]) -> set[str]:
    """Of what both have, the fewest that had to move."""
    old, new = [uid for uid in old if uid in new], [uid for uid in new if uid in old]
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return set(new) - {uid for block in blocks for uid in new[block.b : block.b + block.size]}


def compared(old: Part | None, new: Part | None, is_moved: bool, words: Words) -> ComparedPart:
    part = new or old
    names = [name for name in part.model.CONTENT_FIELDS if (part.model, name) not in PASSED_OVER]
    fields = tuple(field for name in names if (field := compared_field(name, old, new, words)).runs)
    if not (old and new):
        op = "added" if new else "removed"
    elif any(not field.is_same for field in fields):
        op = "changed"
    else:
        op = "moved" if is_moved else "same"
    return ComparedPart(op, words.called(part.model, part.values), fields, is_moved and op == "changed")


def compared_field(name: str, old: Part | None, new: Part | None, words: Words) -> ComparedField:
    model = (new or old).model
    stored = [part.values.get(name) if part else None for part in (old, new)]
    runs = diff.words(*(words.of(model, name, value) for value in stored))
    return ComparedField(capfirst(label_of(model, name)), tuple(runs), stored[0] == stored[1])


def counted(groups: list[Group]) -> list[tuple[str, int, str]]:
    """How many parts are how different: kind of difference, number, and both in words."""
    counts = Counter(part.op for each in groups for part in each.different)
    return [(op, counts[op], said(op)) for op in ("changed", "added", "removed", "moved") if counts[op]]


def said(op: str) -> str:
    return {"changed": _("changed"), "added": _("added"), "removed": _("removed"), "moved": _("moved")}[op]
