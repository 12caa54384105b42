"""Search folding: the same for what is indexed and what is asked, in all six languages.

Case, accents, width and the script of digits are folded away; Arabic loses marks and tatweel and its letter variants
are unified; every Chinese character stands alone, so that a query is found inside unsegmented text.
"""

import re
import unicodedata

# What decomposition leaves apart although people write one for the other.
VARIANTS = str.maketrans(
    {"ٱ": "ا", "ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": "", "ء": ""}
    | {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
# Marks over and under letters, and characters that are not seen, such as soft hyphens and marks of direction.
NOT_SEEN = ("Mn", "Me", "Cf")
CHINESE = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
EACH_CHINESE = re.compile(rf"([{CHINESE}])")
# Arabic writes its article, and what stands before it, as a part of the word; people search without.
ARTICLE = re.compile("^(?:[وبكف]?ال|لل)(?=...)")
NOT_A_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Words of `text` as the index holds them, separated by single spaces. Folding twice changes nothing."""
    text = bare(bare(text).casefold()).translate(VARIANTS)
    return NOT_A_WORD.sub(" ", EACH_CHINESE.sub(r" \1 ", unicodedata.normalize("NFC", text))).strip()


def words(text: str) -> list[str]:
    """The words of `text` as the index holds them: folded, without the Arabic article and the mark of the plural."""
    return [singular(ARTICLE.sub("", word)) for word in fold(text).split()]


def singular(word: str) -> str:
    """English, French and Spanish mark most plurals alike; what it leaves need not be a word, only the same one."""
    if len(word) < 4 or not word.endswith("s") or not word.isascii() or word.endswith(("ss", "us", "is")):
        return word
    return f"{word[:-3]}y" if word.endswith("ies") else word[:-1]


def alphabetical(text: str, language: str) -> str:
    """What to sort names by where they are read in this language."""
    if language == "ru":
        # Folding makes one letter of И and Й.
        return text.casefold().replace("ё", "е")
    if language == "zh-hans":
        # This encoding has the common characters in the order of their pinyin.
        return text.encode("gb18030").hex()
    return fold(text)


def bare(text: str) -> str:
    """`text` in its simplest letters and digits."""
    letters = (char for char in unicodedata.normalize("NFKD", text) if unicodedata.category(char) not in NOT_SEEN)
    return "".join(str(unicodedata.decimal(char, char)) for char in letters)
