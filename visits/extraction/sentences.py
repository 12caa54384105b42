"""A visit's title and summary in plain English, composed from its facts and saying nothing more.

A modality that is only inferred is left to the page, which marks it as such.
"""

import calendar
from collections.abc import Iterable

from visits.text import dates

# States that English names with “the”, in the usage of the United Nations.
# fmt: off
WITH_ARTICLE = {
    "ARE", "BHS", "CAF", "COD", "COG", "COM", "DOM", "GBR", "GMB", "LAO", "MDA", "MHL", "NER",
    "NLD", "PHL", "PRK", "PSE", "RUS", "SDN", "SYR", "TZA", "USA", "VAT", "KOR",
}
# fmt: on
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
CARDINALS = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine"}
ON_ITS_WAY = {"virtual": "virtually", "on-site": "on site", "unknown": ""}


def title(visit) -> str:
    """“Second follow-up visit to Nigeria, 2021 and 2022”: the years are those of the known dates of each part."""
    years = dict.fromkeys((part.start or part.end)[:4] for part in visit.parts)
    words = f"{counted_kind(visit)} visit to {in_sentence(visit.country)}".strip()
    return f"{words[0].upper()}{words[1:]}, {listed(years)}"


def summary(visit, stages: int = 1) -> str:
    """`stages`: to how many States the mission went that this visit was part of. Its dates are the mission's then."""
    sentences = [f"CTED {what_it_did(visit, stages)}."]
    if visit.resolutions:
        noun = "resolution" if len(visit.resolutions) == 1 else "resolutions"
        sentences.append(f"It concerned Security Council {noun} {listed(map(str, visit.resolutions))}.")
    if head := head_of_delegation(visit):
        sentences.append(f"{head} headed the delegation.")
    if visit.bodies:
        taking_part = listed(body_in_sentence(body) for body in visit.bodies)
        sentences.append(f"{taking_part[0].upper()}{taking_part[1:]} took part.")
    return " ".join(sentences)


def what_it_did(visit, stages: int) -> str:
    to = in_sentence(visit.country)
    if stages > 1:
        to = f"{to} as part of a mission to {CARDINALS.get(stages, stages)} States"
    kind = counted_kind(visit)
    if len(visit.parts) == 1:
        (part,) = visit.parts
        virtual = "virtual" if part.modality == "virtual" and not part.inferred else ""
        adjectives = " ".join(filter(None, (virtual, kind)))
        what = f"conducted {article(visit, adjectives)} visit to {to}" if adjectives else f"visited {to}"
        return f"{what}{when(part)}"
    how = ", then".join(f"{way(part)}{when(part)}" for part in visit.parts)
    return f"conducted {article(visit, kind)} visit to {to},{how}"


def way(part) -> str:
    word = "" if part.inferred else ON_ITS_WAY[part.modality]
    return f" {word}" if word else ""


def when(part) -> str:
    """“ from 11 to 13 July 2018”, “ in 2005”, “, ending on 25 April 2019”: as precise as the source, no more."""
    if not part.start:
        return f", ending {preposition(part.end)} {date(part.end)}"
    if not part.end:
        return f", beginning {preposition(part.start)} {date(part.start)}"
    if part.start == part.end:
        return f" {preposition(part.start)} {date(part.start)}"
    first, last = dates.parse(part.start), dates.parse(part.end)
    shared = 0
    if len(first) == len(last):
        shared = 2 if first[:2] == last[:2] else int(first[0] == last[0])
    return f" from {date(part.start, leave_out=shared)} to {date(part.end)}"


def preposition(value: str) -> str:
    return "on" if len(dates.parse(value)) == 3 else "in"


def date(value: str, leave_out: int = 0) -> str:
    """A partial date in words, without as many of its coarsest parts as the other end of its period shares."""
    year, month, day = (*dates.parse(value), 0, 0)[:3]
    words = [str(year), calendar.month_name[month] if month else "", str(day or "")]
    return " ".join(filter(None, reversed(words[leave_out:])))


def counted_kind(visit) -> str:
    """“second follow-up”, “comprehensive”, “” where no kind is recorded. What is initial is the first anyway."""
    kinds = listed(visit.kinds)
    return kinds if visit.ordinal is None or kinds == "initial" else f"{ORDINALS[visit.ordinal - 1]} {kinds}"


def article(visit, adjectives: str) -> str:
    if visit.ordinal and visit.kinds != ("initial",):
        return f"its {adjectives}"
    if not adjectives:
        return "a"
    return f"an {adjectives}" if adjectives[0] in "aeio" else f"a {adjectives}"


def in_sentence(country) -> str:
    return f"the {country.name}" if country.iso3 in WITH_ARTICLE else country.name


def head_of_delegation(visit) -> str:
    """Name and title as the source gives them; a title that only says “head of delegation” is not repeated."""
    head = visit.head
    if not head:
        return ""
    says_no_more = head.title.casefold().startswith("head of")
    role = "" if says_no_more else ", ".join(filter(None, (head.title, head.organisation)))
    if head.name:
        return f"{head.name}, {role}," if role else head.name
    return f"The {role}," if role else ""


def body_in_sentence(body) -> str:
    # A number in front is a short form of this register's own.
    return f"the {body.name}" if body.acronym[0].isdigit() else body.acronym


def listed(words: Iterable[str]) -> str:
    *first, last = [*words] or [""]
    return f"{', '.join(first)} and {last}" if first else last
