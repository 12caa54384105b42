"""What the API does not answer it refuses with a problem, whoever asks and whatever for; and it is open to all."""

import json

import pytest
from django.test import Client

from tests.crawler import Browser
from tests.factories import make_country, make_edition, make_next_edition, make_user
from visits.editorial import actions
from visits.enums import Role, State
from visits.models import Finding
from visits.opendata.api import limits

pytestmark = pytest.mark.django_db
ROOT = "/api/v1"
MEMBERS = {"type", "title", "status", "detail", "code"}


def problem_of(answer, status: int) -> dict:
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    said = json.loads(answer.content)
    assert set(said) >= MEMBERS
    assert said["status"] == status
    assert said["detail"].endswith(".")
    return said


def wrong(client, address: str) -> list[tuple[str, str, str]]:
    """What is wrong with a query: name, value, what may have been meant."""
    parameters = problem_of(client.get(ROOT + address), 400)["parameters"]
    return [(each["name"], each["value"], each["nearest"]) for each in parameters]


# What is wrong with a query


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/visits/?tpoic=gender", [("tpoic", "gender", "topic")]),
        ("/visits/?kind=focussed", [("kind", "focussed", "focused")]),
        ("/visits/?fields=slug,tittle", [("fields", "tittle", "title")]),
        ("/visits/?fields=", [("fields", "", "")]),
        ("/visits/?expand=finding", [("expand", "finding", "findings")]),
        ("/visits/?topic=&to=", [("topic", "", ""), ("to", "", "")]),
        ("/visits/?fields=slug,,title", [("fields", "", "")]),
        ("/changes/?since=&page_size=", [("page_size", "", "")]),
        ("/visits/?lang=frr", [("lang", "frr", "fr")]),
        ("/visits/?lang=fr&lang=en", [("lang", "fr, en", "")]),
        ("/visits/?page=2", [("page", "2", "1")]),
        ("/visits/?page_size=1000", [("page_size", "1000", "")]),
        ("/visits/?from=2020-01-01&to=2019-01-01", [("to", "2019-01-01", "")]),
        ("/visits/?exapnd=findings&fields=slig&page=x", [("exapnd", "findings", "expand"), ("fields", "slig", "slug"),
                                                         ("page", "x", "")]),
        ("/visits/denmark-2018/?expand=findings", [("expand", "findings", "")]),
        ("/visits/denmark-2018/?fields=evidense", [("fields", "evidense", "evidence")]),
        ("/findings/?expand=people", [("expand", "people", "")]),
        ("/findings/?fields=direktion", [("fields", "direktion", "direction")]),
        ("/editions/?visits=denmark-2018", [("visits", "denmark-2018", "visit")]),
        ("/editions/?page=0", [("page", "0", "")]),
        ("/editions/?page=9", [("page", "9", "1")]),
        ("/editions/?page=١", [("page", "١", "")]),
        ("/facets/?fields=topic", [("fields", "topic", "")]),
        ("/facets/?year=18", [("year", "18", "2018")]),
        ("/countries/?region=europe", [("region", "europe", "")]),
        ("/topics/?field=slug", [("field", "slug", "fields")]),
        ("/changes/?page_size=0", [("page_size", "0", "")]),
        ("/changes/?since=yesterday", [("since", "yesterday", "")]),
        ("/editions/?visit=%00", [("visit", "\0", "")]),
        ("/changes/?since=0001-01-01T00:00:00%2B05:00", [("since", "0001-01-01T00:00:00+05:00", "")]),
        ("/changes/?since=2018-13-01", [("since", "2018-13-01", "")]),
        ("/changes/?since=99.99", [("since", "99.99", "")]),
        ("/changes/?since=1.0", [("since", "1.0", "")]),
        ("/changes/?since=1.1&since=1.2", [("since", "1.1, 1.2", "")]),
        ("/?x=1", [("x", "1", "")]),
        ("/schema/?x=1", [("x", "1", "")]),
    ],
)  # fmt: skip
def test_everything_wrong_with_a_query_is_told_at_once_with_the_nearest_name(client, address, told):
    make_edition(State.PUBLISHED)

    assert wrong(client, address) == told


def test_the_names_that_there_are_are_told(client):
    (parameter,) = problem_of(client.get(f"{ROOT}/editions/?q=x"), 400)["parameters"]

    assert parameter["valid"] == ["visit", "page", "page_size", "lang"]


def test_a_refusal_is_in_the_language_asked_for(client):
    english, french = (client.get(f"{ROOT}/visits/?tpoic=x&lang={code}") for code in ("en", "fr"))

    assert problem_of(english, 400)["parameters"][0]["detail"] == "There is no parameter of this name."
    assert problem_of(french, 400)["parameters"][0]["detail"] == "Aucun paramètre ne porte ce nom."
    assert french.headers["Content-Language"] == "fr"
    assert client.get(f"{ROOT}/nothing/?lang=fr").headers["Content-Language"] == "fr"


