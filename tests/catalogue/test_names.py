"""Names as people write them, on the register's own vocabularies."""

import itertools
import random

import pytest
from django.utils import translation

from tests.register import undone
from visits.catalogue import names
from visits.editorial.loading import load_register
from visits.management.commands.load_register import REFERENCE
from visits.models import Body, Country, Generation, Region, Resolution, Topic
from visits.text.fold import fold, words

pytestmark = pytest.mark.django_db

LANGUAGES = ("en", "ar", "zh_hans", "fr", "ru", "es")
MODELS = {"country": Country, "region": Region, "topic": Topic, "body": Body, "resolution": Resolution}


@pytest.fixture(scope="module")
def register(django_db_setup, django_db_blocker):
    """The names of the register, and its terms as rows; both outlive the rows in the database."""
    with django_db_blocker.unblock(), undone():
        load_register(REFERENCE)
        names.forget()
        return names.current(), {group: list(model.objects.all()) for group, model in MODELS.items()}


@pytest.fixture
def known(register):
    return register[0]


def key_of(term) -> str:
    return str(term.natural_key()[0])


def names_of(group, term) -> list[str]:
    field = "subject" if group == "resolution" else "name"
    found = [getattr(term, f"{field}_{language}") for language in LANGUAGES] + term.alias_list
    return (
        found
        + {
            "body": lambda: [term.acronym],
            "country": lambda: [term.iso3],
            "resolution": lambda: [str(term.number), term.symbol, f"resolution {term.number}"],
        }.get(group, list)()
    )


def named(register) -> list[tuple[str, str, str]]:
    """Every name: group, key, name."""
    return [
        (group, key_of(term), name)
        for group, terms in register[1].items()
        for term in terms
        for name in names_of(group, term)
    ]


def found(suggestions) -> list[tuple[str, str]]:
    return [(suggestion.group, suggestion.key) for suggestion in suggestions]


def bearers(every) -> dict[str, set]:
    """Who goes by a name, as search sees it: some are the name of two."""
    by_name = {}
    for group, key, name in every:
        by_name.setdefault(fold(name), set()).add((group, key))
    return by_name


def test_every_name_of_every_term_leads_to_it_first(register):
    every = named(register)
    assert len({key for group, key, _name in every if group == "country"}) == 195
    assert len(every) > 2500
    bearing = bearers(every)

    missed = [entry for entry in every if found(register[0].suggest(entry[2]))[0] not in bearing[fold(entry[2])]]

    assert missed == []


def test_names_that_two_terms_bear_are_few(register):
    shared = {name: bearer for name, bearer in bearers(named(register)).items() if len(bearer) > 1}

    assert len(shared) < 40, shared


@pytest.mark.parametrize("language", ["en", "ar", "zh-hans", "fr", "ru", "es"])
def test_the_name_of_the_page_leads_to_its_term_without_another_beside_it(register, language):
    with translation.override(language):
        for group, terms in register[1].items():
            for term in terms:
                label = str(register[0].suggest(names_of(group, term)[0], limit=1)[0].label)
                first = register[0].suggest(label, limit=1)[0]
                assert (str(first), str(first.matched)) == (label, "")


def test_every_name_and_every_run_of_words_in_it_means_its_term(register):
    rows = {(group, key_of(term)): term.pk for group, terms in register[1].items() for term in terms}

    missed = [
        (group, key, run)
        for group, key, name in named(register)
        for start, end in itertools.combinations(range(len(words(name)) + 1), 2)
        if rows[group, key] not in register[0].meaning(run := words(name)[start:end], whole=name == key).get(group, ())
    ]

    assert missed == []


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Denmark", {"country": ["DNK"]}),
        ("DANEMARK", {"country": ["DNK"]}),
        ("dnk", {}),
        ("dk", {}),
        ("Burma", {"country": ["MMR"]}),
        ("border management", {"topic": ["border-management"]}),
        ("management border", {}),
        ("wco", {"body": ["wco"]}),
        ("resolution 1624", {"resolution": ["1624"]}),
        ("S/RES/1624", {"resolution": ["1624"]}),
        ("1624 (2005)", {"resolution": ["1624"]}),
        ("résolution 1624", {"resolution": ["1624"]}),
        ("第1624号决议", {"resolution": ["1624"]}),
        ("القرار ١٦٢٤", {"resolution": ["1624"]}),
        ("法国", {"country": ["FRA"]}),
        ("国法", {}),
        ("", {}),
        ("Denmark Norway", {}),
    ],
)
def test_words_mean_the_terms_that_have_them_together_in_a_name(register, text, meant):
    rows = {(group, term.pk): key_of(term) for group, terms in register[1].items() for term in terms}

    meaning = register[0].meaning(words(text))

    assert {group: sorted(rows[group, pk] for pk in keys) for group, keys in meaning.items()} == meant


