"""The consistency checks: what they find in labelled records, what they leave alone, and that no text upsets them."""

import io
from collections import defaultdict
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from visits.editorial import checks
from visits.editorial.checks import Kind, Severity
from visits.editorial.checks.structure import MEANT, is_symbol
from visits.editorial.checks.words import Record, said
from visits.extraction import phrases
from visits.extraction import vocabulary as vocabularies
from visits.management.commands.load_register import REFERENCE

from .records import DEVELOPMENT, RECORDS, edition_of, is_held_out, labelled

pytestmark = pytest.mark.django_db

RECALL, FALSE_ALARMS = 0.95, 0.05


@pytest.fixture(scope="module")
def reference(django_db_setup, django_db_blocker):
    """The vocabularies of the register, for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_register", *map(str, REFERENCE), stdout=io.StringIO())
        vocabularies.built.cache_clear()
        yield
        transaction.set_rollback(True)
    vocabularies.built.cache_clear()


@pytest.fixture(scope="module")
def found(reference) -> dict[str, list[tuple[str, str]]]:
    """What the checks find in each record of the corpus."""
    return {name: found_in(record) for name, record in RECORDS.items()}


def found_in(record: dict) -> list[tuple[str, str]]:
    """Kind and field of each slip."""
    edition = edition_of(record)
    return [(slip.kind.value, labelled(slip, edition)) for slip in checks.slips(edition)]


def tell(title: str, records: dict[str, dict], found: dict) -> tuple[float, float]:
    """Print recall by kind and false alarms, and return both over all."""
    hits, alarms = defaultdict(list), []
    for name, record in records.items():
        if error := record["error"]:
            hits[error["kind"]].append((error["kind"], error["field"]) in found[name])
        else:
            alarms.append(bool(found[name]))
    print(f"\n{title}")  # noqa: T201
    for kind in Kind.values:
        print(f"  {kind:25} {sum(hits[kind]):3} of {len(hits[kind])}")  # noqa: T201
    every = [hit for kind in hits.values() for hit in kind]
    recall, false = sum(every) / len(every), sum(alarms) / len(alarms)
    print(f"  recall {recall:.3f}, false alarms {false:.3f}")  # noqa: T201
    return recall, false


def test_slips_are_found_and_what_is_right_is_left_alone(found):
    tell("Development", {name: record for name, record in RECORDS.items() if not is_held_out(name)}, found)
    tell("Held out", {name: record for name, record in RECORDS.items() if is_held_out(name)}, found)

    recall, false = tell("All", RECORDS, found)

    assert recall >= RECALL
    assert false <= FALSE_ALARMS


@pytest.mark.parametrize("number", DEVELOPMENT)
def test_so_are_those_of_a_set_that_was_written_by_others(reference, number):
    records = DEVELOPMENT[number]

    recall, false = tell(f"Set {number}", records, {name: found_in(record) for name, record in records.items()})

    assert recall >= RECALL
    assert false <= FALSE_ALARMS


def test_no_name_of_a_labelled_slip_is_in_a_rule():
    rules_of_checks = [*Path(checks.__file__).parent.glob("*.py"), *phrases.FOLDER.glob("*.toml")]
    written = "".join(path.read_text(encoding="utf-8") for path in rules_of_checks)
    records = [record for every in (RECORDS, *DEVELOPMENT.values()) for record in every.values()]
    errors = [record["error"] for record in records if record["error"]]
    named = {error["where"] for error in errors if error["kind"] in (Kind.ANOTHER_COUNTRY, Kind.OLD_COUNTRY_NAME)}

    assert {words for words in named if words in written} == set()


# On any text


PIECES = st.sampled_from(
    ["Fiji", "the Government of ", "Swaziland", "INTERPOL", " took part", "S/RES/", "(2001)", "1373",
     "12 May 2018", ". ", "prisons", "\n", "ليبيا", "第1373(2001)号决议", "в Чаде ", "<p>", "&amp;", "’s",
     "Turkey ", "discussed "]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=300), st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join))


@settings(max_examples=150)
@given(title=TEXTS, summary=TEXTS, text=TEXTS, finding=TEXTS, symbol=st.text(max_size=40))
def test_whatever_a_record_says_each_slip_quotes_it(reference, title, summary, text, finding, symbol):
    record = RECORDS["clean/samoa-2013"] | {
        "title": title,
        "summary": summary,
        "text": [text],
        "findings": [{"kind": "progress", "text": finding}],
        "documents": [{"title": "Release", "symbol": symbol, "url": ""}],
    }
    edition = edition_of(record)
    edition.text = text
    texts = {(words.rows, words.field): words.text for words in Record(edition).texts}

    for slip in checks.slips(edition):
        assert slip.sentence
        if slip.span:
            assert 0 <= slip.span.start < slip.span.end <= len(texts[slip.rows, slip.field])
            assert slip.span.of(texts[slip.rows, slip.field]) == slip.quote


@given(st.text())
def test_the_words_of_rich_text_are_found_whatever_they_are(text):
    assert isinstance(said(text), str)


# One by one


def record_of(**fields) -> dict:
    return RECORDS["clean/samoa-2013"] | {"findings": []} | fields


def kinds(edition) -> list[Kind]:
    return [slip.kind for slip in checks.slips(edition)]


@pytest.mark.parametrize(
    "symbol",
    ["S/RES/1373 (2001)", "S/RES/1373(2001)", "S/2008/379", "A/RES/60/288", "A/72/840", "S/PRST/2015/11", "S/PV.8178",
     "S/2004/642/Add.1", "S/AC.40/2020/MS/1/OC.21", "ST/SGB/2003/7", "E/2005/INF/2/Add.1", "A/HRC/40/52"],
)  # fmt: skip
def test_a_symbol_is_left_alone(reference, symbol):
    record = Record(edition_of(record_of()))

    assert is_symbol(symbol, record)
    assert [
        match.group() for match in MEANT.finditer(f"See {symbol}, of last year.") if not is_symbol(match[0], record)
    ] == []


@pytest.mark.parametrize(
    "symbol",
    ["S/RES 1373 (2001)", "S/RES/1373 (20001)", "S/RES/1373 (2011)", "S/RES/1373", "S//RES/1373 (2001)",
     "SRES/1373 (2001)", "S/RES/1373 [2001]", "A/RES/60-288", "S/208/379", "S/RES/1373 (2001", "S/AC.40/2020MS/1"],
)  # fmt: skip
def test_what_is_meant_as_a_symbol_and_is_none_is_told(reference, symbol):
    edition = edition_of(record_of(text=[f"The visit was about {symbol}"]))

    slips = [slip for slip in checks.slips(edition) if slip.kind == Kind.MALFORMED_SYMBOL]

    assert [slip.quote for slip in slips] == [symbol]
    assert slips[0].severity == Severity.ERROR


def test_an_address_and_an_abbreviation_are_no_symbols(reference):
    text = "See https://undocs.org/S/RES/1373 or write to CTC/CTED, UNODC/TPB or a/c 12, on 24/7 duty."

    assert Kind.MALFORMED_SYMBOL not in kinds(edition_of(record_of(text=[text])))


def test_a_record_without_an_account_need_not_name_its_terms(reference):
    assert kinds(edition_of(record_of(text=[]))) == []


def test_a_country_in_the_part_of_the_one_visited_is_named_in_the_sentence(reference):
    record = record_of(text=[*record_of()["text"], "The delegation commended the efforts of Tonga."])

    (slip,) = [slip for slip in checks.slips(edition_of(record)) if slip.kind == Kind.ANOTHER_COUNTRY]

    assert "“Tonga”" in slip.sentence
    assert "Samoa" in slip.sentence
    assert (slip.rows, slip.field, slip.severity) == ("", "text", Severity.WARNING)


@pytest.mark.parametrize(
    "sentence",
    [
        "Japan, which had funded the new laboratory, was thanked.",
        "Australia built the court house in 2010.",
        "The Committee had visited Tonga in 2010 and Vanuatu in 2011.",
        "The Prime Minister, who took office on 1 August 2012, received the delegation.",
        "On 29 September 2009 a tsunami killed more than a hundred people.",
        "The FATF standards and the last report of the World Customs Organization served as a guide.",
        "CTED and UNODC will hold a seminar in 2014.",
        "Border control was not a subject of this visit.",
        "The delegation saw the monument to the victims of terrorism.",
    ],
)
def test_what_is_said_of_others_and_of_other_times_is_left_alone(reference, sentence):
    assert kinds(edition_of(record_of(text=[*record_of()["text"], sentence]))) == []


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("The delegation stayed from 5 to 7 August 2014.", Kind.DATE_OUTSIDE),
        ("The delegation was back in New York after its talks of 5 to 7 July 2013.", Kind.DATE_OUTSIDE),
        ("Aviation security took up the second day.", Kind.TOPIC_NOT_RECORDED),
        ("CTED, UNODC and the APG went through the register.", Kind.BODY_NOT_RECORDED),
        ("CTED came to Apia together with experts of UNODC.", Kind.BODY_NOT_RECORDED),
    ],
)
def test_what_is_said_of_the_visit_in_other_words_is_found(reference, sentence, kind):
    assert kinds(edition_of(record_of(text=[*record_of()["text"], sentence]))) == [kind]


def test_a_symbol_is_found_where_no_blank_stands_before_it(reference):
    text = "三月通过的S/RES1373 (2001)号决议和S/2008/379号文件，以及S/RES/1373（2001）。"

    slips = [slip for slip in checks.slips(edition_of(record_of(text=[text]))) if slip.kind == Kind.MALFORMED_SYMBOL]

    assert [slip.quote for slip in slips] == ["S/RES1373 (2001)"]
