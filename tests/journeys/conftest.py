"""A running site, and a browser to use it with."""

import os
import shutil
import sys
from functools import partial

import pytest

from tests.live import ROOT, Site, environment_of

sys.path.append(str(ROOT / "deploy"))
from tools import AXE, BROWSER_OPTIONS, browser, unmet

# A hang guard, in milliseconds: machines that test are busy.
PATIENCE = 120_000
# All that axe knows, best practices too, and what it leaves off unless asked: targets of 24 by 24 pixels.
RUN = "() => axe.run(document, {resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})"
# A colour in the middle of a transition is nobody's choice.
AT_REST = "() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished))"


def missing(sentence):
    """What a test needs is not there: it is skipped, but never in CI."""
    pytest.fail(sentence) if os.environ.get("CI") else pytest.skip(sentence)


def patient(opened):
    """This page, or this context with its pages, which waits as long as a busy machine may take."""
    opened.set_default_timeout(PATIENCE)
    return opened


def need_judge(name):
    if unmet([name]):
        missing(f"{name} is not installed as it should be: .venv/bin/python deploy/tools.py does it, with npm.")


@pytest.fixture(scope="session")
def first_start(tmp_path_factory):
    """A data folder as the first start leaves it, and the logins it printed: everything after starts from a copy."""
    folder = tmp_path_factory.mktemp("first") / "data"
    with Site(environment_of(folder)) as running:
        logins = running.logins
    return folder, logins


@pytest.fixture(scope="session")
def fresh_site(first_start, tmp_path_factory):
    """Starts the register as a new user has it, with three staff accounts."""

    def start():
        folder, logins = first_start
        copy = shutil.copytree(folder, tmp_path_factory.mktemp("site") / "data")
        return Site(environment_of(copy), logins)

    return start


@pytest.fixture(scope="module")
def site(fresh_site):
    with fresh_site() as running:
        yield running


@pytest.fixture(scope="session")
def chromium():
    """The distribution's browser."""
    program = browser()
    if not program:
        missing("Chromium is not installed: with Debian, apt-get install chromium.")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=BROWSER_OPTIONS)
        yield running
        running.close()


@pytest.fixture
def page_of(chromium, site):
    """Opens a page in a fresh profile; what the browser complains of fails the test.

    `refused`: a status that the test provokes, of which the browser may complain.
    """
    contexts, complaints = [], []

    def open_page(refused: int | None = None, **options):
        context = patient(chromium.new_context(base_url=site.url, **options))
        contexts.append(context)
        page = context.new_page()

        def complain(message):
            if message.type == "error" and f"responded with a status of {refused} " not in message.text:
                complaints.append(message.text)

        page.on("console", complain)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "request",
            lambda request: None if request.url.startswith((site.url, "data:")) else complaints.append(request.url),
        )
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def view(page_of):
    """Opens a page on which axe may measure with inline styles of its own; other journeys hold to the policy."""
    return partial(page_of, bypass_csp=True)


@pytest.fixture(scope="session")
def barriers():
    """Tells what axe objects to on a page, a line for each element."""
    need_judge("axe-core")
    with open(AXE, encoding="utf-8") as file:
        axe = file.read()

    def judge(page):
        page.wait_for_load_state()
        page.evaluate(AT_REST)
        page.evaluate(axe)
        violations = page.evaluate(RUN)["violations"]
        return [
            f"{violation['id']}: {node['html'][:200]} ({node['failureSummary']})"
            for violation in violations
            for node in violation["nodes"]
        ]

    return judge


@pytest.fixture
def assert_accessible(barriers):
    def check(page):
        found = barriers(page)
        assert found == [], "\n".join([page.url, *found])

    return check
