"""A reader reports an error without scripts; what the form answers is as accessible as any page."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_a_reader_reports_an_error_of_a_record_without_scripts(site, page_of):
    page = page_of(refused=400, java_script_enabled=False)
    page.goto("/visits/denmark-2018/")
    page.get_by_role("link", name="Report an error in this record").click()
    expect(page.get_by_label("Page")).to_have_value("/visits/denmark-2018/")

    page.get_by_label("What is wrong?").fill("It ended on 2 June.\n\n    So says the release.")
    page.get_by_label("Your e-mail address").fill("reader@nowhere-at-all")
    page.get_by_role("button", name="Send the report").click()
    page.get_by_label("Your e-mail address").fill("reader@example.org")
    page.get_by_role("button", name="Send the report").click()

    expect(page.get_by_role("heading", name="Thank you for your report")).to_be_visible()
    expect(page.get_by_text("R-1", exact=True)).to_be_visible()
    stored = "from visits.models import ErrorReport; print(repr(ErrorReport.objects.get().text))"
    assert site.run_python(stored) == repr("It ended on 2 June.\n\n    So says the release.")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 320)])
def test_the_refused_form_and_the_thanks_have_no_barrier(view, assert_accessible, scheme, width):
    page = view(refused=400, color_scheme=scheme, viewport={"width": width, "height": 900})
    page.goto("/report/")
    page.get_by_label("What is wrong?").fill(" ")
    page.get_by_role("button", name="Send the report").click()
    page.get_by_role("alert").wait_for()
    assert_accessible(page)

    page.get_by_label("What is wrong?").fill("It ended on 2 June.")
    page.get_by_role("button", name="Send the report").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    assert_accessible(page)
