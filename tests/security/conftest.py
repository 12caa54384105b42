"""What every address answers, asked once for all that is judged of it."""

from dataclasses import dataclass

import pytest
from django.test import Client

from tests.admin.test_every_url import make_person
from tests.crawler import Answer, Browser
from tests.register import everything, undone

from .hostile_register import HostileRegister

METHODS = ("post", "put", "patch", "delete")


@dataclass(frozen=True)
class Told:
    """Answers by address: to anybody of what is public, to a superuser of the rest; the statuses that `forged` forms of
    a superuser got. `is_unchanged`: whether all that has left every row as it was."""

    public: dict[str, Answer]
    staff: dict[str, Answer]
    forged: dict[tuple[str, str], int]
    is_unchanged: bool

    @property
    def answers(self) -> dict[str, Answer]:
        return self.public | self.staff


def forge(client: Client, addresses: list[str]) -> dict[tuple[str, str], int]:
    """Forms as a page of another site has a browser send them, with its cookies and without a token."""
    elsewhere = {"origin": "https://evil.example", "sec-fetch-site": "cross-site"}
    # The other methods take the same way; some of them show it.
    methods = {path: METHODS if "edition" in path else METHODS[:1] for path in addresses}
    return {
        (path, method): getattr(client, method)(path, headers=elsewhere).status_code
        for path in addresses
        for method in methods[path]
    }


def told_to(client: Client, path: str) -> Answer:
    answer = client.get(path)
    return Answer(path, answer.status_code, dict(answer.headers), answer.getvalue())


@pytest.fixture(scope="package")
def told(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), undone():
        register, browser, client = HostileRegister(), Browser(), Client()
        superuser, forger = make_person("superuser"), Client(enforce_csrf_checks=True)
        client.force_login(superuser)
        forger.force_login(superuser)
        before = everything()
        public = {path: browser.get(path) for path in register.public()}
        staff = {path: told_to(client, path) for path in register.of_staff()}
        forged = forge(forger, [*register.routes_of_staff().values()])
        is_unchanged = everything() == before and forger.get("/admin/").status_code == 200
        return Told(public, staff, forged, is_unchanged)
