"""Opening a form creates nothing, and every page tells the script that keeps what is typed what it has to know."""

from urllib.parse import unquote

import pytest
from django.contrib.messages import get_messages

from tests.examples import topic
from tests.factories import make_document, make_edition, make_user
from tests.register import everything
from visits.admin.base import ARRIVED
from visits.enums import Role, State

from .support import filled, page, step, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client):
    user = make_user(Role.ADMINISTRATOR)
    client.force_login(user)
    return user


def forms() -> list[str]:
    draft, published = make_edition(), make_edition(State.PUBLISHED)
    return [
        page(draft),
        "/admin/visits/visit/add/",
        f"/admin/visits/visit/{draft.visit_id}/change/",
        f"/admin/visits/translation/{published.visit_id}/fr/",
        f"/admin/visits/document/{make_document().pk}/review/",
        "/admin/visits/document/read/",
        "/admin/visits/document/add/",
        "/admin/visits/topic/add/",
        f"/admin/visits/topic/{topic(0).pk}/change/",
        "/admin/visits/user/add/",
        step(draft, "submit"),
    ]


def test_opening_a_form_creates_nothing(client, administrator):
    addresses = forms()
    before = everything()

    for address in addresses:
        assert client.get(address).status_code == 200

    assert everything() == before


def test_every_form_loads_the_script_and_says_whose_it_is(client, administrator):
    for address in forms():
        words = client.get(address).content.decode()
        assert "js/autosave.js" in words
        assert f'data-user="{administrator.pk}"' in words
        assert '<template id="kept">' in words


def test_a_save_says_that_it_arrived_and_a_refusal_does_not(client, administrator):
    edition = make_edition()
    opened = filled(client.get(page(edition)))

    saved = client.post(page(edition), opened | {"title": "A better title"})
    assert 'class="saved success"' in client.get(saved["Location"]).content.decode()
    refused = client.post(page(edition), opened | {"title": "An older title"})

    assert refused.status_code == 409
    assert "An older title" in text(refused)
    assert 'class="messagelist"' not in refused.content.decode()


@pytest.mark.parametrize("address", ["/admin/visits/topic/add/", "/admin/visits/user/add/"])
def test_so_does_the_save_of_any_other_record(client, administrator, address):
    typed = {"slug": "customs", "name_en": "Customs", "username": "somebody", "usable_password": "false"}
    opened = client.get(address)
    values = filled(opened)

    saved = client.post(address, values | {name: value for name, value in typed.items() if name in values})

    assert saved.status_code == 302
    assert any(ARRIVED in message.tags for message in get_messages(saved.wsgi_request))


def test_a_save_without_a_login_leads_to_the_sign_in_and_from_there_to_the_form(client):
    edition = make_edition()

    answer = client.post(page(edition), {"title": "Typed"}, follow=True)

    assert unquote(answer.redirect_chain[-1][0]) == f"/accounts/login/?next={page(edition)}"
    assert f'value="{page(edition)}"' in answer.content.decode()
