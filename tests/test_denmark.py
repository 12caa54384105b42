"""The record of the visit to Denmark: every fact of the press release in its place, with the passage it rests on."""

import hashlib
import json
from collections import defaultdict
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.searching import found
from visits.editorial import actions
from visits.enums import Verb
from visits.exceptions import Immutable
from visits.management.commands.load_register import DEFAULT, FIXTURES, REFERENCE
from visits.models import Body, Document, Edition, Event, Generation, SearchRow, User
from visits.models.content import snapshot
from visits.text.fold import fold

pytestmark = pytest.mark.django_db

DENMARK = [*REFERENCE, FIXTURES / "denmark.json"]

SOURCE = (settings.BASE_DIR / "fixtures" / "sources" / "denmark.txt").read_bytes().decode("utf-8")
PARAGRAPHS = SOURCE.split("\n\n")[1:-1]
BODY = "\n\n".join(PARAGRAPHS)
TEXT = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
RELEASE = "a6fa1332-d63e-562e-863c-80528eb1951d"
AIM = (
    "The aim of the visit was to discuss Denmark’s progress in implementing Security Council resolutions 1373 "
    "(2001), 1624 (2005), as well as 2178 (2014) on stemming the flow of foreign terrorist fighters (FTFs), and"
    " identifying good practices and areas in which Denmark may be in a position to provide technical "
    "assistance to other Member States."
)

