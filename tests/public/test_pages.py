"""What a visitor is told at each address."""

import pytest

from tests.factories import make_country, make_document, make_edition, make_next_edition, translate
from visits.editorial import actions
from visits.enums import State
from visits.models import (
    Body,
    DocumentLink,
    Engagement,
    Evidence,
    Finding,
    Focus,
    Person,
    Topic,
    User,
    VisitLink,
)

pytestmark = pytest.mark.django_db

PREFIXES = {"en": "", "ar": "/ar", "zh-hans": "/zh-hans", "fr": "/fr", "ru": "/ru", "es": "/es"}


@pytest.mark.parametrize("language", PREFIXES)
def test_every_language_has_its_prefix_and_its_direction(client, language):
    make_edition(State.PUBLISHED)

    page = client.get(f"{PREFIXES[language]}/visits/denmark-2018/")

    assert page.status_code == 200
    assert page.headers["Content-Language"] == language
    assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in page.text


def test_english_has_no_prefix_and_others_none_but_their_own(client):
    assert [client.get(path).status_code for path in ("/en/visits/", "/de/visits/", "/zh/visits/")] == [404] * 3


def test_the_language_bar_keeps_address_and_query(client):
    page = client.get("/fr/visits/?kind=focused&page_size=5")

    links = {language: f"{prefix}/visits/?kind=focused&amp;page_size=5" for language, prefix in PREFIXES.items()}
    found = {language: f'href="{link}" lang="{language}"' in page.text for language, link in links.items()}
    assert found == dict.fromkeys(PREFIXES, True)
    # The order of the United Nations, each language by its own name.
    names = ["العربية", "中文", "English", "Français", "Русский", "Español"]
    assert sorted(names, key=page.text.index) == names


def test_the_language_is_what_the_address_says_and_nothing_else(client):
    page = client.get("/visits/", headers={"accept-language": "fr", "cookie": "django_language=fr"})

    assert page.headers["Content-Language"] == "en"
    assert "Vary" not in page.headers


def test_public_pages_set_and_read_no_cookie(client):
    make_edition(State.PUBLISHED)
    client.cookies["sessionid"] = "anything"

    for address in ("/", "/visits/", "/visits/?topic=x", "/visits/denmark-2018/", "/nothing/"):
        page = client.get(address)
        assert (page.cookies, "Cookie" in page.headers.get("Vary", "")) == ({}, False), address


def test_every_answer_forbids_inline_scripts_and_styles(client):
    for address in ("/", "/visits/?topic=x", "/nothing/", "/accounts/login/", "/admin/"):
        policy = client.get(address).headers["Content-Security-Policy"]
        assert "unsafe" not in policy, address
        assert "default-src 'none'" in policy, address


def test_an_unknown_address_is_404_in_the_language_of_the_page(client):
    page = client.get("/ar/visits/nowhere-2018/")

    assert (page.status_code, page.headers["Content-Language"]) == (404, "ar")
    assert '<html lang="ar" dir="rtl">' in page.text


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_pages_are_only_read(client, method):
    assert getattr(client, method)("/visits/").status_code == 405


def test_a_value_that_cannot_be_answered_is_400_and_told_beside_its_filter(client):
    make_edition(State.PUBLISHED)
    Topic.objects.create(slug="border-management", name="Border management")

    page = client.get("/visits/?topic=border-managment&foo=1")

    assert page.status_code == 400
    assert 'id="problem-topic"' in page.text
    assert "Did you mean “border-management”?" in page.text
    assert "denmark-2018" not in page.text


def test_an_unknown_name_is_listed_as_ignored_and_tracking_names_are_not(client):
    page = client.get("/visits/?topik=gender&utm_campaign=x")

    assert page.status_code == 200
    assert "<code>topik</code>" in page.text
    assert "<code>utm_campaign" not in page.text


def test_a_parameter_is_never_shown_as_markup(client):
    page = client.get('/visits/?topic="><script>alert(1)</script>&<b>=1')

    assert "<script>" not in page.text
    assert "<b>" not in page.text


