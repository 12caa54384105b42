"""The description of the API is what was promised, is OpenAPI, is complete, and its examples can be asked."""

import json
import re
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate

from tests.crawler import Browser
from tests.register import undone
from visits.catalogue.filters import VisitFilterSet
from visits.management.commands.api_schema import as_text
from visits.opendata.api.parameters import FILTERS
from visits.opendata.api.urls import urlpatterns
from visits.opendata.tables import FINDINGS, VISITS

SNAPSHOT = django_settings.BASE_DIR / "docs" / "openapi.json"
ROOT = "/api/v1"
SHOWN = re.compile(r'<a href="\.\.([^"]+)"><code')


@pytest.fixture(scope="module")
def shipped(django_db_setup, django_db_blocker):
    """The register that is shipped, once for this file."""
    with django_db_blocker.unblock(), undone():
        call_command("load_register", verbosity=0)
        yield


@pytest.fixture
def schema() -> dict:
    return json.loads(as_text())


def operations(schema: dict) -> dict[str, dict]:
    return {path: methods["get"] for path, methods in schema["paths"].items()}


def examples(schema: dict) -> list[str]:
    return [example for operation in operations(schema).values() for example in operation["x-examples"]]


def test_what_was_promised_to_programs_changes_only_where_it_is_seen():
    assert SNAPSHOT.read_text() == as_text(), (
        "Out of step; this writes it: manage.py api_schema --write docs/openapi.json"
    )


def test_the_description_can_be_written_into_a_file(tmp_path, capsys):
    call_command("api_schema", write=tmp_path / "openapi.json")
    call_command("api_schema")

    assert (tmp_path / "openapi.json").read_text() == as_text()
    assert json.loads(capsys.readouterr().out) == json.loads(as_text())


def test_it_is_openapi(schema):
    validate(schema)
    assert schema["openapi"] == "3.1.1"


def test_every_resource_is_described(schema):
    described = {re.sub(r"\{(\w+)\}", r"<\1>", path) for path in schema["paths"]}
    routes = {"/" + re.sub(r"<\w+:", "<", str(route.pattern)) for route in urlpatterns}

    assert described == routes - {"/schema/", "/docs/"}


def test_every_filter_and_column_is_described_with_its_meaning(schema):
    assert set(FILTERS) == set(VisitFilterSet.base_filters)
    for path, operation in operations(schema).items():
        assert operation["description"], path
        assert [each["name"] for each in operation["parameters"] if not each["description"]] == []
        assert {"400", "429"} <= set(operation["responses"])
    shapes = schema["components"]["schemas"]
    for shape, columns in (("VisitInList", VISITS), ("FindingInList", FINDINGS)):
        described = shapes[shape]["properties"]
        assert [described[column.name]["description"] for column in columns] == [
            str(column.meaning) for column in columns
        ]


def test_nothing_is_told_in_two_places_or_refers_to_nothing(schema):
    text = json.dumps(schema)

    referred = set(re.findall(r'"#/components/(\w+)/([^"]+)"', text))
    for kind, held in schema["components"].items():
        assert {name for of, name in referred if of == kind} == set(held), kind


@pytest.mark.django_db
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_example_finds_something_of_the_shape_that_is_described(client, shipped, schema, lang):
    for path, operation in operations(schema).items():
        reference = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        judge = OAS31Validator(schema | {"$ref": reference})
        for example in operation["x-examples"]:
            lang_asked = "" if "lang=" in example else f"{'&' if '?' in example else '?'}lang={lang}"
            answer = client.get(ROOT + example + lang_asked)
            assert answer.status_code == 200, (example, answer.content)
            assert answer.json().get("results") != [], example
            judge.validate(answer.json())
            assert path.split("{")[0] in example


@pytest.mark.django_db
def test_all_values_shown_of_parameters_are_one_question_that_finds_something(client, shipped, schema):
    for path, operation in operations(schema).items():
        query = {}
        for parameter in operation["parameters"]:
            for example in parameter.get("examples", {}).values():
                value = example["value"]
                is_list = isinstance(value, list) and not parameter["explode"]
                if parameter["in"] == "path":
                    path = path.replace(f"{{{parameter['name']}}}", str(value))
                else:
                    query[parameter["name"]] = ",".join(value) if is_list else value
        answer = client.get(ROOT + path, query)
        assert answer.status_code == 200, (path, query, answer.content)
        assert answer.json().get("results") != [], (path, query)


@pytest.mark.django_db
def test_the_schema_is_served(client):
    answer = client.get(f"{ROOT}/schema/")

    assert (answer.headers["Content-Type"], answer.headers["Access-Control-Allow-Origin"]) == ("application/json", "*")
    assert answer.json() == json.loads(as_text())


# The page


@pytest.mark.django_db
@pytest.mark.parametrize("language", [code for code, _name in django_settings.LANGUAGES])
def test_the_page_is_in_every_language_and_leads_to_the_others(client, language):
    answer = client.get(f"{ROOT}/docs/?lang={language}")

    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert answer.headers["Content-Type"].startswith("text/html")
    for code, _name in django_settings.LANGUAGES:
        assert f'href="{ROOT}/docs/?lang={code}"' in answer.text
    assert len(answer.content) < 60_000


@pytest.mark.django_db
def test_the_page_tells_every_resource_parameter_and_example(client, schema):
    page = client.get(f"{ROOT}/docs/").text

    for path, operation in operations(schema).items():
        assert f'<code dir="ltr" lang="en">{path}</code>' in page
        assert operation["description"] in page
        for parameter in operation["parameters"]:
            assert parameter["name"] == "lang" or f"<dt><code dir=ltr lang=en>{parameter['name']} <i>" in page
    assert [example.replace("&amp;", "&") for example in SHOWN.findall(page)] == examples(schema)


@pytest.mark.django_db
def test_the_page_asks_nobody_else_for_anything_and_is_kept():
    browser = Browser()

    page = browser.get(f"{ROOT}/docs/")

    assert not re.search(r'(?:src|href)="(?:https?:)?//(?!127\.0\.0\.1)(?!www\.un\.org)', page.body)
    assert not re.search(r"<style|style=|<script(?![^>]*src=)(?![^>]*ld\+json)|\son\w+=", page.body)
    assert "ETag" in page.headers
    assert "Set-Cookie" not in page.headers


@pytest.mark.parametrize("text", [Path(django_settings.BASE_DIR, "docs", "api.md").read_text()])
def test_the_guide_names_every_resource_and_code(text, schema):
    for path in schema["paths"]:
        assert path == "/" or f"`{path.split('/')[1]}/" in text
    assert {"invalid_parameters", "not_published", "not_found", "withdrawn", "withheld", "consolidated"} <= set(
        re.findall(r"`(\w+)`", text)
    )