# Part and its place among its like, field, stored value, first character of the passage, passage. An empty field has no
# row: what the release does not say, such as the place of the on-site visit, is not here because it is not recorded.
# fmt: off
FACTS = [
    ("edition", "title", "CTED conducts focused visit to Denmark", 0, "CTED conducts focused visit to Denmark"),
    ("edition", "summary",
     "CTED visited Denmark from 29 May to 1 June 2018, on behalf of the Counter-Terrorism Committee, to discuss "
     "progress in implementing Security Council resolutions 1373 (2001), 1624 (2005) and 2178 (2014). The talks "
     "focused on legislation and judicial practice, the financing of terrorism, law enforcement, border "
     "management and violent extremism; human rights and gender were discussed as well.", None, None),
    ("edition", "text", TEXT, 40, BODY),
    ("edition", "aim", AIM, 193, AIM),
    ("edition", "mandate", "Counter-Terrorism Committee", 40, "Acting on behalf of the Counter-Terrorism Committee"),
    ("segment 1", "modality", "on-site", 1468, "on-site visit"),
    ("segment 1", "modality_inferred", True, None, None),
    ("segment 1", "start", "2018-05-29", 170, "29 May to 1 June 2018"),
    ("segment 1", "end", "2018-06-01", 180, "1 June 2018"),
    ("kind 1", "kind", "focused", 14, "focused visit"),
    ("kind 2", "kind", "follow-up", 138, "follow-up visit"),
    ("focus 1", "topic", "legislation", 985, "legislation"),
    ("focus 1", "role", "focus", 942, "discussions with the Government focused on"),
    ("focus 2", "topic", "criminal-justice", 1001, "judicial practice"),
    ("focus 2", "role", "focus", 942, "discussions with the Government focused on"),
    ("focus 3", "topic", "financing-of-terrorism", 1020, "countering the financing of terrorism"),
    ("focus 3", "role", "focus", 942, "discussions with the Government focused on"),
    ("focus 4", "topic", "law-enforcement", 1059, "law enforcement"),
    ("focus 4", "role", "focus", 942, "discussions with the Government focused on"),
    ("focus 5", "topic", "border-management", 1076, "border management"),
    ("focus 5", "role", "focus", 942, "discussions with the Government focused on"),
    ("focus 6", "topic", "violent-extremism", 1099, "countering violent extremism that leads to terrorism"),
    ("focus 6", "role", "focus", 942, "discussions with the Government focused on"),
    ("focus 7", "topic", "human-rights", 1157, "human rights aspects"),
    ("focus 7", "role", "cross-cutting", 1218, "were also discussed"),
    ("focus 8", "topic", "gender", 1269, "gender"),
    ("focus 8", "role", "cross-cutting", 1218, "were also discussed"),
    ("focus 9", "topic", "foreign-terrorist-fighters", 366, "foreign terrorist fighters (FTFs)"),
    ("focus 9", "role", "mentioned", 345, "stemming the flow of"),
    ("focus 10", "topic", "ict-new-technologies", 870, "the Internet and social media"),
    ("focus 10", "role", "mentioned", 721, "commitment to"),
    ("resolutionlink 1", "resolution", 1373, 293, "1373 (2001)"),
    ("resolutionlink 2", "resolution", 1624, 306, "1624 (2005)"),
    ("resolutionlink 3", "resolution", 2178, 330, "2178 (2014)"),
    ("participation 1", "body", "cted", 97, "Executive Directorate (CTED)"),
    ("participation 1", "role", "lead", 97, "Executive Directorate (CTED) conducted a follow-up visit"),
    ("participation 1", "named_as", "Executive Directorate (CTED)", 97, "Executive Directorate (CTED)"),
    ("participation 2", "body", "unodc", 2916, "United Nations Office on Drugs and Crime (UNODC)"),
    ("participation 2", "role", "member", 2868, "delegation also included representatives of"),
    ("participation 2", "named_as", "United Nations Office on Drugs and Crime (UNODC)", 2916,
     "United Nations Office on Drugs and Crime (UNODC)"),
    ("participation 3", "body", "interpol", 2970, "International Criminal Police Organization (INTERPOL)"),
    ("participation 3", "role", "member", 2868, "delegation also included representatives of"),
    ("participation 3", "named_as", "International Criminal Police Organization (INTERPOL)", 2970,
     "International Criminal Police Organization (INTERPOL)"),
    ("participation 4", "body", "wco", 3033, "World Customs Organization (WCO)"),
    ("participation 4", "role", "member", 2868, "delegation also included representatives of"),
    ("participation 4", "named_as", "World Customs Organization (WCO)", 3033, "World Customs Organization (WCO)"),
    ("person 1", "name", "Jens Haarløv", 570, "Jens Haarløv"),
    ("person 1", "title", "Chief Consultant", 584, "Chief Consultant"),
    ("person 1", "department", "Stabilization and Security Department", 608, "Stabilization and Security Department"),
    ("person 1", "organisation", "Danish Ministry of Foreign Affairs", 657, "Danish Ministry of Foreign Affairs"),
    ("person 1", "role", "host", 537, "In welcoming the delegation, Mr. Jens Haarløv"),
    ("person 2", "name", "Ahmed Seif El-Dawla", 2125, "Ahmed Seif El-Dawla"),
    ("person 2", "title", "Chief of Section", 2151, "Chief of Section"),
    ("person 2", "organisation", "CTED", 2146, "CTED"),
    ("person 2", "role", "head", 2172, "Head of the visiting delegation"),
    ("engagement 1", "kind", "government-meeting", 1388, "meetings with a wide range of Government officials"),
    ("engagement 1", "description", "Meetings with a wide range of Government officials", 1388,
     "meetings with a wide range of Government officials"),
    ("engagement 1", "counterpart", "Government officials", 1418, "Government officials"),
    ("engagement 1", "place", "Copenhagen", 1442, "Copenhagen"),
    ("engagement 2", "kind", "on-site-visit", 1468, "on-site visit"),
    ("engagement 2", "site_kind", "customs", 1492, "customs measures"),
    ("engagement 2", "description", "Visit to assess customs measures in practice", 1468,
     "on-site visit to assess customs measures in practice"),
    ("engagement 3", "kind", "side-meeting", 1533, "side meeting"),
    ("engagement 3", "counterpart", "Danish Institute for International Studies (DIIS)", 1555,
     "Danish Institute for International Studies (DIIS)"),
    ("engagement 3", "body", "diis", 1555, "Danish Institute for International Studies (DIIS)"),
    ("finding 1", "kind", "statement", 693, "reaffirmed"),
    ("finding 1", "speaker", "Jens Haarløv", 570, "Jens Haarløv"),
    ("finding 1", "text",
     "Reaffirmed Denmark’s strong commitment to countering terrorism in all its aspects, including the phenomena"
     " of foreign terrorist fighters and returning foreign terrorist fighters, as well as abuse of the Internet "
     "and social media for terrorist purposes.", 704,
     "Denmark’s strong commitment to countering terrorism in all its aspects, including the phenomena of FTFs "
     "and returning foreign terrorist fighters, as well as abuse of the Internet and social media for "
     "terrorist purposes"),
    ("finding 2", "kind", "progress", 1651, "The delegation welcomed"),
    ("finding 2", "topic", "foreign-terrorist-fighters", 1753, "FTF"),
    ("finding 2", "text",
     "Institutional and legislative measures adopted by Denmark in response to the phenomenon of foreign "
     "terrorist fighters, welcomed by the delegation.", 1675,
     "institutional and legislative measures adopted by Denmark in responses to the FTF phenomenon"),
    ("finding 3", "kind", "progress", 1651, "The delegation welcomed"),
    ("finding 3", "topic", "violent-extremism", 1858, "Extremism"),
    ("finding 3", "text",
     "Denmark’s development of a national action plan on “Preventing and Countering Extremism and "
     "Radicalisation”, welcomed by the delegation.", 1780,
     "Denmark’s development of a national action plan on “Preventing and Countering Extremism and "
     "Radicalisation.”"),
    ("finding 4", "kind", "to-strengthen", 1939,
     "ways to further strengthen Denmark’s national framework for countering terrorism and violent extremism"),
    ("finding 4", "direction", "discussed", 1889, "The delegation also discussed with the Government"),
    ("finding 4", "text",
     "Ways to further strengthen Denmark’s national framework for countering terrorism and violent extremism.", 1939,
     "ways to further strengthen Denmark’s national framework for countering terrorism and violent extremism"),
    ("finding 5", "kind", "to-strengthen", 2047,
     "how to ensure effective information-sharing among relevant stakeholders"),
    ("finding 5", "direction", "discussed", 1889, "The delegation also discussed with the Government"),
    ("finding 5", "topic", "law-enforcement", 2071, "information-sharing"),
    ("finding 5", "text", "How to ensure effective information-sharing among relevant stakeholders.", 2047,
     "how to ensure effective information-sharing among relevant stakeholders"),
    ("finding 6", "kind", "progress", 2216,
     "Denmark had made significant progress in its implementation of the relevant Security Council resolutions"),
    ("finding 6", "speaker", "Ahmed Seif El-Dawla", 2125, "Ahmed Seif El-Dawla"),
    ("finding 6", "text",
     "Significant progress in the implementation of the relevant Security Council resolutions.", 2216,
     "Denmark had made significant progress in its implementation of the relevant Security Council resolutions"),
    ("finding 7", "kind", "good-practice", 2322, "He commended"),
    ("finding 7", "speaker", "Ahmed Seif El-Dawla", 2125, "Ahmed Seif El-Dawla"),
    ("finding 7", "text",
     "Wide-ranging activities to support international efforts to counter terrorism and violent extremism.", 2335,
     "Denmark’s wide-ranging activities to support international efforts to counter terrorism and violent "
     "extremism"),
    ("finding 8", "kind", "statement", 2446, "He also expressed"),
    ("finding 8", "speaker", "Ahmed Seif El-Dawla", 2125, "Ahmed Seif El-Dawla"),
    ("finding 8", "text",
     "Appreciation for the Government’s high level of preparation ahead of and engagement during the visit.", 2464,
     "appreciation for the Government’s high level of preparation ahead of and engagement during the visit"),
    ("finding 9", "kind", "statement", 2567, "Both CTED and Denmark highlighted"),
    ("finding 9", "speaker", "CTED and Denmark", 2567, "Both CTED and Denmark"),
    ("finding 9", "text", "The importance of taking a whole-of-society approach against terrorism.", 2601,
     "the importance of taking a whole-of-society approach against terrorism"),
    ("finding 10", "kind", "statement", 2677, "noted that"),
    ("finding 10", "speaker", "CTED and Denmark", 2567, "Both CTED and Denmark"),
    ("finding 10", "text",
     "The visit provided an opportunity for relevant domestic authorities to share experiences and to learn "
     "about global efforts to counter common challenges.", 2688,
     "the delegation’s visit provided an opportunity for relevant domestic authorities to share experiences "
     "and to learn about global efforts to counter common challenges"),
    ("documentlink 1", "document", RELEASE, 0, "CTED conducts focused visit to Denmark"),
    ("documentlink 1", "document", RELEASE, 3068, "2018-06-08T15:02:44+00:00"),
    ("documentlink 1", "document", RELEASE, 3094, "Saturday, 2 June 2018"),
    ("documentlink 1", "document", RELEASE, 3116, "International, regional, and subregional cooperation"),
]
# fmt: on

