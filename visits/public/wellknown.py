"""What programs ask every site for at a fixed address."""

from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from .head import in_languages

# security.txt is to be looked through at least once a year; this one says half of that, counted from today.
GOOD_FOR = timedelta(days=180)
# Several filters at once, and searches: no end of addresses, each answered from the database.
COMBINATIONS = ("/*?*&", "/*?q=")
# One form, with an address for every page that leads there.
NO_PAGES = ("suggestions", "report")


@require_safe
def robots(request) -> HttpResponse:
    """Everything may be crawled that is a page of its own."""
    no_pages = [address for name in NO_PAGES for address in in_languages(reverse(name)).values()]
    closed = [reverse("admin:index"), "/accounts/", *no_pages, *COMBINATIONS]
    sitemap = request.build_absolute_uri(reverse("sitemap"))
    return lines("User-agent: *", *(f"Disallow: {path}" for path in closed), "", f"Sitemap: {sitemap}")


@require_safe
def security(request) -> HttpResponse:
    """Where to tell of a weakness: RFC 9116."""
    contact = settings.SECURITY_CONTACT or request.build_absolute_uri(reverse("about"))
    expires = datetime.combine(datetime.now(UTC).date() + GOOD_FOR, time())
    return lines(
        f"Contact: {contact}",
        f"Expires: {expires.isoformat()}Z",
        "Preferred-Languages: en",
        f"Canonical: {request.build_absolute_uri(request.path)}",
    )


def lines(*said: str) -> HttpResponse:
    return HttpResponse("\n".join([*said, ""]), content_type="text/plain; charset=utf-8")
