"""What is said when something cannot be answered at all."""

import re
from urllib.parse import unquote

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from tests.crawler import Browser
from visits.public import views


def test_the_page_for_our_own_faults_needs_no_database(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = views.server_error(RequestFactory().get("/visits/"))

    assert (page.status_code, "Nothing you sent was changed" in page.text) == (500, True)


def test_a_fault_of_ours_answers_500_in_the_language_of_the_page(db, monkeypatch):
    def broken(*args):
        raise RuntimeError

    monkeypatch.setattr("visits.catalogue.history.current", broken)

    page = Client(raise_request_exception=False).get("/ar/visits/denmark-2018/")

    assert page.status_code == 500
    assert '<html lang="ar" dir="rtl">' in page.text


def test_a_foreign_host_name_is_refused_and_not_repeated(client):
    page = client.get("/visits/", headers={"host": "evil.example"})

    assert (page.status_code, "evil.example" in page.text) == (400, False)


PROBLEM = "application/problem+json"


@pytest.mark.parametrize(
    ("address", "media"),
    [("/visits/", "text/html; charset=utf-8"), ("/visits.csv", PROBLEM), ("/api/v1/visits/", PROBLEM)],
)
def test_more_parameters_than_are_read_are_refused_and_not_repeated(db, address, media):
    answer = Browser().get(f"{address}?{'a&' * 10_001}")

    assert (answer.status, answer.headers["Content-Type"]) == (400, media)
    assert len(answer.content) < 10_000


@pytest.mark.parametrize("start", ["//", "/fr//", "/%5C", "/fr/%5C", "/%09/", "/ar///"])
def test_no_link_of_a_page_that_does_not_exist_leads_to_another_site(db, start):
    page = Browser().get("", PATH_INFO=unquote(f"{start}evil.example/"))

    assert page.status == 404
    links = re.findall(r'href="([^"]*evil\.example[^"]*)"', page.body)
    assert len(links) == 6
    assert [link for link in links if re.match(r"/[/\\\s]", link)] == []


@pytest.mark.parametrize("status", ["400", "403", "404", "500", "not_saved"])
def test_error_pages_are_whole_pages_in_every_direction(status):
    for language, direction in (("en", "ltr"), ("ar", "rtl")):
        with translation.override(language):
            page = views.render(RequestFactory().get("/"), f"{status}.html").text
        assert f'<html lang="{language}" dir="{direction}">' in page
        assert page.count("<h1>") == 1


def test_a_form_without_its_token_is_refused_in_a_page_of_ours(db):
    page = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "author", "password": "x"})

    assert (page.status_code, "<style" in page.text, "You may not do this" in page.text) == (403, False, True)