# Our own words, and what the release does not say itself.
WITHOUT_PASSAGE = {("edition", "summary"), ("segment 1", "modality_inferred")}


@pytest.fixture
def edition():
    call_command("load_register", *DENMARK, stdout=StringIO())
    return Edition.objects.get()


def facts(edition) -> list[tuple]:
    """What the edition states, as in FACTS. Fails when a passage belongs to nothing that is stated."""
    passages = defaultdict(list)
    for row in edition.evidence.all():
        assert row.span_end - row.span_start == len(row.quote)
        passages[str(row.child_uid), row.field].append((row.span_start, row.quote))
    found = []
    for (model, uid), part in snapshot(edition).items():
        if model == "evidence":
            continue
        name = model if model == "edition" else f"{model} {part.row.position}"
        for field, value in part.values.items():
            if value not in ("", None):
                for start, quote in passages.pop((uid, field), [(None, None)]):
                    found.append((name, field, value, start, quote))
    assert not passages
    return found


def test_every_fact_of_the_release_stands_in_its_place_with_its_passage(edition):
    assert facts(edition) == FACTS
    for _name, _field, _value, start, quote in FACTS:
        assert quote is None or SOURCE[start : start + len(quote)] == quote
    assert {fact[:2] for fact in FACTS if fact[3] is None} == WITHOUT_PASSAGE

    document = Document.objects.get(uid=RELEASE)
    assert document.text == SOURCE
    stored = {"kind", "title", "symbol", "url", "language", "published_on", "category", "web_stamp", "disclosure"}
    assert {name: getattr(document, name) for name in stored} == {
        "kind": "press-release",
        "title": "CTED conducts focused visit to Denmark",
        "symbol": "",
        "url": "https://www.un.org/sc/ctc/news/2018/06/02/cted-conducts-focused-visit-denmark/",
        "language": "en",
        "published_on": date(2018, 6, 2),
        "category": "International, regional, and subregional cooperation",
        "web_stamp": datetime(2018, 6, 8, 15, 2, 44, tzinfo=UTC),
        "disclosure": "full",
    }
    assert edition.visit.country.iso3 == "DNK"
    assert [body.slug for body in Body.objects.get(slug="diis").member_of.all()] == ["grn"]


