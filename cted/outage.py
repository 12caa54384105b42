"""What is answered while the database is away: 503, soon, and when to ask again."""

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError

from visits.catalogue.caching import AWAY

from . import errors, not_saved

# Seconds after which somebody who was refused may come back.
PAUSE = 10
TELLS_ITSELF = "/readyz"


class Away:
    """Answers without the database what the page cache in front says that the database cannot be asked for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        is_refused = request.META.get(AWAY) and request.path_info != TELLS_ITSELF
        return unavailable(request) if is_refused else self.get_response(request)


def server_error(request, *args, **kwargs):
    """Wherever a request failed, in a view or before it came to one."""
    return unavailable(request) if is_outage(sys.exception()) else not_saved.server_error(request, *args, **kwargs)


def is_outage(error: BaseException | None) -> bool:
    """Whether the database could not answer: no connection, none in time, no end of a statement or of a lock. One that
    only cannot write is another matter."""
    return isinstance(error, (OperationalError, InterfaceError)) and not not_saved.is_of_disk(error)


def unavailable(request):
    """The page that says that something went wrong, or a problem."""
    errors.leave_aside_what_cannot_be_read(request)
    # What a file is asked for by has the name of its format.
    if errors.is_of_api(request) or "." in request.path_info.rpartition("/")[2]:
        answer = errors.problem(request, HTTPStatus.SERVICE_UNAVAILABLE)
    else:
        answer = errors.page_for_anybody(request, "500.html")
    return errors.come_again(answer, PAUSE)
