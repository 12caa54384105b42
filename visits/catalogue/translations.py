"""Content in the language of the page, as far as reviewed translations have it, else in English.

What is published today is shown in its translation even where the original has been changed since; the Text says so.
A fixed edition that is no longer current is shown in a translation of its very wording or not at all.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import F, Q
from django.utils.translation import get_language

from visits.enums import State
from visits.models import SOURCE_LANGUAGE, Edition, Translation, Visit, digest_of
from visits.models.content import texts_of

from .keys import Keys
from .wording import Text

# What has to be translated, as far as the record has it, before a page counts as being in a language.
TELLING = ("title", "summary", "text")


@dataclass(frozen=True)
class Coverage:
    """How many texts of a record there are, how many are in the language of the page, how many of these are older than
    their original."""

    texts: int
    translated: int
    older: int

    @property
    def is_whole(self) -> bool:
        return self.translated == self.texts


class Translations:
    """What has been read of reviewed translations; `text` looks up a field of an edition or of one of its rows."""

    def __init__(self, rows: Iterable[tuple] = ()):
        self.said = {(uid, field, language): (text, digest) for uid, field, language, text, digest in rows}

    def text(self, edition: Edition, name: str, row=None, language: str | None = None) -> Text:
        row = row or edition
        original = getattr(row, name)
        if not self.said:
            return Text(original)
        uid = (edition.visit if row is edition else row).uid
        language = language or get_language()
        said, digest = self.said.get((uid, name, language), ("", ""))
        if not said or not original:
            return Text(original)
        is_older = digest != digest_of(original)
        if is_older and edition.state != State.PUBLISHED:
            return Text(original)
        return Text(said, language, is_older=is_older)

    def languages(self, edition: Edition) -> tuple[str, ...]:
        """See `languages_of`."""
        telling = [name for name in TELLING if getattr(edition, name)]
        return tuple(
            code
            for code, _name in settings.LANGUAGES
            if all(self.text(edition, name, language=code).language == code for name in telling)
        )

    def coverage(self, edition: Edition) -> Coverage:
        texts = [self.text(edition, name, row) for row, _uid, name in texts_of(edition)]
        language = get_language()
        translated = [text for text in texts if text.language == language]
        return Coverage(len(texts), len(translated), sum(text.is_older for text in translated))


COLUMNS = ("child_uid", "field", "language", "text", "source_digest")


def of_visit(edition: Edition) -> Translations:
    """All there is for its page, and which languages have what makes a page of theirs."""
    language = get_language()
    rows = Translation.objects.reviewed().filter(
        Q(language=language) | Q(child_uid=edition.visit.uid, field__in=TELLING), visit=edition.visit_id
    )
    return Translations(rows.values_list(*COLUMNS))


def of_visits(editions: Iterable[Edition]) -> Translations:
    """The same for many editions, in one query."""
    telling = Q(child_uid=F("visit__uid"), field__in=TELLING)
    rows = Translation.objects.reviewed().filter(visit__in=Keys(edition.visit_id for edition in editions))
    return Translations(rows.filter(Q(language=get_language()) | telling).values_list(*COLUMNS))


def in_every_language(editions: Iterable[Edition]) -> Translations:
    """All there is of these editions."""
    visits = Keys(edition.visit_id for edition in editions)
    return Translations(Translation.objects.reviewed().filter(visit__in=visits).values_list(*COLUMNS))


def of_lists(visits: Iterable[Visit], *fields: str, parts: Iterable = (), in_every_language=False) -> Translations:
    """These fields of the editions of these visits, and every field of these parts of them, in one query; in none on
    an English page, unless asked for in every language."""
    if get_language() == SOURCE_LANGUAGE and not in_every_language:
        return Translations()
    uids = {visit.pk: visit.uid for visit in visits}
    wanted = Q(child_uid__in=uids.values(), field__in=fields) | Q(child_uid__in=parts)
    rows = Translation.objects.reviewed().filter(wanted, visit__in=uids)
    return Translations((rows if in_every_language else rows.filter(language=get_language())).values_list(*COLUMNS))


def languages_of(visits: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """By primary key, the languages in which the page of each of these published visits really is, English among them.

    Those are the languages in which title, summary and text of the published edition, as far as it has them, have
    reviewed translations, be they older than the original. In other languages the address exists, but what it says of
    the visit is English.
    """
    visits, said = list(visits), defaultdict(set)
    rows = Translation.objects.reviewed().filter(visit__in=visits, child_uid=F("visit__uid"), field__in=TELLING)
    for visit, language, field in rows.values_list("visit", "language", "field"):
        said[visit, language].add(field)
    translated = {visit for visit, _language in said}
    for visit, *texts in Edition.objects.published().filter(visit__in=translated).values_list("visit", *TELLING):
        said[visit, SOURCE_LANGUAGE] = {name for name, text in zip(TELLING, texts, strict=True) if text}
    return {
        visit: tuple(
            code
            for code, _name in settings.LANGUAGES
            if code == SOURCE_LANGUAGE or set() < said[visit, SOURCE_LANGUAGE] <= said[visit, code]
        )
        for visit in visits
    }