def test_a_withdrawn_record_answers_410_with_the_reason_at_all_its_addresses(client):
    edition = make_edition(State.PUBLISHED)
    edition = make_next_edition(edition)
    actions.withdraw(edition, by=User.objects.system(), note="It never took place.")

    for rest in ("", "editions/", "editions/1/", "editions/2/", "editions/2/changes/"):
        page = client.get(f"/visits/denmark-2018/{rest}")
        assert (page.status_code, "It never took place." in page.text) == (410, True), rest


def test_a_record_published_again_after_its_withdrawal_shows_only_what_came_after(client):
    withdrawn = make_edition(State.WITHDRAWN, title="First wording")
    make_next_edition(withdrawn, title="Second wording")

    assert "Second wording" in client.get("/visits/denmark-2018/").text
    assert client.get("/visits/denmark-2018/editions/1/").status_code == 410
    history = client.get("/visits/denmark-2018/editions/").text
    assert "Entered by mistake." in history
    assert "First wording" not in history
    assert (
        "withdrawn, so there is nothing to compare with" in client.get("/visits/denmark-2018/editions/2/changes/").text
    )


def test_a_superseded_edition_keeps_its_address_and_points_to_the_current_one(client):
    make_next_edition(make_edition(State.PUBLISHED, title="First wording"), title="Second wording")

    page = client.get("/visits/denmark-2018/editions/1/").text

    assert "First wording" in page
    assert "Second wording" not in page
    assert '<a href="/visits/denmark-2018/">Read the current edition.</a>' in page


def test_changes_are_told_word_by_word_and_part_by_part(client):
    def removed_later(edition):
        Person.objects.create(edition=edition, name="Jens Haarløv", role="host")
        Finding.objects.create(edition=edition, kind="progress", text="A national action plan was adopted.")

    def changed(edition):
        edition.people.all().delete()
        edition.findings.get().delete()
        finding = Finding(edition=edition, kind="progress", text="A national action plan was prepared.")
        finding.uid = first.findings.get().uid
        finding.save()
        topic = Topic.objects.create(slug="gender", name="Gender")
        Focus.objects.create(edition=edition, topic=topic, role="cross-cutting")

    first = make_edition(State.PUBLISHED, fill=removed_later)
    make_next_edition(first, fill=changed, change_note="The plan was not adopted yet.")

    page = client.get("/visits/denmark-2018/editions/2/changes/").text

    assert "A national action plan was <del>adopted</del><ins>prepared</ins>." in page
    assert "<del>Jens Haarløv</del>" in page
    assert "<ins>Gender</ins>" in page
    assert "<ins>also discussed</ins>" in page
    assert "The plan was not adopted yet." in page


def test_a_link_to_a_visit_shows_only_while_that_visit_is_public(client):
    other = make_edition(State.DRAFT, country=make_country("Norway", "NOR", "NO"), title="The visit to Norway")
    make_edition(
        State.PUBLISHED,
        fill=lambda edition: VisitLink.objects.create(edition=edition, kind="follows", target=other.visit),
    )
    assert "The visit to Norway" not in client.get("/visits/denmark-2018/").text

    actions.publish(actions.submit(other, by=User.objects.system()), by=User.objects.system())

    assert "The visit to Norway" in client.get("/visits/denmark-2018/").text


def test_a_visit_names_those_that_point_to_it_once_they_are_public(client):
    target = make_edition(State.PUBLISHED).visit
    follower = make_edition(
        State.DRAFT,
        title="The visit after",
        fill=lambda edition: VisitLink.objects.create(edition=edition, kind="follows", target=target),
    )
    for address in ("/visits/denmark-2018/", "/countries/dnk/"):
        assert "The visit after" not in client.get(address).text

    actions.publish(actions.submit(follower, by=User.objects.system()), by=User.objects.system())

    page = client.get("/visits/denmark-2018/").text
    assert page.index("Followed by") < page.index("The visit after")
    assert "Follows" in client.get("/countries/dnk/").text


