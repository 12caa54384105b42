"""What is answered where no view does: to programs a problem, to people a page."""

from collections.abc import Callable
from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from visits.opendata.answers import open_to_all
from visits.opendata.api.asked import language_of
from visits.opendata.problems import otherwise
from visits.public import views


def leave_aside_what_cannot_be_read(request) -> None:
    """More parameters than Django reads are what was refused: what says so must not ask for them again."""
    try:
        request.GET  # noqa: B018
    except SuspiciousOperation:
        request.GET, request.META["QUERY_STRING"] = QueryDict(), ""


def is_of_api(request) -> bool:
    return request.path_info.startswith("/api/")


def problem(request, status: HTTPStatus, **told) -> HttpResponse:
    """In the language that is asked for, which addresses of the API do not say."""
    language = language_of(request.GET) if is_of_api(request) else translation.get_language()
    with translation.override(language):
        answer = open_to_all(otherwise(status, **told))
    answer["Content-Language"] = language
    return answer


def come_again(answer: HttpResponse, seconds: int) -> HttpResponse:
    answer["Retry-After"] = str(seconds)
    add_never_cache_headers(answer)
    return answer


def page_for_anybody(request, template: str, **context) -> HttpResponse:
    """503, without what is told of who is signed in: that may be what cannot be read or written."""
    context |= {"request": request}
    return render(None, template, context, status=HTTPStatus.SERVICE_UNAVAILABLE)


def handler(status: HTTPStatus, page: Callable) -> Callable:
    is_ours = status == HTTPStatus.INTERNAL_SERVER_ERROR

    def answer(request, *args, **kwargs):
        leave_aside_what_cannot_be_read(request)
        if is_of_api(request):
            return problem(request, status, **{"request_id": request.request_id} if is_ours else {})
        return page(request, *args, **kwargs)

    return answer


not_found = handler(HTTPStatus.NOT_FOUND, views.not_found)
