"""What the tests need of the machine besides Python: installed where we may, named where we may not."""

import glob
import json
import os
import shutil
import subprocess
import sys

from dependencies import ROOT, Problem, guarded

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# Without Noto, Arabic and Chinese would be boxes on every screenshot.
BROWSER_PACKAGES = ["chromium", "fonts-dejavu-core", "fonts-noto-core"]
# Judges whether a page can be used by everybody. In .venv: installed like any other tool, and never part of the site.
AXE_VERSION = "4.14.1"
AXE_FOLDER = os.path.join(ROOT, ".venv", "axe")
AXE = os.path.join(AXE_FOLDER, "node_modules", "axe-core", "axe.min.js")


def main():
    install_packages()
    install_axe()


def install_packages():
    packages = missing()
    if not packages:
        return
    if may_install():
        print("Installing what the tests need: {}.".format(", ".join(packages)), flush=True)
        apt_get("update", "--quiet")
        apt_get("install", "--yes", "--quiet", "--no-install-recommends", *packages)
        packages = missing()
    if not packages:
        return
    advise("Some tests need what is not installed here; on Debian: apt-get install {}.".format(" ".join(packages)))


def install_axe():
    if axe_version() == AXE_VERSION:
        return
    package = f"axe-core@{AXE_VERSION}"
    if shutil.which("npm"):
        print(f"Installing what the tests need: {package}.", flush=True)
        # Without scripts: the package is one file to read, and has nothing to run on this machine.
        options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--silent", "--prefix", AXE_FOLDER]
        subprocess.call(["npm", "install", *options, package])
    if axe_version() != AXE_VERSION:
        advise(f"The tests of accessibility need {package} in .venv/axe: install npm, and run this again.")


def axe_version():
    """The version that is installed, None where none is."""
    try:
        with open(os.path.join(os.path.dirname(AXE), "package.json"), encoding="utf-8") as package:
            return json.load(package)["version"]
    except (OSError, ValueError, KeyError):
        return None


def advise(sentence):
    """What is missing stops CI; on any other machine the tests that need it are skipped."""
    if os.environ.get("CI") == "true":
        raise Problem(sentence)
    print(sentence, file=sys.stderr, flush=True)


def missing():
    packages = [] if any(map(shutil.which, BROWSERS)) else list(BROWSER_PACKAGES)
    if glob.glob(os.path.join(ROOT, "visits", "locale", "*", "LC_MESSAGES", "*.po")) and not shutil.which("msgfmt"):
        packages.append("gettext")
    if not glob.glob("/usr/lib/postgresql/*/bin/initdb"):
        packages.append("postgresql")
    return packages


def may_install():
    return shutil.which("apt-get") is not None and os.geteuid() == 0


def apt_get(*arguments):
    subprocess.call(["apt-get", *arguments], env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


if __name__ == "__main__":
    guarded(main)
