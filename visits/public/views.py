"""The public site: each view asks the catalogue for a page and renders it. None of them can reach a draft."""

from functools import wraps

from django.conf import settings
from django.http import Http404, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from visits.catalogue import assistance, history, names, packages, statistics, terms, universe
from visits.catalogue import countries as states
from visits.catalogue.corrections import Corrections
from visits.catalogue.findings import FindingList
from visits.catalogue.listing import Listing
from visits.catalogue.quality import quality
from visits.catalogue.tables import tables
from visits.exceptions import Consolidated, InvalidParameters, NotPublished, Withdrawn, Withheld

from . import charts, formats, jsonld
from .head import head, origin_of

LATEST = 6
LONGEST_QUESTION = 100
KINDS_OF_TERM = {
    "country": _("State"),
    "region": _("Region"),
    "topic": _("Topic"),
    "body": _("Body"),
    "resolution": _("Resolution"),
}


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
        except Withheld as gone:
            return render(request, "visits/withheld.html", {"notice": gone.data["notice"]}, status=410)
        except Consolidated as moved:
            answered = redirect("visit", moved.data["slug"], permanent=True)
            # Published again, the visit stands for itself: no browser may keep this.
            answered.headers["Cache-Control"] = "max-age=0, must-revalidate"
            return answered
        except InvalidParameters as refused:
            return render(request, "visits/invalid_list.html", refused.data, status=400)

    return answer


def show(request, template, context, *nodes, **said):
    """The page, with what its head tells search engines: see `head`."""
    return render(request, template, context | {"head": head(request, *nodes, **said)})


@public_page
def home(request):
    latest = Listing(QueryDict(f"page_size={LATEST}"))
    context = {"latest": latest.cards, "count": statistics.count(latest.index), "blocks": universe.tile_map()}
    return show(request, "visits/home.html", context, *jsonld.home(request))


@public_page
def visits(request):
    listing = Listing(request.GET)
    query, count = listing.canonical_query, statistics.count(listing.index)
    nodes = () if query else jsonld.visits(request, count)
    context = {"listing": listing, "count": count, "taking": formats.taking("visits", listing)}
    return show(request, "visits/list.html", context, *nodes, query=query)


@public_page
def visit(request, slug):
    page = history.current(slug)
    nodes = jsonld.visit(request, page)
    return show(request, "visits/visit.html", {"page": page}, *nodes, languages=page.languages)


@public_page
def editions(request, slug):
    return show(request, "visits/editions.html", {"history": history.history(slug)}, is_listed=False)


@public_page
def edition(request, slug, number):
    context = {"page": history.fixed(slug, number), "is_fixed": True}
    return show(request, "visits/visit.html", context, is_listed=False)


@public_page
def changes(request, slug, number):
    return show(request, "visits/changes.html", {"changes": history.changes(slug, number)}, is_listed=False)


@public_page
def findings(request):
    listing = FindingList(request.GET)
    context = {"listing": listing, "assistance": assistance.table(listing)}
    context["taking"] = formats.taking("findings", listing)
    return show(request, "visits/findings.html", context, query=listing.canonical_query)


@public_page
def finding(request, uid):
    slug, number = history.place_of_finding(uid)
    page = reverse("edition", args=[slug, number]) if number else reverse("visit", args=[slug])
    return redirect(f"{page}#finding-{uid}")


@public_page
def countries(request):
    try:
        found = universe.all_states(request.GET)
        return show(request, "visits/countries.html", {"states": found}, query=found.query)
    except InvalidParameters as refused:
        return render(request, "visits/invalid_states.html", refused.data, status=400)


@public_page
def country(request, key):
    page = states.country_page(key)
    if page.key != key:
        return redirect("country", page.key, permanent=True)
    return show(request, "visits/country.html", {"page": page}, *jsonld.country(request, page))