def test_what_is_not_recorded_is_said_once(client):
    make_edition(State.PUBLISHED, kinds=())

    page = client.get("/visits/denmark-2018/").text

    assert page.count("Not recorded") == 1
    for heading in ("Topics", "Findings", "People", "Linked visits", "What the delegation did", "Aim of the visit"):
        assert f">{heading}</h2>" not in page


@pytest.mark.parametrize("language", ["", "/fr"])
@pytest.mark.parametrize("children", [1, 50])
def test_a_visit_asks_the_database_fourteen_times_whatever_hangs_on_it(
    client, django_assert_num_queries, children, language
):
    def fill(edition):
        body = Body.objects.create(acronym="DIIS", slug="diis", name="Institute", kind="research")
        body.member_of.add(Body.objects.create(acronym="GRN", slug="grn", name="Network", kind="research"))
        for number in range(children):
            Finding.objects.create(edition=edition, kind="progress", text=f"Finding {number}")
            Person.objects.create(edition=edition, name=f"Person {number}")
            Engagement.objects.create(edition=edition, kind="side-meeting", body=body)
            topic = Topic.objects.create(slug=f"topic-{number}", name=f"Topic {number}")
            topic_link = Focus.objects.create(edition=edition, topic=topic)
            document = edition.documentlinks.get().document
            Evidence.objects.create(
                edition=edition, child_uid=topic_link.uid, field="topic", document=document,
                span_start=0, span_end=4, quote=document.text[:4],
            )  # fmt: skip

    translate(make_edition(State.PUBLISHED, fill=fill))
    # Whoever comes first after a publication has the vocabularies read.
    client.get("/statistics/")

    with django_assert_num_queries(14):
        client.get(f"{language}/visits/denmark-2018/")


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("address", "queries"),
    [("/", 7), ("/countries/", 4), ("/topics/", 1), ("/resolutions/", 1), ("/bodies/", 1), ("/countries/dnk/", 11)],
)
def test_other_pages_ask_the_same_number_of_times_however_much_they_show(
    client, django_assert_num_queries, address, queries, count
):
    for number in range(count):
        make_edition(State.PUBLISHED)
        Topic.objects.create(slug=f"topic-{number}", name=f"Topic {number}")
    # Whoever comes first after a publication has the sets renewed.
    client.get("/statistics/")

    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("route", ["countries/xyz", "topics/nothing", "resolutions/9999", "bodies/nobody"])
def test_a_term_that_is_not_in_the_register_is_404(client, route):
    assert client.get(f"/{route}/").status_code == 404


def test_a_country_without_a_visit_is_not_said_to_have_had_none(client):
    make_country("Norway", "NOR", "NO")

    page = client.get("/countries/nor/").text

    assert "No visit recorded here" in page
    assert "does not mean that there was none" in page


@pytest.mark.parametrize("sources", [1, 2])
def test_a_passage_names_its_source_where_the_record_has_several(client, sources):
    documents = [
        make_document(title=f"Release {number}", text=f"They went there {number}.") for number in range(1, sources + 1)
    ]

    def quote(edition):
        for document in documents[1:]:
            DocumentLink.objects.create(edition=edition, document=document, position=2)
        place = {"span_start": 0, "span_end": 4, "quote": "They"}
        Evidence.objects.create(
            edition=edition, child_uid=edition.visit.uid, field="title", document=documents[0], **place
        )

    make_edition(State.PUBLISHED, document=documents[0], fill=quote)

    page = client.get("/visits/denmark-2018/").text

    assert "<mark>They</mark> went there 1." in page
    assert ('<figcaption><a href="#sources">Release 1</a></figcaption>' in page) is (sources > 1)


def test_rich_text_cannot_bring_markup_of_its_own(client):
    hostile = '<p onclick="x()">Text <script>alert(1)</script><a href="javascript:x()">link</a><style>p{}</style></p>'
    make_edition(State.PUBLISHED, text=hostile, title='<img src=x onerror="x()">')

    page = client.get("/visits/denmark-2018/").text

    assert "<p>Text " in page
    for hostile_part in ("<script>", "onclick", "javascript:", "<style>", "<img src=x"):
        assert hostile_part not in page
