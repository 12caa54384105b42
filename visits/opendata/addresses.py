"""Addresses of the public site, whole, as data carries them."""

from functools import cached_property

from django.conf import settings
from django.urls import reverse
from django.utils import translation

SLUG, NUMBER, UID = "slug-of-a-visit", 9999999999, "00000000-0000-0000-0000-00000000000f"


class Site:
    """`origin`: scheme and host, without a slash at the end; `language`: that of the pages. Patterns are resolved
    once, because exports name hundreds of thousands of pages."""

    def __init__(self, origin: str, language: str | None = None):
        self.origin, self.language = origin, language or translation.get_language()

    @classmethod
    def of(cls, request) -> "Site":
        return cls(f"{request.scheme}://{request.get_host()}")

    @classmethod
    def configured(cls) -> "Site":
        """The site as the settings name it: for what no request asks for."""
        return cls(settings.PUBLIC_URL.rstrip("/"))

    def to(self, name: str, *args, query: str = "") -> str:
        with translation.override(self.language):
            return self.origin + reverse(name, args=args) + query

    def visit(self, slug: str) -> str:
        return slug.join(self._visit)

    def visit_as(self, slug: str, ending: str) -> str:
        """The visit as a file."""
        return f"{self.visit(slug).removesuffix('/')}.{ending}"

    def edition(self, slug: str, number: int) -> str:
        start, between, end = self._edition
        return f"{start}{slug}{between}{number}{end}"

    def finding(self, uid) -> str:
        return str(uid).join(self._finding)

    @cached_property
    def _visit(self) -> list[str]:
        return self.to("visit", SLUG).split(SLUG)

    @cached_property
    def _edition(self) -> list[str]:
        start, rest = self.to("edition", SLUG, NUMBER).split(SLUG)
        return [start, *rest.split(str(NUMBER))]

    @cached_property
    def _finding(self) -> list[str]:
        return self.to("finding", UID).split(UID)
