"""Accounts and roles: administrators give roles, and nobody rises above them."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.urls import NoReverseMatch, reverse

from tests.factories import make_user
from visits.enums import Role, Verb
from visits.models import Event, Topic, User

from .support import filled, text

pytestmark = pytest.mark.django_db

PASSWORD = "a long enough password"


@pytest.fixture
def administrator(client):
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def change(user) -> str:
    return f"/admin/visits/user/{user.pk}/change/"


def group(role) -> Group:
    return Group.objects.get(name=role.value)


def test_an_administrator_adds_an_author(client, administrator):
    address = "/admin/visits/user/add/"
    typed = {"username": "ines", "password1": PASSWORD, "password2": PASSWORD, "email": "Ines@Example.org"}

    response = client.post(address, filled(client.get(address), groups=[group(Role.AUTHOR).pk], **typed))

    assert response.status_code == 302
    user = User.objects.get(username="ines")
    assert (user.is_staff, user.is_superuser, user.email) == (True, False, "ines@example.org")
    assert [held.name for held in user.groups.all()] == ["author"]
    assert EmailAddress.objects.get(user=user).verified
    event = Event.objects.get(verb=Verb.CHANGE_RECORD)
    assert event.actor == administrator
    assert {"field": "groups", "old": None, "new": ["author"]} in event.changes
    assert PASSWORD not in str(event.changes)
    assert user.password not in str(event.changes)


def test_a_role_that_is_given_or_taken_is_recorded(client, administrator):
    user = make_user(Role.AUTHOR)

    client.post(change(user), filled(client.get(change(user)), groups=[group(Role.EDITOR).pk]))

    assert Event.objects.latest("pk").changes == [{"field": "groups", "old": ["author"], "new": ["editor"]}]


@pytest.mark.parametrize("of_self", [True, False])
def test_nobody_becomes_a_superuser_by_forged_fields(client, administrator, of_self):
    user = administrator if of_self else make_user(Role.AUTHOR)
    permission = Permission.objects.first()
    forged = {"is_superuser": "on", "is_system": "on", "user_permissions": [permission.pk]}

    client.post(change(user), filled(client.get(change(user)), first_name="Forged", **forged))

    user.refresh_from_db()
    assert user.first_name == "Forged"
    assert (user.is_superuser, user.is_system, user.user_permissions.count()) == (False, False, 0)


def test_a_new_account_is_no_superuser_by_forged_fields(client, administrator):
    address = "/admin/visits/user/add/"
    typed = {"username": "ines", "password1": PASSWORD, "password2": PASSWORD, "is_superuser": "on"}

    client.post(address, filled(client.get(address), **typed))

    assert not User.objects.get(username="ines").is_superuser


def test_only_the_groups_of_roles_can_be_given(client, administrator):
    user = make_user(Role.AUTHOR)
    other = Group.objects.create(name="everything")

    response = client.post(change(user), filled(client.get(change(user)), groups=[other.pk]))

    assert "everything" not in text(client.get(change(user)))
    assert response.status_code == 200
    assert [held.name for held in user.groups.all()] == ["author"]


@pytest.mark.parametrize("target", ["superuser", "system"])
def test_superusers_and_the_system_account_are_out_of_reach(client, administrator, target):
    user = make_user(None, username="root", is_superuser=True) if target == "superuser" else User.objects.system()
    before = User.objects.filter(pk=user.pk).values().get()

    assert client.get(change(user)).status_code == 200
    assert 'name="username"' not in text(client.get(change(user)))
    assert client.post(change(user), {"username": "taken"}).status_code == 403
    typed = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}
    assert client.post(f"/admin/visits/user/{user.pk}/password/", typed).status_code == 403
    assert client.post(f"/admin/visits/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=user.pk).values().get() == before


def test_even_a_superuser_leaves_the_system_account_alone(client):
    client.force_login(make_user(None, is_superuser=True))

    assert client.post(change(User.objects.system()), {"username": "taken"}).status_code == 403


@pytest.mark.parametrize("role", [Role.AUTHOR, Role.EDITOR, None])
def test_only_administrators_see_accounts(client, role):
    user = make_user(role)
    client.force_login(user)

    assert client.get("/admin/visits/user/").status_code == 403
    assert client.get(change(user)).status_code == 403
    assert client.post(change(user), {"groups": [group(Role.ADMINISTRATOR).pk]}).status_code == 403


@pytest.mark.parametrize("typed", [{"groups": []}, {"is_active": None}, {"is_staff": None}])
def test_administrators_do_not_lock_themselves_out(client, administrator, typed):
    response = client.post(change(administrator), filled(client.get(change(administrator)), **typed))

    assert "You cannot take away your own access" in text(response)
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.is_staff
    assert administrator.groups.exists()


def test_a_closed_account_is_kept(client, administrator):
    user = make_user(Role.AUTHOR)

    client.post(change(user), filled(client.get(change(user)), is_active=None))

    user.refresh_from_db()
    assert not user.is_active
    assert client.post(f"/admin/visits/user/{user.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_password_set_for_another_is_recorded_without_it(client, administrator):
    user = make_user(Role.AUTHOR)
    typed = {"password1": PASSWORD, "password2": PASSWORD, "usable_password": "true"}

    client.post(f"/admin/visits/user/{user.pk}/password/", typed)

    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    event = Event.objects.latest("pk")
    assert (event.actor, event.changes) == (administrator, [{"field": "password", "old": None, "new": None}])


def test_an_address_belongs_to_one_account(client, administrator):
    make_user(Role.AUTHOR, email="ines@example.org")
    user = make_user(Role.AUTHOR)

    response = client.post(change(user), filled(client.get(change(user)), email="INES@example.org"))

    assert "Another account has this address already." in text(response)


def test_a_changed_address_is_trusted_and_the_old_one_forgotten(client, administrator):
    user = make_user(Role.AUTHOR)
    for email in ("first@example.org", "second@example.org"):
        client.post(change(user), filled(client.get(change(user)), email=email))

    assert [(held.email, held.verified) for held in EmailAddress.objects.filter(user=user)] == [
        ("second@example.org", True)
    ]


@pytest.mark.parametrize("name", ["auth_group", "account_emailaddress", "mfa_authenticator"])
def test_groups_addresses_and_factors_have_no_page(name):
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{name}_changelist")


@pytest.mark.parametrize("count", [1, 4])
def test_the_list_of_accounts_takes_nine_queries(client, administrator, count, django_assert_num_queries):
    for _ in range(count):
        make_user(Role.AUTHOR)

    with django_assert_num_queries(9):
        client.get("/admin/visits/user/")


def test_staff_work_in_the_language_of_their_browser(client, administrator):
    page = client.get("/admin/", headers={"accept-language": "ar"})

    assert 'lang="ar" dir="rtl"' in text(page)
    assert client.get("/", headers={"accept-language": "ar"}).headers["Content-Language"] == "en"


def test_events_call_a_record_the_same_whatever_language_its_author_works_in(client, administrator):
    topic = Topic.objects.create(slug="border-management", name_en="Border management", name_ar="إدارة الحدود")
    address = f"/admin/visits/topic/{topic.pk}/change/"
    client.post(address, filled(client.get(address)) | {"name_ar": "ضبط الحدود"}, headers={"accept-language": "ar"})

    event = Event.objects.latest("pk")
    assert event.subject == "topic: Border management"
    fields = {change["field"] for change in event.changes}
    assert "name_ar" in fields
    assert "name" not in fields
