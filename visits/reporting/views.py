"""One page: the form, what is wrong with what was sent, or thanks.

Nobody's session is read: whoever makes a reader's browser send the form gains nothing that they could not send
themselves. The token and the origin keep it from being sent unseen from the page of another site all the same.
"""

from functools import partial
from urllib.parse import urlsplit

from allauth.core.ratelimit import consume
from django.conf import settings
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from visits.editorial.reports import receive

from .forms import ReportForm, new_token

AN_HOUR = 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@csrf_exempt
@never_cache
def report(request):
    if request.method != "POST":
        return answer(request, ReportForm(initial={"about": request.GET.get("about", "")}))
    form = ReportForm(request.POST)
    if not is_from_here(request):
        form.add_error(
            None, _("This was sent from a page of another site. Read what stands here, and send it yourself.")
        )
    if not form.is_valid():
        return answer(request, form, status=400)
    sent = {name: form.cleaned_data[name] for name in ("about", "text", "source", "email")}
    # The limits stand in the settings, beside those of signing in.
    limits = partial(consume, request, action="report", key="everybody")
    reference = receive(form.cleaned_data["token"], **sent, language=get_language(), is_within_limits=limits)
    if not reference:
        form.add_error(
            None,
            _("Too many reports came within an hour, so yours was not taken. Send it again later."),
        )
        refused = answer(request, form, status=429)
        refused.headers["Retry-After"] = str(AN_HOUR)
        return refused
    about = sent["about"]
    # No more than a way back into this site.
    back = about if about.startswith("/") and url_has_allowed_host_and_scheme(about, allowed_hosts=None) else ""
    return render(request, "visits/report_sent.html", {"reference": reference, "email": sent["email"], "back": back})


def answer(request, form, status=200):
    context = {"form": form, "token": new_token(), "contact": settings.CONTACT}
    return render(request, "visits/report.html", context, status=status)


def is_from_here(request) -> bool:
    """Browsers say from where a form was sent; what says nothing is no browser."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()
