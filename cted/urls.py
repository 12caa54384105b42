from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from visits.opendata.urls import in_no_language
from visits.ops import health
from visits.public import sitemaps, wellknown

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("cted.accounts_urls")),
    # For programs, in no language.
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("robots.txt", wellknown.robots, name="robots"),
    path(".well-known/security.txt", wellknown.security, name="security"),
    path("api/v1/", include("visits.opendata.api.urls")),
    path("sitemap.xml", sitemaps.sitemap, name="sitemap"),
    path("sitemap-pages.xml", sitemaps.sitemap_of_pages, name="sitemap-pages"),
    path("sitemap-visits-<int:share>.xml", sitemaps.sitemap_of_visits, name="sitemap-visits"),
    *in_no_language,
    # English has no prefix; the five other languages have one.
    *i18n_patterns(path("", include("visits.urls")), prefix_default_language=False),
]

handler400 = "cted.not_saved.bad_request"
handler403 = "visits.public.views.forbidden"
handler404 = "cted.errors.not_found"
handler500 = "cted.outage.server_error"
