"""The translation desk: what stands where, a record beside its translation, and nobody's text lost."""

import pytest

from tests.admin.support import filled, text
from tests.factories import make_country, make_edition, make_next_edition, make_user, translate
from visits.editorial import actions, translating
from visits.editorial.translating import Work
from visits.enums import Role, State, TranslationState, Verb
from visits.models import Finding, Translation, User

pytestmark = pytest.mark.django_db

MATRIX = "/admin/visits/translation/"


@pytest.fixture
def edition():
    return make_edition(
        State.PUBLISHED,
        title="A visit",
        summary="What it was about.",
        text="<p>An <strong>account</strong>.</p>",
        fill=lambda edition: Finding.objects.create(edition=edition, kind="progress", text="A plan."),
    )


def desk(edition, language="fr") -> str:
    return f"{MATRIX}{edition.visit_id}/{language}/"


def name_of(edition, field: str = "title") -> str:
    return f"{edition.visit.uid}.{field}"


# The matrix


def cells_of(client, query="") -> dict[str, list[str]]:
    """By slug, the words of its cells."""
    context = client.get(MATRIX + query).context
    return {
        visit.slug: [f"{cell.standing.label} {cell.public}/{cell.texts}" if cell else "–" for _code, cell in cells]
        for visit, cells in context["rows"]
    }


def make_every_standing():
    for year, (slug, country) in enumerate({"Norway": ("NOR", "NO"), "Sweden": ("SWE", "SE")}.items(), 2001):
        make_edition(State.PUBLISHED, country=make_country(slug, *country), start=str(year), end="")
    edition = make_edition(State.PUBLISHED)
    translate(edition, "fr")
    translate(edition, "es", texts={"title": "Visita"})
    translate(edition, "ru", TranslationState.DRAFT)
    translate(edition, "ar", TranslationState.IN_REVIEW)
    translate(edition, "zh-hans", texts={"title": "访问"})
    make_next_edition(edition, title="Another title", state=State.PUBLISHED)
    translate(edition.visit.editions.published().get(), "fr")
    translate(edition.visit.editions.published().get(), "es", texts={"title": "Otra visita"})


def test_the_matrix_tells_how_far_each_record_is_in_each_language(client, author):
    make_every_standing()
    make_edition(State.DRAFT, country=make_country("Finland", "FIN", "FI"))

    assert cells_of(client) == {
        "denmark-2018": [
            "in review 0/2", "older than the original 1/2", "current 2/2", "draft 0/2", "partly translated 1/2",
        ],
        "norway-2001": ["–"] * 5,
        "sweden-2002": ["–"] * 5,
    }  # fmt: skip
    totals = {
        language.code: {str(state): n for state, n in counts if n}
        for language, counts in client.get(MATRIX).context["totals"]
    }
    assert totals == {
        "ar": {"in-review": 1, "missing": 2},
        "zh-hans": {"outdated": 1, "missing": 2},
        "fr": {"current": 1, "missing": 2},
        "ru": {"draft": 1, "missing": 2},
        "es": {"partial": 1, "missing": 2},
    }


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("", ["denmark-2018", "norway-2001", "sweden-2002"]),
        ("?q=norge", []),
        ("?q=Norvège", []),
        ("?q=norway", ["norway-2001"]),
        ("?state=missing", ["norway-2001", "sweden-2002"]),
        ("?state=missing&language=fr", ["norway-2001", "sweden-2002"]),
        ("?state=current", ["denmark-2018"]),
        ("?state=current&language=es", []),
        ("?state=partial&language=es", ["denmark-2018"]),
        ("?state=outdated&language=zh-hans&q=denmark", ["denmark-2018"]),
        ("?state=draft&language=ru", ["denmark-2018"]),
        ("?state=in-review&language=ar", ["denmark-2018"]),
        ("?state=nonsense&language=nonsense&page=99", ["denmark-2018", "norway-2001", "sweden-2002"]),
        ("?q=%00", ["denmark-2018", "norway-2001", "sweden-2002"]),
    ],
)
def test_the_matrix_is_narrowed_down_by_name_language_and_state(client, author, query, slugs):
    make_every_standing()

    assert list(cells_of(client, query)) == slugs


