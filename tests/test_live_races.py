"""Two sessions at a barrier on each page of the admin that writes: one wins, and the other is told, with both texts."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from tests.admin.test_write_paths import RECORDS, STEPS
from tests.forms import Fields
from tests.live import Site, Visitor, environment_of
from visits.enums import ReportStep

FIRST, SECOND = "Alpha", "Omega"
REASON = "The source says so."
# One row for each page, made on the running site.
SEED = """
import json
from django.urls import reverse
from tests.admin.test_write_paths import MERGED, RECORDS, STEPS, make
from tests.factories import make_document, make_edition, make_user, translate
from visits.editorial import actions, redaction
from visits.enums import ReportStep, Role, State, TranslationState
from visits.models import Country, Document, Edition, ErrorReport, Region, User, Visit
from visits.models.base import plain_rows
administrator = User.objects.get(username="{administrator}")
pages = dict()
for verb, state in STEPS.items():
    edition = make_edition(state, by=administrator if verb == "force-publish" else None)
    if verb == "approve":
        plain_rows(Edition).filter(pk=edition.pk).update(awaits_approval=True)
    if verb == "unclaim":
        actions.claim(edition, by=administrator)
    pages[verb] = reverse(f"admin:visits_edition_{{verb}}", args=[edition.pk])
made = {{Document: make_document, Visit: lambda: make_edition().visit, User: make_user}}
for model in RECORDS:
    row = made.get(model, model.objects.last)()
    pages[model._meta.model_name] = reverse(f"admin:visits_{{model._meta.model_name}}_change", args=[row.pk])
pages["edition"] = reverse("admin:visits_edition_change", args=[make_edition().pk])
for model in (each for each in MERGED if each not in (Country, Region)):
    kept, gone = make(model, "Y"), make(model, "Z")
    name = model._meta.model_name
    pages[f"merge {{name}}"] = reverse(f"admin:visits_{{name}}_merge", args=[gone.pk]) + f"?into={{kept.pk}}"
edition = make_edition(State.PUBLISHED)
translate(edition, "fr", TranslationState.DRAFT)
pages["translation"] = reverse("admin:visits_translation_desk", args=[edition.visit_id, "fr"])
for step in ReportStep:
    report = ErrorReport.objects.create(key=step.value, text="What is wrong", language="en")
    pages[f"report {{step.value}}"] = reverse(f"admin:visits_errorreport_{{step.value}}", args=[report.pk])
make_edition(title="Nobody but this title says Zanzibar")
asked = redaction.propose("Nobody but this title says Zanzibar", "It had to go.", by=make_user(Role.EDITOR))
pages["redaction"] = reverse("admin:visits_redaction_change", args=[asked.pk])
print(json.dumps(pages))
"""
EDITED = {model._meta.model_name: field for model, field in RECORDS.items()} | {
    "edition": "title",
    "translation": "title",
}
DECIDED = [*STEPS, *(f"report {step.value}" for step in ReportStep)]
CONFIRMED = ["redaction", "merge topic", "merge body", "merge resolution"]
TYPED = {"note": REASON, "day": "2031-07-01", "time": "09:00", "zone": "UTC", "approve": "1"}


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with Site(environment_of(tmp_path_factory.mktemp("races") / "data")) as running:
        yield running


@pytest.fixture(scope="module")
def pages(site) -> dict[str, str]:
    return json.loads(site.run_python(SEED.format(administrator=site.logins["administrator"][0])))


@pytest.fixture(scope="module")
def people(site) -> list[Visitor]:
    """The same person in two browsers: what one role may do is then never the reason."""
    browsers = [Visitor(site.url), Visitor(site.url)]
    for browser in browsers:
        browser.sign_in(*site.logins["administrator"])
    return browsers


def meet(people, address: str, typed: list[dict]):
    """Both open the page, and send it when the other one is ready too."""
    barrier = Barrier(len(people))

    def send(person, mine):
        values = Fields(person.get(address).text).values
        values = {name: value for name, value in values.items() if name and "__prefix__" not in name}
        # The translation desk has a field for each text of the record.
        named = {
            next((full for full in values if full.endswith(f".{name}")), name): said for name, said in mine.items()
        }
        pairs = [
            (name, each)
            for name, value in (values | named).items()
            for each in (value if isinstance(value, list) else [value])
        ]
        barrier.wait(timeout=60)
        return person.get(address, pairs)

    with ThreadPoolExecutor(len(people)) as at_once:
        answers = list(at_once.map(send, people, typed))
    assert sorted(answer.status for answer in answers) == [302, 409], [answer.text[-2000:] for answer in answers]
    return next(answer for answer in answers if answer.status == 409)


@pytest.mark.parametrize("name", EDITED)
def test_of_two_who_save_at_once_one_wins_and_the_other_reads_both_texts(people, pages, name):
    loser = meet(people, pages[name], [{EDITED[name]: FIRST}, {EDITED[name]: SECOND}])

    assert FIRST in loser.text
    assert SECOND in loser.text


@pytest.mark.parametrize("name", DECIDED)
def test_of_two_who_take_a_step_at_once_one_wins_and_the_other_keeps_the_words(people, pages, name):
    loser = meet(people, pages[name], [TYPED, TYPED])

    assert REASON in loser.text


@pytest.mark.parametrize("name", CONFIRMED)
def test_of_two_who_confirm_at_once_one_is_told_that_it_was_done(people, pages, name):
    meet(people, pages[name], [TYPED, TYPED])
