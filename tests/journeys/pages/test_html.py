"""What is sent is HTML without a mistake, has one main heading, and is no heavier than a phone can bear."""

import json
import shutil
import subprocess

import pytest
from tools import VNU

from tests.crawler import routes
from tests.pages import NO_PAGES, TYPES

from ..conftest import missing, need_judge

pytestmark = pytest.mark.browser

MOST_BYTES = 60_000


def test_what_is_left_out_is_no_page(site):
    left_out = [route for route in routes() if route.name in NO_PAGES]

    assert {route.name for route in left_out} == set(NO_PAGES)
    for route in left_out:
        answer = site.get(route.fill(NO_PAGES[route.name]))
        assert answer.status != 200 or "html" not in answer.headers["content-type"], route


def test_the_checker_of_the_w3c_finds_no_mistake(sent, tmp_path):
    need_judge("vnu-jar")
    if not shutil.which("java"):
        missing("Java is not installed: with Debian, apt-get install default-jre-headless.")
    for number, ((name, language), text) in enumerate(sent.items()):
        (tmp_path / f"{number}-{name.replace(' ', '-')}-{language}.html").write_text(text, encoding="utf-8")
    command = ["java", "-jar", VNU, "--format", "json", "--stdout", "--exit-zero-always", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    messages = json.loads(done.stdout)["messages"]

    assert [told for told in messages if told["type"] != "info" or told.get("subType") == "warning"] == []


@pytest.mark.parametrize("name", TYPES)
def test_a_page_is_no_heavier_than_its_budget_in_any_language(sent, name):
    weights = {language: len(text.encode()) for (of, language), text in sent.items() if of == name}

    assert {language: weight for language, weight in weights.items() if weight > MOST_BYTES} == {}


def test_a_page_has_one_main_heading(sent):
    assert {page: text.count("<h1") for page, text in sent.items() if text.count("<h1") != 1} == {}
