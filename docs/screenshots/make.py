"""The pictures of the README and of static/img, taken from a running site by the browser that the journeys use.

make run PORT=8000 in one terminal, and in another, with Pillow installed:
python docs/screenshots/make.py http://127.0.0.1:8000

With the login of an editor, as NAME:PASSWORD after the address, those of the desk instead: of a register in which
something waits for a review.
"""

import shutil
import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
IMAGES = HERE.parents[1] / "static" / "img"
ROOT = HERE.parents[1] / "static" / "root"
# Name, address, width, height, colours.
VIEWS = [
    ("home", "/", 1280, 900, "light"),
    ("home-phone", "/", 360, 740, "light"),
    ("home-arabic", "/ar/", 1280, 900, "light"),
    ("list", "/visits/?topic=border-management", 1280, 900, "light"),
    ("list-phone-dark", "/visits/?topic=border-management", 360, 740, "dark"),
    ("visit", "/visits/denmark-2018/", 1280, 1100, "light"),
    ("visit-phone", "/visits/denmark-2018/", 360, 740, "light"),
    ("visit-arabic", "/ar/visits/denmark-2018/", 1280, 900, "light"),
    ("visit-dark", "/visits/denmark-2018/", 1280, 900, "dark"),
    ("country", "/countries/phl/", 1280, 900, "light"),
    ("country-phone", "/countries/phl/", 360, 740, "light"),
    ("statistics", "/statistics/", 1280, 900, "light"),
    ("statistics-phone-arabic", "/ar/statistics/", 360, 740, "light"),
]
# Name, address, what is pressed first, where on the page the picture begins, and its height.
STAFF_VIEWS = [
    ("desk", "/admin/", None, "body", 900),
    ("compare", "/admin/", ".waiting-in-review .waiting-title a", ".compare-choice", 560),
    ("history", "/admin/visits/edition/1/history/?part=itself", None, "#content", 800),
]
# A record is at its best with one passage open.
OPEN = "() => document.querySelectorAll('.facts__row .source')[2]?.setAttribute('open', '')"


def main(site: str, login: str = ""):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        if login:
            of_staff(browser, site, *login.split(":", 1))
            return
        for name, address, width, height, colours in VIEWS:
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=colours)
            page.goto(site + address)
            page.evaluate(OPEN)
            save(page.screenshot(), HERE / f"{name}.png")
            page.close()
        save(drawn(browser, HERE / "preview.svg", 1200, 630), IMAGES / "preview.png")
        save(drawn(browser, IMAGES / "mark.svg", 180, 180, "#0b5c7d"), IMAGES / "apple-touch-icon.png")
        mark = Image.open(BytesIO(drawn(browser, IMAGES / "mark.svg", 256, 256)))
        mark.save(ROOT / "favicon.ico", sizes=[(16, 16), (32, 32), (48, 48)])
        browser.close()


def of_staff(browser, site: str, name: str, password: str):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{site}/admin/")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    for picture, address, pressed, begin, height in STAFF_VIEWS:
        page.goto(site + address)
        if pressed:
            page.locator(pressed).first.click()
            page.wait_for_load_state()
        clip = {"x": 0, "y": page.locator(begin).bounding_box()["y"], "width": 1280, "height": height}
        save(page.screenshot(full_page=True, clip=clip), HERE / f"admin-{picture}.png")


def drawn(browser, svg: Path, width: int, height: int, ground: str = "transparent") -> bytes:
    page = browser.new_page(viewport={"width": width, "height": height})
    style = f"body {{ margin: 0; background: {ground} }} svg {{ display: block; inline-size: 100% }}"
    page.set_content(f"<style>{style}</style>{svg.read_text()}")
    picture = page.screenshot(omit_background=True)
    page.close()
    return picture


def save(picture: bytes, path: Path):
    Image.open(BytesIO(picture)).convert("RGB").quantize(128, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
