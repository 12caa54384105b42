"""Who comes in, and how."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY, TOTP, generate_totp_secret
from django.contrib.auth import get_user

from tests.factories import make_user
from tests.one_time import code_of
from visits.admin.accounts import create_first_staff
from visits.enums import Role
from visits.models import Event, User
from visits.reporting.forms import signer

from .support import PASSWORD, sign_in

pytestmark = pytest.mark.django_db


def prove_it_is_you(client, password):
    """What allauth asks for before anything that guards the account is changed."""
    return client.post("/accounts/reauthenticate/", {"password": password})


def test_the_admin_leads_to_our_sign_in(client):
    response = client.get("/admin/visits/visit/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert "Register of CTED visits" in response.content.decode()
    assert "css/admin.css" in response.content.decode()


def test_staff_sign_in_and_arrive_in_the_admin(client):
    author = make_user(password=PASSWORD)

    response = sign_in(client, author.username)

    assert (response.status_code, response["Location"]) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200


def test_a_wrong_password_signs_nobody_in(client):
    author = make_user(password=PASSWORD)

    response = sign_in(client, author.username, "something else")

    assert response.status_code == 200
    assert get_user(client).is_anonymous


def test_what_is_refused_does_not_tell_whether_there_is_such_an_account(client):
    author = make_user(password=PASSWORD)

    known, unknown = (
        re.sub(rf"{name}|(?<=csrfmiddlewaretoken\" value=\")\w+", "", sign_in(client, name, "wrong").content.decode())
        for name in (author.username, "nobody-of-that-name")
    )

    assert known == unknown
    assert "errorlist" in known


@pytest.mark.parametrize("fields", [{"is_active": False}, {"username": "system", "is_system": True}])
def test_closed_accounts_and_the_system_account_do_not_sign_in(client, fields):
    user = make_user(password=PASSWORD, **fields)
    if user.is_system:
        User.objects.filter(pk=user.pk).delete()
        user = User.objects.system()

    sign_in(client, user.username)

    assert get_user(client).is_anonymous


def test_an_account_that_is_no_staff_is_kept_out_of_the_admin(client):
    client.force_login(make_user(role=None, is_staff=False))

    assert client.get("/admin/", follow=True).status_code == 403


def test_guessing_a_password_is_slowed_down(client):
    author = make_user(password=PASSWORD)

    for _ in range(5):
        sign_in(client, author.username, "a guess")
    response = sign_in(client, author.username)

    assert get_user(client).is_anonymous
    assert "Too many failed login attempts" in response.content.decode()


def test_sign_up_is_closed(client):
    response = client.get("/accounts/signup/")

    assert "Sign-up is closed" in response.content.decode()


def test_posting_to_sign_up_makes_no_account(client):
    fields = {"username": "intruder", "email": "i@example.org", "password1": PASSWORD, "password2": PASSWORD}

    response = client.post("/accounts/signup/", fields)

    assert "Sign-up is closed" in response.content.decode()
    assert not User.objects.filter(username="intruder").exists()


@pytest.mark.parametrize("address", ["email/", "password/reset/", "confirm-email/", "social/signup/", "3rdparty/"])
def test_what_staff_do_not_need_is_not_there(client, address):
    assert client.get(f"/accounts/{address}").status_code == 404


def test_signing_out(client):
    client.force_login(make_user())

    client.post("/admin/logout/")

    assert get_user(client).is_anonymous


DECIDING = [Role.EDITOR, Role.ADMINISTRATOR, None]


def make_deciding(role):
    return make_user(role, is_superuser=role is None)


@pytest.mark.parametrize("role", DECIDING)
def test_who_decides_is_led_to_a_second_factor_where_the_setting_says_so(client, settings, role):
    settings.REQUIRE_SECOND_FACTOR = True
    client.force_login(make_deciding(role))

    for address in ("/admin/", "/admin/visits/visit/", "/admin/visits/edition/1/publish/"):
        response = client.post(address)
        assert (response.status_code, response["Location"]) == (302, "/accounts/2fa/")

    assert "needs a second factor" in client.get("/accounts/2fa/").content.decode()


def test_for_an_author_it_is_a_choice(client, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    client.force_login(make_user(Role.AUTHOR))

    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("role", DECIDING)
def test_an_enrolled_second_factor_opens_the_admin_and_one_given_up_closes_it(client, settings, role):
    settings.REQUIRE_SECOND_FACTOR = True
    user = make_deciding(role)
    factor = TOTP.activate(user, generate_totp_secret())
    client.force_login(user)

    assert client.get("/admin/").status_code == 200
    factor.instance.delete()
    assert client.get("/admin/")["Location"] == "/accounts/2fa/"


@pytest.mark.parametrize("role", DECIDING)
def test_without_the_setting_a_password_is_enough(client, settings, role):
    settings.REQUIRE_SECOND_FACTOR = False
    client.force_login(make_deciding(role))

    assert client.get("/admin/").status_code == 200


def test_signing_in_asks_for_the_enrolled_factor(client):
    author = make_user(password=PASSWORD)
    TOTP.activate(author, generate_totp_secret())

    response = sign_in(client, author.username)

    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert get_user(client).is_anonymous


def test_the_first_staff_are_one_of_each_role():
    made = create_first_staff()

    assert [(username, role) for username, _password, role in made] == [(role, role) for role in Role.values]
    for username, password, role in made:
        user = User.objects.get(username=username)
        assert user.check_password(password)
        assert user.is_staff
        assert not user.is_superuser
        assert [group.name for group in user.groups.all()] == [role]
        assert EmailAddress.objects.get(user=user).verified
    assert len({password for _username, password, _role in made}) == 3
    assert Event.objects.filter(subject__startswith="staff member").count() == 3


def test_first_staff_are_made_only_while_nobody_has_an_account():
    make_user()

    assert create_first_staff() == []


def test_first_staff_can_enrol_a_second_factor(client):
    username, password, _role = create_first_staff()[0]
    sign_in(client, username, password)
    prove_it_is_you(client, password)

    client.get("/accounts/2fa/totp/activate/")
    code = code_of(client.session[SECRET_SESSION_KEY])
    response = client.post("/accounts/2fa/totp/activate/", {"code": code})

    assert response.status_code == 302
    assert Authenticator.objects.filter(user__username=username, type=Authenticator.Type.TOTP).exists()


@pytest.mark.parametrize(
    "address",
    [
        "2fa/",
        "2fa/totp/activate/",
        "2fa/webauthn/",
        "2fa/webauthn/add/",
        "password/change/",
        "notices/",
        "logout/",
        "inactive/",
    ],
)
def test_account_pages_look_like_ours(client, address):
    username, password, _role = create_first_staff()[0]
    sign_in(client, username, password)
    prove_it_is_you(client, password)

    response = client.get(f"/accounts/{address}")

    assert response.status_code == 200
    assert "css/admin.css" in response.content.decode()


def test_a_new_secret_key_signs_nobody_out_while_the_old_one_is_accepted(client, settings):
    author = make_user(password=PASSWORD)
    sign_in(client, author.username)
    old = settings.SECRET_KEY

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a newer key than the one before", [old]
    assert client.get("/admin/").status_code == 200
    # Whoever came meanwhile has what the new key signed.
    settings.SECRET_KEY_FALLBACKS = []
    assert client.get("/admin/").status_code == 200

    settings.SECRET_KEY = "the newest key, and no other is accepted"
    assert client.get("/admin/").status_code == 302


def test_a_form_that_is_open_outlives_a_new_secret_key(settings):
    token, old = signer.sign("open"), settings.SECRET_KEY

    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a newer key than the one before", [old]
    assert type(signer)(salt=signer.salt).unsign(token) == "open"


def test_second_factors_do_not_hang_on_the_secret_key(client, settings):
    author = make_user(password=PASSWORD)
    secret = generate_totp_secret()
    factor = TOTP.activate(author, secret)

    settings.SECRET_KEY = "a newer key, and the old one is not accepted"

    assert factor.validate_code(code_of(secret))
