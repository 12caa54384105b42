"""The register as it is shipped: every row and cell of its table stands on a page, and no note does."""

import csv
import json
import re
import shutil
import uuid
from collections import Counter
from html import escape, unescape

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone

from visits.catalogue import statistics
from visits.catalogue.wording import period
from visits.enums import KindOfVisit, Modality
from visits.extraction.sentences import date, summary, title
from visits.ingest.register_csv import Vocabulary, register
from visits.models import Document, Edition, Resolution, Topic, Visit, VisitLink

pytestmark = pytest.mark.django_db

FIXTURES = settings.BASE_DIR / "fixtures"
TABLE = FIXTURES / "sources" / "visits.csv"
ROWS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
SLUGS = list(dict.fromkeys(row["visit"] for row in ROWS))
ORDINALS = {"1": "first of its kind", "2": "second of its kind"}


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker):
    """A visitor of the whole register. It takes seconds to load: once for this file, undone at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_register", verbosity=0)
        yield Visitor()
        transaction.set_rollback(True)


class Visitor:
    """Reads pages as text, each once."""

    def __init__(self):
        self.client, self.read = Client(), {}

    def html(self, address: str) -> str:
        if address not in self.read:
            answer = self.client.get(address)
            assert answer.status_code == 200, address
            self.read[address] = answer.text
        return self.read[address]

    def text(self, address: str) -> str:
        """The words of the page's own content, single spaces between them."""
        content = re.search(r"<main.*</main>", self.html(address), re.DOTALL)[0]
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", content)).split())


def test_the_table_is_the_one_received():
    assert len(ROWS) == 113
    assert len(SLUGS) == 108
    assert len({row["iso3"] for row in ROWS}) == 73


def test_rebuilding_gives_the_committed_fixture(tmp_path):
    call_command("build_register", TABLE, tmp_path / "register.json", verbosity=0)

    assert (tmp_path / "register.json").read_bytes() == (FIXTURES / "register.json").read_bytes()


def test_a_name_always_gives_the_same_identifier_and_none_is_there_twice():
    objects = json.loads((FIXTURES / "register.json").read_text(encoding="utf-8"))
    uids = [obj["fields"]["uid"] for obj in objects]

    assert len(set(uids)) == len(uids)
    assert {uuid.UUID(uid).version for uid in uids} == {5}


# What is recorded


def test_every_visit_is_published_at_the_address_that_the_table_gives_it(site):
    assert sorted(Visit.objects.values_list("slug", flat=True)) == sorted(SLUGS)
    assert Edition.objects.published().count() == Edition.objects.count() == 108
    countries = dict(Visit.objects.values_list("slug", "country__iso3"))
    assert all(countries[row["visit"]] == row["iso3"] for row in ROWS)


def test_list_counting_sentence_and_country_pages_agree(site):
    count = statistics.count()
    assert (count.visits, count.states) == (108, 73)
    assert count.assessments + count.others + count.unrecorded == 108
    for address in ("/", "/visits/", "/about/"):
        words = site.text(address)
        assert "108 visits to 73 States" in words
        assert "205 visits to 119 States" in words
        sentence = f"{count.assessments} assessment visits to {count.assessed_states} States recorded as of"
        assert sentence in words
    assert "108 visits found" in site.text("/visits/")

    listed = [slug for page in range(1, 7) for slug in cards(site.html(f"/visits/?page={page}"))]
    assert sorted(listed) == sorted(SLUGS)
    assert site.client.get("/visits/?page=7").status_code == 400

    by_country = {
        iso3: chain(site.html(f"/countries/{iso3.lower()}/")) for iso3 in sorted({row["iso3"] for row in ROWS})
    }
    assert len(by_country) == 73
    assert sorted(slug for slugs in by_country.values() for slug in slugs) == sorted(SLUGS)
    for iso3, slugs in by_country.items():
        assert set(slugs) == {row["visit"] for row in ROWS if row["iso3"] == iso3}


def cards(html: str) -> list[str]:
    return re.findall(r'<h3 class="card__title">\s*<a href="/visits/([^/]+)/">', html)


chain = cards


@pytest.mark.parametrize(("assessment", "name"), [("yes", "assessments"), ("no", "others"), ("unknown", "unrecorded")])
def test_the_counting_rule_gives_what_the_list_finds(site, assessment, name):
    expected = getattr(statistics.count(), name)

    assert f"{expected} visits found" in site.text(f"/visits/?assessment={assessment}")


