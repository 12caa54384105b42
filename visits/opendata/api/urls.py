"""The addresses of the API, in no language: `lang` says in which one to answer."""

from django.urls import path

from . import docs, views

urlpatterns = [
    path("", views.Index.as_view(), name="api"),
    path("visits/", views.Visits.as_view(), name="api-visits"),
    path("visits/<slug:slug>/", views.Visit.as_view(), name="api-visit"),
    path("editions/", views.Editions.as_view(), name="api-editions"),
    path("editions/<slug:slug>/<int:number>/", views.Edition.as_view(), name="api-edition"),
    path("findings/", views.Findings.as_view(), name="api-findings"),
    path("findings/<uuid:uid>/", views.Finding.as_view(), name="api-finding"),
    path("countries/", views.Countries.as_view(), name="api-countries"),
    path("countries/<slug:key>/", views.Country.as_view(), name="api-country"),
    path("topics/", views.Topics.as_view(), name="api-topics"),
    path("topics/<slug:key>/", views.Topic.as_view(), name="api-topic"),
    path("resolutions/", views.Resolutions.as_view(), name="api-resolutions"),
    path("resolutions/<int:key>/", views.Resolution.as_view(), name="api-resolution"),
    path("bodies/", views.Bodies.as_view(), name="api-bodies"),
    path("bodies/<slug:key>/", views.Body.as_view(), name="api-body"),
    path("facets/", views.Facets.as_view(), name="api-facets"),
    path("changes/", views.Changes.as_view(), name="api-changes"),
    path("schema/", docs.Schema.as_view(), name="api-schema"),
    path("docs/", docs.page, name="api-docs"),
]
