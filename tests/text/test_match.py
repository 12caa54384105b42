"""Names in running text, with the register's own vocabularies."""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from visits.text.match import Matcher, russian_stems

LANGUAGES = ("en", "fr", "es", "ru", "ar", "zh_hans")
SENTENCES = {
    "en": "The delegation met {} and others.",
    "fr": "Des experts ont rencontré {}, entre autres.",
    "es": "La delegación se reunió con {}, entre otros.",
    "ru": "В делегацию вошли {}, а также другие.",
    "ar": "وضم الوفد {}، إضافة إلى آخرين.",
    "zh_hans": "代表团成员来自{}。",
}


def rows(table: str) -> list[dict]:
    path = settings.BASE_DIR / "fixtures" / "reference" / f"{table}.json"
    return [row["fields"] for row in json.loads(path.read_text(encoding="utf-8"))]


def names(table: str, key: str) -> list[tuple[str, str, str]]:
    """Language, name, and what it names."""
    found = ((code, row.get(f"name_{code}"), row[key]) for row in rows(table) for code in LANGUAGES)
    return [(code, name, key) for code, name, key in found if name]


BODIES, STATES = names("bodies", "acronym"), names("countries", "iso3")
OF_BODIES = Matcher((name, key) for _code, name, key in BODIES)
OF_STATES = Matcher((name, key) for _code, name, key in STATES)


def found(matcher: Matcher, text: str) -> list[tuple[str, str]]:
    return [(text[one.start : one.end], one.key) for one in matcher.find(text)]


@given(st.sampled_from(BODIES))
def test_a_body_is_found_by_its_name_and_no_other_in_it(named):
    code, name, key = named
    assert found(OF_BODIES, SENTENCES[code].format(name)) == [(name.strip("«»)"), key)]


@given(st.sampled_from(STATES))
def test_a_state_is_found_by_its_name_and_no_other_in_it(named):
    code, name, key = named
    assert [one[1] for one in found(OF_STATES, SENTENCES[code].format(name))] == [key]


@given(st.sampled_from(STATES), st.sampled_from(BODIES))
def test_names_beside_each_other_are_told_apart(state, body):
    code, name, key = state
    text = SENTENCES[code].format(f"{name}, {body[1]}")
    assert key in [one[1] for one in found(OF_STATES, text)]
    assert body[2] in [one[1] for one in found(OF_BODIES, text)]


@given(st.sampled_from([one for one in [*BODIES, *STATES] if one[0] == "ar"]), st.sampled_from(["و", "ب", "ل", "ول"]))
def test_arabic_names_are_found_behind_a_prefix(named, prefix):
    _code, name, key = named
    # The article swallows a letter behind this preposition.
    written = f"{prefix[:-1]}لل{name[2:]}" if prefix.endswith("ل") and name.startswith("ال") else f"{prefix}{name}"
    matcher = OF_BODIES if named in BODIES else OF_STATES
    assert key in [one[1] for one in found(matcher, f"وضم الوفد {written} في الزيارة.")]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Исполнительного директората Контртеррористического комитета", "CTED"),
        ("Контртеррористического управления Организации Объединенных Наций", "UNOCT"),
        ("Управления Организации Объединенных Наций по наркотикам и преступности", "UNODC"),
        ("Международной организации по миграции", "IOM"),
        ("Международной организации гражданской авиации", "ICAO"),
        ("Международной морской организации", "IMO"),
        ("Всемирной таможенной организации", "WCO"),
        ("Организации по безопасности и сотрудничеству в Европе", "OSCE"),
        ("Антитеррористического центра Содружества Независимых Государств", "CIS-ATC"),
        ("Программы развития Организации Объединенных Наций", "UNDP"),
        ("Европейским союзом", "EU"),
        ("Африканского союза", "AU"),
        ("Всемирным банком", "WB"),
        ("Советом Европы", "COE"),
        ("Международной организацией уголовной полиции", "INTERPOL"),
        ("Экономического сообщества западноафриканских государств", "ECOWAS"),
    ],
)
def test_russian_bodies_are_found_in_any_case(written, key):
    assert found(OF_BODIES, f"В группу вошли эксперты {written}, а также другие.") == [(written, key)]


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Таджикистана", "TJK"),
        ("Нигера", "NER"),
        ("Нигерии", "NGA"),
        ("Ливане", "LBN"),
        ("Ливии", "LBY"),
        ("Российскую Федерацию", "RUS"),
        ("Республику Молдова", "MDA"),
        ("Беларуси", "BLR"),
        ("Армению", "ARM"),
        ("Объединенными Арабскими Эмиратами", "ARE"),
        ("Монголией", "MNG"),
        ("Кыргызстане", "KGZ"),
    ],
)
def test_russian_states_are_found_in_any_case(written, key):
    assert key in [one[1] for one in found(OF_STATES, f"Делегация говорила о {written} и о другом.")]


@pytest.fixture
def restless():
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def test_threads_that_stem_at_once_find_what_one_finds_alone(restless):
    words = [word for row in rows("bodies") for word in row["name_ru"].split()]
    alone = [russian_stems(word) for word in words]

    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda _: [russian_stems(word) for word in words], range(20)))

    assert together == [alone] * 20
