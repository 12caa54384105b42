"""A browser takes the structured data for data: it runs none of it, so the policy needs no exception."""

import pytest

from .conftest import patient

pytestmark = pytest.mark.browser

LISTEN = """
window.said = "";
document.addEventListener("securitypolicyviolation", (event) => { window.said = event.violatedDirective; });
"""
READ = "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)['@graph']"


@pytest.mark.parametrize("address", ["/", "/visits/", "/visits/denmark-2018/", "/ar/countries/dnk/"])
def test_structured_data_violates_no_policy(page_of, address):
    page = page_of()
    page.add_init_script(LISTEN)
    page.goto(address)

    assert {node["@type"] for node in page.evaluate(READ)}
    assert page.evaluate("window.said") == ""


def test_a_script_in_its_place_would(chromium, site):
    with patient(chromium.new_context(base_url=site.url)) as context:
        page = context.new_page()
        page.add_init_script(LISTEN)
        page.route("**/about/", with_a_script)
        page.goto("/about/")

        assert page.evaluate("window.said") == "script-src-elem"


def with_a_script(route):
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace("</head>", "<script>window.said = 'run'</script></head>"))
