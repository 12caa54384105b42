import pytest

from tests.factories import make_user
from visits.enums import Role


@pytest.fixture
def author(client):
    user = make_user(Role.AUTHOR)
    client.force_login(user)
    return user
