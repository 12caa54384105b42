"""What is decided for every request that reaches Django."""

import logging
from time import perf_counter

from allauth.account.adapter import get_adapter
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from visits.editorial import rules

from . import logs

requests = logging.getLogger("cted.requests")


def is_for_staff(request) -> bool:
    return request.path_info.startswith(("/admin/", "/accounts/"))


class Numbered:
    """Gives each request the number that its answer, its lines in the log and the page for our own faults name."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        started = perf_counter()
        given = request.headers.get("X-Request-ID", "")
        request.request_id = logs.id_of(given, settings.ALLAUTH_TRUSTED_PROXY_COUNT > 0)
        before = logs.current.set(request)
        try:
            response = self.get_response(request)
            if requests.isEnabledFor(logging.INFO):
                note(request, response.status_code, perf_counter() - started)
        finally:
            logs.current.reset(before)
        response["X-Request-ID"] = request.request_id
        return response


def note(request, status: int, seconds: float) -> None:
    told = {"status_code": status, "duration": round(seconds, 4)}
    if is_for_staff(request):
        told["client"] = get_adapter(request).get_client_ip(request)
    requests.info("%s %s %s", request.method, request.path_info, status, extra=told)


class Closed:
    """Tells browsers what no page here does, and that no other site may embed what it answers unless that is open
    data, which says so itself."""

    HEADERS = {
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": (
            "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=(), "
            "clipboard-write=(self), publickey-credentials-create=(self), publickey-credentials-get=(self)"
        ),
    }

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in self.HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class LanguageOfPath:
    """The language of a public page is what its address says, and nothing else; staff work in that of their browser.

    Django's own LocaleMiddleware also makes answers vary by Accept-Language, which would split every shared cache
    for a header that is never read on public pages.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if is_for_staff(request):
            language = translation.get_language_from_request(request)
        else:
            language = translation.get_language_from_path(request.path_info) or settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class SecondFactorRequired:
    """Keeps staff answers out of every cache and, where the setting says so, leads whoever decides what the public
    reads to a second factor before anything else in the admin. For authors it is a choice."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not is_for_staff(request):
            return self.get_response(request)
        response = self.enrol_first(request) or self.get_response(request)
        add_never_cache_headers(response)
        return response

    def enrol_first(self, request):
        if not (settings.REQUIRE_SECOND_FACTOR and request.path_info.startswith("/admin/")):
            return None
        if not request.user.has_perm(rules.PUBLISH) or is_mfa_enabled(request.user):
            return None
        messages.warning(
            request,
            _(
                "Your role decides what the public reads, so it needs a second factor: add an authenticator app or a "
                "security key here, and keep the recovery codes. Then go on to the register."
            ),
        )
        return redirect("mfa_index")
