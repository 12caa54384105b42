"""Every address of the admin and of signing in, for everybody who may ask for it, taken from the URL configuration."""

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from tests.crawler import routes
from tests.examples import body, document, resolution, topic
from tests.factories import make_edition, make_region, make_user, translate
from visits.editorial import redaction
from visits.enums import Role, State, TranslationState, Verb
from visits.models import Email, ErrorReport, Event

from .support import imported_draft

pytestmark = pytest.mark.django_db

TABLE = """
                                        anonymous      author         editor         administrator  superuser
index                                   302/302        200/200        200/200        200/200        200/200
login                                   302/302        302/200        302/200        302/200        302/200
logout                                  302/302        405/302        405/302        405/302        405/302
password_change                         302/302        200/200        200/200        200/200        200/200
password_change_done                    302/302        200/405        200/405        200/405        200/405
autocomplete                            302/302        200/405        200/405        200/405        200/405
jsi18n                                  302/302        200/405        200/405        200/405        200/405
view_on_site                            302/302        404/404        404/404        404/404        404/404
visits_import_undo                      302/302        403/403        200/409        200/409        200/409
visits_import_export                    302/302        200/405        200/405        200/405        200/405
visits_import_changelist                302/302        200/200        200/200        200/200        200/200
visits_import_add                       302/302        200/200        200/200        200/200        200/200
visits_import_history                   302/302        200/200        200/200        200/200        200/200
visits_import_delete                    302/302        403/403        403/403        403/403        403/403
visits_import_change                    302/302        200/409        200/409        200/409        200/409
/admin/visits/import/{object_id}/       302/302        302/302        302/302        302/302        302/302
visits_event_changelist                 302/302        200/200        200/200        200/200        200/200
visits_event_export                     302/302        200/405        200/405        200/405        200/405
visits_event_add                        302/302        403/403        403/403        403/403        403/403
visits_event_history                    302/302        200/200        200/200        200/200        200/200
visits_event_delete                     302/302        403/403        403/403        403/403        403/403
visits_event_change                     302/302        200/403        200/403        200/403        200/403
/admin/visits/event/{object_id}/        302/302        302/302        302/302        302/302        302/302
visits_errorreport_take-up              302/302        403/403        200/409        200/409        200/409
visits_errorreport_answer               302/302        403/403        200/409        200/409        200/409
visits_errorreport_dismiss              302/302        403/403        200/409        200/409        200/409
visits_errorreport_changelist           302/302        403/403        200/200        200/200        200/200
visits_errorreport_export               302/302        403/403        200/405        200/405        200/405
visits_errorreport_add                  302/302        403/403        403/403        403/403        403/403
visits_errorreport_history              302/302        403/403        200/200        200/200        200/200
visits_errorreport_delete               302/302        403/403        403/403        403/403        403/403
visits_errorreport_change               302/302        403/403        200/403        200/403        200/403
/admin/visits/errorreport/{object_id}/  302/302        302/302        302/302        302/302        302/302
visits_email_changelist                 302/302        403/403        403/403        200/200        200/200
visits_email_export                     302/302        403/403        403/403        200/405        200/405
visits_email_add                        302/302        403/403        403/403        403/403        403/403
visits_email_history                    302/302        403/403        403/403        200/200        200/200
visits_email_delete                     302/302        403/403        403/403        403/403        403/403
visits_email_change                     302/302        403/403        403/403        200/403        200/403
/admin/visits/email/{object_id}/        302/302        302/302        302/302        302/302        302/302
visits_translation_changelist           302/302        200/200        200/200        200/200        200/200
visits_translation_export               302/302        200/405        200/405        200/405        200/405
visits_translation_desk                 302/302        200/409        200/409        200/409        200/409
visits_translation_submit               302/302        200/409        200/409        200/409        200/409
visits_translation_send-back            302/302        403/403        200/409        200/409        200/409
visits_translation_review               302/302        403/403        200/409        200/409        200/409
auth_user_password_change               302/302        403/403        403/403        200/200        200/200
visits_user_changelist                  302/302        403/403        403/403        200/200        200/200
visits_user_export                      302/302        403/403        403/403        200/405        200/405
visits_user_add                         302/302        403/403        403/403        200/200        200/200
visits_user_history                     302/302        403/403        403/403        200/200        200/200
visits_user_delete                      302/302        403/403        403/403        403/403        403/403
visits_user_change                      302/302        403/403        403/403        200/409        200/409
/admin/visits/user/{object_id}/         302/302        302/302        302/302        302/302        302/302
visits_visit_table                      302/302        200/405        200/405        200/405        200/405
visits_visit_changelist                 302/302        200/200        200/200        200/200        200/200
visits_visit_export                     302/302        200/405        200/405        200/405        200/405
visits_visit_add                        302/302        200/200        200/200        200/200        200/200
visits_visit_history                    302/302        200/200        200/200        200/200        200/200
visits_visit_delete                     302/302        403/403        403/403        403/403        403/403
visits_visit_change                     302/302        200/409        200/409        200/409        200/409
/admin/visits/visit/{object_id}/        302/302        302/302        302/302        302/302        302/302
visits_edition_submit                   302/302        200/409        200/409        200/409        200/409
visits_edition_send-back                302/302        403/403        200/409        200/409        200/409
visits_edition_publish                  302/302        403/403        200/409        200/409        200/409
visits_edition_schedule                 302/302        403/403        200/409        200/409        200/409
visits_edition_unschedule               302/302        403/403        200/409        200/409        200/409
visits_edition_force-publish            302/302        403/403        403/403        200/409        200/409
visits_edition_approve                  302/302        403/403        200/409        200/409        200/409
visits_edition_withhold                 302/302        403/403        403/403        200/409        200/409
visits_edition_release                  302/302        403/403        403/403        200/409        200/409
visits_edition_life                     302/302        200/405        200/405        200/405        200/405
visits_edition_discard                  302/302        200/409        200/409        200/409        200/409
visits_edition_new-edition              302/302        200/409        200/409        200/409        200/409
visits_edition_restore                  302/302        200/409        200/409        200/409        200/409
visits_edition_withdraw                 302/302        403/403        200/409        200/409        200/409
visits_edition_claim                    302/302        403/403        200/409        200/409        200/409
visits_edition_unclaim                  302/302        403/403        200/409        200/409        200/409
visits_edition_preview                  302/302        200/405        200/405        200/405        200/405
visits_edition_compare                  302/302        200/405        200/405        200/405        200/405
visits_edition_changelist               302/302        200/200        200/200        200/200        200/200
visits_edition_export                   302/302        200/405        200/405        200/405        200/405
visits_edition_add                      302/302        403/403        403/403        403/403        403/403
visits_edition_history                  302/302        200/200        200/200        200/200        200/200
visits_edition_delete                   302/302        403/403        403/403        403/403        403/403
visits_edition_change                   302/302        200/409        200/409        200/409        200/409
/admin/visits/edition/{object_id}/      302/302        302/302        302/302        302/302        302/302
visits_redaction_changelist             302/302        403/403        200/200        200/200        200/200
visits_redaction_export                 302/302        403/403        200/405        200/405        200/405
visits_redaction_add                    302/302        403/403        200/200        200/200        200/200
visits_redaction_history                302/302        403/403        200/200        200/200        200/200
visits_redaction_delete                 302/302        403/403        403/403        403/403        403/403
visits_redaction_change                 302/302        403/403        200/409        200/409        200/409
/admin/visits/redaction/{object_id}/    302/302        302/302        302/302        302/302        302/302
visits_topic_merge                      302/302        403/403        200/200        200/200        200/200
visits_topic_changelist                 302/302        200/200        200/200        200/200        200/200
visits_topic_export                     302/302        200/405        200/405        200/405        200/405
visits_topic_add                        302/302        403/403        200/200        200/200        200/200
visits_topic_history                    302/302        200/200        200/200        200/200        200/200
visits_topic_delete                     302/302        403/403        403/403        200/200        200/200
visits_topic_change                     302/302        200/403        200/409        200/409        200/409
/admin/visits/topic/{object_id}/        302/302        302/302        302/302        302/302        302/302
visits_body_merge                       302/302        403/403        200/200        200/200        200/200
visits_body_changelist                  302/302        200/200        200/200        200/200        200/200
visits_body_export                      302/302        200/405        200/405        200/405        200/405
visits_body_add                         302/302        403/403        200/200        200/200        200/200
visits_body_history                     302/302        200/200        200/200        200/200        200/200
visits_body_delete                      302/302        403/403        403/403        200/200        200/200
visits_body_change                      302/302        200/403        200/409        200/409        200/409
/admin/visits/body/{object_id}/         302/302        302/302        302/302        302/302        302/302
visits_resolution_merge                 302/302        403/403        200/200        200/200        200/200
visits_resolution_changelist            302/302        200/200        200/200        200/200        200/200
visits_resolution_export                302/302        200/405        200/405        200/405        200/405
visits_resolution_add                   302/302        403/403        200/200        200/200        200/200
visits_resolution_history               302/302        200/200        200/200        200/200        200/200
visits_resolution_delete                302/302        403/403        403/403        200/200        200/200
visits_resolution_change                302/302        200/403        200/409        200/409        200/409
/admin/visits/resolution/{object_id}/   302/302        302/302        302/302        302/302        302/302
visits_country_merge                    302/302        403/403        403/403        200/200        200/200
visits_country_changelist               302/302        200/200        200/200        200/200        200/200
visits_country_export                   302/302        200/405        200/405        200/405        200/405
visits_country_add                      302/302        403/403        403/403        200/200        200/200
visits_country_history                  302/302        200/200        200/200        200/200        200/200
visits_country_delete                   302/302        403/403        403/403        403/403        200/200
visits_country_change                   302/302        200/403        200/403        200/409        200/409
/admin/visits/country/{object_id}/      302/302        302/302        302/302        302/302        302/302
visits_region_merge                     302/302        403/403        403/403        200/200        200/200
visits_region_changelist                302/302        200/200        200/200        200/200        200/200
visits_region_export                    302/302        200/405        200/405        200/405        200/405
visits_region_add                       302/302        403/403        403/403        200/200        200/200
visits_region_history                   302/302        200/200        200/200        200/200        200/200
visits_region_delete                    302/302        403/403        403/403        403/403        200/200
visits_region_change                    302/302        200/403        200/403        200/409        200/409
/admin/visits/region/{object_id}/       302/302        302/302        302/302        302/302        302/302
visits_document_read                    302/302        200/200        200/200        200/200        200/200
visits_document_review                  302/302        200/409        200/409        200/409        200/409
visits_document_changelist              302/302        200/200        200/200        200/200        200/200
visits_document_export                  302/302        200/405        200/405        200/405        200/405
visits_document_add                     302/302        200/200        200/200        200/200        200/200
visits_document_history                 302/302        200/200        200/200        200/200        200/200
visits_document_delete                  302/302        403/403        403/403        200/200        200/200
visits_document_change                  302/302        200/409        200/409        200/409        200/409
/admin/visits/document/{object_id}/     302/302        302/302        302/302        302/302        302/302
app_list                                302/302        200/200        200/200        200/200        200/200
/admin/{url}                            302/302        404/404        404/404        404/404        404/404
account_login                           200/200        302/302        302/302        302/302        302/302
account_logout                          302/302        200/302        200/302        200/302        200/302
account_inactive                        200/405        200/405        200/405        200/405        200/405
account_signup                          200/200        302/302        302/302        302/302        302/302
account_reauthenticate                  302/302        200/200        200/200        200/200        200/200
account_change_password                 302/302        200/200        200/200        200/200        200/200
account_set_password                    302/302        302/302        302/302        302/302        302/302
account_notices                         302/302        200/302        200/302        200/302        200/302
mfa_index                               302/302        200/405        200/405        200/405        200/405
mfa_authenticate                        302/302        302/302        302/302        302/302        302/302
mfa_reauthenticate                      302/302        302/302        302/302        302/302        302/302
mfa_activate_totp                       302/302        302/302        302/302        302/302        302/302
mfa_deactivate_totp                     302/302        404/404        404/404        404/404        404/404
mfa_view_recovery_codes                 302/302        404/405        404/405        404/405        404/405
mfa_generate_recovery_codes             302/302        302/302        302/302        302/302        302/302
mfa_download_recovery_codes             302/302        404/404        404/404        404/404        404/404
mfa_list_webauthn                       302/302        200/405        200/405        200/405        200/405
mfa_add_webauthn                        302/302        302/302        302/302        302/302        302/302
mfa_reauthenticate_webauthn             302/302        302/302        302/302        302/302        302/302
mfa_remove_webauthn                     302/302        302/302        302/302        302/302        302/302
mfa_edit_webauthn                       302/302        302/302        302/302        302/302        302/302
mfa_login_webauthn                      302/302        302/302        302/302        302/302        302/302
"""
STATE_FOR = {
    Verb.SUBMIT: State.DRAFT,
    Verb.SEND_BACK: State.IN_REVIEW,
    Verb.PUBLISH: State.IN_REVIEW,
    Verb.SCHEDULE: State.IN_REVIEW,
    Verb.UNSCHEDULE: State.SCHEDULED,
    Verb.FORCE_PUBLISH: State.IN_REVIEW,
    Verb.APPROVE: State.PUBLISHED,
    Verb.WITHHOLD: State.SUPERSEDED,
    Verb.RELEASE: State.WITHHELD,
    Verb.DISCARD: State.DRAFT,
    Verb.NEW_EDITION: State.PUBLISHED,
    Verb.RESTORE: State.WITHDRAWN,
    Verb.WITHDRAW: State.PUBLISHED,
    Verb.CLAIM: State.IN_REVIEW,
    Verb.UNCLAIM: State.IN_REVIEW,
}
TRANSLATION_FOR = {
    "": TranslationState.DRAFT,
    Verb.SUBMIT: TranslationState.DRAFT,
    Verb.SEND_BACK: TranslationState.IN_REVIEW,
    Verb.REVIEW: TranslationState.IN_REVIEW,
}
AUTOCOMPLETE = "?app_label=visits&model_name=visit&field_name=country"


