"""The vocabularies as fixtures: what their tables say in English, the same in all six languages, and for States and
regions what independent lists say."""

import csv
import json
import re
import unicodedata
from collections import Counter, defaultdict

import pycountry
import pytest
from babel import Locale
from django.conf import settings
from django.core.management import call_command

from tests.factories import make_edition
from visits.editorial.loading import load_register
from visits.enums import NameOrigin, State
from visits.management.commands.load_register import REFERENCE
from visits.models import Body, Country, Region, Resolution, Topic
from visits.text.fold import fold

FIXTURES = settings.BASE_DIR / "fixtures"
LANGUAGES = ("en", "ar", "zh_hans", "fr", "ru", "es")
TRANSLATED = {
    "regions": ("name",),
    "countries": ("name",),
    "topics": ("name", "definition"),
    "bodies": ("name",),
    "resolutions": ("subject",),
}
SCRIPTS = {"ar": "ARABIC", "zh_hans": "CJK UNIFIED", "ru": "CYRILLIC"}

# What the tables leave open.
NAMED_BY_US = {"1267-MT", "1540-GE", "1540-C", "CIS-ATC", "GRN"}
MEMBER_OF = {"DIIS": [["grn"]]}
ADOPTED_ON = {
    1267: "1999-10-15",
    1373: "2001-09-28",
    1535: "2004-03-26",
    1540: "2004-04-28",
    1624: "2005-09-14",
    1963: "2010-12-20",
    1989: "2011-06-17",
    2129: "2013-12-17",
    2178: "2014-09-24",
    2242: "2015-10-13",
    2253: "2015-12-17",
    2309: "2016-09-22",
    2322: "2016-12-12",
    2331: "2016-12-20",
    2341: "2017-02-13",
    2349: "2017-03-31",
    2354: "2017-05-24",
    2370: "2017-08-02",
    2395: "2017-12-21",
    2396: "2017-12-21",
    2462: "2019-03-28",
    2482: "2019-07-19",
    2617: "2021-12-30",
}

# The areas of ISO 3166 that are neither Member States nor observer States.
NO_MEMBERS = """
    ABW AIA ALA ASM ATA ATF BES BLM BMU BVT CCK COK CUW CXR CYM ESH FLK FRO GGY GIB GLP GRL GUF GUM HKG HMD IMN IOT JEY
    MAC MAF MNP MSR MTQ MYT NCL NFK NIU PCN PRI PYF REU SGS SHN SJM SPM SXM TCA TKL TWN UMI VGB VIR WLF
"""
OBSERVERS = {"VAT", "PSE"}

# From the territory containment of CLDR 48.2: what each M49 region directly contains. Babel does not carry it. The two
# groupings at the end lie between a region and some of its parts.
CLDR_CONTAINMENT = {
    "002": "015 011 017 014 018",
    "005": "AR BO BR BV CL CO EC FK GF GS GY PE PY SR UY VE",
    "009": "053 054 057 061 QO",
    "011": "BF BJ CI CV GH GM GN GW LR ML MR NE NG SH SL SN TG",
    "013": "BZ CR GT HN MX NI PA SV",
    "014": "BI DJ ER ET IO KE KM MG MU MW MZ RE RW SC SO SS TF TZ UG YT ZM ZW",
    "015": "DZ EG EH LY MA SD TN EA IC",
    "017": "AO CD CF CG CM GA GQ ST TD",
    "018": "BW LS NA SZ ZA",
    "019": "021 013 029 005",
    "021": "BM CA GL PM US",
    "029": "AG AI AW BB BL BQ BS CU CW DM DO GD GP HT JM KN KY LC MF MQ MS PR SX TC TT VC VG VI",
    "030": "CN HK JP KP KR MN MO TW",
    "034": "AF BD BT IN IR LK MV NP PK",
    "035": "BN ID KH LA MM MY PH SG TH TL VN",
    "039": "AD AL BA ES GI GR HR IT ME MK MT RS PT SI SM VA XK",
    "053": "AU CC CX HM NF NZ",
    "054": "FJ NC PG SB VU",
    "057": "FM GU KI MH MP NR PW UM",
    "061": "AS CK NU PF PN TK TO TV WF WS",
    "142": "145 143 030 034 035",
    "143": "TM TJ KG KZ UZ",
    "145": "AE AM AZ BH CY GE IL IQ JO KW LB OM PS QA SA SY TR YE",
    "150": "154 155 151 039",
    "151": "BG BY CZ HU MD PL RO RU SK UA",
    "154": "GG IM JE AX DK EE FI FO GB IE IS LT LV NO SE SJ CQ",
    "155": "AT BE CH DE FR LI LU MC NL",
    "202": "011 017 014 018",
    "419": "013 029 005",
}
CLDR_GROUPINGS = {"202": "002", "419": "019"}

