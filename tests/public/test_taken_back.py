"""What the public reads where something was taken back: a withheld edition, a visit that became part of another."""

import pytest

from tests.factories import make_country, make_edition, make_next_edition, make_user
from visits.editorial import actions
from visits.enums import Role, State
from visits.exceptions import Refused
from visits.models import Edition, Finding, User, Visit

pytestmark = pytest.mark.django_db

REASON = "It tells of a minor."


def add_finding(edition):
    Finding.objects.create(edition=edition, kind="progress", text="Much was done.")


@pytest.fixture
def three():
    """Three editions of a visit, the second withheld; a finding stands only there."""
    first = make_edition(State.PUBLISHED, title="First")
    second = make_next_edition(first, title="Second secret", fill=add_finding)

    def without_it(edition):
        edition.findings.all().delete()

    make_next_edition(second, title="Third", fill=without_it)
    second.refresh_from_db()
    return actions.withhold(second, by=make_user(Role.ADMINISTRATOR), note=REASON)


def visits_to(client, address, status):
    response = client.get(address)
    assert response.status_code == status
    return response.content.decode()


@pytest.mark.parametrize("address", ["2/", "2/changes/", "3/changes/"])
def test_a_withheld_edition_and_what_it_changed_answer_410_with_the_reason(client, three, address):
    page = visits_to(client, f"/visits/denmark-2018/editions/{address}", 410)

    assert "Edition 2 is withheld" in page
    assert REASON in page
    assert "secret" not in page
    assert 'href="/visits/denmark-2018/"' in page


def test_its_neighbours_are_read_as_before(client, three):
    assert "First" in visits_to(client, "/visits/denmark-2018/editions/1/", 200)
    assert "Third" in visits_to(client, "/visits/denmark-2018/editions/3/", 200)
    assert "Third" in visits_to(client, "/visits/denmark-2018/", 200)


def test_the_history_tells_its_number_the_day_and_the_reason(client, three):
    page = visits_to(client, "/visits/denmark-2018/editions/", 200)

    assert "Edition 2" in page
    assert "Withheld since" in page
    assert REASON in page
    assert "editions/2/" not in page
    assert "editions/3/changes/" not in page


def test_a_finding_of_it_alone_leads_to_the_notice(client, three):
    uid = Finding.objects.get(edition=three).uid

    assert REASON in visits_to(client, f"/findings/{uid}/", 410)


def test_what_the_register_showed_on_that_day_is_without_it(client, three):
    Edition.objects.filter(pk=three.pk).update(published_at="2019-01-01T00:00Z", superseded_at="2019-06-01T00:00Z")

    assert "denmark-2018" not in visits_to(client, "/visits/?as_of=2019-03-01", 200)
    actions.release(three, by=make_user(Role.ADMINISTRATOR), note="The minor was none.")
    assert "Second secret" in visits_to(client, "/visits/?as_of=2019-03-01", 200)


def test_released_it_is_read_again(client, three):
    released = actions.release(three, by=make_user(Role.ADMINISTRATOR), note="The minor was none.")

    assert (released.state, released.withheld_at, released.withholding_reason) == (State.SUPERSEDED, None, "")
    assert "Second secret" in visits_to(client, "/visits/denmark-2018/editions/2/", 200)
    assert visits_to(client, "/visits/denmark-2018/editions/3/changes/", 200)


def test_withdrawn_with_the_visit_it_is_no_more_released(client, three):
    latest = Edition.objects.published().get()
    actions.withdraw(latest, by=User.objects.system(), note="Entered twice.")
    three.refresh_from_db()

    assert three.state == State.WITHDRAWN
    with pytest.raises(Refused):
        actions.release(three, by=make_user(Role.ADMINISTRATOR), note="Why not.")
    assert "Entered twice." in visits_to(client, "/visits/denmark-2018/editions/2/", 410)


# Consolidation


def published(year) -> Edition:
    return make_edition(State.PUBLISHED, country=make_country(), start=str(year), end=str(year), fill=add_finding)


def withdraw(edition, into=None) -> Edition:
    edition = Edition.objects.published().get(visit=edition.visit)
    return actions.withdraw(edition, by=User.objects.system(), note="One visit.", consolidated_into=into and into.visit)


def leads(client, edition, language="") -> tuple[int, str]:
    response = client.get(f"{language}/visits/{edition.visit.slug}/")
    return response.status_code, response.headers.get("Location", "")


def test_every_address_of_a_consolidated_visit_leads_to_the_other_one(client):
    first, other = published(2018), published(2019)
    make_next_edition(first)
    uid = first.findings.get().uid

    withdraw(first, into=other)

    for address in ("", "editions/", "editions/1/", "editions/2/changes/"):
        response = client.get(f"/visits/denmark-2018/{address}")
        assert (response.status_code, response.headers["Location"]) == (301, "/visits/denmark-2019/")
    assert leads(client, first, "/fr") == (301, "/fr/visits/denmark-2019/")
    # Restored, the visit stands for itself again: no browser may have kept the way.
    assert "must-revalidate" in client.get("/visits/denmark-2018/").headers["Cache-Control"]
    assert client.get(f"/findings/{uid}/").headers["Location"] == "/visits/denmark-2019/"
    assert client.get("/visits/denmark-2018/editions/9/").status_code == 404


def test_what_led_to_a_visit_that_is_withdrawn_says_so_and_goes_on_where_that_one_leads(client):
    first, second, third = published(2018), published(2019), published(2020)
    withdraw(first, into=second)
    second_alone = withdraw(second)
    assert [leads(client, each)[0] for each in (first, second)] == [410, 410]

    # The same again, with a place to go on to.
    Visit.objects.filter(pk=second_alone.visit_id).update(consolidated_into=third.visit)
    assert leads(client, first) == leads(client, second) == (301, "/visits/denmark-2020/")


def test_nobody_is_ever_led_in_a_circle(client):
    first, second = published(2018), published(2019)
    withdraw(first, into=second)
    again = actions.restore(Edition.objects.get(pk=first.pk), by=User.objects.system())
    with actions.saving(again, by=User.objects.system()):
        again.change_note = "Two visits after all."
        again.save()
    actions.publish(actions.submit(again, by=User.objects.system()), by=User.objects.system())
    assert Visit.objects.get(pk=first.visit_id).consolidated_into is None
    withdraw(second, into=first)
    assert leads(client, second) == (301, "/visits/denmark-2018/")
    withdraw(first)

    assert [leads(client, each)[0] for each in (first, second)] == [410, 410]
    # However it came about.
    Visit.objects.filter(pk=first.visit_id).update(consolidated_into=second.visit)
    assert [leads(client, each)[0] for each in (first, second)] == [410, 410]


@pytest.mark.parametrize("which", ["itself", "withdrawn", "draft"])
def test_a_visit_leads_only_to_another_that_is_public(client, which):
    first = published(2018)
    other = {"itself": lambda: first, "withdrawn": lambda: withdraw(published(2019)), "draft": make_edition}[which]()

    with pytest.raises(Refused) as refused:
        withdraw(first, into=other)

    assert [reason.code for reason in refused.value.reasons] == ["no_place_to_lead_to"]
    assert leads(client, first) == (200, "")