# What is not there


@pytest.mark.parametrize(
    "address",
    [
        *("/visits/nowhere-1999/", "/editions/nowhere-1999/1/", "/editions/?visit=nowhere-1999", "/countries/xxx/"),
        *("/topics/nothing/", "/resolutions/1/", "/bodies/nobody/", "/nothing/", "/visits/denmark-2018/editions/"),
        "/findings/00000000-0000-0000-0000-000000000000/",
        "/findings/no-uuid/",
    ],
)
def test_what_is_not_in_the_register_answers_404(client, address):
    problem_of(client.get(ROOT + address), 404)


def test_what_was_withdrawn_answers_410_with_the_reason(client):
    edition = make_edition(
        State.PUBLISHED, fill=lambda edition: Finding.objects.create(edition=edition, kind="progress", text="Much.")
    )
    uid = Finding.objects.get().uid
    actions.withdraw(edition, by=make_user(Role.ADMINISTRATOR), note="Entered by mistake.")

    for address in (
        "/visits/denmark-2018/",
        "/editions/denmark-2018/1/",
        "/editions/?visit=denmark-2018",
        f"/findings/{uid}/",
    ):
        said = problem_of(client.get(ROOT + address), 410)
        assert (said["code"], said["visit"], said["reason"]) == ("withdrawn", "denmark-2018", "Entered by mistake.")


def test_what_is_withheld_answers_410_with_the_reason(client):
    make_edition(State.WITHHELD)

    said = problem_of(client.get(f"{ROOT}/editions/denmark-2018/1/"), 410)

    assert (said["code"], said["edition"], said["reason"]) == ("withheld", 1, "It names a child.")
    assert client.get(f"{ROOT}/visits/denmark-2018/").status_code == 200


def test_what_became_part_of_another_visit_answers_410_and_names_it(client):
    other = make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO")).visit
    actions.withdraw(
        make_edition(State.PUBLISHED), by=make_user(Role.ADMINISTRATOR), note="Twice.", consolidated_into=other
    )

    said = problem_of(client.get(f"{ROOT}/visits/denmark-2018/"), 410)

    assert (said["code"], said["visit"]) == ("consolidated", "norway-2018")


# What cannot be asked


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "trace"])
@pytest.mark.parametrize("address", ["/visits/", "/visits/denmark-2018/", "/changes/", "/schema/"])
def test_nothing_is_ever_written(client, method, address):
    answer = getattr(client, method)(ROOT + address)

    assert problem_of(answer, 405)["code"] == "method_not_allowed"
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "image/png", "nonsense"])
def test_the_answer_is_the_same_whatever_the_client_would_like(client, accept):
    answer = client.get(f"{ROOT}/visits/?format=html", headers={"accept": accept})
    assert problem_of(answer, 400)["parameters"][0]["name"] == "format"

    answer = client.get(f"{ROOT}/visits/", headers={"accept": accept})

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")


def test_a_foreign_host_name_is_refused_as_a_problem(client):
    problem_of(client.get(f"{ROOT}/visits/", headers={"host": "evil.example"}), 400)


def test_a_fault_of_ours_is_a_problem_that_tells_nothing_of_it(monkeypatch):
    def broken(*args):
        raise RuntimeError("secret")

    monkeypatch.setattr("visits.opendata.api.views.record_of", broken)
    client = Client(raise_request_exception=False)

    for address in ("/visits/denmark-2018/", "/visits/denmark-2018/?lang=fr"):
        answer = client.get(ROOT + address)
        assert problem_of(answer, 500)["code"] == "server_error"
        assert b"secret" not in answer.content


def test_pages_are_refused_in_pages(client):
    assert "<html" in client.get("/visits/nowhere-1999/").text
    assert "<html" in client.get("/apiary/").text


# Open to all


def test_nobody_is_known_and_every_site_may_ask(client):
    client.cookies["sessionid"] = "anything"

    answer = client.get(f"{ROOT}/visits/")

    assert (answer.headers["Access-Control-Allow-Origin"], list(answer.cookies)) == ("*", [])
    assert "Vary" not in answer.headers
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert {"ETag", "RateLimit", "Retry-After"} <= set(answer.headers["Access-Control-Expose-Headers"].split(", "))


def test_browsers_may_ask_what_they_may_ask(client):
    asked = {"origin": "https://else.example", "access-control-request-method": "GET"}

    answer = client.options(f"{ROOT}/visits/", headers=asked)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["Access-Control-Allow-Headers"] == "*"