# Names of CLDR that are two names at once, an abbreviation, or not the name of a State.
CLDR_LEFT_OUT = {("MMR", language) for language in ("en", "ar", "fr", "ru", "es")} | {
    *(("PSE", language) for language in LANGUAGES),
    *((iso3, "ru") for iso3 in ("MHL", "SLB", "SYC")),
}

FORMER_NAMES = {
    "Turkey": "TUR",
    "Swaziland": "SWZ",
    "Burma": "MMR",
    "The former Yugoslav Republic of Macedonia": "MKD",
    "Czech Republic": "CZE",
    "Cape Verde": "CPV",
    "Zaire": "COD",
    "Ivory Coast": "CIV",
    "East Timor": "TLS",
    "Upper Volta": "BFA",
    "Ceylon": "LKA",
    "Libyan Arab Jamahiriya": "LBY",
}
ALIASES = {
    "Holland": "NLD",
    "Iran": "IRN",
    "South Korea": "KOR",
    "Corée du Nord": "PRK",
    "Rusia": "RUS",
    "Великобритания": "GBR",
    "美国": "USA",
    "سوريا": "SYR",
    "Laos": "LAO",
    "Vietnam": "VNM",
    "Palestine": "PSE",
}


def table(name) -> list[dict]:
    with open(FIXTURES / "sources" / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def fixture(name) -> list[dict]:
    return json.loads((FIXTURES / "reference" / f"{name}.json").read_text(encoding="utf-8"))


def terms(name) -> list[dict]:
    return [row["fields"] for row in fixture(name)]


def in_english(name) -> list[dict]:
    """The rows without what the tables do not have: the other five languages, and the aliases added for them."""
    others = tuple(f"_{language}" for language in LANGUAGES[1:])
    return [
        row | {"fields": {field: value for field, value in row["fields"].items() if not field.endswith(others)}}
        for row in fixture(name)
    ]


def one_per_line(cell: str) -> str:
    return cell.replace(";", "\n")


def names(term: dict, *fields: str) -> list[str]:
    """Every name of a term: in each language, and those that stand one on a line in the other fields."""
    found = [term[f"name_{language}"] for language in LANGUAGES]
    return [*found, *(line for field in fields for line in term[field].splitlines())]


def claimed_twice(claims: list[tuple[str, set[str]]]) -> dict:
    """Names that more than one term goes by, as search sees them."""
    claimants = defaultdict(set)
    for key, claimed in claims:
        for name in claimed:
            claimants[fold(name)].add(key)
    return {name: keys for name, keys in claimants.items() if len(keys) > 1}


@pytest.fixture
def reference(db):
    assert load_register(REFERENCE) == 0


def test_topics_are_those_of_their_table():
    assert in_english("topics") == [
        {
            "model": "visits.topic",
            "fields": {
                "slug": row["slug"],
                "name_en": row["name"],
                "name_origin_en": "own",
                "definition_en": row["definition"],
                "cross_cutting": row["cross_cutting"] == "yes",
                "aliases": one_per_line(row["synonyms"]),
            },
        }
        for row in table("topics")
    ]


def test_bodies_are_those_of_their_table():
    expected, found = [], in_english("bodies")
    for row in table("bodies"):
        acronym = row["acronym"]
        fields = {
            "acronym": acronym,
            "slug": acronym.lower().replace(" ", "-"),
            "name_en": row["name"],
            "name_origin_en": "own" if acronym in NAMED_BY_US else "un",
            "kind": row["kind"],
        }
        if acronym in MEMBER_OF:
            fields["member_of"] = MEMBER_OF[acronym]
        expected.append({"model": "visits.body", "fields": fields})
    aliases = {row["fields"]["acronym"]: row["fields"].pop("aliases").splitlines() for row in found}
    # In the fixture a member stands after what it is a member of.
    assert found == sorted(expected, key=lambda body: "member_of" in body["fields"])
    for row in table("bodies"):
        given = one_per_line(row["aliases"]).splitlines()
        assert aliases[row["acronym"]][: len(given)] == given


def test_resolutions_are_those_of_their_table():
    assert in_english("resolutions") == [
        {
            "model": "visits.resolution",
            "fields": {
                "number": int(row["number"]),
                "year": int(row["year"]),
                "subject_en": row["subject"],
                "subject_origin_en": "own",
                "adopted_on": ADOPTED_ON.get(int(row["number"])),
                "url": f"https://undocs.org/S/RES/{row['number']}({row['year']})",
            },
        }
        for row in table("resolutions")
    ]


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_term_has_its_wording_and_origin_in_every_language(name):
    for term in terms(name):
        key = next(iter(term.values()))
        for language in LANGUAGES:
            for field in TRANSLATED[name]:
                wording = term[f"{field}_{language}"]
                assert wording, (key, field, language)
                assert wording.strip() == wording, wording
                assert "  " not in wording, wording
                if script := SCRIPTS.get(language):
                    assert any(unicodedata.name(char, "").startswith(script) for char in wording), wording
                elif field != "definition":
                    assert all(ord(char) < 0x370 or char in "’—" for char in wording), wording
            assert term[f"{TRANSLATED[name][0]}_origin_{language}"] in NameOrigin.values, (key, language)


@pytest.mark.parametrize("name", ["regions", "countries", "topics", "bodies"])
def test_names_are_written_without_stray_spaces(name):
    for term in terms(name):
        former = ("former_names",) if name == "countries" else ()
        for line in names(term, "aliases", *former):
            assert line == " ".join(line.split())
            assert "'" not in line or name in ("topics", "bodies"), line


def test_states_are_the_members_and_observers_of_the_united_nations_with_their_iso_codes():
    states = terms("countries")
    codes = {country.alpha_3: country.alpha_2 for country in pycountry.countries}
    no_members = NO_MEMBERS.split()
    assert codes.keys() >= set(no_members)
    assert sorted((state["iso3"], state["iso2"]) for state in states) == sorted(
        (iso3, iso2) for iso3, iso2 in codes.items() if iso3 not in no_members
    )
    assert Counter(state["membership"] for state in states) == {"member": 193, "observer": 2}
    assert {state["iso3"] for state in states if state["membership"] == "observer"} == OBSERVERS


def test_slug_of_a_state_is_its_english_name():
    """Without what is in brackets. Two are shorter, like the slugs of visits that were there before."""
    shorter = {"GBR": "united-kingdom", "USA": "united-states"}
    for state in terms("countries"):
        plain = unicodedata.normalize("NFKD", re.sub(r" \(.+\)", "", state["name_en"]).lower())
        plain = "".join(char for char in plain if not unicodedata.combining(char))
        assert state["slug"] == shorter.get(state["iso3"], re.sub(r"[^a-z]+", "-", plain))


def test_slugs_of_visits_begin_with_those_of_their_states():
    slugs = {state["iso3"]: state["slug"] for state in terms("countries")}
    for row in table("visits"):
        assert re.fullmatch(rf"{slugs[row['iso3']]}-\d{{4}}(-\d)?", row["visit"])


def test_regions_contain_what_cldr_says():
    regions = {region["slug"]: region for region in terms("regions")}
    assert {region["m49"] for region in regions.values()} == CLDR_CONTAINMENT.keys()
    for region in regions.values():
        m49, parent = region["m49"], region["parent"] and regions[region["parent"][0]]["m49"]
        assert region["slug"] == re.sub(r"[^a-z]+", "-", region["name_en"].lower())
        if m49 in CLDR_GROUPINGS:
            assert parent == CLDR_GROUPINGS[m49]
        elif parent:
            assert m49 in CLDR_CONTAINMENT[parent].split()
        else:
            assert m49 in {"002", "009", "019", "142", "150"}
    for state in terms("countries"):
        assert state["iso2"] in CLDR_CONTAINMENT[regions[state["region"][0]]["m49"]].split(), state["iso3"]


def test_regions_stand_after_what_they_are_part_of():
    seen = set()
    for region in terms("regions"):
        assert set(region["parent"] or ()) <= seen
        seen.add(region["slug"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_name_that_cldr_gives_a_state_is_one_of_its_names(language):
    territories = Locale.parse(language.replace("hans", "Hans")).territories
    left_out = set()
    for state in terms("countries"):
        if fold(territories[state["iso2"]]) not in map(fold, names(state, "aliases", "former_names")):
            left_out.add((state["iso3"], language))
    assert left_out == {key for key in CLDR_LEFT_OUT if key[1] == language}


def test_states_go_by_their_former_names_and_common_short_forms():
    states = {state["iso3"]: state for state in terms("countries")}
    for expected, field in ((FORMER_NAMES, "former_names"), (ALIASES, "aliases")):
        found = {name: iso3 for iso3, state in states.items() for name in state[field].splitlines()}
        assert {name: found.get(name) for name in expected} == expected


def test_no_name_is_claimed_by_two_states():
    states = terms("countries")
    assert claimed_twice([(state["iso3"], names(state, "aliases", "former_names")) for state in states]) == {}
    for state in states:
        others = [fold(name) for field in ("aliases", "former_names") for name in state[field].splitlines()]
        assert len(others) == len(set(others)), state["iso3"]
        assert not {fold(name) for name in names(state)} & set(others), state["iso3"]


def test_no_name_is_claimed_by_two_regions_topics_or_bodies():
    for name, key in (("regions", "slug"), ("topics", "slug")):
        assert claimed_twice([(term[key], names(term, "aliases")) for term in terms(name)]) == {}
    bodies = [(body["acronym"], [body["acronym"], *names(body, "aliases")]) for body in terms("bodies")]
    assert claimed_twice(bodies) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("command", ["load_register", "loaddata"])
def test_every_term_is_loaded_in_all_languages(command):
    call_command(command, *REFERENCE, verbosity=0)
    for model, name in ((Region, "regions"), (Country, "countries"), (Topic, "topics"), (Body, "bodies")):
        stored = {row.natural_key()[0]: [getattr(row, f"name_{language}") for language in LANGUAGES]
                  for row in model.objects.all()}  # fmt: skip
        assert stored == {term[model.KEY]: names(term) for term in terms(name)}
    assert {resolution.number: resolution.subject_ru for resolution in Resolution.objects.all()} == {
        term["number"]: term["subject_ru"] for term in terms("resolutions")
    }
    assert [str(body) for body in Body.objects.get(slug="diis").member_of.all()] == ["CTED Global Research Network"]
    kenya = Country.objects.get(iso3="KEN")
    assert [kenya.region.slug, kenya.region.parent.slug, kenya.region.parent.parent.slug] == [
        "eastern-africa",
        "sub-saharan-africa",
        "africa",
    ]


@pytest.mark.parametrize("prefix", ["", "/ar", "/zh-hans", "/fr", "/ru", "/es"])
def test_all_states_are_listed_and_can_be_filtered_by(client, reference, prefix):
    page = client.get(f"{prefix}/countries/")
    listed = re.findall(r'<th><a href="([a-z]{3})/">', page.text)
    assert sorted(listed) == sorted(state["iso3"].lower() for state in terms("countries"))
    for case in (str.lower, str.upper):
        query = "&".join(f"country={case(iso3)}" for iso3 in listed)
        assert client.get(f"{prefix}/visits/?{query}").status_code == 200


@pytest.mark.parametrize(
    ("address", "in_this_order"),
    [
        ("/countries/", ["Côte d’Ivoire", "Djibouti", "Togo", "Uganda"]),
        ("/ar/countries/", ["تونس", "جيبوتي", "كينيا"]),
        ("/zh-hans/countries/", ["阿尔及利亚", "埃及", "博茨瓦纳", "赞比亚"]),
        ("/fr/countries/", ["Allemagne", "Espagne", "Estonie", "Finlande"]),
        ("/ru/countries/", ["Ирак", "Иран (", "Йемен", "Казахстан"]),
        ("/es/countries/", ["Afganistán", "Arabia Saudita", "Armenia", "Türkiye"]),
        ("/fr/topics/", ["Évaluation de la menace", "Gestion des frontières", "Victimes du terrorisme"]),
        ("/ar/topics/", ["إدارة الحدود", "الأمن البحري", "ضحايا الإرهاب"]),
        ("/ru/resolutions/", ["Подстрекательство к совершению", "Бассейн озера Чад"]),
        ("/es/bodies/", ["Organización Marítima Internacional"]),
    ],
)
def test_names_are_shown_in_the_language_of_the_page_and_its_alphabet(client, reference, address, in_this_order):
    text = client.get(address).text
    assert all(name in text for name in in_this_order)
    assert sorted(in_this_order, key=text.index) == in_this_order


def test_a_region_holds_the_visits_to_the_states_of_its_parts(client, reference):
    edition = make_edition(State.PUBLISHED, country=Country.objects.get(iso3="KEN"))
    found = {
        slug: f"/visits/{edition.visit.slug}/" in client.get(f"/visits/?region={slug}").text
        for slug in ("eastern-africa", "sub-saharan-africa", "africa", "western-africa", "northern-africa", "asia")
    }
    assert [slug for slug, is_there in found.items() if is_there] == ["eastern-africa", "sub-saharan-africa", "africa"]


def test_a_former_name_leads_to_the_state(client, reference):
    page = client.get("/visits/?country=Burma")
    assert page.status_code == 400
    assert "Did you mean “MMR”?" in page.text