def term_views(vocabulary, route, routes):
    """The list of a vocabulary's terms, and the page of one of them."""

    @public_page
    def every(request):
        return show(request, f"visits/{routes}.html", {"entries": vocabulary.entries(), "route": route})

    @public_page
    def one(request, key):
        term = vocabulary.page(key)
        if term.key != str(key):
            return redirect(route, term.key, permanent=True)
        nodes = jsonld.TERMS[route](request, term)
        return show(request, f"visits/{route}.html", {"term": term, "route": route}, *nodes)

    return every, one


topics, topic = term_views(terms.TOPICS, "topic", "topics")
resolutions, resolution = term_views(terms.RESOLUTIONS, "resolution", "resolutions")
bodies, body = term_views(terms.BODIES, "body", "bodies")


@public_page
def numbers(request):
    counted = tables()
    dated = [row for row in counted.years if row.is_recorded]
    context = {
        "count": statistics.count(),
        "tables": counted,
        "chart": charts.columns(dated, mirrored=get_language_bidi()),
        "years": charts.strips(counted.years),
        "regions": charts.strips(counted.regions),
        "kinds": charts.strips(counted.kinds),
    }
    return show(request, "visits/statistics.html", context)


@public_page
def corrections(request):
    listing = Corrections(request.GET)
    return show(request, "visits/corrections.html", {"listing": listing}, query=listing.canonical_query)


@public_page
def data(request):
    package, count = packages.offered(), statistics.count()
    context = {
        "count": count,
        "quality": quality(),
        "visits": formats.taking("visits"),
        "findings": formats.taking("findings"),
        "snippets": formats.snippets("visits", origin_of(request)),
        "package": package,
        "everything": package and package.of_kind("everything"),
    }
    return show(request, "visits/data.html", context, *jsonld.data(request, count))


def use(route, listing_class):
    """How programs ask for that list, as the query filters it."""

    @public_page
    def page(request):
        listing = listing_class(request.GET)
        query = f"?{listing.canonical_query}" if listing.canonical_query else ""
        context = {
            "route": route,
            "listing": listing,
            "query": query,
            "taking": formats.taking(route, listing),
            "snippets": formats.snippets(route, origin_of(request), listing),
        }
        return show(request, "visits/use.html", context, query=listing.canonical_query, is_listed=False)

    return page


use_visits, use_findings = use("visits", Listing), use("findings", FindingList)


@public_page
def about(request):
    return show(request, "visits/about.html", {"count": statistics.count(), "contact": settings.CONTACT})


@public_page
def accessibility(request):
    return show(request, "visits/accessibility.html", {"contact": settings.CONTACT})


@public_page
def suggestions(request):
    """What somebody typing into the search box may be after, as OpenSearch wants it told: browsers ask here too."""
    typed = request.GET.get("q", "")[:LONGEST_QUESTION]
    found = names.current().suggest(typed)
    columns = (
        [str(suggestion) for suggestion in found],
        [str(KINDS_OF_TERM[suggestion.group]) for suggestion in found],
        [request.build_absolute_uri(address_of(suggestion)) for suggestion in found],
    )
    return JsonResponse([typed, *columns], safe=False, content_type="application/x-suggestions+json")


def address_of(suggestion) -> str:
    # A region has no page of its own.
    if suggestion.group == "region":
        return f"{reverse('visits')}?region={suggestion.key}"
    return reverse(suggestion.group, args=[suggestion.key])


@public_page
def opensearch(request):
    addresses = {name: request.build_absolute_uri(reverse(name)) for name in ("visits", "suggestions", "opensearch")}
    content_type = "application/opensearchdescription+xml"
    return render(request, "visits/opensearch.xml", {"addresses": addresses}, content_type=content_type)


def bad_request(request, exception):
    return render(request, "400.html", status=400)


def forbidden(request, exception=None, reason=""):
    """Also what a form without its token is answered with; the reason is for the log."""
    return render(request, "403.html", status=403)


def not_found(request, exception):
    return render(request, "404.html", status=404)


def server_error(request):
    return render(request, "500.html", status=500)
