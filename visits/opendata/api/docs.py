"""The description of the API: for programs as it is, for people as a page made from it."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from .asked import LANGUAGE, LANGUAGES, language_of
from .base import Resource
from .parameters import FILTERS


def description() -> dict:
    # What makes it is of use here alone, and takes as much memory as all the rest of the API.
    from .schema import schema

    return schema(get_language())


class Schema(Resource):
    # It tells of the others.
    schema = None

    def read(self, query):
        query.check()
        return description()


@dataclass(frozen=True)
class Asked:
    """A parameter, or a member of an object: how its value is written, and the values there are, where they are few."""

    name: str
    kind: str
    meaning: str
    values: tuple[str, ...] = ()
    example: str = ""


@dataclass(frozen=True)
class Told:
    """A resource. `filters`: whether it takes those of the list of visits; `answer`: the shape of what it answers."""

    path: str
    about: str
    parameters: tuple[Asked, ...]
    filters: bool
    answer: str
    examples: tuple[str, ...]


@dataclass(frozen=True)
class Shape:
    """`base`: the shape whose members it has too."""

    name: str
    meaning: str
    base: str
    members: tuple[Asked, ...]


BASES = {"Visit": "VisitInList", "Finding": "FindingInList"}


@require_safe
def page(request):
    """In the language asked for; the page's own address has none."""
    with translation.override(language_of(request.GET)):
        described, root = description(), reverse("api").rstrip("/")
        paths = described["paths"]
        visits = paths["/visits/"]["get"]["parameters"]
        context = {
            "root": request.build_absolute_uri(root),
            "resources": [told(path, operation["get"]) for path, operation in paths.items()],
            "filters": [asked(each) for each in visits if each["name"] in FILTERS],
            "shapes": list(told_shapes(described["components"]["schemas"])),
            "rate": settings.API_RATE,
            "addresses": {code: f"{request.path}?{LANGUAGE}={code}" for code in LANGUAGES},
        }
        return render(request, "visits/api.html", context)


def told(path: str, operation: dict) -> Told:
    parameters, names = operation["parameters"], {each["name"] for each in operation["parameters"]}
    takes_filters = names >= FILTERS.keys()
    own = (each for each in parameters if each["name"] != LANGUAGE and not (takes_filters and each["name"] in FILTERS))
    answer = operation["responses"]["200"]["content"]["application/json"]["schema"]
    return Told(
        path,
        operation["description"],
        tuple(map(asked, own)),
        takes_filters,
        name_in(answer),
        tuple(operation["x-examples"]),
    )


def asked(parameter: dict) -> Asked:
    schema = parameter["schema"]
    items = schema.get("items", schema)
    examples = [example["value"] for example in parameter.get("examples", {}).values()]
    written = " ".join(",".join(map(str, value)) if isinstance(value, list) else str(value) for value in examples)
    # Those that choose members are told with the object that has them.
    few = () if parameter["name"] == "fields" else tuple(items.get("enum", ()))
    return Asked(parameter["name"], kind(schema), parameter["description"], few, written)


def told_shapes(shapes: dict[str, dict]) -> Iterator[Shape]:
    for name, of in shapes.items():
        # Pages of lists differ in their results alone, and the index names what stands here.
        if name.startswith("PageOf") or name == "Index":
            continue
        base = BASES.get(name, "")
        known = shapes[base]["properties"] if base else ()
        properties = of["properties"]
        members = (
            member(each, value)
            for each, value in properties.items()
            # The rules say that a text is followed by its language.
            if each not in known and each.removesuffix("_language") not in properties.keys() - {each}
        )
        yield Shape(name, of.get("description", ""), base, tuple(members))


def member(name: str, value: dict) -> Asked:
    meaning = value.get("description", "")
    few = tuple(each for each in value.get("enum", ()) if each and each not in meaning)
    return Asked(name, kind(value), meaning, few)


def kind(schema: dict) -> str:
    """How a value is written, in the words of JSON Schema, which are the same in every language."""
    if "$ref" in schema:
        return name_in(schema)
    if schema.get("type") == "array":
        return f"[{kind(schema['items'])}]"
    written = schema.get("type", "")
    words = " | ".join(written) if isinstance(written, list) else written
    return f"{words} ({schema['format']})" if "format" in schema else words


def name_in(reference: dict) -> str:
    name = reference["$ref"].rpartition("/")[2]
    return f"[{name.removeprefix('PageOf')}]" if name.startswith("PageOf") else name