def test_a_code_is_meant_where_it_is_all_that_is_asked(register):
    codes = {term.pk: key_of(term) for term in register[1]["country"]}

    meant = {asked: register[0].meaning(words(asked), whole=True) for asked in ("dnk", "AND", "Guinea")}

    assert {asked: [codes[pk] for pk in meaning["country"]] for asked, meaning in meant.items()} == {
        "dnk": ["DNK"],
        "AND": ["AND"],
        "Guinea": ["GIN"],
    }


@pytest.mark.parametrize(
    ("language", "typed", "offered"),
    [
        ("en", "denm", ["Denmark"]),
        ("en", "Danem", ["Denmark (Danemark)"]),
        ("fr", "danem", ["Danemark"]),
        ("fr", "denmark", ["Danemark (Denmark)"]),
        ("en", "guinea", ["Guinea", "Guinea-Bissau", "Equatorial Guinea", "Papua New Guinea"]),
        ("en", "dk", ["Denmark"]),
        ("en", "EC", ["European Commission (EC)", "Ecuador"]),
        ("en", "wco", ["World Customs Organization (WCO)"]),
        ("en", "Burma", ["Myanmar (Burma)"]),
        ("en", "1373", ["Resolution 1373 (2001)"]),
        ("en", "S/RES/1373 (2001)", ["Resolution 1373 (2001)"]),
        ("en", "s/res/1373", ["Resolution 1373 (2001)"]),
        ("ru", "резолюция 1373", ["Резолюция 1373 (2001)"]),
        ("en", "management", ["Border management"]),
        ("en", "boarder managment", ["Border management"]),
        ("en", "afgah", ["Afghanistan"]),
        # Chinese has no spaces: words are found inside.
        ("zh-hans", "法国", ["法国"]),
        ("zh-hans", "边境", ["边境管理"]),
        ("zh-hans", "管理", ["边境管理"]),
        ("zh-hans", "海关", ["世界海关组织"]),
        ("zh-hans", "资助恐怖", ["打击资助恐怖主义行为"]),
        # Arabic with and without vowels, hamza and article
        ("ar", "الدانمرك", ["الدانمرك"]),
        ("ar", "الدّانِمَرك", ["الدانمرك"]),
        ("ar", "دانمر", ["الدانمرك"]),
        ("ar", "ألمانيا", ["ألمانيا"]),
        ("ar", "المانيا", ["ألمانيا"]),
        ("ar", "الأردن", ["الأردن"]),
        ("ar", "الاردن", ["الأردن"]),
        ("ar", "ادارة الحدود", ["إدارة الحدود"]),
    ],
)
def test_while_typing_the_right_one_comes_first(known, language, typed, offered):
    with translation.override(language):
        assert [str(suggestion) for suggestion in known.suggest(typed)][: len(offered)] == offered


@pytest.mark.parametrize("typed", ["", " ", "-", "()", "qwerty"])
def test_nothing_is_suggested_for_nothing(known, typed):
    assert known.suggest(typed) == []


def test_a_term_is_suggested_once_and_no_more_than_asked_for(known):
    suggestions = known.suggest("a", limit=20)

    assert len(suggestions) == 20
    assert len(set(found(suggestions))) == 20


def test_what_was_matched_says_its_language_as_far_as_it_is_known(known):
    (suggestion,) = known.suggest("الدانمرك", limit=1)

    assert (suggestion.label.language, suggestion.matched.language) == ("en", "ar")
    assert suggestion.matched.direction == "rtl"
    assert known.suggest("Великобритания", limit=1)[0].matched.language == "ru"


@pytest.fixture
def merged(db):
    """Two topics, of which one has replaced the other."""
    kept = Topic.objects.create(slug="border-management", name="Border management")
    replaced = Topic.objects.create(slug="frontiers", name="Frontier controls", replaced_by=kept)
    return kept, replaced


def test_a_term_and_the_one_that_replaced_it_mean_each_other(merged):
    keys = {"topic": frozenset(term.pk for term in merged)}

    assert names.current().meaning(["frontier"]) == names.current().meaning(["border"]) == keys


def test_a_replaced_term_leads_to_its_replacement(merged):
    for suggestions in (names.current().suggest("frontier"), names.current().nearest("frontier control")):
        assert found(suggestions) == [("topic", "border-management")]
        assert str(suggestions[0]) == "Border management (Frontier controls)"


def test_names_are_read_once_in_a_generation(merged, django_assert_num_queries):
    with django_assert_num_queries(6):
        before = names.current()
    with django_assert_num_queries(1):
        assert names.current() is before

    Topic.objects.create(slug="gender", name="Gender")
    Generation.raise_by_one()

    with django_assert_num_queries(6):
        assert found(names.current().suggest("gender")) == [("topic", "gender")]
    assert before.suggest("gender") == []


