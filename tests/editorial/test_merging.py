"""Two terms become one: work moves, what is fixed stays, and nothing is found less than before."""

import pytest
from django.db.models import ProtectedError

from tests.factories import make_country, make_document, make_edition, make_region, make_user
from tests.searching import found
from visits.editorial import actions, merging, rules
from visits.enums import Role, State, Verb
from visits.exceptions import CannotMerge, Refused, StaleVersion
from visits.models import (
    Body,
    Country,
    Edition,
    Event,
    Evidence,
    Finding,
    Focus,
    Generation,
    Participation,
    Region,
    Resolution,
    ResolutionLink,
    Topic,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return make_user(Role.EDITOR)


@pytest.fixture
def terms():
    old = Topic.objects.create(slug="borders", name="Borders", name_fr="Frontières", aliases="Frontier control")
    new = Topic.objects.create(slug="border-control", name="Border control", name_fr="Contrôle", aliases="Crossings")
    return old, new


def merge(term, into, by):
    return merging.merge(term, into, by=by, version=term.version, into_version=into.version)


def naming(*topics, **fields):
    def fill(edition):
        for topic in topics:
            Focus.objects.create(edition=edition, topic=topic, **fields)
        Finding.objects.create(edition=edition, kind="progress", topic=topics[0], text="Much was done.")

    return fill


def test_working_editions_move_and_fixed_ones_stay(editor, terms):
    old, new = terms
    work, fixed = make_edition(fill=naming(old)), make_edition(State.PUBLISHED, fill=naming(old))
    generation = Generation.current()

    assert merge(old, new, editor) == 1

    assert (work.focuses.get().topic, work.findings.get().topic) == (new, new)
    assert (fixed.focuses.get().topic, fixed.findings.get().topic) == (old, old)
    old.refresh_from_db()
    assert old.replaced_by == new
    assert Generation.current() > generation


def test_names_and_aliases_go_to_the_survivor_once(editor, terms):
    old, new = terms
    old.aliases += "\nCROSSINGS"
    old.save()

    merge(old, new, editor)

    new.refresh_from_db()
    assert new.alias_list == ["Crossings", "Borders", "Frontières", "Frontier control"]


def test_what_is_fixed_is_found_by_both_names_now_and_after_a_renaming(editor, terms):
    old, new = terms
    edition = make_edition(State.PUBLISHED, fill=naming(old))

    merge(old, new, editor)
    assert found("border control") == [edition.visit.slug]
    new = Topic.objects.get(pk=new.pk)
    with actions.saving_record(new, by=editor):
        new.name_es = "Control fronterizo"
        new.save()

    assert found("borders") == found("control fronterizo") == [edition.visit.slug]


def test_an_edition_does_not_name_a_term_twice_and_its_evidence_stays(editor, terms):
    old, new = terms
    document = make_document(text="Borders were discussed.")

    def fill(edition):
        kept = Focus.objects.create(edition=edition, topic=new, role="mentioned")
        gone = Focus.objects.create(edition=edition, topic=old, role="focus")
        Evidence.objects.create(
            edition=edition, child_uid=gone.uid, field="topic", document=document, span_start=0, span_end=7,
            quote="Borders",
        )  # fmt: skip
        assert kept.uid != gone.uid

    edition = make_edition(fill=fill)

    merge(old, new, editor)

    focus = edition.focuses.get()
    assert (focus.topic, focus.role) == (new, "focus")
    assert edition.evidence.get().child_uid == focus.uid


def test_a_merge_is_recorded_and_makes_nobody_a_contributor(editor, terms):
    old, new = terms
    edition = make_edition(fill=naming(old))
    version = Edition.objects.get(pk=edition.pk).version

    merge(old, new, editor)

    edition = Edition.objects.get(pk=edition.pk)
    event = Event.objects.filter(edition=edition).latest("pk")
    assert (event.verb, event.actor) == (Verb.CHANGE_RECORD, editor)
    assert {(change["part"], change["old"], change["new"]) for change in event.changes} == {
        ("focus", "borders", "border-control"),
        ("finding", "borders", "border-control"),
    }
    assert edition.version == version + 1
    assert not rules.is_contributor(edition, editor)
    changed = Event.objects.about(old).get().changes
    assert {"field": "replaced_by", "old": None, "new": "border-control"} in changed
    assert [change["field"] for change in Event.objects.about(new).get().changes] == ["aliases"]


@pytest.mark.parametrize("stale", [0, 1])
def test_a_merge_of_terms_that_changed_meanwhile_is_refused(editor, terms, stale):
    terms[stale].save()
    old, new = (Topic.objects.get(pk=term.pk) for term in terms)
    versions = [old.version, new.version]
    versions[stale] -= 1

    with pytest.raises(StaleVersion):
        merging.merge(old, new, by=editor, version=versions[0], into_version=versions[1])

    assert not Topic.objects.exclude(replaced_by=None).exists()


def test_who_may_not_change_the_list_may_not_merge(terms):
    with pytest.raises(Refused):
        merge(*terms, make_user(Role.AUTHOR))


def test_no_merge_with_itself_another_list_or_a_replaced_term(editor, terms):
    old, new = terms
    body = Body.objects.create(acronym="UN", slug="un", name="United Nations", kind="un")
    for pair in ((old, old), (old, body)):
        with pytest.raises(CannotMerge):
            merge(*pair, editor)
    merge(old, new, editor)
    old, new = Topic.objects.get(pk=old.pk), Topic.objects.get(pk=new.pk)
    for pair in ((old, new), (new, old)):
        with pytest.raises(CannotMerge):
            merge(*pair, editor)


def test_replacements_never_form_a_chain(editor, terms):
    old, new = terms
    last = Topic.objects.create(slug="last", name="Last")
    merge(old, new, editor)

    merge(Topic.objects.get(pk=new.pk), last, editor)

    assert set(Topic.objects.filter(replaced_by=last)) == {old, new}


def test_bodies_take_rows_and_memberships_along(editor):
    old, new, parent, child = (
        Body.objects.create(acronym=name, slug=name.lower(), name=f"Body {name}", kind="un") for name in "ABCD"
    )
    old.member_of.set([parent, new])
    child.member_of.set([old])
    edition = make_edition(fill=lambda edition: Participation.objects.create(edition=edition, body=old, named_as="A."))

    merge(old, new, editor)

    assert edition.participations.get().body == new
    assert (list(new.member_of.all()), list(child.member_of.all())) == ([parent], [new])


def test_resolutions_move(editor):
    old, new = (Resolution.objects.create(number=number, year=2001) for number in (1, 2))
    edition = make_edition(fill=lambda edition: ResolutionLink.objects.create(edition=edition, resolution=old))

    merge(old, new, editor)

    assert edition.resolutionlinks.get().resolution == new
    assert Resolution.objects.get(pk=new.pk).alias_list == ["S/RES/1 (2001)"]


def test_of_a_country_only_visits_without_an_address_move():
    administrator = make_user(Role.ADMINISTRATOR)
    old, new = make_country(former_names="Danmark"), make_country("Norway", "NOR", "NO")
    draft, published = make_edition(country=old), make_edition(State.PUBLISHED, country=old)

    merge(old, new, administrator)

    draft.visit.refresh_from_db()
    published.visit.refresh_from_db()
    assert (draft.visit.country, published.visit.country) == (new, old)
    assert Country.objects.get(pk=new.pk).alias_list == ["Denmark", "Danmark"]


def test_countries_and_parts_of_a_region_move():
    administrator = make_user(Role.ADMINISTRATOR)
    old = make_region()
    new = make_region("Northern Europe", "154", parent=old)
    country = make_country(region=old)

    merge(old, new, administrator)

    country.refresh_from_db()
    assert country.region == new
    assert Region.objects.get(pk=new.pk).parent is None


def test_a_merged_term_that_is_still_named_is_kept(editor, terms):
    old, new = terms
    make_edition(State.PUBLISHED, fill=naming(old))
    merge(old, new, editor)

    with pytest.raises(ProtectedError):
        Topic.objects.get(pk=old.pk).delete()