@pytest.mark.parametrize(("region", "count"), [("western-africa", 18), ("sub-saharan-africa", 38), ("africa", 43)])
def test_a_region_finds_the_visits_to_every_region_in_it(site, region, count):
    assert f"{count} visits found" in site.text(f"/visits/?region={region}")


def test_states_with_and_without_a_visit_are_all_members_and_observers_stand_apart(site):
    words = site.text("/countries/")

    sentence = "73 Member States with a visit recorded here + 120 with no visit recorded here = 193 Member States"
    assert sentence in words
    assert "Apart from them 2 observer States, 0 with a visit recorded here. 108 visits in all" in words


def test_tile_table_and_list_tell_the_same_number_of_every_state(site):
    html = site.html("/countries/")
    tiles = re.findall(r'href="(\w{3})/">([A-Z]{3}) (\d+) <b>', html)
    rows = re.findall(r'<tr><th><a href="(\w{3})/">(.*?)(?=<tr>|\n)', html)

    assert len({key for key, _label, _number in tiles}) == len(tiles) == len(rows) == 195
    of_tiles = {label: int(number) for key, label, number in tiles if label.lower() == key}
    of_table = {key.upper(): int((re.findall(r">(\d+) visits?</a>", cells) or [0])[0]) for key, cells in rows}
    of_facts = dict.fromkeys(of_table, 0) | Counter({row["visit"]: row["iso3"] for row in ROWS}.values())
    assert of_tiles == of_table == of_facts
    assert sum(of_tiles.values()) == 108
    for iso3 in [iso3 for iso3, number in of_tiles.items() if number]:
        assert f"{of_tiles[iso3]} visit{'s' * (of_tiles[iso3] > 1)} found" in site.text(f"/visits/?country={iso3}")


@pytest.mark.parametrize("region", ["western-africa", "sub-saharan-africa", "africa", "oceania"])
def test_the_states_of_a_region_have_the_visits_that_the_list_finds_there(site, region):
    linked = re.search(
        rf'href="(/visits/\?region={region})">(\d+) visits in all', site.html(f"/countries/?region={region}")
    )

    assert f"{linked[2]} visits found" in site.text(linked[1])


def test_a_state_tells_its_last_visit_the_years_since_and_the_kinds(site):
    words = site.text("/countries/")

    years = timezone.now().year - 2024
    assert (
        f"Ghana Western Africa 4 visits 4 to 8 November 2024 {years} years ago initial, follow-up (2), advocacy"
        in words
    )
    assert "Iceland Northern Europe no visit recorded here" in words


# Every row and cell


@pytest.mark.parametrize("row", ROWS, ids=[f"{row['visit']}-{line}" for line, row in enumerate(ROWS, start=2)])
def test_every_cell_of_a_row_is_on_its_page(site, row):
    address = f"/visits/{row['visit']}/"
    html, words = site.html(address), site.text(address)

    def linked(parameter, keys):
        return [key for key in keys if f'href="/{parameter}/{key}/"' not in html]

    assert f'href="/countries/{row["iso3"].lower()}/"' in html
    modality = Modality(row["modality"]).label
    inferred = " inferred" if row["modality_inferred"] == "yes" else ""
    dated = f"{period(row['start'], row['end'])} {modality}{inferred}"
    assert dated in words
    assert inferred or f"{dated} inferred" not in words
    for kind in filter(None, row["kinds"].split(";")):
        ordinal = f" {ORDINALS[row['ordinal']]}" if row["ordinal"] else ""
        assert f"{KindOfVisit(kind).label}{ordinal}" in words
    if not any(other["kinds"] for other in ROWS if other["visit"] == row["visit"]):
        assert 'href="/visits/?kind=' not in html
        assert "Not recorded here kind of visit" in words
    if row["ordinal"]:
        assert ORDINALS[row["ordinal"]] in words
    head = " ".join(filter(None, (row["head_name"], row["head_title"])))
    # Denmark's record is made from the release itself and has people that its row does not name.
    assert f"head of the delegation {head}" in words or not head
    assert "Led by CTED" in words
    bodies = [acronym.lower().replace(" ", "-") for acronym in filter(None, row["bodies"].split(";"))]
    assert linked("bodies", bodies) == []
    resolutions = [number for number in row["resolutions"].split(";") if number]
    assert linked("resolutions", resolutions) == []
    assert all(str(Resolution.objects.get(number=number)) in words for number in resolutions)
    topics = [slug for slug in row["topics"].split(";") if slug]
    assert linked("topics", topics) == []
    assert all(Topic.objects.get(slug=slug).name in words for slug in topics)
    assert f'href="{escape(row["source_url"])}"' in html
    assert ("press release" if row["source_kind"] == "press-release" else "web page") in words or shared(row)
    if row["publication_date"]:
        assert f"Published {date(row['publication_date'])}" in words
    assert row["visit"] == "denmark-2018" or "Compiled from this page" in words


