"""A page speaks one language: what is of another one says so, and keeps its direction to itself.

What is English on a page in another language is found in three ways: it is a text of the interface before it was
translated, the same stands on the English page, or it is words in Latin letters where the language has its own.
"""

import json
import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import get_language_info, to_locale

from tests.pages import LANGUAGES, TYPES

pytestmark = pytest.mark.browser

SAID = Path(__file__).with_name("said.js").read_text(encoding="utf-8").partition("\n(")
ENGLISH = settings.LANGUAGE_CODE
OTHERS = [language for language in LANGUAGES if language != ENGLISH]
OWN_LETTERS = {"ar", "ru", "zh-hans"}
# No markup can say there that a part is of another language; it may quote what is marked elsewhere on the page.
WITHOUT_MARKUP = {"alt", "aria-label", "content", "placeholder", "title"}
SHORTENED = re.compile(r"(…|\.\.\.)$")
TAG = re.compile(r"<[^>]+>")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
LATIN_WORDS = re.compile(r"[A-Za-z]{2,}(?:[ ’]+[A-Za-z]{2,})+")
# A name or its letters as they are written elsewhere, after the same in this language's own.
NAME_IN_BRACKETS = re.compile(r"[(（][^\W\d_]+(?:[ -][^\W\d_]+)*[)）]")
# What characters keep apart where no markup can.
ISOLATED = re.compile(r"[\u2066-\u2068][^\u2066-\u2069]*\u2069")
# Between two Arabic letters: words in Latin letters alone stand where they should; numbers and brackets change places.
NOT_ARABIC = re.compile(r"[^\u0600-\u06ff…]*[A-Za-z][^\u0600-\u06ff…]*")
WORDS_ALONE = re.compile(r"\W*[^\W\d][\w/’-]*(?: [^\W\d][\w/’-]*)*[^\w()\[\]]*")


@pytest.fixture(scope="session")
def listen(chromium):
    """Tells what is said on a page with this HTML."""
    page = chromium.new_page()
    yield lambda html: page.evaluate("(" + SAID[2], html)
    page.close()


@pytest.fixture(scope="session")
def heard(listen, sent):
    return {key: listen(html) for key, html in sent.items()}


@cache
def catalogue(language) -> list:
    path = settings.CATALOGUES / to_locale(language) / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return [message for message in read_po(file) if message.id]


def pattern(texts) -> re.Pattern:
    """Fits each of these texts, whatever stands in its placeholders; those of one message come together."""
    wanted = set()
    for text in (form for forms in texts for form in ([forms] if isinstance(forms, str) else forms)):
        parts = PLACEHOLDER.split(" ".join(TAG.sub("", text).replace("%%", "%").split()))
        if any(map(str.isalpha, "".join(parts))):
            wanted.add(".+?".join(map(re.escape, parts)))
    return re.compile("|".join(sorted(wanted)))


@cache
def untranslated(language) -> re.Pattern:
    return pattern(message.id for message in catalogue(language))


@cache
def translated(language) -> re.Pattern:
    return pattern(message.string for message in catalogue(language) if message.string)


@cache
def same_names(language) -> set[str]:
    """Names of reference data that this language writes as English does."""
    ours, found = to_locale(language).lower(), set()
    for path in (settings.BASE_DIR / "fixtures" / "reference").glob("*.json"):
        for row in json.loads(path.read_text(encoding="utf-8")):
            for name, value in row["fields"].items():
                if name.endswith("_en") and value == row["fields"].get(f"{name.removesuffix('_en')}_{ours}"):
                    found.add(value)
    return found


def is_of(language, text) -> bool:
    """Whether this text, the same as in English, is the language's own all the same."""
    return bool(translated(language).fullmatch(text)) or text in same_names(language) or text.upper() == text


def foreign_words(language, said, said_in_english) -> set[str]:
    """What is English on a page in this language and not marked as English."""
    elsewhere = {one["text"] for one in said_in_english if one["language"] == ENGLISH and one["from"] != "sentence"}
    quotable = sorted({one["text"] for one in said if one["language"] != language}, key=len, reverse=True)
    found = set()
    for one in said:
        text = one["text"]
        if one["language"] != language or one["isName"]:
            continue
        if one["from"] in WITHOUT_MARKUP:
            beginning = SHORTENED.sub("", text)
            for quoted in quotable:
                text = "…" if beginning != text and quoted.startswith(beginning) else text.replace(quoted, "…")
        is_interface = untranslated(language).fullmatch(text) and not is_of(language, text)
        is_repeated = text in elsewhere and not is_of(language, text)
        is_latin = language in OWN_LETTERS and LATIN_WORDS.search(NAME_IN_BRACKETS.sub("", text))
        if is_interface or is_repeated or is_latin:
            found.add(f"{one['from']}: {one['text']}")
    return found


