"""Every refusal as a problem that programs can read: RFC 9457, `application/problem+json`."""

from http import HTTPStatus

from django.http import JsonResponse
from django.utils.translation import gettext_lazy as _

from visits.exceptions import (
    Consolidated,
    InvalidParameters,
    NoPackage,
    NotPublished,
    RegisterError,
    Withdrawn,
    Withheld,
)

CONTENT_TYPE = "application/problem+json"
STATUS = {
    InvalidParameters: HTTPStatus.BAD_REQUEST,
    NotPublished: HTTPStatus.NOT_FOUND,
    NoPackage: HTTPStatus.NOT_FOUND,
    Withdrawn: HTTPStatus.GONE,
    Withheld: HTTPStatus.GONE,
    Consolidated: HTTPStatus.GONE,
}
# What is no refusal of the register: of each status, its code and its sentence.
OTHERWISE = {
    HTTPStatus.BAD_REQUEST: ("bad_request", _("The request cannot be understood.")),
    HTTPStatus.NOT_FOUND: ("not_found", _("There is nothing at this address.")),
    HTTPStatus.METHOD_NOT_ALLOWED: ("method_not_allowed", _("The register is only read here: ask with GET or HEAD.")),
    HTTPStatus.TOO_MANY_REQUESTS: ("too_many_requests", _("Too many requests came from your address: wait a moment.")),
    HTTPStatus.INTERNAL_SERVER_ERROR: ("server_error", _("Something went wrong here. It has been recorded.")),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        "unavailable",
        _("The register cannot answer at the moment: ask again in some seconds."),
    ),
}


def problem(error: RegisterError) -> dict:
    """The members of the problem: `code` is that of the refusal, `parameters` what is wrong with a query string."""
    return members(STATUS[type(error)], error.code, error.sentence) | details(error)


def members(status: HTTPStatus, code: str, sentence: str) -> dict:
    return {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": sentence, "code": code}


def details(error: RegisterError) -> dict:
    if isinstance(error, InvalidParameters):
        return {
            "parameters": [
                {
                    "name": wrong.parameter,
                    "value": wrong.value,
                    "detail": str(wrong.sentence),
                    "valid": list(wrong.valid),
                    "nearest": wrong.nearest,
                }
                for wrong in error.data["problems"]
            ]
        }
    if isinstance(error, Withdrawn):
        notice = error.data["notice"]
        return {"visit": notice.slug, "withdrawn_at": notice.withdrawn_at.isoformat(), "reason": str(notice.reason)}
    if isinstance(error, Withheld):
        notice = error.data["notice"]
        withheld = {"withheld_at": notice.withheld_at.isoformat(), "reason": str(notice.reason)}
        return {"visit": notice.slug, "edition": notice.number} | withheld
    return {"visit": error.data["slug"]} if isinstance(error, Consolidated) else {}


def refusal(error: RegisterError) -> JsonResponse:
    return answer(problem(error))


def otherwise(status: HTTPStatus, **more) -> JsonResponse:
    """The problem of an answer that nothing in the register refused."""
    code, sentence = OTHERWISE[status]
    return answer(members(status, code, str(sentence)) | more)


def answer(said: dict) -> JsonResponse:
    as_written = {"ensure_ascii": False}
    return JsonResponse(said, status=said["status"], content_type=CONTENT_TYPE, json_dumps_params=as_written)
