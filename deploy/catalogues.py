"""What the catalogues of the interface still lack: `make messages` ends with it, and the tests hold it."""

import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).resolve().parent.parent / "visits" / "locale"
# Lines of a header that change with every collection and tell nobody anything.
CHURN = re.compile(r'^"(?:POT-Creation-Date|Report-Msgid-Bugs-To):.*\n', re.M)
# What a translation has to carry over as it is: a value to be filled in, a tag of HTML.
KEPT = re.compile(r"%\(\w+\)[a-z]|</?\w+[^>]*>")


def catalogues() -> list[Path]:
    return sorted(CATALOGUES.glob("*/LC_MESSAGES/django.po"))


def faults(catalogue: Path) -> list[str]:
    """A sentence for each message that is not said in this language, or not as it has to be."""
    with catalogue.open("rb") as file:
        messages = read_po(file, abort_invalid=True)
    return [
        f"{catalogue.parent.parent.name}: {message.id!r} {fault}"
        for message in messages
        if message.id
        for fault in faults_of(message, messages.num_plurals)
    ]


def faults_of(message: Message, plurals: int) -> Iterable[str]:
    said = message.string if isinstance(message.string, tuple) else (message.string,)
    source = message.id if isinstance(message.id, tuple) else (message.id,)
    if message.fuzzy:
        yield "is marked as uncertain (fuzzy)"
    if not all(said) or len(said) != (plurals if message.pluralizable else 1):
        yield "is not translated in every form"
        return
    for text in said:
        kept, wanted = Counter(KEPT.findall(text)), [Counter(KEPT.findall(form)) for form in source]
        # “One visit” may leave the number out.
        if kept not in wanted and not (message.pluralizable and kept <= wanted[-1]):
            yield f"and its translation {text!r} differ in what they carry over"
        # Punctuation alone is spaced as each language does: “, ” is “、”, and a no-break space goes before “%”.
        said_in_words = any(map(str.isalpha, source[0]))
        if said_in_words and edges(text) != edges(source[0]):
            yield f"and its translation {text!r} differ in the space around them"


def edges(text: str) -> tuple[bool, bool]:
    return text[0].isspace(), text[-1].isspace()


def main():
    for catalogue in catalogues():
        catalogue.write_text(CHURN.sub("", catalogue.read_text(encoding="utf-8")), encoding="utf-8")
    found = [fault for catalogue in catalogues() for fault in faults(catalogue)]
    sys.exit("\n".join([*found, f"{len(found)} messages are to be written in {CATALOGUES}."]) if found else 0)


if __name__ == "__main__":
    main()