def test_a_language_that_is_chosen_is_the_only_column(client, author):
    make_every_standing()

    assert cells_of(client, "?language=fr")["denmark-2018"] == ["current 2/2"]


@pytest.mark.parametrize("count", [3, 100])
def test_the_matrix_takes_the_same_queries_however_many_records(client, author, count, django_assert_num_queries):
    for number in range(count):
        edition = make_edition(State.PUBLISHED)
        if number % 2:
            translate(edition, texts={"title": "Visite"})

    with django_assert_num_queries(13):
        page = client.get(MATRIX)
    assert len(page.context["rows"]) == min(count, 50)


# A record in a language


@pytest.mark.parametrize("count", [1, 20])
def test_the_desk_takes_the_same_queries_however_much_there_is_to_translate(
    client, author, count, django_assert_num_queries
):
    def fill(edition):
        for number in range(count):
            Finding.objects.create(edition=edition, kind="progress", text=f"Finding {number}")

    edition = make_edition(State.PUBLISHED, fill=fill)
    translate(edition)
    make_next_edition(edition, title="Another title")

    with django_assert_num_queries(25):
        client.get(desk(edition))


def test_each_text_stands_beside_a_field_in_the_language_and_its_direction(client, author, edition):
    translate(edition, "ar", texts={"title": "زيارة"})

    page = client.get(desk(edition, "ar"))

    items = [item for _part, items in page.context["form"].parts() for item in items]
    assert [item["entry"].key[1] for item in items] == ["title", "summary", "text", "text"]
    assert [str(item["field"].value() or "") for item in items] == ["زيارة", "", "", ""]
    attributes = [item["field"].field.widget.attrs for item in items]
    assert {(attrs["lang"], attrs["dir"]) for attrs in attributes} == {("ar", "rtl")}
    assert '<div class="desk-original" id="original-' in page.text
    assert "<p>An <strong>account</strong>.</p>" in page.text
    assert [part for part, _items in page.context["form"].parts()] == [
        "The record itself",
        "Finding: progress",
    ]


def test_what_is_typed_is_saved_as_a_draft(client, author, edition):
    typed = {name_of(edition): "Une visite", f"{edition.findings.get().uid}.text": "Un plan."}

    response = client.post(desk(edition), filled(client.get(desk(edition)), **typed), follow=True)

    assert "The translation has been saved: denmark-2018: French." in text(response)
    rows = Translation.objects.order_by("text").values_list("text", "state", "made_by")
    assert list(rows) == [("Un plan.", "draft", author.pk), ("Une visite", "draft", author.pk)]


def test_saving_an_untouched_page_saves_nothing(client, author, edition):
    translate(edition)

    response = client.post(desk(edition), filled(client.get(desk(edition))), follow=True)

    assert "Nothing was different, so nothing was saved." in text(response)
    assert not Translation.objects.in_work().exists()


def test_a_post_without_fields_changes_nothing(client, author, edition):
    translate(edition)
    before = list(Translation.objects.order_by("pk").values())

    client.post(desk(edition))
    client.post(desk(edition), {"seen": str(Work(edition.visit, "fr").events.latest_pk())})

    assert list(Translation.objects.order_by("pk").values()) == before


def test_words_of_the_original_that_changed_are_marked(client, author, edition):
    translate(edition)
    make_next_edition(edition, title="A focused visit", text="<p>An account.</p><p>More.</p>")

    page = client.get(desk(edition))

    assert "A <ins>focused </ins>visit" in page.text
    assert "An account.<ins>\nMore.</ins>" in page.text
    assert page.text.count("what changed is marked in it") == 2


