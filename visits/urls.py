"""What the public reaches, at the same addresses in every language."""

from django.urls import include, path

urlpatterns = [
    path("", include("visits.public.urls")),
    path("", include("visits.opendata.urls")),
    path("", include("visits.reporting.urls")),
]
