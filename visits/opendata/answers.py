"""What everything that programs fetch has in common: no key, from any page of the web, refusals they can read."""

from collections.abc import Callable, Iterable, Iterator
from functools import wraps

from django.http import HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.utils import translation
from django.utils.translation import get_language

from .problems import STATUS, refusal

EXPOSED = "Content-Disposition, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, X-Total-Count"


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Let scripts of every site read it; no cookie takes part in it anyway."""
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = EXPOSED
    return response


def open_data(view: Callable) -> Callable:
    """Answer GET and HEAD; say why there is nothing as `problem+json`."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        if request.method not in ("GET", "HEAD"):
            return open_to_all(HttpResponseNotAllowed(["GET", "HEAD"]))
        try:
            return open_to_all(view(request, *args, **kwargs))
        except tuple(STATUS) as error:
            return open_to_all(refusal(error))

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
        with translation.override(language):
            part = next(parts, None)
        if part is None:
            return
        yield part
