"""Every refusal as a problem that programs can read: RFC 9457, `application/problem+json`."""

from http import HTTPStatus

from django.http import JsonResponse

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


def problem(error: RegisterError) -> dict:
    """The members of the problem: `code` is that of the refusal, `parameters` what is wrong with a query string."""
    status = STATUS[type(error)]
    said = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": error.sentence,
        "code": error.code,
    }
    return said | details(error)


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
    said = problem(error)
    return JsonResponse(said, status=said["status"], content_type=CONTENT_TYPE)