def table() -> dict[str, dict[str, tuple[int, ...]]]:
    """By route and person: the status of GET and of an empty POST."""
    header, *rows = (line.split() for line in TABLE.splitlines() if line.strip())
    return {
        row[0]: {person: tuple(map(int, cell.split("/"))) for person, cell in zip(header, row[1:], strict=True)}
        for row in rows
    }


def staff_routes():
    """The name of a route, or its address where Django gave it no name."""
    return {route.name or route.text: route for route in routes() if route.text.startswith(("/admin/", "/accounts/"))}


class Examples:
    """An object of the right kind for every route, in a state in which the route has something to show."""

    def __init__(self):
        self.editions = {state: make_edition(state) for state in set(STATE_FOR.values())}
        draft = self.editions[State.DRAFT]
        self.objects = {
            "visit": draft.visit,
            "edition": draft,
            "country": draft.visit.country,
            "region": make_region(),
            "topic": topic(0),
            "body": body(0),
            "resolution": resolution(0),
            "document": document(0),
            "user": make_user(Role.AUTHOR),
            "event": Event.objects.first(),
            "errorreport": ErrorReport.objects.create(text="What is wrong", language="en"),
            "email": Email.objects.create(to="a@example.org", subject="A subject", body="A text"),
            "import": imported_draft().source,
            "redaction": redaction.propose(draft.title, "Nobody knows.", by=make_user(Role.EDITOR)),
        }
        self.translations = {state: make_edition(State.PUBLISHED) for state in set(TRANSLATION_FOR.values())}
        for state, edition in self.translations.items():
            translate(edition, "fr", state)
        self.security_key = Authenticator.objects.create(
            user=self.objects["user"], type=Authenticator.Type.WEBAUTHN, data={}
        )

    def address(self, name: str, route) -> str:
        if name == "autocomplete":
            return route.text + AUTOCOMPLETE
        if name == "view_on_site":
            content_type = ContentType.objects.get_for_model(self.editions[State.PUBLISHED].visit)
            values = {"content_type_id": content_type.pk, "object_id": self.editions[State.PUBLISHED].visit_id}
        elif name.startswith("mfa_"):
            values = {"pk": self.security_key.pk}
        else:
            values = {parameter: self.value(route, parameter) for parameter in route.parameters}
        address = route.fill(values)
        return address.replace("(?P<app_label>visits)", "visits")

    def value(self, route, parameter):
        if parameter == "url":
            return "no-such-page/"
        if parameter == "language":
            return "fr"
        if parameter == "format":
            return "csv"
        _, _, _, model, _, last, step, *_ = (route.text + "///").split("/")
        if model == "translation":
            return self.translations[TRANSLATION_FOR[step]].visit_id
        if parameter == "pk" and model == "edition":
            return self.editions[STATE_FOR[Verb(last)]].pk
        return self.objects[model].pk