def test_head_has_the_headers_of_get(client):
    get, head = client.get(f"{ROOT}/visits/"), client.head(f"{ROOT}/visits/")

    assert (head.status_code, head.content) == (200, b"")
    assert [answer.headers.pop("X-Request-ID") != "" for answer in (get, head)] == [True, True]
    assert head.headers == get.headers


# What has not changed


def test_what_has_not_changed_is_not_sent_again_and_what_has_is():
    edition, browser = make_edition(State.PUBLISHED), Browser()
    addresses = [f"{ROOT}{address}" for address in ("/visits/", "/visits/denmark-2018/", "/facets/", "/changes/")]
    tags = {address: browser.get(address).headers["ETag"] for address in addresses}

    for address, tag in tags.items():
        again = browser.get(address, HTTP_IF_NONE_MATCH=tag)
        assert (again.status, again.body, again.headers["Access-Control-Allow-Origin"]) == (304, "", "*")

    make_next_edition(edition)

    for address, tag in tags.items():
        assert browser.get(address, HTTP_IF_NONE_MATCH=tag).status == 200


def test_the_language_is_part_of_the_address():
    make_edition(State.PUBLISHED)
    browser = Browser()

    english, french = (browser.get(f"{ROOT}/visits/?lang={code}") for code in ("en", "fr"))

    assert english.headers["ETag"] != french.headers["ETag"]
    assert french.headers["Content-Language"] == "fr"


# Fair use


@pytest.fixture
def five_a_minute(settings, monkeypatch):
    settings.API_RATE = 5
    monkeypatch.setattr(limits, "counter", limits.Counter())
    monkeypatch.setattr("time.time", lambda: 6_000_000_018.0)


def test_who_asks_too_often_is_told_when_to_ask_again(client, five_a_minute):
    answers = [client.get(f"{ROOT}/topics/") for _ in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert [answer.headers["RateLimit"] for answer in answers[:2]] == ['"minute";r=4;t=42', '"minute";r=3;t=42']
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"minute";q=5;w=60'}
    assert problem_of(answers[5], 429)["code"] == "too_many_requests"
    assert (answers[5].headers["Retry-After"], answers[5].headers["RateLimit"]) == ("42", '"minute";r=0;t=42')


def test_nobody_waits_for_what_others_asked(client, five_a_minute):
    for _ in range(6):
        client.get(f"{ROOT}/topics/")

    assert client.get(f"{ROOT}/topics/", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_a_minute_later_all_is_as_before(client, five_a_minute, monkeypatch):
    for _ in range(6):
        client.get(f"{ROOT}/topics/")
    monkeypatch.setattr("time.time", lambda: 6_000_000_060.0)

    assert client.get(f"{ROOT}/topics/").headers["RateLimit"] == '"minute";r=4;t=60'


def test_whoever_comes_through_our_proxy_is_counted_by_their_own_address(client, five_a_minute, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for _ in range(6):
        client.get(f"{ROOT}/topics/", headers={"x-forwarded-for": "198.51.100.1, 192.0.2.1"})

    same, other = (
        client.get(f"{ROOT}/topics/", headers={"x-forwarded-for": f"203.0.113.9, {address}"})
        for address in ("192.0.2.1", "192.0.2.2")
    )

    assert (same.status_code, other.status_code) == (429, 200)


def test_a_network_of_one_subscriber_is_one_address(client, five_a_minute):
    for end in range(6):
        client.get(f"{ROOT}/topics/", REMOTE_ADDR=f"2001:db8:1:2::{end}")

    assert client.get(f"{ROOT}/topics/", REMOTE_ADDR="2001:db8:1:2:3::1").status_code == 429
    assert client.get(f"{ROOT}/topics/", REMOTE_ADDR="2001:db8:1:3::1").status_code == 200


def test_workers_count_together(client, five_a_minute, monkeypatch):
    for _ in range(3):
        client.get(f"{ROOT}/topics/")
    monkeypatch.setattr(limits, "counter", limits.Counter())

    answers = [client.get(f"{ROOT}/topics/").status_code for _ in range(3)]

    assert answers == [200, 200, 429]


def test_few_requests_write_nothing(client, settings, monkeypatch, django_assert_num_queries):
    settings.API_RATE = 600
    monkeypatch.setattr(limits, "counter", limits.Counter())
    client.get(f"{ROOT}/")

    with django_assert_num_queries(0):
        for _ in range(50):
            client.get(f"{ROOT}/")


def test_what_is_left_is_told_to_whoever_asked_and_kept_for_nobody(five_a_minute):
    browser = Browser()

    first, second = browser.get(f"{ROOT}/topics/"), browser.get(f"{ROOT}/topics/")

    assert first.headers["RateLimit"] == '"minute";r=4;t=42'
    assert "RateLimit" not in second.headers
    assert [browser.get(f"{ROOT}/topics/").status for _ in range(9)] == [200] * 9