def misplaced(said) -> set[str]:
    """Texts of an Arabic page in which words in Latin letters would change places."""
    written = [one for one in said if not one["isApart"] and one["from"] not in WITHOUT_MARKUP]
    return {
        f"{one['from']}: {one['text']}"
        for one in written
        for run in NOT_ARABIC.findall(NAME_IN_BRACKETS.sub("…", PLACEHOLDER.sub("…", ISOLATED.sub("…", one["text"]))))
        if not WORDS_ALONE.fullmatch(run)
    }


def wrong_directions(language, marked) -> list[dict]:
    """Of the page and of what is marked with a language of its own."""
    directions = {True: ("rtl", "auto"), False: ("ltr", "auto")}
    is_wrong = [one for one in marked if one["direction"] not in directions[get_language_info(one["language"])["bidi"]]]
    return is_wrong if marked[0]["language"] == language else marked[:1]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("name", TYPES)
def test_no_english_shows_through(heard, name, language):
    found = foreign_words(language, heard[name, language]["said"], heard[name, ENGLISH]["said"])

    assert not found, "\n".join(sorted(found))


@pytest.mark.parametrize("name", TYPES)
def test_nothing_changes_places_on_an_arabic_page(heard, name):
    found = misplaced(heard[name, "ar"]["said"])

    assert not found, "\n".join(sorted(found))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", TYPES)
def test_every_language_has_its_direction(heard, name, language):
    assert wrong_directions(language, heard[name, language]["marked"]) == []


@pytest.mark.parametrize(
    ("language", "planted", "is_found"),
    [
        ("fr", "<p>Visits</p>", True),
        ("fr", "<p>12 visits found</p>", True),
        ("fr", "<p>All visits <b>recorded</b></p>", True),
        ("fr", '<img alt="Visits">', True),
        ("fr", '<p lang="en">Visits</p>', False),
        ("fr", "<p>Visites</p>", False),
        ("fr", "<p>Togo</p>", False),
        ("es", "<p>Met the authorities.</p>", True),
        ("es", '<p><span lang="en">Met the authorities.</span></p>', False),
        ("ru", "<p>Поездка: met the authorities</p>", True),
        ("ru", "<p>Поездка: <bdi>UN Women</bdi></p>", False),
        ("ru", "<p>Йенс Хорлёв (Jens Haarløv)</p>", False),
        ("zh-hans", '<p aria-label="met the authorities"></p>', True),
    ],
)
def test_english_that_shows_through_is_found(listen, language, planted, is_found):
    page = '<html lang="{}" dir="ltr"><body>{}</body></html>'
    english = listen(page.format(ENGLISH, "<p>Met the authorities.</p><p>Togo</p><p>Visits</p>"))["said"]

    assert bool(foreign_words(language, listen(page.format(language, planted))["said"], english)) is is_found


@pytest.mark.parametrize(
    ("planted", "is_found"),
    [
        ("القرار S/RES/1373 (2001)", True),
        ("DNK 1 الدانمرك", True),
        ("القرار <bdi>S/RES/1373 (2001)</bdi>", False),
        ("منطقة M49؛ وغيرها", False),
        ("ينس هورلوف (Jens Haarløv)", False),
        ('<span lang="en" dir="ltr">Visit to Denmark</span>', False),
    ],
)
def test_what_changes_places_is_found(listen, planted, is_found):
    page = f'<html lang="ar" dir="rtl"><body><p>{planted}</p></body></html>'

    assert bool(misplaced(listen(page)["said"])) is is_found


@pytest.mark.parametrize(
    ("root", "inside", "is_found"),
    [
        ('lang="ar" dir="rtl"', "", False),
        ('lang="ar" dir="ltr"', "", True),
        ('lang="en" dir="ltr"', "", True),
        ('lang="ar" dir="rtl"', '<p lang="en">Visit</p>', True),
        ('lang="ar" dir="rtl"', '<p lang="en" dir="ltr">Visit</p>', False),
        ('lang="ar" dir="rtl"', '<bdi lang="en">Visit</bdi>', False),
    ],
)
def test_a_wrong_direction_is_found(listen, root, inside, is_found):
    assert bool(wrong_directions("ar", listen(f"<html {root}><body>{inside}</body></html>")["marked"])) is is_found
