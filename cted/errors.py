"""What is answered where no view does: to programs a problem, to people a page."""

from collections.abc import Callable
from http import HTTPStatus

from visits.opendata.answers import open_to_all
from visits.opendata.problems import otherwise
from visits.public import views

FOR_PROGRAMS = "/api/"


def handler(status: HTTPStatus, page: Callable) -> Callable:
    def answer(request, *args, **kwargs):
        if request.path_info.startswith(FOR_PROGRAMS):
            return open_to_all(otherwise(status))
        return page(request, *args, **kwargs)

    return answer


bad_request = handler(HTTPStatus.BAD_REQUEST, views.bad_request)
not_found = handler(HTTPStatus.NOT_FOUND, views.not_found)
server_error = handler(HTTPStatus.INTERNAL_SERVER_ERROR, views.server_error)
