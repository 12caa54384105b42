"""What is answered where no view does: to programs a problem, to people a page."""

from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.http import QueryDict
from django.utils import translation

from visits.opendata.answers import open_to_all
from visits.opendata.api.asked import language_of
from visits.opendata.problems import otherwise
from visits.public import views

FOR_PROGRAMS = "/api/"


def leave_aside_what_cannot_be_read(request) -> None:
    """More parameters than Django reads are what was refused: what says so must not ask for them again."""
    try:
        request.GET  # noqa: B018
    except SuspiciousOperation:
        request.GET, request.META["QUERY_STRING"] = QueryDict(), ""


def handler(status: HTTPStatus, page: Callable) -> Callable:
    def answer(request, *args, **kwargs):
        leave_aside_what_cannot_be_read(request)
        if not request.path_info.startswith(FOR_PROGRAMS):
            return page(request, *args, **kwargs)
        language = language_of(request.GET)
        with translation.override(language):
            refused = open_to_all(otherwise(status))
        refused["Content-Language"] = language
        return refused

    return answer


bad_request = handler(HTTPStatus.BAD_REQUEST, views.bad_request)
not_found = handler(HTTPStatus.NOT_FOUND, views.not_found)
server_error = handler(HTTPStatus.INTERNAL_SERVER_ERROR, views.server_error)
