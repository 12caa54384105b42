"""The data package: whole, read by other programs, the same bytes for the same generation, and put in place at once."""

import hashlib
import json
import os
import random
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import frictionless
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.conftest import forget
from tests.examples import fill_every_part
from tests.factories import make_country, make_document, make_edition, make_next_edition, make_region, translate
from tests.packages import contents, reader, table
from tests.register import undone
from visits.catalogue import packages, whole
from visits.editorial import actions
from visits.enums import State
from visits.exceptions import BeingBuilt, NotAPackage, PackageOvertaken
from visits.models import CHILDREN, DocumentLink, Edition, Evidence, Generation, Person, Topic, User
from visits.opendata import bundle
from visits.opendata.package_tables import TABLES
from visits.opendata.packaged_records import RECORDS

pytestmark = pytest.mark.django_db


def fill_and_quote(edition: Edition) -> None:
    fill_every_part(edition)
    document = edition.documentlinks.last().document
    of_title = {"child_uid": edition.visit.uid, "field": "title", "document": document}
    Evidence.objects.create(edition=edition, **of_title, span_start=0, span_end=7, quote="Passage", position=99)


def make_register(countries=("Denmark", "Norway", "Chad")) -> None:
    """A visit of which everything is recorded, translated and corrected, and others of which little is."""
    region = make_region()
    for name in countries:
        iso3 = name[:3].upper()
        country = make_country(name, iso3, iso3[:2], region=region)
        fill = fill_and_quote if name == "Denmark" else None
        edition = make_edition(State.PUBLISHED, country=country, fill=fill, title=f"Visit to {name}")
        if name == "Denmark":
            translate(make_next_edition(edition, change_note="Corrected a name."))


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "package"


def build(folder: Path) -> packages.Package:
    return bundle.build(folder)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_frictionless_finds_the_package_valid_with_every_table_row_and_key(folder):
    make_register()
    package = build(folder)

    report = frictionless.validate(str(folder / "datapackage.json"))

    assert report.flatten(["title", "rowNumber", "fieldName", "type", "note"]) == []
    tables = {task.name: task.stats.get("rows", 0) for task in report.tasks if task.type == "table"}
    assert tables == package.counts
    assert tables.keys() == {each.name for each in TABLES}
    # One of which everything is recorded leaves no table of records empty.
    assert [name for name, rows in tables.items() if not rows] == ["visit_links"]


def test_what_stands_between_values_is_told_from_what_belongs_to_one(folder):
    names = ("Ana | Head", "C:\\Temp")
    make_edition(
        State.PUBLISHED,
        fill=lambda edition: [Person.objects.create(edition=edition, role="head", name=name) for name in names],
    )
    build(folder)

    [visit] = table(folder, "visits")

    assert visit["heads"] == r"Ana \| Head|C:\\Temp"


def test_the_judge_sees_what_is_wrong_with_a_package(folder):
    make_register()
    build(folder)
    path = folder / "visit_kinds.csv"
    path.write_text(path.read_text().replace("denmark-2018", "nowhere-2018"))

    found = {error for (error,) in frictionless.validate(str(folder / "datapackage.json")).flatten(["type"])}

    assert {"hash-count", "byte-count"} & found or "foreign-key" in found


def test_sqlite_holds_the_same_rows_with_keys_that_fit_and_finds_words(folder):
    make_register()
    package = build(folder)

    with closing(reader(folder / bundle.DATABASE)) as database:
        rows = {each.name: database.execute(f"SELECT count(*) FROM {each.name}").fetchone()[0] for each in TABLES}
        assert rows == package.counts
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        found = "SELECT visit FROM search WHERE search MATCH ? ORDER BY rank"
        for words in ("account", "title: visit", "findings: training", "text: long", "summary: about NOT norway"):
            assert ("denmark-2018",) in database.execute(found, [words]).fetchall(), words
        assert database.execute(found, ["nowhere"]).fetchall() == []
        assert dict(database.execute("SELECT * FROM about"))["generation"] == str(package.generation)