# One mistake after the other, each at a place where it changes something.


def exchanged(name, place):
    return name[:place] + name[place + 1] + name[place] + name[place + 2 :]


def left_out(name, place):
    return name[:place] + name[place + 1 :]


def doubled(name, place):
    return name[:place] + name[place] + name[place:]


def replaced(name, place):
    letters = "бвгджзклмнпрст" if "а" <= name[place].lower() <= "я" else "bcdfghjklmnpqrstv"
    if "\u0621" <= name[place] <= "\u064a":
        letters = "بتثجحدرسشصطعفقكلمن"
    return name[:place] + random.Random(place).choice(letters) + name[place + 1 :]  # noqa: S311


MISTAKES = (exchanged, left_out, doubled, replaced)


def typos(register) -> list[tuple[str, str, str]]:
    """Pairs of a mistyped name and its term: for every State, a name in one of five languages; for topics and bodies
    two each."""
    chance = random.Random(1373)  # noqa: S311
    turn = itertools.cycle(MISTAKES)
    pairs = []
    for group in ("country", "country", "region", "topic", "body"):
        for term in register[1][group]:
            name = getattr(term, "name_" + chance.choice(["en", "ar", "fr", "ru", "es"]))
            inner = [at for at in range(1, len(name) - 1) if name[at].isalpha() and name[at + 1].isalpha()]
            if len(name) < 5 or not inner:
                continue
            typo = next(turn)(name, chance.choice(inner))
            if fold(typo) != fold(name):
                pairs.append((typo, group, key_of(term)))
    return pairs


REALISTIC = {
    # English
    "Afganistan": "AFG",
    "Phillipines": "PHL",
    "Columbia": "COL",
    "Kyrgystan": "KGZ",
    "Kazakstan": "KAZ",
    "Tajikstan": "TJK",
    "Azerbajan": "AZE",
    "Marocco": "MAR",
    "Bukina Faso": "BFA",
    "Mauretania": "MRT",
    "Camaroon": "CMR",
    "Senagal": "SEN",
    "Moldovia": "MDA",
    "Turkmenstan": "TKM",
    "Isreal": "ISR",
    "Switserland": "CHE",
    "Nehterlands": "NLD",
    "Bangledesh": "BGD",
    "Sri Lnaka": "LKA",
    "Untied Kingdom": "GBR",
    "Saudia Arabia": "SAU",
    "South Afirca": "ZAF",
    "Danmark": "DNK",
    "Germny": "DEU",
    # French
    "Alemagne": "DEU",
    "Tunise": "TUN",
    "Nigerria": "NGA",
    "Maurtianie": "MRT",
    "Côte d’Ivore": "CIV",
    "Tchaad": "TCD",
    # Spanish
    "Filpinas": "PHL",
    "Marrucos": "MAR",
    "Dinamraca": "DNK",
    "Republica Dominicna": "DOM",
    # Russian
    "Афгонистан": "AFG",
    "Казакстан": "KAZ",
    "Узбекистн": "UZB",
    "Филипины": "PHL",
    "Таджекистан": "TJK",
    "Росиия": "RUS",
    # Arabic
    "افغانسان": "AFG",
    "السعوديه": "SAU",
    "الاردنن": "JOR",
    "المغب": "MAR",
    "الدنمارك": "DNK",
    # Chinese
    "阿付汗": "AFG",
    "意大力": "ITA",
    # Topics and bodies
    "boarder management": "border-management",
    "terorist financing": "financing-of-terrorism",
    "aviation secuirty": "aviation-security",
    "human rigths": "human-rights",
    "foreign figters": "foreign-terrorist-fighters",
    "INTERPLO": "interpol",
    "UNDOC": "unodc",
    "World Customs Organistion": "wco",
}


def test_what_is_spelt_wrong_is_understood(register):
    generated = typos(register)
    assert len(generated) >= 100
    assert len(REALISTIC) >= 40
    pairs = [(typo, key) for typo, _group, key in generated] + list(REALISTIC.items())

    missed = [
        (typo, key, [str(close) for close in register[0].nearest(typo)])
        for typo, key in pairs
        if key not in [close.key for close in register[0].nearest(typo, limit=1)]
    ]

    right = 1 - len(missed) / len(pairs)
    assert right >= 0.95, f"{right:.1%} of {len(pairs)} right; missed: {missed}"
    realistic = [entry for entry in missed if entry[0] in REALISTIC]
    assert len(realistic) <= len(REALISTIC) * 0.05, realistic


@pytest.mark.parametrize(
    "text", ["", " ", "-", "d", "xyzzy", "qwerty", "blah blah", "lorem ipsum", "football", "هههه", "龘龘"]
)
def test_nonsense_is_near_to_nothing(known, text):
    assert known.nearest(text) == []
