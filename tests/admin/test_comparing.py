"""Two editions on one screen: field by field, part by part, and decided on from there."""

import pytest

from tests.examples import fill_every_part
from tests.factories import make_edition, make_next_edition, make_user
from visits.admin.comparing import compare
from visits.editorial import actions
from visits.enums import Role, State, Verb
from visits.models import Finding, Focus, User
from visits.models.content import snapshot

from .support import fill_with, make_topic, text

pytestmark = pytest.mark.django_db


def address(edition, query: str = "") -> str:
    return f"/admin/visits/edition/{edition.pk}/compare/{query}"


def groups(before, after) -> dict:
    return {group.name: group for group in compare(snapshot(before) if before else {}, snapshot(after))}


def told(group) -> list[tuple[str, str]]:
    return [(part.op, part.title) for part in group.different]


def test_parts_are_added_removed_changed_or_the_same():
    first = make_edition(State.PUBLISHED, fill=fill_with(3))

    def correct(draft):
        draft.focuses.get(topic=make_topic("topic-0")).delete()
        Focus.objects.create(edition=draft, topic=make_topic("customs"), position=9)
        changed = draft.focuses.get(topic=make_topic("topic-1"))
        changed.role = "mentioned"
        changed.save()

    found = groups(first, make_next_edition(first, State.DRAFT, fill=correct))["focuses"]

    assert sorted(told(found)) == [("added", "Customs"), ("changed", "Topic-1"), ("removed", "Topic-0")]
    assert [part.title for part in found.same] == ["Topic-2"]
    changed = next(part for part in found.different if part.op == "changed")
    assert [field.label for field in changed.different] == ["Role"]
    assert [run.text for run in changed.different[0].runs] == ["focus of the talks", "mentioned"]


def test_of_parts_in_another_order_the_fewest_are_told_as_moved():
    def fill(draft):
        for number in range(4):
            Finding.objects.create(edition=draft, kind="progress", text=f"Finding {number}", position=number)

    def last_to_the_front(draft):
        last = draft.findings.last()
        last.position = 0
        last.save()
        for finding in draft.findings.exclude(pk=last.pk):
            finding.position += 1
            finding.save()

    first = make_edition(State.PUBLISHED, fill=fill)

    found = groups(first, make_next_edition(first, State.DRAFT, fill=last_to_the_front))["findings"]

    assert told(found) == [("moved", "Finding 3")]


def test_every_field_of_every_part_is_said_in_words_and_none_as_a_key():
    edition = make_edition(State.DRAFT, fill=fill_every_part, kinds=())

    said = {
        (name, field.label): "".join(run.text for run in field.runs)
        for name, group in groups(None, edition).items()
        for part in group.different
        for field in part.fields
    }

    assert said["focuses", "Topic"].startswith("Topic ")
    assert said["segments", "First day"] == "29 May 2018"
    assert said["segments", "Modality is inferred"] in ("yes", "no")
    assert said["documentlinks", "Document"].startswith("Source ")
    assert said["resolutions" if ("resolutions", "Resolution") in said else "resolutionlinks", "Resolution"]
    keys = {str(edition.visit.uid), *(str(row.uid) for row in edition.findings.all())}
    assert not keys & set(said.values())


def test_where_only_the_formatting_is_different_the_page_says_so(client, author):
    first = make_edition(State.PUBLISHED, text="<p>The same words.</p>")
    draft = make_next_edition(first, State.DRAFT, text="<p>The <strong>same</strong> words.</p>")

    assert "Only its formatting is different." in text(client.get(address(draft)))


def test_a_first_edition_is_shown_as_all_new(client, author):
    words = text(client.get(address(make_edition(title="A first title"))))

    assert "<ins>A first title</ins>" in words


def test_the_other_side_is_chosen_too(client, author):
    first = make_edition(State.PUBLISHED, title="A first title")
    second = make_next_edition(first, title="A second title")

    chosen = client.get(address(second, f"?edition={first.pk}&with={second.pk}"), follow=True)

    assert chosen.redirect_chain == [(address(first, f"?with={second.pk}"), 302)]
    assert "A <del>second</del><ins>first</ins> title" in text(chosen)
    other = make_edition()
    assert client.get(address(second, f"?edition={other.pk}")).status_code == 200


@pytest.mark.parametrize(
    ("role", "state", "verbs"),
    [
        (Role.AUTHOR, State.DRAFT, ["submit", "discard"]),
        (Role.AUTHOR, State.IN_REVIEW, []),
        (Role.EDITOR, State.IN_REVIEW, ["send-back", "publish", "schedule", "discard", "claim"]),
        (Role.EDITOR, State.PUBLISHED, []),
    ],
    ids=str,
)
def test_what_is_read_is_decided_on_from_there_with_the_usual_question(client, role, state, verbs):
    client.force_login(make_user(role))
    edition = make_edition(state)

    page = client.get(address(edition))

    assert [item["verb"] for item in page.context["steps"]] == verbs
    for item in page.context["steps"]:
        assert f"version={edition.version}" in item["url"]
        assert item["url"].replace("&", "&amp;") in page.content.decode()
        assert client.get(item["url"]).status_code == 200


def test_who_wrote_it_reads_there_why_another_person_must_publish(client):
    editor = make_user(Role.EDITOR)
    client.force_login(editor)
    edition = actions.submit(make_edition(by=editor), by=User.objects.system())

    words = text(client.get(address(edition)))

    assert "another person must publish it" in words
    assert [item["verb"] for item in client.get(address(edition)).context["steps"] if item["reasons"]] == [
        Verb.PUBLISH,
        Verb.SCHEDULE,
    ]


def test_the_preview_is_linked_in_every_language(client, author):
    edition = make_edition()

    words = client.get(address(edition)).content.decode()

    for language in ("en", "ar", "zh-hans", "fr", "ru", "es"):
        assert f"/admin/visits/edition/{edition.pk}/preview/?language={language}" in words


def test_a_comparison_takes_the_same_queries_for_one_row_and_for_thirty(client, author, django_assert_num_queries):
    small, large = (make_edition(State.PUBLISHED, fill=fill_with(count)) for count in (1, 30))
    drafts = [make_next_edition(edition, State.DRAFT) for edition in (small, large)]

    for draft in drafts:
        with django_assert_num_queries(QUERIES):
            client.get(address(draft))


QUERIES = 46
