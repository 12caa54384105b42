"""What every resource of the API has in common: read by anybody from anywhere, in the language asked for, at a fair
rate, refused with a problem."""

from collections.abc import Iterable
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpResponse, JsonResponse
from django.utils import translation
from django.utils.functional import Promise, cached_property
from rest_framework.exceptions import MethodNotAllowed, Throttled
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView

from visits.catalogue.problems import is_tracking

from ..addresses import Site
from ..answers import open_to_all
from ..problems import STATUS, otherwise, refusal
from .asked import Query, language_of
from .limits import FairUse, Standing
from .parameters import Parameter

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


class AlwaysTheSame(BaseContentNegotiation):
    """What is answered is told by the address, not by what the client prefers."""

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


def as_problem(error: Exception, context: dict) -> HttpResponse | None:
    """The one place where what a view raises becomes an answer. What nobody expected goes on to `handler500`."""
    if isinstance(error, tuple(STATUS)):
        return refusal(error)
    if isinstance(error, Throttled):
        refused = otherwise(HTTPStatus.TOO_MANY_REQUESTS)
        refused["Retry-After"] = str(error.wait)
        return refused
    return otherwise(HTTPStatus.METHOD_NOT_ALLOWED) if isinstance(error, MethodNotAllowed) else None


class Resource(APIView):
    """`read` gives what is answered, of the shape `answer`, to the `parameters` that there are besides `lang`. For the
    documentation: `about`, `path`, the parameters of the address, and `examples`, queries that show something."""

    authentication_classes = permission_classes = parser_classes = ()
    renderer_classes = (JSONRenderer,)
    content_negotiation_class = AlwaysTheSame
    throttle_classes = (FairUse,)
    standing: Standing | None = None
    about: Promise | str = ""
    answer = ""
    path: dict[str, Parameter] = {}
    parameters: dict[str, Parameter] = {}
    examples: tuple[str, ...] = ("",)

    def get_exception_handler(self):
        return as_problem

    def dispatch(self, request, *args, **kwargs):
        language = language_of(request.GET)
        # Whoever comes after knows the language of the path alone, which is English for every resource.
        with translation.override(language):
            response = super().dispatch(request, *args, **kwargs)
        told = self.standing.headers if self.standing else {}
        for name, value in {"Content-Language": language, **told}.items():
            response[name] = value
        return open_to_all(response)

    def get(self, request, **kwargs):
        may_be_empty = [name for name, parameter in self.parameters.items() if parameter.may_be_empty]
        query = Query(request.GET, self.parameters, may_be_empty)
        said = self.read(query, **kwargs)
        return JsonResponse(said, json_dumps_params={"ensure_ascii": False})

    def options(self, request, *args, **kwargs):
        """What browsers ask before scripts of other sites may ask."""
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers=PREFLIGHT)

    def read(self, query: Query, **kwargs) -> dict:
        raise NotImplementedError

    @cached_property
    def site(self) -> Site:
        return Site.of(self.request)

    def page_of(self, results: list, total: int = 0, page: int = 1, page_size: int = 0) -> dict:
        """An answer with one page of a list; without further numbers, a list that is always told whole."""
        total = total or len(results)
        is_last = not page_size or page * page_size >= total
        return {
            "count": total,
            "next": None if is_last else self.address_with(page=page + 1),
            "previous": self.address_with(page=page - 1) if page > 1 else None,
            "results": results,
        }

    def address_with(self, **values) -> str:
        """This very address with these parameters."""
        asked = self.request.GET.lists()
        kept = [(name, value) for name, every in asked if not (name in values or is_tracking(name)) for value in every]
        return f"{self.site.origin}{self.request.path}?{urlencode([*kept, *values.items()])}"


def chosen(said: dict, fields: Iterable[str]) -> dict:
    """Of an object these members, as far as it has them, in this order; all where none are named."""
    return {name: said[name] for name in fields if name in said} if fields else said
