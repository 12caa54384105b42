"""The interface in six languages: nothing it says is left unsaid in one of them."""

import os
import shutil
import subprocess
import sys

import pytest
from babel.messages.catalog import Message
from django.conf import settings
from django.utils.translation import gettext, override

from deploy.catalogues import CHURN, catalogues, faults, faults_of
from tests.live import PATIENCE, ROOT

SAID_BY = ("cted", "deploy", "templates", "visits", "manage.py", "Makefile")


@pytest.mark.parametrize("catalogue", catalogues(), ids=lambda path: path.parent.parent.name)
def test_every_message_is_said_whole(catalogue):
    assert faults(catalogue) == []


def test_each_language_but_english_has_a_catalogue():
    languages = {code.replace("-", "_").lower() for code, _name in settings.LANGUAGES} - {"en"}

    assert {path.parent.parent.name.lower() for path in catalogues()} == languages


def test_what_is_compiled_is_what_pages_say():
    with override("fr"):
        assert gettext("June") == "juin"


@pytest.mark.parametrize(
    ("source", "said", "flags", "is_fault"),
    [
        ("%(n)s of a kind", "%(n)s du genre", [], False),
        ("%(n)s of a kind", "%(m)s du genre", [], True),
        ("%(n)s of a kind", "du genre", [], True),
        ("Read <em>this</em>", "Lire <em>ceci</em>", [], False),
        ("Read <em>this</em>", "Lire ceci", [], True),
        ("A word", "", [], True),
        ("A word", "Un mot", ["fuzzy"], True),
        ("A word ", "Un mot", [], True),
        (", ", "、", [], False),
        (("one visit", "%(n)s visits"), ("une visite", "%(n)s visites"), [], False),
        (("one visit", "%(n)s visits"), ("une visite", ""), [], True),
        (("one visit", "%(n)s visits"), ("une visite",), [], True),
    ],
)
def test_faults_of_a_message_are_found(source, said, flags, is_fault):
    assert bool(list(faults_of(Message(source, said, flags=flags), plurals=2))) is is_fault


def test_catalogues_hold_what_the_code_says_and_nothing_else(tmp_path):
    for name in SAID_BY:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, tmp_path / name)
    collect = ["make", "--no-print-directory", "collect", f"COLLECT_WITH={sys.executable}"]
    environment = os.environ | {"DATA_DIR": str(tmp_path / "var"), "DJANGO_SETTINGS_MODULE": "cted.settings"}
    subprocess.run(collect, cwd=tmp_path, env=environment, check=True, capture_output=True, timeout=PATIENCE)

    for catalogue in catalogues():
        collected = (tmp_path / catalogue.relative_to(ROOT)).read_text(encoding="utf-8")
        assert CHURN.sub("", collected) == catalogue.read_text(encoding="utf-8"), "run `make messages`"
