"""Registers in files, where rows are committed and other processes see them."""

import shutil

import pytest
from django.core.management import call_command

from tests.databases import on_file
from tests.populated import populate


@pytest.fixture(scope="session")
def migrated(tmp_path_factory, django_db_blocker):
    """A database of this version without a visit, in a file that nobody changes."""
    path = tmp_path_factory.mktemp("migrated") / "register.sqlite3"
    with django_db_blocker.unblock(), on_file(path):
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
    return path


@pytest.fixture(scope="session")
def template(migrated, tmp_path_factory, django_db_blocker):
    """A register with every kind of row, in a file that nobody changes."""
    path = shutil.copy(migrated, tmp_path_factory.mktemp("template"))
    with django_db_blocker.unblock(), on_file(path):
        populate()
    return path


@pytest.fixture
def data(tmp_path, settings):
    settings.DATA_DIR = tmp_path / "data"
    settings.DATA_DIR.mkdir()
    return settings.DATA_DIR


@pytest.fixture
def register(data, template, django_db_blocker):
    """That register as the site has it; its file."""
    path = data / "register.sqlite3"
    shutil.copy(template, path)
    with django_db_blocker.unblock(), on_file(path):
        yield path
