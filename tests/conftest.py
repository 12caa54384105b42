"""Shared by every test."""

import shutil

import pytest
from django.conf import settings as of_site
from hypothesis import settings

from visits.catalogue import facets, names, quality, search, vocabulary
from visits.extraction import vocabulary as of_ingestion
from visits.ops.preparing import compile_catalogues

# How long an example takes says how busy the machine is.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")


def forget():
    """What a process keeps of the register beside the database."""
    for kept in (facets, names, quality, search.matches, vocabulary):
        kept.forget()
    of_ingestion.built.cache_clear()
    shutil.rmtree(of_site.BUNDLE_DIR, ignore_errors=True)


@pytest.fixture(autouse=True, scope="session")
def interface_in_six_languages():
    compile_catalogues()


@pytest.fixture(autouse=True, scope="module")
def nothing_of_another_file():
    forget()


@pytest.fixture(autouse=True)
def nothing_of_another_test():
    """Rows of the test before are gone."""
    forget()


@pytest.fixture
def figures(record_property):
    """Call it with a line of what the test has measured: all of them stand below the run, as a report of it."""
    return lambda line: record_property("figures", line)


def pytest_terminal_summary(terminalreporter):
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    told = [
        (report.nodeid, line)
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, line in report.user_properties
        if name == "figures"
    ]
    if told:
        terminalreporter.section("figures")
    for nodeid, line in told:
        terminalreporter.write_line(f"{nodeid.partition('::')[2]}: {line}")
