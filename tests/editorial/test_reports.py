"""What becomes of the errors that readers report."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.factories import make_user
from visits.editorial import reports
from visits.enums import ReportState, ReportStep, Role
from visits.exceptions import Refused, StaleVersion
from visits.models import ErrorReport, Event, Generation

pytestmark = pytest.mark.django_db

WRITTEN = {"about": "/about/", "text": "It is wrong.", "source": "", "email": "reader@example.org", "language": "en"}


def make_report(sent_from="one form") -> ErrorReport:
    return ErrorReport.objects.get(pk=reports.receive(sent_from, **WRITTEN).removeprefix("R-"))


@pytest.fixture
def editor():
    return make_user(Role.EDITOR)


def codes(refused) -> list[str]:
    return [reason.code for reason in refused.value.reasons]


def test_reports_wait_until_they_are_answered_or_dismissed(editor):
    first, second, third = (make_report(form) for form in "abc")

    reports.take(ReportStep.TAKE_UP, second, by=editor)
    assert list(reports.waiting()) == [first, second, third]
    reports.take(ReportStep.ANSWER, first, by=editor, note="Corrected in edition 2.")
    reports.take(ReportStep.DISMISS, third, by=editor, note="The record is right.")

    assert list(reports.waiting()) == [second]
    first.refresh_from_db()
    assert (first.state, first.handled_by, first.note) == (ReportState.ANSWERED, editor, "Corrected in edition 2.")
    assert first.closed_at is not None


@pytest.mark.parametrize("step", [ReportStep.ANSWER, ReportStep.DISMISS])
def test_closing_one_needs_a_reason(editor, step):
    with pytest.raises(Refused) as refused:
        reports.take(step, make_report(), by=editor, note=" ")

    assert codes(refused) == ["note_required"]


@pytest.mark.parametrize("step", ReportStep)
def test_a_closed_one_is_left_alone(editor, step):
    report = reports.take(ReportStep.DISMISS, make_report(), by=editor, note="The record is right.")

    with pytest.raises(Refused) as refused:
        reports.take(step, report, by=editor, note="Once more")

    assert codes(refused) == ["report_closed"]


@pytest.mark.parametrize("role", [None, Role.AUTHOR])
def test_who_does_not_decide_takes_no_step(role):
    with pytest.raises(Refused) as refused:
        reports.take(ReportStep.TAKE_UP, make_report(), by=make_user(role))

    assert codes(refused) == ["permission_required"]


def test_two_editors_do_not_close_the_same_one(editor):
    report = make_report()
    reports.take(ReportStep.TAKE_UP, report, by=make_user(Role.EDITOR), version=report.version)

    with pytest.raises(StaleVersion):
        reports.take(ReportStep.DISMISS, report, by=editor, note="A reason", version=report.version)


def test_a_step_is_recorded_without_what_the_reader_wrote_and_the_public_sees_nothing_of_it(editor):
    report, generation = make_report(), Generation.current()

    reports.take(ReportStep.ANSWER, report, by=editor, note="Corrected.")

    event = Event.objects.about(report).get()
    assert event.actor == editor
    assert {change["field"] for change in event.changes} == {"state", "handled_by", "closed_at", "note"}
    assert "reader@example.org" not in str(event.changes)
    assert Generation.current() == generation


def test_the_address_of_the_reader_is_forgotten_a_month_after_the_report_was_closed(editor):
    report = reports.take(ReportStep.ANSWER, make_report(), by=editor, note="Corrected.")
    waiting = make_report("another form")
    assert reports.forget_addresses() == 0

    long_ago = timezone.now() - reports.KEEP_ADDRESS_FOR - timedelta(hours=1)
    ErrorReport.objects.filter(pk=report.pk).update(closed_at=long_ago)
    ErrorReport.objects.filter(pk=waiting.pk).update(at=long_ago)

    assert reports.forget_addresses() == 1
    assert dict(ErrorReport.objects.values_list("pk", "email")) == {report.pk: "", waiting.pk: "reader@example.org"}