def test_every_line_of_the_records_is_a_whole_record(folder):
    make_register()
    build(folder)

    found = [json.loads(line) for line in (folder / bundle.RECORDS_FILE).read_text().splitlines()]

    assert [record["slug"] for record in found] == ["chad-2018", "denmark-2018", "norway-2018"]
    assert found[1]["parts"]["findings"][0]["text"] == "Training was offered."
    assert found[1]["text"] == "<p>A long account.</p>"


def test_tables_say_what_records_say(folder):
    make_register()
    build(folder)
    (denmark,) = (visit for visit in table(folder, "visits") if visit["slug"] == "denmark-2018")
    (finding,) = table(folder, "findings")
    (person,) = table(folder, "visit_people")
    (first, _second) = (row for row in table(folder, "visit_dates") if row["visit"] == "denmark-2018")

    assert (denmark["edition"], denmark["change_note"], denmark["title"]) == ("2", "Corrected a name.", "A visit")
    assert (finding["visit"], finding["text"], finding["topic"]) == ("denmark-2018", "Training was offered.", "topic-0")
    assert (person["name"], person["role"]) == ("Jens Haarløv", "host")
    assert (first["start"], first["end"], first["modality_inferred"]) == ("2018-05-29", "2018-06-01", "false")
    translated = {(row["part"], row["field"], row["language"]): row for row in table(folder, "translations")}
    assert translated[denmark["uid"], "title", "fr"]["text"] == "fr: A visit"
    assert translated[denmark["uid"], "title", "fr"]["is_older"] == "false"


def test_links_are_told_from_both_ends(folder):
    first = make_edition(State.PUBLISHED, start="2015", end="2015", country=make_country())

    def follow(edition):
        edition.visitlinks.create(kind="follows", target=first.visit)

    make_edition(State.PUBLISHED, country=make_country(), fill=follow)
    build(folder)

    links = {(row["visit"], row["kind"], row["linked_visit"]) for row in table(folder, "visit_links")}

    assert links == {
        ("denmark-2018", "follows", "denmark-2015"),
        ("denmark-2015", "followed-by", "denmark-2018"),
    }


def test_every_kind_of_child_has_a_table():
    # Links and documents are told apart from the parts, evidence from all of them.
    assert len(CHILDREN) == len(RECORDS) - 1


def test_the_dictionary_explains_every_column_in_six_languages(folder):
    make_register()
    build(folder)
    told = json.loads((folder / "dictionary.json").read_text())
    markdown = (folder / "dictionary.md").read_text()

    explained = {each["name"]: [column["name"] for column in each["columns"]] for each in told["tables"]}
    written = {each.name: next(csv_lines(folder / f"{each.name}.csv")) for each in TABLES}
    assert explained == written
    for each in told["tables"]:
        for column in each["columns"]:
            assert column["type"] in told["types"]
            assert column["origin"] in told["origins"]
            assert len(column["label"]) == len(column["meaning"]) == len(column["reading"]) == 6
            assert all([*column["label"].values(), *column["meaning"].values()]), column["name"]
            assert f"| `{column['name']}` |" in markdown


def csv_lines(path: Path):
    for line in path.read_text(encoding="utf-8").splitlines():
        yield line.split(",")


def test_what_the_descriptor_says_of_a_column_is_what_the_registry_says(folder):
    make_register()
    build(folder)
    resources = {each["name"]: each for each in json.loads((folder / "datapackage.json").read_text())["resources"]}

    for each in TABLES:
        fields = resources[each.name]["schema"]["fields"]
        assert [(field["name"], field["origin"]) for field in fields] == [
            (column.name, column.origin.value) for column in each.columns
        ]


def test_checksums_hold(folder):
    make_register()
    package = build(folder)

    checked = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=True
    )

    everything = {path.name for path in folder.iterdir()}
    assert {line.split(":")[0] for line in checked.stdout.splitlines()} == everything - {
        "SHA256SUMS",
        bundle.PACKED,
        packages.MANIFEST,
    }
    told = {file.name: (file.bytes, file.sha256) for file in package.files}
    found = {name: ((folder / name).stat().st_size, digest) for name, digest in digests(folder).items()}
    assert told == {name: what for name, what in found.items() if name != packages.MANIFEST}