def test_a_translation_that_is_still_right_becomes_current_by_saying_so(client, author, edition):
    translate(edition, texts={"title": "Une visite"})
    fresh = make_next_edition(edition, title="A visit.")
    values = filled(client.get(desk(edition)))
    client.post(desk(edition), values)
    assert not Translation.objects.in_work().exists()

    client.post(desk(edition), values | {f"right.{name_of(edition)}": "on"})

    assert Translation.objects.in_work().get().text == "Une visite"
    translating.submit(edition.visit, "fr", by=author)
    translating.review(edition.visit, "fr", by=User.objects.system())
    assert "what changed is marked in it" not in client.get(desk(fresh)).text


def test_what_is_public_stands_beside_what_is_in_work(client, author, edition):
    translate(edition, texts={"title": "Première"})
    translate(edition, state=TranslationState.DRAFT, texts={"title": "Seconde"})

    page = client.get(desk(edition))

    assert filled(page)[name_of(edition)] == "Seconde"
    assert '<p class="as-written">Première</p>' in page.text


def test_two_people_at_one_translation_lose_nothing(client, author, edition):
    translate(edition, state=TranslationState.DRAFT, texts={"title": "Titre", "summary": "Résumé"})
    values = filled(client.get(desk(edition)), **{name_of(edition): "Mon titre"})
    translate(
        edition,
        state=TranslationState.DRAFT,
        by=make_user(username="other"),
        texts={"title": "Leur titre", "summary": "Leur résumé"},
    )

    refused = client.post(desk(edition), values)

    assert refused.status_code == 409
    assert "Somebody else saved denmark-2018: French after you opened it" in text(refused)
    assert "other, " in text(refused)
    assert "<del>Leur</del><ins>Mon</ins> titre" in refused.text
    # What was typed stays; where nothing was, theirs is taken, so that saving on undoes nothing of it.
    again = filled(refused)
    assert (again[name_of(edition)], again[name_of(edition, "summary")]) == ("Mon titre", "Leur résumé")

    client.post(desk(edition), again)

    saved = Translation.objects.order_by("field").values_list("field", "text")
    assert list(saved) == [("summary", "Leur résumé"), ("title", "Mon titre")]


def test_what_an_author_typed_while_it_was_submitted_stays_on_the_page(client, author, edition):
    values = filled(client.get(desk(edition)), **{name_of(edition): "Une visite"})
    translate(edition, state=TranslationState.IN_REVIEW, texts={"summary": "Résumé"})

    refused = client.post(desk(edition), values)

    assert refused.status_code == 409
    assert filled(refused)[name_of(edition)] == "Une visite"
    assert "Une visite" not in client.get(desk(edition)).text


def test_what_was_typed_for_an_edition_that_was_replaced_meanwhile_is_kept_as_made_from_it(client, author, edition):
    finding = edition.findings.get()
    typed = {name_of(edition): "Une visite", f"{finding.uid}.text": "Un plan."}
    values = filled(client.get(desk(edition)), **typed)
    make_next_edition(edition, title="The visit", fill=lambda fresh: fresh.findings.all().delete())

    client.post(desk(edition), values)

    assert set(Translation.objects.values_list("text", flat=True)) == {"Une visite", "Un plan."}
    assert "what changed is marked in it" in client.get(desk(edition)).text


def test_what_was_typed_when_the_visit_was_withdrawn_meanwhile_is_shown_once_more(client, author, edition):
    values = filled(client.get(desk(edition)), **{name_of(edition): "Une visite"})
    actions.withdraw(edition, by=User.objects.system(), note="Entered by mistake.")

    refused = client.post(desk(edition), values)

    assert (refused.status_code, filled(refused)[name_of(edition)]) == (409, "Une visite")
    assert client.get(desk(edition)).status_code == 404


def test_a_character_that_no_database_takes_is_told_at_its_field(client, author, edition):
    values = filled(client.get(desk(edition)), **{name_of(edition): "Une\0visite"})

    assert "Null characters are not allowed." in text(client.post(desk(edition), values))


@pytest.mark.parametrize("address", ["0/fr/", "{visit}/en/", "{visit}/xx/", "{visit}/xx/submit/"])
def test_what_is_not_there_is_404(client, author, edition, address):
    assert client.get(MATRIX + address.format(visit=edition.visit_id)).status_code == 404


