"""Plain text: what encoding it is in, and one form for everything that is read."""

import codecs
import re
import unicodedata
from itertools import groupby

from visits.exceptions import TooMuchText, WrongEncoding

from .reading import MAX_CHARACTERS, Reading

# The longer marks first: that of UTF-32 begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

LINE_ENDS = re.compile(r"\r\n|[\r\v\x85\u2028]")
PARAGRAPH_ENDS = re.compile(r"[\f\u2029]")
SPACES = re.compile(r"[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# Controls, soft hyphens, what has no width, and marks of direction: pages give text its direction, and such a mark
# inside a date or a name would hide it from every rule and search.
NOT_SEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffc]"
)
# These shape letters, but only inside a word.
JOINERS_OUTSIDE_WORDS = re.compile(r"(?<!\w)[\u200c\u200d]+|[\u200c\u200d]+(?!\w)")
MOST_MARKS = 30
# How printed pages write letters, and what is copied from them: ligatures, the shapes that Arabic letters
# take, and the parts that Chinese characters are sorted by in place of the characters.
SHAPES = re.compile(r"[\ufb00-\ufb06\ufb50-\ufdff\ufe70-\ufefc\u2f00-\u2fd5\u2e9f\u2ef3]+")
RADICALS = str.maketrans(
    "⺠⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳⻄⻁⻃⺁⺇⺟⻌",
    "民见角贝车长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟西虎覀厂几母辶",
)
EMPTY_LINES = re.compile(r"\n{3,}")


def read(data: bytes) -> Reading:
    return Reading(normalise(decode(data)))


def normalise(text: str) -> str:
    """`text` as it is stored: NFC, lines without blanks at their ends, at most one empty line in a row.

    Raises TooMuchText, and WrongEncoding for what no text holds. Normalising twice changes nothing.
    """
    if len(text) > MAX_CHARACTERS:
        raise TooMuchText(limit=MAX_CHARACTERS)
    if "\0" in text or piled(text):
        raise WrongEncoding()
    # Halves of a character that some programs write apart; a half without its other one is lost.
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = PARAGRAPH_ENDS.sub("\n\n", LINE_ENDS.sub("\n", text))
    text = JOINERS_OUTSIDE_WORDS.sub("", NOT_SEEN.sub("", SPACES.sub(" ", text)))
    text = SHAPES.sub(lambda shapes: unicodedata.normalize("NFKC", shapes[0]), text.translate(RADICALS))
    lines = (line.strip() for line in unicodedata.normalize("NFC", text).split("\n"))
    return EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def piled(text: str) -> bool:
    """Whether more marks stand on one letter than any script writes: putting them into order would take for ever."""
    if text.isascii():
        return False
    runs = groupby(text, key=lambda char: unicodedata.combining(char) > 0)
    return any(is_marks and len(list(run)) > MOST_MARKS for is_marks, run in runs)


def decode(data: bytes) -> str:
    """The characters of `data`. Raises WrongEncoding where it would be a guess."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return strictly(data[len(mark) :], encoding)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return older(data)


def strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeError as error:
        raise WrongEncoding() from error


def older(data: bytes) -> str:
    """The text of bytes in an encoding that does not say so itself: taken only where a single one gives a language."""
    if len(data) > 4 * MAX_CHARACTERS:
        raise TooMuchText(limit=MAX_CHARACTERS)
    readings = []
    for encoding, is_language in LANGUAGES.items():
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        foreign = [char for char in text if not char.isascii()]
        if not HAS_CONTROLS.search(text) and is_language(text, foreign):
            readings.append(text)
    if len(readings) != 1:
        raise WrongEncoding()
    return readings[0]


HAS_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x9f]")
PUNCTUATION = set("“”‘’„«»–—…•°§№©®·¿¡€£ªº\xa0،؛؟")
# Not what other western encodings have in the place of letters that several languages need.
WESTERN = set("àâäæçéèêëîïôœùûüñóíúáìòßöåøÀÂÄÆÇÉÈÊËÎÏÔŒÙÛÜŸÑÓÍÚÁÌÒÖÅØ")
# As what Chinese encodings write looks here.
MISPLACED = re.compile(r"[¡¿](?![A-Za-zÀ-ÿ])|”(?=\w)")
RUNS = re.compile(r"[^\W\d_a-zA-Z]{3,}")
# Letters and characters that make up so much of every text that a wrong decoding does not reach it.
COMMON_RUSSIAN = set("оеаинтсрвл")
COMMON_ARABIC = set("الينموترعب")
COMMON_CHINESE = set("的和国在与合会恐怖主义反一是了等方对安全联")


def is_western(text: str, foreign: list[str]) -> bool:
    """Some accented letters among many plain ones, never several in a row."""
    plain = sum(char.isascii() and char.isalpha() for char in text)
    is_usual = set(foreign) <= WESTERN | PUNCTUATION and not RUNS.search(text) and not MISPLACED.search(text)
    return is_usual and len(foreign) * 5 <= plain


def is_russian(text: str, foreign: list[str]) -> bool:
    letters = [char for char in foreign if char not in PUNCTUATION]
    lower = sum(char.islower() for char in letters)
    return (
        all("а" <= char.lower() <= "я" or char in "ёЁ" for char in letters)
        and is_mostly(letters, COMMON_RUSSIAN, of=0.5, least=40)
        and lower * 10 >= 7 * len(letters)
    )


def is_arabic(text: str, foreign: list[str]) -> bool:
    letters = [char for char in foreign if char not in PUNCTUATION]
    return all("\u0621" <= char <= "\u0652" for char in letters) and is_mostly(
        letters, COMMON_ARABIC, of=0.55, least=40
    )


def is_chinese(text: str, foreign: list[str]) -> bool:
    letters = [char for char in foreign if "\u4e00" <= char <= "\u9fff"]
    others = set(foreign) - set(letters) - PUNCTUATION
    return all("\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef" for char in others) and is_mostly(
        letters, COMMON_CHINESE, of=0.1, least=20
    )


def is_mostly(letters: list[str], common: set[str], of: float, least: int) -> bool:
    return len(letters) >= least and sum(char.lower() in common for char in letters) >= of * len(letters)


LANGUAGES = {"windows-1252": is_western, "windows-1251": is_russian, "windows-1256": is_arabic, "gb18030": is_chinese}
