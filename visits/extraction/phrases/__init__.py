"""What rules look for, by language: one readable file each, in regular expressions, to be corrected without code.

`layout` of the files: see `en.toml`, which says what each entry is for.
"""

import tomllib
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import regex

FOLDER = Path(__file__).parent
LANGUAGES = ("ar", "zh-hans", "en", "fr", "ru", "es")


@dataclass(frozen=True, eq=False)
class Phrases:
    """The phrases of one language. `patterns` are compiled, by the name of their table and their own."""

    code: str
    months: tuple[str, ...]
    between: str
    of: str = ""
    day_suffix: str = ""
    day_lead: str = ""
    table: dict = field(default_factory=dict, repr=False)

    @cached_property
    def patterns(self) -> dict[str, regex.Pattern]:
        found = {}
        for table, entries in self.table.items():
            if isinstance(entries, dict):
                found |= {f"{table}.{name}": compiled(words) for name, words in entries.items()}
        return found

    def __getitem__(self, name: str) -> regex.Pattern:
        return self.patterns.get(name, NEVER)

    def group(self, table: str) -> list[tuple[str, regex.Pattern]]:
        """The entries of a table, in their order."""
        return [(name, self[f"{table}.{name}"]) for name in self.table.get(table, ())]


NEVER = regex.compile(r"(?!)")
# Case is nobody's concern but where a capital letter is asked for.
CAPITAL = r"(?-i:\p{Lu})"


def compiled(words: str | list[str]) -> regex.Pattern:
    """Each entry is an alternative. A space stands for any white space, a line break of the source included, and
    `[A-Z]` for any capital letter."""
    alternatives = [words] if isinstance(words, str) else words
    pattern = "|".join(f"(?:{one})" for one in alternatives)
    pattern = pattern.replace("[A-Z]", CAPITAL).replace(" ?", r"\s*").replace(" ", r"\s+")
    return regex.compile(pattern, regex.IGNORECASE)


@cache
def of(language: str) -> Phrases:
    """The phrases of a language; those of English where there are none."""
    path = FOLDER / f"{language if language in LANGUAGES else 'en'}.toml"
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    dates = data.pop("dates")
    return Phrases(code=language, months=tuple(dates.pop("months")), **dates, table=data)
