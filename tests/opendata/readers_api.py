"""How a program reads the list of visits by the API."""

import json

from tests.crawler import Browser

ADDRESS = "/api/v1/visits/"


def api(browser: Browser, query: str = "") -> list[str]:
    """The slugs of all pages, in order."""
    slugs, told, address = [], None, f"{ADDRESS}?{query}"
    while address:
        answer = browser.get(address)
        assert answer.status == 200, answer.body
        page = json.loads(answer.body)
        slugs += [visit["slug"] for visit in page["results"]]
        assert told in (None, page["count"])
        told = page["count"]
        address = page["next"] and page["next"].removeprefix("http://127.0.0.1")
    assert told == len(slugs)
    return slugs