def shared(row) -> bool:
    """Whether another row calls the same page a press release."""
    others = [other for other in ROWS if other["source_url"] == row["source_url"]]
    return any(other["source_kind"] == "press-release" for other in others)


def test_no_note_is_on_any_page(site):
    states = {row["iso3"].lower() for row in ROWS}
    addresses = ["/", "/about/", "/countries/", *(f"/visits/?page={page}" for page in range(1, 7))]
    addresses += [f"/countries/{iso3}/" for iso3 in sorted(states)]
    addresses += [f"/visits/{slug}/{rest}" for slug in SLUGS for rest in ("", "editions/", "editions/1/")]
    everything = "\n".join(unescape(site.html(address)) for address in addresses)
    notes = {row["notes"] for row in ROWS if row["notes"]}
    # One note only repeats the kind of its visit.
    notes -= {str(KindOfVisit.ADVOCACY.label)}

    assert len(notes) == 50
    assert [note for note in notes if note in everything] == []
    kept = "\n".join(Visit.objects.values_list("internal_notes", flat=True))
    of_denmark = {row["notes"] for row in ROWS if row["visit"] == "denmark-2018"}
    assert [note for note in notes - of_denmark if note not in kept] == []


def test_five_visits_have_two_parts_in_the_order_of_the_table(site):
    parts = {slug: [row["modality"] for row in ROWS if row["visit"] == slug] for slug in SLUGS}
    editions = Edition.objects.published().prefetch_related("segments").select_related("visit")

    assert {e.visit.slug: [segment.modality for segment in e.segments.all()] for e in editions} == parts
    assert sum(len(modalities) == 2 for modalities in parts.values()) == 5


def test_visits_share_the_document_they_were_compiled_from(site):
    assert Document.objects.count() == len({row["source_url"] for row in ROWS})
    assert set(Document.objects.exclude(url__contains="denmark").values_list("disclosure", "text")) == {("partial", "")}
    release = Document.objects.get(url="https://unis.unvienna.org/unis/en/pressrels/2006/sc8635.html")
    assert sorted(release.links.values_list("edition__visit__slug", flat=True)) == [
        "albania-2005",
        "algeria-2005",
        "thailand-2005",
        "united-republic-of-tanzania-2006",
    ]


# Links between visits


def links(kind: str) -> set[tuple[str, str]]:
    return set(VisitLink.objects.filter(kind=kind).values_list("edition__visit__slug", "target__slug"))


def test_the_tour_of_four_states_is_one_mission(site):
    tour = {f"{country}-2017" for country in ("cameroon", "chad", "niger", "nigeria")}

    assert links("same-mission") == {(one, other) for one in tour for other in tour if one != other}
    assert (
        "Same mission as High-level visit to Cameroon, 2017 High-level visit to the Niger, 2017 High-level visit to "
        "Nigeria, 2017" in site.text("/visits/chad-2017/")
    )


def test_a_follow_up_visit_follows_the_latest_assessment_visit_before_it(site):
    follows = dict(links("follows"))

    assert follows["ghana-2024"] == "ghana-2019"
    # Not the advocacy visit of 2016.
    assert follows["ghana-2019"] == "ghana-2009"
    # Not the high-level visit of 2017.
    assert follows["nigeria-2021"] == "nigeria-2015"
    assert follows["chad-2025"] == "chad-2014"
    # Of that of 2009 the kind is not recorded, of that of 2006 it is.
    assert follows["mali-2018"] == "mali-2006"
    assert follows["paraguay-2017-2"] == "paraguay-2017"
    kinds = {row["visit"]: row["kinds"].split(";") for row in ROWS if row["kinds"]}
    assert all("follow-up" in kinds[slug] for slug in follows)
    assert not {"cameroon-2025", "nigeria-2015", "egypt-2017"} & follows.keys()


def test_a_country_page_is_a_chain_of_visits(site):
    words = site.text("/countries/gha/")

    assert "4 visits recorded here" in words
    chapters = ["4 to 8 November 2024", "5 years after", "ended 4 October 2019", "3 years after", "2016", "2009"]
    assert sorted(chapters, key=words.rindex) == chapters
    assert "Follows Follow-up visit to Ghana, 2019" in words
    assert "Followed by Follow-up visit to Ghana, 2024" in site.text("/visits/ghana-2019/")


