"""The addresses of section 5 of the design: a contract with everybody who links here."""

from django.urls import path, register_converter

from . import views


class Iso3Converter:
    regex = "[A-Za-z]{3}"

    def to_python(self, value):
        return value.upper()

    def to_url(self, value):
        return value.lower()


register_converter(Iso3Converter, "iso3")

urlpatterns = [
    path("", views.home, name="home"),
    path("visits/", views.visits, name="visits"),
    path("visits/<slug:slug>/", views.visit, name="visit"),
    path("visits/<slug:slug>/editions/", views.editions, name="editions"),
    path("visits/<slug:slug>/editions/<int:number>/", views.edition, name="edition"),
    path("visits/<slug:slug>/editions/<int:number>/changes/", views.changes, name="changes"),
    path("findings/", views.findings, name="findings"),
    path("findings/<uuid:uid>/", views.finding, name="finding"),
    path("countries/", views.countries, name="countries"),
    path("countries/<iso3:key>/", views.country, name="country"),
    path("topics/", views.topics, name="topics"),
    path("topics/<slug:key>/", views.topic, name="topic"),
    path("resolutions/", views.resolutions, name="resolutions"),
    path("resolutions/<int:key>/", views.resolution, name="resolution"),
    path("bodies/", views.bodies, name="bodies"),
    path("bodies/<slug:key>/", views.body, name="body"),
    path("statistics/", views.numbers, name="statistics"),
    path("data/", views.data, name="data"),
    path("data/visits/", views.use_visits, name="use-visits"),
    path("data/findings/", views.use_findings, name="use-findings"),
    path("corrections/", views.corrections, name="corrections"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("suggestions/", views.suggestions, name="suggestions"),
    path("opensearch.xml", views.opensearch, name="opensearch"),
]
