"""Nobody is given a session that somebody else knows, learns who has an account, or may guess as often as they like."""

import pytest
from allauth.account import app_settings
from django.conf import settings
from django.contrib.auth import get_user
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client, override_settings

from tests.admin.support import PASSWORD, sign_in
from tests.factories import make_user
from visits.enums import Role

pytestmark = pytest.mark.django_db

OTHER, WRONG = "another long enough password", "a guess"


def key_of(client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def test_a_session_that_was_there_before_signing_in_is_not_the_one_after():
    author, client = make_user(password=PASSWORD), Client()
    session = client.session
    session["planted"] = "by somebody who knows the key"
    session.save()
    before = key_of(client)

    sign_in(client, author.username)

    assert get_user(client) == author
    assert key_of(client) != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_made_up_key_is_not_taken_over():
    author, client = make_user(password=PASSWORD), Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32

    sign_in(client, author.username)

    assert get_user(client) == author
    assert key_of(client) != "a" * 32


def test_signing_out_ends_the_session_for_whoever_kept_its_key():
    author, client, kept = make_user(password=PASSWORD), Client(), Client()
    sign_in(client, author.username)
    kept.cookies = client.cookies.copy()

    client.post("/accounts/logout/")

    assert get_user(kept).is_anonymous


def change_own(author, client):
    typed = {"oldpassword": PASSWORD, "password1": OTHER, "password2": OTHER}
    return client.post("/accounts/password/change/", typed)


def change_of_another(author, client):
    administrator = Client()
    administrator.force_login(make_user(Role.ADMINISTRATOR))
    typed = {"password1": OTHER, "password2": OTHER, "usable_password": "true"}
    return administrator.post(f"/admin/visits/user/{author.pk}/password/", typed)


@pytest.mark.parametrize(("change", "stays"), [(change_own, True), (change_of_another, False)])
def test_a_changed_password_ends_the_other_sessions(change, stays):
    author, here, elsewhere = make_user(password=PASSWORD), Client(), Client()
    for client in (here, elsewhere):
        sign_in(client, author.username)

    assert change(author, here).status_code == 302

    author.refresh_from_db()
    assert author.check_password(OTHER)
    assert get_user(elsewhere).is_anonymous
    assert elsewhere.get("/admin/").status_code == 302
    assert get_user(here).is_anonymous is not stays


@pytest.mark.parametrize("taken", ["is_active", "is_staff", "groups"])
def test_who_loses_access_loses_it_at_once(taken):
    author, client = make_user(password=PASSWORD), Client()
    sign_in(client, author.username)
    assert client.get("/admin/visits/visit/").status_code == 200

    if taken == "groups":
        author.groups.clear()
    else:
        setattr(author, taken, False)
        author.save()

    assert client.get("/admin/visits/visit/").status_code in (302, 403)


def answer_to(username: str, monkeypatch) -> tuple:
    """What somebody learns who tries a wrong password: the answer, its headers, and how often one was worked out."""
    worked_out = []
    hasher = "django.contrib.auth.hashers.MD5PasswordHasher.encode"
    original = make_password.__globals__["get_hasher"]().encode.__func__

    def encode(self, password, salt):
        worked_out.append(password)
        return original(self, password, salt)

    with monkeypatch.context() as patch:
        patch.setattr(hasher, encode)
        client = Client()
        response = sign_in(client, username, "a wrong password")
    headers = {name: value for name, value in response.headers.items() if name not in ("Expires", "Content-Length")}
    return response.status_code, sorted(headers), sorted(client.cookies), len(worked_out)


def test_an_account_that_exists_costs_and_answers_as_one_that_does_not(monkeypatch):
    known, closed = make_user(password=PASSWORD), make_user(password=PASSWORD, is_active=False)

    of_known, of_closed = answer_to(known.username, monkeypatch), answer_to(closed.username, monkeypatch)

    assert of_known == of_closed == answer_to("nobody-of-that-name", monkeypatch)
    assert of_known[-1] > 0


def tried(username, times: int, password=WRONG, **headers):
    for _ in range(times):
        response = sign_in(Client(), username, password, **headers)
    return response


def test_guesses_are_counted_where_all_workers_see_them():
    """Memory of one worker would give a guesser as many tries as there are workers."""
    assert settings.CACHES["default"]["BACKEND"] == "cted.caches.Database"
    author = make_user(password=PASSWORD)

    tried(author.username, 5)
    assert "Too many failed" in tried(author.username, 1, PASSWORD).text
    cache.clear()
    assert tried(author.username, 1, PASSWORD).status_code == 302


def test_a_name_is_guarded_whoever_guesses_and_however_it_is_written():
    author = make_user(password=PASSWORD)

    for number in range(5):
        client = Client(REMOTE_ADDR=f"192.0.2.{number}")
        sign_in(client, author.username.upper() if number % 2 else f" {author.username} ", "a guess")

    assert "Too many failed" in tried(author.username, 1, PASSWORD).text


def test_an_address_is_guarded_whatever_names_it_tries_and_whatever_it_says_of_itself():
    author = make_user(password=PASSWORD)

    for number in range(10):
        forged = {
            "X-Forwarded-For": f"192.0.2.{number}",
            "X-Real-IP": f"192.0.2.{number}",
            "Forwarded": f"for={number}",
        }
        tried(f"somebody-{number}", 1, **forged)

    assert "Too many failed" in tried(author.username, 1, PASSWORD, **{"X-Forwarded-For": "198.51.100.1"}).text


@override_settings(ALLAUTH_TRUSTED_PROXY_COUNT=1)
def test_behind_a_proxy_only_its_own_word_counts_for_the_address():
    author = make_user(password=PASSWORD)

    for number in range(10):
        tried(f"somebody-{number}", 1, **{"X-Forwarded-For": f"192.0.2.{number}, 203.0.113.7"})

    assert "Too many failed" in tried(author.username, 1, PASSWORD, **{"X-Forwarded-For": "9.9.9.9, 203.0.113.7"}).text
    assert tried(author.username, 1, PASSWORD, **{"X-Forwarded-For": "203.0.113.7, 203.0.113.8"}).status_code == 302


def test_passwords_are_stretched_and_the_limits_are_there():
    from cted import settings as of_site

    assert not hasattr(of_site, "PASSWORD_HASHERS")
    assert {"login", "login_failed", "report"} <= set(app_settings.RATE_LIMITS)
    assert of_site.SESSION_COOKIE_HTTPONLY
    assert of_site.SESSION_COOKIE_AGE <= 24 * 60 * 60
