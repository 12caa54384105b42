"""What everything that programs fetch has in common: no key, from any page of the web, refusals they can read."""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps
from http import HTTPStatus

from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from visits.exceptions import Consolidated

from .problems import STATUS, otherwise, refusal

EXPOSED = "Content-Disposition, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Total-Count"

# What a file ends with that could not be made to its end. The server ends the answer as if it were whole, so the file
# itself must say so: no reader of CSV, JSON, XML or workbooks takes a quotation mark that opens and never closes.
CUT_OFF = '\n"This file is cut off here: it could not be read to its end. Take it again.'


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Let scripts of every site read it; no cookie takes part in it anyway."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Access-Control-Expose-Headers"] = EXPOSED
    return response


def open_data(view: Callable) -> Callable:
    """Answer GET and HEAD; say why there is nothing as `problem+json`."""

    # What takes nothing in needs no guard against forged forms, and says 405 instead.
    @csrf_exempt
    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method not in ("GET", "HEAD"):
            refused = open_to_all(otherwise(HTTPStatus.METHOD_NOT_ALLOWED))
            refused["Allow"] = "GET, HEAD"
            return refused
        try:
            return open_to_all(view(request, *args, **kwargs))
        except tuple(STATUS) as error:
            return open_to_all(refusal(error))
        except SuspiciousOperation:
            return open_to_all(otherwise(HTTPStatus.BAD_REQUEST))

    return answer


def of_one_visit(view: Callable) -> Callable:
    """The same for a view of one visit: what has become part of another leads to the same format of that one."""

    @open_data
    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except Consolidated as moved:
            ending = request.resolver_match.url_name.partition(".")[2]
            answered = redirect(f"visit.{ending}", moved.data["slug"], permanent=True)
            # Published again, the visit stands for itself: nobody may keep this.
            answered["Cache-Control"] = "max-age=0, must-revalidate"
            return answered

    return answer


def streamed(parts: Iterable[str | bytes], content_type: str, name: str, total: int) -> StreamingHttpResponse:
    """A file that is sent while it is made. `total`: how many visits or findings it holds, told before the first."""
    response = StreamingHttpResponse(in_language(parts, get_language()), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Total-Count"] = str(total)
    return response


def in_language(parts: Iterable, language: str) -> Iterator:
    """The same parts, each made in this language: whoever sends them has gone back to another one."""
    parts = iter(parts)
    while True:
        try:
            with translation.override(language):
                part = next(parts, None)
        except Exception:
            yield CUT_OFF
            raise
        if part is None:
            return
        yield part