def make_person(name: str):
    """Somebody with a password, as everybody has who works here."""
    if name == "anonymous":
        return AnonymousUser()
    if name == "superuser":
        return make_user(role=None, is_superuser=True, password="a long enough password")
    return make_user(Role(name), password="a long enough password")


def statuses(address: str, user) -> tuple[int, ...]:
    """GET, then POST without data, each in a session of its own: one of them may sign out."""
    found = []
    for method in ("get", "post"):
        client = Client()
        if user.pk:
            client.force_login(user)
        found.append(getattr(client, method)(address).status_code)
    return tuple(found)


def test_table_names_every_route_and_no_other():
    assert sorted(table()) == sorted(staff_routes())


def test_every_step_has_a_state_in_which_it_is_tried():
    assert {f"visits_edition_{verb.value}" for verb in STATE_FOR} == {
        name for name, route in staff_routes().items() if name.startswith("visits_edition_") and "{pk}" in route.text
    }
    assert {f"visits_translation_{verb or 'desk'}" for verb in TRANSLATION_FOR} == {
        name
        for name, route in staff_routes().items()
        if name.startswith("visits_translation_") and "{pk}" in route.text
    }


def autocompletes() -> set[str]:
    """The address of every autocomplete that a form of the admin shows."""
    registered = admin.site._registry.values()
    inlines = [inline(each.model, admin.site) for each in registered for inline in each.inlines]
    return {
        f"/admin/autocomplete/?app_label=visits&model_name={each.model._meta.model_name}&field_name={field}"
        for each in (*registered, *inlines)
        for field in each.autocomplete_fields
    }