def test_the_zip_file_holds_everything_else(folder):
    make_register()
    build(folder)

    unpacked = {name for name in contents(folder) if name.startswith(bundle.PACKED)}

    files = {path.name for path in folder.iterdir()} - {bundle.PACKED, packages.MANIFEST, bundle.DATABASE}
    assert {name.split("/")[-1] for name in unpacked} == files


def test_the_same_generation_gives_the_same_bytes(folder):
    make_register()
    build(folder)
    before = digests(folder)

    build(folder)
    build(folder.with_name("other"))

    assert digests(folder) == digests(folder.with_name("other")) == before


def test_it_does_not_matter_in_which_order_rows_were_written(folder, monkeypatch):
    moment, system = datetime(2026, 5, 1, 12, tzinfo=UTC), User.objects.system()
    monkeypatch.setattr(timezone, "now", lambda: moment)
    # Sources and permanent identifiers are those of their visits, whatever was written before.
    seeds = random.Random()  # noqa: S311
    monkeypatch.setattr(os, "urandom", seeds.randbytes)

    def written(order, name):
        with undone():
            region, drafts = make_region(), {}
            for country in order:
                seeds.seed(country)
                iso3 = country[:3].upper()
                state = make_country(country, iso3, iso3[:2], region=region)
                document = make_document(title="Release", text=country, url=f"https://example.org/{country}")
                fields = {"title": f"Visit to {country}", "document": document}
                fill = fill_and_quote if country == "Denmark" else None
                drafts[country] = make_edition(State.IN_REVIEW, country=state, fill=fill, **fields)
            for country in sorted(drafts):
                actions.publish(drafts[country], by=system)
            forget()
            build(folder.with_name(name))
        return digests(folder.with_name(name))

    assert written(["Denmark", "Norway", "Mali"], "one") == written(["Mali", "Denmark", "Norway"], "other")


def test_the_changelog_begins_where_the_package_before_ended(folder):
    make_register()
    first = build(folder)
    assert {row["change"] for row in table(folder, "changes")} == {"published", "corrected"}
    edition = Edition.objects.published().get(visit__slug="norway-2018")
    make_next_edition(edition, change_note="The dates were wrong.")
    actions.withdraw(Edition.objects.published().get(visit__slug="chad-2018"), by=User.objects.system(), note="Twice.")

    second = build(folder)

    assert second.since == first.generation
    assert [(row["visit"], row["change"], row["edition"], row["note"]) for row in table(folder, "changes")] == [
        ("norway-2018", "corrected", "2", "The dates were wrong."),
        ("chad-2018", "withdrawn", "1", "Twice."),
    ]
    assert "chad-2018" not in {row["slug"] for row in table(folder, "visits")}
    assert build(folder).since == first.generation


def test_a_package_is_of_one_generation_though_the_register_moves(folder, monkeypatch):
    make_register()
    reading = bundle.records
    turns = iter(range(3))

    def disturbed(keys):
        if next(turns, 9) < 2:
            make_edition(State.PUBLISHED, country=make_country("Finland", "FIN", "FI"))
        return reading(keys)

    monkeypatch.setattr(bundle, "records", disturbed)

    package = build(folder)

    assert package.newest == package.generation == Generation.current()
    assert package.counts["visits"] == 5


def test_where_it_moves_all_the_time_the_package_says_of_which_generation_it_is(folder, monkeypatch, capsys):
    make_register()
    reading = bundle.records

    def disturbed(keys):
        def follow(edition):
            edition.visitlinks.create(kind="follows", target=Edition.objects.published().first().visit)

        make_edition(State.PUBLISHED, country=make_country("Finland", "FIN", "FI"), fill=follow)
        return reading(keys)

    monkeypatch.setattr(bundle, "records", disturbed)

    call_command("build_bundle", folder)

    package = packages.read(folder)
    assert package.newest == package.generation + 1
    assert f"The register changed meanwhile; it is at generation {package.newest} now." in capsys.readouterr().out
    # What was published meanwhile is in no table, not even as the other end of a link.
    assert frictionless.validate(str(folder / "datapackage.json")).valid
    assert package.counts["visits"] == 5


