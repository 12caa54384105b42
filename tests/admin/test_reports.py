"""Error reports as editors have them."""

import pytest

from tests.factories import make_user
from visits.editorial import reports
from visits.enums import ReportState, ReportStep, Role
from visits.models import ErrorReport

from .support import filled, text

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"


def address(report, page="change") -> str:
    return f"/admin/visits/errorreport/{report.pk}/{page}/"


@pytest.fixture
def editor(client):
    editor = make_user(Role.EDITOR)
    client.force_login(editor)
    return editor


def make_report(about="/visits/denmark-2018/", **fields) -> ErrorReport:
    return ErrorReport.objects.create(key=str(ErrorReport.objects.count()), about=about, language="en", **fields)


def test_an_editor_takes_a_report_up_and_answers_it(client, editor):
    report = make_report(text="It ended on 2 June.", email="reader@example.org")
    assert "It ended on 2 June." in text(client.get("/admin/visits/errorreport/"))
    shown = text(client.get(address(report)))
    assert '<a href="/visits/denmark-2018/">' in shown
    assert f'href="mailto:reader@example.org?subject={report.reference}"' in shown

    client.post(address(report, "take-up"), filled(client.get(address(report, "take-up"))))
    report.refresh_from_db()
    assert (report.state, report.handled_by) == (ReportState.OPEN, editor)
    values = filled(client.get(address(report, "answer")), note="Corrected.")
    answered = client.post(address(report, "answer"), values, follow=True)

    assert f"Report {report.reference} is answered." in text(answered)
    assert address(report, "dismiss") not in text(answered)
    report.refresh_from_db()
    assert (report.state, report.note) == (ReportState.ANSWERED, "Corrected.")
    assert "Corrected." in text(client.get(address(report, "history")))


@pytest.mark.parametrize("step", ReportStep)
def test_a_stale_step_is_refused_and_says_what_happened(client, editor, step):
    report = make_report(text="It is wrong.")
    values = filled(client.get(address(report, step)), note="My reason")
    other = make_user(Role.EDITOR, first_name="Olga", last_name="Other")
    reports.take(ReportStep.TAKE_UP, report, by=other)

    refused = client.post(address(report, step), values)

    assert refused.status_code == 409
    for word in ("Olga Other", "My reason</textarea>", "Nothing of yours was saved"):
        assert word in text(refused)
    assert client.post(address(report, step), filled(refused)).status_code == 302


def test_what_a_reader_wrote_is_shown_as_text_and_leads_into_this_site_alone(client, editor):
    for about in (HOSTILE, "//elsewhere.example/", "javascript:alert(1)", "https://elsewhere.example/"):
        report = make_report(about, text=HOSTILE, source=HOSTILE)
        shown = client.get(address(report)).text + client.get("/admin/visits/errorreport/").text

        assert HOSTILE not in shown
        assert "elsewhere.example/</a>" not in shown
        assert 'href="javascript:' not in shown