@pytest.mark.parametrize("person", ["anonymous", *Role.values, "superuser"])
def test_every_autocomplete_answers_as_the_table_says_of_them_all(person):
    user = make_person(person)

    assert len(autocompletes()) > 10
    assert {statuses(address, user) for address in autocompletes()} == {table()["autocomplete"][person]}


# What is for everybody who has signed in, whatever they may do.
OWN = ("index", "login", "logout", "password_change", "password_change_done", "jsi18n", "view_on_site", "/admin/{url}")


@pytest.mark.parametrize(("staff", "told"), [(True, {403, 404}), (False, {403, 404, 302})], ids=["no role", "no staff"])
def test_who_has_no_role_is_told_nothing(staff, told):
    user, examples = make_user(None, is_staff=staff), Examples()
    client = Client()
    client.force_login(user)

    asked = {
        name: examples.address(name, route)
        for name, route in staff_routes().items()
        if route.text.startswith("/admin/") and name not in OWN and not name.endswith("{object_id}/")
    }
    found = {name: client.get(address).status_code for name, address in asked.items()}

    assert {name: status for name, status in found.items() if status not in told} == {}
    assert {client.get(address).status_code for address in autocompletes()} <= told


@pytest.mark.parametrize("person", ["anonymous", *Role.values, "superuser"])
def test_each_person_gets_what_the_table_says(person):
    user, examples = make_person(person), Examples()

    found = {name: statuses(examples.address(name, route), user) for name, route in staff_routes().items()}

    assert found == {name: row[person] for name, row in table().items()}
