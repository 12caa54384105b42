"""Editions for reading: the preview of a draft, and what is different between two editions of a visit."""

import pytest
from django.utils.html import strip_tags

from tests.examples import fill_every_part
from tests.factories import make_edition, make_next_edition, make_user
from tests.register import everything
from visits.enums import Role, State
from visits.models.content import texts_of

from .support import fill_with, text

pytestmark = pytest.mark.django_db


def address(edition, view: str, query: str = "") -> str:
    return f"/admin/visits/edition/{edition.pk}/{view}/{query}"


@pytest.mark.parametrize("state", State)
def test_an_edition_is_shown_as_its_public_page_in_every_language(client, author, state):
    edition = make_edition(state, title="What staff are about to say", kinds=(), fill=fill_with(2))
    before = everything()

    for language in ("en", "ar", "zh-hans", "fr", "ru", "es"):
        shown = client.get(address(edition, "preview", f"?language={language}"))
        words = text(shown)
        assert shown.headers["Content-Language"] == language
        assert f'<html lang="{language}"' in words
        assert "What staff are about to say" in words
        assert "Finding 1" in words
        assert f'href="/admin/visits/edition/{edition.pk}/change/"' in words
        assert 'href="?language=ar" lang="ar"' in words
    assert everything() == before


def test_a_preview_holds_all_that_the_public_page_will_and_is_kept_nowhere(client, author):
    edition = make_edition(fill=fill_every_part, kinds=())

    shown = client.get(address(edition, "preview"))

    words = text(shown)
    said = [strip_tags(getattr(row, name)) for row, _uid, name in texts_of(edition)]
    assert len(said) > 10
    assert [each for each in said if each not in words] == []
    assert "Nobody but staff can open this page." in words
    assert {"no-store", "private"} <= set(shown.headers["Cache-Control"].replace(",", "").split())
    assert client.get("/visits/denmark-2018/").status_code == 404


def test_a_draft_with_nothing_in_it_can_be_previewed(client, author):
    edition = make_edition()
    edition.segments.all().delete()
    edition.kinds.all().delete()
    edition.documentlinks.all().delete()
    edition.title = edition.summary = ""
    edition.save()

    assert client.get(address(edition, "preview")).status_code == 200


def test_an_edition_is_compared_with_what_the_public_reads_or_with_any_other_of_the_visit(client, author):
    first = make_edition(State.PUBLISHED, title="A first title")
    second = make_next_edition(first, title="A second title")
    draft = make_next_edition(second, State.DRAFT, title="A third title", fill=fill_with(1))

    words = text(client.get(address(draft, "compare")))
    assert "A <del>second</del><ins>third</ins> title" in words
    assert "<ins>Finding 0</ins>" in words
    chosen = text(client.get(address(draft, "compare", f"?with={first.pk}")))
    assert "A <del>first</del><ins>third</ins> title" in chosen
    assert "A <del>first</del><ins>second</ins> title" in text(client.get(address(second, "compare")))
    # Nothing came before the first one; it can be set beside later ones all the same.
    assert "There is no edition to compare this one with: all of it is new." in text(
        client.get(address(first, "compare"))
    )


@pytest.mark.parametrize("asked", ["", "0", "nonsense", "other"])
def test_only_editions_of_one_visit_are_compared(client, author, asked):
    other = make_edition(title="Of another visit")
    first = make_edition(State.PUBLISHED, title="A title")
    draft = make_next_edition(first, State.DRAFT)

    words = text(client.get(address(draft, "compare", f"?with={other.pk if asked == 'other' else asked}")))

    assert "Of another visit" not in words
    assert "Both say the same." in words


@pytest.mark.parametrize("view", ["preview", "compare"])
def test_only_who_may_read_editions_reads_them_so(client, view):
    edition = make_edition()
    client.force_login(make_user(None))

    assert client.get(address(edition, view)).status_code == 403
    client.force_login(make_user(Role.AUTHOR))
    assert client.get(f"/admin/visits/edition/999/{view}/").status_code == 404
