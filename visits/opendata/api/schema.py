"""The description of the API in OpenAPI 3.1. What is told of resources, parameters and shapes stands beside each;
here it is put together. Imported by whoever asks for it alone: it brings much along."""

from functools import lru_cache
from http import HTTPStatus

from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter

from .. import problems
from . import urls
from .asked import LANGUAGE
from .parameters import LANGUAGE_ASKED, Parameter
from .shapes import ref, shapes

# Those that every resource can answer, and those of what may not be there.
EVERY = (HTTPStatus.BAD_REQUEST, HTTPStatus.TOO_MANY_REQUESTS)
OF_ONE = (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
JSON = "application/json"
HEADERS = ("RateLimit", "RateLimit-Policy")


class Operation(AutoSchema):
    """Tells of a `Resource` what it says of itself."""

    def get_operation_id(self):
        return type(self.view).__name__.lower()

    def get_tags(self):
        return [self.path.split("/")[1] or "index"]

    def get_description(self):
        return str(self.view.about)

    def get_override_parameters(self):
        asked = self.view.parameters | {LANGUAGE: LANGUAGE_ASKED}
        in_path = [parameter(name, told, OpenApiParameter.PATH) for name, told in self.view.path.items()]
        return in_path + [parameter(name, told, OpenApiParameter.QUERY) for name, told in asked.items()]

    def get_extensions(self):
        return {"x-examples": [example(self.view, self.path, query) for query in self.view.examples]}

    def _get_serializer(self):
        # The shapes tell what is answered, and nothing is ever sent.
        return None

    def _get_response_bodies(self, direction="response"):
        may_be_missing = self.view.path or "visit" in self.view.parameters
        refused = [*EVERY, *(OF_ONE if may_be_missing else ())]
        found = {
            "description": _("What was asked for."),
            "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in HEADERS},
            "content": {JSON: {"schema": ref(self.view.answer)}},
        }
        return {"200": found} | {
            str(status.value): {"$ref": f"#/components/responses/{status.name}"} for status in sorted(refused)
        }


def parameter(name: str, told: Parameter, location: str) -> OpenApiParameter:
    shown = [told.example] if told.several == "again" else told.example
    return OpenApiParameter(
        name,
        {"type": "array", "items": told.schema, "minItems": 1} if told.several else told.schema,
        location,
        required=location == OpenApiParameter.PATH,
        description=str(told.meaning),
        explode=None if not told.several else told.several == "again",
        style="form" if told.several else None,
        examples=[OpenApiExample(name, shown)] if told.example else [],
    )


def example(view, path: str, query: str) -> str:
    for name, told in view.path.items():
        path = path.replace(f"{{{name}}}", str(told.example))
    return path + query


def headers() -> dict:
    return {
        "RateLimit": {
            "description": _("How many requests are left, and in how many seconds there are all again."),
            "schema": {"type": "string", "examples": ['"minute";r=599;t=42']},
        },
        "RateLimit-Policy": {
            "description": _("How many requests one address has in how many seconds."),
            "schema": {"type": "string", "examples": ['"minute";q=600;w=60']},
        },
    }


def responses() -> dict:
    told = {
        HTTPStatus.BAD_REQUEST: _("A parameter has an unknown name or a value that cannot be; all of them are told."),
        HTTPStatus.NOT_FOUND: _("There is no such thing in the register."),
        HTTPStatus.GONE: _("It was withdrawn, withheld or made part of another record; the reason is told."),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too many requests; Retry-After tells in how many seconds to ask again."),
    }
    refused = {
        status.name: {
            "description": meaning,
            "content": {problems.CONTENT_TYPE: {"schema": ref("Problem")}},
        }
        for status, meaning in told.items()
    }
    retry = {"description": _("Seconds to wait."), "schema": {"type": "integer"}}
    refused[HTTPStatus.TOO_MANY_REQUESTS.name]["headers"] = {"Retry-After": retry}
    return refused


def declare_once(result, generator, request, public):
    """What operations refer to."""
    result["components"] = {"schemas": shapes(), "responses": responses(), "headers": headers()}
    result["info"] |= {
        "title": _("Register of CTED visits"),
        "version": "1",
        "description": _("Everything that the register says in public, to be read by programs: without a key."),
    }
    return result | {"servers": [{"url": reverse("api").rstrip("/")}]}


@lru_cache(8)
def schema(language: str) -> dict:
    """`language`: the active one."""
    return SchemaGenerator(patterns=None, urlconf=urls).get_schema(public=True)
