"""What every answer tells browsers besides its content."""

import pytest

from tests.factories import make_edition, make_user
from visits.enums import Role, State

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["/", "/visits/", "/nothing/", "/accounts/login/", "/admin/", "/healthz"])
def test_no_other_site_may_embed_a_page_and_no_page_may_use_the_machine(client, address):
    client.force_login(make_user(Role.EDITOR))
    headers = client.get(address).headers

    assert headers["Cross-Origin-Resource-Policy"] == headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert {"camera=()", "geolocation=()", "microphone=()"} <= set(headers["Permissions-Policy"].split(", "))
    assert (headers["X-Content-Type-Options"], headers["X-Frame-Options"]) == ("nosniff", "DENY")
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("address", ["/visits.json", "/visits/denmark-2018.md", "/api/v1/visits/", "/visits.csv?x=1"])
def test_open_data_may_be_read_from_everywhere(client, address):
    make_edition(State.PUBLISHED)

    headers = client.get(address).headers

    assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert headers["Access-Control-Allow-Origin"] == "*"