def test_loading_publishes_the_first_edition(edition):
    assert (edition.state, edition.number, edition.visit.slug) == ("published", 1, "denmark-2018")
    assert (edition.earliest, edition.latest) == (date(2018, 5, 29), date(2018, 6, 1))
    assert Generation.current() == 1
    system = User.objects.get()
    assert system.is_system
    assert not system.has_usable_password()
    assert list(Event.objects.order_by("pk").values_list("verb", "actor", "edition")) == [
        (verb, system.pk, edition.pk) for verb in (Verb.START, Verb.SUBMIT, Verb.PUBLISH)
    ]


def test_loading_makes_the_visit_findable(edition):
    for words in ("Prosecution", "ICPO", "Incitement to commit terrorist acts", "S/RES/2178 (2014)", "DNK"):
        assert found(words) == ["denmark-2018"]
    for words in ("Jens Haarløv", "whole-of-society", "customs measures", "focused visit to Denmark"):
        assert found(words) == ["denmark-2018"]
    row = SearchRow.objects.get()
    assert fold(edition.visit.internal_notes) not in f"{row.title}{row.body}"


def test_loading_twice_is_refused_and_changes_nothing(edition):
    def stored():
        out = StringIO()
        call_command("dumpdata", "visits", stdout=out)
        return out.getvalue()

    before = stored()
    with pytest.raises(CommandError) as caught:
        call_command("load_register", *DENMARK)
    assert str(caught.value).startswith("The register is not empty")
    assert stored() == before


def test_loaddata_gives_the_same_facts_as_a_draft():
    call_command("loaddata", *DENMARK, verbosity=0)
    edition = Edition.objects.get()
    assert (edition.state, edition.number, edition.published_at, edition.visit.slug) == ("draft", None, None, None)
    assert facts(edition) == FACTS
    assert Document.objects.get().sha256 == hashlib.sha256(SOURCE.encode()).hexdigest()
    assert (Event.objects.count(), SearchRow.objects.count(), Generation.current()) == (0, 0, 0)


def test_draft_given_by_loaddata_can_be_published():
    call_command("loaddata", *DENMARK, verbosity=0)
    system = User.objects.system()
    edition = actions.publish(actions.submit(Edition.objects.get(), by=system), by=system)
    assert (edition.number, edition.visit.slug, edition.earliest) == (1, "denmark-2018", date(2018, 5, 29))


def test_loaddata_does_not_touch_a_published_visit(edition):
    published_at = edition.published_at
    with pytest.raises(Immutable):
        call_command("loaddata", *DENMARK, verbosity=0)
    edition.refresh_from_db()
    assert (edition.state, edition.published_at) == ("published", published_at)


@pytest.mark.parametrize("path", DEFAULT, ids=lambda path: path.stem)
def test_fixture_has_natural_keys_and_the_layout_that_compares_well(path):
    written = path.read_text(encoding="utf-8")
    objects = json.loads(written)
    assert all(obj.keys() == {"model", "fields"} for obj in objects)
    assert written == json.dumps(objects, ensure_ascii=False, indent=1) + "\n"
