"""How far each published visit is translated into each language: what the translation desk is made of."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from visits.enums import Standing, State, TranslationState
from visits.models import Edition, Translation, digest_of
from visits.models.content import texts_of, with_texts

from .translating import LANGUAGES


@dataclass(frozen=True)
class Cell:
    """One visit in one language. Of its `texts`, `current` and `older` ones are public; `in_work` is the state of what
    is in work, if anything is."""

    texts: int = 0
    current: int = 0
    older: int = 0
    in_work: TranslationState | None = None

    @property
    def public(self) -> int:
        return self.current + self.older

    @property
    def standing(self) -> Standing:
        if self.in_work:
            return Standing(self.in_work)
        if self.older:
            return Standing.OUTDATED
        if not self.current:
            return Standing.MISSING
        return Standing.CURRENT if self.current == self.texts else Standing.PARTIAL


Cells = dict[tuple[int, str], Cell]


def cells(*visits: int) -> Cells:
    """By visit and language, where there is any translation; of these visits, or of all that are published."""
    rows = Translation.objects.filter(visit__editions__state=State.PUBLISHED)
    rows = rows.filter(visit__in=visits) if visits else rows
    found = defaultdict(list)
    for visit, *row in rows.values_list("visit", "language", "child_uid", "field", "source_digest", "state"):
        found[visit].append(row)
    made = {}
    for edition in with_texts(Edition.objects.published().filter(visit__in=found)):
        digests = {(uid, name): digest_of(getattr(row, name)) for row, uid, name in texts_of(edition)}
        counted, in_work = Counter(), {}
        for language, uid, field, digest, state in found[edition.visit_id]:
            original = digests.get((str(uid), field))
            if state != TranslationState.REVIEWED:
                in_work[language] = TranslationState(state)
            elif original:
                counted[language, digest == original] += 1
        made |= {
            (edition.visit_id, language): Cell(
                len(digests), counted[language, True], counted[language, False], in_work.get(language)
            )
            for language in LANGUAGES
            if in_work.get(language) or counted[language, True] or counted[language, False]
        }
    return made
