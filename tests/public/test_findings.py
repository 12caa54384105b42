"""The page of findings, and the permanent address of each of them."""

from uuid import uuid4

import pytest

from tests.factories import make_country, make_edition, make_next_edition
from visits.editorial import actions
from visits.enums import State
from visits.models import Finding, User

pytestmark = pytest.mark.django_db


def found(text: str = "A law was adopted.", **fields):
    """A filler for the factory: one finding."""
    return lambda edition: Finding.objects.create(edition=edition, **{"kind": "progress", "text": text} | fields)


def uid_of(edition) -> str:
    return str(edition.findings.get().uid)


def test_a_finding_leads_to_its_place_in_the_record(client):
    uid = uid_of(make_edition(State.PUBLISHED, fill=found()))

    page = client.get("/findings/").text

    assert f'href="/visits/denmark-2018/#finding-{uid}"' in page
    assert "1 finding found" in page
    record = client.get("/visits/denmark-2018/").text
    assert f'id="finding-{uid}"' in record
    assert f'href="/findings/{uid}/"' in record


@pytest.mark.parametrize("prefix", ["", "/ar", "/zh-hans"])
def test_the_permanent_address_leads_to_the_current_edition_in_the_language_of_the_address(client, prefix):
    edition = make_edition(State.PUBLISHED, fill=found())
    make_next_edition(edition)

    answer = client.get(f"{prefix}/findings/{uid_of(edition)}/")

    assert (answer.status_code, answer.url) == (302, f"{prefix}/visits/denmark-2018/#finding-{uid_of(edition)}")


def test_a_finding_that_was_dropped_stays_readable_in_the_last_edition_that_has_it(client):
    first = make_edition(State.PUBLISHED, fill=found())
    uid = uid_of(first)
    second = make_next_edition(first)
    make_next_edition(second, fill=lambda edition: edition.findings.all().delete())

    answer = client.get(f"/findings/{uid}/")

    assert (answer.status_code, answer.url) == (302, f"/visits/denmark-2018/editions/2/#finding-{uid}")
    assert f'id="finding-{uid}"' in client.get(answer.url.partition("#")[0]).text
    assert "A law was adopted." not in client.get("/findings/").text


def test_a_finding_of_a_withdrawn_visit_is_gone_with_the_notice(client):
    edition = make_next_edition(make_edition(State.PUBLISHED, fill=found()))
    actions.withdraw(edition, by=User.objects.system(), note="It never took place.")

    answer = client.get(f"/findings/{uid_of(edition)}/")

    assert answer.status_code == 410
    assert "It never took place." in answer.text
    assert "A law was adopted." not in client.get("/findings/").text


def test_a_finding_dropped_before_its_visit_was_published_again_is_gone_and_one_that_was_kept_is_found(client):
    withdrawn = make_edition(State.WITHDRAWN, fill=found("Kept."))
    kept = uid_of(withdrawn)
    make_next_edition(withdrawn)
    other = make_edition(State.WITHDRAWN, country=make_country("Norway", "NOR", "NO"), fill=found("Dropped."))
    make_next_edition(other, fill=lambda edition: edition.findings.all().delete())

    assert client.get(f"/findings/{kept}/").url == f"/visits/denmark-2018/#finding-{kept}"
    assert client.get(f"/findings/{uid_of(other)}/").status_code == 410


@pytest.mark.parametrize("state", [State.DRAFT, State.IN_REVIEW, State.DISCARDED])
def test_a_finding_that_was_never_public_is_unknown(client, state):
    uid = uid_of(make_edition(state, fill=found()))

    assert client.get(f"/findings/{uid}/").status_code == 404


def test_a_finding_of_an_edition_in_work_is_unknown(client):
    in_work = make_next_edition(make_edition(State.PUBLISHED), State.DRAFT, fill=found())

    assert client.get(f"/findings/{uid_of(in_work)}/").status_code == 404
    assert "A law was adopted." not in client.get("/findings/").text


@pytest.mark.parametrize("name", [uuid4(), "nothing", "1"])
def test_an_address_of_no_finding_is_404(client, name):
    assert client.get(f"/findings/{name}/").status_code == 404


def test_what_was_found_on_an_earlier_day_leads_to_the_edition_of_that_day(client):
    edition = make_edition(State.PUBLISHED, fill=found())
    today = edition.published_at.date()

    page = client.get(f"/findings/?as_of={today}").text

    assert f'href="/visits/denmark-2018/editions/1/#finding-{uid_of(edition)}"' in page


def test_assistance_is_shown_side_by_side_only_where_there_is_some(client):
    make_edition(State.PUBLISHED, fill=found())
    make_edition(
        State.PUBLISHED,
        country=make_country("Norway", "NOR", "NO"),
        fill=found("Training.", kind="assistance", direction="offered"),
    )

    assert 'id="assistance"' in client.get("/findings/").text
    assert 'id="assistance"' not in client.get("/findings/?country=dnk").text


def test_a_list_without_findings_says_what_that_means_and_leads_to_the_visits(client):
    make_edition(State.PUBLISHED)

    page = client.get("/findings/?country=dnk&kind=focused&page_size=5").text

    assert "0 findings found" in page
    assert "No finding recorded here fits these filters." in page
    assert 'href="/visits/?country=dnk&amp;kind=focused&amp;page_size=5"' in page
    assert "No visit recorded here fits" in client.get("/findings/?kind=regional").text


@pytest.mark.parametrize("query", ["finding=progres", "topic=nothing", "page=2", "page=two", "from=2018"])
def test_a_value_that_cannot_be_answered_is_400_beside_the_same_form(client, query):
    make_edition(State.PUBLISHED, fill=found())

    page = client.get(f"/findings/?{query}")

    assert page.status_code == 400
    assert "A law was adopted." not in page.text
    assert 'action="/findings/"' in page.text


def test_the_form_and_the_pages_stay_among_findings(client):
    def fill(edition):
        for number in range(3):
            Finding.objects.create(edition=edition, kind="progress", text=f"Finding {number}.")

    make_edition(State.PUBLISHED, fill=fill)

    page = client.get("/fr/findings/?page_size=2&topik=x").text

    assert 'action="/fr/findings/"' in page
    assert 'href="?page_size=2&amp;page=2"' in page
    assert "<code>topik</code>" in page
    assert 'action="/visits/"' in client.get("/visits/").text


@pytest.mark.parametrize("count", [1, 30])
def test_findings_ask_the_database_as_often_however_many_there_are(client, django_assert_num_queries, count):
    for number in range(count):
        kind = {"kind": "assistance", "direction": "offered"} if number % 2 == 0 else {}
        make_edition(State.PUBLISHED, fill=found(f"Finding {number}.", **kind))

    client.get("/findings/")

    with django_assert_num_queries(7):
        client.get("/findings/")
    uid = Finding.objects.first().uid
    with django_assert_num_queries(1):
        client.get(f"/findings/{uid}/")