def test_what_was_taken_back_while_it_was_built_is_never_put_in_place(folder, monkeypatch):
    make_register()
    build(folder)
    before, reading = digests(folder), bundle.records

    def disturbed(keys):
        edition = make_edition(State.PUBLISHED, country=make_country("Finland", "FIN", "FI"))
        actions.withdraw(edition, by=User.objects.system(), note="Entered by mistake.")
        return reading(keys)

    monkeypatch.setattr(bundle, "records", disturbed)

    with pytest.raises(PackageOvertaken):
        build(folder)

    assert digests(folder) == before
    assert sorted(path.name for path in folder.parent.iterdir()) == [".package.lock", "package"]


def test_a_build_that_fails_leaves_what_is_there(folder, monkeypatch):
    make_register()
    build(folder)
    before = digests(folder)
    make_edition(State.PUBLISHED, country=make_country("Finland", "FIN", "FI"))
    monkeypatch.setattr(whole, "translated", lambda keys: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        build(folder)
    monkeypatch.undo()

    assert digests(folder) == before
    build(folder)
    assert digests(folder) != before
    assert sorted(path.name for path in folder.parent.iterdir()) == [".package.lock", "package"]


@pytest.mark.parametrize("exchanges", [True, False])
def test_the_new_package_takes_the_place_of_the_old_one(folder, monkeypatch, exchanges):
    if not exchanges:
        monkeypatch.setattr(bundle, "exchanged", lambda one, other: False)
    make_register()
    build(folder)
    with (folder / "visits.csv").open() as opened:
        make_edition(State.PUBLISHED, country=make_country("Finland", "FIN", "FI"))
        build(folder)
        # Whoever is reading the old one reads it to its end.
        assert "finland" not in opened.read()

    assert "finland-2018" in (folder / "visits.csv").read_text()
    assert sorted(path.name for path in folder.parent.iterdir()) == [".package.lock", "package"]


def test_only_one_builds_at_a_time(folder):
    make_register()
    with bundle.alone(folder), pytest.raises(BeingBuilt):
        build(folder)

    build(folder)


def test_a_folder_with_anything_else_in_it_is_left_alone(folder):
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")

    with pytest.raises(NotAPackage):
        build(folder)
    with pytest.raises(CommandError, match="holds something else"):
        call_command("build_bundle", folder)

    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]


def test_an_empty_register_is_a_package_too(folder):
    package = build(folder)

    assert (package.generation, package.counts["visits"]) == (0, 0)
    assert frictionless.validate(str(folder / "datapackage.json")).valid


def test_terms_that_were_replaced_are_told_with_what_replaced_them(folder):
    make_register()
    new = Topic.objects.create(slug="new", name="New", name_fr="Nouveau")
    Topic.objects.filter(slug="topic-0").update(replaced_by=new)
    build(folder)

    topics = {row["slug"]: row for row in table(folder, "topics")}

    assert topics["topic-0"]["replaced_by"] == "new"
    assert (topics["new"]["name_en"], topics["new"]["name_fr"]) == ("New", "Nouveau")
    assert table(folder, "visit_topics")[0]["topic"] == "topic-0"


def test_an_undisclosed_document_is_in_no_file(folder):
    secret = make_document(title="Undisclosed title", text="Undisclosed words", disclosure="none")

    def link(edition):
        DocumentLink.objects.create(edition=edition, document=secret)

    make_edition(State.PUBLISHED, fill=link)
    build(folder)

    told = "\n".join(contents(folder).values())
    assert "Undisclosed" not in told
    assert secret.sha256 not in told
    assert secret.url not in told
