"""Every type of page as a browser shows it: on a phone, at 200 %, and on a desktop.

All tests of a type read what was found when it was opened.
"""

from pathlib import Path

import pytest

from tests.pages import ANSWERS, TYPES, address, combinations

from ..conftest import patient

pytestmark = pytest.mark.browser

SCREENS = {
    "phone": {"viewport": {"width": 320, "height": 568}},
    # A window of 1280 pixels, magnified twice.
    "zoomed": {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2},
    "desktop": {"viewport": {"width": 1440, "height": 900}},
}
MOST_BYTES = 120_000
SEEN = Path(__file__).with_name("seen.js").read_text(encoding="utf-8").partition("\n")[2]
# On a busy machine the first half of a page is painted before the second has arrived, and the frame that shows the
# whole is told as a shift. Nothing may move after that frame.
WATCH = """
    window.shifts = [];
    window.whole = new Promise((shown) => addEventListener("DOMContentLoaded", () =>
        requestAnimationFrame(() => requestAnimationFrame(() => shown(performance.now())))));
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().filter((one) => !one.hadRecentInput)))
        .observe({type: "layout-shift", buffered: true});
"""
# Two frames later everything that a script does at once is on the screen.
LOADED = """async () => {
    const arrived = await whole;
    for (const _ of [1, 2]) await new Promise(requestAnimationFrame);
    const name = ({ node }) => node?.outerHTML?.slice(0, 100) ?? node?.nodeValue;
    const since = shifts.filter(({ startTime }) => startTime >= arrived);
    return {
        moved: since.flatMap(({ value, sources }) => sources.map((source) => `${value}: ${name(source)}`)),
        bytes: performance.getEntriesByType("resource").reduce((sum, one) => sum + one.decodedBodySize, 0),
    };
}"""


class Reader:
    """Somebody with this screen, who notes all that the browser complains of and all that is asked of others."""

    def __init__(self, chromium, site, **screen):
        self.context = patient(chromium.new_context(base_url=site.url, reduced_motion="reduce", **screen))
        self.context.add_init_script(WATCH)
        self.site = site

    def open(self, name, language):
        page, said, asked = self.context.new_page(), [], []
        page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(address(name, language), wait_until="load")
        found = page.evaluate(LOADED)
        # From here on the focus is where the keyboard leads.
        page.keyboard.press("Tab")
        found |= page.evaluate(SEEN)
        page.close()
        refused = f"responded with a status of {ANSWERS.get(name)} "
        found["said"] = [text for text in said if refused not in text]
        found["elsewhere"] = [url for url in asked if not url.startswith((self.site.url, "data:"))]
        return found


@pytest.fixture(scope="module")
def readers(chromium, site):
    opened = {name: Reader(chromium, site, **screen) for name, screen in SCREENS.items()}
    yield opened
    for reader in opened.values():
        reader.context.close()


@pytest.fixture(scope="module")
def look(readers):
    """What is found at a type of page in each language, looked at once."""
    kept = {}

    def at(name):
        if name not in kept:
            kept[name] = {
                f"{language}, {screen}": readers[screen].open(name, language)
                for language, screen in combinations(name, list(SCREENS))
            }
        return kept[name]

    return at


def every(found, what) -> dict:
    return {where: one[what] for where, one in found.items() if one[what]}


@pytest.mark.parametrize("name", TYPES)
class TestPage:
    def test_the_browser_has_nothing_to_complain_of(self, look, name):
        assert every(look(name), "said") == {}

    def test_nobody_else_is_asked_for_anything(self, look, name):
        assert every(look(name), "elsewhere") == {}

    def test_nothing_moves_once_it_is_shown(self, look, name):
        assert every(look(name), "moved") == {}

    def test_what_it_loads_is_no_heavier_than_its_budget(self, look, name):
        assert {where: one["bytes"] for where, one in look(name).items() if not 0 < one["bytes"] <= MOST_BYTES} == {}

    def test_nothing_is_wider_than_the_screen(self, look, name):
        assert every(look(name), "wider") == {}

    def test_no_words_are_cut_off(self, look, name):
        assert every(look(name), "cut") == {}

    def test_the_focus_is_always_seen(self, look, name):
        assert every(look(name), "hidden") == {}
        assert all(one["focusable"] > 10 for one in look(name).values())