def test_an_unpublished_visit_has_no_desk_and_says_so(client, author):
    edition = make_edition(State.DRAFT)

    assert client.get(desk(edition)).status_code == 404
    assert "Only what is published is translated." in client.get(f"/admin/visits/visit/{edition.visit_id}/change/").text


def test_the_desk_is_reached_from_the_front_page_the_edition_and_the_visit(client, author, edition):
    assert f'href="{MATRIX}"' in client.get("/admin/").text
    assert f'href="{MATRIX}?q=denmark-2018"' in client.get(f"/admin/visits/edition/{edition.pk}/change/").text
    assert f'href="{desk(edition)}"' in client.get(f"/admin/visits/visit/{edition.visit_id}/change/").text


# Steps


def test_a_translation_goes_from_desk_to_public(client, edition):
    author, editor = make_user(Role.AUTHOR), make_user(Role.EDITOR)
    client.force_login(author)
    values = filled(client.get(desk(edition)), **{name_of(edition): "Une visite"}) | {"_submit": "1"}
    confirmation = client.post(desk(edition), values, follow=True)
    assert "<ins>Une visite</ins>" in confirmation.text
    submitted = client.post(confirmation.wsgi_request.get_full_path(), filled(confirmation), follow=True)
    assert "submitted for review" in text(submitted)
    assert f"{name_of(edition)}" not in filled(client.get(desk(edition)))
    client.force_login(editor)

    confirmation = client.get(desk(edition) + "review/")
    assert '<dd lang="fr" dir="ltr"><ins>Une visite</ins>' in confirmation.text
    assert "Une visite" not in client.get("/fr/visits/denmark-2018/").text
    approved = client.post(desk(edition) + "review/", filled(confirmation), follow=True)

    assert "The translation has been approved and is public: denmark-2018: French." in text(approved)
    assert "Une visite" in client.get("/fr/visits/denmark-2018/").text
    history = client.get(f"/admin/visits/visit/{edition.visit_id}/history/").text
    assert "approved the translation into French." in history


def test_who_changed_a_word_of_it_cannot_approve_it_and_reads_why(client, edition):
    editor = make_user(Role.EDITOR)
    translate(edition, state=TranslationState.IN_REVIEW, by=editor)
    client.force_login(editor)

    page = client.get(desk(edition))
    assert "You worked on this translation, so another person must review it." in text(page)
    confirmation = client.get(desk(edition) + "review/")
    assert "another person must review it" in text(confirmation)
    assert client.post(desk(edition) + "review/", filled(confirmation)).status_code == 409


def test_what_was_sent_back_comes_with_the_reason(client, edition):
    translate(edition, state=TranslationState.IN_REVIEW)
    client.force_login(make_user(Role.EDITOR))
    address = desk(edition) + "send-back/"
    refused = client.post(address, filled(client.get(address)))
    assert (refused.status_code, "Write the reason" in text(refused)) == (409, True)

    client.post(address, filled(client.get(address), note="The title says “mission”."))

    assert "The title says “mission”." in text(client.get(desk(edition)))
    assert Work(edition.visit, "fr").state == TranslationState.DRAFT
    translate(edition)
    assert "The title says “mission”." not in text(client.get(desk(edition)))


@pytest.mark.parametrize("verb", [Verb.SUBMIT, Verb.REVIEW])
def test_nobody_decides_on_what_they_have_not_read(client, edition, verb):
    state = TranslationState.DRAFT if verb == Verb.SUBMIT else TranslationState.IN_REVIEW
    translate(edition, state=state)
    client.force_login(make_user(Role.EDITOR))
    read = filled(client.get(f"{desk(edition)}{verb}/"))
    translating.save(
        edition.visit,
        "fr",
        {(str(edition.visit.uid), "title"): "Autrement"},
        edition,
        by=make_user(Role.EDITOR, username="other"),
    )

    refused = client.post(f"{desk(edition)}{verb}/", read)

    assert refused.status_code == 409
    assert "other, " in text(refused)
    assert Work(edition.visit, "fr").state == state