# Titles and summaries


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("albania-2005", "CTED visited Albania in 2005. It concerned Security Council resolution 1373 (2001)."),
        (
            "belgium-2021",
            "CTED conducted a follow-up visit to Belgium, virtually from 19 October to 30 November 2021, then on site, "
            "ending on 3 June 2022. It concerned Security Council resolutions 2178 (2014) and 2396 (2017).",
        ),
        ("iraq-2021", "CTED conducted a virtual visit to Iraq from March to April 2021."),
        (
            "niger-2017",
            "CTED conducted a high-level visit to the Niger as part of a mission to four States from 13 to 17 February "
            "2017. It concerned Security Council resolution 2178 (2014).",
        ),
        ("uganda-2019", "CTED conducted a follow-up visit to Uganda, ending on 25 April 2019."),
        ("uzbekistan-2022", "CTED conducted its second follow-up visit to Uzbekistan in December 2022."),
        (
            "morocco-2005",
            "CTED conducted an initial visit to Morocco, beginning on 14 March 2005. It concerned Security Council "
            "resolution 1373 (2001). Javier Rupérez, Executive Director, CTED, headed the delegation. INTERPOL, WCO, "
            "FATF and EU took part.",
        ),
    ],
)
def test_summaries_are_plain_sentences_of_the_facts(site, slug, words):
    assert Edition.objects.get(visit__slug=slug).summary.startswith(words)
    assert words in site.text(f"/visits/{slug}/")


@pytest.mark.parametrize(
    ("slug", "words"),
    [
        ("albania-2005", "Visit to Albania, 2005"),
        ("nigeria-2021", "Second follow-up visit to Nigeria, 2021 and 2022"),
        ("montenegro-2024", "First focused visit to Montenegro, 2024"),
        ("morocco-2005", "Initial visit to Morocco, 2005"),
        ("niger-2017", "High-level visit to the Niger, 2017"),
    ],
)
def test_titles_name_kind_state_and_years(site, slug, words):
    assert Edition.objects.get(visit__slug=slug).title == words


def test_title_and_summary_are_composed_of_nothing_but_the_facts():
    assert (title.__module__, summary.__module__) == ("visits.extraction.sentences", "visits.extraction.sentences")
    vocabulary = Vocabulary.of_fixtures(FIXTURES / "reference")
    written = " ".join(
        obj["fields"]["title"] + " " + obj["fields"]["summary"]
        for obj in register(TABLE, vocabulary)
        if obj["model"] == "visits.edition"
    )
    words = set(re.findall(r"[\w’'/-]+", written))
    facts = (
        " ".join(" ".join(row.values()) for row in ROWS)
        + " "
        + " ".join(
            [country.name for country in vocabulary.countries.values()]
            + [body.name for body in vocabulary.bodies.values()]
            + [*vocabulary.resolutions.values()]
        )
    )
    known = set(re.findall(r"[\w’'/-]+", facts.casefold().replace(";", " ")))
    own = {word for word in words if word.casefold() not in known and not word.isdigit()}
    assert own <= GRAMMAR, own - GRAMMAR


# fmt: off
GRAMMAR = {
    "CTED", "Executive", "The", "It", "Security", "Council", "resolution", "resolutions", "concerned",
    "Visit", "visit", "visited", "conducted", "a", "an", "its", "the", "of", "to", "from", "in", "on", "and", "then",
    "beginning", "ending", "virtually", "site", "headed", "delegation", "took", "part",
    "as", "mission", "four", "States", "first", "second",
    "First", "Second", "Initial", "Follow-up", "High-level", "Focused", "Comprehensive", "Consultation", "Advocacy",
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
}
# fmt: on


# Bad input


@pytest.fixture
def table(tmp_path):
    """A copy of the table to spoil, and a way to build from it."""
    path = tmp_path / "visits.csv"
    shutil.copy(TABLE, path)

    class Copy:
        file, target = path, tmp_path / "register.json"

        def spoil(self, *pairs):
            lines = path.read_text(encoding="utf-8").split("\n")
            for number, old, new in pairs:
                assert old in lines[number - 1]
                lines[number - 1] = lines[number - 1].replace(old, new, 1)
            path.write_text("\n".join(lines), encoding="utf-8")

        def refused(self) -> list[str]:
            with pytest.raises(CommandError) as caught:
                call_command("build_register", path, self.target, verbosity=0)
            assert not self.target.exists()
            first, *faults = str(caught.value).splitlines()
            assert first == "The table does not fit; nothing was written."
            return [fault.replace(f"{path}, ", "") for fault in faults]

    return Copy()


