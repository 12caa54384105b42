"""`datapackage.json`: what the data package is and how its tables are read, as Frictionless has it
(https://datapackage.org)."""

from pathlib import Path

from visits.catalogue.packages import PackageFile
from visits.catalogue.whole import AsOf

from .addresses import Site
from .columns import Column, Type
from .package_tables import TABLES
from .packaged import PackagedTable
from .values import BETWEEN, moment

NAME = "cted-visits-register"
TITLE = "Register of CTED visits"
DESCRIPTION = (
    "Country visits of the Counter-Terrorism Committee Executive Directorate (CTED), compiled from public sources. "
    "Not an official product of the United Nations."
)
LICENCE = "LICENCE.md"
TYPES = {
    Type.TEXT: {"type": "string"},
    Type.INTEGER: {"type": "integer"},
    Type.DATE: {"type": "date"},
    Type.MOMENT: {"type": "datetime"},
    Type.LIST: {"type": "list", "itemType": "string", "delimiter": BETWEEN},
    Type.BOOLEAN: {"type": "boolean"},
    Type.PARTIAL_DATE: {"type": "string", "constraints": {"pattern": r"\d{4}(-\d{2}(-\d{2})?)?"}},
}


def descriptor(as_of: AsOf, since: int, files: list[PackageFile], site: Site) -> dict:
    tables = {f"{table.name}.csv": table for table in TABLES}
    home = {"homepage": site.to("home")} if site.origin else {}
    return {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": NAME,
        "title": TITLE,
        "description": DESCRIPTION,
        **home,
        "version": str(as_of.generation),
        "created": moment(as_of.moment),
        "licenses": [{"name": "other-at", "title": "Free to use with attribution", "path": LICENCE}],
        "generation": as_of.generation,
        "changes_since_generation": since,
        "resources": [resource(file, tables.get(file.name)) for file in files],
    }


def resource(file: PackageFile, table: PackagedTable | None) -> dict:
    said = {"path": file.name, "mediatype": file.media_type, "bytes": file.bytes, "hash": f"sha256:{file.sha256}"}
    if table is None:
        return {"name": file.name.lower(), "type": "file", "format": Path(file.name).suffix[1:], **said}
    of_table = {"title": str(table.label), "description": str(table.meaning), "schema": schema(table)}
    return {"name": table.name, "type": "table", "format": "csv", "encoding": "utf-8", **said, **of_table}


def schema(table: PackagedTable) -> dict:
    foreign = [
        {"fields": [name], "reference": {"resource": "" if other == table.name else other, "fields": [theirs]}}
        for name, (other, theirs) in table.foreign.items()
    ]
    told = {"fields": [field(column, table) for column in table.columns], "primaryKey": list(table.key)}
    return told | ({"foreignKeys": foreign} if foreign else {})


def field(column: Column, table: PackagedTable) -> dict:
    told = {
        "name": column.name,
        "title": str(column.label),
        "description": str(column.meaning),
        "origin": column.origin,
    }
    type = TYPES[column.type]
    constraints = type.get("constraints", {}) | ({"required": True} if column.name in table.key else {})
    return told | type | ({"constraints": constraints} if constraints else {})
