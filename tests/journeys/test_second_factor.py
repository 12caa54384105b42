"""An editor of a site in production enrols a second factor, and signs in with each kind of it."""

import shutil
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.live import Site, environment_of
from tests.one_time import code_of

from .conftest import patient

pytestmark = pytest.mark.browser

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture(scope="module")
def site(first_start, tmp_path_factory):
    folder, logins = first_start
    copy = shutil.copytree(folder, tmp_path_factory.mktemp("site") / "data")
    with Site(environment_of(copy) | {"REQUIRE_SECOND_FACTOR": "1"}, logins) as running:
        yield running


@pytest.fixture
def page(chromium, site):
    # No browser makes a passkey for a number instead of a name.
    context = patient(chromium.new_context(base_url=site.url.replace("127.0.0.1", "localhost")))
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert complaints == []


def sign_in(page, login):
    """By the form, each time: what comes after it is what this is about."""
    name, password = login
    page.goto("/accounts/login/?next=/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/login/" not in address)


def prove_it_is_you(page, login):
    page.get_by_label("Password").fill(login[1])
    page.get_by_role("button", name="Confirm").click()


def sign_out(page):
    page.goto("/accounts/logout/")
    page.locator("main").get_by_role("button").click()


def test_an_editor_enrols_and_signs_in_with_a_code_a_recovery_code_and_a_passkey(site, page):
    sign_in(page, site.logins["editor"])
    page.goto("/admin/visits/visit/")
    expect(page.get_by_text("it needs a second factor")).to_be_visible()

    page.get_by_role("link", name="Activate").click()
    prove_it_is_you(page, site.logins["editor"])
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Activate").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download codes").click()
    codes = download.value.path().read_text().split()
    assert len(codes) == 10
    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Work on the register")).to_be_visible()

    sign_out(page)
    sign_in(page, site.logins["editor"])
    page.get_by_label("Code").fill(codes[0])
    page.get_by_role("button", name="Sign In").click()
    expect(page.get_by_role("heading", name="Work on the register")).to_be_visible()

    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    page.goto("/accounts/2fa/webauthn/add/")
    prove_it_is_you(page, site.logins["editor"])
    page.get_by_label("Passwordless").check()
    page.locator("#mfa_webauthn_add").click()
    page.wait_for_url(lambda address: "/add/" not in address)
    sign_out(page)
    page.goto("/accounts/login/?next=/admin/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Work on the register")).to_be_visible()
    assert urlsplit(page.url).path == "/admin/"


def test_an_author_is_not_kept_waiting(site, page):
    sign_in(page, site.logins["author"])

    page.goto("/admin/")
    expect(page.get_by_role("heading", name="Work on the register")).to_be_visible()
