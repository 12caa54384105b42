"""The catalogue for catalogues has the shape of DCAT 3, and says what is so."""

import hashlib
import json
import re

import pytest
from django.conf import settings

from tests.crawler import Browser
from tests.factories import make_country, make_edition
from visits.enums import State
from visits.opendata import bundle

pytestmark = pytest.mark.django_db

SITE = "http://127.0.0.1"
# Of each class: the properties that it has, each with the kind of value; those with a question mark may be missing.
SHAPES = {
    "dcat:Catalog": {
        "dct:title": "words",
        "dct:description": "words",
        "dct:publisher": "foaf:Agent",
        "dct:language": "link",
        "dct:rights": "dct:RightsStatement",
        "dcat:dataset": "dcat:Dataset",
        "dcat:service": "dcat:DataService",
        "foaf:homepage": "link",
    },
    "dcat:Dataset": {
        "dct:title": "words",
        "dct:description": "words",
        "dct:publisher": "foaf:Agent",
        "dct:language": "link",
        "dct:rights": "dct:RightsStatement",
        "dct:license?": "link",
        "dct:temporal?": "dct:PeriodOfTime",
        "dct:modified?": "xsd:dateTime",
        "dcat:version?": "text",
        "dct:identifier": "text",
        "dct:spatial": "dct:Location",
        "dct:accrualPeriodicity": "link",
        "dcat:landingPage": "link",
        "dcat:distribution": "dcat:Distribution",
    },
    "dcat:Distribution": {
        "dct:title": "text",
        "dcat:accessURL": "link",
        "dcat:downloadURL": "link",
        "dcat:mediaType": "link",
        "dcat:byteSize?": "xsd:nonNegativeInteger",
        "spdx:checksum?": "spdx:Checksum",
        "dct:license?": "link",
    },
    "dcat:DataService": {
        "dct:title": "words",
        "dcat:endpointURL": "link",
        "dcat:endpointDescription": "link",
        "dcat:servesDataset": "link",
    },
    "foaf:Agent": {"foaf:name": "words", "foaf:homepage": "link"},
    "dct:RightsStatement": {"rdfs:label": "words"},
    "dct:Location": {"rdfs:label": "words"},
    "dct:PeriodOfTime": {"dcat:startDate": "xsd:gYear", "dcat:endDate": "xsd:gYear"},
    "spdx:Checksum": {"spdx:algorithm": "link", "spdx:checksumValue": "xsd:hexBinary"},
}
VALUES = {
    "xsd:gYear": r"\d{4}",
    "xsd:dateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "xsd:nonNegativeInteger": r"\d+",
    "xsd:hexBinary": r"[0-9a-f]{64}",
}
LANGUAGES = ["ar", "zh-Hans", "en", "fr", "ru", "es"]


def faults(node: dict, expected: str) -> list[str]:
    """What of this thing is not as its class wants it."""
    if node.get("@type") != expected:
        return [f"{node.get('@type')} instead of {expected}"]
    shape, said = SHAPES[expected], {name for name in node if not name.startswith("@")}
    known = {name.rstrip("?"): kind for name, kind in shape.items()}
    found = [f"{expected}: {name} is unknown" for name in said - known.keys()]
    found += [f"{expected}: {name} is missing" for name in shape if not name.endswith("?") and name not in said]
    for name in said & known.keys():
        values = node[name] if isinstance(node[name], list) else [node[name]]
        for value in [values] if known[name] == "words" else values:
            found += [f"{expected}: {name}: {fault}" for fault in faults_of_value(value, known[name])]
    return found


def faults_of_value(value, kind: str) -> list[str]:
    if kind in SHAPES:
        return faults(value, kind)
    if kind == "text":
        return [] if isinstance(value, str) and value else [f"{value} is no text"]
    if kind == "link":
        return [] if value.keys() == {"@id"} and value["@id"].startswith("http") else [f"{value} is no link"]
    if kind == "words":
        return [] if [each["@language"] for each in value] == LANGUAGES else [f"{value} is not in every language"]
    is_right = value["@type"] == kind and re.fullmatch(VALUES[kind], value["@value"])
    return [] if is_right else [f"{value} is no {kind}"]


def read() -> dict:
    answer = Browser().get("/data/catalog.jsonld")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/ld+json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return json.loads(answer.body)


def test_the_catalogue_has_the_shape_of_dcat():
    make_edition(State.PUBLISHED, start="2015", end="2015")
    make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO"))
    package = bundle.build(settings.BUNDLE_DIR)

    catalogue = read()

    assert faults(catalogue, "dcat:Catalog") == []
    (dataset,) = catalogue["dcat:dataset"]
    assert {"dct:license", "dct:modified", "dcat:version"} <= dataset.keys()
    years = dataset["dct:temporal"]
    assert (years["dcat:startDate"]["@value"], years["dcat:endDate"]["@value"]) == ("2015", "2018")
    assert dataset["dcat:version"] == str(package.generation)
    prefixes = {name.split(":")[0] for shape in SHAPES.values() for name in shape}
    assert prefixes <= catalogue["@context"].keys()


def test_a_shape_that_is_wrong_is_found():
    catalogue = read()
    del catalogue["dct:publisher"]
    catalogue["dcat:dataset"][0]["dct:title"] = catalogue["dcat:dataset"][0]["dct:title"][:2]
    catalogue["dcat:dataset"][0]["dcat:distribution"][0]["dcat:byteSize"] = {"@type": "xsd:integer", "@value": "1"}

    assert len(faults(catalogue, "dcat:Catalog")) == 3


def test_every_file_that_it_names_is_there_with_that_size_and_digest():
    make_edition(State.PUBLISHED)
    package = bundle.build(settings.BUNDLE_DIR)
    browser = Browser()

    found = {}
    for distribution in read()["dcat:dataset"][0]["dcat:distribution"]:
        address = distribution["dcat:downloadURL"]["@id"]
        assert address.startswith(SITE)
        answer = browser.get(address.removeprefix(SITE))
        assert answer.status == 200
        assert distribution["dcat:mediaType"]["@id"].endswith(answer.headers["Content-Type"].split(";")[0])
        if "spdx:checksum" in distribution:
            path = settings.BUNDLE_DIR / address.rsplit("/", 1)[1]
            assert distribution["dcat:byteSize"]["@value"] == str(path.stat().st_size)
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found[path.name] = distribution["spdx:checksum"]["spdx:checksumValue"]["@value"]
            assert found[path.name] == digest
    assert set(found) == {file.name for file in package.files if file.kind not in ("description", "checksums")}


def test_without_visits_or_a_package_nothing_is_made_up():
    catalogue = read()

    assert faults(catalogue, "dcat:Catalog") == []
    (dataset,) = catalogue["dcat:dataset"]
    assert {"dct:temporal", "dct:modified", "dct:license", "dcat:version"}.isdisjoint(dataset)
    assert all("spdx:checksum" not in each for each in dataset["dcat:distribution"])


def test_whoever_publishes_it_is_named_as_no_office_of_the_united_nations():
    dataset = read()["dcat:dataset"][0]

    assert "not an official site of the United Nations" in dataset["dct:rights"]["rdfs:label"][2]["@value"]
    assert dataset["dct:publisher"]["foaf:name"][2]["@value"] == "Register of CTED visits"
