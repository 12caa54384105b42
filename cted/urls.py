from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", admin.site.urls),
    path("accounts/", include("cted.accounts_urls")),
    # English has no prefix; the five other languages have one.
    *i18n_patterns(path("", include("visits.urls")), prefix_default_language=False),
]

handler400 = "visits.public.views.bad_request"
handler403 = "visits.public.views.forbidden"
handler404 = "visits.public.views.not_found"
handler500 = "visits.public.views.server_error"
