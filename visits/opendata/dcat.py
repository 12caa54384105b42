"""What there is to take, as a catalogue for catalogues: DCAT 3 in JSON-LD (https://www.w3.org/TR/vocab-dcat-3/)."""

from collections.abc import Iterator

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from visits.catalogue import packages, statistics
from visits.catalogue.packages import Package, PackageFile
from visits.catalogue.reference import LANGUAGES
from visits.catalogue.statistics import Count

from .addresses import Site
from .answers import open_data
from .descriptor import LICENCE
from .dictionary import in_each_language
from .values import moment

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "spdx": "http://spdx.org/rdf/terms#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MEDIA_TYPE = "https://www.iana.org/assignments/media-types/"
AUTHORITY = "http://publications.europa.eu/resource/authority/"
LANGUAGE_CODES = {"ar": "ARA", "zh-hans": "ZHO", "en": "ENG", "fr": "FRA", "ru": "RUS", "es": "SPA"}
TAGS = {"zh-hans": "zh-Hans"}
SHA256 = "http://spdx.org/rdf/terms#checksumAlgorithm_sha256"
TITLE = _("Register of CTED visits")
DESCRIPTION = _(
    "Country visits of the Counter-Terrorism Committee Executive Directorate (CTED): where and when, on what, with "
    "whom, and what was found, compiled from public sources that every record names."
)
DISCLAIMER = _(
    "This is not an official site of the United Nations. The data was compiled from public sources, which every record "
    "names and links."
)
# Files of the package that say what the others are.
EXPLAINING = ("description", "checksums")
# Lists as they stand at this moment.
LIVE = {"visits.csv": "text/csv", "visits.json": "application/json", "findings.csv": "text/csv"}


@open_data
def catalogue(request) -> HttpResponse:
    site, package = Site.of(request), packages.offered()
    return JsonResponse(
        catalogue_of(site, package, statistics.count()),
        content_type="application/ld+json",
        json_dumps_params={"ensure_ascii": False},
    )


def catalogue_of(site: Site, package: Package | None, count: Count) -> dict:
    here = site.to("data")
    publisher = thing("foaf:Agent", **{"foaf:name": said(TITLE), "foaf:homepage": link(site.to("about"))})
    shared = {
        "dct:title": said(TITLE),
        "dct:description": said(DESCRIPTION),
        "dct:publisher": publisher,
        "dct:language": [link(f"{AUTHORITY}language/{LANGUAGE_CODES[code]}") for code in LANGUAGES],
        "dct:rights": thing("dct:RightsStatement", **{"rdfs:label": said(DISCLAIMER)}),
    }
    licence = {"dct:license": link(site.to("bundle", LICENCE))} if package else {}
    dataset = thing("dcat:Dataset", f"{here}#register", **shared, **licence, **when(package, count))
    dataset |= {
        "dct:identifier": f"{here}#register",
        "dct:spatial": thing("dct:Location", **{"rdfs:label": said(_("World"))}),
        "dct:accrualPeriodicity": link(f"{AUTHORITY}frequency/DAILY"),
        "dcat:landingPage": link(here),
        "dcat:distribution": [*live(site), *(packed(site, package, licence) if package else ())],
    }
    service = thing("dcat:DataService", site.to("api"))
    service |= {
        "dct:title": said(_("API of the register")),
        "dcat:endpointURL": link(site.to("api")),
        "dcat:endpointDescription": link(site.to("api-schema")),
        "dcat:servesDataset": link(f"{here}#register"),
    }
    every = {"dcat:dataset": [dataset], "dcat:service": [service], "foaf:homepage": link(site.to("home"))}
    return {"@context": CONTEXT} | thing("dcat:Catalog", f"{here}#catalogue", **shared, **every)


def when(package: Package | None, count: Count) -> dict:
    """The years that it tells of, and how it stands."""
    told = {}
    if count.visits:
        years = {"dcat:startDate": count.first_year, "dcat:endDate": count.last_year}
        years = {name: typed(str(year), "gYear") for name, year in years.items()}
        told["dct:temporal"] = thing("dct:PeriodOfTime", **years)
    if package:
        told |= {"dct:modified": typed(moment(package.moment), "dateTime"), "dcat:version": str(package.generation)}
    return told


def live(site: Site) -> Iterator[dict]:
    for name, media_type in LIVE.items():
        address = site.to(name)
        yield thing(
            "dcat:Distribution",
            address,
            **{"dct:title": name, "dcat:accessURL": link(address), "dcat:downloadURL": link(address)},
            **{"dcat:mediaType": link(MEDIA_TYPE + media_type)},
        )


def packed(site: Site, package: Package, licence: dict) -> Iterator[dict]:
    for file in package.files:
        if file.kind not in EXPLAINING:
            yield distribution(site, file) | licence


def distribution(site: Site, file: PackageFile) -> dict:
    address = site.to("bundle", file.name)
    checksum = {"spdx:algorithm": link(SHA256), "spdx:checksumValue": typed(file.sha256, "hexBinary")}
    return thing(
        "dcat:Distribution",
        address,
        **{
            "dct:title": file.name,
            "dcat:accessURL": link(site.to("data")),
            "dcat:downloadURL": link(address),
            "dcat:mediaType": link(MEDIA_TYPE + file.media_type),
            "dcat:byteSize": typed(str(file.bytes), "nonNegativeInteger"),
            "spdx:checksum": thing("spdx:Checksum", **checksum),
        },
    )


def thing(type: str, id: str = "", **said) -> dict:
    return ({"@id": id} if id else {}) | {"@type": type} | said


def link(address: str) -> dict:
    return {"@id": address}


def typed(value: str, type: str) -> dict:
    return {"@value": value, "@type": f"xsd:{type}"}


def said(text) -> list[dict]:
    return [{"@language": TAGS.get(code, code), "@value": words} for code, words in in_each_language(text).items()]
