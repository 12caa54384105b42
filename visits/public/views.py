"""The public site: each view asks the catalogue for a page and renders it. None of them can reach a draft."""

from functools import wraps

from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from visits.catalogue import assistance, history, statistics, terms
from visits.catalogue import countries as states
from visits.catalogue.findings import FindingList
from visits.catalogue.listing import Listing
from visits.exceptions import InvalidParameters, NotPublished, Withdrawn

LATEST = 6


def public_page(view):
    """Answer GET and HEAD; say 404, 410 or 400 in a page of the site where the catalogue has nothing to show."""

    @require_safe
    @wraps(view)
    def answer(request, *args, **kwargs):
        try:
            return view(request, *args, **kwargs)
        except NotPublished as absent:
            raise Http404(absent.sentence) from absent
        except Withdrawn as gone:
            return render(request, "visits/withdrawn.html", {"notice": gone.data["notice"]}, status=410)
        except InvalidParameters as refused:
            return render(request, "visits/invalid_list.html", refused.data, status=400)

    return answer


@public_page
def home(request):
    latest = Listing(QueryDict())
    context = {"latest": latest.cards[:LATEST], "count": statistics.count(latest.index)}
    return render(request, "visits/home.html", context)


@public_page
def visits(request):
    listing = Listing(request.GET)
    return render(request, "visits/list.html", {"listing": listing, "count": statistics.count(listing.index)})


@public_page
def visit(request, slug):
    return render(request, "visits/visit.html", {"page": history.current(slug)})


@public_page
def editions(request, slug):
    return render(request, "visits/editions.html", {"history": history.history(slug)})


@public_page
def edition(request, slug, number):
    return render(request, "visits/visit.html", {"page": history.fixed(slug, number), "is_fixed": True})


@public_page
def changes(request, slug, number):
    return render(request, "visits/changes.html", {"changes": history.changes(slug, number)})


@public_page
def findings(request):
    listing = FindingList(request.GET)
    return render(request, "visits/findings.html", {"listing": listing, "assistance": assistance.table(listing)})


@public_page
def finding(request, uid):
    slug, number = history.place_of_finding(uid)
    page = reverse("edition", args=[slug, number]) if number else reverse("visit", args=[slug])
    return redirect(f"{page}#finding-{uid}")


@public_page
def countries(request):
    return render(request, "visits/countries.html", {"states": states.all_states()})


@public_page
def country(request, key):
    return render(request, "visits/country.html", {"page": states.country_page(key)})


def term_views(vocabulary, route, routes):
    """The list of a vocabulary's terms, and the page of one of them."""

    @public_page
    def every(request):
        return render(request, f"visits/{routes}.html", {"entries": vocabulary.entries(), "route": route})

    @public_page
    def one(request, key):
        return render(request, f"visits/{route}.html", {"term": vocabulary.page(key), "route": route})

    return every, one


topics, topic = term_views(terms.TOPICS, "topic", "topics")
resolutions, resolution = term_views(terms.RESOLUTIONS, "resolution", "resolutions")
bodies, body = term_views(terms.BODIES, "body", "bodies")


@public_page
def about(request):
    return render(request, "visits/about.html", {"count": statistics.count()})


def bad_request(request, exception):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None, reason=""):
    """Also what a form without its token is answered with; the reason is for the log."""
    return render(request, "403.html", status=403)


def not_found(request, exception):
    return render(request, "404.html", status=404)


def server_error(request):
    return render(request, "500.html", status=500)
