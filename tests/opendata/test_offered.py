"""The package that was built is offered, file by file, as long as nothing that it holds was taken back."""

import hashlib
import json
import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings

from tests.crawler import Browser
from tests.factories import make_country, make_document, make_edition, make_next_edition, make_user
from visits.catalogue import packages
from visits.catalogue.caching import PageCache
from visits.editorial import actions, redaction
from visits.enums import Disclosure, Role, State
from visits.models import Edition, Event, Generation, User
from visits.models.base import plain_rows
from visits.opendata import bundle

pytestmark = pytest.mark.django_db

NAME = "visits.csv"
ADDRESS = f"/data/bundle/{NAME}"


@pytest.fixture
def edition():
    return make_edition(State.PUBLISHED, title="Visit to be shown", document=make_document(title="Release"))


@pytest.fixture
def package(edition):
    return bundle.build(settings.BUNDLE_DIR)


def system() -> User:
    return User.objects.system()


def test_a_file_is_served_whole_with_its_digest_as_its_tag(package):
    answer = Browser().get(ADDRESS)
    (told,) = (file for file in package.files if file.name == NAME)

    assert answer.status == 200
    assert hashlib.sha256(answer.body.encode()).hexdigest() == told.sha256
    assert answer.headers["ETag"] == f'"{told.sha256}"'
    assert answer.headers["Content-Length"] == str(told.bytes)
    assert answer.headers["Content-Type"] == "text/csv"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="visits.csv"'
    assert answer.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_who_has_the_file_is_not_sent_it_again(package):
    tag = Browser().get(ADDRESS).headers["ETag"]

    answer = Browser().get(ADDRESS, HTTP_IF_NONE_MATCH=tag)

    assert (answer.status, answer.body) == (304, "")


def test_a_part_is_served_and_only_of_the_file_that_was_begun(package):
    whole = Browser().get(ADDRESS)

    part = Browser().get(ADDRESS, HTTP_RANGE="bytes=10-19", HTTP_IF_RANGE=whole.headers["ETag"])
    other = Browser().get(ADDRESS, HTTP_RANGE="bytes=10-19", HTTP_IF_RANGE='"another"')

    assert (part.status, part.body) == (206, whole.body[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole.body.encode())}"
    assert (other.status, other.body) == (200, whole.body)


def test_head_tells_of_a_file_without_it(client, package):
    answer = client.head(ADDRESS)

    assert (answer.status_code, answer.getvalue()) == (200, b"")
    assert int(answer["Content-Length"]) == package.file(NAME).bytes


@pytest.mark.parametrize(
    "name",
    ["nothing.csv", "..", "../secret-key", "..%2Fsecret-key", "%2e%2e/secret-key", "bundle.json", ".bundle.lock"],
)
def test_nothing_else_can_be_reached(package, name):
    answer = Browser().get(f"/data/bundle/{name}")

    assert answer.status == 404
    assert "secret" not in answer.body.replace("secret-key", "")


def test_a_file_of_the_package_is_not_kept_in_memory(package, monkeypatch):
    browser = Browser()
    monkeypatch.setattr(PageCache, "keep", lambda *page: pytest.fail("it was kept"))

    assert browser.get(ADDRESS).status == 200


def test_without_a_package_the_refusal_can_be_read(db):
    answer = Browser().get(ADDRESS)

    assert (answer.status, json.loads(answer.body)["code"]) == (404, "no_package")
    assert answer.headers["Content-Type"] == "application/problem+json"


# What was taken back


def withdraw(edition):
    actions.withdraw(edition, by=system(), note="Entered by mistake.")


def withhold(edition):
    make_next_edition(edition)
    edition.refresh_from_db()
    actions.withhold(edition, by=system(), note="It tells of a minor.")


def redact(edition):
    asked = redaction.propose("to be shown", "The person asked for it.", by=make_user(Role.EDITOR))
    scope = redaction.scope_of(redaction.Search("to be shown").places())
    redaction.approve(asked, by=make_user(Role.EDITOR), scope=scope, version=asked.version)


def close_the_document(edition):
    document = edition.documentlinks.get().document
    with actions.saving_record(document, by=system()):
        document.disclosure = Disclosure.NONE
        document.save()


@pytest.mark.parametrize("take_back", [withdraw, withhold, redact, close_the_document])
def test_nothing_is_offered_from_the_moment_that_something_of_it_was_taken_back(edition, package, take_back):
    browser, catalogue = Browser(), "/data/catalog.jsonld"
    tag = browser.get(ADDRESS).headers["ETag"]
    assert not packages.is_due()
    assert package.of_kind("everything").sha256 in browser.get("/data/").body
    assert package.of_kind("everything").sha256 in browser.get(catalogue).body

    take_back(edition)

    # Not to whoever has a part of it already either.
    asked = [{}, {"HTTP_IF_NONE_MATCH": tag}, {"HTTP_RANGE": "bytes=0-9"}, {"HTTP_IF_RANGE": tag}]
    assert {browser.get(ADDRESS, **headers).status for headers in asked} == {404}
    assert package.of_kind("everything").sha256 not in browser.get("/data/").body
    assert "being built anew" in browser.get("/data/").body
    assert package.of_kind("everything").sha256 not in browser.get(catalogue).body
    assert packages.is_due()

    bundle.build(settings.BUNDLE_DIR)
    # Withholding an edition that is no longer the current one leaves what stands today.
    assert browser.get(ADDRESS).status == 200
    assert not packages.is_due()
    assert "being built anew" not in browser.get("/data/").body


def test_what_is_only_added_or_corrected_leaves_the_package_offered(edition, package):
    make_next_edition(edition)
    make_edition(State.PUBLISHED, country=make_country("Norway", "NOR", "NO"))
    document = make_document(disclosure=Disclosure.NONE)
    with actions.saving_record(document, by=system()):
        document.disclosure = Disclosure.FULL
        document.save()

    assert Generation.current() > package.generation
    assert Browser().get(ADDRESS).status == 200


def test_it_is_built_again_once_a_day_if_anything_changed(edition, package):
    yesterday = (datetime.now(UTC) - timedelta(days=1, minutes=1)).timestamp()

    def made_yesterday():
        os.utime(settings.BUNDLE_DIR / packages.MANIFEST, (yesterday, yesterday))

    made_yesterday()
    assert not packages.is_due()

    make_next_edition(edition)
    assert packages.is_due()

    bundle.build(settings.BUNDLE_DIR)
    make_next_edition(Edition.objects.published().get())
    assert not packages.is_due()


def test_a_package_of_a_register_that_was_put_back_is_not_offered(edition, package):
    plain_rows(Event).filter(generation=package.generation).update(generation=None)

    assert packages.offered() is None
    assert packages.is_due()


def test_a_package_that_cannot_be_read_is_none(package):
    (settings.BUNDLE_DIR / packages.MANIFEST).write_text('{"generation": "a long')
    assert packages.offered() is None

    (settings.BUNDLE_DIR / packages.MANIFEST).write_text('{"files": [{"name": "of another release"}]}')
    assert packages.offered() is None

    shutil.rmtree(settings.BUNDLE_DIR)
    assert packages.offered() is None
    assert packages.is_due()


def test_pages_that_tell_of_the_package_follow_it_at_the_same_generation(edition, package):
    browser = Browser()
    assert package.of_kind("everything").sha256 in browser.get("/data/").body
    shutil.rmtree(settings.BUNDLE_DIR)

    assert "being built anew" in browser.get("/data/").body
    assert "being built anew" not in browser.get("/fr/visits/").body