def test_all_faults_of_a_table_are_told_at_once_by_file_line_column_and_value(table):
    table.spoil(
        (2, "AFG", "XXX"),
        (2, "2017-02-01", "2017-02-30"),
        (3, "on-site", "onsite"),
        (3, "1373", "13;99999"),
        (5, "initial", "opening"),
        (5, "OSCE", "OSZE"),
        (5, "border-management", "borders"),
        (6, "2018-07-13", "2018-07-10"),
        (9, "initial,1", "initial,first"),
        (12, "2021-07,2021-07", ","),
        (20, "canada-2021,CAN", "canada-2021,USA"),
        (23, "2025-06-23,2025-06-27,follow-up", "2025-06-23,2025-06-27,follow-up;follow-up"),
    )

    faults = table.refused()

    places = [re.match(r"line (\d+), column (\w+):", fault).groups() for fault in faults]
    assert places == [
        ("2", "iso3"),
        ("2", "end"),
        ("3", "modality"),
        ("3", "resolutions"),
        ("5", "kinds"),
        ("5", "bodies"),
        ("5", "topics"),
        ("6", "end"),
        ("9", "ordinal"),
        ("12", "start"),
        ("20", "iso3"),
        ("23", "kinds"),
    ]
    assert faults[0] == (
        "line 2, column iso3: the ISO 3166 alpha-3 code of a State in the reference data was expected, not “XXX”"
    )
    assert faults[7] == "line 6, column end: a date that is not before the start was expected, not “2018-07-10”"


@pytest.mark.parametrize(
    ("line", "old", "new", "column", "expected"),
    [
        (3, "albania-2005", "albania-2006", "visit", "albania-2005, by State, first known year and order,"),
        (3, "albania-2005", "Albania 2005", "visit", "the address of a visit"),
        (3, ",yes,", ",maybe,", "modality_inferred", "one of yes, no"),
        (3, "https://unis", "unis", "source_url", "the address of a web page"),
        (3, ",press-release,", ",rumour,", "source_kind", "one of press-release, list, other"),
        (3, "named among", " named  among", "notes", "text with single spaces"),
        (5, "OSCE", "CTED", "bodies", "without CTED, which leads"),
        (5, "initial,,", "initial;focused,2,", "ordinal", "nothing, or one kind"),
        (5, "initial,,", "initial,0,", "ordinal", "a number from 1 to 10"),
        (21, "2025-06-25", "2025-06", "publication_date", "a day (2018-05-29) or nothing"),
        (3, ",2005,2005,", ",2005,2005,,", "-", "a row of 17 cells"),
        (1, "modality_inferred", "inferred", "modality_inferred", "one column of this name"),
        (1, "notes", "iso3", "iso3", "one column of this name"),
    ],
)
def test_a_cell_that_does_not_fit_is_told_with_what_was_expected(table, line, old, new, column, expected):
    table.spoil((line, old, new))

    assert any(fault.startswith(f"line {line}, column {column}: {expected}") or expected in fault
               for fault in table.refused() if fault.startswith(f"line {line}, column {column}:"))  # fmt: skip


def test_rows_of_one_visit_and_one_source_must_agree(table):
    table.spoil(
        (13, "Marc Porret", "Marc Porrett"),
        (12, ",,1,,,,", ",,1,Marc Porret,,,"),
    )

    (fault,) = table.refused()

    assert fault.startswith("line 13, column head_name: Marc Porret as in line 12, or nothing,")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", b'visit,iso3\n"open', b"\n\n"], ids=["empty", "bytes", "quote", "blank"]
)
def test_what_is_no_table_is_refused_in_words(table, content):
    table.file.write_bytes(content)

    faults = table.refused()

    assert faults
    assert all(re.match(r"line [12], column .*: .* was expected", fault) for fault in faults)


def test_a_fixture_that_cannot_be_written_is_told_in_words(tmp_path):
    with pytest.raises(CommandError, match=r"absent/register\.json cannot be written: No such file or directory"):
        call_command("build_register", TABLE, tmp_path / "absent" / "register.json", verbosity=0)


def test_a_missing_table_is_refused_in_words(table):
    table.file.unlink()

    (fault,) = table.refused()
    assert "a table in UTF-8 was expected" in fault
