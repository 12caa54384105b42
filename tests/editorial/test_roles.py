import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from tests.factories import make_edition, make_user
from visits.editorial import roles, rules
from visits.enums import Role
from visits.models import CHILDREN

pytestmark = pytest.mark.django_db

# What each role may do to each model, by the letters below.
TABLE = """
                author  editor  administrator
visit           vac     vac     vac
edition         vac     vacpyw  vacpywfh
document        vac     vac     vacd
translation     vac     vacr    vacr
region          v       v       vac
country         v       v       vac
topic           v       vac     vacd
resolution      v       vac     vacd
body            v       vac     vacd
redaction       -       vay     vay
event           v       v       v
import          va      va      va
user            -       -       vac
email           -       -       v
errorreport     -       vc      vc
searchrow       -       -       -
generation      -       -       -
importeddraft   -       -       -
"""
LETTERS = ("view", "add", "change", "delete", "publish", "review", "withdraw", "force_publish")
ACTIONS = {"-": None, "y": "approve", "h": "withhold"} | {action[0]: action for action in LETTERS}
EVERY_CHILD = "vacd"


def expected(role: Role) -> set[str]:
    header, *rows = (line.split() for line in TABLE.splitlines() if line.strip())
    letters = {model: cells[header.index(role)] for model, *cells in rows}
    letters |= {child._meta.model_name: EVERY_CHILD for child in CHILDREN}
    return {f"{ACTIONS[each]}_{model}" for model, given in letters.items() for each in given if ACTIONS[each]}


def held() -> dict[str, set[str]]:
    return {group.name: set(group.permissions.values_list("codename", flat=True)) for group in Group.objects.all()}


def rows_of_the_groups() -> list:
    return list(Group.permissions.through.objects.order_by("pk").values_list())


def sync():
    roles.sync_roles(apps.get_app_config("visits"))


def test_table_above_names_every_model():
    models = {model._meta.model_name for model in apps.get_app_config("visits").get_models()}
    named = {line.split()[0] for line in TABLE.splitlines()[2:] if line}

    assert named | {child._meta.model_name for child in CHILDREN} == models


def test_groups_hold_exactly_the_table_after_migrate():
    assert held() == {role.value: expected(role) for role in Role}


@pytest.mark.parametrize("role", Role)
def test_every_permission_of_the_table_exists(role):
    known = Permission.objects.filter(content_type__app_label="visits").values_list("codename", flat=True)

    assert roles.permissions_of(role) - set(known) == set()


def test_each_role_has_all_that_the_roles_before_it_have():
    author, editor, administrator = (roles.permissions_of(role) for role in Role)

    assert author < editor < administrator


def test_syncing_twice_changes_nothing():
    before = rows_of_the_groups()

    sync()
    sync()

    assert rows_of_the_groups() == before


def test_migrating_again_changes_nothing():
    before = rows_of_the_groups()

    call_command("migrate", verbosity=0)

    assert rows_of_the_groups() == before


def test_permission_removed_from_the_table_is_removed_from_the_group(monkeypatch):
    without = roles.GRANTS[Role.AUTHOR] | {"document": ("view",)}
    monkeypatch.setitem(roles.GRANTS, Role.AUTHOR, without)

    sync()

    lost = {"add_document", "change_document"}
    assert held() == {role.value: expected(role) - lost for role in Role}


def test_permission_added_to_the_table_is_added_from_that_role_on(monkeypatch):
    monkeypatch.setitem(roles.GRANTS, Role.EDITOR, roles.GRANTS[Role.EDITOR] | {"visit": ("delete",)})

    sync()

    more = {Role.AUTHOR: set(), Role.EDITOR: {"delete_visit"}, Role.ADMINISTRATOR: {"delete_visit"}}
    assert held() == {role.value: expected(role) | more[role] for role in Role}


def test_what_was_given_or_taken_by_hand_is_put_right_and_other_groups_are_left_alone():
    author, other = Group.objects.get(name=Role.AUTHOR), Group.objects.create(name="observers")
    stray = Permission.objects.get(codename="delete_visit")
    author.permissions.set([stray, Permission.objects.get(codename="add_group")])
    other.permissions.set([stray])

    sync()

    assert held() == {role.value: expected(role) for role in Role} | {"observers": {"delete_visit"}}


def test_groups_and_permissions_that_are_missing_are_made():
    Group.objects.all().delete()
    Permission.objects.all().delete()

    sync()

    assert held() == {role.value: expected(role) for role in Role}


def test_members_keep_their_role_over_a_sync():
    author = make_user(Role.AUTHOR)

    sync()

    assert list(author.groups.values_list("name", flat=True)) == [Role.AUTHOR]


def test_every_permission_that_rules_ask_for_is_an_administrators():
    asked = {permission for transition in rules.TRANSITIONS.values() for permission in transition.permissions.values()}
    administrator = {f"visits.{codename}" for codename in roles.permissions_of(Role.ADMINISTRATOR)}

    assert asked | {rules.ADD} <= administrator


def test_an_account_that_was_closed_may_do_nothing():
    edition, former = make_edition(), make_user(Role.ADMINISTRATOR, is_active=False)

    assert rules.available(edition, former) == []
