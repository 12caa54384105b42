"""Walks every address of the URL configuration as an anonymous visitor, through the page cache as in production."""

from collections.abc import Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

from visits.catalogue.caching import PageCache
from visits.models import Generation


@dataclass(frozen=True)
class Answer:
    address: str
    status: int
    headers: dict
    content: bytes

    @property
    def body(self) -> str:
        return self.content.decode("utf-8", "replace")

    @property
    def media(self) -> str:
        return self.headers.get("Content-Type", "").partition(";")[0]

    @property
    def everything(self) -> str:
        return "\n".join([self.body, *(f"{name}: {value}" for name, value in self.headers.items())])


class Browser:
    """A visitor without cookies, in front of the application as it is served."""

    def __init__(self, *, generation=Generation.current, max_bytes: int = 4 * 1024 * 1024):
        self.application = PageCache(WSGIHandler(), generation=generation, release="test", max_bytes=max_bytes)

    def get(self, address: str, **headers) -> Answer:
        path, _, query = address.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_HOST": "127.0.0.1",
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": BytesIO(),
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        } | headers
        answered = {}

        def start_response(status, response_headers, exc_info=None):
            answered.update(status=int(status.split()[0]), headers=dict(response_headers))

        with connections_kept():
            parts = self.application(environ, start_response)
            content = b"".join(parts)
            if hasattr(parts, "close"):
                parts.close()
        return Answer(address, answered["status"], answered["headers"], content)


@contextmanager
def connections_kept():
    """Leave the connection open on which the test has its transaction, as Django's own client does."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in signals:
            signal.connect(close_old_connections)


@dataclass(frozen=True)
class Route:
    """A pattern of the URL configuration: its parts of fixed text, and the names of what stands between them.
    `in_languages`: whether there is one of every language."""

    text: str
    name: str
    parameters: tuple[str, ...]
    in_languages: bool

    def fill(self, values: dict) -> str:
        address = self.text
        for parameter in self.parameters:
            address = address.replace(f"{{{parameter}}}", str(values[parameter]), 1)
        return address


def routes(resolver=None, prefix: str = "/", in_languages: bool = False) -> Iterable[Route]:
    """Every pattern, those of the admin and of signing in included."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            translated = in_languages or isinstance(pattern.pattern, LocalePrefixPattern)
            yield from routes(pattern, prefix + readable(pattern.pattern), translated)
        elif isinstance(pattern, URLPattern):
            text = prefix + readable(pattern.pattern)
            parameters = tuple(part.split("}")[0] for part in text.split("{")[1:])
            yield Route(text, pattern.name or "", parameters, in_languages or prefix.startswith("/api/"))


def readable(pattern) -> str:
    """`visits/<slug:slug>/` as `visits/{slug}/`; regular expressions as far as the admin uses them."""
    if hasattr(pattern, "_route"):
        text = pattern._route
        for name, converter in pattern.converters.items():
            for written in (f"<{name}>", *(f"<{kind}:{name}>" for kind in names_of(converter))):
                text = text.replace(written, f"{{{name}}}")
        return text
    text = str(pattern).removeprefix("^").removesuffix("$").removesuffix(r"\Z")
    return text.replace("(?P<url>.*)", "{url}")


def names_of(converter) -> list[str]:
    from django.urls.converters import get_converters

    return [name for name, known in get_converters().items() if type(known) is type(converter)]


def in_language(address: str, code: str) -> str:
    """Pages have their language in the path; what programs ask has it as a parameter."""
    if address.startswith("/api/"):
        return f"{address}{'&' if '?' in address else '?'}lang={code}"
    return f"/{code}{address}"
